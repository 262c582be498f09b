// The day moves on, a reminder goes out, and its link leads to where the update is written.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MANAGER, demonstration } from "../support/journey.js";

const demo = demonstration();

test("Next day until a mail goes out; it is read in the viewer, and its link is followed", async () => {
  const manager = await demo.signedInAs(MANAGER);
  await manager.goto("/my-actions");
  // The first mails went out on the day on which the demonstration begins; the next are due within a week.
  let said = "";
  for (let days = 0; days < 8 && !/mails? went out/.test(said); days += 1) {
    await manager.getByRole("button", { name: "Next day" }).click();
    said = await manager.getByText(/^It is now /).first().innerText();
    if (/No mail/.test(said)) said = "";
  }
  assert.match(said, /14 December 2017/);

  await manager.getByRole("link", { name: "Mail that went out" }).click();
  await manager.locator("tr", { hasText: "14 December 2017" }).filter({ hasText: MANAGER }).getByRole("link").click();
  const html = manager.frameLocator("iframe");
  await html.getByText("Avii").first().waitFor();
  const frame = await manager.locator("iframe").boundingBox();
  assert.ok(frame.height > 200, "the mail has room");

  const links = manager.locator('main a[href^="/actions/"]');
  const href = await links.first().getAttribute("href");
  await links.first().click();
  assert.equal(new URL(manager.url()).pathname, new URL(href, "http://here").pathname);
  await manager.getByRole("heading", { level: 1, name: /Avii/ }).waitFor();
});

test("a week later the banner says the day, and Start again brings the first one back", async () => {
  const manager = await demo.signedInAs(MANAGER);
  const today = () => manager.getByRole("complementary", { name: "Demonstration" }).innerText();
  await manager.getByRole("button", { name: "Next week" }).click();
  await manager.getByText(/^It is now /).first().waitFor();
  assert.match(await today(), /21 December 2017/);
  await manager.getByRole("button", { name: "Start again" }).click();
  await manager.getByText("Everything is as it was on 7 December 2017").waitFor();
  assert.match(await today(), /Today is 7 December 2017/);
});
