//! `idv audit`, and what other commands leave in the log, by the real binary.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use idv::verification::audit::entry::Entry;
use idv::verification::audit::export::Line;

use crate::support::process::Installation;
use crate::support::token::TENANT;

/// What `arguments` print, which succeed.
fn print(installation: &Installation, arguments: &[&str]) -> String {
    let output = installation.command(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A file with what `arguments` print.
fn printed(installation: &Installation, name: &str, arguments: &[&str]) -> PathBuf {
    let path = installation.path(name);
    fs::write(&path, print(installation, arguments)).unwrap();
    path
}

fn verify(installation: &Installation, export: &str, earlier: &[&str]) -> Output {
    let path = |name: &str| installation.path(name).display().to_string();
    let mut arguments = vec!["audit".into(), "verify".into(), path(export), "--key".into(), path("key.pem.public")];
    for earlier in earlier {
        arguments.extend(["--earlier".into(), path(earlier)]);
    }
    installation.command(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

fn shown(export: &str) -> Vec<Entry> {
    let entry = |line: &str| match Line::parse(line.as_bytes()) {
        Line::Entry(entry) => Some(Entry::parse(entry).unwrap()),
        _ => None,
    };
    export.lines().filter_map(entry).collect()
}

fn actions(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.action.as_str()).collect()
}

#[test]
fn what_operators_do_and_see_is_recorded_with_a_service_and_without_one() {
    let installation = Installation::new();
    let service = installation.serve();
    // It makes its key once it is ready, and the first command may come before that.
    service.log_once("the head of the audit log");
    let subject = ["--tenant", TENANT, "--subject", "auth0|ada"];
    let asked = |arguments: &[&str]| {
        let output = installation.idv(arguments).env("SUDO_USER", "bob").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let of = |command: [&'static str; 2]| [&command[..], &subject[..]].concat();
    asked(&[&of(["desk", "issue"])[..], &["--by", "ada"]].concat());
    asked(&["desk", "list", "--tenant", TENANT]);
    asked(&of(["desk", "revoke"]));
    asked(&["link", "--tenant", TENANT, "--subject", "auth0|ada"]);
    let login = service.begin("auth0|ada", "one");
    assert!(service.submit(&login, "cancel", "").unwrap().starts_with("HTTP/1.1 303"));
    asked(&of(["subject", "show"]));
    asked(&["subject", "list", "--tenant", TENANT]);
    asked(&["backup", &installation.path("backup").display().to_string()]);
    let with_service = print(&installation, &["audit", "export"]);
    service.signal("TERM");
    let mut service = service;
    assert!(service.child.wait().unwrap().success());
    // Nobody serves: the store itself is asked, and it is an entry all the same.
    asked(&of(["subject", "show"]));
    asked(&["subject", "list", "--tenant", TENANT]);
    let unknown = installation.command(&["subject", "show", "--tenant", TENANT, "--subject", "auth0|nobody"]);
    assert!(!unknown.status.success());
    let alone = print(&installation, &["audit", "export"]);
    let expected = [
        "service-started",
        "signing-key-made",
        "code-issued",
        "codes-listed",
        "code-revoked",
        "link-made",
        "check-concluded",
        "subject-viewed",
        "subjects-listed",
        "store-copied",
        "audit-exported",
        "service-stopped",
        "subject-viewed",
        "subjects-listed",
        "audit-exported",
    ];
    let entries = shown(&alone);
    assert_eq!(actions(&entries), expected);
    assert_eq!(actions(&shown(&with_service)), expected[..11]);
    let claimed: Vec<_> = entries.iter().map(|entry| entry.claimed.as_deref()).collect();
    assert_eq!(
        (claimed[2], claimed[3], claimed[6], claimed[7], claimed[12]),
        (Some("ada"), Some("bob"), None, Some("bob"), Some("bob"))
    );
    let actor = entries[7].actor.clone();
    assert!(
        actor.is_some() && entries.iter().filter(|entry| entry.claimed.is_some()).all(|entry| entry.actor == actor)
    );
    let user = entries[2].user.clone();
    assert!(user.is_some());
    assert!([4, 5, 6, 7, 12].into_iter().all(|number| entries[number].user == user), "{entries:?}");
    assert_eq!([3, 7, 8, 9].map(|number| entries[number].subjects), [Some(1); 4], "a report counts whom they saw");
    assert_eq!(entries[0].version.as_deref(), Some(env!("CARGO_PKG_VERSION")));
}

/// An export ended before its last day, and a report after it.
#[test]
fn a_day_is_in_an_export_as_a_whole_as_it_is_in_a_report() {
    let installation = Installation::new();
    let mut service = installation.serve();
    service.signal("TERM");
    service.child.wait().unwrap();
    let export = |range: &[&str]| installation.command(&[&["audit", "export"], range].concat());
    let all = shown(&print(&installation, &["audit", "export"]));
    let started = all.iter().find(|entry| entry.action == "service-started").unwrap();
    let instant = started.at.to_string();
    let day = &instant[.."2026-07-01".len()];
    let of_day = String::from_utf8(export(&["--from", day, "--to", day]).stdout).unwrap();
    assert!(shown(&of_day).contains(started), "{of_day}");
    let before = String::from_utf8(export(&["--to", &instant]).stdout).unwrap();
    assert!(!shown(&before).contains(started), "an instant ends it: {before}");
    for (range, told) in [
        (["--from", "2026-07-02", "--to", "2026-07-01"], "the range ends before it begins"),
        (["--from", "20260701", "--to", "2026-07-01"], "neither a day, such as 2026-07-01"),
        (["--from", "2026-07-01", "--to", "1969-12-31"], "neither a day, such as 2026-07-01"),
    ] {
        let refused = export(&range);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && refused.stdout.is_empty() && said.contains(told), "{range:?}: {said}");
    }
}

#[test]
fn an_export_verifies_offline_and_a_checkpoint_of_before_shows_that_the_log_was_set_back() {
    let installation = Installation::new();
    let service = installation.serve();
    printed(&installation, "key.pem.public", &["audit", "key"]);
    printed(&installation, "before", &["audit", "checkpoint"]);
    let path = installation.path("yesterday").display().to_string();
    print(&installation, &["backup", &path]);
    for number in 0..20 {
        let login = service.begin("auth0|ada", &number.to_string());
        assert!(service.submit(&login, "cancel", "").unwrap().starts_with("HTTP/1.1 303"));
    }
    printed(&installation, "today", &["audit", "checkpoint"]);
    printed(&installation, "export", &["audit", "export", "--tenant", TENANT, "--from", "2020-01-01"]);
    let verified = verify(&installation, "export", &["before", "today"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    service.signal("TERM");
    let mut service = service;
    service.child.wait().unwrap();
    // The log has the head too, as it was at the end.
    let logged = service
        .log_once("\"stopped\"")
        .lines()
        .rfind(|line| line.contains("the head of the audit log"))
        .unwrap()
        .to_owned();
    fs::write(installation.path("logged"), logged).unwrap();
    print(&installation, &["restore", &path]);
    let restored = printed(&installation, "restored", &["audit", "export"]);
    assert!(verify(&installation, "restored", &["before"]).status.success());
    for earlier in ["today", "logged"] {
        let refused = verify(&installation, "restored", &[earlier]);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && said.contains("this log was set back"), "{said}");
    }
    assert_eq!(
        actions(&shown(&fs::read_to_string(restored).unwrap()))
            .iter()
            .filter(|action| **action == "store-restored")
            .count(),
        1
    );
    let other = Installation::new();
    let _service = other.serve();
    fs::copy(printed(&other, "key", &["audit", "key"]), installation.path("key.pem.public")).unwrap();
    let refused = verify(&installation, "export", &[]);
    assert!(String::from_utf8(refused.stderr).unwrap().contains("not signed by this key"));
}

#[test]
fn a_key_that_was_renewed_is_vouched_for_by_the_one_before() {
    let installation = Installation::new();
    let _service = installation.serve();
    printed(&installation, "key.pem.public", &["audit", "key"]);
    let renewed = print(&installation, &["audit", "key", "--renew"]);
    assert_eq!(renewed, print(&installation, &["audit", "key"]));
    assert_ne!(renewed, fs::read_to_string(installation.path("key.pem.public")).unwrap());
    printed(&installation, "export", &["audit", "export", "--to", "2020-01-01"]);
    assert!(verify(&installation, "export", &[]).status.success(), "by the old key");
    let entries = shown(&fs::read_to_string(installation.path("export")).unwrap());
    assert_eq!(actions(&entries), ["signing-key-made"; 2], "what names a key is never left out");
}

/// Word by word, in a directory with what they were given.
#[test]
fn an_auditor_with_no_more_than_python_and_openssl_does_what_the_documents_say() {
    let installation = Installation::new();
    let _service = installation.serve();
    printed(&installation, "idv-audit.pem", &["audit", "key"]);
    printed(&installation, "checkpoint-2026-11", &["audit", "checkpoint"]);
    printed(&installation, "audit.jsonl", &["audit", "export"]);
    fs::write(installation.path("verify.py"), include_str!("../../audit/verify.py")).unwrap();
    let document = include_str!("../../../systemd/README.md");
    let script = document.split("```sh\n").find(|block| block.starts_with("python3 verify.py")).unwrap();
    let script = script.split("```").next().unwrap();
    let programs = ["python3", "tail", "head", "cut", "base64", "openssl"];
    let named = script.lines().flat_map(|line| line.split(" | ")).filter_map(|step| step.split(' ').next());
    assert_eq!(named.filter(|name| !programs.contains(name)).collect::<Vec<_>>(), [""; 0], "what they do not have");
    let run = || {
        let mut command = Command::new("sh");
        command.current_dir(installation.directory.path()).args(["-ec", script]).output().unwrap()
    };
    let verified = run();
    assert!(verified.status.success(), "{verified:?}");
    assert!(String::from_utf8_lossy(&verified.stdout).contains("Signature Verified Successfully"), "{verified:?}");
    fs::write(
        installation.path("idv-audit.pem"),
        idv::verification::audit::key::SigningKey::from_seed(&[9; 32].into()).public().pem(),
    )
    .unwrap();
    assert!(!run().status.success(), "by another key");
}

#[test]
fn openssl_verifies_a_checkpoint() {
    let installation = Installation::new();
    let _service = installation.serve();
    printed(&installation, "key.pem.public", &["audit", "key"]);
    printed(&installation, "checkpoint", &["audit", "checkpoint"]);
    let openssl = |checkpoint: &str| {
        let script = format!(
            "head -n 3 {checkpoint} > text\n\
             tail -n 1 {checkpoint} | cut -d ' ' -f 3 | base64 -d | tail -c 64 > signature\n\
             openssl pkeyutl -verify -pubin -inkey key.pem.public -rawin -in text -sigfile signature"
        );
        let mut command = Command::new("sh");
        command.current_dir(installation.directory.path()).args(["-ec", &script]).output().unwrap()
    };
    let verified = openssl("checkpoint");
    assert!(verified.status.success(), "{verified:?}");
    let forged = fs::read_to_string(installation.path("checkpoint")).unwrap().replacen("\n2\n", "\n3\n", 1);
    fs::write(installation.path("forged"), forged).unwrap();
    assert!(!openssl("forged").status.success());
}
