/** The script of the page of a photo: what it makes of one, and that whatever goes wrong in a browser, the photo gets there. */
import assert from "node:assert/strict";
import test from "node:test";
import { atSlot, beginPhotos, photo, specimen } from "./document.mjs";
import { openWindow } from "./window.mjs";

const SLOT = /\/document\/front$/;

/** A window at the page of the first photo, and the bodies that are sent there, as they are answered by `answer`. */
async function openCapture(t, answer = (route) => route.continue()) {
  const { trial, page } = await openWindow(t, { locale: "en" });
  await beginPhotos(page, trial);
  const bodies = [];
  await page.route(SLOT, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    bodies.push(route.request().postDataBuffer());
    return answer(route, bodies.length);
  });
  return { trial, page, bodies };
}

/** A photo of so many pixels, as a camera makes it: with noise, and so some megabytes. */
async function large(page, width, height) {
  const base64 = await page.evaluate(async ([width, height]) => {
    const noise = new OffscreenCanvas(128, 128);
    const grains = crypto.getRandomValues(new Uint8ClampedArray(128 * 128 * 4)).map((grain, at) => (at % 4 === 3 ? 64 : grain));
    noise.getContext("2d").putImageData(new ImageData(grains, 128, 128), 0, 0);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    for (let y = 0; y < height; y += 128) {
      for (let x = 0; x < width; x += 128) {
        context.fillStyle = `rgb(${(x * 7 + y * 3) % 256} ${(x ^ y) % 256} ${(x + y) % 256})`;
        context.fillRect(x, y, 128, 128);
        context.drawImage(noise, x, y);
      }
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return btoa(text);
  }, [width, height]);
  return photo(Buffer.from(base64, "base64"));
}

async function choose(page, file) {
  await page.locator("#take").setInputFiles(file);
  await page.locator("form:has(#take) button").click();
}

const arrived = (page) => page.waitForURL(/\/front\/check$/);

test("a photo of 24 megapixels is sent small, with a look at it before", async (t) => {
  const { page, bodies } = await openCapture(t);
  const file = await large(page, 5712, 4284);
  await page.locator("#take").setInputFiles(file);
  await page.getByRole("img", { name: "Your photo" }).waitFor();
  await page.locator("form:has(#take) button").click();
  await arrived(page);
  assert.equal(bodies.length, 1);
  assert.ok(bodies[0].length < file.buffer.length / 2 && bodies[0].length < 2_000_000, `${file.buffer.length} to ${bodies[0].length}`);
  const size = await page.locator("img.photo").evaluate((image) => image.decode().then(() => [image.naturalWidth, image.naturalHeight]));
  assert.deepEqual(size, [2200, 1650]);
});

const FAULTS = {
  "a canvas that never answers": () => { HTMLCanvasElement.prototype.toBlob = () => {}; },
  "a canvas that answers with nothing": () => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); },
  "a canvas that is read with noise": () => {
    const read = CanvasRenderingContext2D.prototype.getImageData;
    CanvasRenderingContext2D.prototype.getImageData = function (...area) {
      const image = read.apply(this, area);
      for (let at = 0; at < image.data.length; at += 3) image.data[at] ^= 9;
      return image;
    };
  },
  "a canvas that is black": () => { CanvasRenderingContext2D.prototype.drawImage = function () { this.fillRect(0, 0, 9999, 9999); }; },
  "a browser that reads no photo": () => { globalThis.createImageBitmap = () => Promise.reject(new Error("no")); },
};

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`with ${name} the photo goes as it is`, async (t) => {
    const { page, bodies } = await openCapture(t);
    const file = await large(page, 3000, 2000);
    await page.evaluate(fault);
    await choose(page, file);
    await arrived(page);
    assert.equal(bodies.length, 1);
    assert.ok(bodies[0].includes(file.buffer), "the very bytes");
  });
}

test("a photo that does not get there is sent again, twice, and then by the form", async (t) => {
  const { trial, page, bodies } = await openCapture(t, (route, count) => (count < 4 ? route.abort() : route.continue()));
  await choose(page, await specimen(trial, "passport"));
  await page.getByText("Trying again").waitFor();
  await arrived(page);
  assert.equal(bodies.length, 4);
});

test("what is no photo is told by the service, in words", async (t) => {
  const { page, bodies } = await openCapture(t);
  await choose(page, photo(Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1")));
  await page.waitForURL(/problem=heic$/);
  await page.getByRole("alert").getByText("HEIC").waitFor();
  assert.equal(bodies.length, 1);
});

test("a hint never blocks: what it is about is sent by the same button", async (t) => {
  const { page } = await openCapture(t);
  const dark = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [900, 700];
    const context = canvas.getContext("2d");
    for (let y = 0; y < 700; y += 8) for (let x = 0; x < 900; x += 8) {
      context.fillStyle = `rgb(${(x * y) % 60} ${(x + y) % 40} 20)`;
      context.fillRect(x, y, 8, 8);
    }
    return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
  });
  await page.locator("#take").setInputFiles(photo(Buffer.from(dark, "base64")));
  await page.getByText("The photo looks rather dark.").waitFor();
  await page.getByRole("button", { name: "Send it anyway" }).focus();
  await page.keyboard.press("Enter");
  await arrived(page);
});

test("on a computer a picture of another kind is turned into a photo", async (t) => {
  const { page, bodies } = await openCapture(t);
  const png = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1200, 900];
    const context = canvas.getContext("2d");
    for (let y = 0; y < 900; y += 10) for (let x = 0; x < 1200; x += 10) {
      context.fillStyle = `rgb(${(x * 3) % 256} ${(y * 5) % 256} ${(x ^ y) % 256})`;
      context.fillRect(x, y, 10, 10);
    }
    return canvas.toDataURL("image/png").split(",")[1];
  });
  await choose(page, { name: "scan.png", mimeType: "image/png", buffer: Buffer.from(png, "base64") });
  await arrived(page);
  assert.equal(bodies.length, 1);
  await page.goBack();
  await atSlot(page, "front");
});
