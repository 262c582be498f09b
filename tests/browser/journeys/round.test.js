// A round from its planning to the minute of what the panel decided, as everyone in it goes through it.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LEAD, MANAGER, PANEL_MEMBER, PLAN, SCRUTINY_OFFICER, demonstration, openAction, rowOf,
} from "../support/journey.js";
import { planRound, takeStep } from "../support/round.js";
import { faults } from "../support/rules.js";

const demo = demonstration();
const [GUIDANCE, BY_PHONE, LATE] = [
  "The guidance is with the printer.", "The review was held on 22 January.", "The last two schools have sent their figures.",
];

/** Writes an update on the form that is open. */
async function write(page, words) {
  await page.getByLabel("What has happened since").fill(words);
  await page.getByRole("radio", { name: "Not recorded" }).check();
  await page.getByRole("button", { name: /^Save( update| and next)/ }).first().click();
}

/** The page that is open keeps the rules that every page keeps. */
async function keepsTheRules(page) {
  assert.deepEqual(await faults(page), [], page.url());
}

async function pass(page, button, times) {
  for (let n = 0; n < times; n += 1) await page.getByRole("button", { name: button }).click();
}

test("a round for the meeting on 19 February 2018, from its planning to the minute", async () => {
  const officer = await demo.signedInAs(SCRUTINY_OFFICER);
  await planRound(officer, "19 Feb 2018", "19 February 2018");
  const round = officer.url();
  const facts = await officer.locator("main").innerText();
  for (const date of ["29 January 2018", "7 February 2018", "9 February 2018"]) assert.ok(facts.includes(date), date);
  await takeStep(officer, "Open");
  assert.match(await officer.locator("main").innerText(), /0 of 10 updates received/);

  // Two write, each in their own way, and one does not.
  const lead = await demo.signedInAs(LEAD);
  await openAction(lead, "D");
  await lead.getByRole("link", { name: "Add update" }).click();
  await lead.getByText("The panel will read this from 9 February 2018").waitFor();
  await write(lead, GUIDANCE);
  await lead.getByText("Update added to D").waitFor();
  const manager = await demo.signedInAs(MANAGER);
  await manager.goto(round);
  await manager.getByRole("link", { name: "Enter updates" }).first().click();
  await manager.getByRole("heading", { level: 1, name: /Enter updates/ }).waitFor();
  await manager.getByRole("textbox", { name: /^Update on Avii\b/ }).fill(BY_PHONE);
  await manager.getByLabel(/^Rating of Avii\b/).selectOption({ label: "Not recorded" });
  await manager.getByRole("radio", { name: "By phone" }).check();
  await manager.getByRole("button", { name: "Save updates" }).click();
  await manager.getByText(/^1 update/).first().waitFor();

  // A reminder goes once a day; closing freezes the papers.
  await pass(officer, "Next day", 1);
  await officer.goto(round);
  assert.match(await officer.locator("main").innerText(), /2 of 10 updates received/);
  await officer.getByRole("link", { name: "Send a reminder" }).click();
  await officer.getByRole("button", { name: "Send the reminder" }).click();
  await officer.getByText(/A reminder goes to \d/).waitFor();
  await officer.goto(`${round}/pack/appendix-b`);
  assert.match(await officer.locator("body").innerText(), /draft/i, "before closure");
  await officer.goto(round);
  await takeStep(officer, "Close");

  await openAction(lead, "Aiii");
  await lead.getByRole("link", { name: "Add update" }).click();
  await write(lead, LATE);
  await lead.getByText(/received after the papers closed/i).first().waitFor();
  await officer.goto(round);
  await takeStep(officer, "Publish");

  // The papers, in three formats, hold what was there at closure; the addendum what came later.
  await officer.goto(`${round}/pack/appendix-b`);
  const pack = await officer.locator("body").innerText();
  assert.ok(pack.includes(GUIDANCE) && pack.includes(BY_PHONE) && !pack.includes(LATE));
  for (const ending of ["docx", "xlsx"]) {
    const file = await officer.request.get(`${round}/pack/appendix-b.${ending}`);
    assert.equal(file.status(), 200, ending);
    assert.equal((await file.body()).subarray(0, 2).toString(), "PK", ending);
  }
  const member = await demo.signedInAs(PANEL_MEMBER);
  await member.goto(`${round}/addendum/appendix-b`);
  assert.ok(!(await member.locator("body").innerText()).includes(LATE), "before it is published");
  await officer.goto(`${round}/addendum/appendix-b`);
  assert.ok((await officer.locator("body").innerText()).includes(LATE));
  await officer.getByRole("link", { name: "Publish the addendum" }).click();
  await officer.getByText(LATE).waitFor();
  await keepsTheRules(officer);
  await officer.getByRole("button", { name: "Publish the addendum" }).click();
  await officer.getByText("The addendum is published, with 1 update").waitFor();
  await member.goto(`${round}/addendum/appendix-b`);
  assert.ok((await member.locator("body").innerText()).includes(LATE));

  // A question from the panel, and its answer.
  await openAction(member, "Aiii");
  await member.getByRole("link", { name: "Ask a question" }).click();
  await member.getByLabel("What do you want to know?").fill("Which schools are still to come?");
  await member.getByRole("button", { name: "Save question" }).click();
  await keepsTheRules(member);
  await officer.goto("/questions");
  await officer.getByRole("link", { name: /Which schools are still to come/ }).first().click();
  await officer.getByRole("link", { name: "Pass on or return" }).click();
  await keepsTheRules(officer);
  await officer.getByRole("radio", { name: "Pass it on" }).check();
  await officer.getByRole("button", { name: "Continue" }).click();
  await lead.goto("/my-actions");
  await lead.getByRole("link", { name: /Which schools are still to come/ }).click();
  await keepsTheRules(lead);
  await lead.getByLabel("Your answer").fill("None: all of them have begun.");
  await lead.getByRole("button", { name: "Save answer" }).click();
  await openAction(member, "Aiii");
  await member.getByText("None: all of them have begun.").first().waitFor();

  // On the day of the meeting: all agreed but one, on one page; the minute follows.
  await pass(officer, "Next week", 10);
  await pass(officer, "Next day", 3);
  await officer.goto("/meetings");
  await officer.getByRole("link", { name: "Record decisions" }).first().click();
  await keepsTheRules(officer);
  const put = await officer.locator("fieldset.put").count();
  assert.ok(put >= 12, `${put} things are put to the meeting`);
  await officer.getByLabel("Resolution").fill("That the completions be agreed, with one exception.");
  const exception = officer.locator("fieldset.put").filter({ has: officer.locator("legend", { hasText: /^K\b/ }) });
  await exception.getByLabel("Outcome").selectOption({ label: "Deferred" });
  await officer.getByRole("button", { name: "Continue" }).click();
  await officer.getByRole("heading", { name: /Check the decisions/ }).waitFor();
  await keepsTheRules(officer);
  await officer.getByRole("button", { name: "Record these decisions" }).click();
  await officer.getByText("The decisions are recorded").waitFor();
  await keepsTheRules(officer);
  await openAction(member, "Ai");
  await member.getByText(/minute awaited/i).first().waitFor();
  await officer.getByRole("link", { name: "Add the minute reference" }).first().click();
  await keepsTheRules(officer);
  await officer.getByRole("textbox").first().fill("17/43");
  await officer.getByRole("button", { name: "Save" }).click();
  await openAction(member, "Ai");
  await member.getByText(/17\/43/).first().waitFor();
  await member.goto(PLAN);
  assert.match(await rowOf(member, "K").innerText(), /asked for/, "what is deferred stays asked for");

  // What was known on 7 December 2017 is what it was.
  await member.goto(`${PLAN}/dashboard?as-at=7+December+2017`);
  const then = await member.locator("main").innerText();
  for (const count of [/11 complete/i, /4 off track/i, /1 at risk/i, /6 of 22 with nothing against it/, /3 overdue of 22/]) assert.match(then, count);
});
