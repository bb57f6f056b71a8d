/** axe-core on every page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { PAGES, show } from "./pages.mjs";

const DESKTOP = { width: 1280, height: 720 };
const PHONE = { width: 320, height: 640 };
const LOOKS = [["light", DESKTOP], ["dark", DESKTOP], ["light", PHONE], ["dark", PHONE]];

for (const [name, entry] of Object.entries(PAGES)) {
  test(`axe finds nothing wrong with ${name}`, async (t) => {
    // axe is a script, which the pages' policy does not let in.
    const page = await show(t, entry, { bypassCSP: true });
    const found = [];
    for (const [colorScheme, viewport] of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      found.push(...(await violations(page)).map((violation) => `${colorScheme} ${viewport.width}: ${violation}`));
    }
    assert.deepEqual(found, []);
  });
}
