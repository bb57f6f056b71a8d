/** The buttons of the result page, each of which does what it says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADA, atSession, logIn, result, simulate } from "./login.mjs";
import { openWindow, photograph } from "./window.mjs";

const DAY = 86_400; // seconds

/** A result page of somebody whom idv has verified. */
async function verified(t, application) {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, application);
  await simulate(page, "success");
  await result(page);
  return { trial, page };
}

/** Follows a link or a button of the result page to what it shows next. */
async function take(page, name) {
  const next = page.waitForEvent("framenavigated");
  await page.getByText(name, { exact: true }).click();
  await next;
}

test("a login while the check counts does not go to idv", async (t) => {
  const { trial, page } = await verified(t, "Payroll");
  const hosts = new Set();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  await take(page, "Log in again");
  const { status, hops } = await result(page);
  assert.equal(status, "valid");
  assert.match(hops.join("\n"), /lets the login go on/);
  assert.deepEqual([...hosts], [trial.address]);
});

for (const [button, hop] of [["Silent login", "Silent login"], ["Refresh", "Refresh token exchange"]]) {
  test(`${button} is valid while the check counts`, async (t) => {
    const { page } = await verified(t, "Payroll");
    await take(page, button);
    const { status, hops } = await result(page);
    assert.equal(status, "valid");
    assert.match(hops[0], new RegExp(`^${hop}`));
  });

  test(`${button} is refused by Payroll once the check is forgotten`, async (t) => {
    const { page } = await verified(t, "Payroll");
    await take(page, "Forget the last check");
    await take(page, button);
    const { heading, status } = await result(page);
    assert.equal(heading, "Payroll admits nobody");
    assert.equal(status, "idv_interaction_required");
  });

  test(`${button} is skipped by Newsroom once the check is forgotten`, async (t) => {
    const { page } = await verified(t, "Newsroom");
    await take(page, "Forget the last check");
    await take(page, button);
    assert.equal((await result(page)).status, "skipped");
  });
}

test("a forgotten check is gone and the next login goes to idv", async (t) => {
  const { page } = await verified(t, "Payroll");
  await take(page, "Forget the last check");
  assert.deepEqual((await result(page)).metadata, {});
  await take(page, "Log in again");
  await atSession(page);
});

test("an expired check is a day older and the next login goes to idv", async (t) => {
  const { page } = await verified(t, "Payroll");
  const before = (await result(page)).metadata.id_verification;
  await take(page, "Let it expire");
  const after = (await result(page)).metadata.id_verification;
  assert.equal(before.last_check - after.last_check, DAY + 1);
  assert.equal(before.id, after.id);
  await take(page, "Log in again");
  await simulate(page, "success");
  const { status, metadata } = await result(page);
  assert.equal(status, "valid");
  assert.ok(metadata.id_verification.last_check >= before.last_check);
});

test("a lost result is handed over in the same browser, without another check", async (t) => {
  const { page } = await verified(t, "Payroll");
  const before = (await result(page)).metadata.id_verification;
  await take(page, "Lose the last result");
  assert.deepEqual((await result(page)).metadata, {});
  await take(page, "Log in again");
  const { status, metadata } = await result(page);
  assert.equal(status, "valid");
  assert.equal(metadata.id_verification.last_check, before.last_check);
});

test("a broken secret ends at idv and a mended one does not", async (t) => {
  const { page } = await verified(t, "Payroll");
  const address = page.url();
  await take(page, "Forget the last check");
  await take(page, "Break the secret");
  const refused = page.waitForResponse(/\/id-verification\?/);
  await take(page, "Log in again");
  assert.equal((await refused).status(), 401);
  assert.equal(await page.locator("h1").innerText(), "This link does not work");
  await photograph(page, "a broken secret");
  await page.goto(address);
  await take(page, "Mend the secret");
  await take(page, "Log in again");
  await atSession(page);
});

test("whoever signs out of the tenant is asked who they are", async (t) => {
  const { trial, page } = await verified(t, "Payroll");
  await page.goto(trial.address);
  assert.match(await page.locator("main").innerText(), new RegExp(`signed in at the tenant as ${ADA}`));
  await take(page, "Sign out of the tenant");
  await take(page, "Log in to Payroll");
  assert.equal(await page.locator("h1").innerText(), "Sign in to Payroll");
});
