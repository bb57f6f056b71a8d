/** A computer hands over to a phone: what people do on both. */
import { atSlot } from "./document.mjs";
import { readCode } from "./qr.mjs";

export const PHONE = {
  whose: "phone", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true,
  userAgent: "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
};

export const words = (phone) => phone.locator("button.word");

/** The computer shows a code. @returns what a camera reads of it, and the word */
export async function offer(page) {
  await page.locator('form[action$="/handoff"] button').first().click();
  await page.locator("svg[role=img]").waitFor();
  const address = await readCode(await page.locator("svg[role=img]").screenshot());
  return { address, word: await page.locator(".paper").innerText() };
}

export async function connect(phone, { address, word }) {
  await phone.goto(address);
  await words(phone).filter({ hasText: new RegExp(`^${word}$`) }).click();
  await atSlot(phone, "front");
}
