/** How idv is known to the peers: a client and a section of its configuration for each kind that there is. */
import { createHash, createPublicKey } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ACR, ALGORITHMS, ASSURANCE, FRAMEWORK, newKey } from "./peer.mjs";

/** What forms and headers would spoil, if it were not encoded for each. */
const SECRET = "the-client's+secret:100%=&/odd,and:long";

/** How a client proves who it is: at the peer, and in idv's configuration. */
const CLIENTS = {
  basic: { peer: { token_endpoint_auth_method: "client_secret_basic" }, idv: 'client_auth = "secret_basic"' },
  post: { peer: { token_endpoint_auth_method: "client_secret_post" }, idv: 'client_auth = "secret_post"' },
  es256: key("ES256"),
  rs256: key("RS256"),
  ps256: key("PS256"),
};

export const KINDS = Object.keys(CLIENTS);

/** How a request gets to the peer. */
const REQUESTS = {
  plain: { peer: {}, idv: 'request = "plain"' },
  offered: { peer: {}, idv: "" },
  required: { peer: { require_pushed_authorization_requests: true }, idv: "" },
};

function key(algorithm) {
  const pem = newKey(algorithm).export({ format: "pem", type: "pkcs8" });
  const jwk = createPublicKey(pem).export({ format: "jwk" });
  return {
    peer: { token_endpoint_auth_method: "private_key_jwt", token_endpoint_auth_signing_alg: algorithm, jwks: { keys: [{ ...jwk, kid: thumbprint(jwk), alg: algorithm, use: "sig" }] } },
    idv: `client_auth = "private_key_jwt"${algorithm === "PS256" ? '\nassertion_algorithm = "PS256"' : ""}`,
    pem,
  };
}

/** By what idv calls its key (RFC 7638). */
function thumbprint({ kty, crv, x, y, e, n }) {
  const members = kty === "RSA" ? { e, kty, n } : { crv, kty, x, y };
  return createHash("sha256").update(JSON.stringify(members)).digest("base64url");
}

const LEVEL = { idv: `acr_values = ["${ACR}"]`, accept: `acr = ["${ACR}"]` };
/** For a provider that knows nothing of levels: a login there is enough. */
export const LOGIN = { idv: 'userinfo = "json"', accept: "login_alone = true" };
const VERIFIED = {
  idv: `userinfo = "json"\nclaims = '{"userinfo":{"verified_claims":{"verification":{"trust_framework":null,"assurance_level":null,"time":null},"claims":{"given_name":null}}}}'`,
  accept: `verified_claims = { trust_framework = ["${FRAMEWORK}"], assurance_level = ["${ASSURANCE}"], max_age_days = 1 }`,
};

/** Every kind of client with every algorithm and every way of a request. */
export const TABLE = KINDS.flatMap((kind) =>
  ALGORITHMS.flatMap((algorithm) =>
    Object.keys(REQUESTS).map((request) => ({ name: `${kind}-${algorithm.toLowerCase()}-${request}`, kind, algorithm, request, rule: LEVEL })),
  ),
);

/** What else is asked of the peer. */
export const MORE = [
  { name: "verified", kind: "basic", algorithm: "ES256", request: "offered", rule: VERIFIED },
  { name: "in-the-id-token", kind: "basic", algorithm: "ES256", request: "plain", rule: { ...VERIFIED, idv: VERIFIED.idv.replace('{"userinfo"', '{"id_token"').replace('"json"', '"none"') } },
  { name: "values", kind: "post", algorithm: "RS256", request: "plain", rule: { idv: 'userinfo = "json"\nscopes = ["openid", "profile"]', accept: 'values = { "/family_name" = ["Lovelace"] }' } },
  { name: "fresh", kind: "basic", algorithm: "RS256", request: "offered", rule: { ...LEVEL, idv: `${LEVEL.idv}\nmax_age_secs = 0` } },
  { name: "not-pushed", kind: "basic", algorithm: "ES256", request: "required", rule: LEVEL, idv: 'request = "plain"' },
];

/** The client of a registration, as the peer keeps it. */
export function client({ name, kind, algorithm, request }, callback) {
  return {
    client_id: name,
    client_secret: CLIENTS[kind].pem ? undefined : SECRET,
    redirect_uris: [callback(name)],
    subject_type: "pairwise",
    id_token_signed_response_alg: algorithm,
    ...CLIENTS[kind].peer,
    ...REQUESTS[request].peer,
  };
}

/** The sections of idv's configuration that know these registrations at `peer`, their files in `folder`. */
export async function sections(folder, peer, registrations) {
  const inFolder = (name) => JSON.stringify(join(folder, name)); // a JSON string is a TOML string
  const write = (name, text) => writeFile(join(folder, name), text, { mode: 0o600 });
  await write("client.secret", SECRET);
  for (const [kind, { pem }] of Object.entries(CLIENTS)) if (pem) await write(`${kind}.pem`, pem);
  return registrations.map(({ name, kind, algorithm, request, rule, idv }) => `
    [[methods.oidc]]
    name = "${name}"
    label = "Peer ${name}"
    issuer = "${peer.issuer}"
    client_id = "${name}"
    ${CLIENTS[kind].idv}
    ${CLIENTS[kind].pem ? `client_keys = [{ file = ${inFolder(`${kind}.pem`)} }]` : `client_secret = { file = ${inFolder("client.secret")} }`}
    algorithms = ["${algorithm}"]
    ${idv ?? REQUESTS[request].idv}
    ${rule.idv}
    [methods.oidc.accept]
    ${rule.accept}`).join("\n");
}

/** How idv reaches peers on loopback that these authorities vouch for. */
export async function wayOut(folder, peers) {
  await writeFile(join(folder, "peers.pem"), peers.map(({ ca }) => ca).join(""));
  return `
    [egress]
    via = "direct"
    private = ["localhost"]
    authorities = { file = ${JSON.stringify(join(folder, "peers.pem"))} }`;
}
