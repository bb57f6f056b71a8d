//! What time does to a case: exactly at its instant, and so that nothing is left.

use std::time::Duration;

use idv::config::load;
use idv::control::evidence::keeper;
use idv::control::{Office, method};
use idv::ops::clock::Clock;
use idv::store::Store;
use idv::verification::audit::entry::Entry;
use idv::verification::command::Done;
use idv::verification::decision::Actor;
use idv::verification::method::Kind;
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::due::{DRAFT, Due, due, due_at, stands_since};
use idv::verification::method::document::policy::Policy;
use idv::verification::method::document::reason::AskReason;
use idv::verification::method::document::review::Deed;
use idv::verification::method::document::{Act, DocumentKind, Slot, Stage, Told};
use idv::verification::time::Timestamp;

use crate::support::bureau::{Bureau, Who, rejected};
use crate::support::ledger::subject_of;
use crate::support::world::block_on;

const DAY: Duration = Duration::from_hours(24);

fn bureau() -> Bureau {
    Bureau::new(Policy::default())
}

/// Has time go on until one second before `at`, where nothing may happen, and then to `at`.
fn passes(bureau: &Bureau, person: usize, at: Timestamp, then: Due) {
    let dossier = bureau.dossier(person).unwrap();
    assert_eq!(due_at(&dossier, &bureau.rules), Some(at));
    bureau.set(Timestamp::from_unix(at.as_unix() - 1));
    assert_eq!(due(&dossier, &bureau.rules, bureau.now()), None);
    assert_eq!(bureau.orders(person, &Who::reviewer(9), Deed::Age), Done::Unchanged);
    bureau.set(at);
    assert_eq!(due(&dossier, &bureau.rules, at), Some(then));
    assert_eq!(bureau.orders(person, &Who::reviewer(9), Deed::Age), Done::Changed);
}

/// What the audit log has last.
fn last_action(store: &Store) -> String {
    let entries = store.entries(0, 10_000).unwrap();
    Entry::parse(&entries.last().unwrap().1).unwrap().action
}

fn are_deleted(bureau: &Bureau, person: usize, before: &[idv::verification::object::ObjectId]) {
    assert!(bureau.dossier(person).is_none_or(|dossier| dossier.pictures.is_empty()));
    for object in before {
        assert!(bureau.store.object(object).unwrap().unwrap().deleted_at.is_some());
    }
}

fn objects(bureau: &Bureau, person: usize) -> Vec<idv::verification::object::ObjectId> {
    bureau.dossier(person).unwrap().objects().collect()
}

#[test]
fn a_draft_that_was_not_sent_is_dropped_and_that_is_no_lapse() {
    let bureau = bureau();
    let actor = bureau.login(1, None);
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    bureau.fill(&actor);
    let objects = objects(&bureau, 1);
    let number = bureau.dossier(1).unwrap().number;
    passes(&bureau, 1, bureau.now().later(DRAFT), Due::Dropped);
    are_deleted(&bureau, 1, &objects);
    assert_eq!((bureau.dossier(1), bureau.store.numbered(number).unwrap()), (None, None));
    assert_eq!(last_action(&bureau.store), "evidence-deleted");
    // Without any picture there is nothing to tell.
    let entries = bureau.store.entries(0, 10_000).unwrap().len();
    assert_eq!(bureau.begin(&bureau.login(1, None), DocumentKind::Passport, false), Told::Begun);
    passes(&bureau, 1, bureau.now().later(DRAFT), Due::Dropped);
    assert_eq!(bureau.store.entries(0, 10_000).unwrap().len(), entries + 1, "that it was begun");
}

#[test]
fn what_nobody_decided_lapses_and_its_person_is_told_for_thirty_days() {
    let bureau = bureau();
    let actor = bureau.sent(1);
    let objects = objects(&bureau, 1);
    passes(&bureau, 1, bureau.now().later(DAY * 7), Due::Lapsed);
    assert_eq!(last_action(&bureau.store), "case-lapsed");
    are_deleted(&bureau, 1, &objects);
    assert!(matches!(bureau.dossier(1).unwrap().stage, Stage::Lapsed { was_asked: false, .. }));
    assert_eq!(bureau.store.case(&subject_of(1)).unwrap(), None);
    assert_eq!(bureau.accept(&actor), None);
    passes(&bureau, 1, bureau.now().later(DAY * 30), Due::Over);
    assert_eq!(bureau.standing(1), <_>::default(), "when they sent is forgotten too");
}

