//! What the provider answers: honest throughout, but for the one place of its lie.

use std::collections::{HashMap, HashSet};
use std::fmt;

use bytes::Bytes;
use hyper::HeaderMap;
use ring::digest::{SHA256, SHA384, SHA512, digest};
use serde_json::{Value, json};

use super::keys::{Key, encode};
use super::lies::Lie;
use super::strict::{self, Complaint, find};
use super::tells::{Draft, Facts, Parameters, Tells};
use super::{Asked, Authentication, Manner, Par, Registration};

/// Seconds for which codes and pushed requests are good.
const SHORTLY: u64 = 60;
const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:";

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {:?} {}", self.status, self.headers, String::from_utf8_lossy(&self.body))
    }
}

impl Reply {
    pub(crate) fn new(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self { status, headers: vec![("content-type", media_type.to_owned())], body: body.into() }
    }

    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::new(status, "application/json", value.to_string())
    }

    pub(crate) fn redirect(location: String) -> Self {
        Self { status: 303, headers: vec![("location", location)], body: Bytes::new() }
    }
}

/// What belongs to one code.
struct Transaction {
    parameters: Parameters,
    asked_at: u64,
}

pub(super) struct Provider {
    issuer: String,
    pub(super) registration: Registration,
    now: Box<dyn Fn() -> u64 + Send>,
    pub(super) key: Key,
    pub(super) kid: String,
    pub(super) person: Value,
    pub(super) lie: Option<&'static Lie>,
    pub(super) manners: Vec<(&'static str, Manner)>,
    pushed: HashMap<String, Transaction>,
    codes: HashMap<String, Transaction>,
    access_tokens: HashSet<String>,
    assertions: HashSet<String>,
    pub(super) asked: Vec<Asked>,
    pub(super) complaints: Vec<String>,
}

/// An OAuth error, and what was wrong.
type Refusal = (&'static str, Complaint);

fn as_error(error: &'static str) -> impl Fn(Complaint) -> Refusal {
    move |complaint| (error, complaint)
}

/// What is told of this part.
macro_rules! told {
    ($part:ident) => {
        |tells| match tells {
            Tells::$part(change) => Some(change),
            _ => None,
        }
    };
}

impl Provider {
    pub(super) fn new(issuer: String, registration: Registration, now: Box<dyn Fn() -> u64 + Send>) -> Self {
        Self {
            key: Key::for_algorithm(registration.algorithm),
            kid: "key-1".to_owned(),
            person: person(now()),
            issuer,
            registration,
            now,
            lie: None,
            manners: Vec::new(),
            pushed: HashMap::new(),
            codes: HashMap::new(),
            access_tokens: HashSet::new(),
            assertions: HashSet::new(),
            asked: Vec::new(),
            complaints: Vec::new(),
        }
    }

    /// The answer to a request for `target`, a path with its query.
    pub(super) fn answer(&mut self, method: &str, target: &str, headers: &HeaderMap, body: &[u8]) -> Reply {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let text = if method == "POST" { body } else { query.as_bytes() };
        let parameters = form_urlencoded::parse(text).into_owned().collect();
        self.asked.push(Asked { path: path.into(), headers: headers.clone(), parameters });
        let answer = match (method, path) {
            ("GET", "/.well-known/openid-configuration") => self.to_caller(method, headers, Self::metadata),
            ("GET", "/jwks") => self.to_caller(method, headers, Self::keys),
            ("GET", "/authorize") => self.authorize(target, query),
            ("GET", "/userinfo") => self.userinfo(headers),
            ("POST", "/par") => self.par(headers, body),
            ("POST", "/token") => self.token(headers, body),
            _ => Err(("not_found", format!("{method} {path}"))),
        };
        let reply = answer.unwrap_or_else(|(error, complaint)| {
            self.complaints.push(format!("{method} {path}: {complaint}"));
            Reply::json(
                if error == "invalid_client" { 401 } else { 400 },
                &json!({ "error": error, "error_description": complaint }),
            )
        });
        self.bend_answer(path, reply)
    }

    fn to_caller(&self, method: &str, headers: &HeaderMap, answer: fn(&Self) -> Value) -> Result<Reply, Refusal> {
        strict::caller(method, headers).map_err(as_error("invalid_request"))?;
        Ok(Reply::json(200, &answer(self)))
    }

    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        let (method, signing) = match &self.registration.authentication {
            Authentication::Basic(_) => ("client_secret_basic", None),
            Authentication::Post(_) => ("client_secret_post", None),
            Authentication::Assertion { algorithm, .. } => ("private_key_jwt", Some(*algorithm)),
        };
        let mut metadata = json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/userinfo"),
            "jwks_uri": at("/jwks"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "scopes_supported": ["openid", "profile"],
            "claims_parameter_supported": true,
            "id_token_signing_alg_values_supported": [self.registration.algorithm],
            "token_endpoint_auth_methods_supported": [method],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
        });
        if let Some(algorithm) = signing {
            metadata["token_endpoint_auth_signing_alg_values_supported"] = json!([algorithm]);
        }
        if self.registration.par != Par::Absent {
            metadata["pushed_authorization_request_endpoint"] = at("/par").into();
            metadata["require_pushed_authorization_requests"] = (self.registration.par == Par::Required).into();
        }
        self.bend(metadata, told!(Metadata))
    }

