/** Whole logins: the Action in a model of Auth0, a browser, and the real idv in between. */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import jwt from "jsonwebtoken";
import { Browser } from "./browser.mjs";
import { Auth0 } from "./model.mjs";
import { HOST, startService } from "./service.mjs";

const ACME = {
  domain: "acme.eu.auth0.test",
  customDomains: ["login.acme.test"],
  secret: "a secret of Acme's, 32 bytes or more",
};
const FORMS = {
  domain: "forms.eu.auth0.test",
  customDomains: ["login.forms.test"],
  secret: "ünïcödé in a secret, and a space at its end ",
  returnMethod: "form_post",
};
const TEMPLATE = { domain: "template.eu.auth0.test", secret: "the secret of a tenant with the template", resultSubject: "idv_id" };

/** How a login gets to idv and back: the host it began on, and the tenant's choice of redirect or form. */
const WAYS = {
  "by redirect": { tenant: ACME, hostname: ACME.domain },
  "by form": { tenant: FORMS, hostname: FORMS.domain },
  "by redirect to a custom domain": { tenant: ACME, hostname: "login.acme.test" },
  "by form to a custom domain": { tenant: FORMS, hostname: "login.forms.test" },
  "to a custom domain, from an issuer that is not": { tenant: ACME, hostname: "login.acme.test", issuer: ACME.domain },
};

/**
 * What every login comes to. The trial's model tenant is held to the same table (tests/it/scenarios.rs). A list in a row
 * stands for a row with each of its values.
 *   settings   what the administrator entered, on top of a secret and a domain that are right; null is not entered
 *   stored     the age of the check in the user's metadata, in seconds
 *   arrivals   settings, application, flow, stored: the login ends so, or the person is asked
 *   returns    application, what the person does who was asked: the login ends so, and what is new in app_metadata,
 *              which keeps all else that it held
 */
const SCENARIOS = JSON.parse(readFileSync(new URL("scenarios.json", import.meta.url), "utf8"));
const { applications: APPLICATIONS, flows: FLOW, stored: STORED, arrivals: ARRIVALS, returns: RETURNS } = SCENARIOS;
const SETTINGS = SCENARIOS.settings;
const EITHER = Object.keys(APPLICATIONS);

/** Each takes a visit to idv and returns the request with which the browser comes back to Auth0. */
const PEOPLE = {
  "enters the code": async (visit) => answer(visit, await codeFor(visit)),
  "enters the code at the fifth attempt": async (visit) => answer(visit, ...wrongCodes(4), await codeFor(visit)),
  "enters five wrong codes": (visit) => answer(visit, ...wrongCodes(5)),
  cancels: async (visit) => leave(visit, await visit.browser.submit(formTo(await visit.browser.open(visit.url), "/cancel"))),
  "comes back without a result": (visit) => comeBack(visit, undefined),
  "brings the request instead of a result": (visit) => comeBack(visit, visit.url.searchParams.get("token")),
  "forges a result": async (visit) => {
    const claims = { iss: HOST, sub: visit.user.user_id, status: "success", idv_id: "made-up", state: visit.state };
    return comeBack(visit, jwt.sign(claims, "a secret that idv does not have either", { expiresIn: 60 }));
  },
  "alters a result": async (visit) => {
    const [header, payload, signature] = tokenOf(await PEOPLE.cancels(visit)).split(".");
    const altered = { ...JSON.parse(Buffer.from(payload, "base64url")), status: "success" };
    return comeBack(visit, [header, Buffer.from(JSON.stringify(altered)).toString("base64url"), signature].join("."));
  },
  "replays the result of an earlier login": async (visit) => {
    const earlier = await begin(visit.auth0, visit);
    return comeBack(visit, tokenOf(await PEOPLE["enters the code"](earlier)));
  },
  "brings another user's result": async (visit) => {
    const theirs = await begin(visit.auth0, { ...visit, browser: new Browser(service.site), user: newUser() });
    return comeBack(visit, tokenOf(await PEOPLE["enters the code"](theirs)));
  },
  // The state is no part of the request token, so idv signs a success that Auth0 itself finds nothing wrong with.
  "has another user's request verified instead": async (visit) => {
    const theirs = await begin(visit.auth0, { ...visit, user: newUser() });
    theirs.url.searchParams.set("state", visit.state);
    return PEOPLE["enters the code"](theirs);
  },
};

