/** A browser at a provider: keeps its cookies and follows its redirects, until they lead elsewhere. */
import assert from "node:assert/strict";
import https from "node:https";

const REDIRECTS = 10;
const PATIENCE = 20_000; // milliseconds for one answer

export class Visitor {
  #cookies = new Map();
  #peer;

  /** @param peer  { issuer, ca } */
  constructor(peer) {
    this.#peer = peer;
  }

  /**
   * @param form  what is typed into the first page that is no redirect, if one is expected
   * @returns where the browser is sent that is not of the provider
   */
  async go(address, form) {
    let [url, body] = [new URL(address), undefined];
    for (let hops = 0; hops < REDIRECTS; hops += 1) {
      if (url.origin !== this.#peer.issuer) return url.href;
      const { status, headers, text } = await ask(url, { ca: this.#peer.ca, body, cookie: this.#cookie() });
      this.#keep(headers["set-cookie"] ?? []);
      if (headers.location) [url, body] = [new URL(headers.location, url), undefined];
      else if (form && !body && /<form/.test(text)) body = new URLSearchParams(form).toString();
      else assert.fail(`a redirect, not ${status} at ${url.pathname}: ${text}`);
    }
    return assert.fail(`too many redirects, the last to ${url.pathname}`);
  }

  #cookie() {
    return [...this.#cookies].map((pair) => pair.join("=")).join("; ");
  }

  #keep(lines) {
    for (const line of lines) {
      const [name, value] = line.split(";")[0].split(/=(.*)/s);
      this.#cookies.set(name, value);
    }
  }
}

/** One request, by GET, or by POST of a form. */
export function ask(url, { ca, body, cookie, headers = {} }) {
  const form = body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
  const options = {
    ca, agent: false, method: body === undefined ? "GET" : "POST", signal: AbortSignal.timeout(PATIENCE),
    headers: { ...form, ...(cookie && { cookie }), ...headers },
  };
  return new Promise((resolve, reject) => {
    const request = https.request(url, options, async (response) => {
      const chunks = await response.toArray().catch(reject);
      resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks ?? []).toString() });
    });
    request.on("error", reject).end(body);
  });
}
