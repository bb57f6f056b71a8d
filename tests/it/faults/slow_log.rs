//! Nobody reads the log: a journal that stalls, or is slower than a flood.

use std::io::Write;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::support::process::Installation;
use crate::support::{figure, usage, wire};

/// More than the pipe and the log's thread hold.
const PEOPLE: usize = 520;
/// A third of the lines that a person has at once: they may share those with another.
const REFUSALS: usize = 20;
/// By how much the memory may grow for the lines that wait.
const GROWTH: u64 = 16 * 1024 * 1024;
/// For the log to say what was lost, which it does every ten seconds, in tenths of a second.
const PATIENCE: usize = 300;

#[test]
fn a_log_that_nobody_reads_stalls_no_request_and_what_is_lost_of_it_is_counted() {
    let installation = Installation::new();
    let service = installation.serve();
    let before = usage::memory(service.child.id());
    // Its reader waits for this.
    let unread = service.log.lock().unwrap();
    for n in 0..PEOPLE {
        let login = service.begin(&format!("auth0|{n}"), "unread");
        let refused = wire::post(&format!("{}/desk", login.path), &login.cookie, "");
        let refused = refused.replace("\r\nHost", "\r\nSec-Fetch-Site: cross-site\r\nHost");
        let refused = refused.replace("Connection: close\r\n", "").repeat(REFUSALS - 1) + &refused;
        let mut peer = wire::connect(service.address, &service.tls).unwrap();
        peer.write_all(refused.as_bytes()).unwrap();
        assert_eq!(wire::read_to_end(&mut peer).matches("HTTP/1.1 403").count(), REFUSALS);
    }
    let grown = usage::memory(service.child.id()).saturating_sub(before);
    assert!(grown < GROWTH, "{grown}");
    drop(unread);
    let (mut written, mut lost) = (0, 0);
    for _ in 0..PATIENCE {
        (written, lost) = read(&service.log());
        if written + lost >= PEOPLE * REFUSALS {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    // What is said of lost lines may have been lost at first.
    let told = written + lost - PEOPLE * REFUSALS;
    assert!(told < 5, "{written} written, {lost} lost");
    assert!(lost > 0, "the log's thread holds more than the test wrote");
    figure::report(
        "fault-slow-log",
        "a log that nobody reads",
        format!("{} lines", PEOPLE * REFUSALS),
        "all requests answered",
        format!("{written} lines written later, {lost} counted as lost"),
    );
}

/// How many refusals `log` has, and how many lines it says were lost.
fn read(log: &str) -> (usize, usize) {
    let entries = || log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let written = entries().filter(|entry| entry["message"] == "refused").count();
    let lost = entries().filter_map(|entry| entry["lines"].as_u64()).max().unwrap_or_default();
    (written, usize::try_from(lost).unwrap())
}
