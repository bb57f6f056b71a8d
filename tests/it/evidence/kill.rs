//! `kill -9` while photos are taken in, deleted and shredded: what was acknowledged stands, and nothing else does.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use tempfile::TempDir;

use crate::support::album::{Album, Taken, day};
use crate::support::figure;
use crate::support::killed::{self, Victim, Words};

/// Takes photos in, deletes every third, and shreds those every tenth time, for as long as it lives.
#[test]
#[ignore = "it is run by the test below, which kills it"]
fn until_it_is_killed() {
    let Some(directory) = killed::directory() else { return };
    let (first, mut words) = (said(&directory, "begun").len(), Words::of(&directory));
    let album = Album::open(&directory);
    for applicant in first.. {
        words.say(&format!("begun {applicant}"));
        let today = day(applicant as u64 / 7);
        album.take(applicant, today).unwrap();
        words.say(&format!("taken {applicant}"));
        if applicant % 3 == 0 {
            words.say(&format!("leaves {applicant}"));
            album.withdraw(applicant, today);
            words.say(&format!("left {applicant}"));
        }
        if applicant % 5 == 0 {
            album.sweep().unwrap();
        }
        if applicant % 10 == 0 {
            album.rotate(today).unwrap();
            words.say(&format!("rotated {applicant}"));
        }
    }
}

#[test]
fn killed_at_any_instant_it_has_all_that_was_acknowledged_and_no_more() {
    let kills = if figure::is_long() { 200 } else { 5 };
    let directory = TempDir::new().unwrap();
    let mut names = BTreeSet::new();
    for kill in 0..kills {
        let before = said(directory.path(), "taken").len();
        let victim = Victim::begin("evidence::kill::until_it_is_killed", directory.path());
        // A different instant of what it does each time.
        let is_time = || said(directory.path(), "taken").len() >= before + 3 + kill % 11;
        assert_eq!(victim.kill(is_time, kill * 997 % 9_000).signal(), Some(9), "it did not end by itself");
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
    killed::said(directory).iter().filter_map(|line| line.strip_prefix(did)?.trim().parse().ok()).collect()
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
