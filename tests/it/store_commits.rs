//! What is written for a change, and that nothing is where nothing changes.

use idv::store::Store;
use idv::verification::time::Timestamp;

use crate::support::disk::{Deed, Disk};
use crate::support::ledger::{self, Known, Logins};
use crate::support::world::{BEGINNING, block_on, together};

const LATER: Timestamp = Timestamp::from_unix(BEGINNING + 1_000_000);

fn opened() -> (Disk, Store) {
    let disk = Disk::default();
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    disk.take_deeds();
    (disk, store)
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
