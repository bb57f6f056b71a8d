/**
 * A browser without a screen and without scripts, for the pages of idv. It keeps cookies, follows redirects and submits
 * forms as browsers do where it matters here: `__Host-` and SameSite cookies, the Origin of a form, and a page's
 * `form-action`, which binds the whole chain of redirects that a form sets off (contract 13).
 */
import assert from "node:assert/strict";
import https from "node:https";

const REDIRECTS = 5;
const PATIENCE = 20_000; // milliseconds for one answer

export class Browser {
  cookies = new Cookies();
  #site;

  /** @param site  { host, port, ca }: the one host that this browser reaches, on loopback */
  constructor(site) {
    this.#site = site;
  }

  /**
   * Follows a link or redirect of another site.
   * @returns a page { url, status, text, forms }, or { left: { method, url, body } }: the request that leaves the site
   */
  async open(url) {
    return this.#go({ method: "GET", url: new URL(url), crossSite: true });
  }

  /** Fills in a form of a page and submits it; `fields` come on top of its hidden inputs. */
  async submit({ page, method, action, inputs }, fields = {}) {
    for (const name of Object.keys(fields)) assert.ok(name in inputs, `the form has no input ${name}`);
    const body = new URLSearchParams({ ...inputs, ...fields }).toString();
    assert.equal(method, "post", "idv's forms are posted");
    return this.#go({ method: "POST", url: action, body, page, crossSite: false });
  }

  async #go({ method, url, body, page, crossSite }) {
    for (let hops = 0; hops <= REDIRECTS; hops += 1) {
      if (page) assert.ok(page.allowsFormTo(url), `form-action forbids ${url.origin}`);
      if (url.host !== this.#site.host) return { left: { method, url: url.href, body } };

      const response = await this.#request({ method, url, body, page, crossSite });
      this.cookies.store(url.host, response.headers["set-cookie"] ?? []);
      if (![302, 303].includes(response.status)) return readPage(url, response);
      url = new URL(response.headers.location, url);
      [method, body] = ["GET", undefined];
    }
    throw new Error(`too many redirects, the last to ${url}`);
  }

  async #request({ method, url, body, page, crossSite }) {
    const { host, port, ca } = this.#site;
    const cookie = this.cookies.header(url.host, { crossSite });
    const headers = {
      host,
      "sec-fetch-site": crossSite ? "cross-site" : "same-origin",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
      ...(cookie && { cookie }),
      ...(method === "POST" && { "content-type": "application/x-www-form-urlencoded", origin: page.origin() }),
    };
    const path = url.pathname + url.search;
    const timeout = AbortSignal.timeout(PATIENCE);
    return new Promise((resolve, reject) => {
      const options = { hostname: "127.0.0.1", port, servername: host, ca, method, path, headers, agent: false, signal: timeout };
      const request = https.request(options, async (response) => {
        const chunks = await response.toArray().catch(reject);
        resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks ?? []).toString() });
      });
      request.on("error", reject).end(body);
    });
  }
}

class Cookies {
  #byHost = new Map();

  set(host, name, value, sameSite = "lax") {
    if (!this.#byHost.has(host)) this.#byHost.set(host, new Map());
    this.#byHost.get(host).set(name, { value, sameSite });
  }

  get(host, name) {
    return this.#byHost.get(host)?.get(name)?.value;
  }

  header(host, { crossSite }) {
    const cookies = [...(this.#byHost.get(host) ?? [])];
    const sent = cookies.filter(([, { sameSite }]) => !(crossSite && sameSite === "strict"));
    return sent.map(([name, { value }]) => `${name}=${value}`).join("; ");
  }

  store(host, lines) {
    for (const line of lines) {
      const [pair, ...rest] = line.split(";").map((part) => part.trim());
      const [name, value] = split(pair);
      const attributes = new Map(rest.map(split).map(([key, text]) => [key.toLowerCase(), text]));
      const hostOnly = attributes.has("secure") && attributes.get("path") === "/" && !attributes.has("domain");
      assert.ok(hostOnly || !name.startsWith("__Host-"), `a browser drops this cookie: ${line}`);
      const gone = Number(attributes.get("max-age") ?? 1) <= 0 || Date.parse(attributes.get("expires")) <= Date.now();
      if (gone) this.#byHost.get(host)?.delete(name);
      else this.set(host, name, value, attributes.get("samesite")?.toLowerCase());
    }
  }
}

function readPage(url, { status, headers, text }) {
  const policy = headers["content-security-policy"] ?? "";
  const formAction = /(?:^|;)\s*form-action\s+([^;]+)/.exec(policy)?.[1].trim().split(/\s+/);
  const page = {
    url: url.href,
    status,
    text,
    /** Without a referrer a browser does not tell the origin of a form either. */
    origin: () => (headers["referrer-policy"] === "no-referrer" ? "null" : url.origin),
    allowsFormTo: (target) => !formAction || formAction.some((source) => (source === "'self'" ? url.origin : source) === target.origin),
  };
  page.forms = [...text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, tag, content]) => {
    const { method = "get", action = "" } = attributesOf(tag);
    const inputs = [...content.matchAll(/<input\b([^>]*)>/g)].map(([, input]) => attributesOf(input));
    const values = inputs.filter(({ name }) => name).map(({ name, value = "" }) => [name, value]);
    return { page, method: method.toLowerCase(), action: new URL(action, url), inputs: Object.fromEntries(values) };
  });
  return page;
}

function attributesOf(tag) {
  const pairs = tag.matchAll(/([\w-]+)(?:=(?:"([^"]*)"|([^\s"'>]+)))?/g);
  return Object.fromEntries([...pairs].map(([, name, quoted, bare]) => [name, unescape(quoted ?? bare ?? "")]));
}

function unescape(html) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (entity, hex, decimal, name) => {
    if (name) return named[name] ?? entity;
    return String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal));
  });
}

function split(pair) {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}
