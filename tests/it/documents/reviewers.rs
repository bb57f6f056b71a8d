//! What reviewers may do, and when it is refused.

use std::time::Duration;

use idv::verification::case::Decision;
use idv::verification::command::Done;
use idv::verification::decision::Actor;
use idv::verification::method::document::checklist::Response;
use idv::verification::method::document::dossier::{CLAIM, Verdict};
use idv::verification::method::document::policy::{Policy, Second};
use idv::verification::method::document::reason::{AskReason, InnerReason, RejectReason};
use idv::verification::method::document::review::{Conclusion, Deed, NOTE, Refused};
use idv::verification::method::document::{Act, DocumentKind, Refusal, Slot, Stage, Told};
use idv::verification::method::{self, Evidence, Method};
use idv::verification::object::ObjectId;
use idv::verification::outcome::{Status, Verified};
use idv::verification::time::Timestamp;

use crate::support::bureau::{Bureau, Who, refused, rejected};
use crate::support::ledger::subject_of;

fn not(refused: Refused) -> Done {
    Done::Refused(method::Refused::Document(refused))
}

fn bureau() -> Bureau {
    Bureau::new(Policy::default())
}

fn two() -> Bureau {
    Bureau::new(Policy { second: Second::Always, ..Policy::default() })
}

fn claim() -> Deed {
    Deed::Claim { is_taken_over: false }
}

fn decide(conclusion: Conclusion) -> Deed {
    Deed::Decide(Box::new(conclusion))
}

fn blurred() -> Verdict {
    Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)])
}

#[test]
fn a_case_is_one_reviewers_until_its_claim_runs_out() {
    let (bureau, ada, bob) = (bureau(), Who::reviewer(1), Who::reviewer(2));
    let _actor = bureau.sent(1);
    let claimed_at = bureau.now();
    assert_eq!(bureau.orders(1, &ada, claim()), Done::Changed);
    assert_eq!(bureau.orders(1, &bob, claim()), not(Refused::Claimed));
    assert_eq!(bureau.orders(1, &bob, Deed::Claim { is_taken_over: true }), not(Refused::Claimed), "no supervisor");
    assert_eq!(bureau.orders(1, &bob, decide(bureau.conclusion(1, rejected()))), not(Refused::Claimed));
    assert_eq!(bureau.orders(1, &bob, Deed::Release), not(Refused::NotClaimed));
    bureau.set(Timestamp::from_unix(claimed_at.later(CLAIM).as_unix() - 1));
    assert_eq!(bureau.orders(1, &bob, claim()), not(Refused::Claimed));
    bureau.set(claimed_at.later(CLAIM));
    assert_eq!(bureau.orders(1, &ada, decide(bureau.conclusion(1, rejected()))), not(Refused::NotClaimed));
    assert_eq!(bureau.orders(1, &bob, claim()), Done::Changed);
    assert_eq!(bureau.orders(1, &bob, Deed::Release), Done::Changed);
    assert_eq!(bureau.orders(1, &ada, claim()), Done::Changed);
    let supervisor = Who::supervisor(3);
    assert_eq!(bureau.orders(1, &supervisor, Deed::Claim { is_taken_over: true }), Done::Changed);
    assert_eq!(bureau.orders(1, &ada, decide(bureau.conclusion(1, rejected()))), not(Refused::Claimed));
    // What somebody left claimed, a supervisor frees.
    assert_eq!(bureau.orders(1, &Who::terminal("eve"), Deed::Release), Done::Changed);
    assert_eq!(bureau.orders(1, &ada, claim()), Done::Changed);
}

