// Rounds, taken step by step as a scrutiny officer does it.

/**
 * Plans a round for Appendix B, and stays on its page. `date` is in words: that of a meeting in the list or of a new one, or a
 * month for a round without a meeting.
 */
export async function planRound(page, label, date) {
  // The plan's own page offers it only while no round of it is planned or open.
  await page.goto("/rounds/new?plan=appendix-b");
  const listed = page.getByRole("radio", { name: `${date}, ` });
  if (await listed.count()) {
    await listed.check();
  } else if (/^\d/.test(date)) {
    await page.getByRole("radio", { name: "Another meeting" }).check();
    await page.getByLabel("Day of the meeting").fill(date);
  } else {
    await page.getByRole("radio", { name: "No meeting, or its day is not known yet" }).check();
    await page.getByLabel("Date of the round").fill(date);
  }
  await page.getByLabel("Name of the round").fill(label);
  await page.getByRole("button", { name: "Plan the round" }).click();
  await page.getByText(`${label} is planned`).waitFor();
}

/** On a round's page: "Open", "Close" or "Publish", confirmed on the page that asks. */
export async function takeStep(page, step) {
  await page.getByRole("link", { name: `${step} this round` }).click();
  const early = page.getByRole("checkbox", { name: /^(Close|Publish) it although/ });
  if (await early.count()) await early.check();
  await page.getByRole("button", { name: `${step} the round` }).click();
  await page.getByText(/^The round is /).first().waitFor();
}
