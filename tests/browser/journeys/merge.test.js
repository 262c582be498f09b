// Two actions become one, nothing is lost, and opening again undoes it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MANAGER, PLAN, demonstration, openAction, rowOf } from "../support/journey.js";

const demo = demonstration();

test("an action is merged, cannot come round in a circle, and is opened again", async () => {
  const manager = await demo.signedInAs(MANAGER);
  await merge(manager, "Aviii", "G");
  await manager.getByText("Aviii merged into G").waitFor();
  await manager.goto(PLAN);
  await rowOf(manager, "Aviii").getByText(/merged into G/i).first().waitFor();

  await merge(manager, "G", "Aviii");
  await manager.getByRole("heading", { name: "There is a problem" }).waitFor();

  await openAction(manager, "Aviii");
  await manager.getByRole("link", { name: "Reopen" }).click();
  await manager.getByLabel("Why?").fill("The two turned out to be different work.");
  await manager.getByRole("button", { name: "Reopen" }).click();
  await manager.getByText("Aviii is open again").waitFor();
  await manager.goto(PLAN);
  assert.equal(await rowOf(manager, "Aviii").getByText(/merged into G/i).count(), 0);
});

async function merge(page, from, into) {
  await openAction(page, from);
  await page.getByRole("link", { name: "Merge", exact: true }).click();
  const targets = page.getByLabel("In which action does the work go on?");
  const option = targets.locator("option").filter({ hasText: new RegExp(`^${into}: `) });
  await targets.selectOption(await option.getAttribute("value"));
  await page.getByLabel("Why?").fill("It is the same work.");
  await page.getByRole("button", { name: "Merge" }).click();
}
