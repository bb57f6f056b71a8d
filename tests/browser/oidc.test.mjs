/** Whole logins in a browser with OpenID Providers that others wrote. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { startMock } from "../oidc/mock.mjs";
import { startPeer } from "../oidc/peer.mjs";
import { client, LOGIN, sections, wayOut } from "../oidc/registrations.mjs";
import { launch } from "./chromium.mjs";
import { startService } from "./service.mjs";
import { photograph } from "./window.mjs";

const TENANT = "https://acme.eu.auth0.test";
const PEER = { name: "peer", kind: "es256", algorithm: "EdDSA", request: "required", rule: LOGIN };
const MOCK = { name: "mock", kind: "basic", algorithm: "RS256", request: "plain", rule: LOGIN };

/** What a person does at each: one knows them at once, the other asks who they are. */
const PEOPLE = {
  peer: async () => {},
  mock: async (page) => {
    await page.locator('input[name="sub"]').fill(randomUUID());
    await photograph(page, "a provider that others wrote");
    await page.locator("button").first().click();
  },
};

let browser, peer, mock, service;
before(async () => {
  browser = await launch();
  mock = await startMock();
  const more = async (folder, address) => {
    peer = await startPeer([client(PEER, (name) => `${address}/oidc/${name}/callback`)]);
    const parts = [sections(folder, peer, [PEER]), sections(folder, mock, [MOCK]), wayOut(folder, [peer, mock])];
    return (await Promise.all(parts)).join("\n");
  };
  service = await startService({ organisation: "Acme", more });
});
after(async () => {
  await service?.stop();
  await mock?.stop();
  await peer?.stop();
  await browser?.close();
});

for (const { name, javaScriptEnabled } of [PEER, MOCK].flatMap(({ name }) => [true, false].map((javaScriptEnabled) => ({ name, javaScriptEnabled })))) {
  test(`a login by ${name} ends at Auth0 as a success ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled, locale: "en" });
    const page = await context.newPage();
    await page.goto(service.link({ sub: `auth0|${randomUUID()}` }));
    await page.locator(`a[href$="/oidc/${name}"]`).click();
    await photograph(page, `before ${name}`);
    // Where nobody listens there is no page of that address.
    const back = page.waitForRequest((request) => request.url().startsWith(`${TENANT}/continue?`));
    peer.person = { sub: randomUUID() };
    await page.locator(`form[action$="/oidc/${name}"] button`).click();
    await PEOPLE[name](page);
    const [, payload] = new URL((await back).url()).searchParams.get("token").split(".");
    const { status, method } = JSON.parse(Buffer.from(payload, "base64url"));
    assert.deepEqual({ status, method }, { status: "success", method: `oidc:${name}` });
    await context.close();
  });
}
