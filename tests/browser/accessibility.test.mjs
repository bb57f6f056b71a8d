/** axe-core on every page: WCAG 2.0 to 2.2, A and AA, and best practice. */
import assert from "node:assert/strict";
import { test } from "node:test";
import axe from "axe-core";
import { PAGES, show } from "./pages.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const DESKTOP = { width: 1280, height: 720 };
const PHONE = { width: 320, height: 640 };
const LOOKS = [["light", DESKTOP], ["dark", DESKTOP], ["light", PHONE], ["dark", PHONE]];

for (const [name, entry] of Object.entries(PAGES)) {
  test(`axe finds nothing wrong with ${name}`, async (t) => {
    // axe is a script, which the pages' policy does not let in.
    const page = await show(t, entry, { bypassCSP: true });
    await page.evaluate(axe.source);
    const found = [];
    for (const [colorScheme, viewport] of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      found.push(...(await violations(page)).map((violation) => `${colorScheme} ${viewport.width}: ${violation}`));
    }
    assert.deepEqual(found, []);
  });
}

async function violations(page) {
  const { violations, passes } = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: "tag", values } }), TAGS);
  assert.ok(passes.length > 10, "axe has looked at the page");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}
