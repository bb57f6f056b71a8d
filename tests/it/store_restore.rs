//! A restored store: what may have been used since its backup is worth nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use idv::store::backup::take_key;
use idv::store::file::OpenError;
use idv::store::restore::{RestoreError, Restored, restore};
use idv::store::{Store, StoreError};
use idv::verification::command::Done;
use idv::verification::decision::Answered;
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::due::due_at;
use idv::verification::method::document::policy::Policy;
use idv::verification::method::document::reason::AskReason;
use idv::verification::method::document::review::Deed;
use idv::verification::method::document::{Act, DocumentKind, Slot, Told};
use idv::verification::outcome::Status;
use idv::verification::session::Session;
use idv::verification::spent::Use;
use idv::verification::subject::IdvId;
use idv::verification::time::Timestamp;
use idv::verification::token::TokenId;
use tempfile::TempDir;

use crate::support::acts::{Acts, acme, attested, identity, wrong};
use crate::support::bureau::{Bureau, Who};
use crate::support::ledger::{Logins, code, subject_of};
use crate::support::world::{BEGINNING, POLICY, block_on};

/// A store, of which there is a backup.
struct Pair {
    directory: TempDir,
}

impl Pair {
    /// A store that `fill` has filled, and its backup.
    fn new(fill: impl FnOnce(&Store)) -> Self {
        let pair = Self { directory: TempDir::new().unwrap() };
        fs::create_dir(pair.directory.path().join("backup")).unwrap();
        let (store, _) = Store::open(&pair.store(), [7; 32]).unwrap();
        fill(&store);
        pair.back_up(&store);
        pair
    }

    fn store(&self) -> PathBuf {
        self.directory.path().join("store/idv.redb")
    }

    fn backup(&self) -> PathBuf {
        self.directory.path().join("backup/idv.redb")
    }

    fn back_up(&self, store: &Store) {
        let _ = fs::remove_file(self.backup().with_extension("key"));
        store.copy_to(&self.backup()).unwrap();
        take_key(&self.store(), &self.backup()).unwrap();
    }

    fn restore(&self, now: u64) -> Restored {
        restore(&self.backup(), &self.store(), Timestamp::from_unix(now)).unwrap()
    }

    fn open(&self) -> Store {
        Store::open(&self.store(), [7; 32]).unwrap().0
    }
}

/// Types code `n` in a session of a login.
fn type_code(logins: &Logins, store: &Store, (login, which): (usize, u8), n: usize) -> Result<Answered, StoreError> {
    let now = Timestamp::from_unix(BEGINNING + 1);
    let session = logins.session(login, which);
    block_on(store.answer_desk(&session, POLICY, code(n), IdvId::from_random([3; 16]), now))
}

fn token_use(store: &Store, issued_at: u64) -> Result<Use, StoreError> {
    store.token_use(Timestamp::from_unix(issued_at), TokenId([9; 16]))
}

#[test]
fn a_request_token_made_until_the_restore_does_not_count_and_one_made_later_does() {
    let pair = Pair::new(|_| ());
    assert_eq!(token_use(&pair.open(), 1), Ok(Use::Unused), "a store that was never restored takes any");
    pair.restore(BEGINNING);
    let store = pair.open();
    for issued_at in [0, 1, BEGINNING - 1, BEGINNING] {
        assert_eq!(token_use(&store, issued_at), Err(StoreError::BeforeRestore), "{issued_at}");
    }
    assert_eq!(token_use(&store, BEGINNING + 1), Ok(Use::Unused));
    pair.back_up(&store);
    let copy = Store::open(&pair.backup(), [7; 32]).unwrap().0;
    assert_eq!(token_use(&copy, BEGINNING), Err(StoreError::BeforeRestore), "its own backup knows");
}

/// Nor does a session that began before, whose cookie still opens.
#[test]
fn no_act_of_a_session_from_before_the_restore_counts() {
    let logins = Logins::new();
    let pair = Pair::new(|store| assert!(block_on(logins.complete(store, 1))));
    pair.restore(BEGINNING + 10);
    let store = pair.open();
    for n in [1, 2] {
        let answer = type_code(&logins, &store, (n, 0), n);
        assert_eq!(answer, Err(StoreError::BeforeRestore), "login {n}");
        assert!(!block_on(logins.complete(&store, n)), "login {n}");
    }
    assert!(store.subject(&subject_of(1)).unwrap().is_some(), "who was verified stays so");
    assert!(store.subject(&subject_of(2)).unwrap().is_none());
}

