//! `GET /session/ID` and leaving it: refresh, back button, double click, two tabs, another browser, time.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::json;

use crate::support::browser::{Browser, Page};
use crate::support::token::{self, SECRET};
use crate::support::world::{World, subject};

#[test]
fn the_page_says_for_whom_where_and_until_when() {
    let world = World::new();
    let mut browser = world.browser();
    let claims = token::with(token::claims(world.now()), &json!({ "account_hint": "j•••@acme.test" }));
    let session = browser.begin(&token::sign(&claims));
    let page = browser.get(&session);
    assert_eq!(page.status, StatusCode::OK);
    for text in ["j•••@acme.test", "acme.eu.auth0.test", "You have 50 minutes left.", "Cancel and return"] {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    world.pass(Duration::from_mins(49));
    assert!(browser.get(&session).body.contains("You have 1 minute left."));
}

#[test]
fn the_page_escapes_what_it_shows() {
    let world = World::new();
    let mut browser = world.browser();
    let claims = token::with(token::claims(world.now()), &json!({ "account_hint": "<img src=x onerror=alert(1)>\"'" }));
    let session = browser.begin(&token::sign(&claims));
    let page = browser.get(&session);
    assert!(!page.body.contains("<img"), "{}", page.body);
}

#[test]
fn the_applications_language_comes_before_the_browsers() {
    let world = World::new();
    let mut browser = world.browser();
    browser.headers.push(("accept-language".into(), "en".into()));
    let claims = token::with(token::claims(world.now()), &json!({ "ui_locales": "xx de" }));
    let session = browser.begin(&token::sign(&claims));
    // What is refused in the session is told in its language too.
    for path in [session.clone(), format!("{session}/cancel"), format!("{session}/nowhere")] {
        assert!(browser.get(&path).body.contains("lang=\"de\""), "{path}");
    }
    assert!(browser.get("/nowhere").body.contains("lang=\"en\""));
    browser.cookies.clear();
    assert!(browser.get(&format!("{session}/cancel")).body.contains("lang=\"en\""), "who has no cookie may not ask");
}

#[test]
fn without_its_cookie_a_session_says_so() {
    let world = World::new();
    let session = world.browser().begin(&world.token("cookie"));
    for page in [world.browser().get(&session), world.browser().post(&format!("{session}/cancel"), "")] {
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.body.contains("allow cookies"), "{}", page.body);
    }
}

/// What `browser` gets that came from `site`; older ones do not say from where.
fn arrive(browser: &mut Browser, path: &str, site: Option<&str>) -> Page {
    browser.came_from = site.map(str::to_owned);
    browser.get(path)
}

#[test]
fn a_browser_that_keeps_back_a_cookie_just_set_is_led_on_once() {
    // Safari does not send a cookie that a redirect from another site has just set, and was told that it was missing.
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("kept back"));
    let cookies = std::mem::take(&mut browser.cookies);
    for site in [Some("cross-site"), None] {
        for path in [session.clone(), format!("{session}/desk"), format!("{session}/return")] {
            let page = arrive(&mut browser, &path, site);
            assert_eq!(page.status, StatusCode::OK, "{site:?} {path}");
            let again = format!("{path}?arrived=1");
            for leads in [format!("content=\"0; url={again}\""), format!("href=\"{again}\"")] {
                assert!(page.body.contains(&leads), "{leads} in {}", page.body);
            }
            assert!(!page.body.contains("<script"), "{}", page.body);
            // Tried once, whatever the browser says of the site.
            for site in [Some("same-origin"), Some("cross-site"), None] {
                let missing = arrive(&mut browser, &again, site);
                assert_eq!(missing.status, StatusCode::BAD_REQUEST, "{site:?} {again}");
                assert!(missing.body.contains("allow cookies"), "{}", missing.body);
            }
        }
    }
    // A proxy that spells the query anew or adds to it leads nobody in a circle.
    for query in ["arrived", "arrived=", "arrived=1&x=1", "x=1&arrived=1", "arrived=%31", ""] {
        let missing = arrive(&mut browser, &format!("{session}?{query}"), None);
        assert_eq!(missing.status, StatusCode::BAD_REQUEST, "{query}");
    }
    browser.cookies = cookies;
    assert!(arrive(&mut browser, &format!("{session}?arrived=%31"), None).body.contains("/desk"));
    assert!(arrive(&mut browser, &format!("{session}?arrived=1"), Some("same-origin")).body.contains("/desk"));
    assert!(arrive(&mut browser, &session, Some("cross-site")).body.contains("/desk"));
}

