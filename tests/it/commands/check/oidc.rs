//! What `idv check` says of providers: what they know idv by, and the way to them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::process::Command;

use serde_json::Value;

use super::refused;
use crate::support::process::{Installation, write_secret};

/// An installation with a provider that knows it by `credentials`, whose authorities are there.
fn with_provider(credentials: &str, identity: &str) -> Installation {
    let installation = Installation::new();
    let path = |name: &str| installation.path(name).display().to_string();
    let section = format!(
        "[[methods.oidc]]\nname = \"eid\"\nlabel = \"eID\"\nissuer = \"https://id.example\"\nclient_id = \"idv\"\n{}\n\
         [methods.oidc.accept]\nlogin_alone = true\n[methods.oidc.identity]\n{identity}\n\
         [egress]\nsocket = \"{}\"\nauthorities = {{ file = \"{}\" }}\n",
        credentials.replace("FILE", &path("credential")),
        path("proxy.sock"),
        path("certificate.pem")
    );
    fs::write(installation.path("idv.toml"), installation.configuration() + &section).unwrap();
    installation
}

const BY_SECRET: &str = "client_secret = { file = \"FILE\" }";
const BY_KEY: &str = "client_auth = \"private_key_jwt\"\nclient_keys = [{ file = \"FILE\" }]";

#[test]
fn a_client_secret_that_is_none_is_refused_with_key_and_remedy() {
    let installation = with_provider(BY_SECRET, "");
    let path = installation.path("credential");
    let told = refused(&installation);
    assert!(told.contains("methods.oidc.0.client_secret: file") && told.contains("cannot be read"), "{told}");
    let long = "s".repeat(4097);
    for secret in [&b""[..], b"\n", b"two words", b"zw\xc3\xb6lf", b"\xff", b"a\n\n", long.as_bytes()] {
        write_secret(&path, secret);
        let told = refused(&installation);
        assert!(told.contains("holds no client secret") && told.contains("as the provider shows it"), "{told}");
    }
    write_secret(&path, b"s");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(refused(&installation).contains("chmod 600"));
    for secret in ["s", "s\n", "s\r\n", &"s".repeat(4096)] {
        write_secret(&path, secret.as_bytes());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(installation.command(&["check"]).status.success(), "{} bytes", secret.len());
    }
}

#[test]
fn a_client_key_that_is_unfit_is_refused_with_key_and_remedy() {
    let installation = with_provider(BY_KEY, "");
    let path = installation.path("credential");
    let made = |options: &[&str]| {
        let output = Command::new("openssl").arg("genpkey").args(options).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    let of_rsa = |bits: &str| made(&["-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")]);
    let of_curve = |curve: &str| made(&["-algorithm", "EC", "-pkeyopt", &format!("ec_paramgen_curve:{curve}")]);
    for (key, problem, remedy) in [
        (of_rsa("1024"), "holds no key of RSA with 2048 to 4096 bits, nor of P-256", "idv oidc keys generate"),
        (of_curve("P-384"), "holds no key of RSA with 2048 to 4096 bits, nor of P-256", "idv oidc keys generate"),
        (b"-----BEGIN EC PRIVATE KEY-----\n".to_vec(), "no private key in PKCS #8", "openssl pkcs8 -topk8"),
        (b"".to_vec(), "no private key in PKCS #8", "openssl pkcs8 -topk8"),
    ] {
        write_secret(&path, &key);
        let told = refused(&installation);
        assert!(told.contains("methods.oidc.0.client_keys: file"), "{told}");
        assert!(told.contains(problem) && told.contains(remedy), "{told}");
    }
    for key in [of_rsa("2048"), of_curve("P-256")] {
        write_secret(&path, &key);
        assert!(installation.command(&["check"]).status.success());
    }
    let twice = with_provider(&BY_KEY.replace("[{", "[{ file = \"FILE\" }, {"), "");
    write_secret(&twice.path("credential"), &of_curve("P-256"));
    assert!(refused(&twice).contains("is the same key once more"));
    let by_rsa = with_provider(&format!("{BY_KEY}\nassertion_algorithm = \"PS256\""), "");
    write_secret(&by_rsa.path("credential"), &of_curve("P-256"));
    let told = refused(&by_rsa);
    assert!(told.contains("methods.oidc.0.assertion_algorithm: is PS256") && told.contains("write ES256"), "{told}");
    write_secret(&by_rsa.path("credential"), &of_rsa("2048"));
    assert!(by_rsa.command(&["check"]).status.success());
}

#[test]
fn what_is_odd_with_a_provider_or_missing_of_the_way_to_it_is_noted() {
    let installation = with_provider(BY_SECRET, "same_person = false");
    let notes = || {
        let output = installation.command(&["check", "--json"]);
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["notes"].to_string()
    };
    write_secret(&installation.path("credential"), &[b's'; 31]);
    let told = notes();
    for note in [
        "the client secret of eid has 31 bytes",
        "eid lets an account come again as another person",
        "through which the service asks others; install idv-egress.service",
    ] {
        assert!(told.contains(note), "{note} in {told}");
    }
    write_secret(&installation.path("credential"), &[b's'; 32]);
    let text = fs::read_to_string(installation.path("idv.toml")).unwrap();
    fs::write(
        installation.path("idv.toml"),
        text.replace("same_person = false", "same_person = false\none_account = false"),
    )
    .unwrap();
    let _socket = UnixListener::bind(installation.path("proxy.sock")).unwrap();
    let told = notes();
    assert!(!["eid", "asks others"].iter().any(|word| told.contains(word)), "{told}");
}

#[test]
fn authorities_that_are_none_are_refused_where_a_provider_is_asked() {
    let installation = with_provider(BY_SECRET, "");
    write_secret(&installation.path("credential"), &[b's'; 32]);
    let text = fs::read_to_string(installation.path("idv.toml")).unwrap();
    let wrong = text.replace("certificate.pem\" }\n", "secret\" }\n");
    assert_ne!(text, wrong);
    fs::write(installation.path("idv.toml"), wrong).unwrap();
    assert!(refused(&installation).contains("egress.authorities: "));
}
