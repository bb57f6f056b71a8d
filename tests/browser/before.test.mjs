/** What was decided before: the page that goes on by itself, the one that waits, and the ways back from them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { press } from "./keyboard.mjs";
import { atDesk, atSession, choose, decide, enterCode, issueCode, logIn, logInAgain, result, simulate } from "./login.mjs";
import { leaveUndecided } from "./pages.mjs";
import { openWindow } from "./window.mjs";

const WAYS = [["redirect", false], ["form", true]];
const accept = (page) => page.locator('form[action$="/accept"] button');
const heading = (page) => page.locator("h1").innerText();
const returns = (hops) => hops.filter((hop) => hop.includes("back at /continue")).length;

/** A window whose last login ended undecided, which then was decided. */
async function decided(t, decision, looks) {
  const { trial, page } = await openWindow(t, looks);
  await leaveUndecided(page, trial);
  await decide(page, trial, decision);
  return { trial, page };
}

/** Presses what leads from the result page to a login whose page may go on before anybody sees it. */
const begin = (page) => page.getByRole("link", { name: "Log in again" }).click();

/** The result page of the login number `run`. */
async function resultOf(page, run) {
  await page.waitForURL(`**/callback?run=${run}`);
  return result(page);
}

for (const [way, formPost] of WAYS) {
  test(`who was verified meanwhile goes on by themselves by ${way}`, async (t) => {
    const { page } = await decided(t, "verified", { formPost });
    await begin(page);
    const { status, hops } = await resultOf(page, 1);
    assert.equal(status, "valid");
    assert.equal(returns(hops), 1);
  });

  test(`who was verified meanwhile goes on by keyboard alone without scripts by ${way}`, async (t) => {
    const { trial, page } = await openWindow(t, { formPost, javaScriptEnabled: false });
    const handOver = async () => {
      if (!formPost) return;
      await page.locator('form[action*="/continue"]').waitFor();
      await press(page, "Continue");
    };
    await logIn(page, trial, "Payroll");
    await simulate(page, "pending");
    await handOver();
    await result(page);
    await decide(page, trial, "verified");
    await logInAgain(page);
    assert.equal(await heading(page), "You are verified");
    await press(page, "Continue");
    await handOver();
    assert.equal((await resultOf(page, 1)).status, "valid");
  });

  test(`back, forward and reload after going on are no trap by ${way}`, async (t) => {
    const { trial, page } = await decided(t, "verified", { formPost });
    await begin(page);
    await resultOf(page, 1);
    await page.reload();
    assert.equal((await resultOf(page, 1)).status, "valid");
    // Each step back is a step: nothing throws the person forward again.
    let steps = 0;
    while (!page.url().endsWith("run=0") && steps < 4) {
      await page.goBack();
      steps += 1;
      if (page.url().includes("/session/")) assert.equal(await heading(page), "You are verified");
    }
    assert.ok(page.url().endsWith("run=0"), page.url());
    for (; steps > 0; steps -= 1) await page.goForward();
    assert.equal((await resultOf(page, 1)).status, "valid");
    assert.ok(page.url().startsWith(trial.address));
  });

  test(`a button that is pressed before the script comes, and twice, is one result by ${way}`, async (t) => {
    const { page } = await decided(t, "verified", { formPost });
    let arrive;
    const late = new Promise((resolve) => { arrive = resolve; });
    await page.route(/submit.*\.js$/, async (route) => {
      await late;
      await route.continue();
    }, { times: 1 });
    await begin(page);
    await accept(page).dblclick();
    arrive();
    const { status, hops } = await resultOf(page, 1);
    assert.equal(status, "valid");
    assert.equal(returns(hops), 1);
  });
}

test("who was not verified meanwhile is told what the buttons do, and returns or begins anew", async (t) => {
  // The page said to go on to finish logging in, which no button of it did.
  const { page } = await decided(t, "not-verified");
  await logInAgain(page);
  assert.equal(await heading(page), "You could not be verified");
  // A button does lead on with Sample eID.
  assert.doesNotMatch(await page.locator("main").innerText(), /continue(?! with )|finish/i);
  await press(page, "Simulate it");
  await page.locator('button[value="success"]').waitFor();
  await page.goBack();
  assert.equal(await heading(page), "You could not be verified");
  await accept(page).click();
  assert.equal((await resultOf(page, 1)).status, "idv_verification_failed");
});

test("who waits returns by keyboard as often as they like, and is verified anew by a code", async (t) => {
  const { trial, page } = await openWindow(t);
  await leaveUndecided(page, trial);
  for (const run of [1, 2]) {
    await logInAgain(page);
    assert.equal(await heading(page), "Your verification is still being decided");
    await press(page, "Return to your login");
    assert.equal((await resultOf(page, run)).status, "idv_verification_failed");
  }
  await logInAgain(page);
  await press(page, "With a code");
  await atDesk(page);
  await enterCode(page, await issueCode(page, trial));
  assert.equal((await resultOf(page, 3)).status, "valid");
});

test("a page that waits shows what was decided when it is loaded anew", async (t) => {
  const { trial, page } = await openWindow(t);
  await leaveUndecided(page, trial);
  await logInAgain(page);
  await decide(page, trial, "verified");
  await page.reload({ waitUntil: "commit" });
  assert.equal((await resultOf(page, 1)).status, "valid");
});

for (const [act, goOn] of [
  ["goes back a page", (tab) => tab.goBack({ waitUntil: "commit" })],
  ["sends the code that was used", (tab, code) => enterCode(tab, code)],
]) {
  test(`a second tab that ${act} ends with the check that the first has made`, async (t) => {
    const { trial, page } = await openWindow(t);
    await logIn(page, trial, "Payroll");
    const second = await page.context().newPage();
    await second.goto(`${trial.address}/authorize?application=newsroom`);
    await atSession(second);
    for (const tab of [page, second]) await choose(tab, "desk");

    const code = await issueCode(page, trial);
    await enterCode(page, code);
    const first = await result(page);
    await goOn(second, code);
    const { claims } = await result(second);
    assert.deepEqual(claims, first.claims);
  });
}

test("who went elsewhere and comes back twice, or by the back button, is where they were", async (t) => {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Vault");
  await choose(page, "simulated");
  await page.locator('button[value="away"]').dblclick();
  await page.waitForURL(/\/simulated\/back$/);
  await page.goBack();
  await page.locator('button[value="away"]').waitFor();
  await page.goForward();
  await page.reload();
  await press(page, "Verified");
  assert.equal((await result(page)).status, "valid");
  await page.goBack();
  await atSession(page);
  assert.equal(await heading(page), "You are verified");
});

test("a reload of the operator's desk decides nothing more", async (t) => {
  // It sent the decision again, which then was the next case's.
  const { trial, page } = await openWindow(t);
  await leaveUndecided(page, trial);
  const desk = await page.context().newPage();
  await desk.goto(`${trial.address}/operator`);
  await desk.locator('button[value="not-verified"]').click();
  await desk.locator('button[value="not-verified"]').waitFor({ state: "detached" });
  await logInAgain(page);
  await simulate(page, "pending");
  await resultOf(page, 1);
  await desk.reload();
  assert.equal(await desk.getByRole("button", { name: "Not verified" }).count(), 1);
});
