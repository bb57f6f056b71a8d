//! What goes with somebody, what stays, and what stands against it.

use std::time::Duration;

use idv::store::Store;
use idv::store::operators::By;
use idv::verification::account::Account;
use idv::verification::audit::entry::Entry;
use idv::verification::decision::Answered;
use idv::verification::erasure::{Erased, Erasure};
use idv::verification::method::document::Policy;
use idv::verification::method::document::review::Deed;
use idv::verification::method::{Kept, Kind};
use idv::verification::operator::link::{Link, LinkToken};
use idv::verification::operator::{OperatorName, Role, Task};
use idv::verification::outcome::Status;
use idv::verification::session::Session;
use idv::verification::spent::Use;
use idv::verification::subject::IdvId;
use idv::verification::time::Timestamp;
use tempfile::TempDir;

use crate::support::acts::{Acts, acme, attested, wish};
use crate::support::album::{Album, day};
use crate::support::bureau::{Bureau, Who};
use crate::support::ledger::{Known, Logins, identity_of, subject_of};
use crate::support::world::{BEGINNING, block_on};

const NOW: Timestamp = Timestamp::from_unix(BEGINNING + 100);

/// A store with some people, each verified by a provider.
fn store(logins: &Logins, people: usize) -> (TempDir, Store) {
    let directory = TempDir::new().unwrap();
    let (store, _) = Store::open(&directory.path().join("idv.redb"), [7; 32]).unwrap();
    for n in 0..people {
        assert!(block_on(logins.complete(&store, n)));
    }
    (directory, store)
}

fn erase(store: &Store, n: usize) -> Erasure {
    block_on(store.erase(wish(subject_of(n), NOW))).unwrap().0
}

fn entries(store: &Store) -> Vec<Entry> {
    store.entries(0, 1000).unwrap().iter().map(|(_, line)| Entry::parse(line).unwrap()).collect()
}

#[test]
fn all_that_is_known_of_somebody_goes_and_nothing_of_anybody_else() {
    let logins = Logins::mixed();
    let (_directory, store) = store(&logins, 4);
    assert!(block_on(logins.issue(&store, 1)), "a code waits, too");
    let key = store.person_key(&subject_of(1)).unwrap().unwrap();
    assert_eq!(erase(&store, 1), Erasure::Done(Erased { checks: 1, pictures: 0 }));
    assert!(store.subject(&subject_of(1)).unwrap().is_none());
    for kind in Kind::KEEPING {
        assert_eq!(store.kept_of(kind, &subject_of(1)), Ok(Kept::Nothing), "{kind:?}");
    }
    assert_eq!((store.holder(&identity_of(1)), store.person_key(&subject_of(1))), (Ok(None), Ok(None)));
    assert_eq!(store.erased_at(&subject_of(1)), Ok(Some(NOW)));
    for n in [0, 2, 3] {
        assert_eq!(logins.known(&store, n), Known::Completed);
    }
    store.look_through().unwrap();
    let session = logins.session(1, 0);
    let Use::Concluded(_, outcome) = store.token_use(session.issued_at, session.token_id).unwrap() else { panic!() };
    assert_eq!(
        (outcome.status, outcome.verified, outcome.idv_id),
        (Status::Failed, None, IdvId::from_random([0xee; 16]))
    );
    let entries = entries(&store);
    let last = entries.last().unwrap();
    assert_eq!(
        (last.action.as_str(), last.reason.as_deref(), last.checks),
        ("subject-erased", Some("request"), Some(1))
    );
    assert_eq!((last.actor.as_deref(), last.claimed.as_deref()), (Some("root"), Some("grace")));
    assert_eq!(last.user, Some(key.pseudonym(&subject_of(1))), "an auditor sees that of these entries nobody is left");
}

#[test]
fn erasing_twice_is_harmless_and_nobody_who_is_not_known_is_marked() {
    let logins = Logins::new();
    let (_directory, store) = store(&logins, 2);
    assert!(matches!(erase(&store, 1), Erasure::Done(_)));
    let before = (entries(&store), store.stats().unwrap().commit);
    assert_eq!((erase(&store, 1), erase(&store, 7)), (Erasure::Nothing, Erasure::Nothing));
    assert_eq!(store.erased_at(&subject_of(7)), Ok(None));
    assert_eq!((entries(&store).len(), entries(&store)), (before.0.len(), before.0));
    assert_eq!(logins.known(&store, 0), Known::Completed);
}

/// Of whom a code waits whom idv never met, there is a key and a code, and no more.
#[test]
fn somebody_whom_idv_never_met_is_erased_too() {
    let logins = Logins::new();
    let (_directory, store) = store(&logins, 0);
    assert!(block_on(logins.issue(&store, 1)));
    assert_eq!(erase(&store, 1), Erasure::Done(Erased::default()));
    assert_eq!(store.person_key(&subject_of(1)), Ok(None));
}

/// The next number of a check is that of the last one and one, and the chain of nobody leads to what is another's now.
#[test]
fn checks_that_come_after_are_found_whoever_was_the_last() {
    let logins = Logins::new();
    let (_directory, store) = store(&logins, 3);
    assert!(matches!(erase(&store, 2), Erasure::Done(_)));
    assert!(block_on(logins.complete(&store, 3)));
    for n in [0, 1, 3] {
        assert_eq!(logins.known(&store, n), Known::Completed, "{n}");
    }
}

