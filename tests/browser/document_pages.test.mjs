/**
 * Every page of the document method and of the console, met on one way through a case: looked at by axe-core, on a phone of 320
 * pixels, light and dark, in German and Arabic. Each leaves its screenshots.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { violations } from "./axe.mjs";
import {
  atSlot, beginPhotos, claimNext, consent, giveAll, givePhoto, judge, judgeNext, news, openConsole, paper, photo, send, sendPhoto, specimen,
} from "./document.mjs";
import { choose, logIn, logInAgain, result } from "./login.mjs";
import { openBeside, openWindow, photograph } from "./window.mjs";

const BESIDE = { concurrency: 3 };
const DESKTOP = { width: 1280, height: 720 };
const PHONE = { width: 320, height: 640 };
const PDF = photo(Buffer.from(`%PDF-1.7\n${" ".repeat(600)}`));

const PHONE_LOOKS = { whose: "phone", isMobile: true, hasTouch: true };

/** What `look` finds on a page that may load itself anew meanwhile, as those do that wait for somebody. */
async function whileItStays(look) {
  for (let tries = 5; ; tries -= 1) {
    try {
      return await look();
    } catch (error) {
      if (tries === 1 || !/context was destroyed/.test(error.message)) throw error;
    }
  }
}

/** What finds out what is wrong with a page, and goes on; `assertFine` tells of all pages at once. */
function examiner(page, locale) {
  const found = [];
  const looks = locale === "en" ? [["light", DESKTOP], ["dark", DESKTOP], ["light", PHONE]] : [["light", PHONE]];
  return {
    async examine(name) {
      for (const [colorScheme, viewport] of looks) {
        const look = `${name} ${colorScheme} ${viewport.width}`;
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        await photograph(page, `${locale} ${look}`);
        const wrong = await whileItStays(async () => {
          const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
          const wide = needed > given ? [`${needed} pixels in a window of ${given}`] : [];
          return locale === "en" ? [...wide, ...(await violations(page))] : wide;
        });
        found.push(...wrong.map((what) => `${look}: ${what}`));
      }
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize(DESKTOP);
    },
    assertFine: () => assert.deepEqual(found, []),
  };
}

