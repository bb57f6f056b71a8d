/** A person who has no mouse. */
import assert from "node:assert/strict";

const PATIENCE = 40; // presses of Tab

/** Tabs to what reads `name`, and presses Enter. */
export async function press(page, name) {
  for (let presses = 0; presses < PATIENCE; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page)).includes(name)) return page.keyboard.press("Enter");
  }
  assert.fail(`Tab never reaches ${name}`);
}

function focused(page) {
  return page.evaluate(() => document.activeElement.textContent);
}
