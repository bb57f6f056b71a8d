//! A store so large that it answers before every page of it was looked at: what it answers then, and what waits.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use idv::store::backup::CopyError;
use idv::store::codec::Codec;
use idv::store::erase::Traces;
use idv::store::file::OpenError;
use idv::store::opening::Opening;
use idv::store::{Store, StoreError};
use idv::verification::decision::Answered;
use idv::verification::outcome::Status;
use idv::verification::spent::Use;
use idv::verification::subject::IdvId;
use idv::verification::time::Timestamp;
use redb::{Builder, ReadableDatabase, ReadableTable, TableDefinition};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::acts::{Acts, acme, attested};
use crate::support::disk::Disk;
use crate::support::ledger::{self, Known, Logins, identity_of};
use crate::support::process::{Installation, Killed};
use crate::support::token::TENANT;
use crate::support::usage;
use crate::support::wire;
use crate::support::world::{BEGINNING, block_on};

const LOGINS: usize = 200;
const PAGE: usize = 4096;
const AT: Timestamp = Timestamp::from_unix(BEGINNING + 1);
/// Every store is large.
const LARGE: Opening = Opening { cache: 1024 * 1024, looked_through_first: 0 };

/// What a store with so many logins leaves behind when it ends, and when it is killed.
fn images(logins: &Logins) -> (Vec<u8>, Vec<u8>) {
    let disk = Disk::default();
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    for n in 0..LOGINS {
        assert!(block_on(logins.complete(&store, n)));
        assert!(block_on(logins.issue(&store, LOGINS + n)));
    }
    let killed = disk.image();
    drop(store);
    (disk.image(), killed)
}

fn open(disk: &Disk) -> Result<Store, OpenError> {
    Store::open_on_as(disk.clone(), &ledger::key(), LARGE)
}

/// Opens `image`, whose first pages alone are given to who looks at all of them.
fn held(image: &[u8], pages: u64) -> (Disk, Store) {
    let disk = Disk::with(image.to_vec());
    disk.answer_writers_reads(pages);
    let store = open(&disk).unwrap();
    (disk, store)
}

fn token_use(store: &Store, logins: &Logins, n: usize) -> Result<Use, StoreError> {
    let session = logins.session(n, 0);
    store.token_use(session.issued_at, session.token_id)
}

/// Waits until that is so which comes of itself.
fn soon(is_so: impl Fn() -> bool) -> bool {
    (0..500).any(|_| {
        thread::sleep(Duration::from_millis(20));
        is_so()
    })
}

/// What the examination of `store` came to.
fn is_found_damaged(store: &Store) -> bool {
    block_on(async {
        store.examined().await.unwrap();
        tokio::select! {
            biased;
            error = store.damage() => {
                assert!(matches!(error, OpenError::Damaged { .. }) && error.needs_a_person());
                true
            }
            () = std::future::ready(()) => false,
        }
    })
}

#[test]
fn it_answers_at_once_and_decides_when_every_page_was_looked_at() {
    let logins = Logins::mixed();
    let (image, _) = images(&logins);
    let (disk, store) = held(&image, 3);
    assert!(soon(|| disk.hangs()));
    assert!(store.is_available());
    for n in 0..LOGINS {
        assert!(matches!(token_use(&store, &logins, n), Ok(Use::Concluded(..))));
    }
    assert_eq!(token_use(&store, &logins, LOGINS), Ok(Use::Unused));
    let (again, other) = (logins.session(0, 0), logins.session(0, 1));
    thread::scope(|scope| {
        // Also what changes nothing: it was decided before.
        let repeat = scope.spawn(|| block_on(store.simulate(&again, Status::Success, IdvId::from_random([1; 16]), AT)));
        let second = scope.spawn(|| block_on(store.simulate(&other, Status::Success, IdvId::from_random([1; 16]), AT)));
        let first = scope.spawn(|| block_on(logins.complete(&store, LOGINS)));
        let revoked = scope.spawn(|| block_on(store.revoke_code(ledger::subject_of(LOGINS + 1))));
        let told = scope.spawn(|| block_on(store.examined()));
        thread::sleep(Duration::from_millis(200));
        let waits = [repeat.is_finished(), second.is_finished(), first.is_finished(), revoked.is_finished()];
        assert_eq!((waits, told.is_finished()), ([false; 4], false));
        assert_eq!(disk.image(), image, "whenever it is killed, it finds what it found now");
        disk.answer_writers_reads(u64::MAX);
        assert!(matches!(repeat.join().unwrap(), Ok(Answered::Already(_))));
        assert!(matches!(second.join().unwrap(), Ok(Answered::Taken)));
        assert!(first.join().unwrap());
        assert_eq!((revoked.join().unwrap(), told.join().unwrap()), (Ok(true), Ok(())));
    });
    assert!(!is_found_damaged(&store));
    let is_whole = |store: &Store| (0..=LOGINS).all(|n| logins.known(store, n) == Known::Completed);
    assert!(is_whole(&store));
    drop(store);
    assert!(is_whole(&Store::open_on(disk, &ledger::key()).unwrap()));
}

