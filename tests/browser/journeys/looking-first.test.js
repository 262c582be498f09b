// Where a plan wants it, its manager looks at updates first: one is returned with a comment, and written again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LEAD, MANAGER, PLAN, demonstration, openAction } from "../support/journey.js";
import { faults } from "../support/rules.js";

const demo = demonstration();

test("a manager returns an update with a comment, and its lead writes it again", async () => {
  const manager = await demo.signedInAs(MANAGER);
  await manager.goto(`${PLAN}/edit`);
  await manager.getByRole("checkbox", { name: "A manager looks at updates first" }).check();
  await manager.getByRole("button", { name: "Save" }).first().click();
  await manager.getByText("Done").first().waitFor();

  const lead = await demo.signedInAs(LEAD);
  await openAction(lead, "D");
  await lead.getByRole("link", { name: "Add update" }).click();
  await lead.getByLabel("What has happened since").fill("Alerts went out to ?? schools.");
  await lead.getByRole("button", { name: "Save for later" }).click();
  await openAction(lead, "D");
  await lead.getByRole("link", { name: "Add update" }).click();
  assert.equal(await lead.getByLabel("What has happened since").inputValue(), "Alerts went out to ?? schools.");
  await lead.getByRole("radio", { name: "Not recorded" }).check();
  await lead.getByRole("button", { name: "Save update" }).click();
  await lead.getByText("Waits for the manager’s look").first().waitFor();

  await openAction(manager, "D");
  await manager.locator('a[href$="/exemption"]').first().click();
  await manager.getByRole("heading", { level: 1, name: /publication/i }).waitFor();
  assert.deepEqual(await faults(manager), []);

  await manager.goto("/my-actions");
  await manager.getByRole("link", { name: /^Look at it/ }).click();
  assert.deepEqual(await faults(manager), []);
  await manager.getByRole("radio", { name: /^Return/ }).check();
  await manager.getByRole("textbox").first().fill("How many schools?");
  await manager.getByRole("button", { name: "Save" }).click();
  await manager.getByText("Returned with a comment").first().waitFor();

  await openAction(lead, "D");
  await lead.getByRole("link", { name: "Add update" }).click();
  await lead.getByText("How many schools?").waitFor();
  assert.equal(await lead.getByLabel("What has happened since").inputValue(), "Alerts went out to ?? schools.");
  assert.deepEqual(await faults(lead), []);
});
