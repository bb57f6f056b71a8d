//! `idv link`: a start URL without Auth0.

use std::fs;

use crate::support::process::{Installation, write_secret};
use crate::support::token::{self, SECRET, SUBJECT, TENANT};
use crate::support::wire;

const LINK: [&str; 5] = ["link", "--tenant", TENANT, "--subject", SUBJECT];

#[test]
fn a_link_starts_a_login() {
    let installation = Installation::new();
    let alone = installation.json(&LINK);
    let service = installation.serve();
    for link in [alone, installation.json(&LINK)] {
        let url = link["url"].as_str().unwrap();
        let path = url.strip_prefix("https://idv.example.test").unwrap();
        let answer = service.exchange(&wire::get(path, "")).unwrap();
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    }
}

/// The Action reads `TOKEN_SECRET` by the same rule (`tests/auth0/action.test.mjs`), or no token would be authentic.
#[test]
fn a_final_line_end_is_no_part_of_a_secret_in_a_file_or_in_a_variable() {
    let installation = Installation::new();
    let in_file = installation.configuration();
    let place = format!("file = \"{}\"", installation.path("secret").display());
    let in_variable = in_file.replace(&place, "env = \"SHARED_SECRET\"");
    for (end, kept) in [("", ""), ("\n", ""), ("\r\n", ""), ("\n\n", "\n"), ("\n\r", "\n\r"), (" ", " "), (" \n", " ")]
    {
        let [written, key] = [end, kept].map(|end| [SECRET, end.as_bytes()].concat());
        write_secret(&installation.path("secret"), &written);
        for configuration in [&in_file, &in_variable] {
            fs::write(installation.path("idv.toml"), configuration).unwrap();
            let mut command = installation.idv(&[&LINK[..], &["--json"]].concat());
            let output = command.env("SHARED_SECRET", std::str::from_utf8(&written).unwrap()).output().unwrap();
            let link: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            let (_, query) = link["url"].as_str().unwrap().split_once("token=").unwrap();
            token::open(query.split('&').next().unwrap(), &key);
        }
    }
}
