// The `api` that Auth0 hands to an Action, as a record of what the Action asks for, and as much of Node.js as it uses.
// `sign`, `verify` and `native` are native. What passes between an Action and Auth0 passes as JSON: members that are
// undefined do not arrive.

globalThis.exports = {};

// Bytes are arrays here.
{
  const TAG_LENGTH = 16;
  const missing = (what) => {
    throw new Error(`this engine has no ${what}`);
  };

  globalThis.Buffer = {
    byteLength: (text) => byteLength(text),
    concat(parts) {
      const bytes = parts.flat();
      return { toString: (encoding) => (encoding === "base64url" ? native.base64url(bytes) : missing(encoding)) };
    },
  };

  const crypto = {
    hkdfSync(digest, secret, salt, info, length) {
      if (digest !== "sha256" || salt !== "" || length !== 32) missing("other key than of 32 bytes by SHA-256");
      return native.deriveKey(secret, info);
    },
    randomBytes: (length) => native.randomBytes(length),
    createCipheriv(algorithm, key, nonce) {
      if (algorithm !== "aes-256-gcm") missing(algorithm);
      let sealed;
      return {
        update(text) {
          if (sealed) missing("text in parts");
          sealed = native.seal(key, nonce, text);
          return sealed.slice(0, -TAG_LENGTH);
        },
        final: () => [],
        getAuthTag: () => sealed.slice(-TAG_LENGTH),
      };
    },
  };
  globalThis.require = (name) => (name === "crypto" ? crypto : missing(name));
}

globalThis.invoke = async (handler, input) => {
  const { event, login, request } = JSON.parse(input);
  const effects = { claims: {}, metadata: {}, log: [] };
  // One clock for Auth0, the Action and idv.
  Date.now = () => login.now * 1000;
  globalThis.console = { log: (...words) => void effects.log.push(words.join(" ")) };

  const api = {
    access: { deny: (reason) => void (effects.denied ??= String(reason)) },
    idToken: { setCustomClaim: (name, value) => void (effects.claims[name] = value) },
    user: { setAppMetadata: (name, value) => void (effects.metadata[name] = value) },
    redirect: {
      canRedirect: () => login.can_redirect,
      encodeToken({ secret, expiresInSeconds = 900, payload = {} }) {
        const { iss, sub, now, ip } = login;
        return sign(secret, JSON.stringify({ iss, sub, iat: now, exp: now + expiresInSeconds, ip, ...payload }));
      },
      sendUserTo(url, { query = {} } = {}) {
        if (!login.can_redirect) throw new Error("this login has no browser to send anywhere");
        if (!url.startsWith("https://")) throw new Error("Auth0 redirects to https alone");
        effects.redirect = { url, query };
      },
      validateToken({ secret, tokenParameterName = "session_token" }) {
        const payload = JSON.parse(verify(secret, request.parameters[tokenParameterName] ?? "", login.now));
        if (!payload) throw new Error("the session token is not authentic, or has expired");
        for (const claim of ["sub", "iss", "iat", "exp"]) {
          if (!payload[claim]) throw new Error(`the session token lacks ${claim}`);
        }
        if (payload.state !== request.state) throw new Error("the session token is of another login");
        return payload;
      },
    },
  };

  await exports[handler](event, api);
  return JSON.stringify(effects);
};
