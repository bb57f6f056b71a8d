//! `idv subject`.

use idv::ops::random;
use idv::store::Store;
use idv::verification::method::oidc::Attested;
use idv::verification::time::Timestamp;
use serde_json::json;

use crate::support::acts::{acme, attested, identity};
use crate::support::ledger::Logins;
use crate::support::process::Installation;
use crate::support::providers::{is_verified, of_provider};
use crate::support::token::{SUBJECT, TENANT};
use crate::support::world::block_on;

#[test]
fn a_verified_subject_is_shown_and_listed() {
    let installation = Installation::new();
    let service = installation.serve();
    let issued = installation.json(&["desk", "issue", "--tenant", TENANT, "--subject", SUBJECT]);
    let login = service.begin(SUBJECT, "shown");
    let answer = service.submit(&login, "desk", &format!("code={}", issued["code"].as_str().unwrap())).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let shown = installation.json(&["subject", "show", "--tenant", TENANT, "--subject", SUBJECT]);
    assert_eq!(
        (shown["subject"]["status"].as_str(), shown["subject"]["method"].as_str()),
        (Some("success"), Some("desk"))
    );
    assert_eq!(shown["checks"].as_array().unwrap().len(), 1);
    let listed = installation.json(&["subject", "list", "--tenant", TENANT]);
    assert_eq!(listed[0], shown["subject"]);
    let log = service.log();
    for secret in [SUBJECT, issued["code"].as_str().unwrap(), "eyJ", &login.cookie, &login.path] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
}

