/** Languages, directions of writing, and dark pages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDV_PAGES, PAGES, show } from "./pages.mjs";

const DESK = IDV_PAGES["the desk after a wrong code"];

test("German is read from left to right", async (t) => {
  const page = await show(t, DESK, { locale: "de-DE" });
  assert.deepEqual(await written(page), { lang: "de", dir: "ltr" });
  assert.match(await page.locator("main").innerText(), /Code/);
});

test("Arabic is read from right to left and a code from left to right", async (t) => {
  const page = await show(t, DESK, { locale: "ar" });
  assert.deepEqual(await written(page), { lang: "ar", dir: "rtl" });
  assert.match(await page.locator("h1").innerText(), /\p{Script=Arabic}/u);
  assert.equal(await page.locator("#code").evaluate((field) => getComputedStyle(field).direction), "ltr");
});

test("groups of Arabic digits stand in the order in which they are typed", async (t) => {
  // They were read backwards, group by group, beside the code on paper.
  const page = await show(t, IDV_PAGES["the desk"], { locale: "ar" });
  const pictureOf = async (code) => {
    await page.locator("#code").fill(code);
    return page.locator("#code").screenshot();
  };
  const code = "٣٤٧٩-٣٣٣٣-٩٧٤٣";
  const leftToRight = await pictureOf(code.replaceAll("-", "\u200e-\u200e"));
  assert.ok(leftToRight.equals(await pictureOf(code)));
  assert.ok(!leftToRight.equals(await pictureOf("٩٧٤٣-٣٣٣٣-٣٤٧٩")));
});

for (const name of ["the desk after a wrong code", "the result of who is admitted", "the choice of a method"]) {
  test(`${name} is dark for who likes it dark`, async (t) => {
    const page = await show(t, PAGES[name], { colorScheme: "dark" });
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const brightness = ground.match(/\d+/g).slice(0, 3).map(Number);
    assert.ok(Math.max(...brightness) < 64, ground);
  });
}

function written(page) {
  return page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir }));
}
