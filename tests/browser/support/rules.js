// The rules that every page keeps, as far as they can only be seen drawn. Each returns what breaks it, in words.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SCREEN = { width: 1280, height: 900 };
/** What is left of a screen of 1,280 pixels at 400%: a page reflows there, nothing is pushed out at the side. */
const NARROW = { width: 320, height: 640 };

/** Everything that is wrong with the page as it is shown now. Leaves it as wide as a screen. */
export async function faults(page) {
  const narrow = async () => {
    await page.setViewportSize(NARROW);
    return [...(await pushedOut(page)), ...(await accessibility(page))];
  };
  const atScreen = async () => {
    await page.setViewportSize(SCREEN);
    return [...(await pushedOut(page)), ...(await accessibility(page)), ...(await ratings(page)), ...(await keyboard(page))];
  };
  const [small, large] = [await narrow(), await atScreen()];
  return [...new Set([...small.map((fault) => `at ${NARROW.width} px: ${fault}`), ...large])];
}

/** WCAG 2.2 A and AA, as far as a program can tell. */
async function accessibility(page) {
  // In the page's own frame: a page's policy is about what the page does, not about who looks at it.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (levels) => {
    // A mail in its frame is a page of its own, and looked at there.
    const found = await axe.run({ runOnly: levels, resultTypes: ["violations"], iframes: false });
    return found.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map((node) => `${node.target.join(" ")} ${node.any.map((one) => one.message).join("; ")}`.trim()),
    }));
  }, LEVELS);
  return violations.map(({ id, help, where }) => `${id} (${help}), ${where.length} times: ${where.slice(0, 3).join(" | ")}`);
}

/** Nothing makes the page wider than its window. */
function pushedOut(page) {
  return page.evaluate(() => {
    const root = document.scrollingElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const edge = root.clientWidth + 1;
    const over = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > edge);
    const who = over.slice(-3).map((e) => e.outerHTML.slice(0, 120).replace(/\s+/g, " "));
    return [`scrolls sideways: ${root.scrollWidth} px wide, for ${who.join(" | ")}`];
  });
}

/** Never colour alone: each rating says its word, and the page says what the words mean. */
function ratings(page) {
  return page.evaluate(() => {
    const found = [];
    const words = (element) => {
      const copy = element.cloneNode(true);
      copy.querySelectorAll("[aria-hidden=true]").forEach((hidden) => hidden.remove());
      return copy.textContent.trim();
    };
    const tags = [...document.querySelectorAll(".tag, .suggested")];
    for (const tag of tags) {
      if (!/\p{L}{2}/u.test(words(tag))) found.push(`a rating without its word: ${tag.outerHTML}`);
      if (tag.closest("a")) found.push(`a rating that is a link: ${tag.outerHTML}`);
    }
    // The key's own page, the form in which it is written, or a link to it.
    const key = location.pathname.endsWith("/key") || document.querySelector('a[href$="/key"], [name="key_note"]');
    const inline = [...document.querySelectorAll("caption")].some((c) => /^What the (ratings|suggestions) mean/.test(c.textContent));
    if (tags.length > 0 && !key && !inline) found.push("ratings without their key, or a link to it");
    return found;
  });
}

/** Tab reaches every control; what has the focus can be seen, and is not covered by something else. */
async function keyboard(page) {
  await page.evaluate(prepare);
  const { controls } = await page.evaluate(() => window.tabbing);
  // Tab goes through what is in a frame too, such as the links of a mail.
  const frames = page.frames().filter((frame) => frame !== page.mainFrame());
  const framed = await Promise.all(frames.map((frame) => frame.locator("a[href]").count()));
  // A few more: a part that scrolls takes the focus too.
  for (let presses = framed.reduce((all, one) => all + one, controls + 5); presses > 0; presses -= 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => window.tabbing.look())) break;
  }
  return page.evaluate(() => window.tabbing.faults());
}

/** Runs in the page: notes how every control looks without the focus, and can then tell what Tab did. */
function prepare() {
  const CONTROLS = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, iframe, [tabindex="0"]';
  document.activeElement?.blur();
  window.scrollTo(0, 0);
  const LOOKS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "stroke", "strokeWidth"];
  const name = (element) => element.outerHTML.slice(0, 140).replace(/\s+/g, " ");
  // A radio or a box may be drawn by what stands beside it, a link in a picture by what is in it.
  const drawn = (element) => [element, ...(element.labels ?? []), ...(element instanceof SVGElement ? element.children : [])];
  const look = (element) =>
    drawn(element).map((one) =>
      [null, "::before", "::after"].map((part) => LOOKS.map((l) => getComputedStyle(one, part)[l]).join(" ")).join(),
    ).join();
  const ring = (element) =>
    drawn(element).some((one) =>
      [null, "::before", "::after"].some((part) => {
        const style = getComputedStyle(one, part);
        const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
        return outline || style.boxShadow !== "none" || style.stroke !== "none";
      }),
    );
  // Of radios with one name, Tab reaches one, and the arrows the others.
  const group = (element) => (element.type === "radio" ? `${element.form?.action} ${element.name}` : element);
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled;
  const before = new Map([...document.querySelectorAll(CONTROLS)].filter(shown).map((e) => [e, look(e)]));
  const left = new Map([...before.keys()].map((e) => [group(e), e]));
  const wrong = [];
  const covered = (element) => {
    const boxes = drawn(element).flatMap((e) => [...e.getClientRects()]);
    const parts = [0.1, 0.5, 0.9];
    const points = boxes.flatMap((b) => parts.flatMap((x) => parts.map((y) => [b.left + b.width * x, b.top + b.height * y])));
    return !points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top && drawn(element).some((e) => e.contains(top) || top.contains(e));
    });
  };
  window.tabbing = {
    controls: left.size,
    // Says whether everything has been reached.
    look() {
      const at = document.activeElement;
      if (before.has(at) && left.delete(group(at))) {
        // In a frame it is the page in it that has the focus and shows it.
        if (at.tagName === "IFRAME") return left.size === 0;
        if (before.get(at) === look(at) || !ring(at)) wrong.push(`no visible focus: ${name(at)}`);
        if (covered(at)) wrong.push(`covered while it has the focus: ${name(at)}`);
      }
      return left.size === 0;
    },
    faults: () => [...wrong, ...[...left.values()].map((e) => `Tab does not reach ${name(e)}`)],
  };
}
