/** The camera in the page: on a press, as long as somebody looks, and never the only way. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { violations } from "./axe.mjs";
import { atSlot, beginPhotos, givePhoto, judgeNext, openConsole, paper, send, sendPhoto, specimen } from "./document.mjs";
import { connect, offer, PHONE } from "./handing_over.mjs";
import { result } from "./login.mjs";
import { compare } from "./orientation.mjs";
import { giveCamera, openBeside, openElsewhere, openWindow, photograph } from "./window.mjs";

const FILM = join(tmpdir(), `idv-camera-${process.pid}.y4m`);
const [WIDTH, HEIGHT] = [1280, 960];
giveCamera(FILM);
after(() => rm(FILM, { force: true }));

/** They see the same photo. */
const BESIDE = { concurrency: 3 };
const ALLOWED = { permissions: ["camera"] };
const NEAR = 8; // what a camera and two encoders make of a picture, in parts of 255
const SAID = "#camera [role=status]";
const button = (page) => page.locator("#camera button");

/** What cameras see at present. */
let showing = {};

/** From now on cameras see this photo, in so much light of what it was taken in. @returns it, as large as they see it */
function see(page, { buffer }, light = 1) {
  const key = createHash("sha256").update(buffer).update(`${light}`).digest("hex");
  if (showing.key !== key) showing = { key, jpeg: film(page, buffer, light) };
  return showing.jpeg;
}

