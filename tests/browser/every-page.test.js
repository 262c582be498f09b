// Every page that somebody can reach by links, as each kind of reader, keeps the rules in support/rules.js; and there is no
// page that nobody can reach.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ADMINISTRATOR, LEAD, MANAGER, PANEL_MEMBER, SCRUTINY_OFFICER, demonstration } from "./support/journey.js";
import { planRound, takeStep } from "./support/round.js";
import { faults } from "./support/rules.js";

const demo = demonstration();
const seen = new Set();

/** Lists are filtered and sorted by their address: so many of each kind are looked at, as they differ in little. */
const OF_A_KIND = 3;

/** A form in which something is typed or chosen. */
const FILLED_IN = "main form[method=post]:has(textarea, select, input:not([type=hidden]))";

test("signed out: every page keeps the rules", async () => {
  await crawl(await demo.visitor(), ["/", "/sign-in", "/demonstration"]);
});

test(`as ${SCRUTINY_OFFICER}: every page and every refused form keeps the rules`, async () => {
  // The mails of the rounds then hold links to write updates by, which the viewer shows.
  const administrator = await demo.signedInAs(ADMINISTRATOR);
  await administrator.goto("/settings/updates-without-signing-in");
  await administrator.getByRole("radio", { name: /^On/ }).check();
  await administrator.getByRole("button", { name: "Save" }).click();
  await administrator.getByText("Updates without signing in saved").waitFor();
  const officer = await demo.signedInAs(SCRUTINY_OFFICER);
  // A round in each state, as each has its own pages.
  await planRound(officer, "Jan 2018", "January 2018");
  await takeStep(officer, "Open");
  await takeStep(officer, "Close");
  await planRound(officer, "Feb 2018", "19 February 2018");
  await takeStep(officer, "Open");
  await planRound(officer, "Mar 2018", "March 2018");
  await officer.getByRole("button", { name: "Next day" }).click();
  await officer.getByText(/^It is now /).first().waitFor();
  // A meeting that nothing is planned for can be taken out.
  await officer.goto("/meetings/new");
  await officer.getByLabel("Day of the meeting").fill("26 March 2018");
  await officer.getByRole("button", { name: "Add the meeting" }).click();
  await officer.getByRole("heading", { level: 1, name: "26 March 2018" }).waitFor();
  await crawl(officer, ["/"]);
});

for (const name of [MANAGER, ADMINISTRATOR, LEAD, PANEL_MEMBER]) {
  test(`as ${name}: every page and every refused form keeps the rules`, async () => {
    await crawl(await demo.signedInAs(name), ["/"]);
  });
}

test("what is not there, and what is not for its reader, is said on a page that keeps the rules", async () => {
  const member = await demo.signedInAs(PANEL_MEMBER);
  for (const [path, status] of [["/nothing-here", 404], ["/plans/none", 404], ["/people", 403], ["/actions/4/updates/new", 403]]) {
    const answer = await member.goto(path);
    assert.equal(answer.status(), status, path);
    assert.deepEqual(await faults(member), [], path);
  }
});

/** Follows every link from `start` on, in two windows at once, and looks at every page it comes to. */
async function crawl(page, start) {
  const pages = [page, await page.context().newPage()];
  const known = new Set();
  const kinds = new Map();
  const forms = new Map();
  const wrong = [];
  let looked = 0;
  for (let wave = start.map((path) => ({ path, from: "" })); wave.length > 0; ) {
    const found = [];
    const visit = async (page) => {
      for (let to; (to = wave.pop()); ) {
        const { faults, links, hasForm } = await look(page, to);
        if (hasForm && !forms.has(kindOf(to.path))) forms.set(kindOf(to.path), to.path);
        looked += 1;
        wrong.push(...faults.map((fault) => `${to.path} (linked from ${to.from || "nowhere"}): ${fault}`));
        found.push(...links.map((path) => ({ path, from: to.path })));
      }
    };
    await Promise.all(pages.map(visit));
    wave = found.filter(({ path }) => {
      if (known.has(path)) return false;
      known.add(path);
      const kind = kindOf(path);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      return !kind.includes("?") || kinds.get(kind) <= OF_A_KIND;
    });
  }
  for (const path of forms.values()) wrong.push(...(await sendEmpty(page, path)));
  console.log(`looked at ${looked} pages, and sent ${forms.size} forms empty`);
  assert.ok(wrong.length === 0, `${wrong.length} faults:\n${wrong.join("\n")}`);
}

