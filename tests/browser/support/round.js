// Rounds, taken step by step as a scrutiny officer does it.

import { PLAN } from "./journey.js";

/** Plans a round for Appendix B, and stays on its page. `date` is in words. */
export async function planRound(page, label, date) {
  await page.goto(PLAN);
  await page.getByRole("link", { name: "Plan a round" }).click();
  await page.getByLabel("Name of the round").fill(label);
  await page.getByLabel("Date", { exact: true }).fill(date);
  await page.getByRole("button", { name: "Plan the round" }).click();
  await page.getByText(`${label} is planned`).waitFor();
}

/** On a round's page: "Open", "Close" or "Publish", confirmed on the page that asks. */
export async function takeStep(page, step) {
  await page.getByRole("link", { name: `${step} this round` }).click();
  await page.getByRole("button", { name: `${step} the round` }).click();
  await page.getByText(/^The round is /).first().waitFor();
}
