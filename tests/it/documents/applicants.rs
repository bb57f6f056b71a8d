//! What applicants may do, and when it is refused.

use std::time::Duration;

use idv::verification::audit::pseudonym::PersonKey;
use idv::verification::decision::{self, Actor, Answered, Known, Step, decide};
use idv::verification::event::Event;
use idv::verification::method::Method;
use idv::verification::method::document::applicant::Via;
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::due::DRAFT;
use idv::verification::method::document::hand_off::{CodeHash, LIFETIME, words};
use idv::verification::method::document::picture::{Brought, Picture};
use idv::verification::method::document::policy::Policy;
use idv::verification::method::document::reason::AskReason;
use idv::verification::method::document::review::Deed;
use idv::verification::method::document::{Act, DocumentKind, Refusal, Selfie, Slot, Stage, Told};
use idv::verification::outcome::Status;
use idv::verification::subject::IdvId;
use idv::verification::ticket::Ticket;
use idv::verification::time::Timestamp;

use crate::support::bureau::{Bureau, Who, refused, rejected};
use crate::support::ledger::subject_of;

const SECOND: Duration = Duration::from_secs(1);

fn bureau() -> Bureau {
    Bureau::new(Policy::default())
}

#[test]
fn pictures_are_put_looked_at_and_sent_and_then_wait() {
    let bureau = bureau();
    let actor = bureau.login(1, None);
    assert_eq!(bureau.does(&actor, Act::Send), refused(Refusal::NothingOpen), "nothing was begun");
    assert_eq!(bureau.begin(&actor, DocumentKind::IdentityCard, false), Told::Begun);
    for (slot, next) in [(Slot::Front, Slot::Back), (Slot::Back, Slot::Selfie)] {
        assert_eq!(bureau.does(&actor, Act::Send), refused(Refusal::Incomplete(slot)));
        let brought = bureau.picture();
        let object = brought.picture.object;
        assert_eq!(bureau.does(&actor, Act::Keep { slot, object }), refused(Refusal::Incomplete(slot)));
        assert_eq!(bureau.put(&actor, slot, brought.clone()), Told::Shown(slot));
        assert_eq!(bureau.does(&actor, Act::Send), refused(Refusal::Incomplete(slot)), "nobody looked at it");
        let other = bureau.picture().picture.object;
        assert_eq!(bureau.does(&actor, Act::Keep { slot, object: other }), refused(Refusal::Changed(slot)));
        assert_eq!(bureau.does(&actor, Act::Keep { slot, object }), Told::Kept);
        // The same bytes are the same picture, and stay confirmed.
        let revision = bureau.dossier(1).unwrap().revision;
        assert_eq!(bureau.put(&actor, slot, brought), Told::Shown(slot));
        assert_eq!(bureau.dossier(1).unwrap().revision, revision);
        assert_eq!(bureau.dossier(1).unwrap().next_slot(), Some(next));
    }
    bureau.fill(&actor);
    assert_eq!(bureau.does(&actor, Act::Send), Told::Sent);
    let dossier = bureau.dossier(1).unwrap();
    assert!(matches!(dossier.stage, Stage::Waiting { .. }) && dossier.round == 1);
    assert_eq!(bureau.does(&actor, Act::Send), refused(Refusal::NothingOpen), "it was sent");
    let (brought, slot) = (bureau.picture(), Slot::Front);
    assert_eq!(bureau.put(&actor, slot, brought), refused(Refusal::NotWanted), "it waits");
}

#[test]
fn each_document_asks_for_its_slots_and_for_no_other() {
    use Slot::{Back, Front, Pose};
    for (document, selfie, wanted) in [
        (DocumentKind::Passport, Selfie::None, &[Front][..]),
        (DocumentKind::Passport, Selfie::Plain, &[Front, Slot::Selfie]),
        (DocumentKind::IdentityCard, Selfie::CodeOnPaper, &[Front, Back, Slot::Selfie]),
        (DocumentKind::DrivingLicence, Selfie::Pose, &[Front, Back, Slot::Selfie, Pose]),
    ] {
        let bureau = Bureau::new(Policy { selfie, ..Policy::default() });
        let actor = bureau.login(1, None);
        assert_eq!(bureau.begin(&actor, document, false), Told::Begun);
        for slot in Slot::ALL {
            let told = if wanted.contains(&slot) { Told::Shown(slot) } else { refused(Refusal::NotWanted) };
            assert_eq!(bureau.put(&actor, slot, bureau.picture()), told, "{document:?} {selfie:?}");
        }
    }
    let bureau = Bureau::new(Policy { kinds: vec![DocumentKind::Passport], ..Policy::default() });
    let actor = bureau.login(1, None);
    assert_eq!(bureau.begin(&actor, DocumentKind::IdentityCard, false), refused(Refusal::NotAccepted));
    assert_eq!(bureau.dossier(1), None);
}