#[test]
fn who_comes_again_is_somebody_new_and_may_have_the_identity_that_they_had() {
    let logins = Logins::new();
    let (_directory, store) = store(&logins, 0);
    let attest = |n, which, id, at: u64| {
        let session = Session { issued_at: Timestamp::from_unix(at), ..logins.session(n, which) };
        let id = IdvId::from_random([id; 16]);
        block_on(store.attest(&session, attested(acme(), identity_of(1)), id, Timestamp::from_unix(at + 1))).unwrap()
    };
    let status = |answered| match answered {
        Answered::Concluded(outcome) => outcome.status,
        other => panic!("{other:?}"),
    };
    assert_eq!(status(attest(1, 0, 1, BEGINNING)), Status::Success);
    assert!(matches!(erase(&store, 1), Erasure::Done(_)));
    assert_eq!(status(attest(1, 1, 2, BEGINNING + 200)), Status::Success);
    let record = store.subject(&subject_of(1)).unwrap().unwrap();
    assert_eq!(record.idv_id, IdvId::from_random([2; 16]));
    assert_eq!(store.checks(&record, 10).unwrap().len(), 1);
}

#[test]
fn a_case_goes_with_its_number_its_photos_and_by_what_they_are_found_again() {
    let bureau = Bureau::new(Policy::default());
    let _sent = bureau.sent(1);
    let _other = bureau.sent(2);
    let [sent, other] = [1, 2].map(|person| bureau.dossier(person).unwrap());
    assert_eq!(bureau.found_like(&sent), [sent.number, other.number]);
    let rows = |table: &str| {
        let records = bureau.store.stats().unwrap().records;
        records.into_iter().find(|(name, _)| *name == table).unwrap().1
    };
    let (seen, objects) = (rows("seen"), rows("objects"));
    let Erasure::Done(erased) = erase(&bureau.store, 1) else { panic!() };
    assert_eq!(erased.pictures, 2);
    assert_eq!(bureau.store.numbered(sent.number), Ok(None));
    assert_eq!(bureau.found_like(&sent), [other.number], "the other's pictures are found yet");
    assert_eq!((rows("seen"), rows("objects")), (seen / 2, objects), "what opens them waits to be shredded");
    let deleted = bureau.store.objects(None, 10).unwrap().into_iter().filter(|(_, record)| record.deleted_at.is_some());
    assert_eq!(deleted.count(), 2);
    assert!(bureau.dossier(2).is_some());
    assert!(bureau.store.case(&subject_of(1)).unwrap().is_none());
}

#[test]
fn a_legal_hold_stands_against_it_until_it_is_lifted() {
    let bureau = Bureau::new(Policy::default());
    let _sent = bureau.sent(1);
    let _ = bureau.orders(1, &Who::supervisor(1), Deed::Hold { reason: "court".into() });
    assert_eq!(erase(&bureau.store, 1), Erasure::OnHold);
    assert!(bureau.dossier(1).is_some() && bureau.store.erased_at(&subject_of(1)) == Ok(None));
    let _ = bureau.orders(1, &Who::supervisor(1), Deed::Unhold);
    assert!(matches!(erase(&bureau.store, 1), Erasure::Done(_)));
}

/// Without their link to themselves they could decide of a case of their own.
#[test]
fn an_operator_is_erased_once_they_are_none() {
    let logins = Logins::new();
    let (_directory, store) = store(&logins, 1);
    let name: OperatorName = "ada".to_owned().try_into().unwrap();
    let change = |task| {
        let by = By { account: Account::Root, claimed: None };
        block_on(store.change_operator(name.clone(), task, by, NOW)).unwrap().0.unwrap()
    };
    let link = Link::new(LinkToken::from_random([1; 16]), NOW);
    let roles = [Role::Reviewer].into_iter().collect();
    change(Task::Add { roles, subject: Some(subject_of(0)), link });
    assert_eq!(erase(&store, 0), Erasure::IsOperator);
    assert_eq!(change(Task::Revoke).subject, Some(subject_of(0)));
    assert!(matches!(erase(&store, 0), Erasure::Done(_)));
    assert_eq!(store.operators().unwrap()[0].1.subject, None);
}

#[test]
fn erased_photos_are_shredded_and_those_of_others_open() {
    let album = Album::new();
    let [goes, stays] = [1, 2].map(|applicant| album.take(applicant, day(0)).unwrap());
    assert_eq!(album.erase(1, day(0)), Erasure::Done(Erased { checks: 0, pictures: 1 }));
    assert!(!album.opens(goes) && album.opens(stays));
    assert_eq!(album.rotate(day(0)).unwrap().shredded, 1);
    assert!(album.opens(stays));
    assert_eq!(album.store.objects(None, 10).unwrap().len(), 1);
}

/// A second erasure by a clock that was set back is later than the first all the same: a backup between the two has the
/// first mark, and whom the second is about.
#[test]
fn each_erasure_is_later_than_the_one_before_whatever_the_clock_does() {
    let logins = Logins::new();
    let (_directory, store) = store(&logins, 1);
    assert!(matches!(erase(&store, 0), Erasure::Done(_)));
    assert!(block_on(logins.issue(&store, 0)));
    let earlier = NOW.earlier(Duration::from_secs(50));
    assert!(matches!(block_on(store.erase(wish(subject_of(0), earlier))).unwrap().0, Erasure::Done(_)));
    assert_eq!(store.erased_at(&subject_of(0)), Ok(Some(NOW.later(Duration::from_secs(1)))));
}
