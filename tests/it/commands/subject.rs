//! `idv subject`.

use crate::support::process::Installation;
use crate::support::token::{SUBJECT, TENANT};

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
