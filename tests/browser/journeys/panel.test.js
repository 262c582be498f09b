// What the panel is shown, and when: published rounds, and where things really stand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LEAD, MANAGER, PANEL_MEMBER, PLAN, demonstration, openAction } from "../support/journey.js";

const demo = demonstration();
const WORDS = "The guidance is with the printer.";

test("the dashboard as at 7 December 2017 shows 11, 4, 1 and 6", async () => {
  const member = await demo.signedInAs(PANEL_MEMBER);
  await member.goto(`${PLAN}/dashboard?as-at=7+December+2017`);
  const page = await member.locator("main").innerText();
  for (const [count, word] of [[11, "complete"], [4, "off track"], [1, "at risk"], [6, "nothing against it"]]) {
    assert.match(page, new RegExp(`\\b${count} ${word}`, "i"), `${count} ${word}`);
  }
  assert.match(page, /3 overdue of 22/);
});

test("a panel member reads an update once its round is published, and not before", async () => {
  const manager = await demo.signedInAs(MANAGER);
  await manager.goto(PLAN);
  await manager.getByRole("link", { name: "Plan a round" }).click();
  await manager.getByLabel("Name of the round").fill("Feb 2018");
  await manager.getByLabel("Date", { exact: true }).fill("19 February 2018");
  await manager.getByRole("button", { name: "Plan the round" }).click();
  await takeStep(manager, "Open the round");

  const lead = await demo.signedInAs(LEAD);
  await openAction(lead, "D");
  await lead.getByRole("link", { name: "Add update" }).click();
  await lead.getByLabel("What has happened since").fill(WORDS);
  await lead.getByRole("radio", { name: "Not recorded" }).check();
  await lead.getByRole("button", { name: "Save update" }).click();
  await lead.getByText("Update added to D").waitFor();

  const member = await demo.signedInAs(PANEL_MEMBER);
  assert.equal(await sees(member), false, "while the round is open");
  await takeStep(manager, "Close the round");
  assert.equal(await sees(member), false, "when it is closed");
  await takeStep(manager, "Publish the round");
  assert.equal(await sees(member), true, "when it is published");
});

/** Presses a step of a round, and confirms it on the page that asks. */
async function takeStep(page, name) {
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name }).click();
  await page.getByText(/^The round is /).first().waitFor();
}

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
