//! A disk that goes read-only or breaks under the running store: what was there is read on, nothing is lost, and it comes
//! back without a restart.
//!
//! Linux refuses to remount a file system read-only while a file on it is open for writing; it is the kernel itself that
//! does it, after an error. So this is done at the store's own seam.

use std::thread;
use std::time::Duration;

use idv::store::{Store, StoreError};

use crate::support::disk::Disk;
use crate::support::figure;
use crate::support::ledger::{self, Known, Logins};
use crate::support::world::block_on;

const LOGINS: usize = 300;

fn filled(logins: &Logins) -> (Disk, Store) {
    let disk = Disk::default();
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    for n in 0..LOGINS {
        assert!(block_on(logins.complete(&store, n)));
    }
    (disk, store)
}

/// Waits for `is_so`, for as long as a few of the writer's own tries take.
fn soon(is_so: impl Fn() -> bool) -> bool {
    (0..200).any(|_| {
        thread::sleep(Duration::from_millis(50));
        is_so()
    })
}

#[test]
fn a_disk_that_goes_read_only_is_read_on_and_written_again_when_it_may_be() {
    let logins = Logins::mixed();
    let (disk, store) = filled(&logins);
    let mut refused = 0;
    for round in 0..3 {
        disk.refuse_writes(true);
        for _ in 0..20 {
            assert!(!block_on(logins.complete(&store, LOGINS + round)));
            refused += 1;
        }
        assert!(!store.is_available());
        assert_eq!(block_on(store.prove_writable()), Err(StoreError::Unavailable));
        for n in 0..LOGINS + round {
            assert_eq!(logins.known(&store, n), Known::Completed, "read on");
        }
        assert_eq!(logins.known(&store, LOGINS + round), Known::Nothing);
        disk.refuse_writes(false);
        assert!(soon(|| store.is_available()), "without a restart");
        assert!(block_on(logins.complete(&store, LOGINS + round)));
    }
    drop(store);
    let store = Store::open_on(disk, &ledger::key()).unwrap();
    assert!((0..LOGINS + 3).all(|n| logins.known(&store, n) == Known::Completed));
    figure::report(
        "fault-read-only",
        "disk goes read-only while running",
        format!("3 times, {refused} completions refused"),
        "look-ups go on, lost 0, recovers without a restart",
        format!("{} acknowledged", LOGINS + 3),
    );
}

#[test]
fn a_store_whose_disk_can_be_neither_read_nor_written_says_so_and_comes_back() {
    let logins = Logins::mixed();
    let (disk, store) = filled(&logins);
    disk.refuse_writes(true);
    disk.refuse_reads(true);
    assert!(!block_on(logins.complete(&store, LOGINS)));
    let session = logins.session(0, 0);
    assert!(soon(|| !store.is_available() && store.subject(&session.subject) == Err(StoreError::Unavailable)));
    disk.refuse_writes(false);
    disk.refuse_reads(false);
    assert!(soon(|| store.is_available()));
    assert!((0..LOGINS).all(|n| logins.known(&store, n) == Known::Completed));
}

/// The watchdog used to end a service whose store was looked through after a fault, which takes long where it is large.
#[test]
fn a_recovery_that_goes_on_is_alive_and_one_that_hangs_is_not() {
    let logins = Logins::mixed();
    let (disk, store) = filled(&logins);
    let is_alive =
        || block_on(async { tokio::time::timeout(Duration::from_secs(2), store.prove_alive()).await.is_ok() });
    assert!(is_alive());
    disk.answer_reads(0);
    disk.refuse_writes(true);
    assert!(!block_on(logins.complete(&store, LOGINS)), "its commit fails, and the store is looked through");
    let hangs = || soon(|| disk.hangs()) && !is_alive();
    let mut seen = vec![("it hangs", hangs())];
    for _ in 0..3 {
        let goes_on = thread::scope(|scope| {
            let goes_on = scope.spawn(is_alive);
            while !goes_on.is_finished() {
                disk.answer_reads(1);
                thread::sleep(Duration::from_millis(20));
            }
            goes_on.join().unwrap()
        });
        seen.extend([("it comes further", goes_on), ("it hangs again", hangs())]);
    }
    // Whatever was seen, nothing waits for it any more.
    disk.answer_reads(u64::MAX);
    seen.retain(|(_, is_so)| !is_so);
    assert_eq!(seen, []);
    disk.refuse_writes(false);
    assert!(soon(|| store.is_available()) && is_alive());
    assert!((0..LOGINS).all(|n| logins.known(&store, n) == Known::Completed));
}