async function film(page, buffer, light) {
  const drawing = await openElsewhere(page);
  const { frame, jpeg } = await drawing.evaluate(draw, { jpeg: buffer.toString("base64"), width: WIDTH, height: HEIGHT, light });
  await drawing.context().close();
  const head = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F20:1 Ip A1:1 C420jpeg\n`;
  const picture = Buffer.concat([Buffer.from("FRAME\n"), Buffer.from(frame, "base64")]);
  await writeFile(FILM, Buffer.concat([Buffer.from(head), picture, picture]));
  return Buffer.from(jpeg, "base64");
}

/** The photo as a frame of a film, which has a colour for four pixels, and as a JPEG. */
async function draw({ jpeg, width, height, light }) {
  const image = Object.assign(new Image(), { src: `data:image/jpeg;base64,${jpeg}` });
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.filter = `brightness(${light})`;
  context.drawImage(image, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const frame = new Uint8Array(width * height * 1.5);
  const mix = (at, red, green, blue, base) => base + (red * data[at] + green * data[at + 1] + blue * data[at + 2]) / 256;
  for (let pixel = 0; pixel < width * height; pixel += 1) frame[pixel] = mix(4 * pixel, 66, 129, 25, 16);
  let at = width * height;
  for (const [red, green, blue] of [[-38, -74, 112], [112, -94, -18]]) {
    for (let y = 0; y < height; y += 2) {
      for (let x = 0; x < width; x += 2) frame[at++] = mix(4 * (y * width + x), red, green, blue, 128);
    }
  }
  let text = "";
  for (let from = 0; from < frame.length; from += 30_000) text += String.fromCharCode(...frame.subarray(from, from + 30_000));
  return { frame: btoa(text), jpeg: canvas.toDataURL("image/jpeg", 0.95).split(",")[1] };
}

/** The button, once it takes the photo. */
const ready = (page) => button(page).filter({ hasText: "Take the photo now" });

async function switchOn(page) {
  await button(page).click();
  await ready(page).waitFor();
}

/** Takes a photo with the camera of the page. */
async function shoot(page) {
  await switchOn(page);
  await button(page).click();
  await page.waitForURL(/\/check$/);
  await page.locator("img.photo").evaluate((image) => image.decode());
}

async function keep(page) {
  await page.locator('form[action$="/keep"] button').click();
}

/** Counts in a window, over all of its pages, who was asked for the camera without a press, and the tracks that are live. */
function watchCamera() {
  const add = (name, number) => sessionStorage.setItem(name, Number(sessionStorage.getItem(name) ?? 0) + number);
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wishes) => {
    add("asked", 1);
    if (!navigator.userActivation.isActive) add("unasked", 1);
    const stream = await open(wishes);
    for (const track of stream.getTracks()) {
      add("live", 1);
      const stop = track.stop.bind(track);
      track.stop = () => {
        if (track.readyState === "live") add("live", -1);
        stop();
      };
    }
    return stream;
  };
}

const watched = (page) => page.evaluate(() => ["live", "unasked"].map((name) => Number(sessionStorage.getItem(name) ?? 0)));

/** The first photo's page of a window with a camera, which sees a passport. */
async function openPhoto(t, { before = watchCamera, ...looks } = {}) {
  const { trial, page } = await openWindow(t, { ...ALLOWED, ...looks });
  await see(page, await specimen(trial, "passport"));
  await page.addInitScript(before);
  await beginPhotos(page, trial);
  return { trial, page };
}

/** As when somebody goes to another tab. */
const hide = (page) => page.evaluate(() => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
});

/** The page anew, with a clock that goes on when it is told to. */
async function stopClock(page) {
  await page.clock.install({ time: 0 });
  await page.reload();
  await page.clock.pauseAt(60_000);
}

test("a login that began on a computer goes on by the camera of a phone, and returns on the computer with success", async (t) => {
  const { trial, page } = await openWindow(t);
  await beginPhotos(page, trial);
  const offered = await offer(page);
  const phone = await openBeside(t, { ...PHONE, ...ALLOWED });
  await phone.addInitScript(watchCamera);
  await connect(phone, offered);
  const drawing = await openElsewhere(page);
  t.after(() => drawing.context().close());
  for (const [slot, show] of [["front", "passport"], ["selfie", "selfie"]]) {
    await atSlot(phone, slot);
    const file = await specimen(trial, show, { paper: slot === "selfie" ? await paper(phone) : "" });
    const jpeg = await see(page, file);
    await shoot(phone);
    const kept = await phone.context().request.get(phone.url().replace(/check$/, "picture"));
    const { width, height, distance } = await compare(drawing, await kept.body(), jpeg);
    assert.deepEqual([width, height], [WIDTH, HEIGHT], slot);
    assert.ok(distance < NEAR, `${slot} differs by ${distance}`);
    await keep(phone);
  }
  await phone.waitForURL(/\/document$/);
  assert.deepEqual(await watched(phone), [0, 0]);
  await send(page);
  const rosa = await openConsole(t, trial, "Rosa");
  await judgeNext(rosa, "approve");
  assert.equal((await result(page)).status, "valid");
});

test("the camera tells who holds it into the dark, and lets them", async (t) => {
  const { trial, page } = await openPhoto(t);
  await see(page, await specimen(trial, "passport"), 0.15);
  await switchOn(page);
  await page.locator(SAID).filter({ hasText: "It is rather dark." }).waitFor();
  await button(page).click();
  await page.waitForURL(/\/check$/);
});

describe("the camera in a page", BESIDE, () => {
  test("is asked for on a press alone, seen by who sees, told of to who does not, and read on from the heading after it", async (t) => {
    const { page } = await openPhoto(t, { bypassCSP: true });
    assert.deepEqual(await watched(page), [0, 0], "no page asks by itself");
    assert.match(await page.locator("#camera p").first().innerText(), /asks you first/);
    await button(page).focus();
    await page.keyboard.press("Enter");
    await ready(page).waitFor();
    await page.locator(SAID).filter({ hasText: "The camera is on." }).waitFor();
    const tree = await page.locator("main").ariaSnapshot();
    assert.match(tree, /- status: The camera is on\./);
    assert.doesNotMatch(tree, /video|img "(?!Your photo)/, tree);
    for (const [colorScheme, width, height] of [["light", 1280, 720], ["dark", 1280, 720], ["light", 320, 640], ["light", 740, 320]]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await photograph(page, `the camera is on ${colorScheme} ${width}`);
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    }
    // The focus stays where it was.
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/check$/);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
    assert.deepEqual(await watched(page), [0, 0]);
  });

  test("is off once somebody goes back, elsewhere, to another tab, or to a file that they have", async (t) => {
    const { trial, page } = await openPhoto(t);
    const url = page.url();
    const ways = {
      back: () => page.goBack(),
      elsewhere: () => page.locator('a[href$="/otherwise"]').click(),
      anew: () => page.reload(),
      "to a file": async () => page.locator("#choose").setInputFiles(await specimen(trial, "passport")),
      "to another tab": () => hide(page),
    };
    for (const [way, leave] of Object.entries(ways)) {
      await page.goto(url);
      await switchOn(page);
      assert.deepEqual(await watched(page), [1, 0], way);
      await leave();
      await page.waitForLoadState();
      assert.deepEqual(await watched(page), [0, 0], way);
    }
  });

  test("takes one photo of who presses twice, and another of who comes back", async (t) => {
    const { page } = await openPhoto(t);
    for (let times = 0; times < 2; times += 1) {
      await switchOn(page);
      await button(page).dblclick();
      await page.waitForURL(/\/check$/);
      assert.deepEqual(await watched(page), [0, 0]);
      assert.equal(await page.evaluate(() => sessionStorage.getItem("asked")), `${times + 1}`);
      await page.goBack();
      await atSlot(page, "front");
    }
  });

  test("is there for another photo where the one before could not be sent", async (t) => {
    const { page } = await openPhoto(t);
    await page.clock.install();
    await page.context().setOffline(true);
    await switchOn(page);
    await button(page).click();
    const status = page.locator("form:has(#take) [role=status]");
    for (const pause of [2_000, 6_000]) {
      await status.filter({ hasText: "Trying again" }).or(status.filter({ hasText: "being sent" })).waitFor();
      await button(page).click();
      assert.deepEqual(await watched(page), [0, 0], "none while one is on its way");
      await page.clock.fastForward(pause);
    }
    await status.filter({ hasText: "There is no connection." }).waitFor();
    await switchOn(page);
    await page.context().setOffline(false);
    await button(page).click();
    await page.waitForURL(/\/check$/);
  });

  test("is off once somebody looks elsewhere, says so, and is switched on again", async (t) => {
    const { page } = await openPhoto(t);
    await switchOn(page);
    await hide(page);
    assert.equal(await page.locator(SAID).innerText(), "The camera is off.");
    assert.ok(await page.locator(".viewfinder").isHidden());
    await page.evaluate(() => delete document.hidden);
    await shoot(page);
    await keep(page);
    await atSlot(page, "selfie");
  });

  test("that is taken out or over while it is on leaves the form", async (t) => {
    const { trial, page } = await openPhoto(t);
    for (const loss of ["ended", "mute"]) {
      await switchOn(page);
      await page.locator("video").evaluate((video, type) => video.srcObject.getVideoTracks()[0].dispatchEvent(new Event(type)), loss);
      assert.equal(await page.locator(SAID).innerText(), "The camera is off.");
      assert.deepEqual(await watched(page), [0, 0]);
    }
    await givePhoto(page, await specimen(trial, "passport"));
    await atSlot(page, "selfie");
  });
});

/** Something that a browser does, before any script of a page. */
const WRONGS = {
  "that refuses the camera": () => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("refused", "NotAllowedError"));
  },
  "without a camera": () => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("none", "NotFoundError"));
  },
  "that shows nothing of it": () => {
    HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  },
  "that puts noise into what is drawn": () => {
    const read = CanvasRenderingContext2D.prototype.getImageData;
    CanvasRenderingContext2D.prototype.getImageData = function noisy(...place) {
      const image = read.apply(this, place);
      image.data.forEach((value, at) => { image.data[at] = value ^ 8; });
      return image;
    };
  },
};

describe("a browser", BESIDE, () => {
  test("that cannot give the camera says so, and the form is there", async (t) => {
    const { trial, page } = await openPhoto(t, { before: () => {} });
    for (const [what, wrong] of Object.entries(WRONGS)) {
      const other = await page.context().newPage();
      await other.addInitScript(wrong);
      await other.goto(page.url());
      await button(other).click();
      await other.locator(SAID).filter({ hasText: "cannot be used in this page" }).waitFor();
      assert.ok(await other.locator(".viewfinder").isHidden(), what);
      await sendPhoto(other, await specimen(trial, "passport"));
      await other.waitForURL(/\/check$/);
      await other.close();
    }
  });

  test("that has nothing of cameras says so without being asked, and offers none", async (t) => {
    const { trial, page } = await openPhoto(t, { before: () => Object.defineProperty(navigator, "mediaDevices", { value: undefined }) });
    assert.match(await page.locator("#camera").innerText(), /cannot be used in this page/);
    assert.equal(await button(page).count(), 0);
    await givePhoto(page, await specimen(trial, "passport"));
    await atSlot(page, "selfie");
  });

  test("whose camera shows nothing of use switches it off after five seconds", async (t) => {
    const coarse = () => {
      Object.defineProperty(HTMLVideoElement.prototype, "videoHeight", { get: () => globalThis.lines ?? 599 });
    };
    const { page } = await openPhoto(t, { before: coarse });
    await stopClock(page);
    await button(page).click();
    await page.waitForFunction(() => document.querySelector("video").srcObject && !document.querySelector("video").paused);
    await page.clock.runFor(4_900);
    assert.match(await page.locator(SAID).innerText(), /Waiting for the camera/);
    const camera = await page.locator("video").evaluateHandle((video) => video.srcObject);
    await page.clock.runFor(200);
    assert.match(await page.locator(SAID).innerText(), /cannot be used in this page/);
    assert.deepEqual(await camera.evaluate((stream) => stream.getTracks().map(({ readyState }) => readyState)), ["ended"]);
    await page.evaluate(() => { globalThis.lines = 600; });
    await button(page).click();
    await page.waitForFunction(() => !document.querySelector("video").paused);
    await page.clock.runFor(200);
    await ready(page).waitFor();
  });

  test("that really refuses says so", async (t) => {
    const { page } = await openPhoto(t, { permissions: [] });
    await button(page).click();
    await page.locator(SAID).filter({ hasText: "cannot be used in this page" }).waitFor();
    assert.deepEqual(await watched(page), [0, 0]);
  });

  test("whose camera is silent says so after five seconds; what comes later is used, and not against who chose a file", async (t) => {
    const answer = () => {
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia;
      mediaDevices.getUserMedia = (wishes) => new Promise((resolve) => {
        globalThis.answerNow = async () => resolve(globalThis.given = await open.call(mediaDevices, wishes));
      });
    };
    const { trial, page } = await openPhoto(t, { before: answer });
    await stopClock(page);
    await button(page).click();
    assert.match(await page.locator(SAID).innerText(), /Waiting for the camera/);
    await page.clock.runFor(4_999);
    assert.match(await page.locator(SAID).innerText(), /Waiting for the camera/);
    await page.clock.runFor(1);
    assert.match(await page.locator(SAID).innerText(), /does not answer yet/);
    await page.evaluate(() => globalThis.answerNow());
    await ready(page).waitFor();

    await page.reload();
    await button(page).click();
    await page.locator("#take").setInputFiles(await specimen(trial, "passport"));
    await page.evaluate(() => globalThis.answerNow());
    await page.waitForFunction(() => globalThis.given?.getTracks().every((track) => track.readyState === "ended"));
    assert.ok(await page.locator(".viewfinder").isHidden());
    await page.clock.resume();
    await page.locator("form:has(#take) button").click();
    await page.waitForURL(/\/check$/);
  });

  test("whose script of the camera does not come takes the photo by the form", async (t) => {
    const { trial, page } = await openWindow(t, ALLOWED);
    await page.route(/\/assets\/camera-/, (route) => route.abort());
    await beginPhotos(page, trial);
    assert.ok(await page.locator("#camera").isHidden());
    await sendPhoto(page, await specimen(trial, "passport"));
    await page.waitForURL(/\/check$/);
  });

  test("whose script of photos does not come takes the photo by the form", async (t) => {
    const { trial, page } = await openWindow(t, ALLOWED);
    await page.route(/\/assets\/capture-/, (route) => route.abort());
    await beginPhotos(page, trial);
    await button(page).click();
    await page.locator(SAID).filter({ hasText: "cannot be used in this page" }).waitFor();
    await sendPhoto(page, await specimen(trial, "passport"));
    await page.waitForURL(/\/check$/);
  });
});
