//! What only a unit's files say: of which files systemd makes the credentials that the service is handed at its start.

use std::fs;

use serde_json::json;

use super::is_root;
use crate::support::process::{Installation, write_secret};

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>";
/// The credentials, and of which files of an installation they are.
const CREDENTIALS: [(&str, &str); 4] = [
    ("idv.toml", "idv.toml"),
    ("token_secret", "secret"),
    ("tls_certificate", "certificate.pem"),
    ("tls_key", "key.pem"),
];

/// As a command of the unit has it: the variable is set, and its directory is not to be seen.
#[test]
fn credentials_are_taken_from_the_files_of_the_unit_and_what_is_sealed_stays() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let path = |name: &str| installation.path(name).display().to_string();
    let mut text = installation.configuration();
    for (credential, file) in &CREDENTIALS[1..] {
        let named = format!("{{ credential = \"{credential}\" }}");
        let file = path(file);
        text = text.replace(&format!("{{ file = \"{file}\" }}"), &named).replace(&format!("\"{file}\""), &named);
    }
    text += "[branding]\nname = \"Acme\"\nlogo = { credential = \"logo\" }\n";
    fs::write(path("idv.toml"), &text).unwrap();
    for directory in ["units", "handed"] {
        fs::create_dir(path(directory)).unwrap();
    }
    for (credential, file) in CREDENTIALS {
        write_secret(&installation.path(&format!("handed/{credential}")), &fs::read(path(file)).unwrap());
    }
    let lines = CREDENTIALS.map(|(credential, file)| format!("LoadCredential={credential}:{}", path(file)));
    let unit = format!("[Service]\nSetCredential=logo:{LOGO}\n{}\n", lines.join("\n"));
    write_secret(&installation.path("handed/logo"), LOGO.as_bytes());
    fs::write(path("units/idv.service"), unit).unwrap();
    let mut command = installation.idv(&["serve"]);
    command.env("CREDENTIALS_DIRECTORY", path("handed"));
    let _service = installation.serve_by(command);
    let reloaded = |directory: &str| {
        let mut command = installation.idv(&["reload", "--json"]);
        let output = command.env("SYSTEMD_UNIT_PATH", path("units")).env("CREDENTIALS_DIRECTORY", directory).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    write_secret(&installation.path("secret"), b"another secret of thirty-two bytes");
    for directory in [path("handed"), "/nonexistent/credentials".into()] {
        fs::write(path("idv.toml"), text.replace("Acme", &directory)).unwrap();
        let answer = reloaded(&directory);
        let changed = answer["changed"].as_array().unwrap();
        assert!(changed.contains(&json!("branding.name")), "{answer}");
        assert_eq!(answer["left"], json!(["credential logo"]));
    }
    // It was taken with the first.
    assert_eq!(reloaded(&path("handed"))["changed"], json!([]));
    let told = installation.json(&["link", "--tenant", crate::support::token::TENANT, "--subject", "auth0|1"]);
    let token = told["url"].as_str().unwrap().split_once("token=").unwrap().1.split_once('&').unwrap().0.to_owned();
    crate::support::token::open(&token, b"another secret of thirty-two bytes");
}