let service;
before(async () => (service = await startService([ACME, FORMS, TEMPLATE])), { timeout: 60_000 });
after(() => service?.stop(), { timeout: 60_000 });

describe("a login begins", () => {
  for (const [settings, application, flow, stored, ending] of ARRIVALS.flatMap(combinations)) {
    test(`${settings}, ${application}, ${flow}, ${stored}`, async () => {
      const login = newLogin({ settings, application, stored, flow });
      const outcome = await login.auth0.login(login.browser, login);
      if (ending.asked) assert.match(outcome.redirect, new RegExp(`^https://${HOST}/id-verification\\?token=[^&]+&state=[^&]{100,}$`));
      else assert.deepEqual(outcome, expected(ending, login.check));
      assert.deepEqual(login.user.app_metadata, login.before);
    });
  }

  test("in as many ways as there are, each decided once", () => {
    const decided = ARRIVALS.flatMap(combinations).map((row) => row.slice(0, 4).join());
    const possible = combinations([Object.keys(SETTINGS), EITHER, FLOW, Object.keys(STORED)]).map((row) => row.join());
    assert.deepEqual(decided.sort(), possible.sort());
  });
});

for (const [name, way] of Object.entries(WAYS)) {
  describe(`a login returns ${name}`, { concurrency: 8 }, () => {
    for (const [settings, application, stored, person, ending, { new: renewed }] of returns()) {
      test(`${settings}, ${application}, ${stored}: the person ${person}`, { timeout: 120_000 }, async () => {
        const login = newLogin({ way, settings, application, stored });
        const visit = await begin(login.auth0, login);
        const startedAt = unixTime();
        const request = await PEOPLE[person](visit);
        const outcome = await login.auth0.resume(login.browser, request);

        const result = renewed.length ? resultOf(request, visit, startedAt) : {};
        const check = { ...login.check };
        for (const member of renewed) check[member] = result[member === "id" ? "idv_id" : member];
        assert.deepEqual(outcome, expected(ending, check));
        const { method, ...kept } = check;
        const methods = method && { methods: { [method]: check.last_check } };
        const changed = { ...login.before, id_verification: { ...login.before?.id_verification, ...kept, ...methods } };
        assert.deepEqual(login.user.app_metadata, renewed.length ? changed : login.before);
      });
    }
  });
}

test("every person's return is decided once for every application", () => {
  const decided = RETURNS.flatMap(([application, person]) => combinations([application, person])).map((row) => row.join());
  assert.deepEqual(decided.sort(), combinations([EITHER, Object.keys(PEOPLE)]).map((row) => row.join()).sort());
});

describe("one person's logins, one after another", () => {
  test("a success counts for the next logins, with a browser and without", async () => {
    const login = newLogin({ settings: "thirty days", application: "required" });
    const first = await begin(login.auth0, login);
    const outcome = await login.auth0.resume(login.browser, await PEOPLE["enters the code"](first));
    assert.equal(outcome.tokens["https://id-verification/status"], "valid");
    for (const flow of FLOW) assert.deepEqual(await login.auth0.login(login.browser, { ...login, flow }), outcome);
  });

  test("idv names a person alike at every login, and no two persons alike", async () => {
    const one = newLogin({});
    const ids = [];
    for (const login of [one, one, newLogin({}), newLogin({ way: WAYS["by form"], user: { user_id: one.user.user_id } })]) {
      const visit = await begin(login.auth0, login);
      const sent = jwt.verify(visit.url.searchParams.get("token"), login.tenant.secret);
      assert.equal(sent.id, login.user.app_metadata?.id_verification.id);
      const request = await PEOPLE["enters the code"](visit);
      await login.auth0.resume(login.browser, request);
      ids.push(jwt.decode(tokenOf(request)).idv_id);
    }
    assert.equal(ids[0], ids[1]);
    assert.equal(new Set(ids).size, 3);
  });

  test("after a failure the next login asks again", async () => {
    const login = newLogin({ settings: "never expires" });
    for (const person of ["enters five wrong codes", "cancels", "enters the code"]) {
      await login.auth0.resume(login.browser, await PEOPLE[person](await begin(login.auth0, login)));
    }
    const outcome = await login.auth0.login(login.browser, login);
    assert.equal(outcome.tokens["https://id-verification/status"], "valid");
  });
});