#[test]
fn operators_are_told_nothing_that_was_not_looked_at() {
    let logins = Logins::mixed();
    let (image, _) = images(&logins);
    let (disk, store) = held(&image, 3);
    let session = logins.session(1, 0);
    let tenant = &session.subject.tenant;
    assert_eq!(store.subject(&session.subject), Err(StoreError::Unexamined));
    assert_eq!(store.subjects(tenant, None, 9).err(), Some(StoreError::Unexamined));
    assert_eq!(store.holder(&identity_of(1)), Err(StoreError::Unexamined));
    assert_eq!(store.bindings(&session.subject).err(), Some(StoreError::Unexamined));
    assert_eq!(store.desks(tenant, None, 9).err(), Some(StoreError::Unexamined));
    let directory = TempDir::new().unwrap();
    assert!(matches!(store.copy_to(&directory.path().join("copy")).err(), Some(CopyError::Unavailable)));
    disk.answer_writers_reads(u64::MAX);
    block_on(store.examined()).unwrap();
    assert_eq!(store.holder(&identity_of(1)), Ok(Some(session.subject)));
    assert!(store.copy_to(&directory.path().join("copy")).is_ok());
}

#[test]
fn what_waits_is_told_to_come_again_before_it_is_cut_off() {
    let logins = Logins::new();
    let (image, _) = images(&logins);
    let (disk, store) = held(&image, 3);
    let session = logins.session(LOGINS, 0);
    let answer = block_on(store.simulate(&session, Status::Success, IdvId::from_random([1; 16]), AT));
    assert_eq!(answer, Err(StoreError::Unexamined));
    disk.answer_writers_reads(u64::MAX);
    block_on(store.examined()).unwrap();
    assert_eq!(logins.known(&store, LOGINS), Known::Nothing, "it did not happen behind their back");
    assert!(block_on(logins.complete(&store, LOGINS)));
}

#[test]
fn only_what_is_longer_and_ended_well_answers_before() {
    let logins = Logins::new();
    let (image, killed) = images(&logins);
    let is_examined_first = |image: &[u8], looked_through_first: usize| {
        let opening = Opening { looked_through_first: looked_through_first as u64, ..LARGE };
        let disk = Disk::with(image.to_vec());
        disk.answer_writers_reads(0);
        thread::scope(|scope| {
            let store = scope.spawn(|| Store::open_on_as(disk.clone(), &ledger::key(), opening).unwrap());
            let is_first = soon(|| disk.hangs()) && !store.is_finished();
            disk.answer_writers_reads(u64::MAX);
            let store = store.join().unwrap();
            block_on(store.examined()).unwrap();
            assert!((0..LOGINS).all(|n| logins.known(&store, n) == Known::Completed));
            is_first
        })
    };
    assert!(is_examined_first(&image, image.len()));
    assert!(!is_examined_first(&image, image.len() - 1));
    assert!(is_examined_first(&killed, 0), "what a kill left is repaired first");
}

