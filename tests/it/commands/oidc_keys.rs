//! `idv oidc keys`: made once, for their owner's eyes, and published by their public parts alone.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::process::{Installation, write_secret};
use crate::support::wire;

/// An installation with a provider `eid` that knows it by the keys in `files`, and one that knows it by a secret.
fn installation(files: &[&str]) -> Installation {
    let installation = Installation::new();
    let table = |file: &&str| format!("{{ file = \"{}\" }}", installation.path(file).display());
    let keys = files.iter().map(table).collect::<Vec<_>>().join(", ");
    let section = |name: &str, credentials: &str| {
        format!(
            "[[methods.oidc]]\nname = \"{name}\"\nlabel = \"eID\"\nissuer = \"https://{name}.example\"\nclient_id = \"idv\"\n{credentials}\n\
             [methods.oidc.accept]\nlogin_alone = true\n"
        )
    };
    let by_keys = section("eid", &format!("client_auth = \"private_key_jwt\"\nclient_keys = [{keys}]"));
    write_secret(&installation.path("client-secret"), b"0123456789abcdef0123456789abcdef\n");
    let by_secret = section("other", &format!("client_secret = {}", table(&"client-secret")));
    let authorities = format!("[egress]\nauthorities = {}\n", table(&"certificate.pem"));
    fs::write(installation.path("idv.toml"), installation.configuration() + &by_keys + &by_secret + &authorities)
        .unwrap();
    installation
}

fn generate(installation: &Installation, file: &str) {
    let path = installation.path(file);
    let output = installation.command(&["oidc", "keys", "generate", "--out", path.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
}

fn show(installation: &Installation, more: &[&str]) -> Value {
    installation.json(&[&["oidc", "keys", "show"], more].concat())
}

#[test]
fn a_key_is_its_owners_alone_and_never_written_over() {
    let installation = installation(&["key"]);
    generate(&installation, "key");
    let path = installation.path("key");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    let made = fs::read_to_string(&path).unwrap();
    assert!(made.starts_with("-----BEGIN PRIVATE KEY-----\n") && made.ends_with("-----END PRIVATE KEY-----\n"));
    let output = installation.command(&["oidc", "keys", "generate", "--out", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("exists and is left as it is"));
    assert_eq!(fs::read_to_string(&path).unwrap(), made);
    // Without a configuration too, and never the same.
    let other = installation.path("other-key");
    let mut command = Command::new(crate::support::process::BINARY);
    command.args(["--config", "/nowhere/idv.toml", "oidc", "keys", "generate", "--json", "--out"]).arg(&other);
    let output = command.output().unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), json!({ "file": other }));
    assert_ne!(fs::read_to_string(&other).unwrap(), made);
}

#[test]
fn what_is_shown_is_what_openssl_makes_of_the_key_and_nothing_secret() {
    let installation = installation(&["key", "rsa"]);
    generate(&installation, "key");
    let rsa = installation.path("rsa");
    let mut command = Command::new("openssl");
    command.args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out"]).arg(&rsa);
    assert!(command.output().unwrap().status.success());
    let shown = show(&installation, &[]);
    let keys = shown["jwks"]["keys"].as_array().unwrap();
    assert_eq!(keys.iter().map(|key| key["kty"].as_str().unwrap()).collect::<Vec<_>>(), ["EC", "RSA"]);
    for (key, file) in keys.iter().zip(["key", "rsa"]) {
        let openssl = Command::new("openssl").args(["pkey", "-pubout", "-in"]).arg(installation.path(file)).output();
        let pem = String::from_utf8(openssl.unwrap().stdout).unwrap();
        assert_eq!(shown["pem"][key["kid"].as_str().unwrap()], pem, "{file}");
        assert!(key.get("d").is_none());
        let output = installation.command(&["oidc", "keys", "show"]);
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(
            told.contains(&pem) && told.contains(&shown["jwks"].to_string()) && !told.contains("PRIVATE"),
            "{told}"
        );
    }
    assert_eq!(shown["url"], format!("https://{}/.well-known/idv-jwks.json", wire::HOST));
    assert_eq!(show(&installation, &["--provider", "eid"]), shown);
}

#[test]
fn a_provider_without_keys_or_that_is_none_is_told() {
    let installation = installation(&["key"]);
    generate(&installation, "key");
    for (name, told) in
        [("other", "client_auth = \"private_key_jwt\""), ("another", "is no provider's name"), ("A", "a-z, 0-9")]
    {
        let output = installation.command(&["oidc", "keys", "show", "--provider", name]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8(output.stderr).unwrap().contains(told), "{name}");
    }
}

#[test]
fn what_is_shown_is_published_and_may_be_kept_for_minutes() {
    let installation = installation(&["key"]);
    generate(&installation, "key");
    let service = installation.serve();
    let answer = service.exchange(&wire::get("/.well-known/idv-jwks.json", "")).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(wire::header(&answer, "content-type"), Some("application/json"));
    assert_eq!(wire::header(&answer, "cache-control"), Some("public, max-age=300"));
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    assert_eq!(serde_json::from_str::<Value>(body).unwrap(), show(&installation, &[])["jwks"]);
}