#[test]
fn a_claim_that_is_renewed_is_as_old_as_it_was_and_one_that_is_taken_over_is_new() {
    let (bureau, ada) = (bureau(), Who::reviewer(1));
    let _actor = bureau.sent(1);
    let claimed = || {
        let Stage::Waiting { claim: Some(claim), .. } = bureau.dossier(1).unwrap().stage else { panic!("claimed") };
        (claim.since, claim.until)
    };
    let first = bureau.now();
    assert_eq!(bureau.orders(1, &ada, claim()), Done::Changed);
    let later = first.later(Duration::from_mins(1));
    bureau.set(later);
    assert_eq!(bureau.orders(1, &ada, claim()), Done::Changed);
    assert_eq!(claimed(), (first, later.later(CLAIM)));
    assert_eq!(bureau.orders(1, &Who::supervisor(2), Deed::Turn(Slot::Front)), not(Refused::NotClaimed), "not theirs");
    let last = Timestamp::from_unix(later.later(CLAIM).as_unix() - 1);
    bureau.set(last);
    assert_eq!(bureau.orders(1, &ada, Deed::Turn(Slot::Front)), Done::Changed);
    assert_eq!(claimed(), (first, last.later(CLAIM)), "who turns looks at it");
    bureau.set(last.later(CLAIM));
    assert_eq!(bureau.orders(1, &ada, Deed::Turn(Slot::Front)), not(Refused::NotClaimed));
    assert_eq!(bureau.orders(1, &ada, claim()), Done::Changed);
    let taken_over = bureau.now().later(Duration::from_mins(1));
    bureau.set(taken_over);
    assert_eq!(bureau.orders(1, &Who::supervisor(2), Deed::Claim { is_taken_over: true }), Done::Changed);
    assert_eq!(claimed(), (taken_over, taken_over.later(CLAIM)));
}

#[test]
fn a_page_from_before_a_decision_was_taken_back_decides_nothing() {
    let (bureau, ada, bob) = (two(), Who::reviewer(1), Who::reviewer(2));
    let _actor = bureau.sent(1);
    assert_eq!(bureau.decides(1, &ada, Verdict::Approve), Done::Changed);
    assert_eq!(bureau.orders(1, &bob, claim()), Done::Changed);
    let seen = bureau.conclusion(1, Verdict::Approve);
    assert_eq!(bureau.orders(1, &bob, decide(seen.clone())), Done::Changed);
    let supervisor = Who::supervisor(3);
    assert_eq!(bureau.orders(1, &supervisor, Deed::Undo), Done::Changed);
    assert_eq!(bureau.orders(1, &bob, claim()), Done::Changed, "whoever decided may again");
    assert_eq!(bureau.orders(1, &bob, decide(seen)), not(Refused::Changed));
}

#[test]
fn what_is_decided_is_what_was_seen() {
    let (bureau, ada) = (bureau(), Who::reviewer(1));
    let actor = bureau.sent(1);
    assert_eq!(bureau.orders(1, &ada, claim()), Done::Changed);
    let seen = bureau.conclusion(1, Verdict::Approve);
    for changed in [
        Conclusion { revision: seen.revision.wrapping_add(1), ..seen.clone() },
        Conclusion { digests: vec![[0; 32]; seen.digests.len()], ..seen.clone() },
        Conclusion { digests: seen.digests[1..].to_vec(), ..seen.clone() },
    ] {
        assert_eq!(bureau.orders(1, &ada, decide(changed)), not(Refused::Changed));
    }
    // To claim it, and to turn a picture for everybody, does not change what was seen.
    assert_eq!(bureau.orders(1, &ada, Deed::Turn(Slot::Front)), Done::Changed);
    assert_eq!(bureau.orders(1, &ada, Deed::Turn(Slot::Back)), not(Refused::NotNow), "a passport has no back");
    assert_eq!(bureau.dossier(1).unwrap().filled(Slot::Front).unwrap().picture.turns, 1);
    assert_eq!(bureau.orders(1, &ada, decide(seen.clone())), Done::Changed);
    assert_eq!(bureau.orders(1, &ada, decide(seen)), not(Refused::NotNow), "it is decided");
    assert_eq!(bureau.accept(&actor).unwrap().verified.unwrap().method, Method::Document);
}

