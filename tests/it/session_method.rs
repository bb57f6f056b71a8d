//! `/session/ID/METHOD`, what is below it, and `/callback/METHOD`: which methods and steps have an address.

use hyper::StatusCode;
use idv::verification::method::Methods;

use crate::support::world::{POLICY, World};

fn with_both() -> World {
    World::with_methods(Methods { desk: Some(POLICY), simulated: true })
}

#[test]
fn several_methods_are_offered_each_by_its_own_name_and_page() {
    let world = with_both();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("several"));
    let page = browser.get(&session);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("How would you like to verify yourself?"), "{}", page.body);
    for (method, name, title) in [
        ("desk", "With a code from my organisation", "Enter your verification code"),
        ("simulated", "Simulate it, in this trial", "How shall this verification end?"),
    ] {
        let link = format!("<a class=\"button\" href=\"{session}/{method}\">{name}</a>");
        assert!(page.body.contains(&link), "{link} in {}", page.body);
        let page = browser.get(&format!("{session}/{method}"));
        assert_eq!(page.status, StatusCode::OK, "{method}");
        assert!(page.body.contains(title) && page.body.contains(&format!("action=\"{session}/{method}\"")), "{method}");
    }
}

#[test]
fn what_no_method_has_is_no_page() {
    let [one, both] = [World::new(), with_both()];
    for (world, more) in [(one, "simulated"), (both, "nowhere")] {
        let mut browser = world.browser();
        let session = browser.begin(&world.token("no page"));
        let missing =
            [more, "Desk", "desk/", "desk/code", "desk/../desk", "desk/x/y", "simulated/", "simulated/outcome"];
        for path in missing.map(|path| format!("{session}/{path}")) {
            for method in ["GET", "POST"] {
                let page = browser.send(method, &path, "code=x");
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{method} {path}");
            }
        }
        assert_eq!(browser.get(&format!("{session}/desk")).status, StatusCode::OK);
    }
}

#[test]
fn nobody_comes_back_for_a_method_that_sends_nobody_away() {
    let world = with_both();
    let mut browser = world.browser();
    browser.begin(&world.token("callback"));
    for path in ["desk", "desk?state=x", "nowhere", "", "desk/", "desk/x"] {
        let page = browser.get(&format!("/callback/{path}"));
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.body.contains("This page does not exist"), "{}", page.body);
    }
    let page = browser.post("/callback/desk", "");
    assert_eq!((page.status, page.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, Some("GET, HEAD")));
}

#[test]
fn the_pages_of_a_method_have_the_usual_terms() {
    let world = with_both();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("terms"));
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; \
                  frame-ancestors 'none'";
    for path in ["", "/desk", "/simulated"] {
        let page = browser.get(&format!("{session}{path}"));
        assert_eq!(page.header("content-security-policy"), Some(policy), "{path}");
        let permissions = Some("camera=(), geolocation=(), microphone=()");
        assert_eq!(page.header("permissions-policy"), permissions, "{path}");
    }
    let page = browser.post(&format!("{session}/desk"), "code=x");
    assert_eq!((page.status, page.header("content-security-policy")), (StatusCode::UNPROCESSABLE_ENTITY, Some(policy)));
    for (status, length) in [(StatusCode::UNPROCESSABLE_ENTITY, 8192), (StatusCode::PAYLOAD_TOO_LARGE, 8193)] {
        let form = format!("code=x{}", "&".repeat(length - "code=x".len()));
        assert_eq!(browser.post(&format!("{session}/desk"), &form).status, status, "{length}");
    }
}
