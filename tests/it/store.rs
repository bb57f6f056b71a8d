//! The store: opened rightly or not at all, never silently wrong.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use idv::ops::random;
use idv::store::Store;
use idv::store::file::OpenError;
use idv::store::opening::Opening;
use idv::verification::account::Account;
use idv::verification::method::Kind;
use idv::verification::method::desk::{Code, Vouch};
use idv::verification::spent::Use;
use idv::verification::time::Timestamp;
use idv::verification::token::UntrustedToken;
use tempfile::TempDir;

use crate::support::acts::Acts;
use crate::support::disk::Disk;
use crate::support::ledger::{self, Logins, subject_of};
use crate::support::token::SUBJECT;
use crate::support::world::{BEGINNING, POLICY, World, block_on, subject};

#[test]
fn the_key_is_made_once_and_for_its_owner_alone() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("idv.redb");
    drop(Store::open(&path, random::bytes()).unwrap());
    let key = fs::read(directory.path().join("idv.key")).unwrap();
    drop(Store::open(&path, random::bytes()).unwrap());
    assert_eq!(fs::read(directory.path().join("idv.key")).unwrap(), key);
    for name in ["idv.redb", "idv.key"] {
        assert_eq!(fs::metadata(directory.path().join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_store_without_its_key_or_with_another_does_not_open() {
    let directory = TempDir::new().unwrap();
    let (path, key) = (directory.path().join("idv.redb"), directory.path().join("idv.key"));
    drop(Store::open(&path, random::bytes()).unwrap());
    fs::write(&key, [7; 32]).unwrap();
    assert!(matches!(Store::open(&path, random::bytes()).err(), Some(OpenError::Damaged { .. })));
    fs::write(&key, [7; 31]).unwrap();
    assert!(matches!(Store::open(&path, random::bytes()).err(), Some(OpenError::Key(_))));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(Store::open(&path, random::bytes()).err(), Some(OpenError::Key(_))));
    fs::remove_file(&key).unwrap();
    assert!(matches!(Store::open(&path, random::bytes()).err(), Some(OpenError::Key(_))));
    assert!(!key.exists(), "a lost key is not papered over by a new one");
}

#[test]
fn a_copy_holds_every_record_of_every_table() {
    let world = World::new();
    let mut browser = world.browser();
    let request = world.token("copied");
    let session = browser.begin(&request);
    browser.post(&format!("{session}/desk"), &format!("code={}", world.issue()));
    world.issue();
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("idv.redb");
    let contents = world.app.store.copy_to(&path).unwrap();
    assert_eq!((contents.subjects, contents.checks), (1, 1));
    fs::copy(world.directory.path().join("idv.key"), directory.path().join("idv.key")).unwrap();
    let (copy, _) = Store::open(&path, random::bytes()).unwrap();
    let everything = |store: &Store| {
        let record = store.subject(&subject(SUBJECT)).unwrap().unwrap();
        let checks = store.checks(&record, 10).unwrap();
        let desks = store.desks(&subject(SUBJECT).tenant, None, 10).unwrap();
        assert!(checks.len() == 1 && desks.len() == 1 && desks[0].1.code.is_some());
        let spent = UntrustedToken::parse(&request).unwrap().authenticate(&world.app.tenants, world.app.clock.now());
        let spent = spent.map(|token| store.token_use(token.issued_at, token.token_id).unwrap()).unwrap();
        assert!(matches!(spent, Use::Concluded(..)));
        format!("{record:?} {checks:?} {desks:?} {spent:?}")
    };
    assert_eq!(everything(&copy), everything(&world.app.store));
}

#[test]
fn a_store_opens_once() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("idv.redb");
    let first = Store::open(&path, random::bytes()).unwrap();
    assert!(matches!(Store::open(&path, random::bytes()).err(), Some(OpenError::InUse(_))));
    drop(first);
    assert!(Store::open(&path, random::bytes()).is_ok());
}

/// The engine was told which of two commits to trust before it was known whether the store could be had at all.
#[test]
fn whoever_is_refused_the_store_has_written_nothing() {
    /// The byte of the engine's header that names the last commit, and the bit that does.
    const NAMES_THE_LAST: (usize, u8) = (9, 1);
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("idv.redb");
    let store = Store::open(&path, random::bytes()).unwrap().0;
    block_on(store.revoke_code(subject(SUBJECT))).unwrap();
    // As it is for a moment in each commit: the older of the two is named.
    let mut bytes = fs::read(&path).unwrap();
    bytes[NAMES_THE_LAST.0] ^= NAMES_THE_LAST.1;
    fs::write(&path, &bytes).unwrap();
    let before = everything_in(directory.path());
    for _ in 0..40 {
        for refused in [
            Store::open(&path, random::bytes()).err(),
            Store::open_giving_way(&path, random::bytes()).err(),
            Store::open_to_read(&path).err(),
        ] {
            assert!(matches!(refused, Some(OpenError::InUse(_))), "{refused:?}");
        }
    }
    assert!(everything_in(directory.path()) == before);
}

/// Every name in `directory`, with what it stands for.
fn everything_in(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    let mut everything: Vec<_> =
        entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect();
    everything.sort_unstable();
    everything
}

#[test]
fn who_looks_up_makes_nothing_and_writes_nothing() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("store/idv.redb");
    assert!(matches!(Store::open_to_read(&path).err(), Some(OpenError::NotMade(_))));
    assert!(!path.parent().unwrap().exists());
    let issue = |store: &Store| {
        let vouch =
            Vouch { by: "desk".into(), account: Account::Root, issued_at: Timestamp::from_unix(BEGINNING), note: None };
        block_on(store.issue_code(subject(SUBJECT), Code::from_random([7; 16]), vouch, POLICY)).unwrap();
    };
    let tenant = subject(SUBJECT).tenant;
    let codes = |store: &Store| store.desks(&tenant, None, 10).unwrap().len();
    let (store, _) = Store::open(&path, random::bytes()).unwrap();
    issue(&store);
    // As a kill leaves it, with a recovery to be made.
    let killed = fs::read(&path).unwrap();
    drop(store);
    fs::write(&path, killed).unwrap();
    let before = everything_in(path.parent().unwrap());
    let readers = [Store::open_to_read(&path).unwrap(), Store::open_to_read(&path).unwrap()];
    assert_eq!(readers.each_ref().map(codes), [1, 1], "two at once");
    assert!(matches!(Store::open(&path, random::bytes()).err(), Some(OpenError::InUse(_))));
    let copy = directory.path().join("copy.redb");
    readers[0].copy_to(&copy).unwrap();
    block_on(readers[1].revoke_code(subject(SUBJECT))).unwrap();
    drop(readers);
    assert!(everything_in(path.parent().unwrap()) == before);
    assert_eq!(codes(&Store::open(&path, random::bytes()).unwrap().0), 1);
}

