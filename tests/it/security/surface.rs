//! V3, V4, V13.4, V14.3: every URL by every method, and what holds for whatever comes back.

use std::collections::BTreeSet;
use std::fs;

use hyper::StatusCode;
use idv::config::load::parse;
use idv::verification::tenant::{ReturnMethod, Tenant};
use tempfile::TempDir;

use crate::support::browser::Page;
use crate::support::token::{STATE, TENANT};
use crate::support::world::{World, tenant};

pub(super) const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
const SAFE: [&str; 2] = ["GET", "HEAD"];
const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect width=\"1\" height=\"1\"/></svg>";

/// What came back.
struct Visit {
    method: &'static str,
    path: String,
    page: Page,
}

/// A world with everything to see, and one whose tenant takes results by a form.
fn worlds() -> [World; 2] {
    let directory = TempDir::new().unwrap();
    let logo = directory.path().join("logo.svg");
    fs::write(&logo, SVG).unwrap();
    let text = format!(
        "public_url = \"https://idv.example.test\"\n[server]\nlisten = [\"127.0.0.1:1\"]\n[[tenants]]\ndomain = \"{TENANT}\"\n\
         token_secrets = [{{ env = \"X\" }}]\n[branding]\nname = \"Acme\"\nsupport = \"help@acme.example\"\nlogo = \"{}\"\n",
        logo.display()
    );
    [
        World::branded(parse(&text).0.unwrap().branding),
        World::with_tenant(Tenant { return_method: ReturnMethod::FormPost, ..tenant() }),
    ]
}

/// Asks for every URL by each of `methods`, each time in a browser with a session of its own. What pages load is
/// asked for too.
fn walk(world: &World, methods: &[&'static str], headers: &[(&str, &str)]) -> Vec<Visit> {
    let mut visits = Vec::new();
    let mut loaded = BTreeSet::new();
    for method in methods {
        let count = paths(world, "", "").len();
        for index in 0..count {
            let mut browser = world.browser();
            let session = browser.begin(&world.token(&format!("{method} {index}")));
            let path = paths(world, &session, &world.token(&format!("{method} {index} again"))).swap_remove(index);
            browser.headers.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            let page = browser.send(method, &path, "");
            let names = page.body.split('"').filter(|text| text.starts_with("/assets/"));
            loaded.extend(names.map(str::to_owned));
            visits.push(Visit { method, path, page });
        }
    }
    for path in loaded {
        for method in methods {
            let page = world.browser().send(method, &path, "");
            visits.push(Visit { method, path: path.clone(), page });
        }
    }
    visits
}

fn paths(world: &World, session: &str, token: &str) -> Vec<String> {
    let appointment = world.app.presence.appoint(world.app.clock.now());
    let start = |path: &str| format!("/{path}?token={token}&state={STATE}");
    let mut paths = vec![
        start("id-verification"),
        start("id-verfication"),
        "/id-verification?token=x&state=y".to_owned(),
        format!("/.well-known/idv-doctor/{}", appointment.word),
    ];
    paths.extend(
        ["", "/return", "/desk", "/desk/nowhere", "/simulated", "/cancel"].map(|act| format!("{session}{act}")),
    );
    let others = [
        "/",
        "/desk/callback",
        "/health",
        "/robots.txt",
        "/.well-known/security.txt",
        "/favicon.ico",
        "/nowhere",
        "/assets/",
    ];
    paths.extend(others.map(str::to_owned));
    paths.push("/session/AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    paths
}

fn every_visit() -> impl Iterator<Item = Visit> {
    let origin = [("origin", "https://evil.example"), ("access-control-request-method", "POST")];
    worlds().into_iter().flat_map(move |world| walk(&world, &METHODS, &origin))
}

#[test]
fn every_answer_carries_the_whole_policy() {
    let mut kinds = BTreeSet::new();
    for Visit { method, path, page } in every_visit() {
        for (name, value) in [
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(page.header(name), Some(value), "{name} of {method} {path}");
        }
        let policy = page.header("content-security-policy").unwrap();
        // default-src stands in for object-src.
        for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.split("; ").any(|stands| stands == directive), "{directive} of {method} {path}: {policy}");
        }
        assert!(!["unsafe", "http", "*", "data:"].iter().any(|loose| policy.contains(loose)), "{policy}");
        kinds.insert(page.status.as_u16());
    }
    let kinds: Vec<_> = kinds.into_iter().collect();
    assert_eq!(kinds, [200, 204, 303, 400, 404, 405, 422], "the walk meets every kind of answer");
}