/** Opens one address: what is wrong there, and where its links lead. */
async function look(page, { path, from }) {
  seen.add(kindOf(path).split("?")[0]);
  const response = await page.goto(path).catch(download);
  if (!response) return { faults: [], links: [] };
  const found = [];
  // The mail viewer shows everybody's mail, and so links to what is only theirs to open.
  const isTheirs = [403, 404].includes(response.status()) && from.startsWith("/demonstration/mail/");
  if (response.status() !== 200 && !isTheirs) found.push(`it answers ${response.status()}`);
  if (!response.headers()["content-type"]?.startsWith("text/html")) return { faults: found, links: [] };
  if (/\bsandbox\b/.test(response.headers()["content-security-policy"])) {
    // A mail: no script runs there, not even ours that looks. It is looked at as a page by itself, and leads nowhere.
    const mail = await response.text();
    await page.goto("about:blank");
    await page.setContent(mail);
    return { faults: [...found, ...(await faults(page))], links: [] };
  }
  const hasForm = (await page.locator(FILLED_IN).count()) > 0;
  return { faults: [...found, ...(await faults(page))], links: await links(page), hasForm };
}

/** Sends a page's form with nothing in it. Most come back with what is missing; one that needs nothing is done. */
async function sendEmpty(page, path) {
  await page.goto(path);
  const form = page.locator(FILLED_IN).first();
  await form.evaluate((form) => {
    for (const field of form.querySelectorAll("textarea, input")) {
      if (!["hidden", "radio", "checkbox"].includes(field.type)) field.value = "";
      field.checked = false;
    }
  });
  const answer = page.waitForResponse((response) => response.request().isNavigationRequest() && response.status() !== 303);
  await form.locator("button[type=submit]").last().click();
  const status = (await answer).status();
  const found = [200, 422].includes(status) ? [] : [`it answers ${status}`];
  if (status === 422) {
    if (!/^Error: /.test(await page.title())) found.push(`its title says nothing of an error: ${await page.title()}`);
    await page.locator(".error-summary:focus").waitFor({ timeout: 5_000 }).catch(() => found.push("the errors do not get the focus"));
  }
  found.push(...(await faults(page)));
  return found.map((fault) => `${path}, sent empty: ${fault}`);
}

/** An address that is a file to save ends no journey. */
function download(error) {
  if (/Download is starting|ERR_ABORTED/.test(error.message)) return null;
  throw error;
}

/** Where the page's links and frames lead, on this site, without fragments. */
function links(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("a[href], iframe[src]")]
      .map((element) => new URL(element.getAttribute("href") ?? element.getAttribute("src"), location))
      .filter((url) => url.origin === location.origin)
      .map((url) => url.pathname + url.search),
  );
}

/** `/actions/7/updates/new?from=mail` is one of `/actions/#/updates/new?from`. */
function kindOf(path) {
  const url = new URL(path, "http://here");
  const names = [...new Set(url.searchParams.keys())].sort().join("&");
  return url.pathname.replace(/\/\d+(?=\/|$)/g, "/#") + (names && `?${names}`);
}

test("no page is without a way to it", () => {
  const source = readFileSync(new URL("../../src/web/route.rs", import.meta.url), "utf8");
  const paths = [...source.matchAll(/Self::\w+ => "(\/[^"]*)"/g)].map(([, path]) => path);
  assert.ok(paths.length > 40, "the routes are read from src/web/route.rs");
  const reached = [...seen];
  const missed = paths.filter((path) => !reached.some((kind) => fits(path, kind)) && !isNoPage(path));
  assert.deepEqual(missed, []);
});

function fits(route, kind) {
  const [parts, given] = [route.split("/"), kind.split("/")];
  return parts.length === given.length && parts.every((part, i) => part === given[i] || part.startsWith("{"));
}

/** What is not come to by links here, and why. */
const NO_PAGES = [
  // What is pressed, and what programs ask for.
  /^\/sign-out$|\/sign-out$|^\/account\/sessions\/end$|^\/kept-form$|\/invitation(\/revocation)?$|\/new-try$|^\/(assets|health)\//,
  /^\/demonstration\/(sign-in|next-|start-again)/,
  /\/snooze\/end$|\/absences\/removal$/,
  // Links that open once and for one person: journeys/accounts.test.js.
  /^\/welcome\/|^\/sign-in\/link\/|^\/forgotten-password\/|^\/account\/email\/(old|new)\/|\/one-time-link$/,
  // What only those come to who have a second factor, or were signed in for a while: journeys/accounts.test.js.
  /^\/sign-in\/code|^\/account\/(confirm|recovery-codes)$|\/second-factor\/(end|reset)$/,
  // Single sign-on has its own journey.
  /^\/sign-in\/council/,
  // Of people who have left, of handovers that are planned, and of panels that another took over from.
  /\/(reactivation|pseudonymisation)$|\/withdrawal$|\/succession\/taking-back$/,
  // What comes with a round, its addendum, its questions and its decisions: journeys/round.test.js.
  /^\/questions\/|^\/meetings\/{id}\/decisions$|^\/resolutions\/|\/addendum\/{file}\/publication$/,
  // Where a manager looks first, what is saved for later, and what of an open round is not for publication:
  // journeys/looking-first.test.js.
  /^\/updates\/{id}\/(review|exemption)$|\/updates\/draft$/,
  // A feed's secret address is shown once, and the one that asks for one email a week stands in the head of mails.
  /^\/(calendar|unsubscribe)\//,
];

function isNoPage(path) {
  return NO_PAGES.some((pattern) => pattern.test(path));
}
