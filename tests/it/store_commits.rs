//! What is written for a change, and that nothing is where nothing changes; and the note of the last commit.

use std::ops::Range;

use idv::store::Store;
use idv::store::file::OpenError;
use idv::verification::time::Timestamp;

use crate::support::acts::Acts;
use crate::support::disk::{Deed, Disk};
use crate::support::ledger::{self, Known, Logins};
use crate::support::world::{BEGINNING, block_on, together};

const LATER: Timestamp = Timestamp::from_unix(BEGINNING + 1_000_000);

/// Where the last commit is noted: in the engine's first page, behind its header.
const NOTE: Range<usize> = 2048..2073;
const HEADER: usize = 320;
const PAGE: usize = 4096;

fn opened() -> (Disk, Store) {
    let disk = Disk::default();
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    disk.take_deeds();
    (disk, store)
}

fn open(disk: &Disk) -> Result<Store, OpenError> {
    Store::open_on(disk.clone(), &ledger::key())
}

/// The killed store after `count` logins.
fn image_after(logins: &Logins, count: usize) -> Vec<u8> {
    let (disk, store) = opened();
    assert!((0..count).all(|n| block_on(logins.complete(&store, n))));
    disk.image()
}

/// `image`, with the note of `other`.
fn noted_as(image: &[u8], other: &[u8]) -> Disk {
    Disk::with([&image[..NOTE.start], &other[NOTE], &image[NOTE.end..]].concat())
}

/// Whether the disk was asked to sync since this was last asked.
fn is_synced(disk: &Disk) -> bool {
    disk.take_deeds().iter().any(|deed| matches!(deed, Deed::Sync))
}

#[test]
fn what_changes_nothing_is_answered_and_nothing_is_written_for_it() {
    let logins = Logins::new();
    let (disk, store) = opened();
    assert_eq!(block_on(store.sweep(LATER)), Ok(0), "of an empty store");
    assert_eq!(block_on(store.revoke_code(ledger::subject_of(0))), Ok(false), "of somebody without a code");
    assert!(disk.take_deeds().is_empty());
    assert!(block_on(logins.complete(&store, 0)) && is_synced(&disk));
    assert_eq!(block_on(store.sweep(LATER)), Ok(0), "the newest token is kept");
    assert!(disk.take_deeds().is_empty());
}

#[test]
fn whatever_changes_something_is_synced() {
    let logins = Logins::new();
    let (disk, store) = opened();
    assert!(block_on(logins.issue(&store, 0)) && is_synced(&disk));
    assert_eq!(block_on(store.revoke_code(ledger::subject_of(0))), Ok(true));
    assert!(is_synced(&disk), "a code is gone");
    assert_eq!(block_on(store.revoke_code(ledger::subject_of(0))), Ok(false));
    assert!(disk.take_deeds().is_empty(), "and no more is");
    assert_eq!(block_on(store.prove_writable()), Ok(()));
    assert!(is_synced(&disk), "the proof is that the disk takes a write, whatever stands there");
}

#[test]
fn one_change_among_many_works_that_change_nothing_is_durable() {
    let logins = Logins::new();
    let (disk, store) = opened();
    let nothing_of = |n| {
        let store = store.clone();
        async move { assert_eq!(store.revoke_code(ledger::subject_of(n)).await, Ok(false)) }
    };
    for n in 0..20 {
        block_on(async {
            tokio::join!(
                together((0..5).map(|k| nothing_of(100 + k))),
                async { assert!(logins.complete(&store, n).await) },
                together((0..5).map(|k| nothing_of(200 + k))),
            )
        });
        let killed = Store::open_on(Disk::with(disk.image()), &ledger::key()).unwrap();
        assert_eq!(logins.known(&killed, n), Known::Completed);
        assert_eq!(logins.known(&store, n), Known::Completed, "and can be looked up");
    }
}

