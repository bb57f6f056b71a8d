//! Whoever is erased while they log in is not verified in that login; and whoever looks at their case hears that it is gone.

use std::time::Duration;

use hyper::StatusCode;
use idv::store::Store;
use idv::verification::decision::Answered;
use idv::verification::erasure::Erasure;
use idv::verification::outcome::Status;
use idv::verification::session::Session;
use idv::verification::spent::Use;
use idv::verification::subject::IdvId;
use idv::verification::time::Timestamp;
use tempfile::TempDir;

use crate::support::acts::{Acts, wish};
use crate::support::applicant::{Applicant, photo, rules};
use crate::support::cases::Cases;
use crate::support::ledger::{Logins, subject_of};
use crate::support::token::{self, SECRET, SUBJECT};
use crate::support::world::{BEGINNING, World, block_on, subject};

fn erase(world: &World) {
    let wish = wish(subject(SUBJECT), Timestamp::from_unix(world.now()));
    assert!(matches!(block_on(world.app.store.erase(wish)).unwrap().0, Erasure::Done(_)));
}

#[test]
fn a_code_that_was_typed_right_verifies_nobody_who_was_erased_meanwhile() {
    let world = World::new();
    world.issue();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("under way"));
    erase(&world);
    let code = world.issue();
    let back = browser.post(&format!("{session}/desk"), &format!("code={code}"));
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "failed");
    assert!(world.app.store.subject(&subject(SUBJECT)).unwrap().is_none(), "and nothing of them is kept");
    world.pass(Duration::from_secs(1));
    let session = browser.begin(&world.token("the next"));
    let back = browser.post(&format!("{session}/desk"), &format!("code={code}"));
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "success", "they begin anew");
}

#[test]
fn photos_that_are_sent_after_that_are_not_kept() {
    let world = World::with_document(rules());
    let mut applicant = Applicant::new(&world, "photos");
    applicant.agree("passport");
    applicant.take("front", 1);
    erase(&world);
    let back = applicant.send("selfie", &photo(2));
    let told = applicant.get("");
    assert!(applicant.dossier().is_none(), "{} {}", back.body, told.body);
    let objects = world.app.store.objects(None, 10).unwrap();
    assert!(objects.iter().all(|(_, record)| record.deleted_at.is_some()), "{objects:?}");
}

/// Exactly at the boundary; and by a clock that was ahead when they were erased, and is set right, nobody was.
#[test]
fn a_login_counts_that_began_after_it() {
    let logins = Logins::new();
    let act = |issued_at: u64, erased_at: u64, now: u64| {
        let directory = TempDir::new().unwrap();
        let (store, _) = Store::open(&directory.path().join("idv.redb"), [7; 32]).unwrap();
        assert!(block_on(logins.issue(&store, 1)));
        let _ = block_on(store.erase(wish(subject_of(1), Timestamp::from_unix(erased_at)))).unwrap();
        let session = Session { issued_at: Timestamp::from_unix(issued_at), ..logins.session(1, 0) };
        let done = store.simulate(&session, Status::Success, IdvId::from_random([1; 16]), Timestamp::from_unix(now));
        match block_on(done).unwrap() {
            Answered::Concluded(outcome) => (outcome.status, store.subject(&subject_of(1)).unwrap().is_some()),
            other => panic!("{other:?}"),
        }
    };
    let at = BEGINNING + 100;
    assert_eq!(act(at, at, at + 1), (Status::Failed, false));
    assert_eq!(act(at - 1, at, at), (Status::Failed, false));
    assert_eq!(act(at + 1, at, at + 1), (Status::Success, true));
    assert_eq!(act(at, at + 1000, at + 999), (Status::Success, true), "a clock that was ahead");
}

/// What of theirs is kept by its token alone was looked for before the transaction that erases them.
#[test]
fn a_session_that_ends_while_they_are_erased_says_nothing_of_them() {
    const SESSIONS: u64 = 300;
    let (logins, directory) = (Logins::new(), TempDir::new().unwrap());
    let (store, _) = Store::open(&directory.path().join("idv.redb"), [7; 32]).unwrap();
    let session = |n: u64| Session { issued_at: Timestamp::from_unix(BEGINNING + n), ..logins.session(1, 0) };
    let after = Timestamp::from_unix(BEGINNING + SESSIONS + 1);
    let end = |n| {
        let id = IdvId::from_random([1; 16]);
        let _told = block_on(store.simulate(&session(n), Status::Success, id, after)).unwrap();
    };
    let succeeded = || {
        let succeeded = |n: &u64| match store.token_use(session(*n).issued_at, session(*n).token_id).unwrap() {
            Use::Concluded(_, outcome) => outcome.status == Status::Success,
            Use::Claimed(_) | Use::Unused => panic!("session {n} has not ended"),
        };
        (0..SESSIONS).filter(succeeded).count()
    };
    (0..SESSIONS / 3).for_each(end);
    std::thread::scope(|scope| {
        let rest = scope.spawn(|| (SESSIONS / 3..SESSIONS).for_each(end));
        let wish = wish(subject_of(1), Timestamp::from_unix(BEGINNING + SESSIONS));
        assert!(matches!(block_on(store.erase(wish)).unwrap().0, Erasure::Done(_)));
        rest.join().unwrap();
    });
    assert_eq!(succeeded(), 0);
    assert!(store.subject(&subject_of(1)).unwrap().is_none());
}

#[test]
fn what_was_concluded_before_is_not_handed_over_after_it() {
    let world = World::new();
    let code = world.issue();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("first"));
    let back = browser.post(&format!("{session}/desk"), &format!("code={code}"));
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "success");
    erase(&world);
    let again = browser.post(&format!("{session}/desk"), &format!("code={code}"));
    assert_eq!(token::open(&again.parameter("token"), SECRET)["status"], "failed", "the back button");
    world.pass(Duration::from_secs(5));
    let claims = token::with(token::claims(world.now()), &serde_json::json!({ "jti": "next", "last_check": 0 }));
    let next = browser.begin(&token::sign(&claims));
    let page = browser.get(&next);
    assert!(!page.body.contains("/accept"), "{}", page.body);
}

#[test]
fn a_case_that_a_reviewer_has_before_them_ends_with_a_page_that_says_so() {
    let cases = Cases::new();
    let number = cases.send(1);
    let mut reviewer = cases.reviewer("ada");
    reviewer.post(&format!("/case/{number}/claim"), "");
    let approval = cases.approval(1);
    assert_eq!(reviewer.get(&format!("/case/{number}")).status, StatusCode::OK);
    assert!(matches!(cases.erase(1), Erasure::Done(_)));
    for page in [
        reviewer.post(&format!("/case/{number}/verdict"), &approval),
        reviewer.get(&format!("/case/{number}")),
        reviewer.post(&format!("/case/{number}/release"), ""),
    ] {
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains("deleted since you looked"), "{}", page.body);
    }
    let queue = reviewer.get("/");
    assert!(queue.status == StatusCode::OK && !queue.body.contains(&format!("/case/{number}")), "{}", queue.body);
}
