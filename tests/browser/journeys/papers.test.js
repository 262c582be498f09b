// The papers of a round on paper: from the page and from Word they have every row, every rating in words, and ratings that can
// be told apart in grey; a draft says that it is one on every page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MANAGER, SCRUTINY_OFFICER, demonstration } from "../support/journey.js";
import { PAPER_TOOLS, greys, nearest, pagesOf, printed } from "../support/paper.js";
import { planRound, takeStep } from "../support/round.js";

const demo = demonstration();
const REFERENCES = "Ai Aii Aiii Aiv Av Avi Avii Aviii B C D Ei Eii F G H I ii iii J K".split(" ");
/** The palette's own promise for grey: src/web/view/palette.rs. */
const APART_IN_GREY = 9.5;

test("the papers’ page prints with every row, its heads on every page, and ratings that can be told apart in grey", async (t) => {
  if (!PAPER_TOOLS) return t.diagnostic("the tools for paper are not here: NOTHING WAS LOOKED AT");
  const page = await demo.signedInAs(MANAGER);
  await papersOf(page, "7 Dec 2017");
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  holdsAppendixB(pagesOf(pdf));
  keepsItsDistances(pdf);
});

test("Word’s papers print the same, and the table alone has its letter", async (t) => {
  if (!PAPER_TOOLS) return t.diagnostic("the tools for paper are not here: NOTHING WAS LOOKED AT");
  const page = await demo.signedInAs(MANAGER);
  const address = await papersOf(page, "7 Dec 2017");
  const file = async (rest) => (await page.request.get(address + rest)).body();
  const pdf = printed(await file(".docx"), "docx");
  holdsAppendixB(pagesOf(pdf));
  keepsItsDistances(pdf);
  const alone = pagesOf(printed(await file("?as=table&letter=B&columns=1"), "docx"));
  assert.match(alone[0], /^\s*Appendix B\n/);
  assert.ok(!alone.join().includes("Sept 2017\n") || alone.join().includes("7 Dec 2017"));
  const sheets = pagesOf(printed(await file(".xlsx"), "xlsx")).join("\n");
  for (const reference of REFERENCES) assert.ok(sheets.includes(`${reference})`), `${reference} is in the workbook`);
});

test("a draft says so on every page of it", async (t) => {
  if (!PAPER_TOOLS) return t.diagnostic("the tools for paper are not here: NOTHING WAS LOOKED AT");
  const officer = await demo.signedInAs(SCRUTINY_OFFICER);
  await planRound(officer, "19 Feb 2018", "19 February 2018");
  await takeStep(officer, "Open");
  const address = await papersOf(officer, "19 Feb 2018");
  const word = printed(await (await officer.request.get(`${address}.docx`)).body(), "docx");
  const page = await officer.pdf({ preferCSSPageSize: true, printBackground: true });
  for (const pdf of [word, page]) {
    const pages = pagesOf(pdf);
    assert.ok(pages.length > 3);
    // A mark at the edge is written upwards, and read in pieces.
    for (const text of pages) assert.match(text.replace(/\s+/g, ""), /Draft,?asthingsstoodon/, text);
  }
});

/** Goes from the rounds to a round's papers: their address. */
async function papersOf(page, label) {
  await page.goto("/rounds");
  await page.getByRole("link", { name: label, exact: true }).click();
  await page.getByRole("link", { name: /^Papers of / }).click();
  await page.getByRole("heading", { level: 1, name: `papers for ${label}` }).waitFor();
  return new URL(page.url()).pathname;
}

function holdsAppendixB(pages) {
  const text = pages.join("\n");
  for (const reference of REFERENCES) assert.ok(text.includes(`${reference})`), `${reference} is there`);
  for (const rating of ["Complete", "Not recorded", "Suggested: Off track", "Suggested: At risk"]) {
    assert.ok(text.replace(/\u00a0/g, " ").includes(rating), `${rating} is there`);
  }
  // From the page with the first heads to the one with the last row: which words stand on one line is up to the fonts.
  const first = pages.findIndex((page) => page.includes("RECOMMENDATION"));
  const last = pages.findLastIndex((page) => /^\s*K\)/m.test(page));
  assert.ok(first >= 0 && last - first > 1, `the table goes over several pages: ${first} to ${last}`);
  for (const page of pages.slice(first, last + 1)) {
    for (const head of ["RECOMMENDATION", "ACTION", "LEAD", "UPDATE"]) assert.ok(page.includes(head), `${head} on:\n${page}`);
  }
}

function keepsItsDistances(pdf) {
  const found = greys(pdf);
  assert.deepEqual([...found.keys()].sort(), ["amber", "complete", "green", "plain", "red"]);
  const least = nearest(found);
  assert.ok(least >= APART_IN_GREY, `${least.toFixed(1)} apart: ${JSON.stringify([...found])}`);
}
