/** `idv trial --tls`: the same by HTTPS, and nothing left in the browser that would reach beyond it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { atSession, logIn, result, simulate } from "./login.mjs";
import { openWindow } from "./window.mjs";

test("a trial by HTTPS ends in a valid login", async (t) => {
  const { trial, page } = await openWindow(t, { tls: true, ignoreHTTPSErrors: true });
  assert.match(trial.address, /^https:/);
  await logIn(page, trial, "Payroll");
  const cookies = await page.context().cookies();
  const sessions = cookies.filter(({ name }) => name.startsWith("__Host-idv-"));
  assert.deepEqual(sessions.map(({ secure, httpOnly, sameSite }) => ({ secure, httpOnly, sameSite })), [
    { secure: true, httpOnly: true, sameSite: "Lax" },
  ]);
  await simulate(page, "success");
  assert.equal((await result(page)).status, "valid");
});

test("a trial by HTTPS binds no other port of localhost to HTTPS", async (t) => {
  const { trial, page } = await openWindow(t, { tls: true, ignoreHTTPSErrors: true });
  await logIn(page, trial, "Payroll");
  await atSession(page);
  const response = await page.reload();
  assert.equal(response.status(), 200);
  assert.equal(response.headers()["strict-transport-security"], undefined);
});