/// Every page in turn: leaves and branches of every table, the engine's own, its header, and those that nothing is in.
/// The pages are whole, and the log in them is not.
#[test]
fn one_whose_audit_log_was_cut_answers_nothing() {
    let logins = Logins::mixed();
    let (directory, (image, _)) = (TempDir::new().unwrap(), images(&logins));
    let path = directory.path().join("idv.redb");
    fs::write(&path, image).unwrap();
    let database = Builder::new().open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    let mut meta = transaction.open_table(TableDefinition::<&[u8], &[u8]>::new("meta")).unwrap();
    let last = meta.range::<&[u8]>(..&b"audit"[..]).unwrap().next_back().unwrap().unwrap().0.value().to_owned();
    assert!(meta.remove(last.as_slice()).unwrap().is_some());
    drop(meta);
    transaction.commit().unwrap();
    drop(database);
    assert!(matches!(open(&Disk::with(fs::read(&path).unwrap())), Err(OpenError::Damaged { .. })));
}

#[test]
fn damage_is_found_as_it_is_where_all_is_looked_at_first_and_nothing_is_decided_on_it() {
    let logins = Logins::mixed();
    let (image, _) = images(&logins);
    let (mut found, mut kinds, mut answered) = (0, [0; 256], 0);
    for (number, page) in (0..image.len()).step_by(PAGE).enumerate() {
        let mut damaged = image.clone();
        match number % 3 {
            0 => damaged[page..page + PAGE].iter_mut().for_each(|byte| *byte ^= 0x55),
            1 => damaged[page..page + PAGE].fill(0),
            _ => damaged[page + 100 + number % 200] ^= 1 << (number % 8),
        }
        let expected = Store::open_on(Disk::with(damaged.clone()), &ledger::key()).is_err();
        let Ok(store) = open(&Disk::with(damaged)) else {
            assert!(expected, "page {number}");
            continue;
        };
        // A used token stays used, and a bound identity bound, whatever is asked while it is looked at.
        let (n, bound) = (number % LOGINS, (number % LOGINS) | 1);
        let used = block_on(store.simulate(&logins.session(n, 1), Status::Success, IdvId::from_random([1; 16]), AT));
        let stranger = logins.session(3 * LOGINS, 0);
        let attested = attested(acme(), identity_of(bound));
        let taken = block_on(store.attest(&stranger, attested, IdvId::from_random([2; 16]), AT));
        let is_verified = |acted: &Result<Answered, StoreError>| matches!(acted, Ok(Answered::Concluded(outcome)) if outcome.status == Status::Success);
        assert!(!is_verified(&used) && !is_verified(&taken), "page {number}: {used:?}, {taken:?}");
        assert_eq!(is_found_damaged(&store), expected, "page {number}");
        answered += 1;
        if expected {
            found += 1;
            kinds[usize::from(image[page])] += 1;
            assert_eq!((used, taken), (Err(StoreError::Unavailable), Err(StoreError::Unavailable)), "page {number}");
            assert_eq!(token_use(&store, &logins, n), Err(StoreError::Unavailable), "nothing of it is used");
            assert!(!store.is_available());
        }
    }
    let [leaves, branches] = [kinds[1], kinds[2]];
    assert!(leaves > 20 && branches > 3 && answered > found, "{found} of {answered}: {leaves} and {branches}");
}

#[test]
fn what_is_damaged_while_it_is_looked_at_is_found() {
    let logins = Logins::mixed();
    let (image, _) = images(&logins);
    let is_found = |page: usize| {
        let (disk, store) = held(&image, 3);
        assert!(soon(|| disk.hangs()));
        disk.corrupt(page, &[0x55; PAGE]);
        disk.answer_writers_reads(u64::MAX);
        is_found_damaged(&store)
    };
    let would_be_found = |page: usize| {
        let mut damaged = image.clone();
        damaged[page..page + PAGE].fill(0x55);
        Store::open_on(Disk::with(damaged), &ledger::key()).is_err()
    };
    let pages = (PAGE..image.len()).step_by(PAGE).filter(|page| image[*page] == 1 && would_be_found(*page));
    let pages: Vec<_> = pages.take(10).collect();
    assert!(pages.len() == 10 && pages.into_iter().filter(|page| is_found(*page)).count() >= 9);
}