#[test]
fn who_does_not_come_for_better_pictures_lets_it_lapse_and_who_does_has_their_time() {
    let bureau = Bureau::new(Policy { answer_within: DAY * 29, ..Policy::default() });
    let actor = bureau.sent(1);
    let ticket = bureau.leave(&actor).ticket;
    bureau.set(bureau.now().later(DAY * 28));
    let blurred = || Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)]);
    assert_eq!(bureau.decides(1, &Who::reviewer(1), blurred()), Done::Changed);
    let until = bureau.now().later(DAY * 29);
    // Thirty days after it was sent the ticket counts yet: from the review on.
    bureau.set(Timestamp::from_unix(until.as_unix() - 1));
    let again = bureau.login(1, ticket);
    bureau.fill(&again);
    assert_eq!(bureau.does(&again, Act::Send), Told::Sent);
    assert_eq!(bureau.decides(1, &Who::reviewer(1), blurred()), Done::Changed);
    passes(&bureau, 1, bureau.now().later(DAY * 29), Due::Lapsed);
    assert!(matches!(bureau.dossier(1).unwrap().stage, Stage::Lapsed { was_asked: true, .. }));
}

/// A case that was decided so; with the login that may take it.
fn decided(bureau: &Bureau, person: usize, verdict: Verdict) -> Actor {
    let actor = bureau.sent(person);
    assert_eq!(bureau.decides(person, &Who::reviewer(1), verdict), Done::Changed);
    actor
}

#[test]
fn pictures_of_the_verified_go_a_week_after_the_login_and_of_others_a_month_after_the_decision() {
    let bureau = bureau();
    let approved = decided(&bureau, 1, Verdict::Approve);
    let rejected = decided(&bureau, 2, rejected());
    let decided_at = bureau.now();
    bureau.set(decided_at.later(DAY));
    assert!(bureau.accept(&approved).is_some() && bureau.accept(&rejected).is_some());
    let [first, second] = [1, 2].map(|person| objects(&bureau, person));
    passes(&bureau, 1, decided_at.later(DAY * 8), Due::Over);
    assert_eq!(last_action(&bureau.store), "evidence-deleted");
    are_deleted(&bureau, 1, &first);
    passes(&bureau, 2, decided_at.later(DAY * 30), Due::Over);
    are_deleted(&bureau, 2, &second);
}

#[test]
fn a_decision_that_nobody_comes_for_counts_no_more_and_then_its_pictures_go() {
    let policy =
        Policy { deliver_within: DAY * 3, keep_approved: DAY * 2, keep_rejected: DAY * 5, ..Policy::default() };
    let bureau = Bureau::new(policy);
    let (approved, refused) = (decided(&bureau, 1, Verdict::Approve), decided(&bureau, 2, rejected()));
    let decided_at = bureau.now();
    let approved_objects = objects(&bureau, 1);
    let late = decided(&bureau, 3, Verdict::Approve);
    for person in [1, 2] {
        passes(&bureau, person, decided_at.later(DAY * 3), Due::Untaken);
        assert_eq!(last_action(&bureau.store), "case-lapsed");
    }
    assert_eq!((bureau.accept(&approved), bureau.accept(&refused)), (None, None));
    are_deleted(&bureau, 1, &approved_objects);
    assert!(!objects(&bureau, 2).is_empty(), "somebody may complain");
    passes(&bureau, 1, decided_at.later(DAY * 5), Due::Over);
    passes(&bureau, 2, decided_at.later(DAY * 5), Due::Over);
    // Who could not be seen to meanwhile is not handed over what was over.
    assert_eq!(bureau.orders(3, &Who::reviewer(9), Deed::Age), Done::Changed);
    assert_eq!((bureau.dossier(3), bureau.accept(&late)), (None, None));
}

/// They are promised that their photos go so many days after the decision, whether they come back or not.
#[test]
fn pictures_of_the_refused_go_in_their_time_though_nobody_has_heard_of_the_decision_yet() {
    let bureau = Bureau::new(Policy { keep_rejected: DAY * 7, deliver_within: DAY * 30, ..Policy::default() });
    let refused = decided(&bureau, 1, rejected());
    let (decided_at, gone) = (bureau.now(), objects(&bureau, 1));
    passes(&bureau, 1, decided_at.later(DAY * 7), Due::Bare);
    assert_eq!(last_action(&bureau.store), "evidence-deleted");
    are_deleted(&bureau, 1, &gone);
    bureau.set(decided_at.later(DAY * 20));
    assert!(bureau.accept(&refused).is_some(), "who comes later hears of it all the same");
    // That the pictures went was told of then.
    let entries = bureau.store.entries(0, 10_000).unwrap();
    assert_eq!(bureau.orders(1, &Who::reviewer(9), Deed::Age), Done::Changed);
    assert_eq!((bureau.dossier(1), bureau.store.entries(0, 10_000).unwrap()), (None, entries));
    // At once, where nothing is kept of them.
    let bureau = Bureau::new(Policy { keep_rejected: Duration::ZERO, ..Policy::default() });
    let _refused = decided(&bureau, 1, rejected());
    let gone = objects(&bureau, 1);
    assert_eq!(bureau.orders(1, &Who::reviewer(9), Deed::Age), Done::Changed);
    are_deleted(&bureau, 1, &gone);
}

