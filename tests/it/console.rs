//! The operators' console, through its real router: who gets in, how, for how long, and to what.

use hyper::StatusCode;
use idv::control::operator::Request;
use idv::verification::account::Account;
use idv::verification::operator::Role;

use crate::oidc::scene::logged;
use crate::support::browser::{Browser, Page};
use crate::support::console::{COOKIE, HOST, IDLE, Place, is_inside};
use crate::support::world::World;

mod desk;
mod link;
mod operators;
mod sign_in;

/// How long a session lasts, in seconds.
const WHOLE: u64 = 8 * 60 * 60;

/// Every route but the style sheet's, with a body that changes nothing, and which roles it admits; none is everybody.
const ROUTES: [(&str, &str, Option<&[Role]>); 18] = [
    ("GET", "/sign-in", None),
    ("GET", "/sign-in/provider", None),
    ("GET", "/callback", None),
    ("GET", "/link/AAAAAAAAAAAAAAAAAAAAAA", None),
    ("POST", "/link/AAAAAAAAAAAAAAAAAAAAAA", None),
    ("GET", "/", Some(&Role::ALL)),
    ("GET", "/me", Some(&Role::ALL)),
    ("GET", "/operators", Some(&[Role::Supervisor])),
    ("POST", "/operators/link", Some(&[])),
    ("POST", "/operators/certify", Some(&[Role::Supervisor])),
    ("POST", "/operators/revoke", Some(&[Role::Supervisor])),
    ("POST", "/operators/end", Some(&[Role::Supervisor])),
    ("GET", "/desk", Some(&[Role::Desk])),
    ("POST", "/desk/issue", Some(&[Role::Desk])),
    ("POST", "/desk/revoke", Some(&[Role::Desk])),
    ("POST", "/desk/list", Some(&[Role::Desk])),
    ("GET", "/nothing", None),
    // Last, for it signs out.
    ("POST", "/sign-out", Some(&Role::ALL)),
];

/// Whether `page` lets somebody in who has signed in, whatever else there is to say. What is for some `roles` is to others as
/// if it were not there.
fn admits(page: &Page, roles: Option<&[Role]>) -> bool {
    let is_out = page.header("location") == Some("/sign-in") && page.header("set-cookie").is_none();
    let is_there = roles.is_none() || page.status != StatusCode::NOT_FOUND;
    is_there && !is_out && ![StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&page.status)
}

#[test]
fn each_route_admits_whom_it_is_for_and_nobody_else() {
    let place = Place::new();
    for (method, path, roles) in ROUTES {
        let mut nobody = place.browser();
        let page = nobody.send(method, path, "");
        assert_eq!(admits(&page, roles), roles.is_none(), "{method} {path} without a session: {}", page.status);
        assert!(!is_inside(&page) && nobody.cookies.is_empty(), "{method} {path}");
        for role in Role::ALL {
            let name = format!("{} {method} {}", role.as_str(), path.replace('/', "."));
            let mut browser = place.signed_in(&name, &[role]);
            let page = browser.send(method, path, "");
            let may = roles.is_none_or(|roles| roles.contains(&role));
            assert_eq!(admits(&page, roles), may, "{method} {path} as {role:?}: {} {}", page.status, page.body);
            place.ask(Request::Revoke { name: name.clone() }, Account::Root).unwrap();
            let page = browser.send(method, path, "");
            assert_eq!(admits(&page, roles), roles.is_none(), "{method} {path} as {role:?} who was revoked");
        }
    }
}

#[test]
fn every_other_method_is_refused_with_those_that_are_allowed() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &Role::ALL);
    for (method, path, _) in ROUTES {
        for other in ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"] {
            let page = browser.send(other, path, "");
            let is_there = path != "/nothing";
            let expected = if is_there { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::NOT_FOUND };
            assert_eq!(page.status, expected, "{other} {path}");
            assert_eq!(page.header("allow").is_some_and(|allowed| allowed.contains(method)), is_there, "{path}");
        }
    }
}