#[test]
fn a_disk_that_fails_meanwhile_is_no_damage_and_all_goes_on_when_it_works() {
    let logins = Logins::mixed();
    let (image, _) = images(&logins);
    let (disk, store) = held(&image, 20);
    assert!(soon(|| disk.hangs()));
    disk.refuse_reads(true);
    disk.answer_writers_reads(u64::MAX);
    assert!(soon(|| !store.is_available()));
    disk.refuse_reads(false);
    assert!(soon(|| store.is_available()));
    assert!(!is_found_damaged(&store) && block_on(logins.complete(&store, LOGINS)));
    assert!((0..=LOGINS).all(|n| logins.known(&store, n) == Known::Completed));
}

#[test]
fn whoever_watches_sees_it_come_further_or_hang() {
    let logins = Logins::new();
    let (image, _) = images(&logins);
    let (disk, store) = held(&image, 3);
    assert!(soon(|| disk.hangs()));
    let is_alive =
        || block_on(async { tokio::time::timeout(Duration::from_secs(1), store.prove_alive()).await.is_ok() });
    assert!(!is_alive());
    thread::scope(|scope| {
        let goes_on = scope.spawn(is_alive);
        while !goes_on.is_finished() {
            disk.answer_writers_reads(1);
            thread::sleep(Duration::from_millis(20));
        }
        assert!(goes_on.join().unwrap());
    });
    disk.answer_writers_reads(u64::MAX);
    block_on(store.examined()).unwrap();
    assert!(is_alive());
}

#[test]
fn who_stops_does_not_wait_until_it_was_looked_through() {
    let logins = Logins::new();
    let (image, _) = images(&logins);
    let (disk, store) = held(&image, 3);
    assert!(soon(|| disk.hangs()));
    thread::scope(|scope| {
        let stopped = scope.spawn(|| drop(store));
        // The one read that is under way.
        thread::sleep(Duration::from_millis(50));
        disk.answer_writers_reads(1);
        assert!(soon(|| stopped.is_finished()));
        disk.answer_writers_reads(u64::MAX);
    });
    assert_eq!(disk.image(), image);
    assert!(open(&disk).is_ok_and(|store| block_on(store.examined()).is_ok()));
}

/// What makes a store of the service large; no table of ours.
const WEIGHT: TableDefinition<u64, &[u8]> = TableDefinition::new("weight");

/// A store of one person that is longer than so many MiB.
fn make_large(path: &Path, logins: &Logins, mebibytes: u64) {
    let (store, _) = Store::open(path, [7; 32]).unwrap();
    assert!(block_on(logins.complete(&store, 0)));
    drop(store);
    let database = Builder::new().open(path).unwrap();
    let transaction = database.begin_write().unwrap();
    let mut table = transaction.open_table(WEIGHT).unwrap();
    let weight = vec![7; 1024 * 1024];
    for number in 0..mebibytes {
        table.insert(number, weight.as_slice()).unwrap();
    }
    drop(table);
    transaction.commit().unwrap();
    assert!(database.begin_read().is_ok());
    drop(database);
    assert!(fs::metadata(path).unwrap().len() > mebibytes * 1024 * 1024);
}

#[test]
fn the_service_is_ready_before_a_large_store_was_looked_through_and_tells_when_it_was() {
    let (installation, logins) = (Installation::new(), Logins::new());
    make_large(&installation.store, &logins, 100);
    let configuration = installation.configuration().replace("[control]", "cache_mib = 16\n[control]");
    fs::write(installation.path("idv.toml"), configuration).unwrap();
    let mut service = installation.serve();
    let login = service.begin("auth0|anybody", "token");
    assert!(wire::get(&login.path, &login.cookie).len() > 1);
    let log = service.log_once("the store was looked through and is whole");
    let place = |words: &str| log.find(words).unwrap_or_else(|| panic!("{words} in {log}"));
    assert!(place("looked through while it serves") < place("\"ready\""));
    // Two caches, and what every service takes.
    let memory = usage::memory(service.child.id());
    assert!(memory < 96 * 1024 * 1024, "{memory} bytes");
    service.signal("TERM");
    assert!(service.child.wait().unwrap().success());
}