describe("a request token", () => {
  const endings = { success: "enters the code", failed: "enters five wrong codes", canceled: "cancels" };
  for (const [ending, answered] of Object.entries(endings)) {
    test(`that ended as ${ending} is refused in another browser, whatever the state`, async () => {
      const login = newLogin({});
      const visit = await begin(login.auth0, login);
      const later = await begin(login.auth0, login);
      await PEOPLE[answered](visit);
      for (const state of [visit.state, later.state]) {
        visit.url.searchParams.set("state", state);
        const page = await new Browser(service.site).open(visit.url);
        assert.ok(page.status >= 400 && page.status < 500, `status ${page.status}`);
        assert.deepEqual(page.forms, []);
      }
    });

    test(`that ended as ${ending} leads the same browser back with the same result, to the first state alone`, async () => {
      const login = newLogin({});
      const visit = await begin(login.auth0, login);
      const later = await begin(login.auth0, login);
      const first = jwt.decode(tokenOf(await PEOPLE[answered](visit)));
      visit.url.searchParams.set("state", later.state);
      const page = await visit.browser.open(visit.url);
      assert.equal(page.status, 200);
      assert.deepEqual(page.forms, []);
      const again = await leave(visit, await visit.browser.open(`${page.url}/return`));
      const { exp, ...result } = jwt.decode(tokenOf(again));
      assert.deepEqual({ ...result, exp: first.exp }, first);
      assert.equal(first.status, ending);
      assert.equal(new URL(again.url).searchParams.get("state"), visit.state);
      assert.ok(exp >= first.exp);
    });
  }

  test("with a profile is taken, and the browser has it until the session ends", async () => {
    const user = { given_name: "Jörg", family_name: "Müller", email_verified: true, app_metadata: { birthdate: "1990-02-28" } };
    const secrets = { TOKEN_SECRET: ACME.secret, IDV_DOMAIN: HOST, IDV_PROFILE: "given_name family_name birthdate email" };
    const login = { ...newLogin({ user }), auth0: new Auth0({ domain: ACME.domain, secrets }) };
    const visit = await begin(login.auth0, login);
    const hasProfile = () => visit.browser.cookies.header(HOST, { crossSite: false }).includes("__Host-idv-p-");
    const page = await visit.browser.open(visit.url);
    assert.ok(hasProfile() && !page.text.includes("Müller"));
    await leave(visit, await visit.browser.submit(formTo(page, "/cancel")));
    assert.ok(!hasProfile());
  });

  for (const [language, ui_locales] of [["de", ["de-AT", "en"]], ["en", ["en"]], ["en", undefined]]) {
    test(`with the languages ${ui_locales} and a masked account is shown in ${language}`, async () => {
      const { auth0, ...login } = newLogin({});
      const visit = await begin(auth0, { ...login, ui_locales });
      const { text } = await visit.browser.open(visit.url);
      assert.match(text, new RegExp(`<html[^>]* lang="${language}"`));
      assert.ok(text.includes("j•••@acme.test") && !text.includes(visit.user.email));
    });
  }

  test("is as good at the path that the guide spells", async () => {
    const login = newLogin({});
    const visit = await begin(login.auth0, login);
    visit.url.pathname = "/id-verfication";
    const outcome = await login.auth0.resume(login.browser, await PEOPLE["enters the code"](visit));
    assert.equal(outcome.tokens["https://id-verification/status"], "valid");
  });
});

