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

#[test]
fn whoever_vouched_and_what_they_noted_are_shown_to_people_too() {
    let installation = Installation::new();
    let service = installation.serve();
    let words = ["--note", "passport 山田", "--by", "Ada"];
    let issue = [&["desk", "issue", "--tenant", TENANT, "--subject", SUBJECT], &words[..]].concat();
    let issued = installation.json(&issue);
    let login = service.begin(SUBJECT, "vouched");
    service.submit(&login, "desk", &format!("code={}", issued["code"].as_str().unwrap())).unwrap();
    let output = installation.command(&["subject", "show", "--tenant", TENANT, "--subject", SUBJECT]);
    let told = String::from_utf8(output.stdout).unwrap();
    let check = told.lines().nth(1).unwrap();
    assert!(check.contains("desk  success  vouched by ") && check.ends_with("; says: Ada  (passport 山田)"), "{told}");
    let shown = installation.json(&["subject", "show", "--tenant", TENANT, "--subject", SUBJECT]);
    let vouch = &shown["checks"][0]["evidence"]["vouch"];
    assert_eq!((vouch["by"].as_str(), vouch["note"].as_str()), (Some("Ada"), Some("passport 山田")));
    assert!(vouch["account"] == "root" || vouch["account"]["user"]["uid"].is_u64(), "{vouch}");
}

#[test]
fn an_id_that_a_login_brought_is_printed_with_all_that_it_holds() {
    let installation = Installation::new();
    let service = installation.serve();
    let login = service.begin("auth0|65f\u{200b}\u{202e}", "unseen");
    for wrong in ["A", "C", "D", "E", "F"] {
        service.submit(&login, "desk", &format!("code={}", wrong.repeat(12))).unwrap();
    }
    let list = ["subject", "list", "--tenant", TENANT];
    let told = String::from_utf8(installation.command(&list).stdout).unwrap();
    assert!(told.starts_with("auth0|65f\\u{200b}\\u{202e}  "), "{told}");
    let told = String::from_utf8(installation.command(&[&list[..], &["--json"]].concat()).stdout).unwrap();
    assert!(told.contains("\"auth0|65f\\u200b\\u202e\""), "{told}");
    assert_eq!(installation.json(&list)[0]["subject"], "auth0|65f\u{200b}\u{202e}");
}
