//! `idv report`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use idv::report::{Checkpoint, Heading, Log, Proof, Range, Report, Tally};
use idv::verification::audit::checkpoint::Checkpoint as Head;
use idv::verification::audit::export::{End, Exporter, Line};
use idv::verification::audit::key::SigningKey;
use idv::verification::audit::tree::{Edge, leaf};
use idv::verification::time::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::support::process::{BINARY, Installation};
use crate::support::token::{SUBJECT, TENANT};

/// The export of a made-up log, from 20 June to 3 August 2026.
const JULY: &str = include_str!("report/july.jsonl");
/// What is told of July.
const TOLD: &str = include_str!("report/july.txt");
const PARTNERS: &str = "acme-partners.eu.auth0.com";

/// The key that signed it.
fn key() -> SigningKey {
    SigningKey::from_seed(&Zeroizing::new([7; 32]))
}

fn entries() -> Vec<&'static str> {
    JULY.lines().filter(|line| matches!(Line::parse(line.as_bytes()), Line::Entry(_))).collect()
}

fn exported(entries: &[&str]) -> String {
    let (mut exporter, mut edge, mut file) = (Exporter::default(), Edge::default(), Vec::new());
    for entry in entries {
        edge.push(leaf(entry.as_bytes()));
        file.extend(exporter.add(entry.as_bytes(), true).unwrap_or_default());
    }
    let head = Head::new("idv.example.com/audit".into(), &edge);
    let end = End { checkpoint: head.sign(&key()), public_key: key().public().pem() };
    file.extend(exporter.finish(&end));
    String::from_utf8(file).unwrap()
}

fn july() -> Range {
    Range::new(Some("2026-07-01"), Some("2026-07-31"), Timestamp::from_unix(0)).unwrap()
}

fn reported() -> Report {
    let mut tally = Tally::new(july(), None);
    for entry in entries() {
        tally.add(entry.as_bytes());
    }
    let checkpoint = Checkpoint { origin: "idv.example.com/audit".into(), entries: 489, root: "AAAA".into() };
    let log = Log {
        source: "the log of this installation".into(),
        checkpoint: Some(checkpoint),
        proof: Proof::Verified { by: "the service’s own key".into() },
    };
    let made_at = Timestamp::from_unix(1_785_888_000);
    tally.report(Heading {
        organization: Some("Acme".into()),
        range: july(),
        tenant: None,
        made_at,
        version: "0.1.0",
        log,
    })
}

/// Runs the command beside a file `export.jsonl` of these bytes, where there is no configuration.
fn report(export: &str, arguments: &[&str]) -> (TempDir, Output) {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("export.jsonl"), export).unwrap();
    fs::write(directory.path().join("key"), key().public().verifier("idv.example.com/audit")).unwrap();
    fs::write(directory.path().join("notes"), "a note").unwrap();
    let mut command = Command::new(BINARY);
    command.current_dir(directory.path()).args(["report", "--file", "export.jsonl"]).args(arguments);
    let output = command.output().unwrap();
    (directory, output)
}

