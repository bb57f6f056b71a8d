/** Tab reaches whatever can be used, and shows where it is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGES, show } from "./pages.mjs";

// Of radio buttons of one name Tab stops at the chosen one, and arrows lead to the others.
const USABLE = "a[href], button, input:not([type=hidden], [type=radio]:not(:checked)), summary, [tabindex]:not([tabindex='-1'])";

for (const [name, entry] of Object.entries(PAGES)) {
  test(`every stop of Tab is outlined on ${name}`, async (t) => {
    const page = await show(t, entry);
    const usable = await page.locator(USABLE).evaluateAll((elements) => elements.filter((element) => element.checkVisibility()).length);
    const stops = new Map();
    for (let presses = 0; presses < usable + 2; presses += 1) {
      await page.keyboard.press("Tab");
      const { place, text, outline } = await focused(page, USABLE);
      if (place >= 0) stops.set(place, { text, outline });
    }
    assert.equal(stops.size, usable, `stops: ${JSON.stringify([...stops.values()])}`);
    assert.deepEqual([...stops.values()].filter(({ outline }) => !/^(solid|auto) [1-9]/.test(outline)), []);
  });
}

function focused(page, usable) {
  return page.evaluate((selector) => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      place: [...document.querySelectorAll(selector)].indexOf(element),
      text: element.textContent,
      outline: `${outlineStyle} ${outlineWidth}`,
    };
  }, usable);
}
