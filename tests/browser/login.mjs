/** What people do in a login, and what they see at its end. idv's pages are read in any language. */

import assert from "node:assert/strict";

export const ADA = "Ada Lovelace";

/** From the start of the trial to idv's first page. */
export async function logIn(page, trial, application, person = ADA) {
  await page.goto(trial.address);
  await page.getByRole("link", { name: `Log in to ${application}` }).click();
  await page.getByRole("button", { name: person }).click();
  await atSession(page);
}

export const atSession = (page) => page.waitForURL(/\/session\/[^/]+$/);
export const atDesk = (page) => page.waitForURL(/\/session\/[^/]+\/desk$/);

export async function choose(page, method) {
  await page.locator(`a[href$="/${method}"]`).click();
}

/** The simulated method ends as the person says, success, failed or pending; or sends them away first. */
export async function simulate(page, outcome) {
  await choose(page, "simulated");
  await page.locator(`button[value="${outcome}"]`).click();
}

/** From idv's first page to Sample eID's. */
export async function goToEid(page) {
  await choose(page, "oidc/sample");
  await page.locator('form[action$="/oidc/sample"] button').click();
  await atEid(page);
}

export const atEid = (page) => page.waitForURL(/\/eid\/authorize\?/);

/** What a person answers at Sample eID. */
export async function answerEid(page, { holder = ADA, level = "high", isBroken = false, answer = "Confirm" }) {
  await page.getByRole("radio", { name: holder }).check();
  await page.getByRole("radio", { name: `Level ${level}` }).check();
  await page.getByRole("checkbox", { name: "Break the signature" }).setChecked(isBroken);
  await page.getByRole("button", { name: answer }).click();
}

export async function cancel(page) {
  await page.locator('form[action$="/cancel"] button').click();
}

export async function enterCode(page, code) {
  await page.locator("#code").fill(code);
  await page.locator('form[action$="/desk"] button').click();
}

/** The operator issues a code in another tab, which is closed again. */
export async function issueCode(page, trial, person = ADA) {
  const desk = await page.context().newPage();
  await desk.goto(`${trial.address}/operator`);
  await desk.getByRole("button", { name: person }).click();
  const code = await desk.getByRole("status").locator("strong").innerText();
  await desk.close();
  return code;
}

/** From the result page to idv's first page once more. */
export async function logInAgain(page) {
  await page.getByRole("link", { name: "Log in again" }).click();
  await atSession(page);
}

/** The operator decides what is undecided, in another tab, which is closed again. */
export async function decide(page, trial, decision) {
  const desk = await page.context().newPage();
  await desk.goto(`${trial.address}/operator`);
  await desk.locator(`button[value="${decision}"]`).click();
  await desk.locator(`button[value="${decision}"]`).waitFor({ state: "detached" });
  await desk.close();
}

/** @returns what the application received: { heading, status, claims, metadata, hops } */
export async function result(page) {
  // What only this page has: a navigation that is waited for fails when a second click replaces it.
  await page.locator('form[action="/refresh"]').waitFor();
  assert.match(page.url(), /\/callback\?run=\d+$/);
  const block = async (title) => {
    const text = page.locator(`h2:has-text("${title}") + pre`);
    return (await text.count()) ? JSON.parse(await text.innerText()) : undefined;
  };
  return {
    heading: await page.locator("h1").innerText(),
    status: await page.locator("h1 + p strong").innerText(),
    claims: await block("Claims in the ID token"),
    metadata: await block("app_metadata"),
    hops: await page.locator("li > p").allInnerTexts(),
  };
}
