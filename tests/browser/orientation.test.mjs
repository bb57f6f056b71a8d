/** A photo is upright for who looks at it, however the camera was held: turned once, and not twice. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { beginPhotos, photo, sendPhoto, specimen } from "./document.mjs";
import { compare, held, ORIENTATIONS, untagged } from "./orientation.mjs";
import { openWindow } from "./window.mjs";

const [WIDTH, HEIGHT] = [820, 615];
const NEAR = 4; // what two encoders differ in; a photo that lies wrongly differs by far more

describe("a photo", { concurrency: 2 }, () => {
  for (const javaScriptEnabled of [true, false]) {
    test(`all eight ways of holding a camera come to the same photo, ${javaScriptEnabled ? "with" : "without"} scripts`, async (t) => {
      const { trial, page } = await openWindow(t, { javaScriptEnabled });
      // Any page draws; that one of idv's does is none of its policy's business.
      const drawing = await (await page.context().browser().newContext()).newPage();
      t.after(() => drawing.context().close());
      const { buffer } = await specimen(trial, "passport");
      const upright = await held(drawing, buffer, 1, WIDTH, HEIGHT);
      const mirrored = untagged(await held(drawing, buffer, 2, WIDTH, HEIGHT));
      assert.ok((await compare(drawing, mirrored, upright)).distance > 2 * NEAR, "a photo that lies wrongly is told apart");
      await beginPhotos(page, trial);
      const slot = page.url();
      for (const orientation of ORIENTATIONS) {
        await page.goto(slot);
        await sendPhoto(page, photo(await held(drawing, buffer, orientation, WIDTH, HEIGHT)));
        await page.waitForURL(/\/check$/);
        const kept = await page.context().request.get(page.url().replace(/check$/, "picture"));
        const { width, height, distance } = await compare(drawing, await kept.body(), upright);
        assert.deepEqual([width, height], [WIDTH, HEIGHT], `orientation ${orientation}`);
        assert.ok(distance < NEAR, `orientation ${orientation} differs by ${distance}`);
      }
    });
  }
});