#[test]
fn an_approval_wants_every_answer_yes_and_a_rejection_one_no_and_a_reason() {
    let (bureau, ada) = (bureau(), Who::terminal("ada"));
    let _actor = bureau.sent(1);
    let approve = bureau.conclusion(1, Verdict::Approve);
    let reject = bureau.conclusion(1, rejected());
    let answered = |base: &Conclusion, place: usize, response| {
        let mut changed = base.clone();
        changed.checklist[place].1 = response;
        changed
    };
    let last = approve.checklist.len() - 1;
    let unfit = [
        answered(&approve, 0, Response::No),
        answered(&approve, last, Response::CannotTell),
        Conclusion { checklist: approve.checklist[1..].to_vec(), ..approve.clone() },
        Conclusion { checklist: vec![], ..approve.clone() },
        Conclusion { inner: vec![InnerReason::Altered], ..approve.clone() },
        Conclusion { note: Some("x".repeat(NOTE + 1)), ..approve.clone() },
        answered(&reject, 0, Response::Yes),
        answered(&reject, 0, Response::CannotTell),
        Conclusion { checklist: reject.checklist[1..].to_vec(), ..reject.clone() },
        Conclusion { verdict: Verdict::Reject(vec![]), ..reject.clone() },
        Conclusion { verdict: Verdict::Reject(vec![RejectReason::OtherEvidence]), ..reject.clone() },
        Conclusion { inner: vec![InnerReason::Altered], ..reject.clone() },
        bureau.conclusion(1, Verdict::AskAgain(vec![])),
        bureau.conclusion(1, Verdict::AskAgain(vec![(Slot::Back, AskReason::Blurred)])),
        bureau.conclusion(1, Verdict::AskAgain(vec![(Slot::Front, AskReason::Restored)])),
        Conclusion { inner: vec![InnerReason::Altered], ..bureau.conclusion(1, blurred()) },
    ];
    for conclusion in unfit {
        assert_eq!(bureau.orders(1, &ada, decide(conclusion.clone())), not(Refused::Incomplete), "{conclusion:?}");
    }
    let other = Conclusion {
        verdict: Verdict::Reject(vec![RejectReason::OtherEvidence]),
        inner: vec![InnerReason::Altered],
        note: Some("x".repeat(NOTE)),
        ..reject
    };
    assert_eq!(bureau.orders(1, &ada, decide(other)), Done::Changed);
    let record = bureau.store.subject(&subject_of(1)).unwrap().unwrap();
    let [check] = &bureau.store.checks(&record, 10).unwrap()[..] else { panic!("one check") };
    let Evidence::Reviewed(reviewed) = &check.evidence else { panic!("{check:?}") };
    assert_eq!(check.status, Status::Failed);
    let [given] = &reviewed.verdicts[..] else { panic!("one verdict") };
    assert_eq!((&given.inner[..], &given.note), (&[InnerReason::Altered][..], &None), "notes are not kept for ever");
    assert_eq!(given.by, ada.by);
}

#[test]
fn two_decide_where_two_are_needed_and_none_of_them_at_a_terminal() {
    let (ada, bob, supervisor) = (Who::reviewer(1), Who::reviewer(2), Who::supervisor(3));
    let bureau = two();
    for (person, second, status) in [(1, Verdict::Approve, Status::Success), (2, Verdict::Approve, Status::Success)] {
        let actor = bureau.sent(person);
        assert_eq!(bureau.decides(person, &Who::terminal("ada"), Verdict::Approve), not(Refused::SignIn));
        assert_eq!(bureau.decides(person, &ada, Verdict::Approve), Done::Changed);
        assert_eq!(bureau.accept(&actor).map(|outcome| outcome.status), Some(Status::Pending), "one is not enough");
        assert_eq!(bureau.orders(person, &ada, claim()), not(Refused::OwnVerdict));
        assert_eq!(bureau.decides(person, &Who::terminal("bob"), Verdict::Approve), not(Refused::SignIn));
        assert_eq!(bureau.decides(person, &bob, second), Done::Changed);
        let ticket = bureau.store.case(&subject_of(person)).unwrap().unwrap().ticket;
        assert_eq!(bureau.accept(&bureau.login(person, Some(ticket))).unwrap().status, status);
    }
    // They differ: a third settles it, who is a supervisor.
    let _actor = bureau.sent(3);
    assert_eq!(bureau.decides(3, &supervisor, Verdict::Approve), Done::Changed);
    assert_eq!(bureau.decides(3, &bob, rejected()), Done::Changed);
    assert!(bureau.dossier(3).unwrap().is_disputed());
    assert_eq!(bureau.orders(3, &supervisor, claim()), not(Refused::OwnVerdict), "not who reviewed it");
    assert_eq!(bureau.orders(3, &ada, claim()), not(Refused::Supervisor));
    assert_eq!(bureau.decides(3, &Who::supervisor(4), rejected()), Done::Changed);
    assert!(matches!(bureau.dossier(3).unwrap().stage, Stage::Decided { is_verified: false, .. }));
}

