//! Request tokens as Auth0 makes them, and as nobody should.

use data_encoding::BASE64URL_NOPAD;
use idv::ops::random;
use ring::{aead, hkdf, hmac};
use serde_json::{Map, Value, json};

/// The tenant's secret in every test.
pub(crate) const SECRET: &[u8] = b"a secret of thirty-two bytes and some";
pub(crate) const TENANT: &str = "acme.eu.auth0.test";
pub(crate) const CUSTOM_DOMAIN: &str = "login.acme.test";
pub(crate) const SUBJECT: &str = "auth0|65f0c0ffee";
/// 170 characters, as Auth0's are today (contract 2).
pub(crate) const STATE: &str = "hKFo2SBtWGZhd1VxT2ZyU0pHNl9uX3R4c0p4UTJ5Q2w0Y0FtUKFur3VuaXZlcnNhbC1sb2dpbqN0aWTZIGw0RkZ3dUVrM2hkS1R5cWJ3dGZWZ3BSQ0hZTzZyZmQ0o2NpZNkgOWdLNlBWTEU4cGFLeGxTOU5vUkRpMm5abVhqYw";
pub(crate) const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// The claims of a token that is good at `now`.
pub(crate) fn claims(now: u64) -> Map<String, Value> {
    let claims =
        json!({ "iss": TENANT, "sub": SUBJECT, "iat": now, "exp": now + 900, "ip": "203.0.113.7", "jti": "one" });
    claims.as_object().unwrap().clone()
}

/// `claims` with some changed; `null` takes one away.
pub(crate) fn with(mut claims: Map<String, Value>, changes: &Value) -> Map<String, Value> {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.remove(name)
        } else {
            claims.insert(name.clone(), value.clone())
        };
    }
    claims
}

pub(crate) fn sign(claims: &Map<String, Value>) -> String {
    sign_raw(HEADER, Value::Object(claims.clone()).to_string().as_bytes(), SECRET)
}

/// A token of any header and payload whatever, with a tag that is right for `secret`.
pub(crate) fn sign_raw(header: &str, payload: &[u8], secret: &[u8]) -> String {
    let signed = format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(payload));
    sign_parts(&signed, secret)
}

/// The token whose first two parts are `signed` as they stand.
pub(crate) fn sign_parts(signed: &str, secret: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
}

/// A profile as the Action seals it.
pub(crate) fn seal_profile(json: &str, secret: &[u8]) -> String {
    let nonce = random::bytes();
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret);
    let key = aead::UnboundKey::from(key.expand(&[b"idv profile 1"], &aead::AES_256_GCM).unwrap());
    let mut sealed = json.as_bytes().to_vec();
    let unique = aead::Nonce::assume_unique_for_key(nonce);
    aead::LessSafeKey::new(key).seal_in_place_append_tag(unique, aead::Aad::empty(), &mut sealed).unwrap();
    BASE64URL_NOPAD.encode(&[&nonce[..], &sealed].concat())
}

/// The claims of a result token, once its tag is seen to be right for `secret`.
pub(crate) fn open(token: &str, secret: &[u8]) -> Map<String, Value> {
    let (signed, tag) = token.rsplit_once('.').unwrap();
    let tag = BASE64URL_NOPAD.decode(tag.as_bytes()).unwrap();
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes(), &tag)
        .expect("the result token is by the tenant's secret");
    let (header, payload) = signed.split_once('.').unwrap();
    assert_eq!(BASE64URL_NOPAD.decode(header.as_bytes()).unwrap(), HEADER.as_bytes());
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}