describe("a tenant whose results name the person by idv_id", () => {
  // The published template in short: the subject is idv's id, `iat` the time, and the status goes into the claim as it is.
  const template = `
    exports.onExecutePostLogin = async ({ secrets, configuration, user }, { redirect }) => {
      const { id } = user.app_metadata.idv ?? {};
      const token = redirect.encodeToken({ secret: secrets.TOKEN_SECRET, expiresInSeconds: 600, payload: { id } });
      redirect.sendUserTo("https://" + configuration.IDV_DOMAIN + "/id-verification", { query: { token } });
    };
    exports.onContinuePostLogin = async ({ secrets }, { redirect, user, idToken }) => {
      const { sub, status, iat } = redirect.validateToken({ secret: secrets.TOKEN_SECRET, tokenParameterName: "token" });
      if (status === "success") user.setAppMetadata("idv", { id: sub, lastSuccessfulCheck: iat });
      idToken.setCustomClaim("https://id-verification/status", status);
      idToken.setCustomClaim("https://id-verification/last-check", iat);
      idToken.setCustomClaim("https://id-verification/id", sub);
    };`;
  const way = { tenant: TEMPLATE, hostname: TEMPLATE.domain };

  test("serves the published template unmodified", async () => {
    const { browser, user } = newLogin({ way });
    const [secrets, configuration] = [{ TOKEN_SECRET: TEMPLATE.secret }, { IDV_DOMAIN: HOST }];
    const auth0 = new Auth0({ domain: TEMPLATE.domain, secrets, configuration, action: { source: template } });
    user.app_metadata = {};
    const ids = [];
    for (const _login of ["first", "second"]) {
      const visit = await begin(auth0, { browser, user, way });
      const startedAt = unixTime();
      const request = await PEOPLE["enters the code"](visit);
      const { sub, idv_id, iat } = jwt.verify(tokenOf(request), TEMPLATE.secret);
      assert.equal(sub, idv_id);
      assert.ok(iat >= startedAt && iat <= unixTime());
      // "success" where the guide promises "valid": a known mistake of the template (contract 21).
      assert.deepEqual(await auth0.resume(browser, request), expected({ status: "success" }, { id: sub, last_check: iat }));
      assert.deepEqual(user.app_metadata, { idv: { id: sub, lastSuccessfulCheck: iat } });
      ids.push(sub);
    }
    assert.equal(ids[0], ids[1]);
  });

  test("is not for this Action, which says so in its log", async () => {
    const login = newLogin({ way, application: "required" });
    const request = await PEOPLE["enters the code"](await begin(login.auth0, login));
    assert.deepEqual(await login.auth0.resume(login.browser, request), { denied: "idv_verification_failed" });
    assert.deepEqual(login.auth0.log, ["idv: result refused: its subject is not this user's user_id"]);
  });
});

/** A user who is about to log in, with the tenant, the browser and the application it takes. */
function newLogin({ way = WAYS["by redirect"], settings = "every login", application = "optional", stored = "no metadata", flow, user }) {
  const { tenant, hostname, issuer } = way;
  const secrets = { TOKEN_SECRET: tenant.secret, IDV_DOMAIN: HOST, ...entered(SETTINGS[settings]) };
  const auth0 = new Auth0({ domain: tenant.domain, customDomain: tenant.customDomains?.[0], issuer, secrets });
  const check = STORED[stored] ? { id: "known-to-auth0", last_check: unixTime() - STORED[stored] } : undefined;
  const app_metadata = check && { plan: "gold", id_verification: { ...check, note: "ours" } };
  return {
    way, tenant, auth0, flow, hostname, check,
    client: APPLICATIONS[application],
    browser: new Browser(service.site),
    user: { ...newUser(), ...(check && { app_metadata }), ...user },
    before: structuredClone(app_metadata),
  };
}

/** A field that was not entered is no member at all. */
function entered(settings) {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value ?? undefined]));
}

let users = 0;

/** Every user is somebody new to idv; their ids are of the kinds that Auth0 has (contract 3). */
function newUser() {
  const number = (users += 1);
  const user_id = [`auth0|65f0c0ffee${number}`, `google-oauth2|10821600000${number}`, `samlp|corp|j.doe+${number}@acme.test`][number % 3];
  return { user_id, email: `j.doe+${number}@acme.test` };
}

/** The Action sends the user to idv. */
async function begin(auth0, login) {
  const { redirect } = await auth0.login(login.browser, { ...login, hostname: login.way.hostname });
  const url = new URL(redirect);
  return { ...login, auth0, url, state: url.searchParams.get("state") };
}

