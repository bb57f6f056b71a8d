//! `/operators`: sessions end one by one or with their operator, and every act is an entry of the audit log.

use hyper::StatusCode;
use idv::control::operator::Request;
use idv::verification::account::Account;
use idv::verification::operator::{OperatorError, Role};
use serde_json::Value;

use crate::support::browser::Page;
use crate::support::console::{COOKIE, IDLE, Place, called, is_inside};

/// The sessions that the page offers to end.
fn sessions(page: &Page) -> Vec<String> {
    let fields = page.body.split("name=\"session\" value=\"").skip(1);
    fields.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn a_supervisor_ends_one_session_and_another_of_the_same_operator_goes_on() {
    let place = Place::new();
    let mut boss = place.signed_in("boss", &[Role::Supervisor]);
    let mut one = place.signed_in("ada", &[Role::Desk]);
    let before = sessions(&boss.get("/operators"));
    let mut other = place.browser();
    other.post(&place.link("ada"), "");
    let page = boss.get("/operators");
    assert!(page.body.contains("<bdi>ada</bdi>") && page.body.contains("this one"));
    let of_other = sessions(&page).into_iter().find(|id| !before.contains(id)).unwrap();
    assert!(!page.body.contains(&one.cookies[COOKIE]), "a session is not named by what opens it");
    assert_eq!(boss.post("/operators/end", &format!("session={of_other}")).location(), "/operators");
    assert_eq!(other.get("/me").location(), "/sign-in");
    assert!(is_inside(&one.get("/me")) && is_inside(&boss.get("/me")));
}

#[test]
fn who_is_revoked_in_the_middle_is_out_with_the_next_request() {
    let place = Place::new();
    let mut boss = place.signed_in("boss", &[Role::Supervisor]);
    let mut ada = place.signed_in("ada", &[Role::Desk]);
    assert!(is_inside(&ada.get("/desk")));
    boss.post("/operators/revoke", "name=ada");
    assert_eq!(ada.post("/desk/issue", "subject=auth0|1").status, StatusCode::UNAUTHORIZED);
    assert_eq!(ada.get("/desk").location(), "/sign-in");
    assert!(boss.get("/operators").body.contains("Revoked"));
    let refused = boss.post("/operators/certify", "name=ada");
    assert_eq!(refused.status, StatusCode::CONFLICT);
}

#[test]
fn links_are_made_by_a_supervisor_whom_the_provider_knows_and_in_no_session_by_link() {
    let place = Place::new();
    place.add("ada", &[Role::Desk]);
    let mut by_link = place.signed_in("boss", &[Role::Supervisor]);
    assert!(!by_link.get("/operators").body.contains("/operators/link"));
    assert_eq!(by_link.post("/operators/link", "name=ada").status, StatusCode::NOT_FOUND);
    let mut known = place.signed_in_by_provider("lead", &[Role::Supervisor]);
    let page = known.post("/operators/link", "name=ada");
    let link = page.body.split("https://review.example.test").nth(1).unwrap().split('<').next().unwrap();
    let mut ada = place.browser();
    assert_eq!(ada.post(link, "").location(), "/me");
    let mut reviewer = place.signed_in_by_provider("rex", &[Role::Reviewer]);
    assert_eq!(reviewer.post("/operators/link", "name=ada").status, StatusCode::NOT_FOUND);
}

/// A supervisor made one for another whom the provider knows, used it herself, and was two people.
#[test]
fn nobody_makes_a_link_for_whom_the_provider_knows() {
    let place = Place::new();
    place.add("ada", &[Role::Desk]);
    place.signed_in_by_provider("rex", &[Role::Reviewer]);
    let mut known = place.signed_in_by_provider("lead", &[Role::Supervisor]);
    let page = known.get("/operators");
    assert_eq!(page.body.matches("action=\"/operators/link\"").count(), 1, "{}", page.body);
    for name in ["rex", "lead"] {
        let page = known.post("/operators/link", &format!("name={name}"));
        assert_eq!(page.status, StatusCode::CONFLICT, "{name}");
        assert!(!page.body.contains("/link/"), "{}", page.body);
        let refused = place.ask(Request::Link { name: name.into() }, Account::Root).unwrap_err();
        assert_eq!(refused.name(), "known_to_provider", "nor does root");
    }
    place.ask(Request::Revoke { name: "rex".into() }, Account::Root).unwrap();
    let mut rex = place.browser();
    assert_eq!(rex.post(&place.add("rex", &[Role::Reviewer]), "").location(), "/me", "once they are added again");
}

#[test]
fn a_list_has_the_sessions_that_last_and_no_others() {
    let place = Place::new();
    place.signed_in("ada", &[Role::Desk]);
    place.pass(60);
    let mut boss = place.signed_in("boss", &[Role::Supervisor]);
    assert_eq!(sessions(&boss.get("/operators")).len(), 2);
    place.pass(IDLE - 60);
    assert_eq!(sessions(&boss.get("/operators")).len(), 1);
}

/// Every request was a commit, refused ones and each picture too.
#[test]
fn that_something_is_done_is_noted_once_a_minute() {
    let place = Place::new();
    let mut ada = place.signed_in("ada", &[Role::Desk]);
    let last_act = || {
        let listed = place.ask(Request::List {}, Account::Root).unwrap();
        listed["operators"][0]["sessions"][0]["last_act_at"].clone()
    };
    let began = last_act();
    place.pass(59);
    assert!(is_inside(&ada.get("/desk")) && last_act() == began);
    place.pass(1);
    assert!(is_inside(&ada.get("/desk")) && last_act() != began);
}

#[test]
fn every_act_is_an_entry_by_whom_and_to_whom() {
    let place = Place::new();
    let mut boss = place.signed_in("boss", &[Role::Supervisor]);
    let ada = place.signed_in("ada", &[Role::Desk]);
    boss.post("/operators/certify", "name=ada");
    let id = sessions(&boss.get("/operators"))[0].clone();
    boss.post("/operators/end", &format!("session={id}"));
    boss.post("/operators/revoke", "name=ada");
    boss.post("/operators/revoke", "name=nobody");
    boss.post("/sign-out", "");
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let told: Vec<_> = place
        .entries()
        .iter()
        .map(|entry| {
            format!("{} {} {} {}", entry.action, text(&entry.actor), text(&entry.operator), text(&entry.change))
        })
        .collect();
    assert_eq!(
        told,
        [
            "operator-changed root boss added",
            "operator-signed-in operator:boss  link",
            "operator-changed root ada added",
            "operator-signed-in operator:ada  link",
            "operator-changed operator:boss ada certified",
            "operator-changed operator:boss ada session-ended",
            "operator-changed operator:boss ada revoked",
            "operator-changed operator:boss boss session-ended",
        ]
    );
    let log: String = place.entries().iter().map(|entry| String::from_utf8(entry.line()).unwrap()).collect();
    assert!(!log.contains(&ada.cookies[COOKIE]) && !log.contains(&id));
}

/// Two people decide, and under two names one of them was both.
#[test]
fn who_is_known_as_an_applicant_is_an_operator_of_one_name() {
    let place = Place::new();
    let add = |name: &str, subject: &str| {
        let (name, roles, subject) = (name.into(), vec![Role::Reviewer], Some(subject.into()));
        place.ask(Request::Add { name, roles, subject, tenant: None }, Account::Root)
    };
    add("ada", "auth0|1").unwrap();
    let refused = add("bob", "auth0|1").unwrap_err();
    assert_eq!(refused.name(), "same_applicant");
    add("bob", "auth0|2").unwrap();
    place.ask(Request::Revoke { name: "ada".into() }, Account::Root).unwrap();
    add("cora", "auth0|1").unwrap();
    assert_eq!(add("ada", "auth0|1").unwrap_err().name(), "same_applicant", "nor when taken up again");
    add("ada", "auth0|3").unwrap();
}

/// Who looked like a colleague in the console and in the audit log.
#[test]
fn nobody_is_added_whose_name_is_taken_for_anothers_or_is_seen_in_any_order() {
    let place = Place::new();
    let add = |name: &str| {
        let (name, roles) = (name.into(), vec![Role::Reviewer]);
        place.ask(Request::Add { name, roles, subject: None, tenant: None }, Account::Root)
    };
    add("Ada Lovelace").unwrap();
    // Cyrillic, another blank, a digit.
    for name in ["Аdа Lovelace", "Ada\u{a0}Lovelace", "ada 1ovelace"] {
        assert_eq!(add(name).unwrap_err().name(), "alike_operator", "{name}");
    }
    for name in ["Ada דוד", "Ada\u{200b}Lovelace", "Ada\u{202e}"] {
        assert!(add(name).is_err(), "{name}");
    }
    assert_eq!(add("Ada Lovelace").unwrap_err().name(), "known_operator");
    for name in ["Ada Lovelace 2", "דוד", "Ада"] {
        add(name).unwrap();
    }
    place.ask(Request::Revoke { name: "Ada Lovelace".into() }, Account::Root).unwrap();
    assert_eq!(add("ada lovelace").unwrap_err().name(), "alike_operator", "the audit log has the name still");
    add("Ada Lovelace").unwrap();
}

/// An honest one was refused, and nobody was told because of whom.
#[test]
fn whoever_adds_a_name_is_told_for_whose_people_would_take_it() {
    let place = Place::new();
    for (name, other) in [("Amo", "Arno"), ("limes11", "Iimes11"), ("thibaud", "thᎥbaud"), ("Susan", "ꓢՍꓢꓮꓠ")]
    {
        place.add(name, &[Role::Reviewer]);
        let (roles, name_of_another) = (vec![Role::Reviewer], other.to_owned());
        let add = Request::Add { name: name_of_another, roles, subject: None, tenant: None };
        let refused = place.ask(add, Account::Root).unwrap_err();
        assert_eq!(refused.name(), "alike_operator");
        assert!(refused.to_string().contains(&format!("{name:?}")), "{refused}");
    }
    let (name, roles) = ("Ada (root)".into(), vec![Role::Reviewer]);
    let refused = place.ask(Request::Add { name, roles, subject: None, tenant: None }, Account::Root).unwrap_err();
    assert_eq!(refused.name(), "alike_account");
}

/// Whoever had been revoked came in once more, as somebody new, as soon as another was added by their name.
#[test]
fn who_was_revoked_does_not_come_back_because_another_has_their_name() {
    let place = Place::new();
    place.signed_in_by_provider("rex", &[Role::Reviewer]);
    let revoke = |name: &str| place.ask(Request::Revoke { name: name.into() }, Account::Root).unwrap();
    let comes = |name: &str| place.comes_by_provider(name, &[Role::Reviewer]).0;
    let list = || {
        let listed = place.ask(Request::List {}, Account::Root).unwrap();
        let named = |listed: &Value| (listed["name"].as_str().unwrap().to_owned(), !listed["revoked_at"].is_null());
        listed["operators"].as_array().unwrap().iter().map(named).collect::<Vec<_>>()
    };
    revoke("rex");
    assert_eq!(comes("rex"), Err(OperatorError::Revoked));
    place.signed_in("rex", &[Role::Desk]);
    assert_eq!(comes("rex"), Err(OperatorError::Revoked), "another has their name");
    let listed = list();
    let [(digits, true), (known, false)] = &listed[..] else { panic!("{listed:?}") };
    assert!(digits.starts_with("operator-") && known == "rex");
    revoke("rex");
    place.signed_in("rex", &[Role::Desk]);
    assert_eq!(comes("rex"), Err(OperatorError::Revoked), "and yet another");
    assert_eq!(comes("roy"), Ok(called("roy")), "anybody else comes in");
    place.add(digits, &[Role::Reviewer]);
    assert_eq!(comes("rex"), Ok(called(digits)), "they are taken up again");
    revoke(digits);
    assert_eq!(comes("rex"), Err(OperatorError::Revoked));
    let told = place.entries().into_iter().filter(|entry| entry.change.as_deref() == Some("renamed"));
    assert_eq!(told.map(|entry| entry.operator).collect::<Vec<_>>(), [Some(digits.clone())]);
}
