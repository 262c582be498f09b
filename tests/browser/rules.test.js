// The rules themselves: a page that breaks one is found out, and one that breaks none passes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser } from "./support/browser.js";
import { faults } from "./support/rules.js";

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const BROKEN = {
  "a page without a fault": ["<p>All is well. <a href='/key'>Key</a> <span class='tag'><i aria-hidden='true'>■</i> Red</span></p>", []],
  "text that can hardly be read": ["<p style='color: #bbb'>Grey on white</p>", [/^at 320 px: color-contrast/, /^color-contrast/]],
  "a control without a name": ["<input>", [/^at 320 px: label/, /^label/]],
  "a target that is too small": [
    "<p><button style='all: unset; width: 9px; height: 9px'>a</button><button style='all: unset; width: 9px; height: 9px'>b</button></p>",
    [/^at 320 px: target-size/, /^target-size/, /^no visible focus: <button/, /^no visible focus: <button/],
  ],
  "something wider than a narrow window": ["<p style='width: 400px'>Wide</p>", [/^at 320 px: scrolls sideways: \d+ px wide, for <p/]],
  "a rating that is only a colour": [
    "<a href='/key'>Key</a> <span class='tag'><i aria-hidden='true'>■</i></span>",
    [/^a rating without its word/],
  ],
  "a rating without its key": ["<span class='tag'>Red</span>", [/^ratings without their key/]],
  "a link that hides its focus": ["<a href='/' style='outline: none'>Home</a>", [/^no visible focus: <a/]],
  "a button that Tab passes by": ["<button tabindex='-1'>Save</button>", [/^Tab does not reach <button/]],
  "a control that lies below something": [
    "<button>Save</button><div style='position: fixed; inset: 0; background: white'>On top</div>",
    [/^covered while it has the focus: <button/],
  ],
};

for (const [name, [content, expected]] of Object.entries(BROKEN)) {
  test(name, async () => {
    const page = await browser.newPage();
    await page.setContent(`<!doctype html><html lang="en"><title>${name}</title><meta name="viewport" content="width=device-width"><main><h1>A page</h1>${content}</main>`);
    const found = await faults(page);
    await page.close();
    const missed = expected.filter((pattern) => !found.some((fault) => pattern.test(fault)));
    assert.deepEqual(missed, [], `found: ${found.join("\n")}`);
    const more = found.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
    assert.deepEqual(more, []);
  });
}
