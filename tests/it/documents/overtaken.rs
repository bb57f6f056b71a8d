//! What reviewers came to that came to nothing: it is not forgotten.

use idv::verification::command::Done;
use idv::verification::method::Evidence;
use idv::verification::method::document::dossier::{Given, Reviewer, Verdict};
use idv::verification::method::document::policy::{Policy, Second};
use idv::verification::method::document::reason::{AskReason, InnerReason, RejectReason};
use idv::verification::method::document::review::{Conclusion, Deed};
use idv::verification::method::document::{Act, Reviewed, Slot, Told};

use crate::support::bureau::{Bureau, Who, rejected};
use crate::support::ledger::subject_of;

fn two() -> Bureau {
    Bureau::new(Policy { second: Second::Always, ..Policy::default() })
}

fn blurred() -> Verdict {
    Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)])
}

/// `who` rejects for what is never told, with a note.
fn suspects(bureau: &Bureau, who: &Who) {
    assert_eq!(bureau.orders(1, who, Deed::Claim { is_taken_over: false }), Done::Changed);
    let suspected = Conclusion {
        inner: vec![InnerReason::Counterfeit],
        note: Some("the font".into()),
        ..bureau.conclusion(1, Verdict::Reject(vec![RejectReason::OtherEvidence]))
    };
    assert_eq!(bureau.orders(1, who, Deed::Decide(Box::new(suspected))), Done::Changed);
}

fn checked(bureau: &Bureau) -> Reviewed {
    let record = bureau.store.subject(&subject_of(1)).unwrap().unwrap();
    let check = bureau.store.checks(&record, 1).unwrap().remove(0);
    let Evidence::Reviewed(reviewed) = check.evidence else { panic!("{check:?}") };
    reviewed
}

fn who_and_what(given: &[Given]) -> Vec<(Reviewer, &'static str)> {
    given.iter().map(|given| (given.by.clone(), given.verdict.as_str())).collect()
}

fn expected(all: &[(&Who, &'static str)]) -> Vec<(Reviewer, &'static str)> {
    all.iter().map(|(who, what)| (who.by.clone(), *what)).collect()
}

/// One held it for a counterfeit, another asked for a sharper photo, and nobody knew any more that it was suspected.
#[test]
fn what_was_found_before_better_photos_were_wanted_stays_with_who_wanted_them() {
    let (bureau, ada, bob) = (two(), Who::reviewer(1), Who::reviewer(2));
    let actor = bureau.sent(1);
    suspects(&bureau, &ada);
    assert_eq!(bureau.decides(1, &bob, blurred()), Done::Changed);
    let all = expected(&[(&ada, "reject"), (&bob, "ask_again")]);
    let dossier = bureau.dossier(1).unwrap();
    assert_eq!(who_and_what(&dossier.earlier), all);
    assert_eq!((&dossier.earlier[0].inner[..], dossier.verdicts()), (&[InnerReason::Counterfeit][..], &[][..]));
    assert_eq!(dossier.earlier[0].note.as_deref(), Some("the font"));
    bureau.fill(&actor);
    assert_eq!(bureau.does(&actor, Act::Send), Told::Sent);
    for who in [&ada, &bob] {
        assert_eq!(bureau.decides(1, who, Verdict::Approve), Done::Changed, "the next round is a new one");
    }
    let reviewed = checked(&bureau);
    assert_eq!(who_and_what(&reviewed.earlier), all);
    assert_eq!(who_and_what(&reviewed.verdicts), expected(&[(&ada, "approve"), (&bob, "approve")]));
    assert!(reviewed.earlier.iter().all(|given| given.note.is_none()), "notes are not kept for ever");
    assert_eq!(reviewed.earlier[0].inner, [InnerReason::Counterfeit]);
}

#[test]
fn what_was_taken_back_or_decided_in_part_when_it_lapsed_stays_and_notes_go_with_the_pictures() {
    let (bureau, ada, bob) = (two(), Who::reviewer(1), Who::reviewer(2));
    let _actor = bureau.sent(1);
    suspects(&bureau, &ada);
    assert_eq!(bureau.decides(1, &bob, rejected()), Done::Changed);
    assert_eq!(bureau.orders(1, &Who::supervisor(3), Deed::Undo), Done::Changed);
    assert_eq!(bureau.decides(1, &bob, Verdict::Approve), Done::Changed);
    let before = bureau.dossier(1).unwrap();
    assert_eq!(who_and_what(&before.earlier), expected(&[(&ada, "reject"), (&bob, "reject")]));
    assert!(before.earlier[0].note.is_some());
    bureau.set(bureau.now().later(bureau.rules.answer_within));
    assert_eq!(bureau.orders(1, &Who::terminal("clock"), Deed::Age), Done::Changed);
    let lapsed = bureau.dossier(1).unwrap();
    assert_eq!(lapsed.state(), "lapsed");
    assert_eq!(
        who_and_what(&lapsed.earlier),
        expected(&[(&ada, "reject"), (&bob, "reject"), (&bob, "approve")]),
        "and nobody else decided"
    );
    assert!(lapsed.earlier.iter().all(|given| given.note.is_none()));
}

#[test]
fn a_restored_case_has_what_was_found_of_it_without_the_notes() {
    let (bureau, ada) = (two(), Who::reviewer(1));
    let _actor = bureau.sent(1);
    suspects(&bureau, &ada);
    let standing = bureau.standing(1).restored();
    let restored = standing.dossier.unwrap();
    assert_eq!((restored.state(), restored.pictures.len()), ("asked_again", 0));
    assert_eq!(who_and_what(&restored.earlier), expected(&[(&ada, "reject")]));
    assert_eq!(restored.earlier[0].note, None, "it goes with the pictures");
}
