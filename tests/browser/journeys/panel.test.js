// What the panel is shown, and when: published rounds, and where things really stand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LEAD, PANEL_MEMBER, PLAN, SCRUTINY_OFFICER, demonstration, openAction } from "../support/journey.js";
import { planRound, takeStep } from "../support/round.js";

const demo = demonstration();
const WORDS = "The guidance is with the printer.";

test("the dashboard as at 7 December 2017 shows 11, 4, 1 and 6", async () => {
  const member = await demo.signedInAs(PANEL_MEMBER);
  await member.goto(`${PLAN}/dashboard?as-at=7+December+2017`);
  const page = await member.locator("main").innerText();
  for (const [count, word] of [[11, "complete"], [4, "off track"], [1, "at risk"], [6, "of 22 with nothing against it"]]) {
    assert.match(page, new RegExp(`\\b${count} ${word}`, "i"), `${count} ${word}`);
  }
  assert.match(page, /3 overdue of 22/);
});

test("the dashboard can be read from two metres, and leads nowhere but back", async () => {
  const member = await demo.signedInAs(PANEL_MEMBER);
  await member.setViewportSize({ width: 1920, height: 1080 });
  await member.goto(`${PLAN}/dashboard?as-at=7+December+2017`);
  await member.getByRole("link", { name: "Show it large, to be read from two metres" }).click();
  await member.getByRole("link", { name: "Back to the dashboard" }).waitFor();
  // A letter of 1 cm is read from two metres: on a screen of 24 inches and 1,920 pixels that is a type of 45.
  for (const [what, least] of [["main p", 30], ["main li", 40], [".count-words", 40], [".lead-sentence", 60]]) {
    const size = await member.locator(what).first().evaluate((e) => parseFloat(getComputedStyle(e).fontSize));
    assert.ok(size >= least, `${what}: ${size} px`);
  }
  const letter = await member.locator(".heat .heat-letter").first().boundingBox();
  assert.ok(letter.height >= 35, `a letter of the heat strip is ${letter.height} px high`);
  assert.equal(await member.locator("a[href]").count(), 1);
  assert.match(await member.locator("main").innerText(), /3 overdue of 22/);
  await member.getByRole("link", { name: "Back to the dashboard" }).click();
  assert.match(member.url(), /dashboard$/);
});

test("all plans of the panel are on one page, from the list of plans", async () => {
  const member = await demo.signedInAs(PANEL_MEMBER);
  await member.goto("/plans");
  await member.getByRole("link", { name: "Community Safety and Leisure Scrutiny Panel" }).click();
  assert.match(await member.locator(".lead-sentence").innerText(), /^1 plan is watched\. .*11 of 22 actions are complete/);
});

test("a panel member reads an update once its round is published, and not before", async () => {
  const officer = await demo.signedInAs(SCRUTINY_OFFICER);
  await planRound(officer, "Feb 2018", "19 February 2018");
  await takeStep(officer, "Open");

  const lead = await demo.signedInAs(LEAD);
  await openAction(lead, "D");
  await lead.getByRole("link", { name: "Add update" }).click();
  await lead.getByLabel("What has happened since").fill(WORDS);
  await lead.getByRole("radio", { name: "Not recorded" }).check();
  await lead.getByRole("button", { name: "Save update" }).click();
  await lead.getByText("Update added to D").waitFor();

  const member = await demo.signedInAs(PANEL_MEMBER);
  assert.equal(await sees(member), false, "while the round is open");
  await takeStep(officer, "Close");
  assert.equal(await sees(member), false, "when it is closed");
  await takeStep(officer, "Publish");
  assert.equal(await sees(member), true, "when it is published");
});

/** Whether the words stand on the plan, on the action's page or among what is found. */
async function sees(page) {
  await page.goto(PLAN);
  const onPlan = await page.getByText(WORDS).count();
  await openAction(page, "D");
  const onAction = await page.getByText(WORDS).count();
  await page.goto(`/search?q=${encodeURIComponent("guidance is with the printer")}`);
  const found = await page.locator("main").getByRole("link", { name: /^D\b/ }).count();
  assert.equal(onPlan > 0, onAction > 0, "the plan and the action agree");
  if (onPlan === 0) assert.equal(found, 0, "the search finds nothing either");
  return onPlan > 0;
}
