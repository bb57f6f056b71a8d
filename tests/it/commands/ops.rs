//! `idv ops`: alert rules and a dashboard, which name our metrics and nothing else. `tests/monitoring` has promtool judge them.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::support::process::{BINARY, Installation};

/// What `/metrics` has.
const METRICS: [&str; 43] = [
    "idv_audit_entries_total",
    "idv_backup_last_success_timestamp_seconds",
    "idv_build_info",
    "idv_case_decisions_total",
    "idv_case_oldest_waiting_timestamp_seconds",
    "idv_case_second_verdicts",
    "idv_cases",
    "idv_certificate_not_after_timestamp_seconds",
    "idv_certificate_not_before_timestamp_seconds",
    "idv_clock_sane",
    "idv_codes_waiting",
    "idv_commit_batch_size",
    "idv_commit_duration_seconds",
    "idv_commits_total",
    "idv_connections",
    "idv_decision_duration_seconds",
    "idv_evidence_bytes",
    "idv_evidence_epochs",
    "idv_evidence_objects",
    "idv_evidence_unshredded_seconds",
    "idv_evidence_writable",
    "idv_handshakes_total",
    "idv_log_lines_lost_total",
    "idv_outcomes_total",
    "idv_ready",
    "idv_refusals_total",
    "idv_reloads_total",
    "idv_request_duration_seconds",
    "idv_responses_total",
    "idv_starts_total",
    "idv_store_bytes",
    "idv_store_free_bytes",
    "idv_store_traces",
    "idv_store_writable",
    "idv_turned_away_total",
    "idv_upload_bytes",
    "idv_upload_development_seconds",
    "idv_uploads_total",
    "process_cpu_seconds_total",
    "process_max_fds",
    "process_open_fds",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
];

fn printed(what: &str) -> String {
    let told = Command::new(BINARY).args(["ops", what]).output().unwrap();
    assert!(told.status.success(), "{told:?}");
    String::from_utf8(told.stdout).unwrap()
}

/// The metrics that the expression names: words that begin like ours or like those of every process.
fn metrics(expression: &str) -> BTreeSet<String> {
    let words = expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let named = words.filter(|word| word.starts_with("idv_") || word.starts_with("process_"));
    let family = |word: &str| {
        let part = ["_bucket", "_sum", "_count"].into_iter().find_map(|part| word.strip_suffix(part));
        part.unwrap_or(word).to_owned()
    };
    named.map(family).collect()
}

fn ours() -> BTreeSet<String> {
    METRICS.map(str::to_owned).into()
}

/// The expressions of a dashboard's panels, which have one at least unless they are a row.
fn expressions(dashboard: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(!panel["title"].as_str().unwrap().is_empty(), "{panel}");
        if panel["type"] == "row" {
            continue;
        }
        let targets = panel["targets"].as_array().unwrap();
        assert!(!targets.is_empty() && !panel["description"].as_str().unwrap().is_empty(), "{panel}");
        found.extend(targets.iter().map(|target| target["expr"].as_str().unwrap().to_owned()));
    }
    found
}

#[test]
fn every_metric_of_ours_is_on_the_dashboard_and_none_of_anybody_else() {
    let dashboard: Value = serde_json::from_str(&printed("dashboard")).unwrap();
    let named: BTreeSet<_> = expressions(&dashboard).iter().flat_map(|expression| metrics(expression)).collect();
    assert_eq!(named, ours());
}

#[test]
fn the_panels_of_the_dashboard_lie_side_by_side_and_have_names_of_their_own() {
    let dashboard: Value = serde_json::from_str(&printed("dashboard")).unwrap();
    let (mut cells, mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for panel in dashboard["panels"].as_array().unwrap() {
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64().unwrap());
        assert!(x + w <= 24, "{panel}");
        for cell in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
            assert!(cells.insert(cell), "{cell:?} twice: {panel}");
        }
        assert!(ids.insert(panel["id"].as_u64()) && titles.insert(panel["title"].as_str()), "{panel}");
    }
}

/// The rules, each by its keys: the file is YAML of one shape, two levels of keys and texts that are indented below theirs.
fn rules(text: &str) -> Vec<Vec<(String, String)>> {
    let body = text.split_once("    rules:\n").unwrap().1;
    let rules = body.split("      - alert: ").skip(1);
    let of = |rule: &str| {
        let mut keys: Vec<(String, String)> = Vec::new();
        for line in format!("        alert: {rule}").lines().filter(|line| !line.trim_start().starts_with('#')) {
            let depth = line.len() - line.trim_start().len();
            let begun = line.trim_start().split_once(':').filter(|(key, _)| {
                (depth == 8 || depth == 10 && ["summary", "description"].contains(key)) && !line.contains('\t')
            });
            match (begun, keys.last_mut()) {
                (Some((key, value)), _) => keys.push((key.to_owned(), value.trim().to_owned())),
                (None, Some((_, value))) if depth > 8 || line.is_empty() => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                _ => panic!("{line:?}"),
            }
        }
        keys
    };
    rules.map(of).collect()
}

#[test]
fn every_alert_says_what_is_wrong_and_what_to_do_first_and_rests_on_our_metrics() {
    let text = printed("alerts");
    let rules = rules(&text);
    let mut names = BTreeSet::new();
    for rule in &rules {
        let of = |name: &str| rule.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let keys: Vec<_> = rule.iter().map(|(key, _)| key.as_str()).filter(|key| *key != "for").collect();
        assert_eq!(keys, ["alert", "expr", "labels", "annotations", "summary", "description"], "{rule:?}");
        assert!(names.insert(of("alert").unwrap()), "{rule:?}");
        assert!(["{ severity: page }", "{ severity: ticket }"].contains(&of("labels").unwrap()), "{rule:?}");
        let summary = of("summary").unwrap();
        assert!(summary.starts_with('"') && summary.ends_with('"') && summary.len() > 20, "{summary}");
        assert!(of("description").unwrap().contains(" First: "), "{rule:?}");
        let expression = of("expr").unwrap();
        let watched = metrics(expression);
        assert!(watched.is_subset(&ours()) && (!watched.is_empty() || expression.contains("up{")), "{expression}");
    }
    assert_eq!(names.len(), text.matches("alert:").count());
    assert_eq!(names.len(), 16, "{names:?}");
}

#[test]
fn both_need_no_configuration_are_small_and_go_into_a_script_whole() {
    let installation = Installation::new();
    let mut size = 0;
    for (what, path) in [("alerts", "idv-alerts.yml"), ("dashboard", "idv-dashboard.json")] {
        let text = printed(what);
        size += text.len();
        let file = &installation.json(&["ops", what])["files"][0];
        assert_eq!((file["path"].as_str(), file["text"].as_str()), (Some(path), Some(text.as_str())));
    }
    assert!(size < 60_000, "{size}");
}
