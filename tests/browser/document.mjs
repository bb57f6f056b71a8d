/** What people do by the document method, and what reviewers do at the console. idv's pages are read in any language. */
import assert from "node:assert/strict";
import { ADA, choose, logIn } from "./login.mjs";
import { isScripted, openBeside } from "./window.mjs";

export const PEOPLE = [ADA, "Jörg Müller", "Noor Haddad"];

/** What was drawn before: the same for everybody who asks for the same. */
const drawn = new Map();

/** A specimen that the trial draws, as a file to be chosen. */
export async function specimen(trial, show, { person = ADA, paper = "" } = {}) {
  const query = `${new URLSearchParams({ person: PEOPLE.indexOf(person), show, paper })}`;
  if (!drawn.has(query)) {
    const response = await fetch(`${trial.address}/specimen?${query}`);
    assert.equal(response.status, 200);
    drawn.set(query, Buffer.from(await response.arrayBuffer()));
  }
  return photo(drawn.get(query));
}

/** Bytes as a file that a browser takes for a photo. */
export const photo = (buffer) => ({ name: "photo.jpg", mimeType: "image/jpeg", buffer });

/** From the start of the trial to the page of the first photo. */
export async function beginPhotos(page, trial, { person = ADA, application = "Payroll", kind = "passport" } = {}) {
  await logIn(page, trial, application, person);
  await choose(page, "document");
  await consent(page, kind);
}

export async function consent(page, kind = "passport") {
  await page.locator(`input[name="kind"][value="${kind}"]`).check();
  await page.locator('input[name="consent"]').check();
  await page.locator('form[action$="/begin"] button').click();
  await atSlot(page, "front");
}

export const atSlot = (page, slot) => page.waitForURL(new RegExp(`/document/${slot}(\\?|$)`));

/** Chooses a file where a camera would take a photo, and sends it. */
export async function sendPhoto(page, file) {
  await page.locator("#take").setInputFiles(file);
  await page.locator("form:has(#take) button").click();
}

/** Sends a photo that is good, looks at it and wants it so. */
export async function givePhoto(page, file) {
  await sendPhoto(page, file);
  await page.waitForURL(/\/check$/);
  await page.locator("img.photo").evaluate((image) => image.decode());
  await page.locator('form[action$="/keep"] button').click();
}

/** What the page asks to be written on paper. */
export const paper = (page) => page.locator(".paper").innerText();

/** All photos that are asked for, from the page of the first to the summary; with a paper, where it is to be seen. */
export async function giveAll(page, trial, { person = ADA, kind = "passport", hasPaper = false } = {}) {
  const sides = kind === "passport" ? { front: "passport" } : { front: "card-front", back: "card-back" };
  for (const [slot, show] of Object.entries(sides)) {
    await atSlot(page, slot);
    await givePhoto(page, await specimen(trial, show, { person }));
  }
  await atSlot(page, "selfie");
  await givePhoto(page, await specimen(trial, "selfie", { person, paper: hasPaper ? await paper(page) : "" }));
  await page.locator('form[action$="/document/send"]').waitFor();
}

/** What became of a case shows: by itself with scripts, and without them when the page is loaded anew. */
export async function news(page, selector) {
  if (!isScripted(page)) await page.reload();
  await page.locator(selector).waitFor();
}

/** Sends what was given, to the page that waits. */
export async function send(page) {
  await page.locator('form[action$="/document/send"] button').click();
  await page.waitForURL(/\/document$/);
}

/** A login with everything sent, which waits. */
export async function sendAll(page, trial, choice = {}) {
  await beginPhotos(page, trial, choice);
  await giveAll(page, trial, choice);
  await send(page);
}

/** A window of an operator's, signed in at the console by a one-time link. */
export async function openConsole(t, trial, name, looks = {}) {
  const page = await openBeside(t, { whose: name, ...looks });
  await page.goto(`${trial.address}/operator`);
  await page.getByRole("button", { name: `Go there as ${name}` }).click();
  await page.locator('form[action^="/link/"] button').click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

/** The next case, claimed. */
export async function claimNext(page) {
  await page.goto(new URL("/next", page.url()).href);
  await page.waitForURL(/\/case\/\d+/);
  await page.locator('form[action$="/claim"] button').click();
  await page.locator("#verdict").waitFor();
}

const CHECKS = 'input[name^="check."]';

/** What somebody ticks who is for it, wants other photos, or is against it. */
const VERDICTS = {
  approve: async (page) => answerAll(page, {}),
  ask_again: async (page, { slot = "front", reason = "blurred" }) => page.locator(`[name="ask.${slot}.${reason}"]`).check(),
  reject: async (page, { reason = "different_person" }) => {
    await answerAll(page, { same_person: "no" });
    await page.locator(`[name="reject.${reason}"]`).check();
  },
};

async function answerAll(page, others) {
  const names = await page.locator(`${CHECKS}[value="yes"]`).evaluateAll((radios) => radios.map(({ name }) => name));
  assert.ok(names.length >= 6, "the checklist is asked");
  for (const name of names) {
    await page.locator(`[name="${name}"][value="${others[name.slice("check.".length)] ?? "yes"}"]`).check();
  }
}

/** A verdict of the case that the page shows, confirmed. */
export async function judge(page, outcome, choice = {}) {
  await page.locator(`[name="outcome"][value="${outcome}"]`).check();
  await VERDICTS[outcome](page, choice);
  if (choice.wantsSecond) await page.locator('[name="wants_second"]').check();
  await page.locator("#verdict > button").last().click();
  await page.locator('button[name="step"][value="confirmed"]').click();
  await page.waitForURL((url) => url.pathname === "/");
}

/** The next case is decided so. */
export async function judgeNext(page, outcome, choice) {
  await claimNext(page);
  await judge(page, outcome, choice);
}
