/** Whole logins by Sample eID, the trial's own OpenID Provider, and what its page lets go wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { press } from "./keyboard.mjs";
import { ADA, answerEid, atEid, goToEid, logIn, logInAgain, result } from "./login.mjs";
import { openWindow, photograph } from "./window.mjs";

const METHOD = "https://id-verification/method";
const valid = async (page) => {
  const { status, claims } = await result(page);
  assert.deepEqual([status, claims[METHOD]], ["valid", "oidc:sample"]);
};

for (const [way, formPost] of [["redirect", false], ["form", true]]) {
  test(`Sample eID verifies who goes there by keyboard alone, by ${way}`, async (t) => {
    const { trial, page } = await openWindow(t, { formPost });
    await logIn(page, trial, "Payroll");
    await press(page, "Sample eID");
    await page.waitForURL(/\/oidc\/sample$/);
    await press(page, "Sample eID");
    await atEid(page);
    await press(page, "Confirm");
    await valid(page);
  });
}

test("Sample eID verifies a person without scripts, on the way back by a form too", async (t) => {
  const { trial, page } = await openWindow(t, { formPost: true, javaScriptEnabled: false });
  await logIn(page, trial, "Payroll");
  await goToEid(page);
  await answerEid(page, {});
  await page.getByRole("button", { name: "Continue" }).click();
  await valid(page);
});

test("Sample eID is asked by HTTPS where the trial is", async (t) => {
  const { trial, page } = await openWindow(t, { tls: true, ignoreHTTPSErrors: true });
  await logIn(page, trial, "Payroll");
  await goToEid(page);
  assert.match(page.url(), /^https:/);
  await answerEid(page, {});
  await valid(page);
});

test("the timeline shows the way to Sample eID and its ID token decoded", async (t) => {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Payroll");
  await goToEid(page);
  await answerEid(page, { holder: "Grace Hopper" });
  const { hops } = await result(page);
  const places = [/pushes a request/, /Grace Hopper there, at the level high/, /exchanges the code/, /keeps of it/, /back at \/continue/]
    .map((hop) => hops.findIndex((title) => hop.test(title)));
  assert.ok(places.every((place, index) => place > (places[index - 1] ?? 0)), JSON.stringify(hops));
  const detail = (title) => page.locator("details", { hasText: title }).locator("pre").textContent().then(JSON.parse);
  assert.equal((await detail("ID token: header")).alg, "ES256");
  assert.equal((await detail("ID token: payload")).family_name, "Hopper");
  assert.doesNotMatch(JSON.stringify(await detail("Evidence")), /Hopper|1906|eid-/);
});

for (const [what, choice, notice] of [
  ["a level that is too low", { level: "substantial" }, /less certain/],
  ["a refusal", { answer: "Refuse" }, /did not confirm/],
  ["a broken signature", { isBroken: true }, /not your fault/],
]) {
  test(`after ${what} the person is told so and may go there anew`, async (t) => {
    const { trial, page } = await openWindow(t);
    await logIn(page, trial, "Payroll");
    await goToEid(page);
    await answerEid(page, choice);
    assert.match(await page.getByRole("alert").innerText(), notice);
    assert.match(await page.title(), /^Problem: /);
    await page.locator('form[action$="/oidc/sample"] button').click();
    await answerEid(page, {});
    await valid(page);
  });
}

test("another person than last time is denied until the operator unbinds the account", async (t) => {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Payroll");
  await goToEid(page);
  await answerEid(page, {});
  await valid(page);
  const comeAs = async (holder) => {
    await page.getByRole("button", { name: "Forget the last check" }).click();
    await logInAgain(page);
    await goToEid(page);
    await answerEid(page, { holder });
    return (await result(page)).status;
  };
  assert.equal(await comeAs("Charles Babbage"), "idv_verification_failed");
  const desk = await page.context().newPage();
  await desk.goto(`${trial.address}/operator`);
  await photograph(desk, "the desk with somebody bound");
  await desk.getByRole("button", { name: `Unbind ${ADA}` }).click();
  await desk.getByRole("button", { name: `Unbind ${ADA}` }).waitFor({ state: "detached" });
  await desk.close();
  assert.equal(await comeAs("Charles Babbage"), "valid");
});

test("one person for two accounts is denied", async (t) => {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Payroll");
  await goToEid(page);
  await answerEid(page, {});
  await valid(page);
  await page.goto(trial.address);
  await page.getByRole("button", { name: "Sign out" }).click();
  await logIn(page, trial, "Payroll", "Noor Haddad");
  await goToEid(page);
  await answerEid(page, {});
  assert.equal((await result(page)).status, "idv_verification_failed");
});

test("Vault takes Sample eID and not the desk", async (t) => {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Vault");
  assert.equal(await page.locator('a[href$="/desk"]').count(), 0);
  await goToEid(page);
  await answerEid(page, {});
  await valid(page);
});

test("what came of the way to Sample eID is read out first, and Tab leads on to the button", async (t) => {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Payroll");
  await goToEid(page);
  await answerEid(page, { answer: "Refuse" });
  await page.getByRole("alert").waitFor();
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("role") ?? document.activeElement.name);
  assert.equal(await focused(), "alert");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "continue");
});

test("who is sent here once more by a provider that they went back to may try again", async (t) => {
  // They were told that their browser is not the one in which they logged in, and had to begin the login anew.
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Payroll");
  await goToEid(page);
  const callback = page.waitForRequest(/\/callback\?.*state=/);
  await answerEid(page, { answer: "Refuse" });
  const again = new URL((await callback).url());
  await page.getByRole("alert").waitFor();
  again.searchParams.delete("error");
  again.searchParams.delete("error_description");
  again.searchParams.set("code", "a-new-one");
  await page.goto(again.href);
  await page.getByRole("alert").waitFor();
  await page.locator('form[action$="/oidc/sample"] button').click();
  await answerEid(page, {});
  await valid(page);
});

test("a second tab of a login that has ended leads back, and not to Sample eID", async (t) => {
  // Its person proved there who they are, for nothing.
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Payroll");
  const other = await page.context().newPage();
  await other.goto(`${page.url()}/oidc/sample`);
  await goToEid(page);
  await answerEid(page, {});
  await valid(page);
  const asked = [];
  other.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await other.locator('form[action$="/oidc/sample"] button').click();
  await other.waitForURL((url) => url.origin === new URL(trial.address).origin && !url.pathname.startsWith("/session/"));
  assert.ok(!asked.some((path) => path.startsWith("/eid/")), JSON.stringify(asked));
});
