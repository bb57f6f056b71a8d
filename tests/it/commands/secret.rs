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
        "sudo systemctl edit idv, and below [Service] write the line LoadCredential=token_secret_2:/etc/idv/token-secret.2",
    ] {
        assert!(steps.contains(line), "{line} in {steps}");
    }
    assert!(!steps.contains("idv.service") && !steps.contains("daemon-reload"), "the doctor wants the unit as shipped");
    let both = "token_secrets = [{ credential = \"token_secret_2\" }, { credential = \"token_secret\" }]";
    assert!(told["steps"].as_array().unwrap().iter().any(|step| step.as_str().unwrap().contains(both)), "{steps}");
    assert!(refused(&installation, &["rotate", "--finish"]).contains("remove the old one where it is kept"));
}

#[test]
fn a_rotation_of_a_credential_ends_with_the_unit_as_shipped() {
    let installation = Installation::new();
    let file = format!("file = \"{}\"", installation.path("secret").display());
    let configure = |secrets: &str| {
        let text = installation.configuration().replace(&format!("{{ {file} }}"), secrets);
        fs::write(installation.path("idv.toml"), text).unwrap();
    };
    configure("{ credential = \"token_secret\" }");
    let begun = rotate(&installation, &[]);
    let end: Vec<_> = begun["steps"].as_array().unwrap().iter().rev().take(3).rev().collect();
    let end: Vec<_> = end.into_iter().map(|step| step.as_str().unwrap()).collect();
    assert!(end[0].contains("sudo cp /etc/idv/token-secret.2 /etc/idv/token-secret"), "{end:?}");
    assert!(end[1].contains("sudo systemctl edit idv, and remove the line LoadCredential=token_secret_2:"), "{end:?}");
    assert!(end[1].contains("write token_secrets = [{ credential = \"token_secret\" }] and reload"), "{end:?}");
    assert_eq!(end[2], "Then run: sudo rm /etc/idv/token-secret.2");
    configure("{ credential = \"token_secret_2\" }, { credential = \"token_secret\" }");
    let told = refused(&installation, &["rotate"]);
    assert!(end.iter().all(|step| told.contains(step)), "the same words under way: {told}");
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

#[test]
fn a_secret_is_shown_on_a_line_of_its_own() {
    let installation = Installation::new();
    let secret = String::from_utf8(SECRET.to_vec()).unwrap();
    let show = |more: &[&str]| installation.command(&[&["secret", "show"], more].concat());
    for end in ["", "\n", "\r\n"] {
        write_secret(&installation.path("secret"), format!("{secret}{end}").as_bytes());
        let output = show(&[]);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{secret}\n"), "{end:?}");
    }
    assert_eq!(installation.json(&["secret", "show"]), json!({ "tenant": TENANT, "secret": secret }));
    write_secret(&installation.path("new"), &[b'n'; 32]);
    name_secrets(&installation, &["new", "secret"]);
    assert_eq!(show(&["--tenant", TENANT]).stdout, [&[b'n'; 32][..], b"\n"].concat(), "the newest: Auth0 is next");
}

#[test]
fn a_secret_of_one_of_several_tenants_is_shown_by_its_name() {
    let installation = Installation::new();
    write_secret(&installation.path("other"), &[b'y'; 32]);
    let other = installation.path("other");
    let tenant = format!(
        "[[tenants]]\ndomain = \"other.eu.auth0.test\"\ntoken_secrets = [{{ file = \"{}\" }}]\n",
        other.display()
    );
    fs::write(installation.path("idv.toml"), installation.configuration() + &tenant).unwrap();
    assert!(refused(&installation, &["show"]).contains("--tenant"));
    let shown = installation.json(&["secret", "show", "--tenant", "other.eu.auth0.test"]);
    assert_eq!(shown["secret"], "y".repeat(32));
}

#[test]
fn a_credential_that_is_not_at_hand_is_told_with_what_hands_it_over() {
    let installation = Installation::new();
    let file = format!("file = \"{}\"", installation.path("secret").display());
    let text = installation.configuration().replace(&file, "credential = \"secret_that_is_nowhere\"");
    fs::write(installation.path("idv.toml"), text).unwrap();
    let told = refused(&installation, &["show"]);
    assert!(told.contains("run this as root"), "{told}");
    assert!(told.contains("LoadCredential=secret_that_is_nowhere:"), "{told}");
    write_secret(&installation.path("secret_that_is_nowhere"), SECRET);
    let mut command = installation.idv(&["secret", "show"]);
    let output = command.env("CREDENTIALS_DIRECTORY", installation.directory.path()).output().unwrap();
    assert_eq!(output.stdout, [SECRET, b"\n"].concat(), "{output:?}");
}

#[test]
fn what_is_no_secret_is_not_shown() {
    let installation = Installation::new();
    for (secret, told) in [
        (&[b'x'; 31][..], "31 bytes"),
        (&[0xff; 32], "nobody sees or types"),
        (b"0123456789abcdef\x1b[31m0123456789abcdef", "nobody sees or types"),
        (b"0123456789abcdef\n0123456789abcdef", "nobody sees or types"),
    ] {
        write_secret(&installation.path("secret"), secret);
        let error = refused(&installation, &["show"]);
        assert!(error.contains(told) && !error.contains("0123"), "{error}");
    }
    fs::set_permissions(installation.path("secret"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(refused(&installation, &["show"]).contains("may be read by everyone"));
}