    fn keys(&self) -> Value {
        let keys = json!({ "keys": [self.jwk()] });
        self.bend(keys, told!(Keys))
    }

    fn jwk(&self) -> Value {
        self.key.jwk(&self.kid, self.registration.algorithm)
    }

    fn par(&mut self, headers: &HeaderMap, body: &[u8]) -> Result<Reply, Refusal> {
        let parameters = self.form_of_client(headers, body)?;
        strict::authorization_request(&parameters, &self.registration).map_err(as_error("invalid_request"))?;
        let request_uri = format!("{REQUEST_URI}{}", fresh());
        self.pushed.insert(request_uri.clone(), Transaction { parameters, asked_at: (self.now)() });
        Ok(Reply::json(201, &json!({ "request_uri": request_uri, "expires_in": SHORTLY })))
    }

    fn authorize(&mut self, target: &str, query: &str) -> Result<Reply, Refusal> {
        let refuse = as_error("invalid_request");
        strict::address(target).map_err(&refuse)?;
        let parameters = strict::parameters(query.as_bytes()).map_err(&refuse)?;
        let now = (self.now)();
        let parameters = if find(&parameters, "request_uri").is_some() {
            self.take_pushed(&parameters, now).map_err(&refuse)?
        } else if self.registration.par == Par::Required {
            return Err(refuse("requests are pushed here".to_owned()));
        } else {
            strict::authorization_request(&parameters, &self.registration).map_err(&refuse)?;
            parameters
        };
        let state = find(&parameters, "state").unwrap_or_default().to_owned();
        let code = fresh();
        let mut back =
            vec![("code".into(), code.clone()), ("state".into(), state), ("iss".into(), self.issuer.clone())];
        let facts = self.facts(now);
        for tells in self.lies() {
            if let Tells::Back(change) = tells {
                change(&mut back, &facts);
            }
        }
        self.codes.insert(code, Transaction { parameters, asked_at: now });
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(back).finish();
        Ok(Reply::redirect(format!("{}?{query}", self.registration.redirect_uri)))
    }

    /// A pushed request serves once, and the address that names it says nothing else.
    fn take_pushed(&mut self, parameters: &Parameters, now: u64) -> Result<Parameters, Complaint> {
        let pushed = find(parameters, "request_uri").and_then(|uri| self.pushed.remove(uri));
        match pushed {
            _ if parameters.len() != 2 => Err("more than client_id and request_uri".to_owned()),
            _ if find(parameters, "client_id") != Some(&self.registration.client_id) => {
                Err("another client's".to_owned())
            }
            Some(pushed) if now < pushed.asked_at + SHORTLY => Ok(pushed.parameters),
            _ => Err("request_uri is unknown, or was used".to_owned()),
        }
    }

    fn token(&mut self, headers: &HeaderMap, body: &[u8]) -> Result<Reply, Refusal> {
        let form = self.form_of_client(headers, body)?;
        if find(&form, "grant_type") != Some("authorization_code") {
            return Err(("unsupported_grant_type", "no code".to_owned()));
        }
        let refuse = as_error("invalid_grant");
        let now = (self.now)();
        let transaction = find(&form, "code").and_then(|code| self.codes.remove(code));
        let transaction = transaction.filter(|transaction| now < transaction.asked_at + SHORTLY);
        let transaction = transaction.ok_or_else(|| refuse("the code is unknown, or was used".to_owned()))?;
        let asked = |name| find(&transaction.parameters, name).unwrap_or_default();
        strict::verifier(find(&form, "code_verifier").unwrap_or_default(), asked("code_challenge")).map_err(&refuse)?;
        if find(&form, "redirect_uri") != Some(&self.registration.redirect_uri) {
            return Err(refuse("redirect_uri is another".to_owned()));
        }
        let access_token = fresh();
        let id_token = self.id_token(asked("nonce"), &access_token, transaction.asked_at);
        self.access_tokens.insert(access_token.clone());
        let answer =
            json!({ "access_token": access_token, "token_type": "Bearer", "expires_in": 300, "id_token": id_token });
        Ok(Reply::json(200, &self.bend(answer, told!(Token))))
    }

