//! `/link/TOKEN`: once, in time, by the button.

use hyper::StatusCode;
use idv::control::operator::Request;
use idv::verification::account::Account;
use idv::verification::operator::Role;

use crate::support::console::{Place, is_inside};

/// How long a link is good, in seconds.
const LIFETIME: u64 = 15 * 60;

#[test]
fn a_link_that_programs_look_at_a_hundred_times_signs_in_once() {
    let place = Place::new();
    let link = place.add("ada", &[Role::Desk]);
    for _ in 0..100 {
        let mut scanner = place.browser();
        scanner.came_from = None;
        let page = scanner.get(&link);
        assert_eq!((page.status, scanner.cookies.len()), (StatusCode::OK, 0));
        assert!(page.body.contains("<bdi>ada</bdi>") && page.body.contains("<form method=\"post\""));
        assert_eq!(scanner.send("HEAD", &link, "").status, StatusCode::OK);
    }
    let mut browser = place.browser();
    assert_eq!(browser.post(&link, "").location(), "/me");
    assert!(is_inside(&browser.get("/me")));
    let mut second = place.browser();
    for page in [second.post(&link, ""), second.get(&link)] {
        assert_eq!(page.status, StatusCode::GONE);
        assert!(page.body.contains("Ask whoever sent it for a new one"), "{}", page.body);
    }
    assert!(second.cookies.is_empty());
    assert!(is_inside(&browser.get("/me")), "the first is as it was");
}

#[test]
fn a_link_is_good_for_a_quarter_of_an_hour_exactly() {
    for (waits, is_good) in [(LIFETIME - 1, true), (LIFETIME, false)] {
        let place = Place::new();
        let link = place.add("ada", &[Role::Desk]);
        place.pass(waits);
        let mut browser = place.browser();
        let expected = if is_good { StatusCode::OK } else { StatusCode::GONE };
        assert_eq!(browser.get(&link).status, expected, "{waits}");
        let expected = if is_good { StatusCode::SEE_OTHER } else { StatusCode::GONE };
        assert_eq!(browser.post(&link, "").status, expected, "{waits}");
    }
}

#[test]
fn another_link_takes_the_place_of_the_one_before_and_a_revoked_operators_is_good_for_nothing() {
    let place = Place::new();
    let (first, second) = (place.add("ada", &[Role::Desk]), place.link("ada"));
    assert_eq!(place.browser().post(&first, "").status, StatusCode::GONE);
    assert_eq!(place.browser().get(&second).status, StatusCode::OK);
    place.ask(Request::Revoke { name: "ada".into() }, Account::Root).unwrap();
    assert_eq!(place.browser().post(&second, "").status, StatusCode::GONE);
}

#[test]
fn what_is_no_link_is_told_as_one_that_is_used_up() {
    let place = Place::new();
    for path in ["/link/", "/link/x", "/link/AAAAAAAAAAAAAAAAAAAAA-A", "/link/AAAAAAAAAAAAAAAAAAAAAB"] {
        assert_eq!(place.browser().get(path).status, StatusCode::GONE, "{path}");
    }
}

#[test]
fn nobody_of_the_group_makes_operators_and_root_does() {
    let place = Place::new();
    let name = || "eve".to_owned();
    let roles = vec![Role::Supervisor];
    for request in [
        Request::Add { name: name(), roles: roles.clone(), subject: None, tenant: None },
        Request::Link { name: name() },
        Request::Certify { name: name() },
        Request::Revoke { name: name() },
        Request::End { session: "00".repeat(16) },
    ] {
        for account in [Account::Member, Account::User { uid: 61_234, login: None }, Account::Unrecorded] {
            let refused = place.ask(request.clone(), account).unwrap_err();
            assert!(refused.to_string().contains("only root"), "{request:?}: {refused}");
        }
    }
    assert!(place.ask(Request::List {}, Account::Member).unwrap()["operators"].as_array().unwrap().is_empty());
    let refused = place.ask(Request::Link { name: name() }, Account::Root).unwrap_err();
    assert!(refused.to_string().contains("no operator of that name"), "{refused}");
    place.add("eve", &roles);
    let again = Request::Add { name: name(), roles, subject: None, tenant: None };
    let refused = place.ask(again, Account::Root).unwrap_err();
    assert!(refused.to_string().contains("idv operator link"), "{refused}");
}

#[test]
fn whom_an_operator_is_as_an_applicant_is_an_id_that_auth0_gives() {
    let place = Place::new();
    let add = |subject: &str, tenant: Option<&str>| Request::Add {
        name: format!("ada {subject}"),
        roles: vec![Role::Reviewer],
        subject: Some(subject.into()),
        tenant: tenant.map(Into::into),
    };
    assert!(place.ask(add("auth0|1", None), Account::Root).is_ok());
    assert!(place.ask(add("auth0|2", Some("acme.eu.auth0.test")), Account::Root).is_ok());
    for (request, told) in
        [(add("1", None), "no Auth0 user has that"), (add("auth0|1", Some("other.test")), "is no tenant's host")]
    {
        let refused = place.ask(request, Account::Root).unwrap_err();
        assert!(refused.to_string().contains(told), "{refused}");
    }
    let listed = place.ask(Request::List {}, Account::Root).unwrap();
    assert_eq!(listed["operators"][0]["subject"]["user_id"], "auth0|1");
}