fn figures(export: &str, arguments: &[&str]) -> Value {
    let (_directory, output) = report(export, &[&["--json"], arguments].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

const IN_JULY: [&str; 4] = ["--from", "2026-07-01", "--to", "2026-07-31"];

#[test]
fn a_made_up_month_is_told_as_recorded() {
    assert_eq!(exported(&entries()), JULY, "it is an export as one is written today");
    let told = reported().text();
    assert_eq!(told, TOLD, "\n{told}");
}

#[test]
fn its_figures_are_those_of_its_lines() {
    let told = figures(JULY, &IN_JULY);
    let all: Vec<Value> = entries().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let in_july: Vec<_> =
        all.iter().filter(|entry| entry["@timestamp"].as_str().unwrap().starts_with("2026-07")).collect();
    assert_eq!(told["entries"]["read"], json!(all.len()));
    assert_eq!(told["entries"]["told"], json!(in_july.len()));
    let sessions = in_july.iter().filter(|entry| entry["event.action"] == "check-concluded");
    let of_desk = sessions.clone().filter(|entry| entry["idv.method"] == "desk" && entry["idv.grounds"].is_null());
    let verified = of_desk.filter(|entry| entry["idv.status"] == "success");
    assert_eq!(told["checks"][0]["name"], "desk");
    assert_eq!(told["checks"][0]["verified"], json!(verified.clone().count()));
    let parts = told["timeline"]["parts"].as_array().unwrap();
    let counted: u64 = parts.iter().flat_map(|part| part.as_object().unwrap().values()).filter_map(Value::as_u64).sum();
    assert_eq!((parts.len(), counted), (31, sessions.count() as u64));
    assert_eq!(told["codes"]["used"], json!(verified.count()));
    assert_eq!(told["other"], json!([{ "action": "webhook-resumed", "count": 1 }]));
}

#[test]
fn an_export_is_read_without_a_configuration_and_said_to_verify() {
    for (key, by) in [(&["--key", "key"][..], "that was given"), (&[], "in the file itself")] {
        let (_directory, output) = report(JULY, &[&IN_JULY[..], key].concat());
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{told}");
        assert!(told.starts_with("idv.example.com: identity verification report\n"), "{told}");
        let line = told.lines().find(|line| line.starts_with("Verified")).unwrap();
        assert!(line.contains(by) && told.contains("489 entries, root "), "{told}");
    }
}

#[test]
fn what_does_not_verify_is_said_above_everything_and_by_the_exit_code() {
    let changed = JULY.replacen("\"idv.status\":\"success\"", "\"idv.status\":\"failed\"", 1);
    let cut: String = JULY.lines().take(400).flat_map(|line| [line, "\n"]).collect();
    let another = exported(&entries()[1..]);
    for (export, finding) in [(changed, "entry "), (cut, "checkpoint"), (String::new(), "checkpoint")] {
        let (directory, output) = report(&export, &["--html", "report.html"]);
        assert_eq!(output.status.code(), Some(1));
        let page = fs::read_to_string(directory.path().join("report.html")).unwrap();
        let warning = page.lines().find(|line| line.contains("do not verify")).unwrap();
        assert!(warning.contains(finding) && page.find("do not verify") < page.find("<h2"), "{warning}");
    }
    assert_eq!(figures(&another, &[])["log"]["proof"]["result"], "verified", "it is whole");
}

#[test]
fn a_line_that_is_no_entry_is_counted_and_told() {
    let broken = JULY.replacen("\"@timestamp\":\"2026-07-10", "\"@timestamp\":\"2026-07-99", 1);
    let told = figures(&broken, &IN_JULY);
    assert_eq!(told["entries"]["unreadable"], 1);
    assert_eq!(told["entries"]["told"], json!(351));
    let (_directory, output) = report(&broken, &IN_JULY);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("! 1 line of the log could not be read"), "{text}");
}

#[test]
fn of_after_the_end_of_the_log_nothing_is_said_to_have_happened_or_not() {
    let (_directory, output) = report(JULY, &["--from", "2026-09-01", "--to", "2026-09-30"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let warning =
        "! The log that was read ends at 2026-08-03T17:25:21Z, before the range does: of after, nothing is known here.";
    assert!(text.contains(warning) && text.contains("\nNo session ended. Who left"), "{text}");
    let (_directory, output) = report(JULY, &IN_JULY);
    assert!(!String::from_utf8(output.stdout).unwrap().contains("The log that was read ends"), "it goes on after July");
}

#[test]
fn a_tenants_report_has_nothing_of_another_and_nothing_of_the_machine() {
    let (directory, output) =
        report(JULY, &[&IN_JULY[..], &["--tenant", &PARTNERS.to_uppercase(), "--html", "report.html"]].concat());
    assert!(output.status.success());
    let page = fs::read_to_string(directory.path().join("report.html")).unwrap();
    assert!(
        page.contains(PARTNERS) && !page.contains("acme.eu.auth0.com") && !page.contains("Service started"),
        "{page}"
    );
    let told = figures(JULY, &[&IN_JULY[..], &["--tenant", PARTNERS]].concat());
    let mine = entries()
        .iter()
        .filter(|line| line.starts_with("{\"@timestamp\":\"2026-07") && line.contains(PARTNERS))
        .count();
    assert_eq!(told["entries"]["told"], json!(mine));
}

#[test]
fn a_page_is_a_new_file_for_its_owner_alone() {
    let (directory, output) = report(JULY, &["--html", "report.html"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "Made report.html.\n");
    let mode = fs::metadata(directory.path().join("report.html")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (_directory, output) = report(JULY, &["--html", "export.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("export.jsonl exists and is left as it is"));
}

#[test]
fn what_is_no_range_is_told_with_what_is() {
    for (arguments, told) in [
        (&["--from", "July"][..], "July is neither a day, such as 2026-07-01"),
        (&["--from", "2026-07-02", "--to", "2026-07-01"], "the range ends before it begins"),
        (&["--to", "2026-07-01"], "--from"),
        (&["--key", "notes"], "notes has no key that idv audit key printed"),
    ] {
        let (_directory, output) = report(JULY, arguments);
        assert!(!output.status.success() && output.stdout.is_empty());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn the_service_reports_what_happened_and_that_it_was_asked() {
    let installation = Installation::new();
    let service = installation.serve();
    let issued = installation.json(&["desk", "issue", "--tenant", TENANT, "--subject", SUBJECT, "--by", "Ada"]);
    let login = service.begin(SUBJECT, "reported");
    service.submit(&login, "desk", &format!("code={}", issued["code"].as_str().unwrap())).unwrap();
    let since = ["report", "--from", "2020-01-01", "--to", "2070-01-01"];
    let told = installation.json(&since);
    assert_eq!(told["log"]["proof"]["result"], "verified");
    assert_eq!(told["log"]["checkpoint"]["entries"], told["entries"]["read"]);
    assert_eq!((&told["checks"][0]["name"], &told["checks"][0]["verified"]), (&json!("desk"), &json!(1)));
    assert_eq!(told["codes"], json!({ "issued": 1, "used": 1, "revoked": 0, "exhausted": 0 }));
    assert_eq!(told["people"]["verified_first"], json!({ "people": 1, "standard_error": 0 }));
    assert_eq!((&told["acts"][0]["action"], &told["acts"][0]["claimed"]), (&json!("code-issued"), &json!("Ada")));
    assert_eq!(made(&told), 1, "{told}");
    drop(service);
    assert_eq!(made(&installation.json(&since)), 2, "without a service too");
    assert!(!told.to_string().contains(SUBJECT));
    let until_now = installation.command(&["report", "--from", "2020-01-01"]);
    assert!(!String::from_utf8(until_now.stdout).unwrap().contains("The log that was read ends"));
    let unknown = installation.command(&["report", "--tenant", "nobody.example"]);
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("nobody.example is no tenant's host"));
}

/// How many reports a report tells of.
fn made(told: &Value) -> u64 {
    let looks = told["looks"].as_array().unwrap();
    looks.iter().filter(|look| look["action"] == "report-made").filter_map(|look| look["count"].as_u64()).sum()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is asked")]
#[ignore = "a million entries, for an optimised build; tests/run --long runs it"]
fn a_million_entries_take_seconds_and_no_memory_of_their_own() {
    let all = entries();
    let many: Vec<_> = all.iter().cycle().take(1_000_000).copied().collect();
    let export = exported(&many);
    let begun = std::time::Instant::now();
    let (_directory, output) = report(&export, &["--json"]);
    let took = begun.elapsed();
    assert!(output.status.success());
    assert!(took.as_secs() < 15, "{took:?}");
    println!("1,000,000 entries in {took:?}");
}
