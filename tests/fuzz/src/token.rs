//! The request token.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use idv::verification::profile::is_date;
use idv::verification::tenant::TokenKey;
use idv::verification::token::{TokenError, UntrustedToken};
use ring::{aead, hkdf};
use serde_json::{Map, Value};

use super::world::{NOW, SECRET, TENANTS, token_with_header, token_with_payload};

/// Any text as a token. Whoever has no secret makes none.
pub(super) fn text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(token) = UntrustedToken::parse(text) {
        assert!(token.authenticate(&TENANTS, NOW).is_err());
    }
}

/// Any header on a good payload, signed. What is taken says HS256 and JWT to every reader, and asks for nothing more.
pub(super) fn header(data: &[u8]) {
    if UntrustedToken::parse(&token_with_header(data)).is_err() {
        return;
    }
    let header: Map<String, Value> = serde_json::from_slice(data).unwrap();
    assert_eq!((header["alg"].as_str(), header["typ"].as_str()), (Some("HS256"), Some("JWT")));
    assert!(header.keys().all(|name| ["alg", "typ", "kid"].contains(&name.as_str())));
}

/// Any payload, signed. What the reader lets through is what another reader sees, and what is accepted is good.
pub(super) fn payload(data: &[u8]) {
    let token = token_with_payload(data);
    let Ok(token) = UntrustedToken::parse(&token) else { return };
    let request = match token.authenticate(&TENANTS, NOW) {
        Err(TokenError::Malformed) => return,
        result => result,
    };
    let claims: Map<String, Value> = match serde_json::from_slice(data) {
        Ok(claims) => claims,
        // A number beyond every machine's; JSON itself has no such limit.
        Err(error) if request.is_err() && error.to_string().contains("out of range") => return,
        Err(error) => panic!("{error}"),
    };
    if let Ok(request) = request {
        assert_eq!(Some(request.subject.user_id.as_str()), claims["sub"].as_str());
        assert_eq!(Some(request.issued_at.as_unix()), claims["iat"].as_u64());
        assert!(claims["exp"].as_u64().unwrap() + 60 > NOW.as_unix());
        assert!(!claims.contains_key("state"));
        let hosts: BTreeSet<_> = request.tenant.hosts().collect();
        assert!(hosts.contains(request.return_to.host()));
        assert!(hosts.iter().any(|host| Some(host.as_str()) == claims["iss"].as_str()));
    }
}

/// Any bytes as a profile, sealed and not. What opens has what another reader sees, and nothing but lines.
pub(super) fn profile(data: &[u8]) {
    let key = TokenKey::new(SECRET);
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(key.profile().open(text).is_err());
    }
    let Ok(profile) = key.profile().open(&seal(data)) else { return };
    let members: Map<String, Value> = serde_json::from_slice(data).unwrap();
    let texts = [
        ("given_name", profile.given_name()),
        ("family_name", profile.family_name()),
        ("birthdate", profile.birthdate()),
        ("email", profile.email()),
    ];
    for (name, text) in texts {
        assert_eq!(members.get(name).and_then(Value::as_str), text);
        assert!(text.is_none_or(|text| (1..=256).contains(&text.len()) && !text.contains(char::is_control)));
    }
    assert!(members.keys().all(|member| texts.iter().any(|(name, _)| name == member)));
    assert!(profile.birthdate().is_none_or(is_date) && data.len() <= 512);
}

/// As the Action does, around any bytes.
fn seal(plaintext: &[u8]) -> String {
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(SECRET);
    let key = aead::UnboundKey::from(key.expand(&[b"idv profile 1"], &aead::AES_256_GCM).unwrap());
    let mut sealed = plaintext.to_vec();
    let nonce = aead::Nonce::assume_unique_for_key([7; 12]);
    aead::LessSafeKey::new(key).seal_in_place_append_tag(nonce, aead::Aad::empty(), &mut sealed).unwrap();
    BASE64URL_NOPAD.encode(&[&[7; 12][..], &sealed].concat())
}
