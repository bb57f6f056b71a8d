//! `idv check`: fit to start, or 78 and what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::process::{Installation, write_secret};

fn refused(installation: &Installation) -> String {
    let output = installation.command(&["check"]);
    assert_eq!(output.status.code(), Some(78), "{output:?}");
    let serve = installation.command(&["serve"]);
    assert!(!serve.status.success(), "nor does it start");
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_sound_installation_is_fit() {
    let output = Installation::new().command(&["check"]);
    assert!(output.status.success(), "{output:?}");
    let output = Installation::new().command(&["check", "--json"]);
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["ok"], true);
}

#[test]
fn a_short_secret_is_refused_with_the_remedy() {
    let installation = Installation::new();
    write_secret(&installation.path("secret"), b"31 bytes are one byte too few..");
    let told = refused(&installation);
    assert!(told.contains("31 bytes") && told.contains("idv secret generate --out"), "{told}");
}

#[test]
fn a_final_line_end_is_no_part_of_a_secret() {
    let installation = Installation::new();
    write_secret(&installation.path("secret"), b"31 bytes are one byte too few..\n");
    assert!(refused(&installation).contains("31 bytes"));
    write_secret(&installation.path("secret"), b"32 bytes are exactly long enough\r\n");
    assert!(installation.command(&["check"]).status.success());
}

#[test]
fn a_secret_that_everyone_may_read_is_refused() {
    let installation = Installation::new();
    fs::set_permissions(installation.path("secret"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(refused(&installation).contains("chmod 600"));
}

#[test]
fn a_missing_secret_is_refused() {
    let installation = Installation::new();
    fs::remove_file(installation.path("secret")).unwrap();
    let told = refused(&installation);
    assert!(told.contains("cannot be read") && told.contains("idv secret generate --out"), "{told}");
}

#[test]
fn two_tenants_cannot_share_a_secret() {
    let installation = Installation::new();
    let secret = installation.path("secret").display().to_string();
    let tenant =
        format!("[[tenants]]\ndomain = \"other.eu.auth0.test\"\ntoken_secrets = [{{ file = \"{secret}\" }}]\n");
    fs::write(installation.path("idv.toml"), installation.configuration() + &tenant).unwrap();
    assert!(refused(&installation).contains("another tenant"));
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let (installation, other) = (Installation::new(), Installation::new());
    fs::copy(other.path("key.pem"), installation.path("key.pem")).unwrap();
    assert!(refused(&installation).contains("do not fit"));
}

#[test]
fn a_certificate_for_another_host_is_told() {
    let installation = Installation::new();
    let text = installation.configuration().replace("https://idv.example.test", "https://other.example.test");
    fs::write(installation.path("idv.toml"), text).unwrap();
    let output = installation.command(&["check"]);
    assert_eq!(output.status.code(), Some(78));
    assert!(String::from_utf8(output.stdout).unwrap().contains("does not cover other.example.test"));
}

#[test]
fn an_unknown_key_is_told_with_file_key_and_remedy() {
    let installation = Installation::new();
    fs::write(installation.path("idv.toml"), installation.configuration().replace("[store]", "[stoer]")).unwrap();
    let told = refused(&installation);
    assert!(told.contains("idv.toml") && told.contains("stoer") && told.contains("did you mean store?"), "{told}");
}

#[test]
fn the_environment_overrides_the_file() {
    let installation = Installation::new();
    let mut command = std::process::Command::new(crate::support::process::BINARY);
    command.arg("--config").arg(installation.path("idv.toml")).arg("check").env("IDV_METHODS__DESK__ATTEMPTS", "99");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(78));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("environment: methods.desk.attempts"), "{told}");
}

#[test]
fn a_secret_may_stand_in_a_variable_of_our_own_prefix() {
    let installation = Installation::new();
    let secret = format!("file = \"{}\"", installation.path("secret").display());
    fs::write(
        installation.path("idv.toml"),
        installation.configuration().replace(&secret, "env = \"IDV_TOKEN_SECRET\""),
    )
    .unwrap();
    let mut command = std::process::Command::new(crate::support::process::BINARY);
    command.arg("--config").arg(installation.path("idv.toml")).arg("check").env("IDV_TOKEN_SECRET", "x".repeat(32));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}
