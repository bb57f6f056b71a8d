/** What people do with tabs, the back button and a nervous finger. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { atSession, choose, enterCode, issueCode, logIn, result, simulate } from "./login.mjs";
import { arriveLate } from "./pages.mjs";
import { openWindow, photograph } from "./window.mjs";

test("two tabs of one browser finish two logins", async (t) => {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Payroll");
  const second = await page.context().newPage();
  await second.goto(`${trial.address}/authorize?application=newsroom`);
  await atSession(second);
  assert.notEqual(second.url(), page.url());

  await choose(page, "desk");
  await enterCode(page, await issueCode(page, trial));
  await simulate(second, "success");
  const [first, other] = [await result(page), await result(second)];
  assert.deepEqual([first.status, other.status], ["valid", "valid"]);
  assert.match(first.heading, /Payroll$/);
  assert.match(other.heading, /Newsroom$/);
});

test("the back button after the end leads to a page with a way back", async (t) => {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Payroll");
  await simulate(page, "success");
  await result(page);
  await page.goBack();
  await atSession(page);
  assert.equal(await page.locator("h1").innerText(), "You are verified");
  await photograph(page, "after the back button");
  await page.getByRole("link", { name: "Return to your login" }).click();
  await page.waitForURL(/\/continue\?/);
  // The login is over: of that, the tenant tells.
  assert.equal(await page.locator("h1").innerText(), "No such login");
});

test("a reload of the session page changes nothing", async (t) => {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Payroll");
  const address = page.url();
  for (const _ of [1, 2]) {
    const response = await page.reload();
    assert.equal(response.status(), 200);
    assert.equal(page.url(), address);
  }
  await choose(page, "simulated");
  await page.reload();
  await page.locator('button[value="success"]').click();
  assert.equal((await result(page)).status, "valid");
});

for (const [way, formPost] of [["redirect", false], ["form", true]]) {
  test(`a double click is one result by ${way}`, async (t) => {
    const { trial, page } = await openWindow(t, { formPost });
    await logIn(page, trial, "Payroll");
    await choose(page, "simulated");
    await page.locator('button[value="success"]').dblclick();
    const { status, hops } = await result(page);
    assert.equal(status, "valid");
    assert.equal(hops.filter((hop) => hop.includes("back at /continue")).length, 1);
  });

  test(`a second click after a lost answer is the same result by ${way}`, async (t) => {
    const { trial, page } = await openWindow(t, { formPost });
    await logIn(page, trial, "Payroll");
    await choose(page, "simulated");
    const button = page.locator('button[value="success"]');
    await button.waitFor();
    const lost = new Promise((resolve, reject) => {
      // idv answers, and nobody hears it.
      const lose = async (route) => {
        const response = await route.fetch({ maxRedirects: 0 });
        await route.fulfill({ status: 204 }); // with which a browser stays where it is
        return response.status();
      };
      page.route(/\/simulated$/, (route) => lose(route).then(resolve, reject), { times: 1 });
    });
    await button.click();
    assert.equal(await lost, formPost ? 200 : 303);
    await button.click();
    assert.equal((await result(page)).status, "valid");
  });
}

for (const javaScriptEnabled of [true, false]) {
  test(`a cookie that the browser keeps back at first is no end of the login, ${javaScriptEnabled ? "with" : "without"} scripts`, async (t) => {
    const { trial, page } = await openWindow(t, { javaScriptEnabled });
    await arriveLate(page, trial);
    await page.waitForURL(/\?arrived=1$/);
    await simulate(page, "success");
    assert.equal((await result(page)).status, "valid");
  });
}
