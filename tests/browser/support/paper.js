// What stands on paper: the text of a PDF's pages, how its ratings look in grey, and office files turned into PDFs.
//
// It needs pdftotext and pdftoppm (poppler-utils) and soffice (LibreOffice). Where one is missing, `PAPER_TOOLS` is false, and
// whoever asks says so; with SCRUTINY_TEST_PAPER=required that is a failure.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const has = (tool) => {
  try {
    execFileSync("sh", ["-c", `command -v ${tool}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

export const PAPER_TOOLS = ["pdftotext", "pdftoppm", "soffice"].every(has);
if (!PAPER_TOOLS && process.env.SCRUTINY_TEST_PAPER === "required") throw new Error("pdftotext, pdftoppm or soffice is missing");

/** A folder for one use. */
function inFolder(use) {
  const folder = mkdtempSync(path.join(tmpdir(), "scrutiny-paper-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An office file as a PDF, as LibreOffice prints it. */
export function printed(bytes, ending) {
  return inFolder((folder) => {
    const file = path.join(folder, `paper.${ending}`);
    writeFileSync(file, bytes);
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    execFileSync("soffice", [profile, "--headless", "--convert-to", "pdf", "--outdir", folder, file], {
      stdio: "ignore",
      timeout: 120_000,
    });
    return readFileSync(path.join(folder, "paper.pdf"));
  });
}

/** The text of each page. */
export function pagesOf(pdf) {
  const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf, maxBuffer: 64 * 1024 * 1024 }).toString();
  return text.split("\f").slice(0, -1);
}

const SYMBOLS = { "■": "red", "▲": "amber", "●": "green", "✓": "complete", "–": "plain" };
const DPI = 150;

/** The lightness of each rating's ground where it first stands on paper, rendered in grey: 0 black to 100 white. */
export function greys(pdf) {
  return inFolder((folder) => {
    const file = path.join(folder, "paper.pdf");
    writeFileSync(file, pdf);
    const html = execFileSync("pdftotext", ["-bbox", file, "-"], { maxBuffer: 64 * 1024 * 1024 }).toString();
    const found = new Map();
    html.split("<page ").slice(1).forEach((page, index) => {
      const words = [...page.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<\/word>/g)];
      words.forEach(([, xMin, yMin, , yMax, text], at) => {
        // No-break spaces hold a tag together, and some readers take it for one word.
        const [symbol, more] = text.replace(/\u00a0/g, " ").trim().split(" ");
        const next = more ? words[at] : words[at + 1];
        const rating = SYMBOLS[symbol];
        // A dash stands in sentences too: there no capital follows on the same line, close by.
        const isTag = next && /^[A-Z]/.test(more ?? next[5]) && Math.abs(next[2] - yMin) < 4 && next[1] - xMin < 25;
        if (rating && isTag && !found.has(rating)) {
          found.set(rating, { page: index + 1, box: [xMin, yMin, next[3], yMax].map(Number) });
        }
      });
    });
    return new Map([...found].map(([rating, { page, box }]) => [rating, lightness(mode(render(file, page, folder), box))]));
  });
}

/** A page as a grey picture: width, and a byte for every dot. */
function render(file, page, folder) {
  const to = path.join(folder, "grey");
  execFileSync("pdftoppm", ["-gray", "-r", DPI, "-f", page, "-l", page, "-singlefile", file, to]);
  const pgm = readFileSync(`${to}.pgm`);
  const [header, width] = pgm.subarray(0, 40).toString("latin1").match(/^P5\s+(\d+)\s+\d+\s+255\s/);
  return { width: Number(width), dots: pgm.subarray(header.length) };
}

/** The grey that most dots of a box have: its ground, as words are thinner. */
function mode({ width, dots }, [x0, y0, x1, y1]) {
  const scale = DPI / 72;
  const counts = new Array(256).fill(0);
  for (let y = Math.round(y0 * scale); y < y1 * scale; y += 1) {
    for (let x = Math.round(x0 * scale); x < x1 * scale; x += 1) counts[dots[y * width + x]] += 1;
  }
  return counts.indexOf(Math.max(...counts));
}

function lightness(grey) {
  const value = grey / 255;
  const linear = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  return linear > 0.008856451679 ? 116 * Math.cbrt(linear) - 16 : 903.2962963 * linear;
}

/** The smallest distance between any two, as CIEDE2000 has it for greys. */
export function nearest(lightnesses) {
  const all = [...lightnesses.values()];
  let least = Infinity;
  all.forEach((one, index) => {
    for (const other of all.slice(index + 1)) {
      const off = ((one + other) / 2 - 50) ** 2;
      least = Math.min(least, Math.abs(one - other) / (1 + (0.015 * off) / Math.sqrt(20 + off)));
    }
  });
  return least;
}
