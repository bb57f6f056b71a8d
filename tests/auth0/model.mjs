/**
 * A strict model of Auth0's post-login machinery: what contract.md states, and an error for whatever it does not allow.
 *
 * A login ends, or pauses, in one of four ways:
 *   { redirect: url }      the browser is sent away; `resume` takes what it brings back to /continue
 *   { tokens: claims }     the login succeeds; these are the custom claims of the ID token
 *   { denied: code }       the application is told this error
 *   { errorPage: reason }  Auth0 itself ends the login
 */
import assert from "node:assert/strict";
import crypto, { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import jwt from "jsonwebtoken";

const LOGIN_LIFETIME = 3600; // seconds (contract 14)
const TOKEN_LIFETIME = 900; // seconds (contract 3)

/** Only the first of these can leave Auth0's pages (contract 15). */
const FLOWS = {
  interactive: { protocol: "oidc-basic-profile" },
  "prompt=none": { protocol: "oidc-basic-profile", prompt: ["none"] },
  "refresh token": { protocol: "oauth2-refresh-token" },
  password: { protocol: "oauth2-password" },
};

export class Auth0 {
  /** What the Action wrote with console.log, in order. */
  log = [];
  #paused = new Map(); // by state
  #options;

  /**
   * @param domain        the tenant's own domain
   * @param customDomain  a second host for its logins, if it has one
   * @param issuer        the `iss` of request tokens, where it is not the host of the login (contract 4)
   * @param secrets       what the administrator entered, and for an Action of the Marketplace, in configuration too
   * @param clock         milliseconds since 1970, for Auth0 and the Action alike
   * @param action        { source, filename }; the project's own unless given
   * @param modules       what `require` finds, by name; `crypto` unless given
   */
  constructor({ domain, customDomain, issuer, secrets, configuration, clock = Date.now, action = ownAction(), modules = { crypto } }) {
    this.#options = { domain, customDomain, issuer, secrets, configuration, clock, action, modules };
  }

  /**
   * A person who has proven their credentials arrives at the Action. Writes to their metadata change `user`.
   * Members of `event` replace the model's own; undefined ones are missing from the event.
   */
  async login(browser, { user, client = {}, flow = "interactive", hostname = this.#options.domain, ui_locales, event = {} }) {
    assert.ok(this.#hosts().includes(hostname), `${hostname} is no host of this tenant`);
    const transaction = { ...FLOWS[flow], ui_locales };
    const login = { user, client, hostname, transaction, event, startedAt: this.#now(), claims: {} };
    return this.#run("onExecutePostLogin", browser, login, { method: "GET" });
  }

  /** The browser comes to /continue with the request { method, url, body } that another site had it make. */
  async resume(browser, { method, url, body = "" }) {
    const { protocol, host, pathname, searchParams } = new URL(url);
    if (protocol !== "https:" || pathname !== "/continue") return { errorPage: "not the way back" };
    const state = only(searchParams, "state");
    const login = this.#paused.get(state);
    // One answer says as little as Auth0's own page: no such login, another host's, or another browser's.
    if (login?.hostname !== host || browser.cookies.get(host, "auth0") !== login.cookie) return { errorPage: "invalid_request" };
    this.#paused.delete(state);
    if (this.#now() - login.startedAt >= LOGIN_LIFETIME) return { errorPage: "expired" };

    const parameters = method === "POST" ? new URLSearchParams(body) : searchParams;
    return this.#run("onContinuePostLogin", browser, login, { method, state, parameters });
  }

  async #run(handler, browser, login, request) {
    const effects = { claims: login.claims, metadata: {} };
    const context = vm.createContext(
      { exports: {}, Buffer, console: { log: (...words) => this.log.push(words.join(" ")) }, require: (name) => this.#require(name) },
      { codeGeneration: { strings: false, wasm: false } },
    );
    context.clock = this.#options.clock;
    vm.runInContext("Date.now = clock; delete globalThis.clock", context);
    vm.runInContext(this.#options.action.source, context, { filename: this.#options.action.filename });
    // Events reach an Action as JSON, so they are objects of its own realm.
    context.event = JSON.stringify(this.#event(login, request));
    await context.exports[handler](vm.runInContext("JSON.parse(event)", context), this.#api(login, request, effects));
    return this.#settle(browser, login, effects);
  }

  #require(name) {
    assert.ok(this.#options.modules[name], `the Action needs no module ${name}`);
    return this.#options.modules[name];
  }

  /**
   * Metadata first (contract 17): a denial does not take a write back, nor does a redirect delay it.
   * A key's value is replaced as a whole; null removes the key.
   */
  #settle(browser, login, { metadata, claims, denied, redirect }) {
    for (const [key, value] of Object.entries(metadata)) {
      login.user.app_metadata = { ...login.user.app_metadata, [key]: value };
      if (value === null) delete login.user.app_metadata[key];
    }
    if (denied !== undefined) return { denied };
    if (!redirect) return { tokens: claims };

    const state = randomBytes(126).toString("base64url"); // 168 characters (contract 2)
    const cookie = browser.cookies.get(login.hostname, "auth0") ?? randomBytes(16).toString("base64url");
    browser.cookies.set(login.hostname, "auth0", cookie);
    this.#paused.set(state, { ...login, claims, cookie, redirected: true });
    redirect.searchParams.append("state", state);
    return { redirect: redirect.href };
  }

  #event({ user, client, hostname, transaction, event }, { method, parameters }) {
    const fields = Object.fromEntries(parameters ?? []);
    return {
      client: { client_id: "a1b2c3", name: "An application", ...client },
      configuration: this.#options.configuration,
      connection: { id: "con_1", name: "Username-Password-Authentication", strategy: "auth0" },
      request: { hostname, ip: "203.0.113.7", method, ...(method === "POST" ? { body: fields } : { query: fields }) },
      secrets: this.#options.secrets,
      stats: { logins_count: 1 },
      tenant: { id: this.#options.domain.split(".")[0] },
      transaction,
      user,
      ...event,
    };
  }

  #api(login, request, effects) {
    const { protocol, prompt } = login.transaction;
    const canRedirect = protocol === FLOWS.interactive.protocol && !prompt?.includes("none");
    return {
      access: {
        deny(...reasons) {
          assert.equal(reasons.length, 1, "a denial is a code and nothing else");
          effects.denied ??= string(reasons[0], "reason");
        },
      },
      idToken: {
        setCustomClaim(name, value) {
          assert.equal(new URL(name).protocol, "https:", "claims of one's own need a namespace");
          effects.claims = { ...effects.claims, [name]: asJson(value) };
        },
      },
      user: {
        setAppMetadata: (key, value) => void (effects.metadata[string(key, "key")] = asJson(value)),
      },
      redirect: {
        canRedirect: () => canRedirect,
        encodeToken: (options) => this.#encodeToken(login, options),
        sendUserTo(url, { query = {} } = {}) {
          assert.ok(canRedirect, "this flow has no browser to send anywhere");
          assert.ok(!effects.redirect && !login.redirected, "a login is redirected once");
          effects.redirect = new URL(string(url, "url"));
          assert.equal(effects.redirect.protocol, "https:", "Auth0 redirects to https alone");
          for (const [name, value] of Object.entries(query)) effects.redirect.searchParams.append(name, string(value, name));
        },
        validateToken: (options) => this.#validateToken(request, options),
      },
    };
  }

  /** Members of the payload override what Auth0 adds (contract 3). */
  #encodeToken({ hostname, user }, { secret, expiresInSeconds = TOKEN_LIFETIME, payload = {} }) {
    const iat = this.#now();
    const iss = this.#options.issuer ?? hostname;
    const added = { iss, sub: user.user_id, iat, exp: iat + expiresInSeconds, ip: "203.0.113.7" };
    return jwt.sign({ ...added, ...asJson(payload) }, string(secret, "secret"), { algorithm: "HS256" });
  }

  /** Throws, or returns the claims of a token that is authentic, in time and of this login (contract 9). */
  #validateToken({ state, parameters }, { secret, tokenParameterName = "session_token" }) {
    assert.ok(state, "there is no result before /continue");
    const token = only(parameters, tokenParameterName);
    const clockTimestamp = this.#now();
    const { header, payload } = jwt.verify(token, string(secret, "secret"), { algorithms: ["HS256"], clockTimestamp, complete: true });
    if (header.typ !== "JWT") throw new Error("The session token is not a JWT");
    for (const claim of ["sub", "iss", "iat", "exp"]) if (!payload[claim]) throw new Error(`The session token lacks ${claim}`);
    if (payload.state !== state) throw new Error("State in the token does not match the /continue state");
    return payload;
  }

  #hosts() {
    return [this.#options.domain, this.#options.customDomain].filter(Boolean);
  }

  #now() {
    return Math.floor(this.#options.clock() / 1000);
  }
}

function ownAction() {
  const url = new URL("../../src/auth0/action.js", import.meta.url);
  return { source: readFileSync(url, "utf8"), filename: fileURLToPath(url) };
}

/** A parameter's only value; undefined if it is missing or given twice. */
function only(parameters, name) {
  const values = parameters.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

function string(value, name) {
  assert.equal(typeof value, "string", `${name} is a text`);
  return value;
}

/** What passes between an Action and Auth0 passes as JSON: members that are undefined do not arrive. */
function asJson(value) {
  return JSON.parse(JSON.stringify(value));
}
