/** Whole logins by the document method: photos, the organisation's reviewers, and what comes of it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  atSlot, beginPhotos, claimNext, consent, giveAll, givePhoto, judge, judgeNext, news, openConsole, paper, photo, send, sendAll, sendPhoto,
  specimen,
} from "./document.mjs";
import { ADA, atSession, choose, logIn, logInAgain, result } from "./login.mjs";
import { openBeside, openWindow } from "./window.mjs";

const METHOD = "https://id-verification/method";
/** Each has a trial of its own, and waits for its browser most of the time. */
const BESIDE = { concurrency: 3 };
const heading = (page) => page.locator("h1").innerText();
const accept = (page) => page.locator('form[action$="/accept"] button');

/** What was decided for who waits: with scripts it goes on by itself. */
async function goOn(page, javaScriptEnabled = true) {
  if (!javaScriptEnabled) {
    await news(page, 'form[action$="/accept"]');
    await accept(page).click();
  }
  return result(page);
}

async function assertVerified(page, javaScriptEnabled) {
  const { status, claims, metadata } = await goOn(page, javaScriptEnabled);
  assert.deepEqual([status, claims[METHOD]], ["valid", "document"]);
  const told = JSON.stringify([claims, metadata]);
  assert.doesNotMatch(told, /assurance_level|"acr"|"amr"/, "no level is claimed");
}

describe("within the login", BESIDE, () => {
  for (const javaScriptEnabled of [true, false]) {
    const how = `${javaScriptEnabled ? "with" : "without"} scripts`;

    test(`who sends both sides of a card and a selfie and is approved meanwhile is verified, ${how}`, async (t) => {
      const { trial, page } = await openWindow(t, { javaScriptEnabled });
      await sendAll(page, trial, { kind: "identity_card", hasPaper: true });
      const rosa = await openConsole(t, trial, "Rosa", { javaScriptEnabled });
      await judgeNext(rosa, "approve");
      await assertVerified(page, javaScriptEnabled);
    });

    test(`who is asked again sends what was unusable alone, and not the same once more, ${how}`, async (t) => {
      const { trial, page } = await openWindow(t, { javaScriptEnabled });
      await sendAll(page, trial);
      const rosa = await openConsole(t, trial, "Rosa", { javaScriptEnabled });
      await judgeNext(rosa, "ask_again", { slot: "front", reason: "glare" });
      await news(page, 'a[href$="/document/front"]');
      assert.match(await page.locator("main").innerText(), /Something reflects/);
      await page.locator('a[href$="/document/front"]').click();
      await atSlot(page, "front");
      assert.match(await page.locator(".asked").innerText(), /Something reflects/);
      await sendPhoto(page, await specimen(trial, "passport"));
      assert.match(await page.getByRole("alert").innerText(), /very photo could not be used/);
      await givePhoto(page, await specimen(trial, "card-front"));
      await send(page);
      await judgeNext(rosa, "approve");
      await assertVerified(page, javaScriptEnabled);
    });
  }

  test("who is rejected is told why in words that may be told, and returns to a login that fails", async (t) => {
    const { trial, page } = await openWindow(t);
    await sendAll(page, trial);
    const rosa = await openConsole(t, trial, "Rosa");
    await judgeNext(rosa, "reject", { reason: "different_person" });
    await news(page, 'a[href$="/document/begin"]');
    assert.equal(await heading(page), "You could not be verified");
    assert.match(await page.locator("main").innerText(), /could not be taken for the same/);
    await accept(page).click();
    assert.equal((await result(page)).status, "idv_verification_failed");
  });

  test("two reviewers decide where the first wishes it, and the second sees nothing of the first", async (t) => {
    const { trial, page } = await openWindow(t);
    await sendAll(page, trial);
    const rosa = await openConsole(t, trial, "Rosa");
    await judgeNext(rosa, "approve", { wantsSecond: true });
    const other = await page.context().newPage();
    await other.goto(page.url());
    assert.match(other.url(), /\/document$/, "it waits on");
    await other.close();
    assert.match(await rosa.locator("main").innerText(), /No case waits/);
    const sven = await openConsole(t, trial, "Sven");
    await claimNext(sven);
    assert.doesNotMatch(await sven.content(), /Rosa/);
    await judge(sven, "approve");
    await assertVerified(page);
  });

  test("where two differ a third settles it, who sees what both came to", async (t) => {
    const { trial, page } = await openWindow(t);
    await sendAll(page, trial);
    await judgeNext(await openConsole(t, trial, "Rosa"), "approve", { wantsSecond: true });
    await judgeNext(await openConsole(t, trial, "Sven"), "reject");
    const thea = await openConsole(t, trial, "Thea");
    await thea.goto(new URL("/", thea.url()).href);
    await thea.getByRole("region", { name: "Two decided differently" }).getByRole("link").click();
    await thea.locator('form[action$="/claim"] button').click();
    await thea.locator("#verdict").waitFor();
    assert.match(await thea.locator(".verdicts").innerText(), /Rosa[^]*Sven/);
    await judge(thea, "approve");
    await assertVerified(page);
  });

  test("a case that one reviewer has is not another's to decide, who is told whose it is", async (t) => {
    const { trial, page } = await openWindow(t);
    await sendAll(page, trial);
    const rosa = await openConsole(t, trial, "Rosa");
    await claimNext(rosa);
    const sven = await openConsole(t, trial, "Sven");
    await sven.goto(rosa.url());
    assert.match(await sven.locator(".standing").innerText(), /Rosa/);
    assert.equal(await sven.locator("#verdict").count(), 0);
    await judge(rosa, "approve");
    await assertVerified(page);
  });
});