/// Thirty days, so that no round of better pictures ends with the first.
#[test]
fn a_case_counts_from_when_something_was_last_sent_or_asked_for_or_a_decision_was_taken_back() {
    let (bureau, ada) = (bureau(), Who::reviewer(1));
    let case = || bureau.store.case(&subject_of(1)).unwrap().unwrap();
    let later = || {
        bureau.set(bureau.now().later(Duration::from_hours(24)));
        bureau.now()
    };
    let actor = bureau.sent(1);
    let sent_at = bureau.now();
    assert_eq!((case().opened_at, case().decision), (sent_at, None));
    let ticket = bureau.leave(&actor).ticket;
    let asked_at = later();
    assert_eq!(bureau.decides(1, &ada, blurred()), Done::Changed);
    assert_eq!((case().opened_at, case().decision), (asked_at, None));
    let sent_again_at = later();
    let actor = bureau.login(1, ticket);
    bureau.fill(&actor);
    assert_eq!(bureau.does(&actor, Act::Send), Told::Sent);
    assert_eq!(case().opened_at, sent_again_at);
    let decided_at = later();
    assert_eq!(bureau.decides(1, &ada, Verdict::Approve), Done::Changed);
    let verified = Verified { at: decided_at, method: Method::Document };
    assert_eq!((case().opened_at, case().decision), (sent_again_at, Some(Decision::Verified(verified))));
    let taken_back_at = later();
    assert_eq!(bureau.orders(1, &Who::supervisor(2), Deed::Undo), Done::Changed);
    assert_eq!((case().opened_at, case().decision), (taken_back_at, None));
    assert_eq!(Some(case().ticket), ticket);
}

#[test]
fn one_is_enough_to_ask_for_better_pictures_and_whoever_doubts_wishes_another() {
    let (ada, bob) = (Who::reviewer(1), Who::reviewer(2));
    let bureau = two();
    let actor = bureau.sent(1);
    assert_eq!(bureau.decides(1, &ada, Verdict::Approve), Done::Changed);
    assert_eq!(bureau.decides(1, &bob, blurred()), Done::Changed);
    assert!(matches!(bureau.dossier(1).unwrap().stage, Stage::AskedAgain { .. }));
    bureau.fill(&actor);
    assert_eq!(bureau.does(&actor, Act::Send), Told::Sent);
    assert_eq!(bureau.decides(1, &ada, Verdict::Approve), Done::Changed, "of the pictures of before they decided");
    let doubting = Bureau::new(Policy { second: Second::Doubt, ..Policy::default() });
    let _actor = doubting.sent(1);
    assert_eq!(doubting.orders(1, &ada, claim()), Done::Changed);
    let doubt = Conclusion { wants_second: true, ..doubting.conclusion(1, Verdict::Approve) };
    assert_eq!(doubting.orders(1, &Who::terminal("eve"), Deed::Release), Done::Changed);
    assert_eq!(doubting.orders(1, &Who::terminal("eve"), decide(doubt.clone())), not(Refused::SignIn));
    assert_eq!(doubting.orders(1, &ada, claim()), Done::Changed);
    assert_eq!(doubting.orders(1, &ada, decide(doubt)), Done::Changed);
    assert!(matches!(doubting.dossier(1).unwrap().stage, Stage::Waiting { .. }));
    for (person, who) in [(2, ada), (3, Who::terminal("eve"))] {
        let _actor = doubting.sent(person);
        assert_eq!(doubting.decides(person, &who, Verdict::Approve), Done::Changed);
        assert!(matches!(doubting.dossier(person).unwrap().stage, Stage::Decided { .. }), "who has no doubt");
    }
}