#[test]
fn who_is_led_on_comes_from_another_site_without_the_cookie() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("led on"));
    for site in ["same-origin", "same-site", "none", "x"] {
        assert_eq!(arrive(&mut world.browser(), &session, Some(site)).status, StatusCode::BAD_REQUEST, "{site}");
    }
    // One that is there and opens nothing will not come right by itself.
    browser.cookies.values_mut().for_each(|value| value.push('A'));
    assert_eq!(arrive(&mut browser, &session, Some("cross-site")).status, StatusCode::BAD_REQUEST);
    // Nor is anything submitted again.
    assert_eq!(browser.post(&format!("{session}/cancel"), "").status, StatusCode::FORBIDDEN);
}

#[test]
fn a_cookie_opens_its_own_session_only() {
    let world = World::new();
    let mut browser = world.browser();
    let (one, two) = (browser.begin(&world.token("one")), browser.begin(&world.token("two")));
    let name = |session: &str| session.replace("/session/", "__Host-idv-");
    let stolen = browser.cookies[&name(&one)].clone();
    browser.cookies.insert(name(&two), stolen);
    assert_eq!(browser.get(&one).status, StatusCode::OK);
    assert_eq!(browser.get(&two).status, StatusCode::BAD_REQUEST);
}

#[test]
fn a_changed_cookie_opens_nothing() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("changed"));
    let (name, good) = browser.cookies.iter().next().map(|(name, value)| (name.clone(), value.clone())).unwrap();
    for index in 0..good.len() {
        let changed = if &good[index..=index] == "A" { "B" } else { "A" };
        let value = format!("{}{changed}{}", &good[..index], &good[index + 1..]);
        browser.cookies.insert(name.clone(), value);
        assert_eq!(browser.get(&session).status, StatusCode::BAD_REQUEST, "at {index}");
    }
}

#[test]
fn two_tabs_do_not_disturb_each_other() {
    let world = World::new();
    let mut browser = world.browser();
    let (one, two) = (browser.begin(&world.token("one")), browser.begin(&world.token("two")));
    assert_eq!(browser.post(&format!("{one}/cancel"), "").status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(&two).status, StatusCode::OK);
    let code = world.issue();
    assert_eq!(browser.post(&format!("{two}/desk"), &format!("code={code}")).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_session_survives_a_restart() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("restart"));
    let cookies = browser.cookies.clone();
    drop(browser);
    let world = world.restarted();
    let mut browser = world.browser();
    browser.cookies = cookies;
    assert_eq!(browser.get(&session).status, StatusCode::OK);
}

#[test]
fn leaving_returns_canceled_and_is_no_check() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("leave"));
    let back = browser.post(&format!("{session}/cancel"), "");
    let claims = token::open(&back.parameter("token"), SECRET);
    assert_eq!(claims["status"], "canceled");
    assert_eq!(claims.get("last_check"), None);
    let record = world.app.store.subject(&subject(token::SUBJECT)).unwrap().unwrap();
    assert_eq!(record.last_check, None);
}

#[test]
fn the_back_button_finds_a_way_back_to_the_login() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("back"));
    let first = browser.post(&format!("{session}/cancel"), "");
    let page = browser.get(&session);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&format!("{session}/return")), "{}", page.body);
    let again = browser.get(&format!("{session}/return"));
    assert_eq!(again.parameter("state"), first.parameter("state"));
    assert_eq!(token::open(&again.parameter("token"), SECRET)["status"], "canceled");
}

