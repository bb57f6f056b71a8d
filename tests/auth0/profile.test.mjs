/** What the Action tells idv of the account, sealed. No service is needed. */
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { claims, HOST, newLogin, SECRET, USER_ID } from "./login.mjs";

/**
 * The trial's engine and idv are held to the same table (tests/it/scenarios.rs and src/verification/profile.rs).
 *   sealed  profiles as Node.js and as the trial's engine sealed them, with the secret
 *   logins  the settings beside a secret and a domain, the account, and the profile in its request token; null: none
 *   faults  settings that make no sense, and what the Action's log has of them
 */
const { sealed, logins, faults } = JSON.parse(readFileSync(new URL("profiles.json", import.meta.url), "utf8"));
const FIELDS = { TOKEN_SECRET: SECRET, IDV_DOMAIN: HOST };
const NAMES = "given_name family_name birthdate email";

/** The JSON that was sealed. */
function open(sealed, secret = SECRET) {
  assert.match(sealed, /^[\w-]+$/);
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = crypto.createDecipheriv("aes-256-gcm", crypto.hkdfSync("sha256", secret, "", "idv profile 1", 32), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  return decipher.update(bytes.subarray(12, -16), undefined, "utf8") + decipher.final("utf8");
}

describe("the profile of an account", () => {
  for (const { it, settings, user, profile } of logins) {
    test(it, async () => {
      const login = newLogin({ secrets: { ...FIELDS, ...settings }, user });
      const request = await login.request();
      if (profile) assert.deepEqual(JSON.parse(open(request.profile)), profile);
      else assert.ok(!("profile" in request));
      // The administrator's own data come back as they were, and the log has nothing.
      await login.comeBack({});
      assert.deepEqual(login.auth0.log, []);
    });
  }

  for (const { log, settings } of faults) {
    test(`is not sent where ${log}`, async () => {
      const secrets = { ...FIELDS, ...settings };
      const login = newLogin({ secrets });
      assert.deepEqual(await login.arrive(), claims({}));
      assert.deepEqual(login.auth0.log, [`idv: not configured: ${log}`]);
      const required = newLogin({ secrets, client: { metadata: { IDV_REQUIRED: "true" } } });
      assert.deepEqual(await required.arrive(), { denied: "idv_configuration_error" });
    });
  }

  test("is what an Action from the Marketplace has in its configuration", async () => {
    const user = { family_name: "Lovelace", email_verified: true };
    const read = async (options) => open((await newLogin({ user, ...options }).request()).profile);
    assert.equal(await read({ configuration: { IDV_PROFILE: "family_name" } }), '{"family_name":"Lovelace"}');
    const both = { configuration: { IDV_PROFILE: "email" }, secrets: { ...FIELDS, IDV_PROFILE: "family_name" } };
    assert.equal(await read(both), '{"email":"jane.doe@acme.com"}');
    const slip = newLogin({ configuration: { IDV_PROFLIE: "family_name" }, client: { metadata: { IDV_REQUIRED: "true" } } });
    assert.deepEqual(await slip.arrive(), { denied: "idv_configuration_error" });
  });

  test("is what was sealed before, with the same nonce", async () => {
    for (const { secret, sealed: before, profile } of sealed) {
      assert.deepEqual(JSON.parse(open(before, secret)), profile);
      const nonce = Buffer.from(before, "base64url").subarray(0, 12);
      const modules = { crypto: { ...crypto, randomBytes: (length) => (assert.equal(length, 12), nonce) } };
      const { birthdate, ...user } = profile;
      const secrets = { ...FIELDS, TOKEN_SECRET: secret, IDV_PROFILE: NAMES };
      const login = newLogin({ secrets, user: { email: null, email_verified: true, ...user, app_metadata: { birthdate } }, modules });
      await login.arrive();
      const [, payload] = login.url.searchParams.get("token").split(".");
      assert.equal(JSON.parse(Buffer.from(payload, "base64url")).profile, before);
    }
  });

  test("is sealed under another nonce each time", async () => {
    const seal = async () => (await newLogin({ secrets: { ...FIELDS, IDV_PROFILE: "email" }, user: { email_verified: true } }).request()).profile;
    const [one, other] = [await seal(), await seal()];
    assert.notEqual(one.slice(0, 16), other.slice(0, 16));
    assert.equal(open(one), open(other));
  });

  test("needs no crypto where there is none", async () => {
    const login = newLogin({ user: { family_name: "Lovelace" }, modules: {} });
    assert.ok((await login.arrive()).redirect);
  });

  test("has no text of more than 256 bytes, and none in half", async () => {
    for (const [family_name, isThere] of [["x".repeat(256), true], ["x".repeat(257), false], ["ü".repeat(128), true], [`${"ü".repeat(128)}x`, false], ["\ud800", false], ["x\udc00y", false]]) {
      const login = newLogin({ secrets: { ...FIELDS, IDV_PROFILE: "family_name" }, user: { family_name } });
      const { profile } = await login.request();
      assert.equal(profile && JSON.parse(open(profile)).family_name, isThere ? family_name : undefined);
    }
  });

  test("has 512 bytes at most, and leaves out what there is no room for", async () => {
    const all = async (length) => {
      const user = { given_name: "g".repeat(200), family_name: "f".repeat(200), email: "e".repeat(length), email_verified: true, app_metadata: { birthdate: "1990-02-28" } };
      return open((await newLogin({ secrets: { ...FIELDS, IDV_PROFILE: NAMES }, user }).request()).profile);
    };
    assert.equal(Buffer.byteLength(await all(42)), 512);
    assert.ok(JSON.parse(await all(42)).email);
    assert.deepEqual(Object.keys(JSON.parse(await all(43))), ["given_name", "family_name", "birthdate"]);
  });

  test("leaves the request token below the 4,096 bytes that idv takes", async () => {
    const user = {
      user_id: `auth0|${"u".repeat(249)}`,
      given_name: "g".repeat(256),
      family_name: "f".repeat(200),
      email: `j@${"a".repeat(118)}.test`,
      app_metadata: { id_verification: { id: "i".repeat(22), ticket: "t".repeat(64), last_check: 1, methods: { desk: 1 } } },
    };
    const login = newLogin({
      secrets: { ...FIELDS, IDV_PROFILE: NAMES, IDV_EXPIRES_IN: "2592000" },
      client: { metadata: { IDV_METHODS: "m".repeat(256) } },
      hostname: "login.acme.test",
      ui_locales: Array(30).fill("de-CH"),
      user,
    });
    await login.arrive();
    const token = login.url.searchParams.get("token");
    const { profile } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
    assert.ok(profile.length > 650, "all that there is room for");
    // A host has 253 characters at most, and stands in it twice, in base64.
    const hosts = 2 * Math.ceil(((253 - "login.acme.test".length) * 4) / 3);
    assert.ok(token.length + hosts <= 4096, `${token.length} and ${hosts}`);
  });

  test("is nowhere but there", async () => {
    const secret = "Lovelace-Byron";
    const login = newLogin({ secrets: { ...FIELDS, IDV_PROFILE: "family_name email" }, user: { family_name: secret, email_verified: true } });
    await login.arrive();
    const [, payload] = login.url.searchParams.get("token").split(".");
    assert.ok(!Buffer.from(payload, "base64url").includes(secret) && !login.url.href.includes(secret));
    assert.deepEqual(await login.comeBack({ status: "failed" }), claims({ status: "failed", id: "idv-1" }));
    assert.ok(!JSON.stringify([login.auth0.log, login.user.app_metadata]).includes(secret));
    assert.equal(login.user.user_id, USER_ID);
  });
});
