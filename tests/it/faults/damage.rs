//! A file that is not what was written: flipped bits, zeroed and misplaced pages, lost writes, a cut-off end.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use idv::store::Store;
use idv::store::file::OpenError;

use crate::support::acts::Acts;
use crate::support::chance::Chance;
use crate::support::disk::Disk;
use crate::support::figure;
use crate::support::ledger::{self, Known, Logins};
use crate::support::world::{block_on, subject};

const LOGINS: usize = 400;
const PAGE: usize = 4096;
const SECTOR: usize = 512;
/// Where the engine's header ends, and in it the byte of flags.
const HEADER: usize = 320;
const FLAGS: usize = 9;

/// The same store, as it is found after a clean end and after a kill; and as it was before its last changes.
struct Images {
    clean: Vec<u8>,
    killed: Vec<u8>,
    earlier: Vec<u8>,
}

fn images(logins: &Logins) -> Images {
    let disk = Disk::default();
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    let mut earlier = Vec::new();
    for n in 0..LOGINS {
        assert!(block_on(logins.complete(&store, n)));
        assert!(block_on(logins.issue(&store, LOGINS + n)));
        if n == LOGINS - 20 {
            earlier = disk.image();
        }
    }
    let killed = disk.image();
    drop(store);
    Images { clean: disk.image(), killed, earlier }
}

#[derive(Debug, Default)]
struct Tally {
    refused: usize,
    whole: usize,
    wrong: Vec<String>,
    panics: usize,
}

/// Opens the damaged `image`, and if it opens asks for everything that was ever written.
fn examine(image: Vec<u8>, logins: &Logins, damage: &str, tally: &mut Tally) {
    let disk = Disk::with(image);
    let outcome = catch_unwind(AssertUnwindSafe(|| match Store::open_on(disk, &ledger::key()) {
        Err(OpenError::Damaged { .. }) => None,
        Err(other) => panic!("another refusal: {other:?}"),
        Ok(store) => Some(is_whole(&store, logins)),
    }));
    match outcome {
        Err(_) => tally.panics += 1,
        Ok(None) => tally.refused += 1,
        Ok(Some(true)) => tally.whole += 1,
        Ok(Some(false)) => tally.wrong.push(damage.to_owned()),
    }
}

fn is_whole(store: &Store, logins: &Logins) -> bool {
    let tenant = subject("auth0|x").tenant;
    let codes = store.desks(&tenant, None, 10 * LOGINS).unwrap();
    (0..LOGINS).all(|n| logins.known(store, n) == Known::Completed)
        && store.subjects(&tenant, None, 10 * LOGINS).unwrap().len() == LOGINS
        && codes.len() == LOGINS
        && (0..LOGINS).all(|n| codes[n].0 == ledger::subject_of(LOGINS + n) && codes[n].1.code.is_some())
        && block_on(logins.complete(store, 3 * LOGINS))
}

/// Damages `image` somehow, and says how.
fn damage(image: &mut Vec<u8>, earlier: &[u8], chance: &mut Chance) -> String {
    let at = chance.below(image.len());
    let page = at / PAGE * PAGE;
    match chance.below(8) {
        0 | 1 => {
            let bit = chance.below(8);
            image[at] ^= 1 << bit;
            format!("bit {bit} of byte {at}")
        }
        2 => {
            let end = image.len().min(at + 1 + chance.below(64));
            image[at..end].iter_mut().for_each(|byte| *byte = u8::try_from(chance.below(256)).unwrap());
            format!("garbage from {at} to {end}")
        }
        3 => {
            image[page..page + PAGE].fill(0);
            format!("zeroed page at {page}")
        }
        4 => {
            let sector = at / SECTOR * SECTOR;
            image[sector..sector + SECTOR].fill(0);
            format!("zeroed sector at {sector}")
        }
        5 => {
            image.truncate(at);
            format!("truncated to {at}")
        }
        6 => {
            let other = chance.below(image.len() / PAGE) * PAGE;
            image.copy_within(other..other + PAGE, page);
            format!("page {other} written to {page}")
        }
        _ => {
            let there = earlier.len().min(page + PAGE).saturating_sub(page);
            image[page..page + there].copy_from_slice(&earlier[page.min(earlier.len())..][..there]);
            format!("the last writes to page {page} lost")
        }
    }
}