#[test]
fn a_draft_is_of_its_session_alone_and_over_at_its_instant() {
    let bureau = bureau();
    let actor = bureau.login(1, None);
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    let began_at = bureau.now();
    let other = bureau.login(1, None);
    assert_eq!(bureau.put(&other, Slot::Front, bureau.picture()), refused(Refusal::NothingOpen));
    bureau.set(Timestamp::from_unix(began_at.later(DRAFT).as_unix() - 1));
    assert_eq!(bureau.put(&actor, Slot::Front, bureau.picture()), Told::Shown(Slot::Front));
    bureau.set(began_at.later(DRAFT));
    assert_eq!(bureau.put(&actor, Slot::Front, bureau.picture()), refused(Refusal::NothingOpen));
    // What another session begins takes its place, and is a case of its own.
    let number = bureau.dossier(1).unwrap().number;
    assert_eq!(bureau.begin(&other, DocumentKind::Passport, false), Told::Begun);
    let dossier = bureau.dossier(1).unwrap();
    assert!(dossier.number > number && dossier.pictures.is_empty());
    assert_eq!(bureau.store.numbered(number).unwrap(), None);
    assert_eq!(bureau.store.numbered(dossier.number).unwrap(), Some(other.subject));
}

#[test]
fn submissions_count_when_they_are_sent_and_no_longer_than_the_window() {
    let bureau = Bureau::new(Policy { submissions: 2, window: SECOND * 100, ..Policy::default() });
    let first_at = bureau.now();
    for seconds in [0, 10] {
        bureau.set(first_at.later(SECOND * seconds));
        let actor = bureau.sent(1);
        assert_eq!(bureau.does(&actor, Act::Withdraw), Told::Withdrawn);
    }
    let actor = bureau.login(1, None);
    let until = first_at.later(SECOND * 100);
    for seconds in [10, 99] {
        bureau.set(first_at.later(SECOND * seconds));
        assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), refused(Refusal::TooOften { until }));
    }
    bureau.set(until);
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    bureau.fill(&actor);
    assert_eq!(bureau.does(&actor, Act::Send), Told::Sent);
    assert_eq!(bureau.standing(1).sent.len(), 2, "what counts no more is not kept");
}

#[test]
fn who_begins_anew_withdraws_what_was_open_and_that_counts() {
    let bureau = bureau();
    let first = bureau.sent(1);
    let ticket = bureau.leave(&first).ticket;
    let second = bureau.login(1, None);
    assert_eq!(bureau.begin(&second, DocumentKind::Passport, false), refused(Refusal::OtherOpen));
    let number = bureau.dossier(1).unwrap().number;
    assert_eq!(bureau.begin(&second, DocumentKind::Passport, true), Told::Begun);
    assert_eq!(bureau.standing(1).sent.len(), 2);
    assert_ne!(bureau.dossier(1).unwrap().number, number);
    // The ticket of before leads nowhere.
    assert_eq!(bureau.accept(&bureau.login(1, ticket)), None);
    assert_eq!(bureau.store.case(&second.subject).unwrap(), None);
}

#[test]
fn a_picture_that_could_not_be_used_is_not_taken_again() {
    let bureau = bureau();
    let actor = bureau.sent(1);
    let front = *bureau.dossier(1).unwrap().filled(Slot::Front).unwrap();
    let wanted = vec![(Slot::Front, AskReason::Blurred)];
    let _done = bureau.decides(1, &Who::reviewer(1), Verdict::AskAgain(wanted));
    let again = bureau.picture();
    let same = Brought { picture: front.picture, ..again };
    assert_eq!(bureau.put(&actor, Slot::Front, same), refused(Refusal::Unusable(Slot::Front)));
    assert_eq!(bureau.put(&actor, Slot::Selfie, bureau.picture()), refused(Refusal::NotWanted), "we have this one");
    bureau.fill(&actor);
    assert_eq!(bureau.does(&actor, Act::Send), Told::Sent);
    assert_eq!(bureau.dossier(1).unwrap().round, 2);
}

