//! `idv oidc forget`, and what it leaves.

use std::fs;
use std::path::Path;

use idv::ops::random;
use idv::store::Store;
use idv::verification::method::oidc::name::ProviderName;
use serde_json::{Value, json};

use crate::support::acts::acme;
use crate::support::ledger::subject_of;
use crate::support::process::{Installation, write_secret};
use crate::support::providers::{bind, bound};

/// More than a page of a listing has.
const PEOPLE: usize = 620;

fn other() -> ProviderName {
    ProviderName::parse("other").unwrap()
}

/// How many are bound to [`acme`] and to [`other`].
fn counted(path: &Path) -> [usize; 2] {
    let (store, _) = Store::open(path, random::bytes()).unwrap();
    [acme(), other()].map(|provider| bound(&store, provider, (0..PEOPLE).map(subject_of)))
}

#[test]
fn everybody_is_forgotten_at_one_provider_and_nobody_at_another() {
    let installation = Installation::new();
    bind(&installation.store, acme(), 0..PEOPLE);
    bind(&installation.store, other(), (0..PEOPLE).step_by(2));
    assert_eq!(counted(&installation.store), [PEOPLE, PEOPLE / 2]);
    let told = installation.command(&["oidc", "forget", "acme"]);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    assert_eq!(String::from_utf8(told.stdout).unwrap(), format!("{PEOPLE} forgotten.\n"));
    assert_eq!(counted(&installation.store), [0, PEOPLE / 2]);
    assert_eq!(installation.json(&["oidc", "forget", "acme"]), json!({ "forgotten": 0 }), "and no more is");
}

#[test]
fn the_running_service_forgets_too_and_has_one_line_of_it() {
    let installation = Installation::new();
    bind(&installation.store, acme(), 0..PEOPLE);
    let service = installation.serve();
    assert_eq!(installation.json(&["oidc", "forget", "acme"]), json!({ "forgotten": PEOPLE }));
    assert_eq!(installation.json(&["oidc", "forget", "acme"]), json!({ "forgotten": 0 }));
    let log = service.log_once("identities of a provider were forgotten");
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let is_of_it = |line: &&Value| line["message"].as_str().is_some_and(|message| message.contains("identit"));
    let [line] = lines.iter().filter(is_of_it).collect::<Vec<_>>()[..] else { panic!("one line in {log}") };
    assert_eq!(line["message"], "identities of a provider were forgotten");
    assert_eq!((line["method"].as_str(), line["subjects"].as_u64()), (Some("oidc:acme"), Some(PEOPLE as u64)));
    assert!(line["account"].is_string() && !log.contains("auth0|"), "{log}");
    drop(service);
    assert_eq!(counted(&installation.store)[0], 0);
}

#[test]
fn the_doctor_warns_of_people_who_are_bound_by_another_registration_until_they_are_forgotten() {
    let installation = Installation::new();
    bind(&installation.store, acme(), 0..3);
    let section = "[egress]\nvia = \"direct\"\n[[methods.oidc]]\nname = \"acme\"\nlabel = \"Acme\"\nissuer = \"https://op.example.test\"\nclient_id = \"new\"\n\
                   client_secret = { file = \"SECRET\" }\n[methods.oidc.accept]\nacr = [\"high\"]\n";
    write_secret(&installation.path("client-secret"), b"zYd0cT9wQx4uLm7Rk2Vn8HsJ5gPbA3eF");
    let section = section.replace("SECRET", installation.path("client-secret").to_str().unwrap());
    fs::write(installation.path("idv.toml"), installation.configuration() + &section).unwrap();
    let _service = installation.serve();
    let doubts = || {
        let told = installation.command(&["doctor", "--offline", "--json"]);
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        let findings = told["findings"].as_array().unwrap().clone();
        let is_doubt =
            |finding: &Value| finding["remedy"].as_str().is_some_and(|text| text.contains("idv oidc forget acme"));
        findings.into_iter().filter(is_doubt).collect::<Vec<_>>()
    };
    let [doubt] = &doubts()[..] else { panic!("one doubt") };
    assert_eq!((doubt["level"].as_str(), doubt["check"].as_str()), (Some("warning"), Some("store")));
    assert!(doubt["text"].as_str().unwrap().starts_with("3 people"), "{doubt}");
    assert_eq!(installation.json(&["oidc", "forget", "acme"]), json!({ "forgotten": 3 }));
    assert_eq!(doubts(), Vec::<Value>::new());
}

#[test]
fn what_can_be_no_provider_is_told_before_anything_is_done() {
    let installation = Installation::new();
    for name in ["Acme", "a b", "", &"n".repeat(33)] {
        let told = installation.command(&["oidc", "forget", name]);
        assert_eq!(told.status.code(), Some(2), "{name}");
        assert!(String::from_utf8_lossy(&told.stderr).contains("a-z, 0-9 and -"), "{name}");
    }
    assert!(!installation.store.exists());
}
