/** Which checks count for an application, and what the Action keeps of them. No service is needed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { checked, claims, HOST, newLogin, NOW, SECRET } from "./login.mjs";

/**
 * Whole logins with a result as idv signs it. The trial's engine is held to the same table (tests/it/scenarios.rs). A
 * number below 0 is that many seconds before now.
 *   settings     what the administrator entered, on top of a secret and a domain
 *   application  its metadata
 *   stored       the Action's member of app_metadata
 *   flow         how the login reaches Auth0, where it is not interactive
 *   request      what the request token says of it; without a request the login ends at once
 *   result       claims of the result token, on top of those that every result has
 *   ends         the claims of the ID token, or the reason of a denial
 *   kept         the Action's member of app_metadata afterwards; where it is left out, nothing was written
 *   log          what the Action's log has; nothing where it is left out
 */
const CHECKS = JSON.parse(readFileSync(new URL("checks.json", import.meta.url), "utf8"), (_, value) => (value < 0 ? NOW + value : value));

describe("the checks that an application accepts", () => {
  for (const { it, settings, application, stored, flow, request, result, ends, kept, log = [] } of CHECKS) {
    test(it, async () => {
      const secrets = { TOKEN_SECRET: SECRET, IDV_DOMAIN: HOST, ...settings };
      const login = newLogin({ secrets, client: { metadata: application }, flow, user: stored && checked(stored) });
      const before = login.user.app_metadata;
      let outcome;
      if (request) {
        const { last_check, methods, max_age, ticket } = await login.request();
        assert.deepEqual(JSON.parse(JSON.stringify({ last_check, methods, max_age, ticket })), request);
        outcome = await login.comeBack(result);
      } else {
        outcome = await login.arrive();
      }
      assert.deepEqual(outcome, ends.denied ? ends : claims(ends));
      if (kept) assert.deepEqual(login.user.app_metadata, { id_verification: kept });
      else assert.equal(login.user.app_metadata, before, "nothing is written");
      assert.deepEqual(login.auth0.log, log);
    });
  }

  const tickets = [["x".repeat(64), true], ["x".repeat(65), false], ["", false], ["a.b", false], ["ü", false], [7, false], [["t-1"], false], [null, false]];
  for (const [ticket, isKept] of tickets) {
    test(`${isKept ? "take" : "do not take"} ${JSON.stringify(ticket).slice(0, 20)} of ${ticket?.length} characters for a ticket`, async () => {
      const login = newLogin({});
      await login.arrive();
      await login.comeBack({ status: "pending", ticket });
      assert.deepEqual(login.user.app_metadata, { id_verification: { id: "idv-1", ...(isKept && { ticket }) } });

      const stored = newLogin({ user: checked({ ticket }) });
      assert.equal((await stored.request()).ticket, isKept ? ticket : undefined);
    });
  }

  test("are remembered for the sixteen methods that were used last", async () => {
    const methods = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`m${index}`, NOW - 100 - index]));
    const login = newLogin({ user: checked({ id: "idv-1", last_check: NOW - 100, methods }) });
    await login.arrive();
    await login.comeBack({ method: "m15" });
    assert.deepEqual(login.user.app_metadata.id_verification.methods, { ...methods, m15: NOW });
    await login.arrive();
    await login.comeBack({ method: "another" });
    const { m14: oldest, ...others } = methods;
    assert.equal(oldest, NOW - 114);
    assert.deepEqual(login.user.app_metadata.id_verification.methods, { ...others, m15: NOW, another: NOW });
  });

  test("are asked for by names of 256 bytes in all", async () => {
    const IDV_METHODS = `${"x".repeat(200)}  ${"y".repeat(55)}`;
    assert.equal((await newLogin({ client: { metadata: { IDV_METHODS } } }).request()).methods, IDV_METHODS.replace("  ", " "));
  });

  for (const method of [undefined, null, "", 7, ["desk"], "Desk", "desk ", "oidc:", ":x", "oidc:a:b", `oidc:${"x".repeat(33)}`, "__proto__"]) {
    test(`have no method where a result has ${JSON.stringify(method)}`, async () => {
      const login = newLogin({});
      await login.arrive();
      assert.deepEqual(await login.comeBack({ method }), claims({ status: "valid", "last-check": NOW, id: "idv-1" }));
      assert.deepEqual(login.user.app_metadata, { id_verification: { id: "idv-1", last_check: NOW } });

      const limited = newLogin({ client: { metadata: { IDV_METHODS: "desk 7" } } });
      await limited.arrive();
      assert.deepEqual(await limited.comeBack({ method }), claims({ status: "failed" }));
    });
  }

  test("by a clock that is ahead do not count with an IDV_MAX_AGE of 0 either", async () => {
    const client = { metadata: { IDV_MAX_AGE: "0" } };
    const login = newLogin({ client, configuration: { IDV_EXPIRES_IN: "0" }, user: checked({ last_check: NOW + 60 }) });
    assert.ok((await login.arrive()).redirect);
  });
});
