//! What is in the log: each decision in the commit of the decision, whom it is about, and until when.

use std::collections::BTreeSet;
use std::path::Path;

use idv::ops::random;
use idv::store::backup::examine;
use idv::store::file::OpenError;
use idv::store::signing::Fresh;
use idv::store::{Store, StoreError};
use idv::verification::account::Account;
use idv::verification::audit::entry::{Entry, EventOutcome};
use idv::verification::audit::pseudonym::PersonKey;
use idv::verification::outcome::Status;
use idv::verification::session::Session;
use idv::verification::subject::{IdvId, Subject};
use idv::verification::time::Timestamp;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableHandle};
use tempfile::TempDir;

use crate::support::acts::{Acts, wrong};
use crate::support::disk::Disk;
use crate::support::ledger::{self, Logins, subject_of};
use crate::support::log::{actions, entries, lines};
use crate::support::world::{BEGINNING, POLICY, block_on};

type Table<'n> = TableDefinition<'n, &'static [u8], &'static [u8]>;

fn at(second: u64) -> Timestamp {
    Timestamp::from_unix(BEGINNING + second)
}

fn entry() -> Entry {
    Entry::new(at(0), "subject-viewed", EventOutcome::Success)
}

fn id(number: u8) -> IdvId {
    IdvId::from_random([number; 16])
}

#[test]
fn each_decision_is_an_entry_and_those_of_one_person_are_tied() {
    let (logins, store) = (Logins::new(), Store::open_on(Disk::default(), &ledger::key()).unwrap());
    // A code for somebody whom idv has not met, a wrong one that is typed twice, and the right one.
    assert!(block_on(logins.issue(&store, 1)));
    let session = logins.session(1, 0);
    let type_code = |code| block_on(store.answer_desk(&session, POLICY, code, id(1), at(60))).unwrap();
    assert_eq!(type_code(ledger::code(7)), wrong(4));
    let _again = type_code(ledger::code(7));
    let _concluded = type_code(ledger::code(1));
    let _repeated = type_code(ledger::code(1));
    // Somebody else leaves, and nothing is revoked.
    let _left = block_on(store.leave(&logins.session(2, 0), Status::Canceled, id(2), at(9))).unwrap();
    assert!(!block_on(store.revoke_code(subject_of(2))).unwrap());
    let entries = entries(&store);
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.action.as_str(), entry.outcome, entry.method.as_deref(), entry.status.as_deref()))
        .collect();
    let (success, failure, unknown) = (EventOutcome::Success, EventOutcome::Failure, EventOutcome::Unknown);
    let expected = [
        ("code-issued", success, Some("desk"), None),
        ("answer-refused", failure, Some("desk"), None),
        ("check-concluded", success, Some("desk"), Some("success")),
        ("check-concluded", unknown, None, Some("canceled")),
    ];
    assert_eq!(told, expected);
    assert_eq!(entries[0].actor.as_deref(), Some("root"));
    assert_eq!((entries[1].reason.as_deref(), entries[1].actor.as_deref()), (Some("wrong_code"), None));
    assert_eq!((entries[2].duration, entries[3].duration), (Some(60_000_000_000), Some(9_000_000_000)));
    let of = |n| store.subject(&subject_of(n)).unwrap().unwrap().key.unwrap().pseudonym(&subject_of(n));
    let users: Vec<_> = entries.iter().map(|entry| entry.user.clone().unwrap()).collect();
    assert_eq!(users, [of(1), of(1), of(1), of(2)]);
}

#[test]
fn what_an_operator_sees_of_somebody_ties_them_as_far_as_they_are_known() {
    let (logins, store) = (Logins::new(), Store::open_on(Disk::default(), &ledger::key()).unwrap());
    assert!(block_on(logins.complete(&store, 1)) && block_on(logins.issue(&store, 2)));
    for n in 1..=3 {
        block_on(store.record_of(subject_of(n), PersonKey::from_random([3; 16]), entry())).unwrap();
    }
    let users: Vec<_> = entries(&store).into_iter().map(|entry| entry.user).collect();
    assert!(users[0].is_some() && users[1].is_some() && users[0] != users[1]);
    assert_eq!(users[2..], [users[0].clone(), users[1].clone(), None]);
}

