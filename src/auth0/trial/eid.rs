//! Sample eID: the trial's own OpenID Provider, visibly a model, and at its shortest the side that idv is not.
//!
//! It believes whoever clicks. For the rest it does as it should: it knows one client, by a secret; takes a request only if
//! that client pushed it (RFC 9126) with a challenge (RFC 7636); its codes are good once; and it signs what it says.
//! [`site`] is what idv and browsers see of it. Time is an argument.

use std::collections::HashMap;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::digest;
use serde_json::{Value, json};

use super::fields::{Fields, text};
use crate::ops::random;
use crate::verification::method::oidc::jose::{ClientKey, SigningAlgorithm};

mod page;
pub mod site;
mod story;

/// What it is called in addresses.
pub const NAME: &str = "sample";
/// What it is called for people.
pub const LABEL: &str = "Sample eID";
/// The level that the trial's idv accepts, and one below it, as `acr`.
pub const LEVELS: [&str; 2] = ["high", "substantial"];
/// Where it is below the trial's origin.
pub const PATH: &str = "/eid";

/// How long a request waits for the person, in seconds. Elsewhere it is a minute, but here people read.
const REQUEST_LIFETIME: u64 = 3600;
/// How long a code is good, in seconds.
const CODE_LIFETIME: u64 = 60;
/// How long an ID token is good, in seconds.
const TOKEN_LIFETIME: u64 = 300;

/// Somebody who has a sample eID.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// What names them for ever.
    sub: &'static str,
    given_name: &'static str,
    family_name: &'static str,
    birthdate: &'static str,
}

/// Whoever comes is one of these.
pub const HOLDERS: [Holder; 3] = [
    Holder { sub: "eid-7d41a0", given_name: "Ada", family_name: "Lovelace", birthdate: "1815-12-10" },
    Holder { sub: "eid-c93f52", given_name: "Charles", family_name: "Babbage", birthdate: "1791-12-26" },
    Holder { sub: "eid-08be6e", given_name: "Grace", family_name: "Hopper", birthdate: "1906-12-09" },
];

/// The one client: the trial's idv.
pub struct Client {
    /// Its name here.
    pub id: String,
    /// What it shows that it is the client by: visible ASCII that no form encodes.
    pub secret: String,
    /// Where browsers go back to.
    pub redirect_uri: String,
}

/// The provider.
pub struct Eid {
    issuer: String,
    client: Client,
    key: ClientKey,
    /// What was pushed and not answered yet, by its `request_uri`.
    requests: HashMap<String, Request>,
    /// What may be had for a code, by that.
    grants: HashMap<String, Grant>,
}

/// A request that the client pushed.
#[derive(Clone)]
struct Request {
    parameters: Fields,
    expires_at: u64,
}

/// What somebody confirmed.
struct Grant {
    parameters: Fields,
    confirmed: Confirmed,
    run: Option<usize>,
    expires_at: u64,
}

/// What a person answers on the page.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Confirmed(Confirmed),
    Refused,
}

#[derive(Clone, Copy, Debug)]
struct Confirmed {
    holder: Holder,
    /// One of [`LEVELS`].
    level: &'static str,
    /// Whether the ID token's signature shall be another token's.
    is_broken: bool,
}

/// What a code was exchanged for.
struct Issued {
    id_token: String,
    access_token: String,
    /// The login that it is of, in the trial's timeline.
    run: Option<usize>,
    is_broken: bool,
}

/// An error of RFC 6749 §5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Refused(&'static str);

impl Eid {
    /// The provider with this `issuer`, that knows `client`.
    ///
    /// # Panics
    /// Never: a key that was made is one.
    #[must_use]
    pub fn new(issuer: String, client: Client) -> Self {
        let rng = random::generator();
        let key = ClientKey::from_pkcs8(&ClientKey::generate_p256(&rng), &rng).expect("a key that was made is one");
        Self { issuer, client, key, requests: HashMap::new(), grants: HashMap::new() }
    }

