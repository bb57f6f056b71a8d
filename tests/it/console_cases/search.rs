//! `/search`: a case by whose it is, and that somebody looked for it.

use hyper::StatusCode;
use idv::verification::operator::Role;
use idv::verification::subject::IdvId;

use crate::support::cases::Cases;
use crate::support::ledger::subject_of;

fn looked_for(who: &str) -> String {
    format!("tenant=acme.eu.auth0.test&who={}", who.replace('|', "%7C"))
}

#[test]
fn a_supervisor_finds_a_case_by_either_id_of_its_person_and_each_search_is_an_entry() {
    let cases = Cases::new();
    cases.send(1);
    let (number, subject) = (cases.send(2), subject_of(2));
    let mut susan = cases.supervisor("susan");
    assert!(susan.get("/").body.contains("action=\"/search\""));
    let idv_id = IdvId::from_random(2u128.to_be_bytes()).to_string();
    let auth0_id = subject.user_id.as_str();
    for (who, finds) in [
        (auth0_id, true),
        (&format!("+{auth0_id}+"), true),
        (&idv_id, true),
        (&auth0_id[1..], false),
        (&idv_id[1..], false),
        (&idv_id.replace('2', "3"), false),
        ("", false),
        ("*", false),
    ] {
        let page = susan.post("/search", &looked_for(who));
        let led = page.header("location").map(str::to_owned);
        assert_eq!(led, finds.then(|| format!("/case/{number}")), "{who}: {}", page.body);
        assert!(finds || page.body.contains("no case of that person"), "{who}");
        assert!(who.is_empty() || !page.body.contains(who) || who == "*", "{who}");
    }
    let entries = cases.entries("case-searched");
    let told: Vec<_> = entries.iter().map(|entry| (entry.case, entry.user.is_some())).collect();
    let (found, nothing) = ((Some(number), true), (None, false));
    assert_eq!(told, [found, found, found, nothing, nothing, nothing, nothing, nothing]);
    for entry in entries {
        assert_eq!(entry.actor.as_deref(), Some("operator:susan"));
        let line = String::from_utf8(entry.line()).unwrap();
        assert!(!line.contains(auth0_id) && !line.contains(&idv_id), "{line}");
    }
}

#[test]
fn what_is_not_theirs_to_see_is_not_found_and_nobody_else_looks_for_it() {
    let cases = Cases::new();
    cases.send(1);
    cases.begin(2);
    let mut own = cases.signed_in_as("susan", &[Role::Supervisor], Some(subject_of(1)));
    let mut bodies: Vec<_> = [1, 2, 3]
        .map(|n| own.post("/search", &looked_for(subject_of(n).user_id.as_str())))
        .into_iter()
        .map(|page| (page.status, page.body))
        .collect();
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "their own case, a draft and nobody are one");
    assert_eq!(cases.entries("case-searched").len(), 3);
    let unknown = own.post("/search", "tenant=other.eu.auth0.test&who=x");
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(own.get("/search").status, StatusCode::METHOD_NOT_ALLOWED, "whom one looks for is in no address");
    let mut rita = cases.reviewer("rita");
    assert!(!rita.get("/").body.contains("/search"));
    let refused = rita.post("/search", &looked_for(subject_of(1).user_id.as_str()));
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(cases.entries("case-searched").len(), 3, "nothing was looked for");
}
