//! Whose identities are: one account has one, the same person comes again, and operators release them.

use std::path::Path;
use std::time::Duration;

use idv::store::{Store, StoreError};
use idv::verification::asks::Asks;
use idv::verification::decision::Answered;
use idv::verification::method::oidc::binding::{Binding, Conflict};
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::method::oidc::names::Name;
use idv::verification::method::oidc::{Attested, Order};
use idv::verification::method::{Evidence, Method};
use idv::verification::outcome::{Status, Verified};
use idv::verification::session::Session;
use idv::verification::subject::IdvId;
use idv::verification::time::Timestamp;
use redb::{Database, ReadableTable, TableDefinition};
use tempfile::TempDir;

use crate::support::acts::{Acts, acme, attested, identity, registration};
use crate::support::disk::Disk;
use crate::support::ledger::{self, Logins, subject_of};
use crate::support::world::{BEGINNING, block_on, together};

const AT: Timestamp = Timestamp::from_unix(BEGINNING + 1);

fn store() -> (Disk, Store) {
    let disk = Disk::default();
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    (disk, store)
}

/// The store as it is found after a kill.
fn killed(disk: &Disk) -> Store {
    Store::open_on(Disk::with(disk.image()), &ledger::key()).unwrap()
}

/// What comes of session `which` of login `n`, to which `attested` is brought.
fn attest(store: &Store, logins: &Logins, (n, which): (usize, u8), attested: Attested, at: Timestamp) -> Status {
    of_session(store, &logins.session(n, which), attested, at)
}

fn of_session(store: &Store, session: &Session<'_>, attested: Attested, at: Timestamp) -> Status {
    match block_on(store.attest(session, attested, IdvId::from_random([9; 16]), at)) {
        Ok(Answered::Concluded(outcome)) => outcome.status,
        other => panic!("{other:?}"),
    }
}

/// The conflict of the last check of login `n`'s subject.
fn last_conflict(store: &Store, n: usize) -> Option<Conflict> {
    let record = store.subject(&subject_of(n)).unwrap().unwrap();
    let check = store.checks(&record, 1).unwrap().remove(0);
    let Evidence::Delegated(delegation) = check.evidence else { panic!("{check:?}") };
    assert_eq!(check.status, if delegation.conflict.is_none() { Status::Success } else { Status::Failed });
    delegation.conflict
}

/// Session `which` of login `n`, whose subject's last check Auth0 says to have been at `last_check_at`; of another token.
fn knowing(logins: &Logins, n: usize, which: u8, last_check_at: Timestamp) -> Session<'_> {
    let session = logins.session(1000 + n * 10 + usize::from(which), which);
    let asks = Asks { last_check_at: Some(last_check_at), ..Asks::default() };
    Session { subject: subject_of(n), asks, ..session }
}

#[test]
fn a_verified_person_is_bound_and_what_supports_it_is_kept_with_the_check() {
    let (logins, (disk, store)) = (Logins::new(), store());
    let told = Attested {
        verified_at: Some(Timestamp::from_unix(BEGINNING - 9)),
        reference: Some("txn-1".into()),
        ..attested(acme(), identity(1))
    };
    assert_eq!(attest(&store, &logins, (0, 0), told.clone(), AT), Status::Success);
    for store in [&store, &killed(&disk)] {
        let binding = Binding {
            provider: acme(),
            registration: registration(1),
            identity: identity(1),
            bound_at: AT,
            is_seen: false,
        };
        assert_eq!(store.bindings(&subject_of(0)).unwrap().iter().collect::<Vec<_>>(), [&binding]);
        assert_eq!(store.holder(&identity(1)), Ok(Some(subject_of(0))));
        let record = store.subject(&subject_of(0)).unwrap().unwrap();
        let check = store.checks(&record, 1).unwrap().remove(0);
        let Evidence::Delegated(delegation) = check.evidence else { panic!("{check:?}") };
        assert_eq!((delegation.provider, delegation.identity), (acme(), identity(1)));
        assert_eq!((delegation.basis, delegation.conflict), (told.basis.clone(), None));
        assert_eq!((delegation.verified_at, delegation.reference), (told.verified_at, told.reference.clone()));
    }
}