describe("by a later login", BESIDE, () => {
  /** Photos were sent, and the login went back undecided. */
  async function leave(page, trial) {
    await sendAll(page, trial);
    await accept(page).click();
    const { status, metadata } = await result(page);
    assert.equal(status, "idv_verification_failed");
    return metadata;
  }

  test("who was approved meanwhile brings the ticket along, and is verified at the time of the decision", async (t) => {
    const { trial, page } = await openWindow(t);
    await leave(page, trial);
    const rosa = await openConsole(t, trial, "Rosa");
    await judgeNext(rosa, "approve");
    await page.getByRole("link", { name: "Log in again" }).click();
    await page.waitForURL("**/callback?run=1");
    await assertVerified(page);
  });

  test("who still waits goes on where they were", async (t) => {
    const { trial, page } = await openWindow(t);
    await leave(page, trial);
    await page.getByRole("link", { name: "Log in again" }).click();
    await page.waitForURL(/\/document$/);
    assert.equal(await heading(page), "Your photos are with your organisation");
    const rosa = await openConsole(t, trial, "Rosa");
    await judgeNext(rosa, "ask_again", { slot: "selfie", reason: "cue_not_done" });
    await news(page, 'a[href$="/document/selfie"]');
    await page.locator('a[href$="/document/selfie"]').click();
    await givePhoto(page, await specimen(trial, "selfie", { paper: await paper(page) }));
    await send(page);
    await judgeNext(rosa, "approve");
    await assertVerified(page);
  });

  test("who comes without the ticket takes nothing over, and may begin anew", async (t) => {
    const { trial, page } = await openWindow(t);
    await leave(page, trial);
    const rosa = await openConsole(t, trial, "Rosa");
    await claimNext(rosa);
    await page.getByRole("button", { name: "Lose the last result" }).click();
    // Nothing of the browser's own says who they are, either.
    await page.context().clearCookies({ name: /^idv-/ });
    await logInAgain(page);
    await choose(page, "document");
    assert.equal(await heading(page), "You have sent photos already");
    await page.locator('a[href$="/document/begin"]').click();
    await consent(page);
    await giveAll(page, trial);
    await send(page);
    await judgeNext(rosa, "approve");
    await assertVerified(page);
  });

  test("what was decided for who comes without the ticket is no result of theirs", async (t) => {
    const { trial, page } = await openWindow(t);
    await leave(page, trial);
    const rosa = await openConsole(t, trial, "Rosa");
    await judgeNext(rosa, "approve");
    await page.getByRole("button", { name: "Lose the last result" }).click();
    await page.context().clearCookies({ name: /^idv-/ });
    await logInAgain(page);
    assert.equal(await heading(page), "How would you like to verify yourself?");
  });
});

