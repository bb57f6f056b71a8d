/** What the script makes of a photo before it is sent; and whatever a browser does wrong, the photo goes as it is. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { atSlot, beginPhotos, photo, sendPhoto, specimen } from "./document.mjs";
import { press } from "./keyboard.mjs";
import { openWindow } from "./window.mjs";

const BESIDE = { concurrency: 3 };
const LONG_SIDE = 2200;
const FRAME = 2000; // the most that a form adds to its photo, in bytes

/** A photo of a scene with as much in it as a camera sees, drawn at that size. */
async function scene(page, { width, height, shade = "hsl", type = "image/jpeg", opacity = 40 }) {
  const drawing = await (await page.context().browser().newContext()).newPage();
  const base64 = await drawing.evaluate(async ({ width, height, shade, type, opacity }) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    const [columns, rows] = [40, 30];
    let seed = 7;
    const next = (most) => (seed = (seed * 48271) % 2147483647) % most;
    for (let at = 0; at < columns * rows; at += 1) {
      const [x, y] = [(at % columns) * (width / columns), Math.floor(at / columns) * (height / rows)];
      context.fillStyle = shade === "hsl" ? `hsl(${next(360)} 60% ${20 + next(60)}%)` : `hsl(0 0% ${next(Number(shade))}%)`;
      context.fillRect(x, y, width / columns + 1, height / rows + 1);
    }
    if (opacity) {
      const tile = context.createImageData(256, 256);
      for (let at = 0; at < tile.data.length; at += 1) tile.data[at] = at % 4 === 3 ? opacity : next(256);
      const small = Object.assign(document.createElement("canvas"), { width: 256, height: 256 });
      small.getContext("2d").putImageData(tile, 0, 0);
      context.fillStyle = context.createPattern(small, "repeat");
      context.fillRect(0, 0, width, height);
    }
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, type, 0.9));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 30_000) text += String.fromCharCode(...bytes.subarray(at, at + 30_000));
    return btoa(text);
  }, { width, height, shade, type, opacity });
  await drawing.context().close();
  return Buffer.from(base64, "base64");
}

/** More bytes and pixels than are sent on, and no more: a build that is not optimised has ten seconds for it. Drawn once. */
let large;
const largeScene = (page) => (large ??= scene(page, { width: 2400, height: 800, opacity: 110 }));

/** Sends `file`. @returns how many bytes of a form came to idv, and how long it took */
async function sent(page, file) {
  const posted = page.waitForRequest((request) => request.method() === "POST" && /\/document\/front$/.test(request.url()));
  const begun = performance.now();
  await sendPhoto(page, file);
  const request = await posted;
  const took = performance.now() - begun;
  await request.response(); // before that not all of its headers need be known
  const length = (await request.allHeaders())["content-length"];
  assert.ok(length, "its length is known");
  return { bytes: Number(length), took };
}

/** The photo as idv keeps it, in pixels. */
async function keptSize(page) {
  await page.waitForURL(/\/check$/);
  return page.locator("img.photo").evaluate(async (image) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  });
}

/** Something that a browser does, before any script of a page. */
const WRONGS = {
  "whose canvas is black": () => {
    CanvasRenderingContext2D.prototype.drawImage = function black() { this.fillStyle = "#000"; this.fillRect(0, 0, 9999, 9999); };
  },
  "that gives noise where a canvas is read": () => {
    const read = CanvasRenderingContext2D.prototype.getImageData;
    CanvasRenderingContext2D.prototype.getImageData = function noisy(...place) {
      const image = read.apply(this, place);
      for (let at = 0; at < image.data.length; at += 7) image.data[at] ^= 8;
      return image;
    };
  },
  "whose canvas is never written out": () => {
    HTMLCanvasElement.prototype.toBlob = () => {};
  },
  "whose canvas is written out black": () => {
    const write = HTMLCanvasElement.prototype.toBlob;
    HTMLCanvasElement.prototype.toBlob = function black(...how) {
      write.apply(Object.assign(document.createElement("canvas"), { width: this.width, height: this.height }), how);
    };
  },
  "that decodes nothing": () => {
    globalThis.createImageBitmap = () => Promise.reject(new DOMException("cannot", "InvalidStateError"));
  },
};