#[test]
fn every_code_that_waits_in_a_backup_is_dead_after_the_restore_and_none_is_listed() {
    let logins = Logins::new();
    let pair = Pair::new(|store| (0..20).for_each(|n| assert!(block_on(logins.issue(store, n)))));
    let tenant = subject_of(0).tenant;
    {
        let store = pair.open();
        // One is used after the backup, one is revoked.
        let answer = type_code(&logins, &store, (0, 0), 0);
        assert!(matches!(answer, Ok(Answered::Concluded(_))));
        assert_eq!(block_on(store.revoke_code(subject_of(1))), Ok(true));
    }
    // By a clock that stands before all of it.
    pair.restore(1);
    let store = pair.open();
    assert_eq!(store.desks(&tenant, None, 100), Ok(vec![]));
    for n in 0..20 {
        let answer = type_code(&logins, &store, (n, 1), n);
        assert_eq!(answer, Ok(wrong(4)), "code {n}");
    }
    assert!(block_on(logins.issue(&store, 0)), "and a new one");
    let answer = type_code(&logins, &store, (0, 1), 0);
    assert!(matches!(answer, Ok(Answered::Concluded(_))));
}

/// A draft and a decoy are not in it any more, and nothing that names them is.
#[test]
fn what_a_restored_store_has_no_more_is_not_found_by_its_number_or_its_pictures() {
    let pair = Pair::new(|_| ());
    let bureau = Bureau::over(pair.open(), Policy::default());
    bureau.sent(1);
    assert_eq!(bureau.loads(2, &Who::supervisor(2), true), Done::Changed);
    assert_eq!(bureau.begin(&bureau.login(3, None), DocumentKind::Passport, false), Told::Begun);
    let numbers = [1, 2, 3].map(|person| bureau.dossier(person).unwrap().number);
    let found = |store: &Store| numbers.map(|number| store.numbered(number).unwrap());
    assert_eq!(found(&bureau.store), [1, 2, 3].map(|person| Some(subject_of(person))));
    let sent = bureau.dossier(1).unwrap();
    assert_eq!(bureau.found_like(&sent), numbers[..2]);
    pair.back_up(&bureau.store);
    drop(bureau);
    pair.restore(BEGINNING);
    let bureau = Bureau::over(pair.open(), Policy::default());
    assert_eq!(found(&bureau.store), [Some(subject_of(1)), None, None]);
    assert_eq!(bureau.found_like(&sent), numbers[..1], "of who is asked again");
}

/// What was asked for before has the time that it had.
#[test]
fn pictures_that_a_backup_has_not_may_be_sent_anew_for_thirty_days_from_when_they_were_sent() {
    const DAY: Duration = Duration::from_hours(24);
    let pair = Pair::new(|_| ());
    let bureau = Bureau::over(pair.open(), Policy::default());
    let sent_at = bureau.now();
    let tickets = [1, 2].map(|person| bureau.leave(&bureau.sent(person)).ticket);
    let blurred = Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)]);
    assert_eq!(bureau.decides(2, &Who::reviewer(1), blurred), Done::Changed);
    pair.back_up(&bureau.store);
    drop(bureau);
    pair.restore(BEGINNING + 10);
    let bureau = Bureau::over(pair.open(), Policy::default());
    let ends = [sent_at.later(DAY * 30), sent_at.later(bureau.rules.answer_within)];
    for ((person, ticket), end) in [1, 2].into_iter().zip(tickets).zip(ends) {
        assert_eq!(due_at(&bureau.dossier(person).unwrap(), &bureau.rules), Some(end), "{person}");
        bureau.set(Timestamp::from_unix(end.as_unix() - 1));
        assert_eq!(bureau.orders(person, &Who::terminal("clock"), Deed::Age), Done::Unchanged, "{person}");
        let actor = bureau.login(person, ticket);
        bureau.fill(&actor);
        assert_eq!(bureau.does(&actor, Act::Send), Told::Sent, "{person}");
    }
}

