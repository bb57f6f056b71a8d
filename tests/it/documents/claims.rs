//! What is claimed of who was verified by document: that, when, and nothing of a level.

use data_encoding::BASE64URL_NOPAD;
use idv::config::load;
use idv::control::evidence::keeper;
use idv::control::{Office, Request};
use idv::ops::clock::Clock;
use idv::verification::account::Account;
use idv::verification::command::Done;
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::policy::Policy;
use idv::verification::result::sign;
use serde_json::{Map, Value};

use crate::support::bureau::{Bureau, Who};
use crate::support::ledger::{Logins, subject_of};
use crate::support::world::block_on;

const CONFIG: &str = r#"
public_url = "https://idv.example.test"
server.listen = ["127.0.0.1:8001"]
[[tenants]]
domain = "acme.eu.auth0.test"
token_secrets = [{ env = "NONE" }]
"#;

/// What a visual comparison by the organisation's own people earns none of.
const LEVELS: [&str; 6] = ["assurance_level", "acr", "amr", "ial", "loa", "score"];

/// A bureau in which person 1 was verified, with the claims that went to Auth0.
fn verified() -> (Bureau, Map<String, Value>) {
    let bureau = Bureau::new(Policy { framework: "https://acme.test/policy".into(), ..Policy::default() });
    let actor = bureau.sent(1);
    assert_eq!(bureau.decides(1, &Who::reviewer(1), Verdict::Approve), Done::Changed);
    let outcome = bureau.accept(&actor).unwrap();
    let logins = Logins::new();
    let token = sign("idv.example.test", &logins.session(1, 0), &outcome, bureau.now());
    let payload = token.split('.').nth(1).unwrap();
    let claims = serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap();
    (bureau, claims)
}

#[test]
fn the_result_names_the_method_and_the_time_of_the_decision_and_no_level() {
    let (bureau, claims) = verified();
    let names: Vec<_> = claims.keys().map(String::as_str).collect();
    assert_eq!(names, ["exp", "iat", "idv_id", "iss", "last_check", "method", "state", "status", "sub"]);
    assert_eq!((claims["method"].as_str(), claims["status"].as_str()), (Some("document"), Some("success")));
    assert_eq!(claims["last_check"].as_u64(), Some(bureau.now().as_unix()));
}

/// Not of the login that fetches it.
#[test]
fn the_time_of_a_check_is_that_of_its_decision() {
    let bureau = Bureau::new(Policy::default());
    let ticket = bureau.leave(&bureau.sent(1)).ticket;
    assert_eq!(bureau.decides(1, &Who::reviewer(1), Verdict::Approve), Done::Changed);
    let decided_at = bureau.now();
    bureau.set(decided_at.later(std::time::Duration::from_hours(48)));
    let outcome = bureau.accept(&bureau.login(1, ticket)).unwrap();
    assert_eq!(outcome.verified.unwrap().at, decided_at);
}

#[test]
fn an_auditor_finds_how_it_was_decided_and_under_which_policy() {
    let (bureau, _) = verified();
    let (config, store, now) = (load::parse(CONFIG).0.unwrap(), bureau.store.clone(), bureau.now());
    let evidence = keeper(&config, &store);
    let clock = Clock::new(move || now);
    let office = Office { config, tenants: Err("none".into()), store, evidence, clock, running: None };
    let person = subject_of(1);
    let show = Request::SubjectShow { tenant: person.tenant.to_string(), subject: person.user_id.as_str().to_owned() };
    let shown = block_on(office.perform(show, Account::Root)).unwrap();
    let reviewed = &shown["checks"][0]["evidence"]["reviewed"];
    assert_eq!(reviewed["trust_framework"], "https://acme.test/policy");
    assert_eq!((&reviewed["document"], &reviewed["round"]), (&"passport".into(), &1.into()));
    assert_eq!(reviewed["digests"].as_array().unwrap().len(), 2);
    assert!(reviewed["digests"][0].as_str().is_some_and(|digest| digest.len() == 64));
    assert_eq!(shown["checks"][0]["method"], "document");
    let text = shown.to_string();
    for level in LEVELS {
        assert!(!text.contains(&format!("\"{level}\"")), "{level}: {text}");
    }
}