#[test]
fn by_a_picture_that_does_not_open_nobody_decides_but_better_ones_may_be_asked_for() {
    let (bureau, ada) = (bureau(), Who::reviewer(1));
    let _actor = bureau.sent(1);
    assert_eq!(bureau.orders(1, &ada, claim()), Done::Changed);
    let damaged = |verdict| decide(Conclusion { are_whole: false, ..bureau.conclusion(1, verdict) });
    for verdict in [Verdict::Approve, rejected()] {
        assert_eq!(bureau.orders(1, &ada, damaged(verdict)), not(Refused::Damaged));
    }
    assert_eq!(bureau.orders(1, &ada, damaged(blurred())), Done::Changed);
}

/// Whoever made the link may be another of the two.
#[test]
fn who_came_by_a_link_decides_alone_where_no_second_may_come_and_nowhere_else() {
    let by_link = Who::link("lin");
    for (second, done) in
        [(Second::Never, Done::Changed), (Second::Doubt, not(Refused::SignIn)), (Second::Always, not(Refused::SignIn))]
    {
        let bureau = Bureau::new(Policy { second, ..Policy::default() });
        let _actor = bureau.sent(1);
        assert_eq!(bureau.orders(1, &by_link, claim()), Done::Changed, "{second:?}");
        let approves = decide(bureau.conclusion(1, Verdict::Approve));
        assert_eq!(bureau.orders(1, &by_link, approves), done, "{second:?}");
    }
}

#[test]
fn nobody_decides_claims_or_ends_their_own_case() {
    let bureau = bureau();
    let _actor = bureau.sent(1);
    let mut own = Who::supervisor(1);
    own.powers.subject = Some(subject_of(1));
    let deeds =
        [claim(), Deed::Release, Deed::Turn(Slot::Front), Deed::Hold { reason: "r".into() }, Deed::Undo, Deed::Forget];
    for deed in deeds.into_iter().chain([decide(bureau.conclusion(1, Verdict::Approve))]) {
        assert_eq!(bureau.orders(1, &own, deed), not(Refused::NoCase));
    }
    own.powers.subject = Some(subject_of(2));
    assert_eq!(bureau.orders(1, &own, claim()), Done::Changed);
    assert_eq!(bureau.orders_of(1, 99, &own, claim()), not(Refused::NoCase), "another number");
}

#[test]
fn pictures_are_asked_for_as_often_as_the_rounds_allow() {
    let (bureau, ada) = (Bureau::new(Policy { rounds: 2, ..Policy::default() }), Who::reviewer(1));
    let actor = bureau.sent(1);
    assert_eq!(bureau.decides(1, &ada, blurred()), Done::Changed);
    bureau.fill(&actor);
    assert_eq!(bureau.does(&actor, Act::Send), Told::Sent);
    assert_eq!(bureau.decides(1, &ada, blurred()), not(Refused::Rounds));
    assert_eq!(bureau.decides(1, &ada, rejected()), Done::Changed);
}

#[test]
fn a_supervisor_takes_back_what_no_login_took_and_nothing_else() {
    let (bureau, ada, supervisor) = (bureau(), Who::reviewer(1), Who::supervisor(2));
    let actor = bureau.sent(1);
    assert_eq!(bureau.orders(1, &supervisor, Deed::Undo), not(Refused::NotNow), "nothing is decided");
    assert_eq!(bureau.decides(1, &ada, Verdict::Approve), Done::Changed);
    assert_eq!(bureau.orders(1, &ada, Deed::Undo), not(Refused::Supervisor));
    assert_eq!(bureau.orders(1, &supervisor, Deed::Undo), Done::Changed);
    assert!(bureau.dossier(1).unwrap().verdicts().is_empty());
    assert_eq!(bureau.accept(&actor).unwrap().status, Status::Pending, "it is undecided again");
    let record = bureau.store.subject(&subject_of(1)).unwrap().unwrap();
    let checks = bureau.store.checks(&record, 10).unwrap();
    let undone: Vec<_> = checks
        .iter()
        .map(|check| (check.status, matches!(&check.evidence, Evidence::Reviewed(reviewed) if reviewed.is_undone)))
        .collect();
    assert_eq!(undone, [(Status::Failed, true), (Status::Success, false)], "newest first, and the last one counts");
    assert_eq!(bureau.decides(1, &ada, rejected()), Done::Changed);
    let ticket = bureau.store.case(&subject_of(1)).unwrap().unwrap().ticket;
    assert_eq!(bureau.accept(&bureau.login(1, Some(ticket))).unwrap().status, Status::Failed);
    assert_eq!(bureau.orders(1, &supervisor, Deed::Undo), not(Refused::NotNow), "a login has it");
}