#[test]
fn an_identity_serves_one_account_and_a_second_is_a_check_that_failed() {
    let (logins, (_, store)) = (Logins::new(), store());
    assert_eq!(attest(&store, &logins, (0, 0), attested(acme(), identity(1)), AT), Status::Success);
    assert_eq!(attest(&store, &logins, (1, 0), attested(acme(), identity(1)), AT), Status::Failed);
    assert_eq!(last_conflict(&store, 1), Some(Conflict::InUse));
    assert_eq!(store.holder(&identity(1)), Ok(Some(subject_of(0))));
    assert_eq!(store.bindings(&subject_of(1)).unwrap().iter().count(), 0);
    let shared = Attested { one_account: false, ..attested(acme(), identity(1)) };
    assert_eq!(attest(&store, &logins, (2, 0), shared, AT), Status::Success, "where several may have it");
    assert_eq!(store.holder(&identity(1)), Ok(Some(subject_of(0))), "it stays that of the first");
}

#[test]
fn who_comes_again_is_who_came_first_until_an_operator_says_otherwise() {
    let (logins, (_, store)) = (Logins::new(), store());
    let later = AT.later(Duration::from_secs(9));
    let again = |which, number, at| of_session(&store, &knowing(&logins, 0, which, AT), number, at);
    assert_eq!(attest(&store, &logins, (0, 0), attested(acme(), identity(1)), AT), Status::Success);
    assert_eq!(again(1, attested(acme(), identity(1)), later), Status::Success);
    assert_eq!(store.bindings(&subject_of(0)).unwrap().at(acme()).unwrap().bound_at, AT, "bound since then");
    assert_eq!(again(2, attested(acme(), identity(2)), later), Status::Failed);
    assert_eq!(last_conflict(&store, 0), Some(Conflict::OtherPerson));
    assert_eq!(store.holder(&identity(2)), Ok(None));
    assert_eq!(block_on(store.order_bindings(subject_of(0), Order::Unbind(acme()))), Ok(true));
    assert_eq!(block_on(store.order_bindings(subject_of(0), Order::Unbind(acme()))), Ok(false), "nothing is left");
    assert_eq!(store.holder(&identity(1)), Ok(None));
    assert_eq!(again(3, attested(acme(), identity(2)), later), Status::Success);
    assert_eq!(attest(&store, &logins, (1, 0), attested(acme(), identity(1)), AT), Status::Success, "it was released");
}

#[test]
fn where_another_person_may_come_the_identity_before_is_released() {
    let (logins, (_, store)) = (Logins::new(), store());
    let anybody = |number| Attested { same_person: false, ..attested(acme(), identity(number)) };
    assert_eq!(attest(&store, &logins, (0, 0), anybody(1), AT), Status::Success);
    assert_eq!(of_session(&store, &knowing(&logins, 0, 1, AT), anybody(2), AT), Status::Success);
    assert_eq!([1, 2].map(|number| store.holder(&identity(number)).unwrap()), [None, Some(subject_of(0))]);
}

#[test]
fn what_does_not_match_the_account_binds_nobody() {
    let (logins, (_, store)) = (Logins::new(), store());
    let told = Attested { mismatch: Some(Name::Birthdate), ..attested(acme(), identity(1)) };
    assert_eq!(attest(&store, &logins, (0, 0), told, AT), Status::Failed);
    assert_eq!(last_conflict(&store, 0), Some(Conflict::Mismatch(Name::Birthdate)));
    assert_eq!((store.holder(&identity(1)), store.bindings(&subject_of(0)).unwrap().iter().count()), (Ok(None), 0));
}

