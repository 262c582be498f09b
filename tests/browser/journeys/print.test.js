// On paper: the plan as the table that councils know, A4 landscape, its heads on every page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { MANAGER, PLAN, demonstration } from "../support/journey.js";

const demo = demonstration();
const HEADS = ["RECOMMENDATION", "ACTION", "BY WHEN", "LEAD", "RESOURCE REQUIRED"];

test("the plan is printed on A4 landscape, with the table’s heads on every page of it", async (t) => {
  const manager = await demo.signedInAs(MANAGER);
  await manager.goto(PLAN);
  const pdf = await manager.pdf({ preferCSSPageSize: true, printBackground: true });
  const sizes = [...pdf.toString("latin1").matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
  assert.ok(sizes.length > 1, "it has several pages");
  for (const [, width, height] of sizes) {
    // In points: 297 mm by 210 mm.
    assert.ok(Math.abs(width - 842) < 2 && Math.abs(height - 595) < 2, `${width} by ${height}`);
  }
  const pages = pagesOf(pdf);
  if (!pages) {
    t.diagnostic("pdftotext (poppler-utils) is not here: WHAT STANDS ON THE PAGES WAS NOT LOOKED AT");
    return;
  }
  const withRows = pages.filter((page) => /\bManaged\b/.test(page));
  assert.ok(withRows.length > 1, "the table goes over several pages");
  for (const page of withRows) {
    for (const head of HEADS) assert.ok(page.toUpperCase().includes(head.split(" ")[0]), `${head} stands on:\n${page}`);
  }
  assert.ok(!pages.join().includes("Next day"), "buttons stay on the screen");
});

test("the dashboard is printed on A4 with its day, without forms, and no drawing leaves a page empty", async (t) => {
  const manager = await demo.signedInAs(MANAGER);
  for (const [address, width] of [["", 595], ["&present", 842]]) {
    await manager.goto(`${PLAN}/dashboard?as-at=7+December+2017${address}`);
    const pdf = await manager.pdf({ preferCSSPageSize: true, printBackground: true });
    for (const [, wide] of pdf.toString("latin1").matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)) {
      assert.ok(Math.abs(wide - width) < 2, `${wide} wide, not ${width}`);
    }
    const pages = pagesOf(pdf);
    if (!pages) {
      t.diagnostic("pdftotext (poppler-utils) is not here: WHAT STANDS ON THE PAGES WAS NOT LOOKED AT");
      return;
    }
    assert.match(pages[0], /On 7 December 2017, 11 of 22 actions/);
    assert.ok(!pages.join().includes("Show that day"), "the form stays on the screen");
    for (const [n, page] of pages.entries()) assert.ok(page.trim().length > 40, `page ${n + 1} of ${address || "the dashboard"} is empty`);
  }
});

/** The text of each page; nothing where the tool for it is missing. */
function pagesOf(pdf) {
  try {
    const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf, maxBuffer: 64 * 1024 * 1024 }).toString();
    return text.split("\f").slice(0, -1);
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}
