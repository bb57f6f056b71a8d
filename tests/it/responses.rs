//! What every response carries, and what every request must.

use http_body_util::Full;
use hyper::{Request, StatusCode};

use crate::support::browser::respond;
use crate::support::world::World;

#[test]
fn every_response_carries_the_security_headers() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("headers"));
    let pages = [
        browser.start(&world.token("other")),
        browser.get(&session),
        browser.post(&format!("{session}/desk"), "code=x"),
        browser.get("/"),
        browser.get("/nowhere"),
        browser.get("/health"),
        browser.get("/robots.txt"),
        browser.get("/.well-known/security.txt"),
        browser.start("x"),
        browser.send("DELETE", "/", ""),
        browser.get("/session/AAAAAAAAAAAAAAAAAAAAAA"),
        browser.post(&format!("{session}/cancel"), ""),
        browser.get(&session),
        browser.get(&format!("{session}/return")),
    ];
    for page in pages {
        let expected = [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ("cache-control", "no-store"),
        ];
        for (name, value) in expected {
            assert_eq!(page.header(name), Some(value), "{name} on {}", page.status);
        }
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; ")
                && policy.contains("frame-ancestors 'none'")
                && !policy.contains("unsafe"),
            "{policy}"
        );
    }
}

#[test]
fn pages_have_no_inline_script_or_style() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("inline"));
    let pages = [
        browser.get(&session),
        browser.get("/"),
        browser.get("/nowhere"),
        browser.post(&format!("{session}/desk"), "code=x"),
    ];
    for page in pages {
        for bad in ["<style", " style=", "<script>", "onload=", "onclick=", "javascript:"] {
            assert!(!page.body.contains(bad), "{bad} in {}", page.body);
        }
        let (_, rest) = page.body.split_once("<link rel=\"stylesheet\" href=\"").unwrap();
        let style = browser.get(rest.split_once('"').unwrap().0);
        assert_eq!((style.status, style.header("content-type")), (StatusCode::OK, Some("text/css; charset=utf-8")));
        assert_eq!(style.header("cache-control"), Some("public, max-age=31536000, immutable"));
    }
}

#[test]
fn a_request_without_a_host_or_with_two_or_in_chunks_is_refused() {
    let world = World::new();
    let requests = [
        Request::builder().uri("/"),
        Request::builder().uri("/").header("host", "idv.example.test").header("host", "evil.example"),
        Request::builder().uri("/").header("host", "idv.example.test").header("transfer-encoding", "chunked"),
        Request::builder()
            .uri("/")
            .header("host", "idv.example.test")
            .header("transfer-encoding", "chunked")
            .header("content-length", "3"),
    ];
    for request in requests {
        let page = respond(&world.app, request.body(Full::default()).unwrap());
        assert_eq!((page.status, page.header("connection")), (StatusCode::BAD_REQUEST, Some("close")));
    }
}

#[test]
fn health_says_ready_and_nothing_else() {
    let world = World::new();
    let page = world.browser().get("/health");
    assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "ready\n"));
}

#[test]
fn the_bare_address_says_what_this_host_is() {
    let world = World::new();
    let page = world.browser().get("/");
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Identity verification"));
}
