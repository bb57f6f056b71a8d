//! A disk that is full, read only, or fails; and a process that is killed, at every change of a file.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use idv::evidence::EvidenceError;

use crate::support::album::{Album, Taken, day, everything_below, photo};
use crate::support::faulty::Fault;

/// More changes than anything here makes.
const MANY: usize = 100;

/// Does `act` once for each change that it makes, with `fault` at that one, and has `judge` look at what is left.
fn at_each_change(
    fault: Fault,
    make: impl Fn() -> Album,
    act: impl Fn(&Album) -> Result<(), EvidenceError>,
    judge: impl Fn(Album, bool, usize),
) {
    for left in 0..MANY {
        let album = make();
        album.faulty.plan(left, fault);
        let done = act(&album).is_ok();
        let is_met = album.faulty.heal();
        judge(album, done, left);
        if !is_met {
            assert!(done && left > 0, "it changes something");
            return;
        }
    }
    panic!("it has no end");
}

/// With one photo that is to stay.
fn with_one() -> Album {
    let album = Album::new();
    album.take(1, day(0)).unwrap();
    album
}

fn first(album: &Album) -> Taken {
    Taken { applicant: 1, object: album.named(1)[0] }
}

#[test]
fn killed_while_a_photo_is_taken_in_it_is_named_and_opens_or_nothing_is_left_of_it() {
    for fault in [Fault::Killed, Fault::KilledWithin] {
        for today in [day(0), day(1)] {
            let take = |album: &Album| album.take(2, today).map(drop);
            at_each_change(fault, with_one, take, |album, done, left| {
                let album = album.reopened();
                let named = album.named(2);
                assert_eq!(named.len(), usize::from(done), "{fault:?} at {left}");
                album.sweep().unwrap();
                assert_eq!(album.files().len(), 1 + named.len(), "{fault:?} at {left}");
                assert!(album.opens(first(&album)));
                assert!(named.into_iter().all(|object| album.opens(Taken { applicant: 2, object })));
                let again = album.take(3, today).unwrap();
                assert!(album.opens(again), "{fault:?} at {left}");
            });
        }
    }
}

/// The window between the file and the commit that names it.
#[test]
fn killed_before_the_commit_leaves_a_file_that_is_swept() {
    let album = with_one();
    let stored = album.keeper.put(&photo(2), &album.whose(2), day(0)).unwrap();
    drop(stored);
    let album = album.reopened();
    assert_eq!(album.files().len(), 2);
    assert_eq!(album.sweep().unwrap().removed, 1);
    assert!(album.opens(first(&album)));
}

/// Two epochs, each with a photo that stays and one that was deleted, and one more epoch that lost nothing.
fn to_be_rotated() -> Album {
    let album = Album::new();
    for (applicant, today) in [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2)] {
        album.take(applicant, day(today)).unwrap();
    }
    album.withdraw(2, day(0));
    album.withdraw(4, day(1));
    album
}

#[test]
fn killed_while_it_rotates_what_stays_opens_and_the_next_rotation_goes_on() {
    for fault in [Fault::Killed, Fault::KilledWithin] {
        for today in [day(2), day(3)] {
            let rotate = |album: &Album| album.rotate(today).map(drop);
            at_each_change(fault, to_be_rotated, rotate, |album, done, left| {
                let album = album.reopened();
                let opens = |applicant| {
                    let object = album.named(applicant)[0];
                    album.opens(Taken { applicant, object })
                };
                assert!([1, 3, 5].into_iter().all(opens), "{fault:?} at {left}");
                let rotated = album.rotate(today).unwrap();
                assert_eq!(rotated.left, 0, "{fault:?} at {left}");
                assert!(!done || rotated.shredded == 0, "{fault:?} at {left}");
                assert!([1, 3, 5].into_iter().all(opens), "{fault:?} at {left}");
                assert_eq!(album.store.objects(None, 10).unwrap().len(), 3);
                album.sweep().unwrap();
                assert_eq!(album.files().len(), 3, "{fault:?} at {left}");
            });
        }
    }
}