#[test]
fn a_service_that_is_stopped_does_not_wait_until_its_store_was_looked_through() {
    let (installation, logins) = (Installation::new(), Logins::new());
    make_large(&installation.store, &logins, 600);
    let mut service = installation.serve();
    service.signal("TERM");
    assert!(service.child.wait().unwrap().success());
    let log = service.log_once("\"stopped\"");
    assert!(log.contains("looked through while it serves"), "{log}");
    assert!(!log.contains("the store was looked through and is whole"), "{log}");
}

/// A store of `people`, with records of ours that take so many MiB.
fn make_full(path: &Path, logins: &Logins, people: usize, mebibytes: u64) {
    const TEXT: usize = 16_000;
    let (store, key) = Store::open(path, [7; 32]).unwrap();
    for n in 0..people {
        assert!(block_on(logins.complete(&store, n)));
    }
    drop(store);
    let (codec, text) = (Codec::of(&key), "a".repeat(TEXT));
    let database = Builder::new().open(path).unwrap();
    let transaction = database.begin_write().unwrap();
    let mut table = transaction.open_table(TableDefinition::<&[u8], &[u8]>::new("identities")).unwrap();
    for number in 0..mebibytes * 1024 * 1024 / TEXT as u64 {
        let key = number.to_be_bytes();
        table.insert(key.as_slice(), codec.seal("identities", &key, &text).as_slice()).unwrap();
    }
    drop(table);
    transaction.commit().unwrap();
}

/// And whoever is erased just then stays so, by the file beside the store too, which waited for the renewal.
#[test]
fn a_service_that_is_stopped_does_not_wait_until_its_store_is_renewed() {
    let (installation, logins) = (Installation::new(), Logins::new());
    make_full(&installation.store, &logins, 2, 200);
    let mut service = installation.serve();
    service.log_once("the store was looked through and is whole");
    let file = || fs::metadata(&installation.store).unwrap().ino();
    let (before, draft) = (file(), installation.store.with_extension("anew"));
    let mebibytes = || fs::metadata(&draft).map_or(0, |draft| draft.blocks() * 512 / 1024 / 1024);
    let mut command = installation.idv(&["subject", "erase", "--tenant", TENANT, "--subject", "auth0|000001"]);
    command.args(["--reason", "request"]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut erases = Killed(command.spawn().unwrap());
    let marks = installation.store.with_file_name("erased.log");
    assert!((0..20_000).any(|_| {
        thread::sleep(Duration::from_millis(1));
        mebibytes() > 16 && marks.exists()
    }));
    service.signal("TERM");
    let mut most = 0;
    let ended = loop {
        most = most.max(mebibytes());
        if let Some(ended) = service.child.try_wait().unwrap() {
            break ended;
        }
    };
    assert!(ended.success() && most < 150, "{ended} with {most} MiB");
    assert!(!erases.wait().unwrap().success(), "it was not told what is left");
    assert_eq!((file(), draft.exists()), (before, false));
    let (store, _) = Store::open(&installation.store, [7; 32]).unwrap();
    assert_eq!(store.subject(&ledger::subject_of(1)), Ok(None));
    assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
    assert_ne!(file(), before);
    assert_eq!(logins.known(&store, 0), Known::Completed);
}

#[test]
fn a_service_whose_large_store_is_damaged_ends_for_good_once_it_has_seen_it() {
    let (installation, logins) = (Installation::new(), Logins::new());
    make_large(&installation.store, &logins, 70);
    let mut bytes = fs::read(&installation.store).unwrap();
    let at = bytes.windows(PAGE).rposition(|window| window == [7; PAGE]).unwrap();
    bytes[at] ^= 1;
    fs::write(&installation.store, bytes).unwrap();
    let mut command = installation.idv(&["serve"]);
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut child = Killed(child);
    let mut log = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut log).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(65), "{log}");
    let told: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let place = |words: &str| told.iter().position(|line| line["message"].as_str().unwrap().contains(words));
    assert!(place("ready") < place("the store is damaged"), "{log}");
    assert!(told.last().unwrap()["error"].as_str().unwrap().contains("idv restore"), "{log}");
}
