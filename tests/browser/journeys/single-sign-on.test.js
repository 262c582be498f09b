// Coming in through the council's directory, which is a real OpenID Connect provider on this machine.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { journeys } from "../support/journey.js";
import { CLIENT, startProvider } from "../support/provider.js";
import { faults } from "../support/rules.js";
import { freeAddress, startInstallation } from "../support/site.js";

const BUTTON = "Sign in with your council account";
const LEAD = "lead@example.org";

// What the directory knows: typed there, and said to us.
const ACCOUNTS = {
  lead: { email: "Lead@Example.org", email_verified: true },
  "another lead": { email: LEAD, email_verified: true },
  unverified: { email: "manager@example.org", email_verified: false },
  unknown: { email: "unknown@example.org", email_verified: true },
  nameless: {},
};

let directory;
let installation;

/** A directory, and an installation that believes it. */
async function start(settings = {}) {
  const [issuer, address] = [await freeAddress(), await freeAddress()];
  directory = await startProvider(issuer, `${address}/sign-in/council/return`, ACCOUNTS);
  installation = await startInstallation(address, {
    settings: {
      SCRUTINY_OIDC_ISSUER: issuer,
      SCRUTINY_OIDC_CLIENT_ID: CLIENT.id,
      SCRUTINY_OIDC_CLIENT_SECRET: CLIENT.secret,
      SCRUTINY_LOCAL_SIGN_IN: "off",
      ...settings,
    },
    people: { [LEAD]: "lead", "manager@example.org": "manager" },
  });
  return installation;
}

const site = journeys(start);
after(() => directory?.stop());

/** From the sign-in page through the directory, as one of its accounts; empty: they give up there. */
async function goThrough(page, account, from = "/sign-in") {
  await page.goto(from);
  await page.getByRole("link", { name: BUTTON }).click();
  await page.getByLabel("Account").fill(account);
  await page.getByRole("button", { name: "Continue" }).click();
}

/** Presses the button in a browser that the directory knows, and so does not ask. */
async function comesInAtOnce(page) {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: BUTTON }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/** Whether somebody is signed in here. */
async function isIn(page) {
  await page.goto("/plans");
  return (await page.getByRole("button", { name: "Sign out" }).count()) === 1;
}

/** The page says why nobody comes in, keeps the rules, and nobody has come in. */
async function isRefused(page, heading) {
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  const words = await page.locator("main").innerText();
  assert.deepEqual(await faults(page), [], heading);
  assert.equal(await isIn(page), false, heading);
  return words;
}

test("nobody comes in whom the directory does not vouch for, or who is not here, and all read the same", async () => {
  const words = [];
  for (const account of ["unverified", "unknown", "nameless"]) {
    const page = await site.visitor();
    await goThrough(page, account);
    words.push(await isRefused(page, "You can’t come in with this council account"));
  }
  assert.equal(new Set(words).size, 1, "the same words for everyone");
  assert.match(words[0], /Ask your administrator/);
});

