/** axe-core on a page whose policy lets no script in, and which was therefore opened without it. */
import assert from "node:assert/strict";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** @returns what is wrong, in words */
export async function violations(page, source) {
  await page.evaluate((script) => globalThis.axe ?? globalThis.eval(script), source);
  const { violations, passes } = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: "tag", values } }), TAGS);
  assert.ok(passes.length > 10, "axe has looked at the page");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}
