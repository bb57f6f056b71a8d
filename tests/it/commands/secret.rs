//! `idv secret`: strong, for its owner's eyes, never lost, and replaced without a failed login.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::process::{Installation, write_secret};
use crate::support::token::{SECRET, TENANT};

fn refused(installation: &Installation, arguments: &[&str]) -> String {
    let output = installation.command(&[&["secret"], arguments].concat());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn rotate(installation: &Installation, more: &[&str]) -> Value {
    installation.json(&[&["secret", "rotate"], more].concat())
}

/// Rewrites the configuration to name `files`, newest first.
fn name_secrets(installation: &Installation, files: &[&str]) {
    let table = |file: &&str| format!("{{ file = \"{}\" }}", installation.path(file).display());
    let new = files.iter().map(table).collect::<Vec<_>>().join(", ");
    let text = installation.configuration().replace(&table(&"secret"), &new);
    fs::write(installation.path("idv.toml"), text).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn assert_strong(secret: &str) {
    let is_symbol = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    assert!(secret.len() == 43 && secret.bytes().all(is_symbol), "256 bits in base64url");
}

#[test]
fn a_secret_is_strong_and_never_the_same() {
    let installation = Installation::new();
    let secrets: BTreeSet<String> = (0..8)
        .map(|_| installation.json(&["secret", "generate", "--out", "-"])["secret"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(secrets.len(), 8);
    for secret in &secrets {
        assert_strong(secret);
    }
    let output = installation.command(&["secret", "generate", "--out", "-"]);
    assert_strong(String::from_utf8(output.stdout).unwrap().strip_suffix('\n').unwrap());
}

#[test]
fn a_secret_file_is_its_owners_alone_and_never_written_over() {
    let installation = Installation::new();
    let path = installation.path("made");
    let generate = ["generate", "--out", path.to_str().unwrap()];
    let output = installation.command(&[&["secret"], &generate[..]].concat());
    assert!(output.status.success(), "{output:?}");
    let secret = fs::read_to_string(&path).unwrap();
    assert_strong(&secret);
    assert_eq!(mode(&path), 0o600);
    assert!(!format!("{output:?}").contains(&secret), "the file alone has it");
    let told = refused(&installation, &generate);
    assert!(told.contains("left as it is") && told.contains("idv secret rotate"), "{told}");
    assert_eq!(fs::read_to_string(&path).unwrap(), secret);
}

#[test]
fn a_dangling_link_is_not_followed() {
    let installation = Installation::new();
    std::os::unix::fs::symlink(installation.path("elsewhere"), installation.path("link")).unwrap();
    refused(&installation, &["generate", "--out", installation.path("link").to_str().unwrap()]);
    assert!(!installation.path("elsewhere").exists());
}

#[test]
fn the_default_is_the_missing_file_of_the_configuration() {
    let installation = Installation::new();
    assert!(refused(&installation, &["generate"]).contains("--out FILE"));
    assert_eq!(fs::read(installation.path("secret")).unwrap(), SECRET);
    fs::remove_file(installation.path("secret")).unwrap();
    assert_eq!(installation.json(&["secret", "generate"])["file"], json!(installation.path("secret")));
    assert!(installation.command(&["check"]).status.success());
}

#[test]
fn a_credential_is_made_where_the_unit_says() {
    let installation = Installation::new();
    let file = format!("file = \"{}\"", installation.path("secret").display());
    let text = installation.configuration().replace(&file, "credential = \"token_secret\"");
    fs::write(installation.path("idv.toml"), text).unwrap();
    assert!(refused(&installation, &["generate"]).contains("LoadCredential=token_secret:FILE"));
    let told = rotate(&installation, &[]);
    let steps = told["steps"].to_string();
    for line in [
        "sudo idv secret generate --out /etc/idv/token-secret.2",
        "LoadCredential=token_secret:/etc/idv/token-secret",
        "LoadCredential=token_secret_2:/etc/idv/token-secret.2",
    ] {
        assert!(steps.contains(line), "{line} in {steps}");
    }
    let both = "token_secrets = [{ credential = \"token_secret_2\" }, { credential = \"token_secret\" }]";
    assert!(told["steps"].as_array().unwrap().iter().any(|step| step.as_str().unwrap().contains(both)), "{steps}");
    assert!(refused(&installation, &["rotate", "--finish"]).contains("remove the old one where it is kept"));
}

#[test]
fn the_paths_of_a_credential_are_those_of_the_shipped_unit() {
    let unit = include_str!("../../../systemd/idv.service");
    let configuration = include_str!("../../../systemd/idv.toml");
    assert!(unit.contains("LoadCredential=token_secret:/etc/idv/token-secret\n"));
    assert!(configuration.contains("token_secrets = [{ credential = \"token_secret\" }]"));
}

#[test]
fn a_rotation_step_by_step() {
    let installation = Installation::new();
    let service = installation.serve();
    fs::set_permissions(installation.path("secret"), fs::Permissions::from_mode(0o640)).unwrap();

    let begun = rotate(&installation, &[]);
    let new = installation.path("secret.2");
    assert_eq!((&begun["made"], &begun["new"]["file"]), (&json!(true), &json!(new)));
    let secret = fs::read_to_string(&new).unwrap();
    assert_strong(&secret);
    assert_eq!(mode(&new), 0o640, "whoever could read the old one can read the new one");
    assert!(!begun.to_string().contains(&secret));
    assert!(begun["caveat"].as_str().unwrap().contains("in the minute of the deployment"));

    let again = rotate(&installation, &[]);
    assert_eq!(again["made"], false);
    assert_eq!((&again["steps"], fs::read_to_string(&new).unwrap()), (&begun["steps"], secret), "made once");

    assert!(refused(&installation, &["rotate", "--finish"]).contains("no rotation to finish"));
    name_secrets(&installation, &["secret.2", "secret"]);
    let line = format!(
        "token_secrets = [{{ file = \"{}\" }}, {{ file = \"{}\" }}]",
        new.display(),
        installation.path("secret").display()
    );
    assert!(begun["steps"][0].as_str().unwrap().contains(&line), "the step says what was just written");
    assert!(installation.command(&["check"]).status.success());
    assert!(refused(&installation, &["rotate"]).contains("under way"));
    assert!(refused(&installation, &["rotate", "--finish"]).contains("still names"));

    name_secrets(&installation, &["secret.2"]);
    let told = refused(&installation, &["rotate", "--finish"]);
    assert!(told.contains("does not use the new secret yet"), "{told}");
    assert!(refused(&installation, &["rotate"]).contains("finish that first"));
    drop(service);
    let _service = installation.serve();
    let finished = rotate(&installation, &["--finish"]);
    assert_eq!(finished, json!({ "tenant": TENANT, "removed": installation.path("secret"), "service": true }));
    assert!(!installation.path("secret").exists() && new.exists());
    assert!(refused(&installation, &["rotate", "--finish"]).contains("no rotation to finish"));
    assert_eq!(rotate(&installation, &[])["new"]["file"], json!(installation.path("secret.3")));
}

#[test]
fn a_rotation_ends_without_the_service_too() {
    let installation = Installation::new();
    rotate(&installation, &["--tenant", TENANT]);
    name_secrets(&installation, &["secret.2"]);
    assert_eq!(rotate(&installation, &["--finish"])["service"], false);
    assert!(!installation.path("secret").exists());
    assert!(installation.command(&["check"]).status.success());
}

#[test]
fn the_old_secret_is_kept_while_the_new_one_is_not_fit() {
    let installation = Installation::new();
    write_secret(&installation.path("secret.2"), b"short");
    name_secrets(&installation, &["secret.2"]);
    let told = refused(&installation, &["rotate", "--finish"]);
    assert!(told.contains("5 bytes") && told.contains("idv secret generate"), "{told}");
    assert!(installation.path("secret").exists());
}

#[test]
fn a_rotation_does_not_take_another_tenants_secret() {
    let installation = Installation::new();
    let other = installation.path("secret.2");
    write_secret(&other, &[b'y'; 32]);
    let tenant = format!(
        "[[tenants]]\ndomain = \"other.eu.auth0.test\"\ntoken_secrets = [{{ file = \"{}\" }}]\n",
        other.display()
    );
    fs::write(installation.path("idv.toml"), installation.configuration() + &tenant).unwrap();
    assert!(refused(&installation, &["rotate"]).contains("--tenant"));
    assert!(refused(&installation, &["rotate", "--tenant", TENANT]).contains("in use already"));
    let told = refused(&installation, &["rotate", "--finish", "--tenant", "other.eu.auth0.test"]);
    assert!(told.contains("still names"), "{told}");
    assert!(installation.path("secret").exists() && other.exists());
}