/// Makes the store at `path` forget whatever names `subject`, as an erasure will.
fn erase(path: &Path, subject: &Subject) {
    let database = Database::open(path).unwrap();
    let transaction = database.begin_write().unwrap();
    let names: Vec<_> = transaction.list_tables().unwrap().map(|table| table.name().to_owned()).collect();
    for name in names {
        let mut table = transaction.open_table(Table::new(&name)).unwrap();
        table.retain(|key, record| !has(key, subject) && !has(record, subject)).unwrap();
    }
    transaction.commit().unwrap();
}

fn has(bytes: &[u8], subject: &Subject) -> bool {
    let user_id = subject.user_id.as_str().as_bytes();
    bytes.windows(user_id.len()).any(|window| window == user_id)
}

/// Every sixteen bytes that stand together in anything that the store at `path` keeps.
fn keys(path: &Path) -> BTreeSet<[u8; 16]> {
    let database = Database::open(path).unwrap();
    let transaction = database.begin_read().unwrap();
    let mut keys = BTreeSet::new();
    for handle in transaction.list_tables().unwrap() {
        let table = transaction.open_table(Table::new(handle.name())).unwrap();
        for entry in table.iter().unwrap() {
            let (key, record) = entry.unwrap();
            for bytes in [key.value(), record.value()] {
                keys.extend(bytes.windows(16).map(|window| <[u8; 16]>::try_from(window).unwrap()));
            }
        }
    }
    keys
}

#[test]
fn nothing_ties_an_entry_to_who_was_erased_even_with_the_whole_store() {
    let (directory, logins) = (TempDir::new().unwrap(), Logins::new());
    let path = directory.path().join("idv.redb");
    let store = Store::open(&path, random::bytes()).unwrap().0;
    assert!(block_on(logins.issue(&store, 1)) && block_on(logins.complete(&store, 1)));
    assert!(block_on(logins.complete(&store, 2)));
    let before = lines(&store);
    drop(store);
    let ties = |n| {
        let users: BTreeSet<_> = before.iter().filter_map(|line| Entry::parse(line)?.user).collect();
        keys(&path).into_iter().any(|key| users.contains(&PersonKey::from_random(key).pseudonym(&subject_of(n))))
    };
    assert!(ties(1) && ties(2));
    erase(&path, &subject_of(1));
    assert!(!ties(1) && ties(2));
    let store = Store::open(&path, random::bytes()).unwrap().0;
    assert_eq!(lines(&store), before, "and each entry stands");
    // Whoever comes again is somebody new.
    assert!(block_on(store.leave(&logins.session(9, 0), Status::Canceled, id(9), at(0))).is_ok());
    let again = Session { subject: subject_of(1), ..logins.session(8, 0) };
    let _left = block_on(store.leave(&again, Status::Canceled, id(8), at(0))).unwrap();
    let users: Vec<_> = entries(&store).into_iter().map(|entry| entry.user.unwrap()).collect();
    assert!(!users[..users.len() - 1].contains(&users[users.len() - 1]));
}

#[test]
fn nobody_stands_in_the_log_by_their_name() {
    let (logins, store) = (Logins::new(), Store::open_on(Disk::default(), &ledger::key()).unwrap());
    assert!(block_on(logins.issue(&store, 1)) && block_on(logins.complete(&store, 1)));
    let record = store.subject(&subject_of(1)).unwrap().unwrap();
    for line in lines(&store) {
        let text = String::from_utf8(line).unwrap();
        assert!(!text.contains("000001") && !text.contains(&record.idv_id.to_string()), "{text}");
    }
}

#[test]
fn a_full_disk_takes_neither_the_record_nor_the_entry() {
    let (logins, disk) = (Logins::new(), Disk::default());
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    assert!(block_on(logins.complete(&store, 1)));
    disk.leave_room(0);
    assert!(!block_on(logins.complete(&store, 2)));
    assert_eq!(block_on(store.record(entry())), Err(StoreError::Unavailable));
    assert_eq!((actions(&store).len(), store.subject(&subject_of(2))), (1, Ok(None)));
    disk.leave_room(u64::MAX);
    assert!(block_on(logins.complete(&store, 3)));
    drop(store);
    assert_eq!(actions(&Store::open_on(disk, &ledger::key()).unwrap()).len(), 2);
}