#[test]
fn a_hold_has_a_reason_and_keeps_what_would_be_deleted() {
    let (bureau, ada, supervisor) = (bureau(), Who::reviewer(1), Who::supervisor(2));
    let _actor = bureau.sent(1);
    let hold = |reason: &str| Deed::Hold { reason: reason.into() };
    assert_eq!(bureau.orders(1, &ada, hold("a court")), not(Refused::Supervisor));
    assert_eq!(bureau.orders(1, &supervisor, hold("")), not(Refused::Incomplete));
    assert_eq!(bureau.orders(1, &supervisor, hold("a court")), Done::Changed);
    assert_eq!(bureau.orders(1, &supervisor, Deed::Forget), not(Refused::Held));
    bureau.set(bureau.now().later(Duration::from_hours(24 * 1000)));
    assert_eq!(bureau.orders(1, &supervisor, Deed::Age), Done::Unchanged);
    assert_eq!(bureau.orders(1, &ada, Deed::Unhold), not(Refused::Supervisor));
    assert_eq!(bureau.orders(1, &supervisor, Deed::Unhold), Done::Changed);
    assert_eq!(bureau.orders(1, &supervisor, Deed::Unhold), Done::Unchanged);
    assert_eq!(bureau.orders(1, &ada, Deed::Age), Done::Changed);
    assert!(matches!(bureau.dossier(1).unwrap().stage, Stage::Lapsed { was_asked: false, .. }));
}

fn on_hold(bureau: &Bureau, person: usize) -> Vec<ObjectId> {
    assert_eq!(bureau.orders(person, &Who::supervisor(9), Deed::Hold { reason: "a court".into() }), Done::Changed);
    bureau.dossier(person).unwrap().objects().collect()
}

/// Whether nothing of `held` is lost: the case names all of it, and none is to be deleted.
fn keeps(bureau: &Bureau, person: usize, held: &[ObjectId]) -> bool {
    let named: Vec<_> = bureau.dossier(person).map(|dossier| dossier.objects().collect()).unwrap_or_default();
    let lives = |object| bureau.store.object(object).unwrap().is_some_and(|record| record.deleted_at.is_none());
    held.iter().all(|object| named.contains(object) && lives(object))
}

/// To ask for better pictures deleted those that a court wanted kept.
#[test]
fn whatever_reviewers_and_commands_do_under_a_hold_no_picture_is_lost() {
    let (bureau, ada, supervisor) = (bureau(), Who::reviewer(1), Who::supervisor(2));
    let actor = bureau.sent(1);
    let held = on_hold(&bureau, 1);
    assert_eq!(held.len(), 2);
    for who in [&ada, &supervisor] {
        assert_eq!(bureau.decides(1, who, blurred()), not(Refused::Held));
        assert_eq!(bureau.orders(1, who, Deed::Release), Done::Changed);
    }
    assert_eq!(bureau.decides(1, &Who::terminal("eve"), blurred()), not(Refused::Held));
    for verdict in [rejected(), Verdict::Approve] {
        assert_eq!(bureau.decides(1, &ada, verdict), Done::Changed);
        assert!(keeps(&bureau, 1, &held));
        assert_eq!(bureau.orders(1, &supervisor, Deed::Undo), Done::Changed);
        assert!(keeps(&bureau, 1, &held), "taken back");
    }
    assert_eq!(bureau.decides(1, &ada, rejected()), Done::Changed);
    assert_eq!(bureau.accept(&bureau.login(1, None)), None, "no ticket");
    let ticket = bureau.store.case(&subject_of(1)).unwrap().unwrap().ticket;
    assert_eq!(bureau.accept(&bureau.login(1, Some(ticket))).unwrap().status, Status::Failed);
    assert_eq!(bureau.begin(&bureau.login(1, None), DocumentKind::Passport, true), refused(Refusal::Held));
    assert_eq!(bureau.does(&actor, Act::Withdraw), refused(Refusal::NothingOpen));
    bureau.set(bureau.now().later(Duration::from_hours(24 * 1000)));
    for deed in [Deed::Age, Deed::Forget, Deed::Undo] {
        let done = bureau.orders(1, &supervisor, deed);
        assert_ne!(done, Done::Changed);
        assert!(keeps(&bureau, 1, &held));
    }
    assert_eq!(bureau.orders(1, &supervisor, Deed::Unhold), Done::Changed);
    assert_eq!(bureau.orders(1, &supervisor, Deed::Age), Done::Changed);
    assert!(!keeps(&bureau, 1, &held), "time goes on");
}