#[test]
fn an_identity_that_two_providers_of_one_issuer_attest_is_released_with_the_last() {
    let (logins, (_, store)) = (Logins::new(), store());
    let other = ProviderName::parse("acme-2").unwrap();
    assert_eq!(attest(&store, &logins, (0, 0), attested(acme(), identity(1)), AT), Status::Success);
    let by_other = attested(other, identity(1));
    assert_eq!(of_session(&store, &knowing(&logins, 0, 1, AT), by_other.clone(), AT), Status::Success);
    assert_eq!(attest(&store, &logins, (1, 0), by_other, AT), Status::Failed, "by whichever of them");
    assert_eq!(block_on(store.order_bindings(subject_of(0), Order::Unbind(acme()))), Ok(true));
    assert_eq!(store.holder(&identity(1)), Ok(Some(subject_of(0))));
    assert_eq!(block_on(store.order_bindings(subject_of(0), Order::Forget(other))), Ok(true));
    assert_eq!(store.holder(&identity(1)), Ok(None));
}

/// Whoever followed another's link proved who they are, for an account that is not theirs; what the account's owner did
/// later by other means made it look as if Auth0 had taken that.
#[test]
fn a_binding_is_seen_to_be_taken_once_auth0_knows_of_a_check_that_stands_on_it() {
    let (logins, (_, store)) = (Logins::new(), store());
    let later = |seconds| AT.later(Duration::from_secs(seconds));
    let is_seen = || store.bindings(&subject_of(0)).unwrap().at(acme()).unwrap().is_seen;
    let again = |which, known_at, at| {
        of_session(&store, &knowing(&logins, 0, which, known_at), attested(acme(), identity(1)), at)
    };
    assert_eq!(attest(&store, &logins, (0, 0), attested(acme(), identity(1)), AT), Status::Success);
    assert!(!is_seen());
    // Auth0 knows of another one, or of none.
    for (which, known_at) in [(1, Timestamp::from_unix(0)), (2, later(1))] {
        assert_eq!((again(which, known_at, later(10)), is_seen()), (Status::Success, false));
    }
    let by_other_means = knowing(&logins, 0, 3, AT);
    let simulated = block_on(store.simulate(&by_other_means, Status::Success, IdvId::from_random([9; 16]), later(20)));
    assert!(matches!(simulated, Ok(Answered::Concluded(_))));
    assert_eq!((again(4, later(20), later(30)), is_seen()), (Status::Success, false));
    assert_eq!((again(5, later(30), later(40)), is_seen()), (Status::Success, true), "it stands on it, and was taken");
    assert_eq!((again(6, later(20), later(50)), is_seen()), (Status::Success, true), "for good");
}

#[test]
fn a_binding_that_is_confirmed_by_another_registration_is_of_that_one() {
    let (logins, (_, store)) = (Logins::new(), store());
    assert_eq!(attest(&store, &logins, (0, 0), attested(acme(), identity(1)), AT), Status::Success);
    let anew = Attested { registration: registration(2), ..attested(acme(), identity(1)) };
    assert_eq!(
        of_session(&store, &knowing(&logins, 0, 1, AT), anew, AT.later(Duration::from_secs(9))),
        Status::Success
    );
    let bindings = store.bindings(&subject_of(0)).unwrap();
    let binding = bindings.at(acme()).unwrap();
    assert_eq!((binding.registration, binding.bound_at), (registration(2), AT));
}