describe("one way through a case", BESIDE, () => {
  for (const locale of ["en", "de-DE", "ar"]) {
    test(`every page that an applicant meets is fine in ${locale}`, async (t) => {
      // axe is a script, which the pages' policy does not let in.
      const { trial, page } = await openWindow(t, { locale, bypassCSP: true });
      const { examine, assertFine } = examiner(page, locale);
      const rosa = await openConsole(t, trial, "Rosa");

      await logIn(page, trial, "Payroll");
      await choose(page, "document");
      await examine("what is needed");
      await page.goto(`${page.url()}/otherwise`);
      await examine("another way");
      await page.goBack();
      await consent(page);
      await examine("the first photo");
      await sendPhoto(page, PDF);
      await page.getByRole("alert").waitFor();
      await examine("a photo that is none");
      await sendPhoto(page, await specimen(trial, "passport"));
      await page.waitForURL(/\/check$/);
      await examine("the look at a photo");
      await page.locator('form[action$="/keep"] button').click();
      await atSlot(page, "selfie");
      await examine("the selfie");
      await givePhoto(page, await specimen(trial, "selfie", { paper: await paper(page) }));
      await examine("all photos");
      await page.locator('a[href$="/withdraw"]').click();
      await examine("whether to stop");
      await page.goBack();
      await send(page);
      await examine("waiting");

      await judgeNext(rosa, "ask_again", { slot: "front", reason: "cut_off" });
      await news(page, 'a[href$="/document/front"]');
      await examine("what is asked again");
      await page.locator('a[href$="/document/front"]').click();
      await examine("a photo that is asked again");
      await givePhoto(page, await specimen(trial, "card-front"));
      await send(page);
      await page.locator('form[action$="/accept"] button').click();
      await result(page);
      await page.getByRole("button", { name: "Lose the last result" }).click();
      await page.context().clearCookies({ name: /^idv-/ });
      await logInAgain(page);
      await choose(page, "document");
      await examine("photos of another login");
      await page.locator('a[href$="/document/begin"]').click();
      await examine("what is needed to begin anew");
      await consent(page);
      await giveAll(page, trial);
      await send(page);
      await judgeNext(rosa, "reject", { reason: "different_person" });
      await news(page, 'a[href$="/document/begin"]');
      await examine("rejected");
      assertFine();
    });
  }

  for (const locale of ["en", "de-DE", "ar"]) {
    test(`every page of a hand-off is fine in ${locale}`, async (t) => {
      const { trial, page } = await openWindow(t, { locale, bypassCSP: true });
      const phone = await openBeside(t, { ...PHONE_LOOKS, locale, bypassCSP: true });
      const [computer, hand] = [examiner(page, locale), examiner(phone, locale)];
      await beginPhotos(page, trial);
      const showCode = async () => {
        await page.locator('form[action$="/handoff"] button').first().click();
        await page.locator("svg[role=img]").waitFor();
        return page.locator("code").innerText();
      };
      const code = await showCode();
      await computer.examine("a code for a phone");
      await phone.goto(code);
      await hand.examine("the words on a phone");
      const word = await page.locator(".paper").innerText();
      await phone.locator("button.word").filter({ hasText: new RegExp(`^${word}$`) }).click();
      await atSlot(phone, "front");
      await hand.examine("the first photo on a phone");
      await givePhoto(phone, await specimen(trial, "passport"));
      await page.locator(".photos").waitFor();
      await computer.examine("a phone is connected");
      await givePhoto(phone, await specimen(trial, "selfie"));
      await phone.waitForURL(/\/document$/);
      await hand.examine("a phone that is done");
      await page.waitForURL(/\/send$/);
      await page.goto(page.url().replace(/send$/, "handoff"));
      await computer.examine("a phone that has taken all photos");
      hand.assertFine();
      computer.assertFine();
    });

    test(`every page of a hand-off that fails is fine in ${locale}`, async (t) => {
      const { trial, page } = await openWindow(t, { locale, bypassCSP: true });
      const phone = await openBeside(t, { ...PHONE_LOOKS, locale, bypassCSP: true });
      const [computer, hand] = [examiner(page, locale), examiner(phone, locale)];
      await beginPhotos(page, trial);
      for (const name of ["a code that was reported", "hand-offs that are over"]) {
        await page.locator('form[action$="/handoff"] button').first().click();
        await page.locator("svg[role=img]").waitFor();
        await phone.goto(await page.locator("code").innerText());
        await phone.locator('button[value="none"]').click();
        await page.getByRole("alert").first().waitFor();
        await computer.examine(name);
      }
      await hand.examine("a code that is not theirs");
      hand.assertFine();
      computer.assertFine();
    });
  }

  test("every page that an operator meets is fine", async (t) => {
    const { trial, page } = await openWindow(t);
    const sven = await openConsole(t, trial, "Sven", { bypassCSP: true });
    const { examine, assertFine } = examiner(sven, "en");
    const at = (path) => sven.goto(new URL(path, sven.url()).href);
    await examine("console without cases");
    for (const path of ["/me", "/operators", "/figures", "/nowhere"]) {
      await at(path);
      await examine(`console ${path.slice(1)}`);
    }
    await beginPhotos(page, trial, { kind: "identity_card" });
    await giveAll(page, trial, { kind: "identity_card", hasPaper: true });
    await send(page);
    await at("/");
    await examine("console with a case");
    await sven.getByRole("textbox", { name: "Auth0 user id" }).fill("auth0|nobody");
    await sven.getByRole("button", { name: "Find it" }).click();
    await examine("a search that finds nobody");
    await at("/next");
    await examine("a case of nobody");
    await claimNext(sven);
    await sven.locator("details").evaluateAll((all) => all.forEach((details) => { details.open = true; }));
    await examine("a case that is claimed");
    await sven.locator('[name="zoom"][value="2"]').check();
    await examine("a case that is enlarged");
    await sven.locator("#verdict > button").last().click();
    await sven.getByRole("alert").waitFor();
    await examine("a verdict with nothing ticked");
    for (const outcome of ["reject", "ask_again"]) {
      await sven.locator(`[name="outcome"][value="${outcome}"]`).check();
      await examine(`the form of ${outcome}`);
    }
    await sven.locator('[name="ask.front.blurred"]').check();
    await sven.locator("#verdict > button").last().click();
    await sven.locator('button[value="confirmed"]').waitFor();
    await examine("whether that is the verdict");
    await sven.locator('button[value="back"]').click();
    await judge(sven, "reject");
    await examine("console with a case that is not taken");
    await sven.locator('a[href^="/case/"]').first().click();
    await examine("a case that is decided");
    await at("/figures");
    await examine("figures of a case");
    assert.equal(await sven.locator("td:not([data-label])").count(), 0, "a figure on a phone, whose table has no head, says what it is");
    await at("/");
    await sven.locator('form[action="/sign-out"] button').click();
    await at("/");
    await examine("console signed out");
    await sven.goto(`${trial.address}/operator`);
    await sven.getByRole("button", { name: "Go there as Sven" }).click();
    await examine("a one-time link");
    const link = sven.url();
    await sven.locator('form[action^="/link/"] button').click();
    await sven.goto(link);
    await examine("a link that is used up");
    assertFine();
  });
});