/// How long pictures of the refused are kept is no matter to who is verified, and has not come for it yet.
#[test]
fn pictures_of_the_verified_stay_until_the_decision_was_taken_or_counts_no_more() {
    let bureau = Bureau::new(Policy { keep_rejected: DAY, deliver_within: DAY * 30, ..Policy::default() });
    let _approved = decided(&bureau, 1, Verdict::Approve);
    passes(&bureau, 1, bureau.now().later(DAY * 30), Due::Untaken);
}

/// Who was decided of, began anew, and went away: what was decided waits for them yet.
#[test]
fn a_draft_that_is_dropped_leaves_what_was_decided_before_it() {
    let bureau = bureau();
    let approved = decided(&bureau, 1, Verdict::Approve);
    assert_eq!(bureau.begin(&bureau.login(1, None), DocumentKind::Passport, false), Told::Begun);
    passes(&bureau, 1, bureau.now().later(DRAFT), Due::Dropped);
    assert!(bureau.accept(&approved).is_some());
}

const CONFIG: &str = r#"
public_url = "https://idv.example.test"
server.listen = ["127.0.0.1:8001"]
[[tenants]]
domain = "acme.eu.auth0.test"
token_secrets = [{ env = "NONE" }]
"#;

/// Without a service, whose configuration does not even have the method on: what is kept has its time.
fn office(bureau: &Bureau) -> Office {
    let now = bureau.now();
    let (config, store) = (load::parse(CONFIG).0.unwrap(), bureau.store.clone());
    let evidence = keeper(&config, &store);
    Office { config, tenants: Err("none".into()), store, evidence, clock: Clock::new(move || now), running: None }
}

/// Whatever becomes of a case, once its time is over nothing of it is left but its check.
#[test]
fn a_thousand_cases_leave_nothing_behind() {
    let bureau = bureau();
    for person in 0..1000 {
        match person % 6 {
            0 => assert_eq!(bureau.begin(&bureau.login(person, None), DocumentKind::Passport, false), Told::Begun),
            1 => _ = bureau.sent(person),
            2 => {
                let actor = bureau.sent(person);
                assert_eq!(bureau.does(&actor, Act::Withdraw), Told::Withdrawn);
            }
            3 => _ = bureau.accept(&decided(&bureau, person, Verdict::Approve)).unwrap(),
            4 => _ = decided(&bureau, person, Verdict::Approve),
            _ => _ = decided(&bureau, person, rejected()),
        }
    }
    assert!(block_on(method::age(&office(&bureau))).unwrap() == 0, "nothing is due");
    let began_at = bureau.now();
    for days in [1, 8, 31, 40, 80] {
        bureau.set(began_at.later(DAY * days));
        let _aged = block_on(method::age(&office(&bureau))).unwrap();
    }
    assert_eq!(block_on(method::age(&office(&bureau))).unwrap(), 0);
    assert_eq!(bureau.store.numbers(0, 10).unwrap(), []);
    let tenant = subject_of(0).tenant;
    assert_eq!(bureau.store.kept(Kind::Document, &tenant, None, 10).unwrap(), []);
    for person in 0..1000 {
        // One whom nobody came for is decided, and over: its case may be there, and counts no more.
        let case = bureau.store.case(&subject_of(person)).unwrap();
        assert!(case.is_none_or(|case| !case.is_open(bureau.now())), "{person}: {case:?}");
    }
}

/// A case whose record is damaged holds up no other.
#[test]
fn what_is_due_is_aged_in_its_turn_by_the_service_itself() {
    let bureau = bureau();
    let _actor = bureau.sent(1);
    bureau.set(bureau.now().later(DAY * 7));
    assert_eq!(block_on(method::age(&office(&bureau))).unwrap(), 1);
    let entries = bureau.store.entries(0, 10_000).unwrap();
    let entry = Entry::parse(&entries.last().unwrap().1).unwrap();
    assert_eq!((entry.action.as_str(), entry.actor.as_deref()), ("case-lapsed", Some("root")));
    assert_eq!(block_on(method::age(&office(&bureau))).unwrap(), 0);
}

/// What was asked for again a week after the consent stood as it did for a week already.
#[test]
fn since_when_a_case_stands_as_it_does_is_from_what_brought_it_there() {
    let bureau = bureau();
    let begun_at = bureau.now();
    let stands = || stands_since(&bureau.dossier(1).unwrap());
    let pass = || bureau.set(bureau.now().later(Duration::from_hours(1)));
    let actor = bureau.login(1, None);
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, false), Told::Begun);
    pass();
    bureau.fill(&actor);
    assert_eq!(stands(), begun_at);
    assert_eq!(bureau.does(&actor, Act::Send), Told::Sent);
    assert_eq!(stands(), bureau.now());
    pass();
    let asked = Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)]);
    let _done = bureau.decides(1, &Who::reviewer(1), asked);
    let asked_at = bureau.now();
    pass();
    assert_eq!(stands(), asked_at);
}
