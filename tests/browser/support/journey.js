// What every file of journeys needs: a site and a browser of its own, people signed in, and an eye on the console.

import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { startBrowser } from "./browser.js";
import { startSite } from "./site.js";

/** The posts and people of the seed that the journeys are made by. */
export const MANAGER = "Risk and Resilience Manager";
export const SCRUTINY_OFFICER = "Scrutiny Officer";
export const ADMINISTRATOR = "Administrator";
export const LEAD = "Education Safeguarding Lead";
export const PANEL_MEMBER = "Panel member";
export const PLAN = "/plans/appendix-b";

/**
 * Starts a site and a browser for the file that calls it, and ends both after its last journey. A journey fails if any of
 * its pages complained on the console: that is where a page says that its own policy stopped something.
 */
export function demonstration() {
  return journeys(startSite);
}

/** The same with another site: `start` gives its `address` and how to `stop()` it. */
export function journeys(start) {
  let site;
  let browser;
  let contexts = [];
  let complaints = [];

  before(async () => {
    site = await start();
    browser = await startBrowser();
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    const found = complaints;
    [contexts, complaints] = [[], []];
    assert.deepEqual(found, [], "the console stays empty");
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  /** A new window of somebody who is not signed in. */
  async function visitor(options = {}) {
    const context = await browser.newContext({
      baseURL: site.address,
      locale: "en-GB",
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    contexts.push(context);
    context.setDefaultTimeout(20_000);
    context.on("page", watch);
    return context.newPage();
  }

  function watch(page) {
    page.on("console", (message) => {
      if (message.type() === "error" && !isAnswer(message)) complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on("response", (response) => {
      const isPage = response.request().resourceType() === "document";
      if (response.status() >= 400 && !isPage) complaints.push(`${page.url()}: ${response.status()} ${response.url()}`);
    });
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  }

  /** A new window of one of the seed's people, signed in with one click. */
  async function signedInAs(name, options = {}) {
    const page = await visitor(options);
    await page.goto("/demonstration");
    await page.getByRole("button", { name: `Sign in as ${name}` }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    return page;
  }

  return { visitor, signedInAs };
}

/** Chromium also logs every answer from 400 upwards. A page may answer so, and what a page needs is looked at above. */
function isAnswer(message) {
  return message.text().startsWith("Failed to load resource");
}

/** Opens an action's page from the plan, by its reference. */
export async function openAction(page, reference) {
  await page.goto(PLAN);
  await rowOf(page, reference).locator('a[href^="/actions/"]').first().click();
  await page.getByRole("heading", { name: "What happened" }).waitFor();
}

/** The row of an action in the plan's table, by its reference. */
export function rowOf(page, reference) {
  const named = page.locator("td:nth-child(2) a[href^='/actions/'] strong").getByText(reference, { exact: true });
  return page.locator("main table tbody tr").filter({ has: named });
}