#[test]
fn an_entry_that_is_too_long_is_refused_and_nothing_with_it() {
    let store = Store::open_on(Disk::default(), &ledger::key()).unwrap();
    let long = Entry { claimed: Some("x".repeat(16 * 1024)), ..entry() };
    assert_eq!(block_on(store.record(long)), Err(StoreError::TooLong("audit")));
    block_on(store.record(entry())).unwrap();
    assert_eq!(actions(&store).len(), 1);
}

/// A store on disk with so many entries, changed by `change`.
fn changed(change: impl FnOnce(&mut redb::Table<'_, &'static [u8], &'static [u8]>)) -> (TempDir, std::path::PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("idv.redb");
    let store = Store::open(&path, random::bytes()).unwrap().0;
    for _ in 0..5 {
        block_on(store.record(entry())).unwrap();
    }
    drop(store);
    let database = Database::open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    change(&mut transaction.open_table(Table::new("meta")).unwrap());
    transaction.commit().unwrap();
    (directory, path)
}

#[test]
fn a_log_that_is_not_as_long_as_it_was_does_not_open() {
    for number in [0_u64, 2, 4] {
        let (_directory, path) = changed(|table| _ = table.remove(number.to_be_bytes().as_slice()).unwrap());
        for error in [Store::open(&path, random::bytes()).err(), examine(&path).err()] {
            assert!(matches!(error, Some(OpenError::Damaged { .. })), "without {number}: {error:?}");
        }
    }
    let (_directory, path) = changed(|table| {
        let line = table.get([0; 8].as_slice()).unwrap().unwrap().value().to_vec();
        table.insert(5_u64.to_be_bytes().as_slice(), line.as_slice()).unwrap();
    });
    assert!(matches!(Store::open(&path, random::bytes()).err(), Some(OpenError::Damaged { .. })));
}

#[test]
fn an_entry_that_is_damaged_is_told_and_nothing_is_made_of_it() {
    let number = 2_u64.to_be_bytes();
    let (_directory, path) = changed(|table| {
        let mut line = table.get(number.as_slice()).unwrap().unwrap().value().to_vec();
        line[20] ^= 1;
        table.insert(number.as_slice(), line.as_slice()).unwrap();
    });
    assert!(matches!(examine(&path), Err(OpenError::Damaged { .. })));
    let store = Store::open(&path, random::bytes()).unwrap().0;
    assert_eq!(store.entries(0, 10), Err(StoreError::Damaged("audit")));
    assert_eq!((store.entries(0, 2).unwrap().len(), store.entries(3, 10).unwrap().len()), (2, 2));
}

#[test]
fn the_signing_key_is_made_once_and_lies_in_the_store_unreadable() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("idv.redb");
    let (store, master) = Store::open(&path, random::bytes()).unwrap();
    let made = || Entry::new(at(0), "signing-key-made", EventOutcome::Success).by(&Account::Root, None);
    let key = |store: &Store, seed| {
        let fresh = Fresh::from_random([seed; 32], [seed; 12]);
        block_on(store.signing_key(fresh, made(), "idv.example.test/audit".into())).unwrap().public()
    };
    let first = key(&store, 1);
    assert_eq!(key(&store, 2), first, "not once more");
    let fresh = Fresh::from_random([3; 32], [3; 12]);
    let second = block_on(store.renew_signing_key(fresh, made(), "idv.example.test/audit".into())).unwrap().public();
    assert!(second != first && key(&store, 4) == second);
    let named: Vec<_> =
        entries(&store).into_iter().map(|entry| (entry.action, entry.key, entry.key_signature)).collect();
    assert_eq!(named.len(), 2);
    let (verifier, signature) = (named[1].1.clone().unwrap(), named[1].2.clone().unwrap());
    assert_eq!(verifier, second.verifier("idv.example.test/audit"));
    let signature = data_encoding::BASE64.decode(signature.as_bytes()).unwrap();
    assert!(first.has_signed(verifier.as_bytes(), &signature), "the old key names the new one");
    drop((store, master));
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(32).any(|window| window == [3; 32] || window == [1; 32]), "no seed stands there");
    assert_eq!(key(&Store::open(&path, random::bytes()).unwrap().0, 5), second);
}