    /// What it says of itself (OpenID Connect Discovery 1.0 §3).
    fn metadata(&self) -> Value {
        let at = |path| format!("{}/{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("authorize"),
            "pushed_authorization_request_endpoint": at("par"),
            "require_pushed_authorization_requests": true,
            "token_endpoint": at("token"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "jwks_uri": at("jwks"),
            "id_token_signing_alg_values_supported": [SigningAlgorithm::Es256.as_str()],
            "authorization_response_iss_parameter_supported": true,
            "code_challenge_methods_supported": ["S256"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "acr_values_supported": LEVELS,
        })
    }

    /// Its keys (RFC 7517 §5).
    fn keys(&self) -> Value {
        json!({ "keys": [self.key.public_jwk()] })
    }

    /// The client pushes a request (RFC 9126 §2).
    fn push(&mut self, parameters: Fields, authorization: &str, now: u64) -> Result<Value, Refused> {
        self.authenticate(authorization)?;
        let is = |name, value: &str| text(&parameters, name) == value;
        let is_fit = is("response_type", "code")
            && is("client_id", &self.client.id)
            && is("redirect_uri", &self.client.redirect_uri)
            && is("code_challenge_method", "S256")
            && text(&parameters, "scope").split(' ').any(|scope| scope == "openid");
        if !is_fit {
            return Err(Refused("invalid_request"));
        }
        self.requests.retain(|_, request| now < request.expires_at);
        let request_uri = format!("urn:ietf:params:oauth:request_uri:{}", unguessable());
        let answer = json!({ "request_uri": request_uri, "expires_in": REQUEST_LIFETIME });
        self.requests.insert(request_uri, Request { parameters, expires_at: now + REQUEST_LIFETIME });
        Ok(answer)
    }

    /// What is asked by `request_uri`, if that still waits for an answer.
    fn request(&self, request_uri: &str, now: u64) -> Option<&Request> {
        self.requests.get(request_uri).filter(|request| now < request.expires_at)
    }

    /// Somebody answers `request_uri`, in the login `run`. Returns what was asked, and where their browser goes
    /// (OIDC Core §3.1.2.5, RFC 9207); none if nothing is asked there any more.
    fn answer(&mut self, request_uri: &str, answer: Answer, run: Option<usize>, now: u64) -> Option<(Fields, String)> {
        let parameters = self.request(request_uri, now)?.parameters.clone();
        self.requests.remove(request_uri);
        self.grants.retain(|_, grant| now < grant.expires_at);
        let address = format!("{}?", self.client.redirect_uri);
        let query_at = address.len();
        let mut address = form_urlencoded::Serializer::for_suffix(address, query_at);
        match answer {
            Answer::Refused => {
                address.append_pair("error", "access_denied");
            }
            Answer::Confirmed(confirmed) => {
                let (code, expires_at) = (unguessable(), now + CODE_LIFETIME);
                address.append_pair("code", &code);
                self.grants.insert(code, Grant { parameters: parameters.clone(), confirmed, run, expires_at });
            }
        }
        address.append_pair("state", text(&parameters, "state")).append_pair("iss", &self.issuer);
        Some((parameters, address.finish()))
    }

    /// The client exchanges a code (OIDC Core §3.1.3). A second use finds nothing, and neither does one that fails.
    fn redeem(&mut self, form: &Fields, authorization: &str, now: u64) -> Result<Issued, Refused> {
        self.authenticate(authorization)?;
        if text(form, "grant_type") != "authorization_code" {
            return Err(Refused("unsupported_grant_type"));
        }
        let grant = self.grants.remove(text(form, "code")).ok_or(Refused("invalid_grant"))?;
        let is_good = now < grant.expires_at
            && text(form, "redirect_uri") == self.client.redirect_uri
            && hash(text(form, "code_verifier")) == text(&grant.parameters, "code_challenge");
        if !is_good {
            return Err(Refused("invalid_grant"));
        }
        let id_token = self.sign(&self.claims(&grant, now));
        let id_token = if grant.confirmed.is_broken { self.broken(&id_token) } else { id_token };
        Ok(Issued { id_token, access_token: unguessable(), run: grant.run, is_broken: grant.confirmed.is_broken })
    }

    /// What it says of who confirmed (OIDC Core §2).
    fn claims(&self, grant: &Grant, now: u64) -> Value {
        let Confirmed { holder, level, .. } = grant.confirmed;
        json!({
            "iss": self.issuer,
            "aud": self.client.id,
            "sub": holder.sub,
            "iat": now,
            "exp": now + TOKEN_LIFETIME,
            "nonce": text(&grant.parameters, "nonce"),
            "acr": level,
            "jti": unguessable(),
            "given_name": holder.given_name,
            "family_name": holder.family_name,
            "birthdate": holder.birthdate,
        })
    }

    fn sign(&self, claims: &Value) -> String {
        let signed = self.key.sign(SigningAlgorithm::Es256, claims, "JWT", &random::generator());
        signed.expect("a key of P-256 signs by ES256")
    }

    /// `token` with the signature of another one.
    fn broken(&self, token: &str) -> String {
        let another = self.sign(&json!({}));
        let parts = token.rsplit_once('.').zip(another.rsplit_once('.'));
        parts.map_or(another.clone(), |((signed, _), (_, signature))| format!("{signed}.{signature}"))
    }

    /// Whether it is the client that asks (`client_secret_basic`, RFC 6749 §2.3.1).
    fn authenticate(&self, authorization: &str) -> Result<(), Refused> {
        let Client { id, secret, .. } = &self.client;
        let expected = format!("Basic {}", BASE64.encode(format!("{id}:{secret}").as_bytes()));
        if hash(authorization) == hash(&expected) { Ok(()) } else { Err(Refused("invalid_client")) }
    }
}

/// 256 bits that nobody guesses.
fn unguessable() -> String {
    BASE64URL_NOPAD.encode(&random::bytes::<32>())
}

fn hash(text: &str) -> String {
    BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::method::oidc::jose::{Algorithm, JwsError, KeySet, UntrustedJws};

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    /// RFC 7636, appendix B.
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const BACK: &str = "http://localhost:8001/oidc/sample/callback";

    fn eid() -> Eid {
        let client = Client { id: "idv".into(), secret: "secret".into(), redirect_uri: BACK.into() };
        Eid::new("http://localhost:8000/eid".into(), client)
    }

    fn basic(secret: &str) -> String {
        format!("Basic {}", BASE64.encode(format!("idv:{secret}").as_bytes()))
    }

    fn form(pairs: &[(&str, &str)], changed: &[(&str, &str)]) -> Fields {
        pairs.iter().chain(changed).map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
    }

    fn request(changed: &[(&str, &str)]) -> Fields {
        let pairs = [
            ("response_type", "code"),
            ("client_id", "idv"),
            ("redirect_uri", BACK),
            ("scope", "openid"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        form(&pairs, changed)
    }

    /// Ada confirms at 1000; the code.
    fn code(eid: &mut Eid, is_broken: bool) -> String {
        let pushed = eid.push(request(&[]), &basic("secret"), 1000).unwrap();
        let confirmed = Confirmed { holder: HOLDERS[0], level: LEVELS[0], is_broken };
        let answer = eid.answer(pushed["request_uri"].as_str().unwrap(), Answer::Confirmed(confirmed), None, 1000);
        let (_, address) = answer.unwrap();
        let query = super::super::fields::fields(address.split_once('?').unwrap().1.as_bytes());
        assert_eq!((text(&query, "state"), text(&query, "iss")), ("the-state", "http://localhost:8000/eid"));
        text(&query, "code").to_owned()
    }

    fn exchange(code: &str, changed: &[(&str, &str)]) -> Fields {
        let pairs =
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK), ("code_verifier", VERIFIER)];
        form(&pairs, changed)
    }

    #[test]
    fn a_code_is_exchanged_once_for_what_the_person_confirmed_signed_by_the_published_key() {
        let mut eid = eid();
        let code = code(&mut eid, false);
        let issued = eid.redeem(&exchange(&code, &[]), &basic("secret"), 1000 + CODE_LIFETIME - 1).unwrap();
        let keys = KeySet::parse(eid.keys().to_string().as_bytes()).unwrap();
        let payload = UntrustedJws::parse(&issued.id_token).unwrap().verify(&keys, &[Algorithm::Es256]).unwrap();
        let claims: Value = serde_json::from_slice(&payload).unwrap();
        for (name, value) in [("aud", "idv"), ("nonce", "the-nonce"), ("acr", "high"), ("family_name", "Lovelace")] {
            assert_eq!(claims[name], value);
        }
        let again = eid.redeem(&exchange(&code, &[]), &basic("secret"), 1001);
        assert_eq!(again.err(), Some(Refused("invalid_grant")));
    }

    #[test]
    fn a_code_is_worth_nothing_to_another_too_late_or_without_its_verifier() {
        let (right, in_time) = (basic("secret"), 1000 + CODE_LIFETIME - 1);
        let wrong_verifier = &[("code_verifier", "another")][..];
        let elsewhere = &[("redirect_uri", "http://localhost:8001/")][..];
        for (changed, authorization, now, error) in [
            (&[][..], &right, in_time + 1, "invalid_grant"),
            (wrong_verifier, &right, in_time, "invalid_grant"),
            (elsewhere, &right, in_time, "invalid_grant"),
            (&[("grant_type", "password")], &right, in_time, "unsupported_grant_type"),
            (&[], &basic("another"), in_time, "invalid_client"),
            (&[], &String::new(), in_time, "invalid_client"),
        ] {
            let mut eid = eid();
            let code = code(&mut eid, false);
            let redeemed = eid.redeem(&exchange(&code, changed), authorization, now);
            assert_eq!(redeemed.err(), Some(Refused(error)), "{changed:?}");
        }
    }

    #[test]
    fn a_request_is_pushed_by_the_client_alone_and_answered_once_within_an_hour() {
        for changed in [
            ("response_type", "token"),
            ("client_id", "another"),
            ("redirect_uri", "http://localhost:8001/"),
            ("code_challenge_method", "plain"),
            ("scope", "profile"),
        ] {
            let pushed = eid().push(request(&[changed]), &basic("secret"), 1000);
            assert_eq!(pushed, Err(Refused("invalid_request")), "{changed:?}");
        }
        assert_eq!(eid().push(request(&[]), &basic("another"), 1000), Err(Refused("invalid_client")));
        let mut eid = eid();
        let pushed = eid.push(request(&[]), &basic("secret"), 1000).unwrap();
        let request_uri = pushed["request_uri"].as_str().unwrap();
        let last = 1000 + REQUEST_LIFETIME - 1;
        assert!(eid.request(request_uri, last).is_some() && eid.request(request_uri, last + 1).is_none());
        let (_, address) = eid.answer(request_uri, Answer::Refused, None, last).unwrap();
        assert!(address.starts_with(&format!("{BACK}?error=access_denied&state=the-state&iss=")), "{address}");
        assert!(eid.answer(request_uri, Answer::Refused, None, last).is_none());
    }

    #[test]
    fn a_broken_signature_names_the_right_key_and_does_not_fit() {
        let mut eid = eid();
        let code = code(&mut eid, true);
        let issued = eid.redeem(&exchange(&code, &[]), &basic("secret"), 1000).unwrap();
        let keys = KeySet::parse(eid.keys().to_string().as_bytes()).unwrap();
        let verified = UntrustedJws::parse(&issued.id_token).unwrap().verify(&keys, &[Algorithm::Es256]);
        assert_eq!(verified, Err(JwsError::Signature));
    }
}
