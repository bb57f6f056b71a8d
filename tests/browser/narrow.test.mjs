/** A phone of 320 pixels, which is also 1280 pixels at 400 % (WCAG 2.2, 1.4.10): nothing is scrolled sideways. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDV_PAGES, PAGES, show } from "./pages.mjs";

const viewport = { width: 320, height: 640 };

for (const [name, entry] of Object.entries(PAGES)) {
  test(`${name} fits a phone`, async (t) => {
    await assertFits(await show(t, entry, { viewport }));
  });
}

for (const locale of ["de-DE", "ar"]) {
  for (const [name, entry] of Object.entries(IDV_PAGES)) {
    test(`${name} fits a phone in ${locale}`, async (t) => {
      await assertFits(await show(t, entry, { viewport, locale }));
    });
  }
}

for (const [name, entry] of Object.entries(PAGES)) {
  test(`${name} fits a phone whose letters are twice as large`, async (t) => {
    const page = await show(t, entry, { viewport });
    await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    await assertFits(page);
  });
}

async function assertFits(page) {
  const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(needed <= given, `${needed} pixels in a window of ${given}`);
}