#[test]
fn whatever_the_applicant_does_under_a_hold_no_picture_is_lost() {
    let bureau = bureau();
    let held_of = |person, held: &[ObjectId], actor: &Actor| {
        assert_eq!(bureau.does(actor, Act::Withdraw), refused(Refusal::Held));
        assert_eq!(bureau.begin(actor, DocumentKind::Passport, true), refused(Refusal::Held));
        let other = bureau.login(person, None);
        assert_eq!(bureau.begin(&other, DocumentKind::Passport, true), refused(Refusal::Held), "another login");
        assert!(keeps(&bureau, person, held));
    };
    // Sent.
    let actor = bureau.sent(1);
    held_of(1, &on_hold(&bureau, 1), &actor);
    // Asked again, with one of the pictures taken anew.
    let actor = bureau.sent(2);
    let again = Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred), (Slot::Selfie, AskReason::Dark)]);
    assert_eq!(bureau.decides(2, &Who::reviewer(1), again), Done::Changed);
    assert_eq!(bureau.put(&actor, Slot::Front, bureau.picture()), Told::Shown(Slot::Front));
    let held = on_hold(&bureau, 2);
    assert_eq!(held.len(), 1);
    assert_eq!(bureau.put(&actor, Slot::Front, bureau.picture()), refused(Refusal::Held), "it would take its place");
    assert_eq!(bureau.put(&actor, Slot::Selfie, bureau.picture()), Told::Shown(Slot::Selfie), "that place is free");
    held_of(2, &held, &actor);
    // A draft, which a command can hold too.
    let actor = bureau.login(3, None);
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    assert_eq!(bureau.put(&actor, Slot::Front, bureau.picture()), Told::Shown(Slot::Front));
    let held = on_hold(&bureau, 3);
    assert_eq!(bureau.put(&actor, Slot::Front, bureau.picture()), refused(Refusal::Held));
    held_of(3, &held, &actor);
    let leaving = bureau.leave(&actor);
    assert_eq!(leaving.status, Status::Canceled);
    bureau.set(bureau.now().later(Duration::from_hours(24 * 1000)));
    for person in [1, 2, 3] {
        assert_eq!(bureau.orders(person, &Who::supervisor(9), Deed::Age), Done::Unchanged);
    }
    assert!(keeps(&bureau, 3, &held));
}

#[test]
fn who_has_pictures_deleted_ends_what_is_open_and_leaves_what_was_decided() {
    let (bureau, supervisor) = (bureau(), Who::supervisor(1));
    let (open, decided) = (bureau.sent(1), bureau.sent(2));
    assert_eq!(bureau.decides(2, &Who::reviewer(2), Verdict::Approve), Done::Changed);
    let objects: Vec<_> =
        [1, 2].iter().flat_map(|person| bureau.dossier(*person).unwrap().objects().collect::<Vec<_>>()).collect();
    assert_eq!(bureau.orders(1, &Who::reviewer(2), Deed::Forget), not(Refused::Supervisor));
    for person in [1, 2] {
        assert_eq!(bureau.orders(person, &supervisor, Deed::Forget), Done::Changed);
        assert_eq!(bureau.orders(person, &supervisor, Deed::Forget), Done::Unchanged);
    }
    for object in objects {
        assert!(bureau.store.object(&object).unwrap().unwrap().deleted_at.is_some());
    }
    assert_eq!(bureau.orders(2, &supervisor, Deed::Undo), not(Refused::NotNow), "nobody could decide it anew");
    assert_eq!(bureau.accept(&open), None, "nobody decides of it any more");
    assert_eq!(bureau.accept(&decided).unwrap().status, Status::Success);
}
