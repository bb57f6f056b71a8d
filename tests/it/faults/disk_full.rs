//! A full disk: a page that says "try again", nothing lost, and recovery without a restart.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use idv::store::Store;
use tempfile::TempDir;

use crate::support::disk::Disk;
use crate::support::figure;
use crate::support::ledger::{self, Logins};
use crate::support::process::{BINARY, Installation, Service};
use crate::support::token::TENANT;
use crate::support::wire;
use crate::support::world::{block_on, together};

/// A small file system of its own, seen by the service alone: in a mount namespace, which needs no privilege where user
/// namespaces are allowed.
pub(super) fn serve_on_small_disk(installation: &Installation) -> Service {
    let disk = installation.path("disk");
    fs::create_dir(&disk).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=4m,mode=0700 tmpfs {} && exec {BINARY} --config {} serve",
        disk.display(),
        installation.path("idv.toml").display()
    );
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &script]);
    installation.serve_by(command)
}

/// Starts a login, which a full disk does not keep anyone from, and leaves it.
pub(super) fn leave(service: &Service, subject: &str) -> String {
    let login = service.begin(subject, subject);
    assert!(service.exchange(&wire::get(&login.path, &login.cookie)).unwrap().starts_with("HTTP/1.1 200"), "read on");
    service.submit(&login, "cancel", "").unwrap()
}

pub(super) fn health(service: &Service) -> String {
    service.exchange(&wire::get("/health", "")).unwrap()
}

#[test]
fn a_full_disk_is_told_loses_nothing_and_recovers_without_a_restart() {
    let directory = TempDir::new().unwrap();
    let store = directory.path().join("disk/idv.redb");
    let installation = Installation::with_store(directory, store);
    let service = serve_on_small_disk(&installation);
    // The service's own view of the file system.
    let ballast = format!("/proc/{}/root{}/ballast", service.child.id(), installation.path("disk").display());

    let mut acknowledged = Vec::new();
    for index in 0..20 {
        let subject = format!("auth0|before-{index}");
        assert!(leave(&service, &subject).starts_with("HTTP/1.1 303"));
        acknowledged.push(subject);
    }
    fill(&ballast);
    let mut refused = 0;
    for index in 0..400 {
        let subject = format!("auth0|during-{index}-{}", "x".repeat(400));
        let answer = leave(&service, &subject);
        if answer.starts_with("HTTP/1.1 303") {
            acknowledged.push(subject);
        } else {
            assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
            assert!(answer.contains("Please try again") && answer.contains("retry-after: 5"), "{answer}");
            refused += 1;
            if refused == 5 {
                break;
            }
        }
    }
    assert_eq!(refused, 5, "the disk was full");
    assert!(health(&service).starts_with("HTTP/1.1 503"), "{}", health(&service));
    service.log_once("the disk is full");

    fs::remove_file(&ballast).unwrap();
    let recovered = (0..100).any(|attempt| {
        thread::sleep(Duration::from_millis(50));
        let subject = format!("auth0|after-{attempt}");
        let is_back = leave(&service, &subject).starts_with("HTTP/1.1 303");
        acknowledged.extend(is_back.then_some(subject));
        is_back
    });
    assert!(recovered, "without a restart: {}", service.log());
    assert!(health(&service).starts_with("HTTP/1.1 200"));

    let listed = installation.json(&["subject", "list", "--tenant", TENANT]);
    let listed: Vec<_> = listed.as_array().unwrap().iter().map(|entry| entry["subject"].as_str().unwrap()).collect();
    for subject in &acknowledged {
        assert!(listed.contains(&subject.as_str()), "{subject} was acknowledged");
    }
    figure::report(
        "fault-disk-full",
        "full disk (tmpfs of 4 MiB) while serving",
        format!("{refused} completions refused, {} acknowledged", acknowledged.len()),
        "503 with a page, pages are read on, health red, recovers without a restart",
        "lost 0",
    );
}

/// Takes all the space that is left.
pub(super) fn fill(path: &str) {
    use std::io::Write;
    let mut file = fs::File::create(path).unwrap();
    for size in [65_536, 4096] {
        let block = vec![0; size];
        while file.write_all(&block).is_ok() {}
    }
}

const KIB: u64 = 1024;
/// What a transaction with one work may need.
const FOR_ONE: u64 = 384 * KIB;

#[test]
fn a_disk_near_its_end_is_full_once_and_takes_changes_again_once() {
    let (logins, disk) = (Logins::new(), Disk::default());
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    let mut next = 0;
    let mut takes = |room| {
        disk.leave_room(room);
        next += 1;
        block_on(logins.complete(&store, next)) && store.is_available()
    };
    assert!(takes(FOR_ONE));
    assert!(!takes(FOR_ONE - 1), "now it is full");
    for room in [FOR_ONE, FOR_ONE - 1, 2 * FOR_ONE - 1, FOR_ONE] {
        assert!(!takes(room), "and stays so with {room}");
    }
    assert!(takes(2 * FOR_ONE));
    for room in [2 * FOR_ONE - 1, FOR_ONE] {
        assert!(takes(room), "and again it is not with {room}");
    }
}

/// A crowd that had no room together used to be refused, and with it the disk was "full" for everyone.
#[test]
fn a_crowd_that_has_no_room_in_one_transaction_is_taken_in_several() {
    let (logins, disk) = (Logins::new(), Disk::default());
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    disk.leave_room(FOR_ONE + 128 * KIB);
    block_on(together((0..100).map(|n| {
        let (logins, store) = (&logins, &store);
        async move { assert!(logins.complete(store, n).await, "login {n}") }
    })));
    assert!(store.is_available());
}
