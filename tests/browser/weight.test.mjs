/** What idv's pages weigh, and that nothing on them moves while they load. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDV_PAGES, show } from "./pages.mjs";

const LIMIT = 30_000; // bytes

for (const [name, entry] of Object.entries(IDV_PAGES)) {
  test(`${name} is light and stands still`, async (t) => {
    const page = await show(t, entry);
    await page.waitForLoadState(); // what is still on its way has no size
    const parts = await page.evaluate(() => {
      const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
      return entries.map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize }));
    });
    const loaded = parts.filter(({ bytes }) => bytes > 0); // there is no icon, and a browser may ask for it
    assert.ok(loaded.length >= 2, "at least the page and its style sheet are counted");
    const weight = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
    console.log(`weight of ${name}: ${weight} bytes in ${loaded.length} parts`);
    assert.ok(weight < LIMIT, JSON.stringify(parts));
    assert.equal(await layoutShift(page), 0);
  });
}

test("a page that moves would be seen", async (t) => {
  const page = await show(t, IDV_PAGES["what this host is"]);
  await layoutShift(page);
  await page.evaluate(() => { document.body.style.paddingBlockStart = "20rem"; });
  assert.ok(await layoutShift(page) > 0);
});

/** The cumulative layout shift up to the next frame but one, when it has been painted and reported. */
function layoutShift(page) {
  return page.evaluate(() => new Promise((resolve) => {
    let sum = 0;
    const add = (entries) => entries.forEach(({ value }) => { sum += value; });
    const observer = new PerformanceObserver((list) => add(list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    const frames = (left, then) => (left ? requestAnimationFrame(() => frames(left - 1, then)) : then());
    frames(3, () => setTimeout(() => {
      add(observer.takeRecords());
      resolve(sum);
    }));
  }));
}