describe("what goes wrong", BESIDE, () => {
  test("a start that is sent on to somebody else gains its sender nothing", async (t) => {
    const { trial, page } = await openWindow(t);
    await page.route(/\/id-verification\?/, (route) => route.fulfill({ status: 204 }));
    await page.goto(trial.address);
    await page.getByRole("link", { name: "Log in to Payroll" }).click();
    const started = page.waitForRequest(/\/id-verification\?/);
    await page.getByRole("button", { name: ADA }).click();
    const link = (await started).url();
    await page.unroute(/\/id-verification\?/);

    // Somebody else opens it, and lets themselves be verified.
    const victim = await openBeside(t, { whose: "somebody else" });
    await victim.goto(link);
    await choose(victim, "document");
    await consent(victim);
    await giveAll(victim, trial, { person: "Noor Haddad" });
    await send(victim);
    const rosa = await openConsole(t, trial, "Rosa");
    await judgeNext(rosa, "approve");
    await victim.waitForURL(/\/continue\?/);
    assert.equal(await heading(victim), "No such login");

    // The link is used up, and a login of the sender's own finds nothing that was decided.
    assert.equal((await page.goto(link)).status(), 409);
    await page.goto(`${trial.address}/authorize?application=payroll`);
    await atSession(page);
    assert.equal(await heading(page), "How would you like to verify yourself?");
  });

  test("a page that is killed after two photos goes on at the third", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial, { kind: "identity_card" });
    await givePhoto(page, await specimen(trial, "card-front"));
    await givePhoto(page, await specimen(trial, "card-back"));
    await atSlot(page, "selfie");
    const session = page.url().replace(/\/document.*/, "");
    const next = await page.context().newPage();
    await page.close();
    await next.goto(session);
    await choose(next, "document");
    await atSlot(next, "selfie");
    await givePhoto(next, await specimen(trial, "selfie"));
    assert.equal(await next.locator(".photos li").count(), 3);
    await send(next);
  });

  for (const [what, buffer, sentence] of [
    ["a HEIC", Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic\0\0\0\0mif1heic"), Buffer.alloc(2000)]), /HEIC/],
    ["a PDF", Buffer.from(`%PDF-1.7\n${" ".repeat(2000)}`), /PDF/],
    ["nothing", Buffer.alloc(0), /No photo came/],
  ]) {
    test(`${what} under a JPEG's name has its sentence, and leaves the slot empty`, async (t) => {
      const { trial, page } = await openWindow(t);
      await beginPhotos(page, trial);
      await sendPhoto(page, photo(buffer));
      assert.match(await page.getByRole("alert").innerText(), sentence);
      await page.reload();
      await atSlot(page, "front");
      assert.equal(await page.locator('a[href$="/check"]').count(), 0);
      await givePhoto(page, await specimen(trial, "passport"));
      await atSlot(page, "selfie");
    });
  }

  test("a supervisor loads a decoy, and chooses the photos once more where one of them was wrong", async (t) => {
    const { trial } = await openWindow(t);
    const sven = await openConsole(t, trial, "Sven");
    await sven.goto(new URL("/decoys", sven.url()).href);
    const load = async (front) => {
      await sven.locator("#front").setInputFiles(front);
      await sven.locator("#selfie").setInputFiles(await specimen(trial, "selfie", { paper: "47-KD" }));
      await sven.getByRole("button", { name: "Load it into the queue" }).click();
    };
    await sven.locator("#subject").fill("auth0|65f0c0ffee");
    await sven.locator("#document").selectOption("passport");
    await sven.locator("#code").fill("47-KD");
    await sven.locator('[name="truth"][value="wrong"]').check();
    await sven.locator('[name="agreed"]').check();
    await load(photo(Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic")));
    assert.match(await sven.getByRole("alert").innerText(), /this is no JPEG, whatever its name says\. Save it as one\. Choose the photos once more/);
    assert.equal(await sven.locator("#subject").inputValue(), "auth0|65f0c0ffee");
    await load(await specimen(trial, "passport"));
    assert.match(await sven.getByRole("status").innerText(), /in the queue within ten minutes/);
    await sven.reload();
    assert.equal(await sven.locator("#subject").inputValue(), "", "a reload loads nothing again");
  });

  test("nobody is a subject of their own console: a page of logins is none of it, and its cookie opens none", async (t) => {
    const { trial, page } = await openWindow(t);
    await logIn(page, trial, "Payroll");
    const session = new URL(page.url());
    const rosa = await openConsole(t, trial, "Rosa");
    const console = new URL(rosa.url());
    assert.notEqual(console.hostname, session.hostname);
    assert.equal((await rosa.goto(new URL(session.pathname, console).href)).status(), 404);
    assert.equal((await rosa.goto(new URL("/", session).href)).status(), 200);
    const cookies = await rosa.context().cookies();
    assert.deepEqual(cookies.filter(({ name }) => name.includes("operator")).map(({ domain }) => domain), [console.hostname]);
  });
});