#[test]
fn a_damaged_file_is_refused_or_repaired_and_never_silently_wrong() {
    let logins = Logins::mixed();
    let Images { clean, killed, earlier } = images(&logins);
    let mut tally = Tally::default();
    let mut chance = Chance::new(3);
    let files = if figure::is_long() { 20_000 } else { 2000 };
    let mut tried = 0;
    for index in 0..files {
        let mut image = if index % 2 == 0 { clean.clone() } else { killed.clone() };
        let damage = damage(&mut image, &earlier, &mut chance);
        examine(image, &logins, &damage, &mut tally);
        tried += 1;
    }
    // Where a single bit decides which state is the last one.
    let step = if figure::is_long() { 1 } else { 13 };
    for bit in (0..HEADER * 8).step_by(step).chain(FLAGS * 8..FLAGS * 8 + 8) {
        for image in [&clean, &killed] {
            let mut image = image.clone();
            image[bit / 8] ^= 1 << (bit % 8);
            examine(image, &logins, &format!("header bit {bit}"), &mut tally);
            tried += 1;
        }
    }
    assert_eq!(tally.wrong, Vec::<String>::new(), "silently wrong");
    assert_eq!(tally.panics, 0);
    figure::report(
        "fault-damage",
        "damaged files: flipped bits, garbage, zeroed, misplaced and stale pages, truncation, every bit of the header",
        format!("{tried} files"),
        "silently wrong 0, panics 0",
        format!("{} refused, {} repaired or not touched by it", tally.refused, tally.whole),
    );
}

/// A commit is synced once, so the engine takes a damaged last one for a torn one, and the one before in its place.
#[test]
fn a_damaged_commit_that_somebody_was_told_of_is_refused_and_the_one_before_is_not_taken_for_it() {
    const CUT: Range<usize> = HEADER..PAGE;
    let logins = Logins::mixed();
    let disk = Disk::default();
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    let (mut tried, mut refused, mut fell_back) = (0, 0, 0);
    for n in 0..12 {
        let before = disk.image();
        assert!(block_on(logins.complete(&store, n)));
        let after = disk.image();
        let is_changed = |page: &usize| before.get(*page..page + PAGE) != Some(&after[*page..page + PAGE]);
        for page in (PAGE..after.len()).step_by(PAGE).filter(is_changed) {
            let mut damaged = after.clone();
            damaged[page..page + PAGE].iter_mut().for_each(|byte| *byte ^= 0x55);
            let opened = |image: Vec<u8>| Store::open_on(Disk::with(image), &ledger::key());
            tried += 1;
            match opened(damaged.clone()) {
                Err(OpenError::Damaged { .. }) => refused += 1,
                Err(other) => panic!("another refusal: {other:?}"),
                Ok(store) => assert_eq!(logins.known(&store, n), Known::Completed, "not touched by it"),
            }
            // The control: without the note nobody is the wiser.
            damaged[CUT].fill(0);
            fell_back += usize::from(opened(damaged).is_ok_and(|store| logins.known(&store, n) == Known::Nothing));
        }
    }
    assert!(tried > 50 && refused > tried / 2, "{refused} of {tried}");
    assert!(fell_back > tried / 2, "{fell_back} of {tried}");
}

#[test]
fn an_emptied_file_is_not_a_new_store() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("idv.redb");
    drop(Store::open(&path, [1; 32]).unwrap());
    std::fs::write(&path, "").unwrap();
    assert!(matches!(Store::open(&path, [1; 32]).err(), Some(OpenError::Damaged { .. })));
    std::fs::remove_file(&path).unwrap();
    let refusal = Store::open(&path, [1; 32]).err().unwrap();
    assert!(matches!(refusal, OpenError::Missing { .. }));
    assert!(refusal.to_string().contains("idv restore"), "{refusal}");
}