#[test]
fn the_way_back_of_an_open_session_is_its_page() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("open"));
    assert_eq!(browser.get(&format!("{session}/return")).location(), session);
}

#[test]
fn too_late_to_act_returns_expired_while_the_login_lives() {
    // Contract 14: fifty minutes to act, the rest of the hour to return.
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("late"));
    let code = world.issue();
    world.pass(Duration::from_mins(50));
    let back = browser.post(&format!("{session}/desk"), &format!("code={code}"));
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "expired");
}

#[test]
fn who_comes_back_too_late_is_not_told_that_they_failed() {
    // The page said "You could not be verified" for whatever was no success and not canceled.
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("late"));
    world.pass(Duration::from_mins(50));
    let page = browser.get(&session);
    assert!(page.body.contains("The time for this verification is over"), "{}", page.body);
    assert!(page.body.contains("/cancel") && !page.body.contains("/desk"), "only the way back is left: {}", page.body);
    assert_eq!(browser.get(&format!("{session}/desk")).location(), session);
    let back = browser.post(&format!("{session}/cancel"), "");
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "expired");
    let page = browser.get(&session);
    assert!(page.body.contains("The time for this verification is over"), "{}", page.body);
}

#[test]
fn just_in_time_is_in_time() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("in time"));
    let code = world.issue();
    world.pass(Duration::from_secs(50 * 60 - 1));
    let back = browser.post(&format!("{session}/desk"), &format!("code={code}"));
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "success");
}

#[test]
fn when_the_hour_turns_sessions_go_on_beside_those_that_begin() {
    let world = World::new();
    world.set_clock(world.now().next_multiple_of(3600) - 10);
    let (mut before, mut after) = (world.browser(), world.browser());
    let old = before.begin(&world.token("before"));
    world.pass(Duration::from_secs(20));
    let new = after.begin(&world.token("after"));
    for _ in 0..2 {
        assert_eq!(before.get(&old).status, StatusCode::OK);
        assert_eq!(after.get(&new).status, StatusCode::OK);
    }
    // Each hour has a key of its own, and a cookie begins with its hour.
    let hours = [before, after].map(|browser| browser.cookies.values().next().unwrap()[..5].to_owned());
    assert_ne!(hours[0], hours[1]);
}

#[test]
fn after_the_hour_there_is_nothing_to_return_to() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("over"));
    world.pass(Duration::from_mins(61));
    let pages = [
        browser.get(&session),
        browser.get(&format!("{session}/return")),
        browser.post(&format!("{session}/cancel"), ""),
    ];
    for page in pages {
        assert_eq!(page.status, StatusCode::GONE);
        assert!(page.body.contains("took too long"));
    }
}

#[test]
fn another_site_cannot_submit() {
    let world = World::new();
    for site in ["cross-site", "same-site"] {
        let mut browser = world.browser();
        let session = browser.begin(&world.token(site));
        browser.came_from = Some(site.to_owned());
        assert_eq!(browser.post(&format!("{session}/cancel"), "").status, StatusCode::FORBIDDEN);
        browser.came_from = Some("same-origin".to_owned());
        assert_eq!(browser.post(&format!("{session}/cancel"), "").status, StatusCode::SEE_OTHER);
    }
}

#[test]
fn an_address_that_is_no_session_is_no_page() {
    let world = World::new();
    for path in [
        "/session",
        "/session/",
        "/session/x",
        "/session/AAAAAAAAAAAAAAAAAAAAAB",
        "/session/AAAAAAAAAAAAAAAAAAAAAA/x",
        "/session/AAAAAAAAAAAAAAAAAAAAAA/return/x",
    ] {
        assert_eq!(world.browser().get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
}
