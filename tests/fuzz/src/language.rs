//! The languages that browsers and applications ask for.

use http_body_util::Full;
use hyper::Request;
use hyper::header::HeaderValue;
use serde_json::json;

use super::world::{begin, respond, token_with_payload};

const TAGS: [&str; 10] = ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "ar"];

/// Any `Accept-Language`, and any `ui_locales` of a token. Every page is in one of ours.
pub(super) fn negotiation(data: &[u8]) {
    if let Ok(value) = HeaderValue::from_bytes(data) {
        let request = Request::get("/").header("host", "idv.example.test").header("accept-language", value);
        check(request.body(Full::default()).unwrap());
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if text.len() > 256 || text.contains(char::is_control) {
        return;
    }
    let claims = json!({
        "iss": "acme.eu.auth0.test", "sub": "auth0|in-many-languages", "iat": 1_800_000_000, "exp": 1_800_000_900,
        "ui_locales": text,
    });
    let token = token_with_payload(claims.to_string().as_bytes());
    if token.len() > 4096 {
        return;
    }
    let (id, sealed) = begin(&token);
    let request = Request::get(format!("/session/{id}")).header("host", "idv.example.test");
    check(request.header("cookie", format!("__Host-idv-{id}={sealed}")).body(Full::default()).unwrap());
}

fn check(request: Request<Full<hyper::body::Bytes>>) {
    let (status, _, body) = respond(request);
    assert_eq!(status, 200);
    let page = std::str::from_utf8(&body).unwrap();
    assert!(TAGS.iter().any(|tag| page.contains(&format!("<html lang=\"{tag}\""))), "{page}");
}
