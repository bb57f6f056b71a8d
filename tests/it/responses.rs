//! What every response carries, and what every request must.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, StatusCode, Version};

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

/// A request with the headers `fields`.
fn request(version: Version, method: &str, path: &str, fields: &[(&str, &str)]) -> Request<Full<Bytes>> {
    let request = Request::builder().version(version).method(method).uri(path);
    let request = fields.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Full::from("0")).unwrap()
}

const HOST: (&str, &str) = ("host", "idv.example.test");
const CHUNKED: (&str, &str) = ("transfer-encoding", "chunked");

#[test]
fn a_request_without_a_host_or_with_two_or_in_codings_but_chunks_alone_is_refused() {
    let world = World::new();
    let other = ("host", "evil.example");
    let coding = |value| ("transfer-encoding", value);
    for (version, fields) in [
        (Version::HTTP_11, vec![]),
        (Version::HTTP_11, vec![HOST, other]),
        (Version::HTTP_11, vec![HOST, HOST]),
        (Version::HTTP_10, vec![HOST, other]),
        (Version::HTTP_11, vec![HOST, CHUNKED, ("content-length", "3")]),
        (Version::HTTP_11, vec![HOST, CHUNKED, CHUNKED]),
        (Version::HTTP_11, vec![HOST, coding("gzip"), CHUNKED]),
        (Version::HTTP_11, vec![HOST, coding("gzip, chunked")]),
        (Version::HTTP_11, vec![HOST, coding("chunked, chunked")]),
        (Version::HTTP_11, vec![HOST, coding("chunked;q=1")]),
        (Version::HTTP_11, vec![HOST, coding(",chunked")]),
        (Version::HTTP_11, vec![HOST, coding("identity")]),
        (Version::HTTP_11, vec![HOST, coding("")]),
        (Version::HTTP_10, vec![HOST, CHUNKED]),
    ] {
        let page = respond(&world.app, request(version, "GET", "/", &fields));
        let refused = (StatusCode::BAD_REQUEST, Some("close"));
        assert_eq!((page.status, page.header("connection")), refused, "{version:?} {fields:?}");
        assert!(page.body.contains("This request was not understood"), "{}", page.body);
    }
}

#[test]
fn nothing_follows_a_request_in_chunks_on_its_connection() {
    let world = World::new();
    for coding in ["chunked", "Chunked", "CHUNKED"] {
        for (method, path, status) in [("POST", "/nowhere", 404), ("GET", "/", 200), ("OPTIONS", "/health", 200)] {
            let fields = [HOST, ("transfer-encoding", coding)];
            let page = respond(&world.app, request(Version::HTTP_11, method, path, &fields));
            assert_eq!((page.status.as_u16(), page.header("connection")), (status, Some("close")), "{method} {path}");
        }
    }
    assert_eq!(respond(&world.app, request(Version::HTTP_11, "GET", "/", &[HOST])).header("connection"), None);
}

#[test]
fn a_health_check_of_http_1_0_needs_no_host() {
    // HAProxy's `option httpchk` and old monitors got 400, and the service was taken for dead. RFC 9112 §3.2 asks for a
    // Host in HTTP/1.1 alone.
    let world = World::new();
    for path in ["/health", "/", "/robots.txt"] {
        for fields in [&[][..], &[HOST][..]] {
            let page = respond(&world.app, request(Version::HTTP_10, "GET", path, fields));
            assert_eq!(page.status, StatusCode::OK, "{path} {fields:?}");
        }
        assert_eq!(respond(&world.app, request(Version::HTTP_11, "GET", path, &[])).status, StatusCode::BAD_REQUEST);
    }
}

#[test]
fn a_health_check_may_ask_by_options() {
    // What HAProxy asks where only a path is configured, or nothing at all.
    let world = World::new();
    let (old, new) = (Version::HTTP_10, Version::HTTP_11);
    for (version, path) in [(old, "/"), (old, "/health"), (new, "/health"), (old, "*"), (new, "*")] {
        let page = respond(&world.app, request(version, "OPTIONS", path, &[HOST]));
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "ready\n"), "{path}");
        assert_eq!(page.header("allow"), Some("GET, HEAD, OPTIONS"));
    }
    assert_eq!(respond(&world.app, request(new, "GET", "*", &[HOST])).status, StatusCode::NOT_FOUND);
    let page = respond(&world.app, request(new, "POST", "/health", &[HOST]));
    assert_eq!((page.status.as_u16(), page.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
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
fn what_idv_takes_and_sends_fits_the_buffers_that_the_shipped_configuration_gives_nginx() {
    let shipped = include_str!("../../systemd/behind-a-proxy/nginx.conf");
    let buffer = |directive: &str| {
        let (_, rest) = shipped.split_once(directive).unwrap();
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
