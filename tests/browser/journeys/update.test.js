// Writing an update, the work this program exists for: one click in, a few words, and it stands on the plan, once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LEAD, MANAGER, PLAN, demonstration, openAction, rowOf } from "../support/journey.js";

const demo = demonstration();
const DONE = "All primary schools have had the training; the last was on 5 December.";

test("a lead says that an action is complete, and the plan shows it", async () => {
  const lead = await demo.signedInAs(LEAD);
  await openAction(lead, "D");
  await lead.getByRole("link", { name: "Add update" }).click();
  await fillComplete(lead, DONE);
  await lead.getByRole("button", { name: "Save update" }).click();
  await lead.getByText("Update added to D").waitFor();

  await lead.goto(PLAN);
  const row = rowOf(lead, "D");
  await row.getByText(DONE).waitFor();
  assert.ok((await row.locator(".tag-complete").count()) > 0, "the row says Complete");
});

test("a form that lacks something comes back with everything that was typed", async () => {
  const lead = await demo.signedInAs(LEAD);
  await openAction(lead, "Aiii");
  await lead.getByRole("link", { name: "Add update" }).click();
  const typed = "It’s <b>nearly</b> done 🎉";
  await lead.getByLabel("What has happened since").fill(typed);
  await lead.getByRole("button", { name: "Save update" }).click();
  await lead.getByRole("heading", { name: "There is a problem" }).waitFor();
  assert.match(await lead.title(), /^Error: /);
  assert.equal(await lead.getByLabel("What has happened since").inputValue(), typed);
  // The message leads to its field, and so does the keyboard.
  await lead.locator(".error-summary a").first().click();
  assert.equal(await lead.evaluate(() => document.activeElement.name), "reported");
});

test("a double click on Save, and Save again after going back, make one update", async () => {
  const manager = await demo.signedInAs(MANAGER);
  await openAction(manager, "Avii");
  await manager.getByRole("link", { name: "Add update" }).click();
  const words = "The poster has gone to every school.";
  await manager.getByLabel("What has happened since").fill(words);
  await manager.getByRole("radio", { name: "Not recorded" }).check();
  await manager.getByRole("button", { name: "Save update" }).dblclick();
  await manager.getByRole("heading", { name: "What happened" }).waitFor();
  assert.equal(await updatesWith(manager, words), 1, "after the double click");

  await manager.goBack();
  await manager.getByRole("button", { name: "Save update" }).click();
  await manager.getByText("This update was saved already").waitFor();
  assert.equal(await updatesWith(manager, words), 1, "after going back");
});

async function fillComplete(page, words) {
  await page.getByLabel("What has happened since").fill(words);
  await page.getByRole("radio", { name: "Complete", exact: true }).check();
  await page.getByLabel("Not known yet").check();
}

/** How many entries of the timeline hold these words. */
function updatesWith(page, words) {
  return page.locator(".timeline > *").filter({ hasText: words }).count();
}
