//! `idv link`: a start URL without Auth0.

use crate::support::process::Installation;
use crate::support::token::{SUBJECT, TENANT};
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
