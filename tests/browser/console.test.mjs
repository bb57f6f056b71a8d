/** The operators' console: without a script, by the keyboard alone, light and dark, on a phone too. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { violations } from "./axe.mjs";
import { launch } from "./chromium.mjs";
import { specimen } from "./document.mjs";
import { freePort, startService } from "./service.mjs";
import { startTrial } from "./trial.mjs";
import { photograph } from "./window.mjs";

const DESKTOP = { width: 1280, height: 720 };
const PHONE = { width: 320, height: 640 };
const LOOKS = [["light", DESKTOP], ["dark", DESKTOP], ["light", PHONE], ["dark", PHONE]];

let site, service, browser;

before(async () => {
  const port = await freePort();
  // Another host than that of the logins, on this machine too.
  site = `http://127.0.0.1:${port}`;
  const more = () => `[review]\nurl = "${site}"\nlisten = ["127.0.0.1:${port}"]`;
  service = await startService({ organisation: "Acme", more });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

/** A window in which `name` has signed in by a link, as somebody does who clicks. */
async function signedIn(t, name, roles, { at = service, begins = "Who you are here", ...looks } = {}) {
  const { url } = await at.command("operator", "add", name, ...roles.flatMap((role) => ["--role", role]));
  const context = await browser.newContext({ colorScheme: "light", javaScriptEnabled: false, ...looks });
  const refused = [];
  context.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) refused.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(refused, [], "no page asks for what its policy refuses");
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: begins }).waitFor();
  return page;
}

