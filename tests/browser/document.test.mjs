/** Whole logins by the document method: photos, the organisation's reviewers, and what comes of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeNext, openConsole, sendAll } from "./document.mjs";
import { result } from "./login.mjs";
import { openWindow } from "./window.mjs";

const METHOD = "https://id-verification/method";

for (const javaScriptEnabled of [true, false]) {
  test(`who is approved meanwhile is logged in, ${javaScriptEnabled ? "with" : "without"} scripts`, async (t) => {
    const { trial, page } = await openWindow(t, { javaScriptEnabled });
    await sendAll(page, trial);
    const rosa = await openConsole(t, trial, "Rosa", { javaScriptEnabled });
    await judgeNext(rosa, "approve");
    await page.reload();
    if (!javaScriptEnabled) await page.locator('form[action$="/accept"] button').click();
    const { status, claims } = await result(page);
    assert.deepEqual([status, claims[METHOD]], ["valid", "document"]);
  });
}
