//! `idv desk`: with the service running through its socket, otherwise on the store itself.

use crate::support::process::Installation;
use crate::support::token::{SUBJECT, TENANT};

const PERSON: [&str; 4] = ["--tenant", TENANT, "--subject", SUBJECT];

fn desk(installation: &Installation, command: &str, more: &[&str]) -> serde_json::Value {
    installation.json(&[&["desk", command], more].concat())
}

fn round(installation: &Installation) {
    let issued = desk(installation, "issue", &[&PERSON[..], &["--note", "passport", "--by", "Ada"]].concat());
    let code = issued["code"].as_str().unwrap();
    assert_eq!(code.len(), 14);
    let listed = desk(installation, "list", &PERSON[..2]);
    assert_eq!(
        (listed[0]["subject"].as_str(), listed[0]["by"].as_str(), listed[0]["note"].as_str()),
        (Some(SUBJECT), Some("Ada"), Some("passport"))
    );
    assert!(!listed.to_string().contains(code), "a code is shown once");
    assert_eq!(desk(installation, "revoke", &PERSON)["revoked"], true);
    assert_eq!(desk(installation, "list", &PERSON[..2]), serde_json::json!([]));
    let again = installation.command(&[&["desk", "revoke"][..], &PERSON].concat());
    assert!(!again.status.success());
}

#[test]
fn codes_are_issued_listed_and_revoked_without_the_service() {
    round(&Installation::new());
}

#[test]
fn codes_are_issued_listed_and_revoked_through_the_service() {
    let installation = Installation::new();
    let service = installation.serve();
    round(&installation);
    assert!(service.log().contains("a desk code was issued"));
    assert!(!service.log().contains(SUBJECT), "no user id in the log");
}

#[test]
fn a_code_is_stored_only_as_a_keyed_hash() {
    let installation = Installation::new();
    let issued = desk(&installation, "issue", &PERSON);
    let code = issued["code"].as_str().unwrap().replace('-', "");
    let file = std::fs::read(&installation.store).unwrap();
    assert!(!file.windows(code.len()).any(|window| window == code.as_bytes()));
}

#[test]
fn a_revoked_code_verifies_nobody() {
    let installation = Installation::new();
    let service = installation.serve();
    let code = desk(&installation, "issue", &PERSON)["code"].as_str().unwrap().to_owned();
    desk(&installation, "revoke", &PERSON);
    let login = service.begin(SUBJECT, "revoked");
    assert!(service.submit(&login, "desk", &format!("code={code}")).unwrap().starts_with("HTTP/1.1 422"));
}

#[test]
fn an_unknown_tenant_and_a_bad_subject_are_told() {
    let installation = Installation::new();
    for (tenant, subject, told) in
        [("nobody.example", SUBJECT, "no tenant's host"), (TENANT, "", "not an Auth0 user_id")]
    {
        let output = installation.command(&["desk", "issue", "--tenant", tenant, "--subject", subject]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8(output.stderr).unwrap().contains(told));
    }
}

#[test]
fn only_the_service_and_its_group_may_use_the_socket() {
    use std::os::unix::fs::PermissionsExt;
    let installation = Installation::new();
    let _service = installation.serve();
    let mode = std::fs::metadata(installation.path("control.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
}

#[test]
fn the_socket_answers_nonsense_with_an_error() {
    use std::io::{Read, Write};
    let installation = Installation::new();
    let _service = installation.serve();
    for nonsense in ["\n", "{}\n", "{\"operation\":\"x\"}\n", "[[[[\n", &format!("{}\n", "x".repeat(70_000))] {
        let mut stream = std::os::unix::net::UnixStream::connect(installation.path("control.sock")).unwrap();
        let _ = stream.write_all(nonsense.as_bytes());
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert!(answer.is_empty() || answer.contains("\"error\""), "{answer}");
    }
    assert_eq!(desk(&installation, "list", &PERSON[..2]), serde_json::json!([]));
}