    /// The form of a client that proved who it is.
    fn form_of_client(&mut self, headers: &HeaderMap, body: &[u8]) -> Result<Parameters, Refusal> {
        strict::caller("POST", headers).map_err(as_error("invalid_request"))?;
        let form = strict::parameters(body).map_err(as_error("invalid_request"))?;
        let endpoint = format!("{}/token", self.issuer);
        let (audiences, now) = ([self.issuer.as_str(), &endpoint], (self.now)());
        strict::client(headers, &form, &self.registration, &audiences, now, &mut self.assertions)
            .map_err(as_error("invalid_client"))?;
        Ok(form)
    }

    fn id_token(&self, nonce: &str, access_token: &str, asked_at: u64) -> String {
        let facts = Facts { asked_at, ..self.facts((self.now)()) };
        let mut claims = self.person["id_token"].clone();
        claims["iss"] = self.issuer.clone().into();
        claims["aud"] = self.registration.client_id.clone().into();
        claims["iat"] = facts.now.into();
        claims["exp"] = (facts.now + 300).into();
        claims["auth_time"] = facts.now.into();
        claims["nonce"] = nonce.into();
        claims["at_hash"] = at_hash(self.registration.algorithm, access_token).into();
        let claims = self.bend(claims, told!(Claims));
        let header = json!({ "alg": self.registration.algorithm, "kid": self.kid, "typ": "JWT" });
        let header = self.bend(header, told!(Header));
        let payload = self.lies().find_map(told!(Payload));
        let payload = payload.map_or_else(|| claims.to_string().into_bytes(), |make| make(&claims.to_string(), &facts));
        let draft = Draft { header, payload, algorithm: self.registration.algorithm, key: &self.key };
        match self.lies().find_map(told!(Jws)) {
            Some(sign) => sign(draft, &facts),
            None => draft.sign(),
        }
    }

    fn userinfo(&mut self, headers: &HeaderMap) -> Result<Reply, Refusal> {
        strict::caller("GET", headers).map_err(as_error("invalid_request"))?;
        let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        if !bearer.is_some_and(|token| self.access_tokens.contains(token)) {
            return Err(("invalid_token", "the access token is unknown".to_owned()));
        }
        let claims = self.person["userinfo"].clone();
        Ok(Reply::json(200, &self.bend(claims, told!(Userinfo))))
    }

    fn lies(&self) -> impl Iterator<Item = Tells> {
        self.lie.map_or(&[][..], |lie| lie.tells).iter().copied()
    }

    fn bend(&self, mut honest: Value, change: impl Fn(Tells) -> Option<fn(&mut Value, &Facts)>) -> Value {
        let facts = self.facts((self.now)());
        self.lies().filter_map(change).for_each(|change| change(&mut honest, &facts));
        honest
    }

    fn bend_answer(&self, path: &str, mut reply: Reply) -> Reply {
        let facts = self.facts((self.now)());
        for tells in self.lies() {
            match tells {
                Tells::Answer(at, change) if at == path => reply = change(reply, &facts),
                _ => {}
            }
        }
        reply
    }

    fn facts(&self, now: u64) -> Facts {
        let secret = match &self.registration.authentication {
            Authentication::Basic(secret) | Authentication::Post(secret) => secret.clone(),
            Authentication::Assertion { .. } => String::new(),
        };
        let (issuer, client_id) = (self.issuer.clone(), self.registration.client_id.clone());
        Facts { now, asked_at: now, issuer, client_id, secret, jwk: self.jwk() }
    }
}

/// Who logs in: what ID token and userinfo say of them.
fn person(now: u64) -> Value {
    let time = jiff::Timestamp::from_second(now.cast_signed()).unwrap().to_string();
    json!({
        "id_token": {
            "sub": "the-one-and-only",
            "acr": "urn:liar:high",
            "eid": "eid-4711",
            "txn": "transaction-1",
            "verified_claims": {
                "verification": { "trust_framework": "liar_tf", "assurance_level": "high", "time": time },
                "claims": { "given_name": "Ada", "family_name": "Lovelace", "birthdate": "1815-12-10" },
            },
        },
        "userinfo": { "sub": "the-one-and-only", "level": { "proofed": true }, "name": "Ada Lovelace" },
    })
}

/// OpenID Connect Core §3.1.3.6. `EdDSA` with Ed25519 hashes by SHA-512.
pub(super) fn at_hash(algorithm: &str, access_token: &str) -> String {
    let hash = match algorithm {
        "EdDSA" => &SHA512,
        "ES384" => &SHA384,
        _ => &SHA256,
    };
    let digest = digest(hash, access_token.as_bytes());
    encode(&digest.as_ref()[..digest.as_ref().len() / 2])
}

/// 128 bits in base64url.
fn fresh() -> String {
    encode(idv::ops::random::bytes::<16>())
}
