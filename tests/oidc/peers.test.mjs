/** The peers themselves, by a client that is as short as it can be. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startMock } from "./mock.mjs";
import { ACR, ALGORITHMS, startPeer } from "./peer.mjs";
import { ask, Visitor } from "./visitor.mjs";

const REDIRECT = "https://idv.example.test/oidc/peer/callback";
const SECRET = "the-client's+secret:100%=&/odd,and:long";

const CLIENTS = ALGORITHMS.map((algorithm) => ({
  client_id: algorithm, client_secret: SECRET, redirect_uris: [REDIRECT], subject_type: "pairwise",
  id_token_signed_response_alg: algorithm,
}));

/** From the metadata to the claims of ID token and userinfo. */
async function logIn(peer, clientId, form) {
  const metadata = JSON.parse((await ask(`${peer.issuer}/.well-known/openid-configuration`, peer)).text);
  assert.equal(metadata.issuer, peer.issuer);
  const [state, nonce, verifier] = [16, 32, 32].map((length) => randomBytes(length).toString("base64url"));
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const query = new URLSearchParams({
    response_type: "code", client_id: clientId, redirect_uri: REDIRECT, scope: "openid profile", state, nonce,
    code_challenge: challenge, code_challenge_method: "S256", acr_values: ACR, max_age: "0",
  });
  const back = new URL(await new Visitor(peer).go(`${metadata.authorization_endpoint}?${query}`, form));
  assert.equal(back.origin + back.pathname, REDIRECT);
  assert.equal(back.searchParams.get("state"), state);

  const encode = (text) => new URLSearchParams({ "": text }).toString().slice(1);
  const basic = Buffer.from(`${encode(clientId)}:${encode(SECRET)}`).toString("base64");
  const body = new URLSearchParams({ grant_type: "authorization_code", code: back.searchParams.get("code"), redirect_uri: REDIRECT, code_verifier: verifier }).toString();
  const tokens = JSON.parse((await ask(metadata.token_endpoint, { ...peer, body, headers: { authorization: `Basic ${basic}` } })).text);
  const [header, idToken] = tokens.id_token.split(".").slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
  assert.equal(idToken.nonce, nonce);
  const userinfo = JSON.parse((await ask(metadata.userinfo_endpoint, { ...peer, headers: { authorization: `Bearer ${tokens.access_token}` } })).text);
  assert.equal(userinfo.sub, idToken.sub);
  return { header, idToken };
}

describe("oidc-provider of npm", () => {
  let peer;
  before(async () => (peer = await startPeer(CLIENTS)));
  after(() => peer.stop());

  for (const algorithm of ALGORITHMS) {
    test(`signs by ${algorithm}, and says how and when the person logged in`, async () => {
      const { header, idToken } = await logIn(peer, algorithm);
      assert.equal(header.alg, algorithm);
      assert.equal(idToken.acr, ACR);
      assert.ok(idToken.auth_time);
    });
  }

  test("rotates its keys", async () => {
    const before = (await logIn(peer, "ES256")).header.kid;
    peer.rotate();
    assert.notEqual((await logIn(peer, "ES256")).header.kid, before);
  });

  test("tells a client another name of a person than its own", async () => {
    peer.person = { sub: "grace" };
    assert.notEqual((await logIn(peer, "ES256")).idToken.sub, "grace");
  });
});

describe("oidc-provider-mock of PyPI", () => {
  let mock;
  before(async () => (mock = await startMock()));
  after(() => mock.stop());

  test("signs by RS256 for whoever types who they are", async () => {
    const { header, idToken } = await logIn(mock, "any-client", { sub: "ada" });
    assert.equal(header.alg, "RS256");
    assert.equal(idToken.sub, "ada");
  });
});
