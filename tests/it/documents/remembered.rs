//! By what pictures are found again is kept as long as the check that was made of them, and of an attempt without one not at
//! all.

use idv::verification::command::Done;
use idv::verification::decision::Actor;
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::due::due_at;
use idv::verification::method::document::policy::Policy;
use idv::verification::method::document::reason::AskReason;
use idv::verification::method::document::review::Deed;
use idv::verification::method::document::{Act, DocumentKind, Slot, Told};

use crate::support::bureau::{Bureau, Who, rejected};

/// What becomes of the attempt of person 1, who sent it in the session.
type End = fn(&Bureau, &Actor);

fn supervisor() -> Who {
    Who::supervisor(2)
}

/// Has time go on until something is due, and has it done.
fn ages(bureau: &Bureau) {
    bureau.set(due_at(&bureau.dossier(1).unwrap(), &bureau.rules).unwrap());
    assert_eq!(bureau.orders(1, &supervisor(), Deed::Age), Done::Changed);
}

/// Has time go on until nothing is left of it.
fn ages_away(bureau: &Bureau) {
    for _ in 0..4 {
        if bureau.dossier(1).is_some() {
            ages(bureau);
        }
    }
}

fn decides(bureau: &Bureau, verdict: Verdict) {
    assert_eq!(bureau.decides(1, &Who::reviewer(3), verdict), Done::Changed);
}

fn asks_again(bureau: &Bureau) {
    decides(bureau, Verdict::AskAgain(vec![(Slot::Front, AskReason::Dark)]));
}

fn ends_as(end: End) -> (Option<&'static str>, Vec<u64>) {
    let bureau = Bureau::new(Policy::default());
    let actor = bureau.sent(1);
    let sent = bureau.dossier(1).unwrap();
    assert_eq!(bureau.found_like(&sent), [1], "it was sent");
    end(&bureau, &actor);
    (bureau.dossier(1).map(|dossier| dossier.state()), bureau.found_like(&sent))
}

#[test]
fn pictures_are_found_again_as_long_as_it_is_open_or_a_check_was_made_of_them() {
    let ends: [(Option<&str>, End); 7] = [
        (Some("asked_again"), |bureau, _| asks_again(bureau)),
        (Some("approved"), |bureau, _| decides(bureau, Verdict::Approve)),
        (Some("rejected"), |bureau, _| decides(bureau, rejected())),
        // Its pictures go, and the check stays.
        (Some("approved"), |bureau, _| {
            decides(bureau, Verdict::Approve);
            assert_eq!(bureau.orders(1, &supervisor(), Deed::Forget), Done::Changed);
        }),
        (None, |bureau, _| {
            decides(bureau, Verdict::Approve);
            ages_away(bureau);
        }),
        (None, |bureau, _| {
            decides(bureau, rejected());
            ages_away(bureau);
        }),
        (Some("waiting"), |bureau, _| {
            decides(bureau, rejected());
            assert_eq!(bureau.orders(1, &supervisor(), Deed::Undo), Done::Changed);
        }),
    ];
    for (number, (state, end)) in ends.into_iter().enumerate() {
        assert_eq!(ends_as(end), (state, vec![1]), "{number}");
    }
}

#[test]
fn pictures_of_an_attempt_that_ends_without_a_check_are_not_found_again() {
    let ends: [(Option<&str>, End); 7] = [
        (Some("lapsed"), |bureau, _| ages(bureau)),
        (Some("lapsed"), |bureau, _| {
            asks_again(bureau);
            ages(bureau);
        }),
        (Some("lapsed"), |bureau, _| assert_eq!(bureau.orders(1, &supervisor(), Deed::Forget), Done::Changed)),
        (Some("lapsed"), |bureau, _| {
            decides(bureau, rejected());
            assert_eq!(bureau.orders(1, &supervisor(), Deed::Undo), Done::Changed);
            ages(bureau);
        }),
        (None, |bureau, _| ages_away(bureau)),
        (None, |bureau, actor| assert_eq!(bureau.does(actor, Act::Withdraw), Told::Withdrawn)),
        (Some("draft"), |bureau, actor| {
            assert_eq!(bureau.begin(actor, DocumentKind::Passport, true), Told::Begun);
        }),
    ];
    for (number, (state, end)) in ends.into_iter().enumerate() {
        assert_eq!(ends_as(end), (state, vec![]), "{number}");
    }
}

#[test]
fn who_is_decided_of_and_begins_anew_leaves_what_was_decided_to_be_found() {
    let (state, numbers) = ends_as(|bureau, actor| {
        decides(bureau, rejected());
        let _outcome = bureau.accept(actor);
        bureau.sent(1);
    });
    assert_eq!((state, numbers), (Some("waiting"), vec![1, 2]));
}