#[test]
fn what_is_on_hold_stays_whatever_its_person_does() {
    let bureau = bureau();
    let actor = bureau.sent(1);
    let before = bureau.dossier(1).unwrap();
    let hold = Deed::Hold { reason: "a court".into() };
    let _done = bureau.orders(1, &Who::supervisor(1), hold);
    assert!(matches!(bureau.does(&actor, Act::Withdraw), Told::Refused(_)));
    assert!(matches!(bureau.begin(&actor, DocumentKind::Passport, true), Told::Refused(_)));
    assert_eq!(bureau.dossier(1).unwrap().pictures, before.pictures);
}

#[test]
fn a_phone_is_let_in_by_its_word_and_does_nothing_but_pictures() {
    let bureau = bureau();
    let actor = bureau.login(1, None);
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    let code = CodeHash::from_bytes([8; 32]);
    let (phone, right) = (Via::Phone(code), words(&code).1);
    let brought = Box::new(bureau.sealed(&actor, bureau.picture()));
    let object = brought.picture.object;
    let put = Act::Put { slot: Slot::Front, brought };
    assert_eq!(bureau.does_by(&actor, put.clone(), phone), refused(Refusal::PhoneGone), "nothing was offered");
    assert_eq!(bureau.does(&actor, Act::OfferPhone(code)), Told::PhoneOffered);
    assert_eq!(bureau.does_by(&actor, put.clone(), phone), refused(Refusal::PhoneGone), "no word was tapped");
    assert_eq!(bureau.does_by(&actor, Act::TapWord(right), phone), Told::PhoneConnected);
    assert_eq!(bureau.does_by(&actor, Act::TapWord(right), phone), refused(Refusal::CodeOver), "it is spent");
    assert_eq!(
        bureau.does_by(&actor, put.clone(), Via::Phone(CodeHash::from_bytes([9; 32]))),
        refused(Refusal::PhoneGone)
    );
    assert_eq!(bureau.does_by(&actor, put, phone), Told::Shown(Slot::Front));
    assert_eq!(bureau.does_by(&actor, Act::Keep { slot: Slot::Front, object }, phone), Told::Kept);
    for act in [Act::Send, Act::Withdraw, Act::OfferPhone(code), Act::CutPhone] {
        assert_eq!(bureau.does_by(&actor, act, phone), refused(Refusal::NotWanted));
    }
    let begin = Act::Begin {
        document: DocumentKind::Passport,
        notice: [0; 32],
        cue: crate::support::bureau::CUE,
        draw: 0,
        is_anew: true,
    };
    assert_eq!(bureau.does_by(&actor, begin, phone), refused(Refusal::NotWanted));
    assert_eq!(bureau.does(&actor, Act::CutPhone), Told::PhoneCut);
    let put = Act::Put { slot: Slot::Selfie, brought: Box::new(bureau.sealed(&actor, bureau.picture())) };
    assert_eq!(bureau.does_by(&actor, put, phone), refused(Refusal::PhoneGone));
    assert!(bureau.dossier(1).unwrap().by_phone);
}

/// It saw the photo that the computer had taken and nobody had confirmed, and could confirm it.
#[test]
fn a_phone_wants_what_it_took_itself_and_nothing_else() {
    let bureau = bureau();
    let actor = bureau.login(1, None);
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    let code = CodeHash::from_bytes([8; 32]);
    let phone = Via::Phone(code);
    let of_computer = bureau.sealed(&actor, bureau.picture());
    let of_phone = bureau.sealed(&actor, bureau.picture());
    let upload = of_computer.picture.upload;
    let of_phone = Brought { picture: Picture { upload, ..of_phone.picture }, ..of_phone };
    let object = of_computer.picture.object;
    let put = |brought: &Brought| Act::Put { slot: Slot::Front, brought: Box::new(brought.clone()) };
    assert_eq!(bureau.does(&actor, put(&of_computer)), Told::Shown(Slot::Front));
    assert_eq!(bureau.does(&actor, Act::OfferPhone(code)), Told::PhoneOffered);
    assert_eq!(bureau.does_by(&actor, Act::TapWord(words(&code).1), phone), Told::PhoneConnected);
    let seen = |via| bureau.dossier(1).unwrap().seen(Slot::Front, via).map(|filled| filled.picture.object);
    let other = Via::Phone(CodeHash::from_bytes([9; 32]));
    assert_eq!([Via::Browser, phone, other].map(seen), [Some(object), None, None]);
    let keep = Act::Keep { slot: Slot::Front, object };
    assert_eq!(bureau.does_by(&actor, keep, phone), refused(Refusal::Changed(Slot::Front)));
    // The same photo, sent by the phone, is the phone's from then on.
    assert_eq!(bureau.does_by(&actor, put(&of_phone), phone), Told::Shown(Slot::Front));
    let object = of_phone.picture.object;
    assert_eq!([Via::Browser, phone, other].map(seen), [Some(object), Some(object), None]);
    assert_eq!(bureau.does_by(&actor, Act::Keep { slot: Slot::Front, object }, phone), Told::Kept);
}