/** Opens idv and enters the codes, all but the last of them in vain. */
async function answer(visit, ...codes) {
  let page = await visit.browser.open(visit.url);
  assert.equal(page.status, 200);
  for (const [index, code] of codes.entries()) {
    if (index > 0) assert.equal(page.status, 422);
    page = await visit.browser.submit(formTo(page, "/desk"), { code });
  }
  return leave(visit, page);
}

/** The request that takes the browser back: a redirect, or the form of a page, as the tenant has it (contract 8). */
async function leave({ browser, way }, page) {
  const byForm = way.tenant.returnMethod === "form_post";
  const { left } = byForm ? await browser.submit(formTo(page, "/continue")) : page;
  assert.equal(left?.method, byForm ? "POST" : "GET");
  return left;
}

function formTo(page, path) {
  const form = page.forms.find(({ action }) => action.pathname.endsWith(path));
  assert.ok(form, `no form to ${path}:\n${page.text}`);
  return form;
}

/** The request of somebody who returns by hand, with a token of their choice. */
function comeBack({ way, state }, token) {
  const url = new URL(`https://${way.hostname}/continue`);
  url.searchParams.set("state", state);
  const fields = new URLSearchParams(token && { token });
  if (way.tenant.returnMethod === "form_post") return { method: "POST", url: url.href, body: fields.toString() };
  for (const [name, value] of fields) url.searchParams.set(name, value);
  return { method: "GET", url: url.href };
}

function tokenOf({ method, url, body }) {
  return (method === "POST" ? new URLSearchParams(body) : new URL(url).searchParams).get("token");
}

/** The claims of a result, which must be what contract 9 to 12 ask for. */
function resultOf(request, { way, user, state }, startedAt) {
  const { header, payload } = jwt.verify(tokenOf(request), way.tenant.secret, { algorithms: ["HS256"], complete: true });
  const { iss, sub, iat, exp, status, idv_id, last_check } = payload;
  assert.deepEqual(header, { alg: "HS256", typ: "JWT" });
  assert.deepEqual({ iss, sub, state: payload.state }, { iss: HOST, sub: user.user_id, state });
  assert.ok(exp >= unixTime() + 30, "there is time to bring it to Auth0");
  assert.match(idv_id, /^[\w-]{16,}$/);
  for (const time of [iat, ...(status === "success" ? [last_check] : [])]) assert.ok(time >= startedAt && time <= unixTime());
  return payload;
}

function codeFor({ way, user }) {
  return service.issueCode(way.tenant.domain, user.user_id);
}

/** Codes as idv writes them, for others cost no attempt; the chance that one of them is right is nil. */
function wrongCodes(count) {
  const alphabet = "3479ACDEFGHJKMNPQRTWXYZ";
  const symbols = (length) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
  return Array.from({ length: count }, () => [symbols(4), symbols(4), symbols(4)].join("-"));
}

/** An ending of the tables, spelled out; `check` is what the ID token may tell of an earlier or a new check. */
function expected(ending, check = {}) {
  if (!ending.status) return ending.noClaims ? { tokens: {} } : ending;
  const claims = { status: ending.status, "last-check": check.last_check, method: check.method, id: check.id };
  const known = Object.entries(claims).filter(([, value]) => value !== undefined);
  return { tokens: Object.fromEntries(known.map(([name, value]) => [`https://id-verification/${name}`, value])) };
}

/** Every row that a row with lists in it stands for. */
function combinations(row) {
  return row.reduce((rows, cell) => rows.flatMap((begun) => [cell].flat().map((value) => [...begun, value])), [[]]);
}

/** Every login of ARRIVALS that asks the person, with everything the person may do. */
function returns() {
  const asking = ARRIVALS.flatMap(combinations).filter((row) => row.at(-1).asked);
  const doing = RETURNS.flatMap(([application, person, ...rest]) => combinations([application, person]).map((row) => [...row, ...rest]));
  return asking.flatMap(([settings, application, , stored]) =>
    doing.filter((row) => row[0] === application).map(([, ...rest]) => [settings, application, stored, ...rest]),
  );
}

function unixTime() {
  return Math.floor(Date.now() / 1000);
}
