/** Operators sign in at an OpenID Provider that others wrote, and out of both. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROLES, startPeer } from "../oidc/peer.mjs";
import { wayOut } from "../oidc/registrations.mjs";
import { launch } from "./chromium.mjs";
import { freePort, startService } from "./service.mjs";
import { photograph } from "./window.mjs";

const SECRET = "the secret of the console, long enough for anybody";

let browser, peer, service, site;
before(async () => {
  const port = await freePort();
  site = `http://127.0.0.1:${port}`;
  const more = async (folder) => {
    peer = await startPeer([{
      client_id: "console", client_secret: encodeURIComponent(SECRET), redirect_uris: [`${site}/callback`],
      id_token_signed_response_alg: "ES256",
    }]);
    await writeFile(join(folder, "review-secret"), encodeURIComponent(SECRET), { mode: 0o600 });
    return `
      [review]
      url = "${site}"
      listen = ["127.0.0.1:${port}"]
      [review.oidc]
      issuer = "${peer.issuer}"
      client_id = "console"
      client_secret = { file = ${JSON.stringify(join(folder, "review-secret"))} }
      claim = "${ROLES}"
      desk = ["desk"]
      supervisor = ["lead"]
      ${await wayOut(folder, [peer])}`;
  };
  service = await startService({ organisation: "Acme", more });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await service?.stop();
  await peer?.stop();
});

async function signIn(t, person) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, colorScheme: "light" });
  const refused = [];
  context.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) refused.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(refused, [], "no page asks for what its policy refuses");
  });
  const page = await context.newPage();
  peer.person = { sub: randomUUID(), ...person };
  await page.goto(site);
  await photograph(page, "console sign in at a provider");
  await page.getByRole("link", { name: "Sign in" }).click();
  return page;
}

test("who has a role there is in, and out of both at the end", async (t) => {
  // Of whom the provider knows nothing a link may be made.
  await service.command("operator", "add", "Bob", "--role", "desk");
  const page = await signIn(t, { roles: ["other", "lead"] });
  await page.waitForURL(`${site}/me`);
  assert.match(await page.locator("main").innerText(), /supervisor.*\n.*through the organisation's sign-in/s);
  // Nobody is known by a code in the history.
  await page.goBack();
  assert.doesNotMatch(page.url(), /code=/);
  await page.goto(`${site}/operators`);
  await page.getByRole("button", { name: "Make a link" }).first().click();
  // What supervisors do wants a login that was made for it.
  await page.getByRole("heading", { name: "Sign in once more" }).waitFor();
  await photograph(page, "console sign in once more");
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.waitForURL(`${site}/me`);
  assert.match(await page.locator("main").innerText(), /with a login made for it/);
  await page.goto(`${site}/operators`);
  await page.getByRole("button", { name: "Make a link" }).first().click();
  await page.getByRole("heading", { name: "A link for an operator" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(`${peer.issuer}/session/end?**`);
  await page.goto(`${site}/operators`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

for (const [what, roles] of [["no claim", undefined], ["another role", ["cook"]]]) {
  test(`who has ${what} is told so, with a reference`, async (t) => {
    const page = await signIn(t, { roles });
    await page.getByRole("alert").waitFor();
    assert.match(await page.locator("main").innerText(), /gives you no role here.*\n+Reference\s+[2-9A-Z]{10}/s);
    await photograph(page, `console with ${what}`);
    await page.goto(`${site}/me`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });
}