#[test]
fn whoever_looks_through_the_store_gives_way_to_the_service() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("idv.redb");
    let reader = {
        drop(Store::open(&path, random::bytes()).unwrap());
        Store::open_to_read(&path).unwrap()
    };
    thread::scope(|scope| {
        let service = scope.spawn(|| Store::open_in_turn(&path, random::bytes(), Opening::default()).is_ok());
        let is_wanted = || matches!(Store::open_to_read(&path).err(), Some(OpenError::InUse(_)));
        while !is_wanted() {
            thread::yield_now();
        }
        drop(reader);
        assert!(service.join().unwrap());
    });
}

/// It was tried while somebody had the store, who refuses it to everybody anyway.
#[test]
fn nobody_takes_a_free_store_before_whoever_waits_for_it() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("idv.redb");
    drop(Store::open(&path, random::bytes()).unwrap());
    let turn = fs::File::create(directory.path().join("idv.turn")).unwrap();
    turn.lock().unwrap();
    for refused in [
        Store::open(&path, random::bytes()).err(),
        Store::open_giving_way(&path, random::bytes()).err(),
        Store::open_to_read(&path).err(),
    ] {
        assert!(matches!(refused, Some(OpenError::InUse(_))), "{refused:?}");
    }
    drop(turn);
    assert!(Store::open(&path, random::bytes()).is_ok());
}

