/** A login of one person at a tenant whose clock stands still, with the Action alone: results are signed here, as idv does. */
import jwt from "jsonwebtoken";
import { Browser } from "./browser.mjs";
import { Auth0 } from "./model.mjs";

export const NOW = 1_800_000_000; // UNIX seconds; the clock stands still unless a test moves it
export const DAY = 86_400;
export const SECRET = "a secret of thirty-two bytes, or more";
export const HOST = "idv.example.test";
export const DOMAIN = "acme.eu.auth0.test";
export const USER_ID = "auth0|65f0c0ffee";

/** A login at a tenant whose clock stands still, with a configured Action unless told otherwise. */
export function newLogin({ secrets = { TOKEN_SECRET: SECRET, IDV_DOMAIN: HOST }, configuration, user, modules, ...options }) {
  let now = NOW;
  const clock = () => now * 1000;
  const auth0 = new Auth0({ domain: DOMAIN, customDomain: "login.acme.test", secrets, configuration, clock, modules });
  return {
    auth0,
    browser: new Browser(),
    hostname: options.hostname ?? DOMAIN,
    user: { user_id: USER_ID, email: "jane.doe@acme.com", ...user },

    wait(seconds) {
      now += seconds;
    },
    async arrive(flow = options.flow) {
      const outcome = await auth0.login(this.browser, { ...options, user: this.user, flow });
      this.url = outcome.redirect && new URL(outcome.redirect);
      this.state = this.url?.searchParams.get("state");
      return outcome;
    },
    /** The claims of the request token with which the Action sends the browser to idv. */
    async request() {
      await this.arrive();
      return jwt.verify(this.url.searchParams.get("token"), SECRET, { clockTimestamp: now });
    },
    /** A result as idv signs it, but for the claims that are given; undefined ones are missing from it. */
    result(changes, secret = SECRET, options = {}) {
      const good = { iss: HOST, sub: USER_ID, iat: NOW, exp: NOW + 60, state: this.state, status: "success", idv_id: "idv-1" };
      const payload = JSON.parse(JSON.stringify({ ...good, ...changes }));
      return jwt.sign(payload, secret, { noTimestamp: !("iat" in payload), ...options });
    },
    comeBack(...result) {
      const query = new URLSearchParams({ state: this.state, token: this.result(...result) });
      return this.resume({ method: "GET", url: `https://${this.hostname}/continue?${query}` });
    },
    resume(request) {
      return auth0.resume(this.browser, request);
    },
  };
}

/** The part of a user that tells of an earlier check. */
export function checked(id_verification) {
  return { app_metadata: { id_verification } };
}

/** A login that succeeds with exactly these claims of the Action. */
export function claims(members) {
  return { tokens: Object.fromEntries(Object.entries(members).map(([name, value]) => [`https://id-verification/${name}`, value])) };
}