#[test]
fn every_body_says_what_it_is_and_in_which_characters() {
    let mut kinds = BTreeSet::new();
    for Visit { method, path, page } in every_visit().filter(|visit| !visit.page.body.is_empty()) {
        let kind = page.header("content-type").unwrap_or_else(|| panic!("{method} {path}")).to_owned();
        assert!(kind.ends_with("; charset=utf-8"), "{kind} of {method} {path}");
        assert_eq!(kind.starts_with("text/html"), page.body.starts_with("<!doctype html>"), "{kind} of {path}");
        kinds.insert(kind.split_once(';').unwrap().0.to_owned());
    }
    let kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
    assert_eq!(kinds, ["image/svg+xml", "text/css", "text/html", "text/javascript", "text/plain"]);
}

/// What load balancers ask for by OPTIONS. Without `access-control-` headers that allows no other site anything.
fn is_health_check(path: &str) -> bool {
    ["/", "/health"].contains(&path)
}

#[test]
fn no_answer_is_for_another_origin_and_a_preflight_is_refused() {
    for Visit { method, path, page } in every_visit() {
        assert!(!page.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{method} {path}");
        assert!(method != "OPTIONS" || is_health_check(&path) || page.status.is_client_error(), "{path}");
    }
}

#[test]
fn no_answer_tells_of_what_it_is_made() {
    for Visit { method, path, page } in every_visit() {
        for name in ["server", "x-powered-by", "via", "x-aspnet-version"] {
            assert_eq!(page.header(name), None, "{name} of {method} {path}");
        }
        for word in [env!("CARGO_PKG_VERSION"), "hyper", "rustls", "redb"] {
            assert!(!page.body.contains(word), "{word} in {method} {path}");
        }
    }
}

#[test]
fn trace_and_all_that_nobody_needs_are_refused_everywhere() {
    for Visit { method, path, page } in every_visit().filter(|visit| !["GET", "HEAD", "POST"].contains(&visit.method)) {
        if method == "OPTIONS" && is_health_check(&path) {
            assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "ready\n"), "{path}");
            continue;
        }
        assert!([StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&page.status), "{method} {path}");
    }
}

#[test]
fn nothing_may_be_kept_but_files_that_are_the_same_for_everybody() {
    for Visit { method, path, page } in every_visit() {
        let kept = page.header("cache-control") != Some("no-store");
        let is_a_file = path.starts_with("/assets/") || path == "/favicon.ico";
        assert!(!kept || (is_a_file && page.status.is_success()), "{method} {path}");
        assert!(!(kept && page.headers.contains_key("set-cookie")), "{method} {path}");
    }
}

#[test]
fn every_redirect_is_by_303_to_ourselves_or_to_the_tenant() {
    let mut places = BTreeSet::new();
    for Visit { method, path, page } in every_visit().filter(|visit| visit.page.status.is_redirection()) {
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{method} {path}");
        let location = page.location();
        let place = ["/session/", &format!("https://{TENANT}/continue?state=")]
            .into_iter()
            .position(|place| location.starts_with(place));
        places.insert(place.unwrap_or_else(|| panic!("{method} {path} leads to {location}")));
    }
    assert_eq!(places.len(), 2, "the walk is led to both");
}

#[test]
fn nothing_is_changed_by_asking() {
    let [world, _] = worlds();
    let file = world.directory.path().join("idv.redb");
    let before = fs::read(&file).unwrap();
    let visits = walk(&world, &SAFE, &[]);
    assert!(before == fs::read(&file).unwrap(), "GET and HEAD leave the store as it was");
    assert!(visits.iter().any(|visit| visit.path.ends_with("/cancel")));
    walk(&world, &["POST"], &[]);
    assert!(before != fs::read(&file).unwrap(), "a change would be seen");
}
