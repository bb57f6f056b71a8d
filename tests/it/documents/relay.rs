//! Whoever sends somebody else a link, or has a ticket that is not theirs, gains nothing.

use idv::verification::command::Done;
use idv::verification::decision::Step;
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::policy::Policy;
use idv::verification::method::document::reason::AskReason;
use idv::verification::method::document::{Act, Refusal, Slot, Told};
use idv::verification::outcome::Status;

use crate::support::bureau::{Bureau, Who, refused};

fn bureau() -> Bureau {
    Bureau::new(Policy::default())
}

fn approve(bureau: &Bureau, person: usize) {
    assert_eq!(bureau.decides(person, &Who::reviewer(1), Verdict::Approve), Done::Changed);
}

/// The sender's login waits elsewhere: in another browser, by another request token.
#[test]
fn a_start_that_was_opened_elsewhere_verifies_nobody_who_only_sent_it() {
    let bureau = bureau();
    let sender = bureau.login(1, None);
    let victim = bureau.sent(1);
    approve(&bureau, 1);
    assert_eq!(bureau.accept(&sender), None, "the sender has no ticket");
    assert_eq!(bureau.accept(&bureau.login(1, None)), None, "nor has their next login");
    // The ticket left with the browser in which pictures were sent.
    let outcome = bureau.accept(&victim).unwrap();
    assert_eq!((outcome.status, outcome.ticket), (Status::Success, None));
    assert_eq!(bureau.accept(&bureau.login(1, None)), None);
}

#[test]
fn what_waits_is_nobodys_to_change_without_the_ticket() {
    let bureau = bureau();
    let victim = bureau.sent(1);
    let ticket = bureau.leave(&victim).ticket;
    let blurred = Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)]);
    assert_eq!(bureau.decides(1, &Who::reviewer(1), blurred), Done::Changed);
    let sender = bureau.login(1, None);
    assert_eq!(bureau.put(&sender, Slot::Front, bureau.picture()), refused(Refusal::NothingOpen));
    assert_eq!(bureau.does(&sender, Act::Withdraw), refused(Refusal::NothingOpen));
    assert_eq!(bureau.does(&sender, Act::Send), refused(Refusal::NothingOpen));
    let back = bureau.login(1, ticket);
    bureau.fill(&back);
    assert_eq!(bureau.does(&back, Act::Send), Told::Sent);
    assert_eq!(bureau.leave(&back).ticket, ticket, "it is the same case, and the same ticket");
}

#[test]
fn a_ticket_of_another_subject_is_none() {
    let bureau = bureau();
    let ticket = bureau.leave(&bureau.sent(1)).ticket;
    let other = bureau.leave(&bureau.sent(2)).ticket;
    approve(&bureau, 1);
    assert_ne!(ticket, other);
    assert_eq!(bureau.accept(&bureau.login(2, ticket)).map(|outcome| outcome.status), None);
    assert_eq!(bureau.accept(&bureau.login(1, other)), None);
    assert_eq!(bureau.accept(&bureau.login(1, ticket)).unwrap().status, Status::Success);
}

#[test]
fn a_decision_is_handed_over_once_however_often_its_ticket_is_brought() {
    let bureau = bureau();
    let ticket = bureau.leave(&bureau.sent(1)).ticket;
    approve(&bureau, 1);
    let logins = [bureau.login(1, ticket), bureau.login(1, ticket)];
    assert_eq!(bureau.accept(&logins[0]).unwrap().status, Status::Success);
    assert_eq!(bureau.accept(&logins[1]), None);
    assert_eq!(bureau.accept(&bureau.login(1, ticket)), None);
    // One is told again what it was told, and nothing new.
    let again = bureau.takes(&logins[0], Step::Accept(None));
    assert!(matches!(again, idv::verification::decision::Answered::Already(_)), "{again:?}");
}

/// Rejected by one way, a person does not walk in by what was decided before.
#[test]
fn a_ticket_of_a_case_that_was_superseded_leads_to_nothing() {
    let bureau = bureau();
    let first = bureau.leave(&bureau.sent(1)).ticket;
    let anew = bureau.login(1, None);
    let begun = bureau.begin(&anew, idv::verification::method::document::DocumentKind::Passport, true);
    assert_eq!(begun, Told::Begun);
    bureau.fill(&anew);
    assert_eq!(bureau.does(&anew, Act::Send), Told::Sent);
    approve(&bureau, 1);
    assert_eq!(bureau.accept(&bureau.login(1, first)), None);
    assert_eq!(bureau.accept(&anew).unwrap().status, Status::Success);
}
