//! A power cut: the page cache is gone too. Every prefix of what was written, with whatever was not synced dropped, torn
//! and reordered; and once more while the store recovers from the first cut.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use idv::store::Store;

use crate::support::chance::Chance;
use crate::support::disk::{Deed, Disk, cut_power};
use crate::support::figure;
use crate::support::ledger::{self, Known, Logins};
use crate::support::process::write_secret;
use crate::support::world::{block_on, together};

const LOGINS: usize = 120;

#[test]
fn whatever_a_power_cut_leaves_opens_and_has_all_that_was_acknowledged() {
    let logins = Logins::mixed();
    let (made, deeds) = record(&logins);
    let mut chance = Chance::new(1);
    let (mut points, mut second_cuts, mut doubtful) = (0, 0, 0);
    let wanted = if figure::is_long() { 20_000 } else { 5000 };
    let images_a_prefix = wanted / deeds.len() + 1;
    for end in 0..=deeds.len() {
        let acknowledged = acknowledged(&deeds[..end]);
        for _ in 0..images_a_prefix {
            points += 1;
            let image = cut_power(made.clone(), &deeds[..end], &mut chance);
            let disk = Disk::with(image.clone());
            doubtful += verify(&disk, &logins, &acknowledged, LOGINS);
            if chance.once_in(8) {
                // The light comes back, and goes again while the store recovers.
                let recovery = disk.take_deeds();
                let end = chance.below(recovery.len() + 1);
                let disk = Disk::with(cut_power(image, &recovery[..end], &mut chance));
                verify(&disk, &logins, &acknowledged, LOGINS + 1);
                second_cuts += 1;
            }
        }
    }
    figure::report(
        "fault-power-cut",
        "power cut: prefixes of all writes, unsynced ones dropped, torn, reordered",
        format!("{points} crash points, {second_cuts} second cuts during the recovery"),
        "lost 0, doubled 0, every image opens",
        format!("{} writes and syncs; {doubtful} times a completion stood that nobody had been told of", deeds.len()),
    );
}

/// A new store's disk, and what the store does to it from then on, while logins complete alone and in groups.
fn record(logins: &Logins) -> (Vec<u8>, Vec<Deed>) {
    let disk = Disk::default();
    drop(Store::open_on(disk.clone(), &ledger::key()).unwrap());
    let made = disk.image();
    disk.take_deeds();
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    let mut chance = Chance::new(2);
    let mut next = 0;
    while next < LOGINS {
        let group = next..LOGINS.min(next + 1 + chance.below(12));
        next = group.end;
        block_on(async {
            let all = group.map(|n| {
                let (store, disk) = (store.clone(), disk.clone());
                async move {
                    assert!(logins.complete(&store, n).await);
                    disk.note_acknowledged(n);
                }
            });
            together(all).await;
        });
    }
    drop(store);
    (made, disk.take_deeds())
}

/// The control: of a disk that says that it has synced when it has not, the same questions find the loss.
#[test]
fn a_disk_that_lies_about_its_syncs_is_found_out() {
    let logins = Logins::mixed();
    let (made, deeds) = record(&logins);
    let unsynced: Vec<_> = deeds.iter().filter(|deed| !matches!(deed, Deed::Sync)).cloned().collect();
    let acknowledged = acknowledged(&unsynced);
    let mut chance = Chance::new(5);
    let found = (0..20).any(|_| {
        let disk = Disk::with(cut_power(made.clone(), &unsynced, &mut chance));
        catch_unwind(AssertUnwindSafe(|| verify(&disk, &logins, &acknowledged, LOGINS))).is_err()
    });
    assert!(found);
}

#[test]
fn a_power_cut_while_a_store_is_made_leaves_what_is_made_anew() {
    let directory = tempfile::TempDir::new().unwrap();
    let (path, draft) = (directory.path().join("idv.redb"), directory.path().join("idv.redb.new"));
    let disk = Disk::default();
    drop(Store::open_on(disk.clone(), &ledger::key()).unwrap());
    let deeds = disk.take_deeds();
    let mut chance = Chance::new(4);
    for end in 0..=deeds.len() {
        for _ in 0..5 {
            fs::write(&draft, cut_power(Vec::new(), &deeds[..end], &mut chance)).unwrap();
            write_secret(&directory.path().join("idv.key"), &[7; 32]);
            let (store, _) = Store::open(&path, [9; 32]).unwrap();
            assert!(block_on(Logins::mixed().complete(&store, 0)));
            assert!(!draft.exists());
            drop(store);
            fs::remove_file(&path).unwrap();
        }
    }
}

fn acknowledged(deeds: &[Deed]) -> Vec<usize> {
    deeds.iter().filter_map(|deed| if let Deed::Acknowledged(n) = deed { Some(*n) } else { None }).collect()
}

/// Opens the store on `disk`, asks it for every login, and has it take `next` too. Returns how many it knows of that
/// nobody was told of.
fn verify(disk: &Disk, logins: &Logins, acknowledged: &[usize], next: usize) -> usize {
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap_or_else(|error| panic!("{error:?}"));
    let known: Vec<_> = (0..LOGINS).filter(|n| logins.known(&store, *n) == Known::Completed).collect();
    for n in acknowledged {
        assert!(known.contains(n), "login {n} was acknowledged and is lost");
    }
    assert!(block_on(logins.complete(&store, next)), "it goes on");
    known.len() - acknowledged.len()
}
