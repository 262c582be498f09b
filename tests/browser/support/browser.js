// Chromium as this machine has it: none is downloaded. Headless, with a new profile, and silent towards the outside.

import { accessSync, constants } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser. Its profile is a new one, deleted when it closes. */
export function startBrowser() {
  return chromium.launch({ executablePath: program(), args: QUIET });
}

function program() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const all = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const first = all.find(canRun);
  if (!first) throw new Error(`no browser: none of ${NAMES.join(", ")} is in PATH`);
  return first;
}

function canRun(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
