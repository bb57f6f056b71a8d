//! `/desk`: what `idv desk` does, in a browser, by who has signed in.

use hyper::StatusCode;
use idv::control::Request;
use idv::control::method::desk;
use idv::verification::account::Account;
use idv::verification::operator::Role;
use serde_json::Value;

use crate::support::console::Place;
use crate::support::token::TENANT;
use crate::support::world::block_on;

const ISSUE: &str = "tenant=acme.eu.auth0.test&subject=+auth0%7C65f0c0ffee+&note=passport";

/// The codes that wait, as the command line has them.
fn waiting(place: &Place) -> Vec<Value> {
    let list = desk::Request::List { tenant: TENANT.into(), after: None };
    let listed = block_on(place.office.perform(Request::Method(list.into()), Account::Root)).unwrap();
    listed["codes"].as_array().unwrap().clone()
}

#[test]
fn a_code_is_shown_once_and_vouched_for_by_the_operator() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    let page = browser.post("/desk/issue", ISSUE);
    assert_eq!(page.status, StatusCode::OK);
    let code = page.body.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    assert_eq!((code.len(), code.matches('-').count()), (14, 2), "{code}");
    let [waits] = &waiting(&place)[..] else { panic!("one code") };
    assert_eq!((&waits["subject"], &waits["by"]), (&"auth0|65f0c0ffee".into(), &"ada".into()));
    assert_eq!((&waits["note"], &waits["account"]["operator"]), (&"passport".into(), &"ada".into()));
    let page = browser.get("/desk");
    assert!(page.body.contains("<bdi>auth0|65f0c0ffee</bdi>") && !page.body.contains(code));
    let entry = place.entries().into_iter().find(|entry| entry.action == "code-issued").unwrap();
    assert_eq!(entry.actor.as_deref(), Some("operator:ada"));
    assert!(!String::from_utf8(entry.line()).unwrap().contains("65f0c0ffee"));
}

#[test]
fn a_code_is_revoked_and_whom_it_is_for_stands_in_no_address() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    browser.post("/desk/issue", ISSUE);
    let page = browser.get("/desk");
    let addresses = page.body.split(['"', '\'']).filter(|text| text.starts_with('/'));
    assert!(addresses.into_iter().all(|address| !address.contains("auth0") && !address.contains('?')));
    for told in ["The code is worthless now.", "No code was waiting."] {
        let page = browser.post("/desk/revoke", "tenant=acme.eu.auth0.test&subject=auth0%7C65f0c0ffee");
        assert!(page.body.contains(told), "{}", page.body);
    }
    assert!(waiting(&place).is_empty());
    assert!(browser.get("/desk").body.contains("None waits."));
}

#[test]
fn what_cannot_be_issued_is_said_beside_what_was_typed() {
    let place = Place::new();
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    let hidden = "passport%E2%80%AE";
    for (form, told) in [
        ("subject=65f0c0ffee&note=passport", "That is not an Auth0 user id."),
        ("subject=&note=passport", "That is not an Auth0 user id."),
        ("subject=auth0%7C1%3Cb%3E%0Ax&note=passport", "That is not an Auth0 user id."),
        (&format!("subject=auth0%7C1&note={hidden}"), "a character that nobody sees"),
        (&format!("subject=auth0%7C1&note=passport{}", "x".repeat(500)), "longer than 500 bytes"),
    ] {
        let page = browser.post("/desk/issue", &format!("tenant={TENANT}&{form}"));
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(page.body.contains(told) && page.body.contains("value=\"passport"), "{form}: {}", page.body);
        assert!(page.body.contains("aria-invalid") && !page.body.contains("<b>"), "{form}");
    }
    let page = browser.post("/desk/issue", "tenant=elsewhere.test&subject=auth0%7C1");
    assert!(page.body.contains("There is no such tenant."));
    assert!(waiting(&place).is_empty());
}

/// They saw nobody, and were verified by whatever they typed for a note.
#[test]
fn nobody_hands_a_code_to_themselves() {
    let place = Place::new();
    let link = place.add_known("ada", &[Role::Desk], "auth0|65f0c0ffee");
    let mut browser = place.browser();
    browser.post(&link, "");
    for subject in ["auth0%7C65f0c0ffee", "+auth0%7C65f0c0ffee+"] {
        let page = browser.post("/desk/issue", &format!("tenant={TENANT}&subject={subject}&note=passport"));
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("That is you.") && page.body.contains("value=\"passport"), "{}", page.body);
    }
    assert!(waiting(&place).is_empty());
    assert_eq!(browser.post("/desk/issue", &ISSUE.replace("ee+", "ef")).status, StatusCode::OK, "to others they do");
    assert_eq!(
        place.signed_in("bea", &[Role::Desk]).post("/desk/issue", ISSUE).status,
        StatusCode::OK,
        "and others to them"
    );
    assert_eq!(waiting(&place).len(), 2);
}

#[test]
fn several_tenants_are_chosen_among_and_one_goes_without_saying() {
    let mut browser = Place::new().signed_in("ada", &[Role::Desk]);
    assert!(!browser.get("/desk").body.contains("<select"));
    let place = Place::with_tenant("other.eu.auth0.test");
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    browser.post("/desk/issue", "tenant=other.eu.auth0.test&subject=auth0%7C1");
    assert!(!browser.get("/desk").body.contains("auth0|1</bdi>"));
    let page = browser.post("/desk/list", "tenant=other.eu.auth0.test");
    assert!(page.body.contains("auth0|1</bdi>") && page.body.contains("<option selected>other.eu.auth0.test"));
}

#[test]
fn where_the_desk_is_off_nothing_is_issued_and_the_page_says_so() {
    let place = Place::without_desk();
    let mut browser = place.signed_in("ada", &[Role::Desk]);
    assert_eq!(browser.get("/desk").status, StatusCode::CONFLICT);
}