#[test]
fn checks_are_listed_newest_first() {
    let world = World::new();
    for name in ["one", "two", "three"] {
        let mut browser = world.browser();
        let session = browser.begin(&world.token(name));
        browser.post(&format!("{session}/desk"), &format!("code={}", world.issue()));
        world.pass(Duration::from_secs(10));
    }
    let record = world.app.store.subject(&subject(SUBJECT)).unwrap().unwrap();
    let times: Vec<_> = world.app.store.checks(&record, 100).unwrap().iter().map(|check| check.at.as_unix()).collect();
    assert_eq!(times, [world.now() - 10, world.now() - 20, world.now() - 30]);
    assert_eq!(record.last_check.unwrap().at.as_unix(), world.now() - 10);
    assert_eq!(world.app.store.checks(&record, 2).unwrap().len(), 2);
}

#[test]
fn listings_go_on_where_they_stopped_and_stay_within_the_tenant() {
    let world = World::new();
    for index in 0..25 {
        world.issue_for(&format!("auth0|{index:02}"));
    }
    let tenant = subject(SUBJECT).tenant;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = world.app.store.desks(&tenant, after.as_ref(), 10).unwrap();
        let Some((last, _)) = page.last() else { break };
        after = Some(last.clone());
        seen.extend(page.into_iter().map(|(subject, _)| String::from(subject.user_id)));
    }
    assert_eq!(seen, (0..25).map(|index| format!("auth0|{index:02}")).collect::<Vec<_>>());
    let neighbour = "acme.eu.auth0.tes".to_owned().try_into().unwrap();
    assert!(world.app.store.desks(&neighbour, None, 10).unwrap().is_empty());
}

#[test]
fn used_tokens_are_forgotten_once_one_that_is_27_hours_younger_was_used_and_never_before() {
    let world = World::new();
    let spend = |name: &str| {
        let mut browser = world.browser();
        let session = browser.begin(&world.token(name));
        browser.post(&format!("{session}/cancel"), "");
    };
    let sweep = |now| block_on(world.app.store.sweep(Timestamp::from_unix(now))).unwrap();
    let kept = 27 * 3600;
    spend("sweep");
    assert_eq!(sweep(world.now() + 10 * kept), 0, "the clock alone says nothing");
    world.pass(Duration::from_secs(kept));
    spend("as old");
    assert_eq!(sweep(world.now() + 10 * kept), 0);
    world.pass(Duration::from_secs(1));
    spend("younger");
    assert_eq!(sweep(world.now() - 1), 0, "nor a token that the clock has not come to");
    assert_eq!(sweep(world.now()), 1);
    assert_eq!(sweep(world.now()), 0);
}

#[test]
fn a_flipped_bit_in_a_record_is_refused_not_believed() {
    use idv::store::codec::{Codec, Damaged};
    let codec = Codec::new(ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"key"));
    let sealed = codec.seal("spent", b"key", &3_u8);
    assert_eq!(codec.open::<u8>("spent", b"key", &sealed), Ok(3));
    for bit in 0..sealed.len() * 8 {
        let mut damaged = sealed.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(codec.open::<u8>("spent", b"key", &damaged), Err(Damaged), "bit {bit}");
    }
    assert_eq!(codec.open::<u8>("desk", b"key", &sealed), Err(Damaged), "another table");
    assert_eq!(codec.open::<u8>("spent", b"kex", &sealed), Err(Damaged), "another key");
    for length in 0..sealed.len() {
        assert_eq!(codec.open::<u8>("spent", b"key", &sealed[..length]), Err(Damaged), "{length} bytes");
    }
}

#[test]
fn a_code_counts_as_waiting_until_the_instant_it_expires() {
    let (logins, store) = (Logins::new(), Store::open_on(Disk::default(), &ledger::key()).unwrap());
    let waiting =
        |at, limit| store.count_kept(Kind::Desk, limit, |kept| kept.has_code(Timestamp::from_unix(at))).unwrap();
    assert_eq!(waiting(BEGINNING, 10), 0);
    for n in 0..3 {
        assert!(block_on(logins.issue(&store, n)));
    }
    assert!(block_on(store.revoke_code(subject_of(2))).unwrap());
    let end = BEGINNING + POLICY.code_lifetime.as_secs();
    assert_eq!([waiting(end - 1, 10), waiting(end, 10), waiting(end - 1, 1)], [2, 0, 1]);
}
