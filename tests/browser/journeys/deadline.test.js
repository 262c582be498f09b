// A later date: asked for by one person, granted by the panel, and until then nothing has changed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MANAGER, PLAN, demonstration, openAction, rowOf, SCRUTINY_OFFICER } from "../support/journey.js";

const demo = demonstration();

test("a manager asks for a later date, and it holds from the day on which the panel grants it", async () => {
  const manager = await demo.signedInAs(MANAGER);
  await openAction(manager, "Avii");
  await manager.getByRole("link", { name: "Change the deadline" }).click();
  await manager.getByLabel("What date do you ask for?").fill("End of March 2018");
  await manager.getByLabel("Why?").fill("The material arrives in February.");
  await manager.getByRole("button", { name: "Ask for this date" }).click();
  await manager.getByText("Until it is granted, the deadline stays as it is").waitFor();

  await manager.goto(PLAN);
  await rowOf(manager, "Avii").getByText("End of March 2018 asked for").waitFor();
  await rowOf(manager, "Avii").getByText(/overdue/i).first().waitFor();

  await manager.goto("/my-actions");
  await manager.getByRole("heading", { name: /dates? asked of the panel$/ }).waitFor();
  await manager.getByRole("listitem").filter({ hasText: "End of March 2018 asked for" }).waitFor();
  const officer = await demo.signedInAs(SCRUTINY_OFFICER);
  await openAction(officer, "Avii");
  await officer.getByRole("link", { name: "Decide on End of March 2018" }).click();
  await officer.getByLabel("Granted").check();
  if (await officer.getByLabel("The panel’s").count()) await officer.getByLabel("The panel’s").check();
  await officer.getByLabel("Who decided?").fill("Community Safety and Leisure Scrutiny Panel");
  await officer.getByLabel("On what day?").fill("7 December 2017");
  await officer.getByLabel("Why?").fill("Agreed at the meeting.");
  await officer.getByRole("button", { name: "Record the decision" }).click();
  await officer.getByRole("heading", { name: "What happened" }).waitFor();

  await manager.goto(PLAN);
  const row = rowOf(manager, "Avii");
  await row.getByText("End of March 2018").first().waitFor();
  assert.equal(await row.getByText("asked for").count(), 0);
  assert.equal(await row.getByText(/overdue/i).count(), 0);
});