test("a code is issued and revoked by the keyboard alone", async (t) => {
  const page = await signedIn(t, "Keyboard", ["desk"]);
  await page.goto(`${site}/desk`);
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Skip to the content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("auth0|65f0c0ffee");
  await page.keyboard.press("Tab");
  await page.keyboard.type("passport");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "The code" }).waitFor();
  assert.match(await page.locator(".code").innerText(), /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await page.goto(`${site}/desk`);
  await page.getByRole("button", { name: "Revoke" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("The code is worthless now.").waitFor();
  await page.getByRole("button", { name: "Sign out" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("what was typed stays where it was wrong", async (t) => {
  const page = await signedIn(t, "Typo", ["desk"]);
  await page.goto(`${site}/desk`);
  await page.getByLabel("Auth0 user id").fill("65f0c0ffee");
  await page.getByLabel("Note", { exact: true }).fill("passport");
  await page.getByRole("button", { name: "Issue the code" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Auth0 user id").inputValue(), "65f0c0ffee");
  assert.equal(await page.getByLabel("Note", { exact: true }).inputValue(), "passport");
  await look(t, page, "console desk wrong");
});

test("a link that another site shows leads in, and that site submits nothing", async (t) => {
  const page = await signedIn(t, "Elsewhere", ["supervisor"], { javaScriptEnabled: true });
  await page.route("http://elsewhere.localhost/", (route) => route.fulfill({
    contentType: "text/html",
    body: `<form method="post" action="${site}/operators/revoke"><input name="name" value="Elsewhere"><button>Win</button></form>
           <iframe src="${site}/operators"></iframe>`,
  }));
  await page.goto("http://elsewhere.localhost/");
  await page.getByRole("button", { name: "Win" }).click();
  await page.getByRole("heading", { name: "That came from elsewhere" }).waitFor();
  const { operators } = await service.command("operator", "list");
  assert.equal(operators.find(({ name }) => name === "Elsewhere").revoked_at, null);
});

test("axe finds nothing wrong with any page of the console, and none is wider than a phone", async (t) => {
  const page = await signedIn(t, "Supervisor with a long name of the organisation", ["desk", "supervisor"], { javaScriptEnabled: true, bypassCSP: true });
  await service.command("operator", "add", "Bob", "--role", "reviewer", "--subject", "auth0|bob");
  await service.command("operator", "revoke", "Bob");
  await service.command("desk", "issue", "--tenant", "acme.eu.auth0.test", "--subject", "samlp|corporation|somebody.with.a.long.name@acme.example", "--note", "passport", "--by", "Ada");
  for (const path of ["/me", "/operators", "/decoys", "/desk"]) {
    await page.goto(site + path);
    await look(t, page, `console ${path.slice(1)}`);
  }
  await page.getByLabel("Auth0 user id").fill("auth0|ada");
  await page.getByRole("button", { name: "Issue the code" }).click();
  await look(t, page, "console issued");
  await page.goto(`${site}/nothing`);
  await look(t, page, "console nothing");
  const { url } = await service.command("operator", "link", "Keyboard");
  await page.goto(url);
  await look(t, page, "console link");
  await page.goto(`${site}/sign-in?notice=role&reference=BCDFGHJKMN`);
  await look(t, page, "console sign in");
});

test("axe finds nothing wrong with the pairs to learn from, whose answers the keyboard opens", async (t) => {
  const learning = await startLearning(t);
  const page = await signedIn(t, "New", ["reviewer"], { at: learning, begins: "Pairs to learn from", javaScriptEnabled: true, bypassCSP: true });
  for (const image of await page.locator("main img").all()) {
    await image.scrollIntoViewIfNeeded();
    assert.ok(await image.evaluate((shown) => shown.decode().then(() => shown.naturalWidth > 0)));
  }
  await page.setViewportSize(DESKTOP);
  const boxes = await Promise.all((await page.locator(".pair").first().locator(".frame").all()).map((frame) => frame.boundingBox()));
  assert.deepEqual([boxes[0].width, boxes[0].height, boxes[0].y], [boxes[1].width, boxes[1].height, boxes[1].y], "side by side, of one size");
  const answers = page.locator("details p");
  assert.equal(await answers.first().isVisible(), false);
  await look(t, page, "console pairs");
  for (const summary of await page.locator("summary").all()) {
    await summary.focus();
    await page.keyboard.press("Enter");
  }
  assert.deepEqual(await answers.allInnerTexts(), ["It is the same person.", "They are two people."]);
  await look(t, page, "console pairs answered");
  await page.getByRole("link", { name: "To the cases" }).click();
  await page.getByRole("heading", { name: "Cases" }).waitFor();
  await look(t, page, "console cases of who learns");
  await page.getByRole("link", { name: "Pairs to learn from" }).click();
  await page.getByRole("heading", { name: "Pairs to learn from" }).waitFor();
});

/** A console whose organisation has two pairs, of one person and of two. */
async function startLearning(t) {
  const trial = await startTrial();
  t.after(() => trial.stop());
  const port = await freePort();
  const more = async (folder) => {
    const pairs = join(folder, "pairs");
    await mkdir(pairs);
    for (const [name, show, person] of [
      ["1-same-document", "passport", "Jörg Müller"],
      ["1-same-selfie", "selfie", "Jörg Müller"],
      ["2-different-document", "card-front", "Ada Lovelace"],
      ["2-different-selfie", "selfie", "Noor Haddad"],
    ]) await writeFile(join(pairs, `${name}.jpg`), (await specimen(trial, show, { person })).buffer);
    return `[review]\nurl = "http://127.0.0.1:${port}"\nlisten = ["127.0.0.1:${port}"]\npairs = ${JSON.stringify(pairs)}`;
  };
  const learning = await startService({ organisation: "Acme", more });
  t.after(() => learning.stop());
  return learning;
}

/** In each look: axe, the width of the page, and a screenshot. */
async function look(t, page, name) {
  for (const [colorScheme, viewport] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await photograph(page, `${name} ${colorScheme} ${viewport.width}`);
    if (!t.name.startsWith("axe")) continue;
    assert.deepEqual(await violations(page), [], `${name} ${colorScheme} ${viewport.width}`);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= viewport.width, `${name}: ${width} of ${viewport.width}`);
  }
}

function focused(page) {
  return page.locator(":focus").innerText();
}
