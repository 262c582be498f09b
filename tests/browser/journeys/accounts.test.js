// Coming in to a real installation: by an invitation, with a second factor, and by a link that a mail brings.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as OTPAuth from "otpauth";
import { LEAD, MANAGER, journeys, openAction } from "../support/journey.js";
import { startMailbox } from "../support/mailbox.js";
import { faults } from "../support/rules.js";
import { freeAddress, startInstallation } from "../support/site.js";

const PASSWORD = "copper lantern meadow";
// Nothing is ever sent to an example address, so the seed's people get others.
const ADDRESSES = { [MANAGER]: "manager@council.internal", [LEAD]: "lead@council.internal" };
const WORDS = "The guidance has gone to every school’s office.";

let mailbox;
let installation;
const site = journeys(async () => {
  mailbox = await startMailbox();
  installation = await startInstallation(await freeAddress(), { settings: mailbox.settings, seeded: true, sends: true });
  return installation;
});
after(() => mailbox?.stop());

/** The page keeps the rules that hold for every page, at every step of a journey. */
async function keepsTheRules(page) {
  assert.deepEqual(await faults(page), [], page.url());
}

/** Opens a link of a mail or of the command line. */
async function open(page, text, path) {
  await page.goto(text.match(new RegExp(`http://\\S*${path}/\\S+`))[0]);
}

/** From the page of an invitation to the one that says that the second factor is on: its recovery codes. */
async function setUp(page) {
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("The same password again").fill(PASSWORD);
  await keepsTheRules(page);
  await page.getByRole("button", { name: "Set the password and sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Set up a second factor" }).waitFor();
  await keepsTheRules(page);
  const secret = (await page.locator(".inset .code").innerText()).replaceAll(/\s/g, "");
  await page.getByRole("textbox", { name: "Code" }).fill(new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) }).generate());
  await page.getByRole("button", { name: "Switch it on" }).click();
  await page.getByRole("heading", { level: 1, name: "Your second factor is on" }).waitFor();
  await keepsTheRules(page);
  const codes = await page.locator("ul.codes li").allInnerTexts();
  await page.getByRole("link", { name: "I have kept them: go on" }).click();
  return codes;
}

test("invited, password, second factor, an update; signed out by an administrator in the middle of the next one", async () => {
  const administrator = await site.visitor();
  const printed = await installation.run("user", "add", "administrator@example.org", "--role", "administrator");
  await open(administrator, printed, "/welcome");
  await setUp(administrator);
  for (const [name, address] of Object.entries(ADDRESSES)) {
    await administrator.goto("/people");
    await administrator.getByRole("link", { name }).click();
    await administrator.getByRole("link", { name: "Change name, address or roles" }).click();
    await administrator.getByLabel("Email address").fill(address);
    await administrator.getByRole("button", { name: "Save" }).click();
    await administrator.getByText(`${name} saved`).waitFor();
  }
  await administrator.goto("/people");
  await administrator.getByRole("link", { name: MANAGER }).click();
  await administrator.getByRole("button", { name: "Send an invitation" }).click();
  await administrator.getByText("not used yet").waitFor();

  const manager = await site.visitor();
  const invitation = await mailbox.next(ADDRESSES[MANAGER], /^Invitation to /);
  await open(manager, invitation, "/welcome");
  const codes = await setUp(manager);
  assert.equal(codes.length, 10);
  await mailbox.next(ADDRESSES[MANAGER], /^A second factor was set up/);
  const again = await site.visitor();
  await open(again, invitation, "/welcome");
  await again.getByRole("heading", { level: 1, name: "This link does not work any more" }).waitFor();

  await openAction(manager, "D");
  await manager.getByRole("link", { name: "Add update" }).click();
  await manager.getByLabel("What has happened since").fill(WORDS);
  await manager.getByRole("radio", { name: "Not recorded" }).check();
  await manager.getByRole("button", { name: "Save update" }).click();
  await manager.getByText("Update added to D").waitFor();

  await manager.getByRole("link", { name: "Add update" }).click();
  await manager.getByLabel("What has happened since").fill(`${WORDS} All 12 of them.`);
  await manager.getByRole("radio", { name: "Not recorded" }).check();
  await administrator.reload();
  await administrator.getByRole("button", { name: "Sign out everywhere" }).click();
  await administrator.getByText(/signed out/).first().waitFor();
  await manager.getByRole("button", { name: "Save update" }).click();

  // Nothing typed is lost: it stands on the page, to be sent again by whoever comes in as this person.
  await manager.getByRole("heading", { level: 1, name: "You are signed out" }).waitFor();
  await keepsTheRules(manager);
  const [tab] = await Promise.all([
    manager.context().waitForEvent("page"),
    manager.getByRole("link", { name: /^Sign in/ }).click(),
  ]);
  await tab.getByLabel("Email address").fill(ADDRESSES[MANAGER]);
  await tab.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
  await tab.getByRole("textbox", { name: "Code" }).fill(codes[0]);
  await keepsTheRules(tab);
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
  await tab.getByText("You have 9 recovery codes left").waitFor();
  await manager.getByRole("button", { name: "Send it again" }).click();
  // It is the second of the day: they are asked whether it corrects the first.
  await manager.getByText(/^You have already sent an update on this action today/).first().waitFor();
  await manager.getByRole("button", { name: "Save update" }).click();
  await manager.getByText("Update added to D").waitFor();
  await manager.getByText(`${WORDS} All 12 of them.`).first().waitFor();
  await mailbox.next(ADDRESSES[MANAGER], /^A recovery code was used/);
});

test("a lead asks for a link, comes in with one press, and writes an update; the link works once", async () => {
  const lead = await site.visitor();
  await lead.goto("/my-actions");
  await lead.getByRole("link", { name: "Get a link to sign in by email" }).click();
  await keepsTheRules(lead);
  await lead.getByLabel("Email address").fill(ADDRESSES[LEAD]);
  await lead.getByRole("button", { name: "Send the link" }).click();
  await keepsTheRules(lead);

  const mail = await mailbox.next(ADDRESSES[LEAD], /^Your link to sign in/);
  await open(lead, mail, "/sign-in/link");
  await keepsTheRules(lead);
  assert.equal(await lead.getByRole("button", { name: "Sign out" }).count(), 0, "opening it signs nobody in");
  await lead.locator("main").getByRole("button", { name: "Sign in" }).click();
  await lead.getByRole("heading", { level: 1, name: "My actions" }).waitFor();
  await keepsTheRules(lead);

  await openAction(lead, "Aiii");
  await lead.getByRole("link", { name: "Add update" }).click();
  await lead.getByLabel("What has happened since").fill(WORDS);
  await lead.getByRole("radio", { name: "Not recorded" }).check();
  await lead.getByRole("button", { name: "Save update" }).click();
  await lead.getByText("Update added to Aiii").waitFor();

  const another = await site.visitor();
  await open(another, mail, "/sign-in/link");
  await another.getByRole("heading", { level: 1, name: "This link does not work any more" }).waitFor();
  await keepsTheRules(another);
});