#[test]
fn the_cookie_is_the_hosts_alone_and_goes_with_nobody_elses_link() {
    let place = Place::new();
    let (link, mut browser) = (place.add("ada", &[Role::Desk]), place.browser());
    let page = browser.post(&link, "");
    let cookie = page.header("set-cookie").unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(pair.split_once('=').unwrap().0, COOKIE);
    assert_eq!(pair.split_once('=').unwrap().1.len(), 22);
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict; Secure");
    let page = browser.post("/sign-out", "");
    let gone = page.header("set-cookie").unwrap();
    assert!(gone.starts_with(&format!("{COOKIE}=; Path=/; Max-Age=0;")) && gone.ends_with("; Secure"), "{gone}");
    let place = Place::on_loopback();
    let mut browser = place.browser();
    browser.host = "localhost:8444";
    let page = browser.post(&place.add("ada", &[Role::Desk]), "");
    let cookie = page.header("set-cookie").unwrap();
    assert!(cookie.starts_with("idv-operator=") && cookie.ends_with("; SameSite=Strict"), "{cookie}");
}

#[test]
fn signing_in_makes_a_session_of_its_own_and_ends_what_the_browser_brought() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    let before = browser.cookies[COOKIE].clone();
    // Whoever planted a session, or a text that is none, has nothing of what follows.
    for planted in [before.clone(), "AAAAAAAAAAAAAAAAAAAAAA".into()] {
        browser.cookies.insert(COOKIE.into(), planted.clone());
        browser.post(&place.link("ada"), "");
        assert_ne!(browser.cookies[COOKIE], planted);
        let mut attacker = place.browser();
        attacker.cookies.insert(COOKIE.into(), planted);
        assert_eq!(attacker.get("/me").location(), "/sign-in");
    }
    assert!(is_inside(&browser.get("/me")));
}

#[test]
fn what_another_site_causes_is_refused_and_its_links_lead_here_all_the_same() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &Role::ALL);
    for (site, may_write) in [
        (Some("same-origin"), true),
        (Some("none"), true),
        (Some("same-site"), false),
        (Some("cross-site"), false),
        (None, false),
    ] {
        browser.came_from = site.map(str::to_owned);
        let page = browser.post("/operators/certify", "name=ada");
        let expected = if may_write { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN };
        assert_eq!(page.status, expected, "{site:?}");
        for (mode, may_read) in [("navigate", true), ("no-cors", may_write || site.is_none())] {
            browser.headers = vec![("sec-fetch-mode".into(), mode.into())];
            let page = browser.get("/me");
            assert_eq!(page.status == StatusCode::OK, may_read, "{site:?} {mode}: {}", page.status);
        }
        browser.headers.clear();
    }
}

#[test]
fn every_answer_is_framed_by_nobody_kept_by_nobody_and_loads_nothing_from_elsewhere() {
    let place = Place::new();
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; \
                  form-action 'self'; frame-ancestors 'none'";
    let mut browser = place.signed_in("ada", &Role::ALL);
    for (method, path, _) in ROUTES {
        let page = browser.send(method, path, "");
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ] {
            assert_eq!(page.header(name), Some(value), "{method} {path}");
        }
        if page.status != StatusCode::SEE_OTHER {
            assert_eq!(page.header("content-security-policy"), Some(policy), "{method} {path}");
        }
        let is_handler = |word: &str| word.starts_with("on") && word.contains('=');
        let body = &page.body;
        // A script is a file of ours, and nothing on the page itself is one.
        let is_ours = |script: &str| script.starts_with(" src=\"/assets/cases-") && script.contains("></script>");
        assert!(body.split("<script").skip(1).all(is_ours), "{method} {path}");
        assert!(!body.contains("style=") && !body.split(' ').any(is_handler), "{method} {path}");
    }
}

#[test]
fn a_request_for_another_host_is_nobodys_here() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    for (host, is_ours) in [
        (HOST, true),
        ("REVIEW.example.test", true),
        ("review.example.test:8444", true),
        ("idv.example.test", false),
        ("127.0.0.1:8444", false),
        ("review.example.test.evil.test", false),
        ("evil-review.example.test", false),
        ("", false),
    ] {
        browser.host = host;
        let page = browser.get("/me");
        let expected = if is_ours { StatusCode::OK } else { StatusCode::MISDIRECTED_REQUEST };
        assert_eq!(page.status, expected, "{host}");
        assert_eq!(is_inside(&page), is_ours, "{host}");
    }
    browser.host = HOST;
    assert_eq!(browser.get("http://evil.test/me").status, StatusCode::MISDIRECTED_REQUEST, "named twice");
    assert_eq!(browser.get(&format!("https://{HOST}/me")).status, StatusCode::OK);
}

