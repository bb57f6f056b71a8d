/** The page of `idv report`, opened from disk: whole and broken, in light and dark, on a phone, on paper. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { launch } from "./chromium.mjs";

const JULY = new URL("../it/commands/report/july.jsonl", import.meta.url);
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const DESKTOP = { width: 1280, height: 720 };
const PHONE = { width: 320, height: 640 };
const LOOKS = [["light", DESKTOP], ["dark", DESKTOP], ["light", PHONE], ["dark", PHONE]];

const EXPORTS = {
  "a month": (july) => july,
  "a month with a changed byte": (july) => july.replace('"idv.status":"failed"', '"idv.status":"sucess"'),
  "a log that is empty": () => "",
};

for (const [name, made] of Object.entries(EXPORTS)) {
  test(`axe finds nothing wrong with the report of ${name}`, async (t) => {
    const page = await show(t, made, { bypassCSP: true });
    await page.evaluate(axe.source);
    const found = [];
    for (const [colorScheme, viewport] of name === "a month" ? LOOKS : LOOKS.slice(1, 3)) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      found.push(...(await violations(page)).map((violation) => `${colorScheme} ${viewport.width}: ${violation}`));
    }
    assert.deepEqual(found, []);
  });

  test(`the report of ${name} fits a phone, also with letters twice as large`, async (t) => {
    const page = await show(t, made, { viewport: PHONE });
    for (const size of ["100%", "200%"]) {
      await page.evaluate((fontSize) => { document.documentElement.style.fontSize = fontSize; }, size);
      const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.ok(needed <= given, `${size}: ${needed} pixels in a window of ${given}`);
    }
  });
}

test("the report loads nothing, and its own policy lets its style in", async (t) => {
  const complaints = [];
  const requests = [];
  const page = await show(t, EXPORTS["a month"], {}, (opened) => {
    opened.on("console", (message) => complaints.push(message.text()));
    opened.on("request", (request) => requests.push(request.url()));
  });
  assert.deepEqual([complaints, requests.length], [[], 1]);
  assert.equal(await page.locator("script").count(), 0);
  const bars = page.locator("rect.verified");
  assert.ok((await bars.count()) > 20);
  const light = await fill(bars.first());
  await page.emulateMedia({ colorScheme: "dark" });
  assert.notEqual(await fill(bars.first()), light, "its colours are of the style");
});

test("on paper the report is light for who likes it dark too, and no table is cut off", async (t) => {
  const page = await show(t, EXPORTS["a month"], { colorScheme: "dark", viewport: { width: 680, height: 960 } });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  const cut = await page.locator(".scroll").evaluateAll((all) =>
    all.filter((region) => region.scrollWidth > region.clientWidth).map((region) => region.ariaLabel));
  assert.deepEqual(cut, []);
});

test("who reads by ear or by keyboard has every chart's words and every table", async (t) => {
  const page = await show(t, EXPORTS["a month"]);
  for (const name of ["Sessions by day and ending", "Sessions by method and ending", "Time to decision, median to 90th percentile"]) {
    assert.equal(await page.getByRole("img", { name }).count(), 1, name);
  }
  const regions = await page.locator(".scroll[tabindex='0'] table caption").count();
  assert.equal(regions, await page.getByRole("table").count());
});

/** Opens the report of July of an export, from a file. */
async function show(t, made, looks = {}, listen = () => {}) {
  const folder = await mkdtemp(join(tmpdir(), "idv-report-"));
  const browser = await launch();
  t.after(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });
  const [exported, report] = [join(folder, "export.jsonl"), join(folder, "report.html")];
  await writeFile(exported, made(await readFile(JULY, "utf8")));
  const range = ["--from", "2026-07-01", "--to", "2026-07-31"];
  const told = spawnSync(process.env.IDV_BIN, ["report", "--file", exported, ...range, "--html", report], { encoding: "utf8" });
  assert.match(told.stdout, /^Made /, told.stderr);
  const page = await (await browser.newContext({ viewport: DESKTOP, ...looks })).newPage();
  listen(page);
  await page.goto(pathToFileURL(report).href);
  return page;
}

const fill = (shape) => shape.evaluate((element) => getComputedStyle(element).fill);

async function violations(page) {
  const { violations, passes } = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: "tag", values } }), TAGS);
  assert.ok(passes.length > 10, "axe has looked at the page");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}
