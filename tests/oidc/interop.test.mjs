/** Whole logins through the real idv, each with a provider that others wrote. */
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { Browser } from "../auth0/browser.mjs";
import { HOST, startService } from "../auth0/service.mjs";
import { startMock } from "./mock.mjs";
import { startPeer } from "./peer.mjs";
import { client, KINDS, LOGIN, MORE, sections, TABLE, wayOut } from "./registrations.mjs";
import { Visitor } from "./visitor.mjs";

const TENANT = { domain: "acme.eu.auth0.test", secret: "a secret of Acme's, 32 bytes or more" };
const STATE = "s".repeat(170);
const callback = (name) => `https://${HOST}/oidc/${name}/callback`;

const MOCK = { name: "mock", kind: "basic", algorithm: "RS256", request: "plain", rule: LOGIN };

const LEVELS = TABLE.find(({ name }) => name === "basic-es256-offered");

let peer, mock, service;
before(async () => {
  peer = await startPeer([...TABLE, ...MORE].map((registration) => client(registration, callback)));
  mock = await startMock();
});
after(async () => {
  await mock?.stop();
  await peer?.stop();
});

/** The tests of this group are with an idv that knows these registrations. */
function serve(atPeer, atMock = []) {
  before(async () => {
    service = await startService([TENANT], async (folder) => {
      const parts = [sections(folder, peer, atPeer), sections(folder, mock, atMock), wayOut(folder, [peer, mock])];
      return (await Promise.all(parts)).join("\n");
    });
  });
  after(() => service?.stop());
}

/** A request token, as the Action signs it. */
function request(subject) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: TENANT.domain, sub: subject, iat: now, exp: now + 600, jti: randomUUID(), ip: "203.0.113.7" };
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", TENANT.secret).update(signed).digest("base64url")}`;
}

/** From Auth0 to the provider `name` and back: idv's page, or { left }: the request with which the browser leaves. */
async function verify(name, { at = peer, subject = `auth0|${randomUUID()}`, person = {}, form } = {}) {
  at.person = { sub: randomUUID(), ...person };
  const browser = new Browser(service.site);
  const start = await browser.open(`https://${HOST}/id-verification?token=${request(subject)}&state=${STATE}`);
  const page = await browser.open(`${start.url.replace(/\/oidc\/.*/, "")}/oidc/${name}`);
  const go = page.forms.find(({ action }) => action.pathname.endsWith(`/oidc/${name}`));
  assert.ok(go, `the page has a way to ${name}: ${page.text}`);
  const { left, ...stayed } = await browser.submit(go);
  if (!left) return stayed;
  return browser.open(await new Visitor(at).go(left.url, form));
}

/** The claims of the result with which the browser comes back to Auth0. */
function result(outcome) {
  assert.ok(outcome.left, `the browser goes back to Auth0, not to ${outcome.url}\n${service.log.at(-1)}\n${peer.said.at(-1)}`);
  const url = new URL(outcome.left.url);
  assert.equal(url.origin + url.pathname, `https://${TENANT.domain}/continue`);
  assert.equal(url.searchParams.get("state"), STATE);
  const [signed, tag] = url.searchParams.get("token").split(/\.(?=[^.]*$)/);
  assert.equal(tag, createHmac("sha256", TENANT.secret).update(signed).digest("base64url"));
  return JSON.parse(Buffer.from(signed.split(".")[1], "base64url"));
}

/** The browser stays at idv, which says that the person may try again. */
function again(outcome, name) {
  assert.equal(outcome.left, undefined, "the browser stays at idv");
  assert.match(new URL(outcome.url).search, /^\?notice=/);
  assert.ok(outcome.forms.some(({ action }) => action.pathname.endsWith(`/oidc/${name}`)), "and may try again");
}

// One idv knows sixteen providers at most.
for (const kind of KINDS) {
  describe(`oidc-provider of npm, for a ${kind} client`, () => {
    const registrations = TABLE.filter((registration) => registration.kind === kind);
    serve(registrations);
    for (const { name, algorithm, request: way } of registrations) {
      test(`signs by ${algorithm}, the request being ${way}`, async () => {
        const { status, method } = result(await verify(name));
        assert.deepEqual({ status, method }, { status: "success", method: `oidc:${name}` });
      });
    }
  });
}

describe("oidc-provider of npm", () => {
  serve([LEVELS, ...MORE]);

  for (const name of ["verified", "in-the-id-token", "values", "fresh"]) {
    test(`what is ${name} counts`, async () => {
      assert.equal(result(await verify(name)).status, "success");
    });
  }

  for (const name of ["verified", "in-the-id-token"]) {
    for (const [what, verification] of [
      ["level", { assurance_level: "low" }],
      ["framework", { trust_framework: "other_tf" }],
      ["time", { time: new Date(Date.now() - 25 * 3_600_000).toISOString() }],
    ]) {
      test(`what is ${name} does not count at another ${what}`, async () => {
        again(await verify(name, { person: { verification } }), name);
      });
    }
  }

  test("a level that is too low does not count", async () => {
    const { name } = LEVELS;
    again(await verify(name, { person: { acr: "urn:peer:low" } }), name);
  });

  test("a login of an hour ago is not fresh", async () => {
    again(await verify("fresh", { person: { loggedInAt: Math.floor(Date.now() / 1000) - 3600 } }), "fresh");
  });

  test("whoever denies it may try again", async () => {
    const { name } = LEVELS;
    again(await verify(name, { person: { deny: true } }), name);
  });

  test("a plain request is refused where it must be pushed", async () => {
again(await verify("not-pushed"), "not-pushed");
    const { method, cause, detail } = JSON.parse(service.log.at(-1));
    assert.deepEqual({ method, cause }, { method: "oidc:not-pushed", cause: "error_other" });
    assert.match(detail, /Pushed Authorization Request must be used/);
  });

  test("a key that is new since the last login is found", async () => {
    const { name } = LEVELS;
    assert.equal(result(await verify(name)).status, "success");
    peer.rotate();
    assert.equal(result(await verify(name)).status, "success");
  });

  test("the same person comes again, another does not", async () => {
    const { name } = LEVELS;
    const [subject, ada] = [`auth0|${randomUUID()}`, { sub: randomUUID() }];
    const first = result(await verify(name, { subject, person: ada }));
    const second = result(await verify(name, { subject, person: ada }));
    assert.deepEqual([first.status, second.status], ["success", "success"]);
    assert.equal(second.idv_id, first.idv_id);
    assert.equal(result(await verify(name, { subject })).status, "failed");
    assert.equal(result(await verify(name, { person: ada })).status, "failed", "nor does another account with the same person");
  });
});

describe("oidc-provider-mock of PyPI", () => {
  serve([], [MOCK]);

  test("a login is a verification where that is configured", async () => {
    const { status, method } = result(await verify("mock", { at: mock, form: { sub: randomUUID() } }));
    assert.deepEqual({ status, method }, { status: "success", method: "oidc:mock" });
  });
});