/// Where records were sealed anew and the keys not let go yet, and where some were.
#[test]
fn half_a_rotation_is_gone_on_with() {
    let album = to_be_rotated();
    // Two changes of the file of keys begin an epoch; the next would let the old ones go.
    album.faulty.plan(2, Fault::Killed);
    album.withdraw(5, day(2));
    assert!(album.rotate(day(3)).is_err());
    let album = album.reopened();
    assert_eq!(album.keeper.count().unwrap().epochs, 4);
    assert_eq!(album.rotate(day(3)).unwrap().shredded, 3);
    assert_eq!(album.keeper.count().unwrap().epochs, 1);
}

#[test]
fn killed_while_it_sweeps_the_next_sweep_goes_on() {
    let make = || {
        let album = to_be_rotated();
        drop(album.keeper.put(&photo(6), &album.whose(6), day(2)).unwrap());
        fs::write(album.evidence().join("new").join("half"), "half").unwrap();
        album
    };
    let sweep = |album: &Album| album.sweep().map(drop);
    at_each_change(Fault::Killed, make, sweep, |album, _, left| {
        let album = album.reopened();
        album.sweep().unwrap();
        assert_eq!(album.files().len(), 3, "at {left}");
        assert_eq!(album.keeper.check().unwrap().whole, 3, "at {left}");
    });
}

#[test]
fn a_full_disk_leaves_nothing_of_a_photo_and_the_slot_as_it_was() {
    for fault in [Fault::Full, Fault::Fails] {
        for today in [day(0), day(1)] {
            let take = |album: &Album| album.take(2, today).map(drop);
            at_each_change(fault, with_one, take, |album, done, left| {
                assert_eq!(album.named(2).len(), usize::from(done), "{fault:?} at {left}");
                assert_eq!(
                    album.files().len(),
                    1 + usize::from(done),
                    "{fault:?} at {left}: nothing waits to be swept"
                );
                assert_eq!(album.keeper.space().unwrap().files, 1 + u64::from(done));
                assert!(album.opens(first(&album)));
                let again = album.take(3, today).unwrap();
                assert!(album.opens(again), "there is room again");
                let album = album.reopened();
                assert!(album.opens(first(&album)) && album.opens(again), "{fault:?} at {left}");
            });
        }
    }
}

#[test]
fn a_disk_that_fails_while_it_rotates_loses_nothing() {
    for fault in [Fault::Full, Fault::Fails] {
        let rotate = |album: &Album| album.rotate(day(3)).map(drop);
        at_each_change(fault, to_be_rotated, rotate, |album, _, left| {
            assert_eq!(album.rotate(day(3)).unwrap().left, 0, "{fault:?} at {left}");
            assert_eq!(album.keeper.check().unwrap().whole, 3, "{fault:?} at {left}");
            let album = album.reopened();
            assert_eq!(album.keeper.check().unwrap().whole, 3, "{fault:?} at {left}");
        });
    }
}

/// As the account of the service has it, where root runs the tests.
#[test]
fn a_directory_that_cannot_be_written_takes_no_photo_and_shows_those_that_are_there() {
    let album = with_one();
    let close = |path: &Path, mode: u32| {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        if rustix::process::geteuid().is_root() {
            chown(path, Some(61_234), Some(61_234)).unwrap();
        }
    };
    let evidence = album.evidence();
    for file in everything_below(&evidence) {
        close(&file, 0o400);
    }
    for first in 0..=u8::MAX {
        close(&evidence.join(format!("objects/{first:02x}")), 0o500);
    }
    for name in ["new", "objects", "."] {
        close(&evidence.join(name), 0o500);
    }
    let album = album.reopened();
    assert!(album.opens(first(&album)));
    for today in [day(0), day(1)] {
        assert!(matches!(album.take(2, today), Err(EvidenceError::Io(_))));
    }
    assert!(album.named(2).is_empty());
    album.withdraw(1, day(0));
    assert!(album.rotate(day(1)).is_err());
    assert_eq!(album.store.objects(None, 10).unwrap().len(), 1, "it is not called shredded");
}
