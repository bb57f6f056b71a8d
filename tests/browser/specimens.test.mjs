/** The pictures that the trial offers where others take photos. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { openWindow } from "./window.mjs";

test("whoever tries the trial saves specimens of each person, with a paper that says what idv asks for", async (t) => {
  const { trial, page } = await openWindow(t);
  await page.goto(trial.address);
  const opened = page.context().waitForEvent("page");
  await page.getByRole("link", { name: "Specimens" }).click();
  const specimens = await opened;
  await specimens.getByRole("link", { name: "Jörg Müller" }).click();
  await specimens.getByRole("textbox").fill("Acme 47-KD");
  await specimens.getByRole("button", { name: "Write it" }).click();
  assert.equal(await specimens.locator("h1").innerText(), "Specimens of Jörg Müller");
  assert.equal(await specimens.getByRole("img", { name: "with a paper that reads Acme 47-KD" }).count(), 1);
  const saved = [];
  for (const name of ["passport", "card-front", "card-back", "selfie"]) {
    const download = specimens.waitForEvent("download");
    await specimens.getByRole("link", { name: `Save müller-${name}.jpg` }).click();
    const jpeg = await readFile(await (await download).path());
    assert.deepEqual([...jpeg.subarray(0, 2), ...jpeg.subarray(-2)], [0xff, 0xd8, 0xff, 0xd9], name);
    saved.push(jpeg);
  }
  assert.equal(new Set(saved.map((jpeg) => jpeg.toString("base64"))).size, saved.length);
});

test("a picture of nobody, or of nothing that is drawn, is no page of the trial", async (t) => {
  const { trial } = await openWindow(t);
  for (const query of ["", "person=3&show=passport", "person=0&show=visa", "show=passport"]) {
    assert.equal((await fetch(`${trial.address}/specimen?${query}`)).status, 404, query);
  }
});
