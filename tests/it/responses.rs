//! What every response carries, and what every request must.

use http_body_util::Full;
use hyper::{Request, StatusCode};

use crate::support::browser::respond;
use crate::support::token;
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

/// nginx answers what does not fit its buffers by a page of its own, which helps nobody.
#[test]
fn what_idv_takes_and_sends_fits_the_buffers_that_the_readme_gives_nginx() {
    let readme = include_str!("../../README.md");
    let buffer = |directive: &str| {
        let (_, rest) = readme.split_once(directive).unwrap();
        rest.split_once("k;").unwrap().0.trim().parse::<usize>().unwrap() * 1024
    };
    let (line, answer) = (buffer("large_client_header_buffers 4 "), buffer("proxy_buffer_size "));

    let world = World::new();
    let asks = |request: hyper::http::request::Builder| {
        respond(&world.app, request.header("host", "idv.example.test").body(Full::default()).unwrap()).status
    };
    let long = |length: usize| "x".repeat(length);
    let address = format!("/id-verification?token={}", long(line - "GET /id-verification?token= HTTP/1.1\r\n".len()));
    let cookies = format!("x={}", long(line - "Cookie: x=\r\n".len()));
    assert_eq!(asks(Request::builder().uri(address)), StatusCode::URI_TOO_LONG, "idv says so first");
    assert_eq!(
        asks(Request::builder().uri("/").header("cookie", cookies)),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        "idv says so first"
    );

    let claims = token::with(
        token::claims(world.now()),
        &serde_json::json!({ "sub": format!("auth0|{}", long(249)), "account_hint": long(128), "ui_locales": "de-AT ".repeat(16) }),
    );
    let start = world.browser().get(&format!("/id-verification?token={}&state={}", token::sign(&claims), long(2048)));
    assert_eq!(start.status, StatusCode::SEE_OTHER);
    let sent: usize =
        start.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum();
    assert!(sent > 4096, "nginx's default would do for {sent}");
    assert!(sent < answer, "{sent}");
}
