/** A phone takes the photos of a login that began on a computer: by a code and a word, and by nothing less. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { atSlot, beginPhotos, giveAll, givePhoto, judgeNext, news, openConsole, send, specimen } from "./document.mjs";
import { connect, offer, PHONE, words } from "./handing_over.mjs";
import { result } from "./login.mjs";
import { openBeside, openWindow, photograph } from "./window.mjs";

const BESIDE = { concurrency: 3 };
const heading = (page) => page.locator("h1").innerText();

describe("a phone", BESIDE, () => {
  for (const javaScriptEnabled of [true, false]) {
    test(`a phone takes the photos, and the login goes on where it began, ${javaScriptEnabled ? "with" : "without"} scripts`, async (t) => {
      const { trial, page } = await openWindow(t, { javaScriptEnabled });
      await beginPhotos(page, trial);
      const offered = await offer(page);
      await photograph(page, "a code for a phone");
      const phone = await openBeside(t, { ...PHONE, javaScriptEnabled });
      await connect(phone, offered);
      if (!javaScriptEnabled) await page.reload();
      await page.getByText("A phone is connected").waitFor();
      await photograph(page, "a phone is connected");
      await givePhoto(phone, await specimen(trial, "passport"));
      await atSlot(phone, "selfie");
      await givePhoto(phone, await specimen(trial, "selfie"));
      await phone.locator("h1").waitFor();
      assert.equal(await phone.locator("main form").count(), 0, "the phone sends nothing");
      if (!javaScriptEnabled) await page.reload();
      await send(page);
      const rosa = await openConsole(t, trial, "Rosa", { javaScriptEnabled });
      await judgeNext(rosa, "approve");
      if (!javaScriptEnabled) {
        await news(page, 'form[action$="/accept"]');
        await page.locator('form[action$="/accept"] button').click();
      }
      assert.equal((await result(page)).status, "valid");
      await phone.reload();
      assert.doesNotMatch(await phone.content(), /Ada|verified/);
    });
  }

  test("who is on a phone takes photos there first, and is offered another at the end", async (t) => {
    const { trial, page } = await openWindow(t, PHONE);
    await beginPhotos(page, trial);
    assert.equal(await page.locator('form[action$="/handoff"]').count(), 0);
    const order = await page.evaluate(() => {
      const [camera, other] = ["#take", 'a[href$="/handoff"]'].map((selector) => document.querySelector(selector));
      return camera.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
    });
    assert.ok(order, "the link comes after the camera");
  });

  test("what the code says is what the page says beside it, in capitals", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    const { address } = await offer(page);
    const link = await page.locator("code").innerText();
    assert.equal(address, link.toUpperCase());
    assert.match(link, /^http:\/\/localhost:\d+\/h\/[0-9A-HJKMNP-TV-Z]{26}$/i);
  });

  test("a phone may do nothing but take photos, and not once the login is over", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    const phone = await openBeside(t, PHONE);
    await connect(phone, await offer(page));
    const slot = phone.url();
    const session = page.url().replace(/\/document.*/, "");
    const opened = {};
    for (const path of ["", "/document/begin", "/document/send", "/document/withdraw", "/document/handoff", "/document/state", "/desk"]) {
      opened[path] = (await phone.goto(`${session}${path}`)).status();
    }
    assert.deepEqual(Object.entries(opened).filter(([, status]) => status < 400), []);
    await page.goto(session);
    await page.locator('form[action$="/cancel"] button').click();
    await result(page);
    await phone.goto(slot);
    assert.equal(await heading(phone), "This phone was disconnected");
  });
});

describe("a code that is sent on", BESIDE, () => {
  test("gains its sender nothing from who does not know the word, and the computer is told", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    const { address, word } = await offer(page);
    const phone = await openBeside(t, PHONE);
    await phone.goto(address);
    await photograph(phone, "the words on a phone");
    assert.match(await phone.locator("main").innerText(), /a•••@acme\.example/, "whose account it is stands there");
    await words(phone).filter({ hasNotText: new RegExp(`^${word}$`) }).first().click();
    assert.match(await phone.locator("main").innerText(), /not the word/);
    await page.getByRole("alert").filter({ hasText: "the wrong word was tapped" }).waitFor();
    // Not even to who knows it by now.
    await phone.goto(address);
    assert.equal(await words(phone).count(), 0);
    assert.equal((await phone.context().cookies()).length, 0, "the phone was given nothing");
  });

  test("is reported by who did not begin it, and the reviewer is told", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    const { address } = await offer(page);
    const phone = await openBeside(t, PHONE);
    await phone.goto(address);
    await phone.locator('button[value="none"]').click();
    await phone.locator("h1").waitFor();
    await page.getByRole("alert").filter({ hasText: "not theirs" }).first().waitFor();
    await page.goto(page.url().replace(/\/handoff$/, ""));
    await giveAll(page, trial);
    await send(page);
    const rosa = await openConsole(t, trial, "Rosa");
    await rosa.goto(new URL("/next", rosa.url()).href);
    await photograph(rosa, "a case that was reported");
    assert.match(await rosa.locator("main").innerText(), /not theirs|reported/i);
  });

  test("is no more than a look for previews and scanners, however often, and lets one phone in", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    const offered = await offer(page);
    for (let times = 0; times < 100; times += 1) {
      const response = await fetch(offered.address);
      assert.equal(response.status, 200);
      await response.arrayBuffer();
    }
    const phone = await openBeside(t, PHONE);
    await connect(phone, offered);
    const second = await openBeside(t, { ...PHONE, whose: "second phone" });
    await second.goto(offered.address);
    assert.equal(await heading(second), "This code does not work any more");
    // Another code is the end of the first phone.
    await page.getByText("A phone is connected").waitFor();
    await page.locator('form[action$="/handoff/cut"] button').click();
    await phone.reload();
    assert.equal(await heading(phone), "This phone was disconnected");
  });

  test("twice to people who did not begin it is the end of hand-offs for the login", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    for (let times = 0; times < 2; times += 1) {
      const { address } = await offer(page);
      const phone = await openBeside(t, { ...PHONE, whose: `phone ${times}` });
      await phone.goto(address);
      await phone.locator('button[value="none"]').click();
      await page.getByRole("alert").first().waitFor();
    }
    assert.equal(await page.locator('form[action$="/handoff"]').count(), 0);
    assert.match(await page.locator("main").innerText(), /No phone can be connected any more/);
  });
});
