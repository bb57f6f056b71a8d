//! Any request.

use std::sync::LazyLock;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Request, StatusCode};

use super::world::{begin, good_token, respond};

/// What stands for a good token, a session and its cookie.
static WORDS: LazyLock<[(&str, String); 3]> = LazyLock::new(|| {
    let (id, sealed) = begin(&good_token("router"));
    [("$TOKEN", good_token("router")), ("$COOKIE", format!("__Host-idv-{id}={sealed}")), ("$ID", id)]
});

/// Any method, address, headers and body, in the lines of HTTP/1.1. The answer is one that is meant, with every security
/// header, and leads nowhere but on or back.
pub(super) fn request(data: &[u8]) {
    let text =
        WORDS.iter().fold(String::from_utf8_lossy(data).into_owned(), |text, (word, value)| text.replace(word, value));
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let Some(request) = parse(head, body) else { return };
    let is_head = request.method() == Method::HEAD;
    let (status, headers, body) = respond(request);
    check_status(status);
    check_headers(&headers);
    assert!(!is_head || body.is_empty());
}

fn parse(head: &str, body: &str) -> Option<Request<Full<Bytes>>> {
    let mut lines = head.lines();
    let (method, uri) = lines.next()?.split_once(' ')?;
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value);
    }
    request.body(Full::from(body.to_owned())).ok()
}

fn check_status(status: StatusCode) {
    let is_meant = matches!(status.as_u16(), 200 | 204 | 303 | 400..=499 | 503);
    // The store of a fuzzer does not fail.
    assert!(is_meant && status != 503, "{status}");
}

fn check_headers(headers: &HeaderMap) {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert_eq!(text("x-content-type-options"), "nosniff");
    assert_eq!(text("referrer-policy"), "no-referrer");
    assert_eq!(text("x-frame-options"), "DENY");
    assert_eq!(text("strict-transport-security"), "max-age=63072000; includeSubDomains");
    assert!(text("content-security-policy").starts_with("default-src 'none'; "));
    assert!(["no-store", "public, "].iter().any(|value| text("cache-control").starts_with(value)));
    let places = ["/session/", "https://acme.eu.auth0.test/continue?state=", "https://login.acme.test/continue?state="];
    assert!(!headers.contains_key("location") || places.iter().any(|place| text("location").starts_with(place)));
}
