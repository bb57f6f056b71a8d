//! What a strict provider refuses: everything that a relying party must send, and how.

use std::collections::HashSet;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use hyper::HeaderMap;
use ring::digest::{SHA256, digest};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde_json::Value;

use super::keys::encode;
use super::{Authentication, Registration};

/// A well-known firewall before a provider lets no longer address through.
const ADDRESS_LIMIT: usize = 4096;
/// The shortest `state` and `nonce` that every provider takes, 128 bits in base64url.
const SHORTEST: usize = 22;
/// Seconds for which an assertion may be good.
const ASSERTION_LIFETIME: u64 = 60;

pub(super) type Parameters = Vec<(String, String)>;
/// What is wrong.
pub(super) type Complaint = String;

/// The parameters of a query or of a form, each of which may stand there once (RFC 6749 §3.1).
pub(super) fn parameters(text: &[u8]) -> Result<Parameters, Complaint> {
    let pairs: Parameters = form_urlencoded::parse(text).into_owned().collect();
    let mut names = HashSet::new();
    match pairs.iter().find(|(name, _)| !names.insert(name)) {
        Some((name, _)) => Err(format!("{name} stands there twice")),
        None => Ok(pairs),
    }
}

pub(super) fn find<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn demand(holds: bool, complaint: &str) -> Result<(), Complaint> {
    if holds { Ok(()) } else { Err(complaint.to_owned()) }
}

/// An authorization request, wherever it arrived.
pub(super) fn authorization_request(asked: &Parameters, registration: &Registration) -> Result<(), Complaint> {
    let is = |name: &str, value: &str| demand(find(asked, name) == Some(value), &format!("{name} is not {value}"));
    let long = |name: &str| {
        let value = find(asked, name).unwrap_or_default();
        demand(
            value.len() >= SHORTEST && value.bytes().all(|byte| byte.is_ascii_graphic()),
            &format!("{name} is short"),
        )
    };
    is("response_type", "code")?;
    is("client_id", &registration.client_id)?;
    is("redirect_uri", &registration.redirect_uri)?;
    is("code_challenge_method", "S256")?;
    long("state")?;
    long("nonce")?;
    let challenge = find(asked, "code_challenge").unwrap_or_default();
    let challenge = BASE64URL_NOPAD.decode(challenge.as_bytes()).unwrap_or_default();
    demand(challenge.len() == SHA256.output_len(), "code_challenge is no digest")?;
    let mut scopes = find(asked, "scope").unwrap_or_default().split(' ');
    demand(scopes.any(|scope| scope == "openid"), "scope is not of OpenID Connect")?;
    demand(find(asked, "request").is_none(), "request objects are not taken")?;
    demand(find(asked, "prompt") != Some("none"), "prompt is none")?;
    match find(asked, "claims").map(serde_json::from_str::<Value>) {
        None => Ok(()),
        Some(Ok(Value::Object(claims))) => demand(!claims.is_empty(), "claims is empty"),
        Some(_) => Err("claims is no object".to_owned()),
    }
}

/// The address by which a browser arrives.
pub(super) fn address(target: &str) -> Result<(), Complaint> {
    demand(target.len() <= ADDRESS_LIMIT, "the address is too long")
}

/// What another machine must say of itself, and how it sends a form.
pub(super) fn caller(method: &str, headers: &HeaderMap) -> Result<(), Complaint> {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|given| given.as_bytes() == value.as_bytes());
    demand(headers.get("user-agent").is_some_and(|agent| !agent.is_empty()), "no User-Agent")?;
    demand(headers.get("cookie").is_none(), "cookies are none of ours")?;
    demand(method == "GET" || is("content-type", "application/x-www-form-urlencoded"), "the body is no form")
}

/// Whether the client proved who it is, in the way of its registration and in no other.
pub(super) fn client(
    headers: &HeaderMap,
    form: &Parameters,
    registration: &Registration,
    audiences: &[&str],
    now: u64,
    seen: &mut HashSet<String>,
) -> Result<(), Complaint> {
    let given = find(form, "client_id");
    demand(given.is_none_or(|id| id == registration.client_id), "client_id is another's")?;
    let basic = headers.get("authorization").map(|value| value.to_str().unwrap_or_default());
    let (secret, assertion) = (find(form, "client_secret"), find(form, "client_assertion"));
    match (&registration.authentication, basic, secret, assertion) {
        (Authentication::Basic(expected), Some(basic), None, None) => demand(
            basic_credentials(basic).as_ref() == Some(&(registration.client_id.clone(), expected.clone())),
            "the credentials are wrong",
        ),
        (Authentication::Post(expected), None, Some(secret), None) => {
            demand(given.is_some() && secret == expected, "the secret is wrong")
        }
        (Authentication::Assertion { jwk, algorithm }, None, None, Some(assertion)) => {
            let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            demand(find(form, "client_assertion_type") == Some(kind), "the assertion has no type")?;
            let claims = open_assertion(assertion, jwk, algorithm).ok_or("the assertion is not signed")?;
            check_assertion(&claims, &registration.client_id, audiences, now, seen)
        }
        _ => Err("this is not how the client authenticates".to_owned()),
    }
}

/// Both are encoded as forms before they are joined (RFC 6749 §2.3.1).
fn basic_credentials(header: &str) -> Option<(String, String)> {
    let pair = String::from_utf8(BASE64.decode(header.strip_prefix("Basic ")?.as_bytes()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let decode = |text: &str| Some(form_urlencoded::parse(text.as_bytes()).next()?.0.into_owned());
    Some((decode(id)?, decode(secret)?))
}

fn open_assertion(assertion: &str, jwk: &Value, algorithm: &str) -> Option<Value> {
    let (signed, signature) = assertion.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let json = |part: &str| serde_json::from_slice::<Value>(&BASE64URL_NOPAD.decode(part.as_bytes()).ok()?).ok();
    let member = |name: &str| BASE64URL_NOPAD.decode(jwk[name].as_str()?.as_bytes()).ok();
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
    if json(header)?["alg"] != algorithm {
        return None;
    }
    if algorithm == "ES256" {
        let point = [vec![4], member("x")?, member("y")?].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed.as_bytes(), &signature).ok()?;
    } else {
        let scheme = if algorithm == "PS256" { &RSA_PSS_2048_8192_SHA256 } else { &RSA_PKCS1_2048_8192_SHA256 };
        let key = RsaPublicKeyComponents { n: member("n")?, e: member("e")? };
        key.verify(scheme, signed.as_bytes(), &signature).ok()?;
    }
    json(payload)
}

/// RFC 7523 §3.
fn check_assertion(
    claims: &Value,
    client_id: &str,
    audiences: &[&str],
    now: u64,
    seen: &mut HashSet<String>,
) -> Result<(), Complaint> {
    demand(claims["iss"] == client_id && claims["sub"] == client_id, "the assertion is about another")?;
    demand(audiences.iter().any(|audience| claims["aud"] == *audience), "the assertion is for another")?;
    let expires_at = claims["exp"].as_u64().unwrap_or_default();
    demand(expires_at > now && expires_at <= now + ASSERTION_LIFETIME, "the assertion lives too long, or no more")?;
    let id = claims["jti"].as_str().unwrap_or_default();
    demand(id.len() >= SHORTEST && seen.insert(id.to_owned()), "the assertion was there before")
}

/// RFC 7636 §4.6.
pub(super) fn verifier(verifier: &str, challenge: &str) -> Result<(), Complaint> {
    demand(
        verifier.len() >= 43 && encode(digest(&SHA256, verifier.as_bytes())) == challenge,
        "code_verifier is another's",
    )
}