#[test]
fn a_code_is_over_by_time_by_a_wrong_word_and_by_a_report_and_twice_is_enough() {
    let bureau = bureau();
    let actor = bureau.login(1, None);
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    let offered_at = bureau.now();
    let [first, second] = [[8; 32], [9; 32]].map(CodeHash::from_bytes);
    assert_eq!(bureau.does(&actor, Act::OfferPhone(first)), Told::PhoneOffered);
    bureau.set(offered_at.later(LIFETIME));
    assert_eq!(bureau.does_by(&actor, Act::TapWord(words(&first).1), Via::Phone(first)), refused(Refusal::CodeOver));
    bureau.set(Timestamp::from_unix(offered_at.later(LIFETIME).as_unix() - 1));
    let wrong = (words(&first).1 + 1) % 3;
    assert_eq!(bureau.does_by(&actor, Act::TapWord(wrong), Via::Phone(first)), refused(Refusal::WrongWord));
    assert_eq!(bureau.does_by(&actor, Act::TapWord(words(&first).1), Via::Phone(first)), refused(Refusal::CodeOver));
    assert_eq!(bureau.does(&actor, Act::OfferPhone(second)), Told::PhoneOffered);
    assert_eq!(bureau.does_by(&actor, Act::Report, Via::Phone(first)), refused(Refusal::CodeOver));
    assert_eq!(bureau.does_by(&actor, Act::Report, Via::Phone(second)), Told::Reported);
    assert!(bureau.dossier(1).unwrap().is_reported);
    assert_eq!(bureau.does(&actor, Act::OfferPhone(CodeHash::from_bytes([10; 32]))), refused(Refusal::NoHandOff));
    let without = Bureau::new(Policy { hand_off: false, ..Policy::default() });
    let actor = without.login(1, None);
    assert_eq!(without.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    assert_eq!(without.does(&actor, Act::OfferPhone(first)), refused(Refusal::NoHandOff));
}

#[test]
fn who_leaves_while_it_waits_is_pending_with_a_ticket_and_who_withdrew_is_not() {
    let bureau = bureau();
    let outcome = bureau.leave(&bureau.sent(1));
    assert!(outcome.status == Status::Pending && outcome.ticket.is_some());
    let withdrawn = bureau.sent(2);
    assert_eq!(bureau.does(&withdrawn, Act::Withdraw), Told::Withdrawn);
    let outcome = bureau.leave(&withdrawn);
    assert!(outcome.status == Status::Canceled && outcome.ticket.is_none());
    assert_eq!(bureau.dossier(2), None);
    // And who has the decision in the very session takes it there.
    let actor = bureau.sent(3);
    let _done = bureau.decides(3, &Who::reviewer(1), rejected());
    assert_eq!(bureau.accept(&actor).unwrap().status, Status::Failed);
    assert!(matches!(bureau.takes(&actor, Step::Accept(None)), Answered::Already(_)));
}

#[test]
fn who_leaves_another_session_than_it_was_sent_in_or_after_its_time_waits_for_nothing() {
    let bureau = bureau();
    let sent = bureau.sent(1);
    let case = bureau.store.case(&subject_of(1)).unwrap().unwrap();
    let left = |actor: &Actor, now: Timestamp| {
        let act = decision::Act {
            actor: actor.clone(),
            step: Step::Leave(Status::Canceled),
            new_id: IdvId::from_random([1; 16]),
            new_key: PersonKey::from_random([1; 16]),
            new_ticket: Ticket::from_random([1; 16]),
            hand_over: Duration::ZERO,
            now,
        };
        let decided = decide(&act, &Known { case: Some(case), ..Known::default() });
        match (decided.answer, decided.event) {
            (Answered::Concluded(outcome), Some(Event::Concluded { method, .. })) => {
                (outcome.status, outcome.ticket, method)
            }
            other => panic!("{other:?}"),
        }
    };
    let (now, much_later) = (bureau.now(), bureau.now().later(Duration::from_hours(1_000 * 24)));
    assert_eq!(left(&sent, now), (Status::Pending, Some(case.ticket), Some(Method::Document)));
    assert_eq!(left(&bureau.login(1, Some(case.ticket)), now), (Status::Canceled, None, None), "in another session");
    assert_eq!(left(&sent, much_later), (Status::Canceled, None, None), "after its time");
}

/// Who begins anew in the same session has no more wrong words, and what somebody said of a code stays beside the case.
#[test]
fn what_went_wrong_at_hand_offs_counts_for_the_whole_session() {
    let bureau = bureau();
    let actor = bureau.login(1, None);
    let begin = |is_anew| assert_eq!(bureau.begin(&actor, DocumentKind::Passport, is_anew), Told::Begun);
    begin(false);
    let code = CodeHash::from_bytes([8; 32]);
    assert_eq!(bureau.does(&actor, Act::OfferPhone(code)), Told::PhoneOffered);
    assert_eq!(bureau.does_by(&actor, Act::Report, Via::Phone(code)), Told::Reported);
    let alarms = || bureau.dossier(1).map(|dossier| (dossier.misses, dossier.is_reported));
    begin(false);
    assert_eq!(alarms(), Some((1, true)), "begun anew");
    assert_eq!(bureau.does(&actor, Act::Withdraw), Told::Withdrawn);
    begin(false);
    assert_eq!(alarms(), Some((1, true)), "withdrawn before");
    let wrong = (words(&code).1 + 1) % 3;
    assert_eq!(bureau.does(&actor, Act::OfferPhone(code)), Told::PhoneOffered);
    assert_eq!(bureau.does_by(&actor, Act::TapWord(wrong), Via::Phone(code)), refused(Refusal::WrongWord));
    bureau.fill(&actor);
    assert_eq!(bureau.does(&actor, Act::Send), Told::Sent);
    assert_eq!(bureau.does(&actor, Act::Withdraw), Told::Withdrawn);
    begin(false);
    assert_eq!(bureau.does(&actor, Act::OfferPhone(code)), refused(Refusal::NoHandOff), "two were wrong");
    // In another session all begins anew, and nothing is kept for longer than the one may go on.
    let other = bureau.login(1, None);
    assert_eq!(bureau.begin(&other, DocumentKind::Passport, false), Told::Begun);
    assert_eq!((alarms(), bureau.standing(1).alarms), (Some((0, false)), None));
    assert_eq!(bureau.does(&other, Act::OfferPhone(code)), Told::PhoneOffered);
    assert_eq!(bureau.does_by(&other, Act::Report, Via::Phone(code)), Told::Reported);
    assert_eq!(bureau.does(&other, Act::Withdraw), Told::Withdrawn);
    let until = bureau.standing(1).alarms.unwrap().until;
    for (at, is_kept) in [(until.as_unix() - 1, true), (until.as_unix(), false)] {
        bureau.set(Timestamp::from_unix(at));
        let _aged = bureau.orders_of(1, 0, &Who::reviewer(1), Deed::Age);
        assert_eq!(bureau.standing(1).alarms.is_some(), is_kept);
    }
}

/// Its bytes are sealed to the attempt that it was taken for, and the notice was of that.
#[test]
fn a_picture_of_another_attempt_or_round_is_not_taken() {
    let bureau = bureau();
    let actor = bureau.login(1, None);
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    let put = |brought: Brought| bureau.does(&actor, Act::Put { slot: Slot::Front, brought: Box::new(brought) });
    let brought = bureau.sealed(&actor, bureau.picture());
    let number = brought.number;
    assert_eq!(put(Brought { number: number + 1, ..brought.clone() }), refused(Refusal::NothingOpen));
    let mut other_round = brought.clone();
    other_round.picture.round += 1;
    assert_eq!(put(other_round), refused(Refusal::NothingOpen));
    assert_eq!(put(brought.clone()), Told::Shown(Slot::Front));
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    assert_eq!(put(brought), refused(Refusal::NothingOpen), "of the one before");
}
