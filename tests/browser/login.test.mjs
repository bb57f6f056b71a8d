/** Whole logins: from the application through the tenant and idv, and back. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { press } from "./keyboard.mjs";
import { ADA, atDesk, atSession, cancel, choose, enterCode, issueCode, logIn, result, simulate } from "./login.mjs";
import { openWindow, photograph } from "./window.mjs";

const STATUS = "https://id-verification/status";
const NOT_VERIFIED = { cancelled: "canceled", rejected: "failed", undecided: "pending" };
const END = {
  cancelled: cancel,
  rejected: (page) => simulate(page, "failed"),
  undecided: (page) => simulate(page, "pending"),
};

for (const [way, formPost] of [["redirect", false], ["form", true]]) {
  describe(`by ${way}`, () => {
    for (const application of ["Newsroom", "Payroll"]) {
      test(`a code typed by keyboard alone is a valid login to ${application} by ${way}`, async (t) => {
        const { trial, page } = await openWindow(t, { formPost });
        await page.goto(trial.address);
        await press(page, `Log in to ${application}`);
        await page.waitForURL(/\/authorize/);
        await press(page, ADA);
        await atSession(page);
        await press(page, "With a code");
        await atDesk(page);
        await page.keyboard.type(await codeFromDeskBeside(page, trial));
        await page.keyboard.press("Enter");
        const { heading, status, claims, metadata } = await result(page);
        assert.equal(heading, `${ADA} is logged in to ${application}`);
        assert.equal(status, "valid");
        assert.equal(claims[STATUS], "valid");
        assert.equal(claims["https://id-verification/id"], metadata.id_verification.id);
        assert.equal(claims["https://id-verification/last-check"], metadata.id_verification.last_check);
      });
    }

    for (const [name, end] of Object.entries(END)) {
      test(`Newsroom admits whoever was ${name} and is told so by ${way}`, async (t) => {
        const { trial, page } = await openWindow(t, { formPost });
        await logIn(page, trial, "Newsroom");
        await end(page);
        const { heading, status, claims } = await result(page);
        assert.equal(heading, `${ADA} is logged in to Newsroom`);
        assert.equal(status, NOT_VERIFIED[name]);
        assert.equal(claims[STATUS], NOT_VERIFIED[name]);
      });

      test(`Payroll admits nobody who was ${name} by ${way}`, async (t) => {
        const { trial, page } = await openWindow(t, { formPost });
        await logIn(page, trial, "Payroll");
        await end(page);
        const { heading, status, claims } = await result(page);
        assert.equal(heading, "Payroll admits nobody");
        assert.equal(status, "idv_verification_failed");
        assert.equal(claims, undefined);
      });
    }

    test(`a login without scripts is valid by ${way}`, async (t) => {
      const { trial, page } = await openWindow(t, { formPost, javaScriptEnabled: false });
      await logIn(page, trial, "Payroll");
      await choose(page, "desk");
      await atDesk(page);
      await enterCode(page, await issueCode(page, trial));
      if (formPost) {
        await photograph(page, "the way back without scripts");
        await page.getByRole("button", { name: "Continue" }).click();
      }
      assert.equal((await result(page)).claims[STATUS], "valid");
    });
  });
}

test("a wrong code is told beside the field and the right one is still good", async (t) => {
  const { trial, page } = await openWindow(t);
  await logIn(page, trial, "Payroll");
  await choose(page, "desk");
  const code = await issueCode(page, trial);
  await enterCode(page, "AAAA-AAAA-AAAA");
  assert.match(await page.getByRole("alert").innerText(), /4 attempts left/);
  assert.equal(await page.locator("#code").getAttribute("aria-invalid"), "true");
  assert.equal(await page.locator("#code").inputValue(), "AAAA-AAAA-AAAA");
  assert.match(await page.title(), /^Problem: /);
  await photograph(page, "a wrong code");
  await enterCode(page, code.toLowerCase().replaceAll("-", " "));
  assert.equal((await result(page)).status, "valid");
});

for (const way of ["typed", "pasted"]) {
  test(`a right code that is ${way} after a wrong one takes its place`, async (t) => {
    // The caret stood before the wrong code, and a right one beside it made 24 characters.
    const { trial, page } = await openWindow(t);
    await logIn(page, trial, "Payroll");
    await choose(page, "desk");
    const code = await issueCode(page, trial);
    await enterCode(page, "AAAA-AAAA-AAAA");
    await page.getByRole("alert").waitFor();
    await page.waitForFunction(() => document.querySelector("#code").selectionEnd === 14);
    await (way === "typed" ? page.keyboard.type(code) : page.keyboard.insertText(` ${code}\u00ad.`));
    await page.keyboard.press("Enter");
    assert.equal((await result(page)).status, "valid");
  });
}

/** The operator's desk opens beside the login, which stays where it is. */
async function codeFromDeskBeside(page, trial) {
  const start = await page.context().newPage();
  await start.goto(trial.address);
  const opened = page.context().waitForEvent("page");
  await press(start, "Operator’s desk");
  const desk = await opened;
  await desk.waitForURL(/\/operator$/);
  await press(desk, `Issue a code for ${ADA}`);
  const code = await desk.getByRole("status").locator("strong").innerText();
  await photograph(desk, "the desk with a code");
  await desk.close();
  await start.close();
  await page.bringToFront();
  return code;
}