#[test]
fn a_disk_that_takes_no_writes_still_answers_what_changes_nothing() {
    let logins = Logins::new();
    let (disk, store) = opened();
    assert!(block_on(logins.complete(&store, 0)));
    disk.refuse_writes(true);
    assert_eq!(block_on(store.revoke_code(ledger::subject_of(1))), Ok(false));
    assert!(store.is_available(), "nobody has met the fault");
    assert!(!block_on(logins.complete(&store, 1)));
    disk.refuse_writes(false);
}

#[test]
fn a_commit_is_synced_once_and_then_noted() {
    let is_write = |deed: &Deed| matches!(deed, Deed::Write { .. });
    let logins = Logins::new();
    let (disk, store) = opened();
    let mut grown = 0;
    for n in 0..50 {
        assert!(block_on(logins.complete(&store, n)));
        let deeds = disk.take_deeds();
        let is_growth = |deeds: &[Deed]| matches!(deeds, [Deed::Length(_), Deed::Sync]);
        let growths = deeds.windows(2).filter(|deeds| is_growth(deeds)).count();
        assert_eq!(deeds.iter().filter(|deed| matches!(deed, Deed::Sync)).count(), 1 + growths);
        grown += growths;
        let [rest @ .., Deed::Write { offset, bytes }] = &deeds[..] else { panic!("the note comes last") };
        assert!(rest.iter().rposition(|deed| matches!(deed, Deed::Sync)) > rest.iter().rposition(is_write));
        assert_eq!((*offset, bytes.len()), (NOTE.start, NOTE.len()));
    }
    assert!(grown < 10, "a file that grows is synced for that: {grown} times");
}

#[test]
fn a_note_that_is_behind_or_missing_says_nothing_and_one_that_is_ahead_says_that_a_commit_is_damaged() {
    let logins = Logins::new();
    let images: Vec<_> = (0..6).map(|count| image_after(&logins, count)).collect();
    let none = vec![0; PAGE];
    for (count, image) in images.iter().enumerate() {
        for (noted, other) in images.iter().enumerate() {
            let (disk, case) = (noted_as(image, other), format!("{count} commits, {noted} noted"));
            if noted <= count {
                let store = open(&disk).expect(&case);
                assert!((0..count).all(|n| logins.known(&store, n) == Known::Completed), "{case}");
                continue;
            }
            for _ in 0..3 {
                assert!(matches!(open(&disk), Err(OpenError::Damaged { .. })), "{case}, however often it is opened");
            }
        }
        assert!(open(&noted_as(image, &none)).is_ok(), "{count} commits, none noted");
    }
}

#[test]
fn a_note_that_is_damaged_is_damage() {
    let image = image_after(&Logins::new(), 3);
    assert!(image[NOTE].iter().any(|byte| *byte != 0));
    for bit in NOTE.start * 8..NOTE.end * 8 {
        let mut damaged = image.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(open(&Disk::with(damaged)), Err(OpenError::Damaged { .. })), "bit {bit}");
    }
}

#[test]
fn an_opening_notes_what_it_found_so_that_a_power_cut_leaves_no_note_behind_for_long() {
    let logins = Logins::new();
    let (two, five) = (image_after(&logins, 2), image_after(&logins, 5));
    let disk = noted_as(&five, &two);
    drop(open(&disk).unwrap());
    assert_eq!(disk.image()[NOTE], five[NOTE]);
}

/// An engine that used more of its first page would be in the way.
#[test]
fn the_engine_has_nothing_but_its_header_in_its_first_page() {
    let logins = Logins::new();
    let (disk, store) = opened();
    for n in 0..200 {
        assert!(block_on(logins.complete(&store, n)));
    }
    for image in [disk.image(), {
        drop(store);
        disk.image()
    }] {
        assert!(image[HEADER..NOTE.start].iter().chain(&image[NOTE.end..PAGE]).all(|byte| *byte == 0));
        assert!(image[NOTE].iter().any(|byte| *byte != 0));
    }
}
