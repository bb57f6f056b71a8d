//! `kill -9` while photos are taken in, deleted and shredded: what was acknowledged stands, and nothing else does.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::support::album::{Album, Taken, day};
use crate::support::figure;

/// Names the directory of whom is to be killed.
const DIRECTORY: &str = "IDV_TEST_EVIDENCE";
/// What was done, a line each.
const DONE: &str = "done";

/// Takes photos in, deletes every third, and shreds those every tenth time, for as long as it lives.
#[test]
#[ignore = "it is run by the test below, which kills it"]
#[expect(clippy::disallowed_methods, reason = "the test below says where")]
fn until_it_is_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let directory = Path::new(&directory);
    let mut done = OpenOptions::new().append(true).create(true).open(directory.join(DONE)).unwrap();
    let first =
        fs::read_to_string(directory.join(DONE)).unwrap().lines().filter(|line| line.starts_with("begun")).count();
    let album = Album::open(directory);
    for applicant in first.. {
        writeln!(done, "begun {applicant}").unwrap();
        let today = day(applicant as u64 / 7);
        album.take(applicant, today).unwrap();
        writeln!(done, "taken {applicant}").unwrap();
        if applicant % 3 == 0 {
            writeln!(done, "leaves {applicant}").unwrap();
            album.withdraw(applicant, today);
            writeln!(done, "left {applicant}").unwrap();
        }
        if applicant % 5 == 0 {
            album.sweep().unwrap();
        }
        if applicant % 10 == 0 {
            album.rotate(today).unwrap();
            writeln!(done, "rotated {applicant}").unwrap();
        }
    }
}

#[test]
fn killed_at_any_instant_it_has_all_that_was_acknowledged_and_no_more() {
    let kills = if figure::is_long() { 200 } else { 5 };
    let directory = TempDir::new().unwrap();
    let mut names = BTreeSet::new();
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "evidence::kill::until_it_is_killed", "--ignored"])
            .env(DIRECTORY, directory.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let before = said(directory.path(), "taken").len();
        // A different instant of what it does each time.
        while said(directory.path(), "taken").len() < before + 3 + kill % 11 {
            assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
            thread::yield_now();
        }
        thread::sleep(Duration::from_micros(kill as u64 * 997 % 9_000));
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        names.extend(verify(directory.path()));
    }
    figure::report(
        "evidence-kill",
        "`kill -9` while photos are taken in, deleted and shredded",
        format!("{kills} kills, {} photos", names.len()),
        "lost 0, left 0",
        String::new(),
    );
}

/// The applicants of whom it is said that they `did`.
fn said(directory: &Path, did: &str) -> BTreeSet<usize> {
    let done = fs::read_to_string(directory.join(DONE)).unwrap_or_default();
    // The last line may be half.
    let whole = done.rfind('\n').map_or("", |end| &done[..end]);
    whole.lines().filter_map(|line| line.strip_prefix(did)?.trim().parse().ok()).collect()
}

fn verify(directory: &Path) -> BTreeSet<usize> {
    let album = Album::open(directory);
    let [taken, leaves, left] = ["taken", "leaves", "left"].map(|did| said(directory, did));
    let opens = |applicant: usize| {
        let object = album.named(applicant).first().copied()?;
        Some(album.opens(Taken { applicant, object }))
    };
    for applicant in &taken {
        match opens(*applicant) {
            Some(is_whole) => assert!(is_whole && !left.contains(applicant), "{applicant}"),
            None => assert!(leaves.contains(applicant), "{applicant} is lost"),
        }
    }
    album.sweep().unwrap();
    let checked = album.keeper.check().unwrap();
    assert_eq!(checked.damaged, 0);
    assert_eq!(album.files().len() as u64, checked.whole, "nothing is left of others");
    let rotated = album.rotate(day(1_000_000)).unwrap();
    assert_eq!(rotated.left, 0);
    assert_eq!(album.store.objects(None, usize::MAX).unwrap().len() as u64, checked.whole);
    taken
}
