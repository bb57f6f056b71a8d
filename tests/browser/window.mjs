/** A browser window for one test, in a trial of its own. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";
import { startTrial } from "./trial.mjs";

const SCREENSHOTS = fileURLToPath(new URL("../../target/screenshots", import.meta.url));
const PATIENCE = 60_000; // milliseconds for a page or an element to appear, on a machine that does much else

let launched;
after(async () => (await launched)?.close());

function browser(how) {
  launched ??= launch(how);
  return launched;
}

/** Gives the windows of this process a camera, before any is opened: it sees what the file `film` holds. */
export const giveCamera = (film) => browser({ film });

/**
 * The end of the test closes both, and leaves a screenshot of what the window showed last.
 * @param looks  options of Playwright's newContext: locale, colorScheme, viewport, javaScriptEnabled
 * @returns { trial, page }
 */
export async function openWindow(t, { formPost, tls, ...looks } = {}) {
  const trial = await startTrial({ formPost, tls });
  atEnd(t, () => trial.stop());
  return { trial, page: await openBeside(t, looks) };
}

/** The windows without scripts. */
const plain = new WeakSet();

/** Whether the pages of the window have scripts. */
export const isScripted = (page) => !plain.has(page);

/** What is to be done at the end of each test, the last first. */
const ends = new WeakMap();

function atEnd(t, end) {
  if (!ends.has(t)) {
    ends.set(t, []);
    t.after(async () => {
      const failed = [];
      for (const last of ends.get(t).reverse()) await last().catch((error) => failed.push(error));
      if (failed.length) throw failed[0];
    });
  }
  ends.get(t).push(end);
}

/**
 * A window of a browser that shares nothing with any other: another person's, or a phone's. The end of the test closes it, and
 * leaves a screenshot of what it showed last.
 * @param looks  options of Playwright's newContext, and whose it is, for the screenshot's name
 */
export async function openBeside(t, { whose = "", ...looks } = {}) {
  const context = await (await browser()).newContext({ colorScheme: "light", locale: "en", ...looks });
  context.setDefaultTimeout(PATIENCE);
  const refused = [];
  context.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) refused.push(message.text());
  });
  const page = await context.newPage();
  if (looks.javaScriptEnabled === false) plain.add(page);
  atEnd(t, async () => {
    if (!page.isClosed()) await photograph(page, `${t.name} ${whose}`.trim());
    await context.close();
    assert.deepEqual(refused, [], "no page asks for what its policy refuses");
  });
  return page;
}

/** A window of a browser that shares nothing with the one of `page`. */
export async function openElsewhere(page) {
  return (await page.context().browser().newContext()).newPage();
}

/** Leaves a screenshot of the whole page in target/screenshots. */
export async function photograph(page, name) {
  await mkdir(SCREENSHOTS, { recursive: true });
  const path = join(SCREENSHOTS, `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.png`);
  await page.screenshot({ path, fullPage: true });
}