#[test]
fn an_unknown_subject_is_told() {
    let installation = Installation::new();
    drop(installation.serve());
    let output = installation.command(&["subject", "show", "--tenant", TENANT, "--subject", "auth0|nobody"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("nothing is known"));
}

#[test]
fn whoever_vouched_and_what_they_noted_are_shown_to_people_too() {
    let installation = Installation::new();
    let service = installation.serve();
    let words = ["--note", "passport 山田", "--by", "Ada"];
    let issue = [&["desk", "issue", "--tenant", TENANT, "--subject", SUBJECT], &words[..]].concat();
    let issued = installation.json(&issue);
    let login = service.begin(SUBJECT, "vouched");
    service.submit(&login, "desk", &format!("code={}", issued["code"].as_str().unwrap())).unwrap();
    let output = installation.command(&["subject", "show", "--tenant", TENANT, "--subject", SUBJECT]);
    let told = String::from_utf8(output.stdout).unwrap();
    let check = told.lines().nth(1).unwrap();
    assert!(check.contains("desk  success  vouched by ") && check.ends_with("; says: Ada  (passport 山田)"), "{told}");
    let shown = installation.json(&["subject", "show", "--tenant", TENANT, "--subject", SUBJECT]);
    let vouch = &shown["checks"][0]["evidence"]["vouch"];
    assert_eq!((vouch["by"].as_str(), vouch["note"].as_str()), (Some("Ada"), Some("passport 山田")));
    assert!(vouch["account"] == "root" || vouch["account"]["user"]["uid"].is_u64(), "{vouch}");
}

#[test]
fn an_id_that_a_login_brought_is_printed_with_all_that_it_holds() {
    let installation = Installation::new();
    let service = installation.serve();
    let login = service.begin("auth0|65f\u{200b}\u{202e}", "unseen");
    for wrong in ["A", "C", "D", "E", "F"] {
        service.submit(&login, "desk", &format!("code={}", wrong.repeat(12))).unwrap();
    }
    let list = ["subject", "list", "--tenant", TENANT];
    let told = String::from_utf8(installation.command(&list).stdout).unwrap();
    assert!(told.starts_with("auth0|65f\\u{200b}\\u{202e}  "), "{told}");
    let told = String::from_utf8(installation.command(&[&list[..], &["--json"]].concat()).stdout).unwrap();
    assert!(told.contains("\"auth0|65f\\u200b\\u202e\""), "{told}");
    assert_eq!(installation.json(&list)[0]["subject"], "auth0|65f\u{200b}\u{202e}");
}

const FIRST: &str = "auth0|000000";
const SECOND: &str = "auth0|000001";

fn person(user_id: &str) -> [&str; 4] {
    ["--tenant", TENANT, "--subject", user_id]
}

fn show(installation: &Installation, user_id: &str) -> String {
    let output = installation.command(&[&["subject", "show"][..], &person(user_id)].concat());
    String::from_utf8(output.stdout).unwrap()
}

fn show_json(installation: &Installation, user_id: &str) -> serde_json::Value {
    installation.json(&[&["subject", "show"][..], &person(user_id)].concat())
}

/// An installation that knows two people whom a provider attests to be the same.
fn with_a_conflict() -> Installation {
    let (installation, logins) = (Installation::new(), Logins::new());
    let (store, _) = Store::open(&installation.store, random::bytes()).unwrap();
    let told = Attested {
        verified_at: Some(Timestamp::from_unix(1_799_999_000)),
        reference: Some("txn-1".into()),
        ..attested(acme(), identity(0xab))
    };
    for (n, is_first) in [(0, true), (1, false)] {
        assert_eq!(block_on(is_verified(&store, &of_provider(&logins, n, acme()), told.clone())), is_first);
    }
    installation
}

#[test]
fn who_a_subject_is_elsewhere_is_shown_with_what_supported_it() {
    let installation = with_a_conflict();
    let told = show(&installation, FIRST);
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(
        lines[1..],
        [
            "  bound to acme since 2027-01-15T08:00:01Z; Auth0 has not been seen to take it; that provider is not configured",
            "  2027-01-15T08:00:01Z  oidc:acme  success  acr urn:example:high; verified there at 2027-01-15T07:43:20Z; \
             reference txn-1",
        ]
    );
    let shown = show_json(&installation, FIRST);
    let binding = json!({ "provider": "acme", "bound_at": 1_800_000_001, "is_seen": false, "is_current": null });
    assert_eq!(shown["bindings"], json!([binding]));
    let evidence = json!({ "delegated": {
        "provider": "acme", "identity": "ab".repeat(16), "verified_at": 1_799_999_000, "reference": "txn-1", "conflict": null,
        "basis": { "acr": "urn:example:high", "trust_framework": null, "assurance_level": null }
    }});
    assert_eq!((&shown["checks"][0]["evidence"], shown["checks"][0].get("holder")), (&evidence, None));
}

#[test]
fn a_conflict_is_shown_with_the_account_that_has_the_identity_until_it_is_released() {
    let installation = with_a_conflict();
    let told = show(&installation, SECOND);
    let conflict = "oidc:acme  failed  the identity is used for another account: bound to auth0|000000, and Auth0 has not \
                    been seen to take that; acr urn:example:high; ";
    assert!(told.contains(conflict) && !told.contains("  bound to"), "{told}");
    let check = &show_json(&installation, SECOND)["checks"][0];
    assert_eq!(check["holder"], json!({ "subject": FIRST, "is_seen": false }));
    assert_eq!(check["evidence"]["delegated"]["conflict"], "identity_in_use");
    let unbind = [&["subject", "unbind"][..], &person(FIRST), &["--provider", "acme"]].concat();
    assert_eq!(installation.json(&unbind), json!({ "unbound": true }));
    let told = show(&installation, SECOND);
    assert!(told.contains("failed  the identity was used for another account, and is not any more; "), "{told}");
    assert!(show_json(&installation, SECOND)["checks"][0].get("holder").is_none());
}

#[test]
fn an_operator_unbinds_a_subject_once_through_the_service_or_without_it() {
    for is_served in [false, true] {
        let installation = with_a_conflict();
        let service = is_served.then(|| installation.serve());
        let unbind = |user_id, provider| {
            let told = installation
                .command(&[&["subject", "unbind"][..], &person(user_id), &["--provider", provider]].concat());
            (told.status.code(), String::from_utf8(told.stdout).unwrap())
        };
        let nobody = (Some(1), "Nobody was bound.\n".to_owned());
        assert_eq!(unbind(FIRST, "other"), nobody);
        assert_eq!(unbind(SECOND, "acme"), nobody);
        let released = "Released. Whoever is verified there next for this account is bound to it.\n";
        assert_eq!(unbind(FIRST, "acme"), (Some(0), released.to_owned()));
        assert_eq!(unbind(FIRST, "acme"), nobody);
        assert_eq!(show_json(&installation, FIRST)["bindings"], json!([]));
        let Some(service) = service else { continue };
        let log = service.log_once("an identity was unbound");
        assert_eq!(log.matches("an identity was unbound").count(), 1, "{log}");
        assert!(log.contains("oidc:acme") && !log.contains("auth0|"), "{log}");
    }
}
