// Every page that somebody can reach by links, as each kind of reader, keeps the rules in support/rules.js; and there is no
// page that nobody can reach.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { LEAD, MANAGER, PANEL_MEMBER, demonstration } from "./support/journey.js";
import { faults } from "./support/rules.js";

const demo = demonstration();
const seen = new Set();

/** Lists are filtered and sorted by their address: so many of each kind are looked at, as they differ in little. */
const OF_A_KIND = 3;

test("signed out: every page keeps the rules", async () => {
  await crawl(await demo.visitor(), ["/", "/sign-in", "/demonstration"]);
});

for (const name of [MANAGER, LEAD, PANEL_MEMBER]) {
  test(`as ${name}: every page keeps the rules`, async () => {
    await crawl(await demo.signedInAs(name), ["/"]);
  });
}

/** Follows every link from `start`, and looks at every page it comes to. */
async function crawl(page, start) {
  const origin = new URL(page.url() === "about:blank" ? await home(page) : page.url()).origin;
  const wrong = [];
  const kinds = new Map();
  const known = new Set(start);
  let pages = 0;
  for (const path of known) {
    const kind = kindOf(path);
    const nth = (kinds.get(kind) ?? 0) + 1;
    kinds.set(kind, nth);
    if (kind.includes("?") && nth > OF_A_KIND) continue;
    const response = await page.goto(path).catch(download);
    seen.add(kind.split("?")[0]);
    pages += 1;
    if (!response) continue;
    if (response.status() !== 200) wrong.push(`${path}: a link leads here, and it answers ${response.status()}`);
    if (!response.headers()["content-type"]?.startsWith("text/html")) continue;
    wrong.push(...(await faults(page)).map((fault) => `${path}: ${fault}`));
    for (const next of await links(page, origin)) known.add(next);
  }
  console.log(`${pages} pages`);
  assert.ok(wrong.length === 0, `${wrong.length} faults:\n${wrong.join("\n")}`);
}

async function home(page) {
  await page.goto("/");
  return page.url();
}

/** An address that is a file to save ends no journey. */
function download(error) {
  if (/Download is starting|ERR_ABORTED/.test(error.message)) return null;
  throw error;
}

/** Where the page's links and frames lead, on this site, without fragments. */
function links(page, origin) {
  return page.evaluate(
    (origin) =>
      [...document.querySelectorAll("a[href], iframe[src]")]
        .map((element) => new URL(element.href ?? element.src, location))
        .filter((url) => url.origin === origin)
        .map((url) => url.pathname + url.search),
    origin,
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

/** What is pressed, what programs ask for, and the one-time link, which opens a page once and for one person. */
function isNoPage(path) {
  return /^\/(assets|health|welcome)\//.test(path) || /^\/sign-out$|^\/demonstration\/(sign-in|next-|start-again)/.test(path);
}