describe("a photo in a browser", BESIDE, () => {
  for (const [what, wrong] of Object.entries(WRONGS)) {
    test(`${what} goes as it is, soon`, async (t) => {
      const { trial, page } = await openWindow(t);
      await page.addInitScript(wrong);
      await beginPhotos(page, trial);
      const file = await largeScene(page);
      const { bytes, took } = await sent(page, photo(file));
      assert.ok(file.length > 1_000_000 && bytes >= file.length, `${bytes} of ${file.length}`);
      // Three seconds of patience with the browser, and what decoding takes on a machine that does other things too.
      assert.ok(took < 10_000, `after ${took} ms`);
      assert.equal(Math.max(...(await keptSize(page))), LONG_SIDE);
    });
  }

  for (const [what, width, height] of [["12", 4000, 3000], ["24", 5712, 4284]]) {
    test(`of ${what} megapixels is made small before it is sent`, async (t) => {
      const { trial, page } = await openWindow(t);
      await beginPhotos(page, trial);
      const file = await scene(page, { width, height });
      const { bytes } = await sent(page, photo(file));
      assert.ok(file.length > 3_000_000 && bytes < 2_000_000, `${bytes} of ${file.length}`);
      assert.deepEqual(await keptSize(page), [LONG_SIDE, Math.round((LONG_SIDE * height) / width)]);
    });
  }

  test("that another camera wrote as PNG or WebP is made a JPEG on a computer", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    for (const type of ["image/png", "image/webp"]) {
      const file = await scene(page, { width: 1000, height: 750, type });
      await sendPhoto(page, { name: "photo", mimeType: type, buffer: file });
      assert.deepEqual(await keptSize(page), [1000, 750]);
      await page.goBack();
      await atSlot(page, "front");
    }
  });

  test("that is small and good is shown, and goes as it is", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    const { buffer } = await specimen(trial, "passport");
    await page.locator("#take").setInputFiles(photo(buffer));
    await page.locator("canvas.photo").waitFor();
    assert.equal(await page.locator("form:has(#take) [role=status]").innerText(), "");
    const { bytes } = await sent(page, photo(buffer));
    assert.ok(bytes >= buffer.length && bytes < buffer.length + FRAME, `${bytes} of ${buffer.length}`);
  });

  test("that is dark is hinted at twice and not again, and is sent by the keyboard all the same", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    const dark = photo(await scene(page, { width: 1000, height: 750, shade: "22", opacity: 0 }));
    const status = page.locator("form:has(#take) [role=status]");
    for (const is_hinted of [true, true, false]) {
      await page.locator("#take").setInputFiles([]);
      await page.locator("#take").setInputFiles(dark);
      await page.locator("canvas.photo").waitFor();
      await page.waitForFunction(() => !/…/.test(document.querySelector("form:has(#take) [role=status]").textContent));
      assert.equal(/dark/.test(await status.innerText()), is_hinted);
    }
    await page.locator("#take").focus();
    await press(page, await page.locator("form:has(#take) button").innerText());
    await keptSize(page);
  });

  test("of who has no connection stays where it is, and is sent when there is one", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    await page.clock.install();
    await page.locator("#take").setInputFiles(await specimen(trial, "passport"));
    await page.locator("canvas.photo").waitFor();
    await page.context().setOffline(true);
    const [form, status] = ["button", "[role=status]"].map((part) => page.locator(`form:has(#take) ${part}`));
    await form.click();
    for (const pause of [2_000, 6_000]) {
      await status.filter({ hasText: "Trying again" }).or(status.filter({ hasText: "being sent" })).waitFor();
      await page.clock.fastForward(pause);
    }
    await status.filter({ hasText: "There is no connection." }).waitFor();
    await atSlot(page, "front");
    await page.context().setOffline(false);
    await form.click();
    await page.waitForURL(/\/check$/);
  });

  test("whose way breaks off is sent once more, the same bytes, and then by the form", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    const tried = [];
    await page.route(/\/document\/front$/, async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      tried.push(route.request().resourceType());
      return tried.length < 4 ? route.abort("connectionreset") : route.continue();
    });
    await sendPhoto(page, await specimen(trial, "passport"));
    await page.waitForURL(/\/check$/);
    assert.deepEqual(tried, ["fetch", "fetch", "fetch", "document"]);
  });

  test("for which there is no room just now is sent again by itself, the same bytes, until there is", async (t) => {
    const { trial, page } = await openWindow(t);
    await beginPhotos(page, trial);
    const tried = [];
    await page.route(/\/document\/front$/, async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      tried.push(route.request().resourceType());
      return tried.length < 3 ? route.fulfill({ status: 503, contentType: "text/html", body: "busy" }) : route.continue();
    });
    await sendPhoto(page, await specimen(trial, "passport"));
    await page.waitForURL(/\/check$/);
    assert.deepEqual(tried, ["fetch", "fetch", "fetch"]);
  });
});