test("a lead comes in by verified address the first time, by their account the next, and lands where they wanted", async () => {
  const page = await site.visitor();
  await page.goto("/plans?sort=slug");
  assert.deepEqual(await faults(page), [], "the sign-in page keeps the rules");
  assert.equal(await page.getByLabel("Password").count(), 0, "there is no local sign-in");
  await goThrough(page, "lead", "/plans?sort=slug");
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  assert.equal(page.url(), `${installation.address}/plans?sort=slug`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("on a computer that others use, sign out there too").waitFor();
  assert.equal(await isIn(page), false);

  // Their address at the directory is another now. It knows them in this browser still, and does not ask.
  ACCOUNTS.lead = { email: "new@example.org", email_verified: false };
  await comesInAtOnce(page);
  await page.goto("/sign-in");
  assert.ok(!page.url().includes("sign-in"), "who is signed in is not asked again");
});

test("another account with the same verified address does not take the first one's place", async () => {
  const page = await site.visitor();
  await goThrough(page, "another lead");
  await isRefused(page, "You can’t come in with this council account");
  // Until the command line says that it may.
  await installation.run("user", "unlink", LEAD);
  const after = await site.visitor();
  await goThrough(after, "another lead");
  await after.getByRole("button", { name: "Sign out" }).waitFor();
  await installation.run("user", "unlink", LEAD);
  ACCOUNTS.lead = { email: LEAD, email_verified: true };
});

// Each is a token for somebody who would come in with the one that it stands for.
const WRONG_TOKENS = {
  "a nonce of another sign-in": ({ claims, first }) => first.sign({ ...claims, nonce: "another" }),
  "no nonce": ({ claims: { nonce: _, ...claims }, first }) => first.sign(claims),
  "a time that has passed": ({ claims, first }) => first.sign({ ...claims, iat: claims.iat - 7200, exp: claims.iat - 3600 }),
  "another program as its audience": ({ claims, first }) => first.sign({ ...claims, aud: "another" }),
  "another issuer": ({ claims, first }) => first.sign({ ...claims, iss: "https://elsewhere.example.org" }),
  "the signature of another key": ({ claims, header, second }) => second.sign(claims, header),
  "the signature of a key that the directory does not have": ({ claims, second }) => second.sign(claims),
  "claims changed after signing": ({ claims, token }) => {
    const [header, , signature] = token.split(".");
    return [header, Buffer.from(JSON.stringify({ ...claims, sub: "unknown" })).toString("base64url"), signature].join(".");
  },
  "no signature": ({ claims, first }) => `${first.sign(claims, { alg: "none" }).split(".").slice(0, 2).join(".")}.`,
};

for (const [what, tamper] of Object.entries(WRONG_TOKENS)) {
  test(`a token with ${what} lets nobody in`, async () => {
    const page = await site.visitor();
    directory.tamper = tamper;
    try {
      await goThrough(page, "lead");
      await page.getByRole("heading", { name: "Your council account did not sign you in" }).waitFor();
    } finally {
      directory.tamper = null;
    }
    assert.equal(await isIn(page), false);
    // The same without it does.
    await comesInAtOnce(page);
  });
}

test("a key that is new at the directory is fetched once, and taken", async () => {
  const page = await site.visitor();
  const before = directory.asked["/jwks"];
  directory.rotated = true;
  directory.tamper = ({ claims, second }) => second.sign(claims);
  await goThrough(page, "lead");
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  assert.equal(directory.asked["/jwks"], before + 1);
  [directory.rotated, directory.tamper] = [false, null];
});

test("who gives up at the directory is told so, without its words", async () => {
  const page = await site.visitor();
  await goThrough(page, "");
  assert.doesNotMatch(await isRefused(page, "Your council account did not sign you in"), /Not today/);
});

test("a way back opened in another browser, or a second time, lets nobody in", async () => {
  const mine = await site.visitor();
  const { goOn, back } = await stopAtTheWayBack(mine);

  // Somebody sends it to another: they would be signed in as somebody else, without noticing.
  const other = await site.visitor();
  await other.goto(back);
  await isRefused(other, "Start signing in again");
  // So would they if they had begun themselves.
  await other.goto("/sign-in");
  await other.getByRole("link", { name: BUTTON }).click();
  await other.getByLabel("Account").waitFor();
  await other.goto(back);
  await isRefused(other, "Start signing in again");

  await goOn();
  await mine.getByRole("button", { name: "Sign out" }).waitFor();
  await mine.getByRole("button", { name: "Sign out" }).click();
  await mine.goto(back);
  await isRefused(mine, "Start signing in again");
});

test("a code is worth nothing without the verifier that went out with it", async () => {
  const page = await site.visitor();
  const { goOn } = await stopAtTheWayBack(page);
  const [cookie] = (await page.context().cookies(installation.address)).filter(({ name }) => name === "sign-in");
  const [state, nonce, , next] = cookie.value.split(".");
  await page.context().addCookies([{ ...cookie, value: [state, nonce, "v".repeat(43), next].join(".") }]);
  await goOn();
  await isRefused(page, "Your council account did not sign you in");
});

test("while the directory is away, the page says so, and afterwards the same browser comes in", async () => {
  const page = await site.visitor();
  const { goOn } = await stopAtTheWayBack(page);
  const { issuer, returnTo } = directory;
  await directory.stop();
  await goOn();
  await isRefused(page, "Your council’s sign-in can’t be reached");
  const checked = await installation.run("check").catch((error) => error.stdout);
  assert.match(checked, /sign-on +WRONG: .*can’t be reached/);

  directory = await startProvider(issuer, returnTo, ACCOUNTS);
  await comesInAtOnce(page);
  assert.match(await installation.run("check"), /sign-on +http.* answers/);
});

/** Through the directory as the lead, up to where it sends people back: that address, and how to go on to it. */
async function stopAtTheWayBack(page) {
  directory.holds = true;
  await goThrough(page, "lead");
  const link = page.getByRole("link", { name: "Go back" });
  const back = await link.getAttribute("href");
  directory.holds = false;
  return { back, goOn: () => link.click() };
}

test("with local sign-in off, a one-time link from the command line still opens", async () => {
  const link = await installation.run("user", "add", "manager@example.org", "--role", "manager");
  const page = await site.visitor();
  await page.goto(link.trim());
  await page.getByLabel("New password").fill("three random words");
  await page.getByLabel("The same password again").fill("three random words");
  await page.getByRole("button", { name: "Set the password and sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
});
