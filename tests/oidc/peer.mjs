/** npm's oidc-provider, certified by the OpenID Foundation, on a free port of loopback: whoever comes is logged in at once. */
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import Provider, { interactionPolicy } from "oidc-provider";
import { certificate } from "./certificate.mjs";

/** The algorithms by which it signs ID tokens, each with a key of its own. */
export const ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"];
export const ACR = "urn:peer:high";
/** The claim that says who may do what, in the ID token as an Action of Auth0 would put it there. */
export const ROLES = "https://acme.example/idv";
export const FRAMEWORK = "peer_tf";
export const ASSURANCE = "high";

const KINDS = {
  RS256: ["rsa", { modulusLength: 2048 }],
  PS256: ["rsa", { modulusLength: 2048 }],
  ES256: ["ec", { namedCurve: "P-256" }],
  EdDSA: ["ed25519", {}],
};

/** A private key for `algorithm`. */
export function newKey(algorithm) {
  const [kind, options] = KINDS[algorithm];
  return generateKeyPairSync(kind, options).privateKey;
}

/**
 * @param clients  as registered: the metadata of RFC 7591
 * @returns { issuer, ca, person, said, rotate(), stop() }: `person` is who logs in next, { sub, acr, loggedInAt, deny,
 *          verification, roles }; `said` is what it could not do
 */
export async function startPeer(clients) {
  const { key, cert, ca } = await certificate();
  let handle;
  const server = createServer({ key, cert }, (request, response) => handle(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `https://localhost:${server.address().port}`;
  const peer = { issuer, ca, person: { sub: "ada" }, said: [] };
  const [cookies, salt] = [randomBytes(32).toString("hex"), randomBytes(16)];
  const renew = () => {
    const provider = new Provider(issuer, { ...configuration(peer, salt), clients, jwks: newKeys(), cookies: { keys: [cookies] } });
    for (const event of ["server_error", "authorization.error", "grant.error", "pushed_authorization_request.error", "userinfo.error"]) {
      provider.on(event, (context, error) => peer.said.push(`${event}: ${[error.error_description, error.error_detail, error.cause?.message].filter(Boolean).join(", ") || error.stack}`));
    }
    const callback = provider.callback();
    handle = (request, response) => (request.url.startsWith("/interaction/") ? logIn(provider, peer, request, response) : callback(request, response));
  };
  renew();
  return Object.assign(peer, {
    rotate: renew,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

function newKeys() {
  const keys = ALGORITHMS.map((alg) => ({ ...newKey(alg).export({ format: "jwk" }), alg, use: "sig", kid: `${alg}-${randomBytes(4).toString("hex")}` }));
  return { keys };
}

function configuration(peer, salt) {
  // Whoever comes is asked to log in, every time: the next person at this browser may be another.
  const policy = interactionPolicy.base();
  policy.get("login").checks.add(new interactionPolicy.Check("always", "a login each time", (context) => !context.oidc.result));
  return {
    subjectTypes: ["public", "pairwise"],
    pairwiseIdentifier: (context, account, client) => hash(salt, client.sectorIdentifier, account),
    acrValues: [ACR],
    claims: { openid: ["sub", ROLES], profile: ["name", "given_name", "family_name", "birthdate"], acr: null, auth_time: null, verified_claims: null },
    conformIdTokenClaims: true,
    enabledJWA: { idTokenSigningAlgValues: ALGORITHMS, clientAuthSigningAlgValues: ["RS256", "PS256", "ES256"] },
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
    features: {
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
    },
    interactions: { url: (context, { uid }) => `/interaction/${uid}`, policy },
    pkce: { required: () => true },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 60, Session: 600 },
    findAccount: (context, sub) => ({ accountId: sub, claims: () => claims(sub, peer.person) }),
  };
}

const hash = (...parts) => createHash("sha256").update(parts.join("\0")).digest("base64url");

function claims(sub, { verification, roles }) {
  return {
    sub,
    ...(roles && { [ROLES]: roles }),
    name: "Ada Lovelace",
    given_name: "Ada",
    family_name: "Lovelace",
    birthdate: "1815-12-10",
    verified_claims: {
      verification: { trust_framework: FRAMEWORK, assurance_level: ASSURANCE, time: new Date().toISOString(), ...verification },
      claims: { given_name: "Ada", family_name: "Lovelace", birthdate: "1815-12-10" },
    },
  };
}

/** Whoever comes is the peer's person, and agrees to everything, or to nothing. */
async function logIn(provider, { person }, request, response) {
  const { params, prompt } = await provider.interactionDetails(request, response);
  if (person.deny) return provider.interactionFinished(request, response, { error: "access_denied", error_description: "<b>no</b>" });
  const grant = new provider.Grant({ accountId: person.sub, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  grant.addOIDCClaims(["acr", "auth_time", "verified_claims"]);
  const login = { accountId: person.sub, acr: person.acr ?? ACR, ts: person.loggedInAt, remember: false };
  return provider.interactionFinished(request, response, { login, consent: { grantId: await grant.save() } });
}