/// Who somebody is does not change with time, and what could not be told apart afterwards would be bound by whoever comes.
#[test]
fn who_was_bound_in_a_backup_is_bound_after_the_restore() {
    let (logins, at) = (Logins::new(), Timestamp::from_unix(BEGINNING + 1));
    let attest = |store: &Store, session: &Session<'_>, number| {
        let told = attested(acme(), identity(number));
        match block_on(store.attest(session, told, IdvId::from_random([3; 16]), at)) {
            Ok(Answered::Concluded(outcome)) => outcome.status,
            other => panic!("{other:?}"),
        }
    };
    let pair = Pair::new(|store| assert_eq!(attest(store, &logins.session(1, 0), 1), Status::Success));
    pair.restore(BEGINNING + 10);
    let store = pair.open();
    assert_eq!(store.holder(&identity(1)), Ok(Some(subject_of(1))));
    let later = |n, which| Session { issued_at: Timestamp::from_unix(BEGINNING + 20), ..logins.session(n, which) };
    assert_eq!(attest(&store, &later(2, 0), 1), Status::Failed, "it is another account's");
    assert_eq!(attest(&store, &later(3, 0), 3), Status::Success);
    let another = Session { subject: subject_of(1), ..later(4, 0) };
    assert_eq!(attest(&store, &another, 4), Status::Failed, "the account is another person's");
}

#[test]
fn wrong_attempts_from_before_a_restore_still_count() {
    let logins = Logins::new();
    let type_wrongly = |store: &Store, which| {
        let answer = type_code(&logins, store, (0, which), 9);
        answer.unwrap()
    };
    let pair = Pair::new(|store| {
        assert!(block_on(logins.issue(store, 0)));
        assert_eq!(type_wrongly(store, 0), wrong(4));
    });
    pair.restore(1);
    // The clock was behind: it is no earlier than the newest used token says.
    let store = pair.open();
    assert_eq!(token_use(&store, BEGINNING), Err(StoreError::BeforeRestore));
    assert_eq!(token_use(&store, BEGINNING + 1), Ok(Use::Unused));
    drop(store);
    assert_eq!(pair.open().desks(&subject_of(0).tenant, None, 9).unwrap()[0].1.wrong, 1);
}

#[test]
fn of_what_restores_replaced_the_last_three_are_kept() {
    let pair = Pair::new(|_| ());
    let names = || {
        let entries = fs::read_dir(pair.store().parent().unwrap()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.contains("before-")).collect();
        names.sort_unstable();
        names
    };
    let mine = pair.store().with_file_name("idv.redb.before-the-audit");
    fs::write(&mine, "").unwrap();
    for now in [1000, 1001, 1002] {
        let Restored { kept, removed, .. } = pair.restore(now);
        let aside = |name: &str| pair.store().with_file_name(format!("{name}.before-{now}"));
        assert_eq!(kept, [aside("idv.key"), aside("idv.redb")]);
        assert_eq!(removed, Vec::<PathBuf>::new());
    }
    // The clock was set back, and still the oldest go.
    let removed = pair.restore(5).removed;
    assert_eq!(removed, ["idv.key.before-1000", "idv.redb.before-1000"].map(|name| pair.store().with_file_name(name)));
    let expected = ["1001", "1002", "1003"].map(|at| [format!("idv.key.before-{at}"), format!("idv.redb.before-{at}")]);
    let mut expected = expected.concat();
    expected.push("idv.redb.before-the-audit".into());
    expected.sort_unstable();
    assert_eq!(names(), expected);
    // Each is a store of its own.
    assert!(Path::new(&mine).exists() && Store::open(&pair.store(), [7; 32]).is_ok());
}

/// What a creation that was broken off had left stayed beside the restored store. Was that lost later, a new one without
/// anybody in it took its place.
#[test]
fn a_restored_store_that_is_lost_is_not_taken_for_one_that_never_was() {
    let pair = Pair::new(|_| ());
    let draft = pair.store().with_extension("redb.new");
    fs::write(&draft, "").unwrap();
    pair.restore(BEGINNING);
    assert!(!draft.exists());
    fs::remove_file(pair.store()).unwrap();
    assert!(matches!(Store::open(&pair.store(), [7; 32]).err(), Some(OpenError::Missing { .. })));
}

#[test]
fn a_restore_that_fails_leaves_no_half_of_a_store_behind() {
    let pair = Pair::new(|_| ());
    let before = fs::read(pair.store()).unwrap();
    fs::create_dir(pair.store().with_extension("redb.restored")).unwrap();
    let refused = restore(&pair.backup(), &pair.store(), Timestamp::from_unix(BEGINNING));
    assert!(matches!(refused, Err(RestoreError::Io { .. })), "{refused:?}");
    assert!(!pair.store().with_extension("key.restored").exists());
    assert_eq!(fs::read(pair.store()).unwrap(), before);
}