#[test]
fn no_page_of_the_one_is_served_where_the_other_is() {
    let (world, place) = (World::new(), Place::new());
    let mut at_logins = Browser::new(world.app.clone());
    let console = place.signed_in("ada", &Role::ALL);
    at_logins.cookies.clone_from(&console.cookies);
    for host in ["idv.example.test", HOST] {
        at_logins.host = host;
        for (method, path, roles) in ROUTES {
            if roles.is_some() && path != "/" {
                let page = at_logins.send(method, path, "");
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{method} {path} at {host}");
            }
        }
        assert!(!is_inside(&at_logins.get("/")));
    }
    let mut at_console = console;
    for path in ["/id-verification?token=a&state=b", "/session/AAAAAAAAAAAAAAAAAAAAAA", "/health", "/robots.txt"] {
        assert_eq!(at_console.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn a_session_ends_half_an_hour_after_its_last_act_exactly() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    for _ in 0..3 {
        place.pass(IDLE - 1);
        assert!(is_inside(&browser.get("/me")), "each act gives it as much again");
    }
    place.pass(IDLE);
    assert_eq!(browser.get("/me").location(), "/sign-in");
    let page = browser.post("/operators/certify", "name=ada");
    assert_eq!((page.status, page.header("set-cookie").is_some()), (StatusCode::UNAUTHORIZED, true));
}

#[test]
fn a_session_ends_eight_hours_after_it_began_exactly() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    let step = IDLE - 1;
    let mut passed = 0;
    while passed + step < WHOLE - 1 {
        place.pass(step);
        passed += step;
        assert!(is_inside(&browser.get("/me")), "after {passed}");
    }
    place.pass(WHOLE - 1 - passed);
    assert!(is_inside(&browser.get("/me")));
    place.pass(1);
    assert_eq!(browser.get("/me").location(), "/sign-in");
}

#[test]
fn what_is_for_another_role_is_to_the_byte_as_if_it_were_not_there_and_has_a_line_in_the_log() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &[Role::Reviewer]);
    let missing = browser.get("/nothing");
    let (page, log) = logged(|| browser.get("/operators"));
    assert_eq!((page.status, &page.body), (StatusCode::NOT_FOUND, &missing.body));
    assert!(log.contains("operator ada has not the role for it"), "{log}");
    assert!(!page.body.contains("Reference") && !page.body.contains("ada"), "{}", page.body);
}

#[test]
fn an_operator_begins_where_they_may() {
    let place = Place::new();
    for (roles, beginning) in [
        (&[Role::Desk][..], "/desk"),
        (&[Role::Desk, Role::Supervisor], "/"),
        (&[Role::Supervisor], "/"),
        (&[Role::Reviewer], "/"),
    ] {
        let mut browser = place.signed_in(&format!("of {roles:?}"), roles);
        let page = browser.get("/");
        assert_eq!(page.header("location").unwrap_or("/"), beginning);
        let page = browser.get("/me");
        for (path, role) in [("/desk", Role::Desk), ("/operators", Role::Supervisor)] {
            let is_led = page.body.contains(&format!("<a href=\"{path}\""));
            assert_eq!(is_led, roles.contains(&role), "{path} for {roles:?}");
        }
    }
}

#[test]
fn a_new_sign_in_shows_when_and_how_the_last_one_was() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    assert!(browser.get("/me").body.contains("<dd>never</dd>"));
    place.pass(WHOLE + 1);
    let mut browser = place.browser();
    browser.post(&place.link("ada"), "");
    let page = browser.get("/me");
    assert!(page.body.contains("<dd>2027-01-15 08:00 UTC, by a one-time link</dd>"), "{}", page.body);
}

#[test]
fn a_body_that_is_too_long_is_refused() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    let form = |length: usize| format!("subject={}", "x".repeat(length - "subject=".len()));
    assert_eq!(browser.post("/desk/issue", &form(16 * 1024)).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post("/desk/issue", &form(16 * 1024 + 1)).status, StatusCode::PAYLOAD_TOO_LARGE);
}
