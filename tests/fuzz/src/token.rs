//! The request token.

use std::collections::BTreeSet;

use idv::verification::token::{TokenError, UntrustedToken};
use serde_json::{Map, Value};

use super::world::{NOW, TENANTS, token_with_header, token_with_payload};

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