/// Both decided before either had committed, if anybody ever reads outside of the transaction.
#[test]
fn of_many_who_bring_one_identity_at_once_exactly_one_has_it() {
    const CROWD: usize = 64;
    let (logins, (disk, store)) = (Logins::new(), store());
    for round in 0..10_u8 {
        let first = usize::from(round) * CROWD;
        let (logins, store) = (&logins, &store);
        block_on(together((first..first + CROWD).map(|n| async move {
            let told = attested(acme(), identity(round));
            let id = IdvId::from_random([9; 16]);
            let answer = store.attest(&logins.session(n, 0), told, id, AT).await;
            assert!(matches!(answer, Ok(Answered::Concluded(_))), "{answer:?}");
        })));
        for store in [store, &killed(&disk)] {
            let conflicts = (first..first + CROWD).map(|n| last_conflict(store, n));
            let (have, have_not): (Vec<_>, Vec<_>) =
                conflicts.enumerate().partition(|(_, conflict)| conflict.is_none());
            assert!(have.len() == 1 && have_not.iter().all(|(_, conflict)| *conflict == Some(Conflict::InUse)));
            assert_eq!(store.holder(&identity(round)), Ok(Some(subject_of(first + have[0].0))));
        }
    }
}

#[test]
fn a_success_by_a_provider_is_told_as_one_by_its_name() {
    let (logins, (_, store)) = (Logins::new(), store());
    let session = logins.session(0, 0);
    let answer = block_on(store.attest(&session, attested(acme(), identity(1)), IdvId::from_random([9; 16]), AT));
    let Ok(Answered::Concluded(outcome)) = answer else { panic!("{answer:?}") };
    assert_eq!(outcome.verified, Some(Verified { at: AT, method: Method::Oidc(acme()) }));
    let again = block_on(store.attest(&session, attested(acme(), identity(2)), IdvId::from_random([8; 16]), AT));
    assert_eq!(again, Ok(Answered::Already(outcome)), "whoever comes back once more");
}

/// Flips a bit of the first record of `table` in the store at `path`.
pub(crate) fn damage(path: &Path, table: &str) {
    let table = TableDefinition::<&[u8], &[u8]>::new(table);
    let database = Database::open(path).unwrap();
    let transaction = database.begin_write().unwrap();
    {
        let mut table = transaction.open_table(table).unwrap();
        let (key, mut record) = {
            let (key, record) = table.first().unwrap().unwrap();
            (key.value().to_vec(), record.value().to_vec())
        };
        record[1] ^= 1;
        table.insert(key.as_slice(), record.as_slice()).unwrap();
    }
    transaction.commit().unwrap();
}

#[test]
fn a_damaged_record_of_who_somebody_is_stops_what_needs_it_and_nothing_else() {
    for table in ["oidc", "identities"] {
        let (directory, logins) = (TempDir::new().unwrap(), Logins::new());
        let path = directory.path().join("idv.redb");
        let open = || Store::open(&path, [7; 32]).unwrap().0;
        let store = open();
        for n in 0..2 {
            let told = attested(acme(), identity(u8::try_from(n).unwrap()));
            assert_eq!(attest(&store, &logins, (n, 0), told, AT), Status::Success);
        }
        drop(store);
        damage(&path, table);
        let store = open();
        let again = |n, number, which| {
            let session = knowing(&logins, n, which, AT);
            block_on(store.attest(&session, attested(acme(), identity(number)), IdvId::from_random([9; 16]), AT))
        };
        let damaged = StoreError::Damaged(table);
        assert_eq!(again(0, 0, 1), Err(damaged), "{table}");
        assert_eq!(block_on(store.order_bindings(subject_of(0), Order::Unbind(acme()))), Err(damaged), "{table}");
        let record = store.subject(&subject_of(0)).unwrap().unwrap();
        assert_eq!(store.checks(&record, 9).unwrap().len(), 1, "nothing is half done");
        if table == "identities" {
            assert_eq!(again(2, 0, 0), Err(damaged), "nobody else gets it either");
        }
        assert!(matches!(again(1, 1, 1), Ok(Answered::Concluded(_))), "{table}");
        assert!(matches!(again(3, 3, 0), Ok(Answered::Concluded(_))), "{table}");
        let otherwise = knowing(&logins, 0, 2, AT);
        let otherwise = block_on(store.simulate(&otherwise, Status::Success, IdvId::from_random([9; 16]), AT));
        assert!(matches!(otherwise, Ok(Answered::Concluded(_))), "{table}");
    }
}
