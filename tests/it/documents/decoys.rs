//! Decoys: they wait and are decided as any other case, no login hears of them, and what reviewers make of them is counted.

use std::sync::Arc;
use std::time::Duration;

use idv::store::Store;
use idv::store::operators::By;
use idv::verification::account::Account;
use idv::verification::audit::entry::Entry;
use idv::verification::audit::pseudonym::PersonKey;
use idv::verification::check::SubjectRecord;
use idv::verification::command::{self, Command, Done, carry_out};
use idv::verification::decision::Known;
use idv::verification::method::document::decoy::{Chance, Load, takes};
use idv::verification::method::document::dossier::{Reviewer, Verdict};
use idv::verification::method::document::policy::{Policy, Second};
use idv::verification::method::document::reason::AskReason;
use idv::verification::method::document::review::{Deed, Order, Powers, Refused};
use idv::verification::method::document::{Act, DocumentKind, Refusal, Selfie, Slot, Stage, Told};
use idv::verification::method::{self, Kept, Kind};
use idv::verification::operator::link::{Link, LinkToken};
use idv::verification::operator::tally::Tally;
use idv::verification::operator::{OperatorName, Role, Task};
use idv::verification::time::Timestamp;

use crate::support::bureau::{Bureau, Who, refused, rejected};
use crate::support::disk::Disk;
use crate::support::ledger::{key, subject_of};
use crate::support::world::block_on;

/// The soonest that somebody hears of a decision.
const SOONEST: Duration = Duration::from_secs(5);

fn not(refused: Refused) -> Done {
    Done::Refused(method::Refused::Document(refused))
}

fn called(name: &str) -> OperatorName {
    name.to_owned().try_into().unwrap()
}

/// A supervisor at the console.
fn operator(name: &str) -> Who {
    let by = Reviewer { account: Account::Operator(called(name)), claimed: None };
    Who { by, powers: Powers { is_supervisor: true, is_signed_in: true, subject: None } }
}

/// The same, whom the store knows.
fn hired(bureau: &Bureau, name: &str) -> Who {
    let link = Link::new(LinkToken::from_random([1; 16]), bureau.now());
    let add = Task::Add { roles: [Role::Supervisor].into_iter().collect(), subject: None, link };
    let by = By { account: Account::Root, claimed: None };
    block_on(bureau.store.change_operator(called(name), add, by, bureau.now())).unwrap().0.unwrap();
    operator(name)
}

fn tally(store: &Store, name: &str) -> Tally {
    let operators = store.operators().unwrap();
    operators.into_iter().find(|(known, _)| known.as_str() == name).unwrap().1.tally
}

fn bureau() -> Bureau {
    Bureau::new(Policy::default())
}

fn actions(store: &Store) -> Vec<String> {
    let entries = store.entries(0, 10_000).unwrap();
    entries.iter().map(|(_, line)| Entry::parse(line).unwrap().action).collect()
}

#[test]
fn a_decoy_is_loaded_for_whom_nothing_is_known_of_and_waits_from_then_on() {
    let (bureau, susan) = (bureau(), operator("susan"));
    let _sent = bureau.sent(1);
    assert_eq!(bureau.loads(2, &susan, true), Done::Changed);
    let (real, decoy) = (bureau.dossier(1).unwrap(), bureau.dossier(2).unwrap());
    assert_eq!((decoy.number, decoy.revision, decoy.round), (real.number + 1, real.revision, real.round));
    assert_eq!((decoy.state(), decoy.waits_since()), ("waiting", real.waits_since()));
    assert_eq!(decoy.consent.at, real.consent.at);
    assert_eq!(bureau.store.numbered(decoy.number).unwrap(), Some(subject_of(2)));
    for object in decoy.objects() {
        assert!(bureau.store.object(&object).unwrap().is_some_and(|record| record.deleted_at.is_none()));
    }
    assert_eq!(bureau.store.case(&subject_of(2)).unwrap(), None, "no login waits for it");
    let [sent, seems] = [1, 2].map(|person| bureau.store.subject(&subject_of(person)).unwrap().unwrap());
    let said = |met: &SubjectRecord| (met.created_at, met.last_check, met.key.is_some());
    assert_eq!(said(&seems), said(&sent), "they are known as anybody who sent photos");
    assert_ne!(seems.idv_id, sent.idv_id);
    assert_eq!(actions(&bureau.store).last().unwrap(), "decoy-loaded");
}

#[test]
fn whatever_is_known_of_somebody_is_enough_to_refuse_a_decoy_of_them() {
    let (bureau, susan) = (bureau(), operator("susan"));
    let _sent = bureau.sent(1);
    let sent = |known: Known| {
        let (rules, deed) = (Arc::new(Policy::default()), Deed::Load(Box::new(bureau.load(7, true))));
        let order = Order { number: 7, by: susan.by.clone(), rules, powers: susan.powers.clone(), deed };
        let task = command::Task::Order(method::Order::Document(order));
        let (account, new_key) = (susan.by.account.clone(), PersonKey::from_random([1; 16]));
        let command = Command { subject: subject_of(2), account, claimed: None, task, new_key, now: bureau.now() };
        carry_out(command, &Known { next_number: 7, ..known }).answer
    };
    assert_eq!(sent(Known::default()), Done::Changed);
    let (subject, case) = (bureau.store.subject(&subject_of(1)).unwrap(), bureau.store.case(&subject_of(1)).unwrap());
    let kept = bureau.store.kept_of(Kind::Document, &subject_of(1)).unwrap();
    for known in [
        Known { subject, ..Known::default() },
        Known { stranger: Some(PersonKey::from_random([2; 16])), ..Known::default() },
        Known { case, ..Known::default() },
        Known { kept, ..Known::default() },
    ] {
        assert_eq!(sent(known.clone()), not(Refused::Known), "{known:?}");
    }
}

#[test]
fn a_decoy_of_anybody_is_refused_and_so_is_one_that_is_not_whole() {
    let (bureau, susan) = (bureau(), operator("susan"));
    let _sent = bureau.sent(1);
    assert_eq!(bureau.loads(1, &susan, true), not(Refused::Known), "somebody who sent photos");
    let left = bureau.login(2, None);
    let _outcome = bureau.leave(&left);
    assert_eq!(bureau.loads(2, &susan, true), not(Refused::Known), "somebody who logged in once");
    assert_eq!(bureau.loads(3, &susan, true), Done::Changed);
    assert_eq!(bureau.loads(3, &susan, true), not(Refused::Known), "another decoy");
    let own = Who { powers: Powers { subject: Some(subject_of(4)), ..susan.powers.clone() }, ..susan.clone() };
    assert_eq!(bureau.loads(4, &own, true), not(Refused::Known), "the supervisor themselves");
    let reviewer = Who { powers: Powers { is_supervisor: false, ..susan.powers.clone() }, ..susan.clone() };
    assert_eq!(bureau.loads(4, &reviewer, true), not(Refused::Supervisor));
    let number = bureau.store.next_number().unwrap();
    let offered = |number: u64, load: Load| bureau.orders_of(4, number, &susan, Deed::Load(Box::new(load)));
    assert_eq!(offered(number + 1, bureau.load(number + 1, true)), not(Refused::Changed), "sealed to another number");
    assert_eq!(offered(number, bureau.load(number - 1, true)), not(Refused::Incomplete), "another's pictures");
    let mut part = bureau.load(number, true);
    part.pictures.pop();
    assert_eq!(offered(number, part), not(Refused::Incomplete));
    let card = Load { document: DocumentKind::IdentityCard, ..bureau.load(number, true) };
    assert_eq!(offered(number, card), not(Refused::Incomplete), "without its back");
    assert_eq!((bureau.dossier(4), bureau.store.next_number().unwrap()), (None, number));
}

#[test]
fn a_document_that_the_rules_do_not_accept_is_no_decoy() {
    let rules = Policy { kinds: vec![DocumentKind::IdentityCard], selfie: Selfie::Plain, ..Policy::default() };
    let bureau = Bureau::new(rules);
    assert_eq!(bureau.loads(1, &operator("susan"), true), not(Refused::Incomplete));
}

#[test]
fn who_loaded_it_neither_claims_nor_decides_it_and_it_does_not_exist_to_them() {
    let (bureau, susan, sven) = (bureau(), operator("susan"), operator("sven"));
    assert_eq!(bureau.loads(1, &susan, true), Done::Changed);
    for deed in [Deed::Claim { is_taken_over: true }, Deed::Hold { reason: "why".into() }, Deed::Forget] {
        assert_eq!(bureau.orders(1, &susan, deed), not(Refused::NoCase));
    }
    assert_eq!(bureau.decides(1, &susan, Verdict::Approve), not(Refused::NoCase));
    assert_eq!(bureau.decides(1, &sven, Verdict::Approve), Done::Changed);
}

#[test]
fn what_is_decided_of_a_decoy_is_no_check_and_no_login_takes_it() {
    for (verdict, is_verified) in [(Verdict::Approve, true), (rejected(), false)] {
        let (bureau, susan, sven) = (bureau(), operator("susan"), operator("sven"));
        assert_eq!(bureau.loads(1, &susan, true), Done::Changed);
        assert_eq!(bureau.decides(1, &sven, verdict), Done::Changed);
        let decided = bureau.dossier(1).unwrap();
        let Stage::Decided { is_verified: came_to, closed_at, .. } = decided.stage else { panic!("{decided:?}") };
        assert_eq!((came_to, closed_at), (is_verified, Some(bureau.now().later(SOONEST))), "as if a login took it");
        assert_eq!(bureau.store.subject(&subject_of(1)).unwrap().unwrap().last_check, None);
        assert_eq!(bureau.store.last_checks(10).unwrap(), [], "nobody was verified, and nobody refused");
        let said = actions(&bureau.store);
        assert_eq!(said[said.len() - 2..], ["case-claimed", "decoy-decided"]);
        bureau.set(bureau.now().later(SOONEST));
        assert_eq!(bureau.orders(1, &sven, Deed::Undo), not(Refused::NotNow));
        let login = bureau.login(1, None);
        assert_eq!(bureau.accept(&login), None);
        assert_eq!(bureau.does(&login, Act::Send), refused(Refusal::NothingOpen));
    }
}

/// A decision on a decoy that stood untaken for no second was told from others by every supervisor.
#[test]
fn a_decoy_is_taken_back_as_any_other_until_a_login_seems_to_have_taken_it() {
    let (bureau, susan) = (bureau(), operator("susan"));
    let [ada, bea] = ["ada", "bea"].map(|name| hired(&bureau, name));
    let number = bureau.store.next_number().unwrap();
    let mut load = bureau.load(number, true);
    // One hundred seconds after that.
    load.chance.hearing = 200;
    assert_eq!(bureau.orders_of(1, number, &susan, Deed::Load(Box::new(load))), Done::Changed);
    let back = |seconds: u64, expected: Done| {
        assert_eq!(bureau.decides(1, &ada, Verdict::Approve), Done::Changed);
        bureau.set(bureau.now().later(Duration::from_secs(seconds)));
        assert_eq!(bureau.orders(1, &bea, Deed::Undo), expected, "after {seconds} s");
    };
    back(104, Done::Changed);
    let waits = bureau.dossier(1).unwrap();
    assert_eq!(
        (waits.state(), waits.decoy.unwrap().sent_at),
        ("waiting", bureau.now()),
        "how long it waited is as of a case"
    );
    assert_eq!(bureau.store.last_checks(10).unwrap(), [], "nothing was decided of anybody");
    back(105, not(Refused::NotNow));
    assert_eq!(bureau.dossier(1).unwrap().state(), "approved");
}

/// One that stood untaken for longer than any decision does was told from all others.
#[test]
fn a_decoy_seems_to_be_taken_no_later_than_any_decision_is() {
    let day = Duration::from_hours(24);
    let bureau = Bureau::new(Policy { deliver_within: day, ..Policy::default() });
    let (susan, sven) = (operator("susan"), operator("sven"));
    let number = bureau.store.next_number().unwrap();
    let mut load = bureau.load(number, true);
    // The longest that is drawn: nearly two days.
    load.chance.hearing = 2 * (2 * 24 * 60 * 60 - 1) + 1;
    assert_eq!(bureau.orders_of(1, number, &susan, Deed::Load(Box::new(load))), Done::Changed);
    assert_eq!(bureau.decides(1, &sven, Verdict::Approve), Done::Changed);
    let Stage::Decided { closed_at, .. } = bureau.dossier(1).unwrap().stage else { panic!("it is decided") };
    assert_eq!(closed_at, Some(bureau.now().later(day)));
}

/// Who waits hears within two minutes, and who comes back within two days: five seconds at the soonest.
#[test]
fn a_decoy_seems_to_be_taken_as_soon_as_whoever_waits_or_comes_back_would_take_it() {
    let (bureau, susan, sven) = (bureau(), operator("susan"), operator("sven"));
    let two_days = 2 * 24 * 60 * 60;
    let waits = [(1, 0, 5), (2, 2 * 119, 124), (3, 2 * 120, 5)];
    let comes_back = [(4, 1, 5), (5, 2 * 120 + 1, 125), (6, 2 * two_days - 1, 172_804), (7, 2 * two_days + 1, 5)];
    for (person, hearing, seconds) in waits.into_iter().chain(comes_back) {
        let number = bureau.store.next_number().unwrap();
        let mut load = bureau.load(number, true);
        load.chance.hearing = hearing;
        assert_eq!(bureau.orders_of(person, number, &susan, Deed::Load(Box::new(load))), Done::Changed);
        assert_eq!(bureau.decides(person, &sven, Verdict::Approve), Done::Changed);
        let Stage::Decided { closed_at, .. } = bureau.dossier(person).unwrap().stage else { panic!("it is decided") };
        assert_eq!(closed_at, Some(bureau.now().later(Duration::from_secs(seconds))), "{hearing}");
    }
}

#[test]
fn a_decoy_is_not_there_before_somebody_could_have_sent_it() {
    let (bureau, susan, sven) = (bureau(), operator("susan"), operator("sven"));
    let number = bureau.store.next_number().unwrap();
    let load = Load { takes: Duration::from_mins(2), ..bureau.load(number, true) };
    let comes_at = bureau.now().later(load.takes);
    assert_eq!(bureau.orders_of(1, number, &susan, Deed::Load(Box::new(load))), Done::Changed);
    let claim = || bureau.orders(1, &sven, Deed::Claim { is_taken_over: false });
    bureau.set(Timestamp::from_unix(comes_at.as_unix() - 1));
    assert_eq!(claim(), not(Refused::NotNow));
    bureau.set(comes_at);
    assert_eq!(claim(), Done::Changed);
}

/// By the times and the number of one, and by how seldom its photos were taken anew, it was told from cases.
#[test]
fn a_decoy_is_sent_as_late_and_after_as_many_changes_as_those_of_people() {
    assert_eq!([0, 1, 360, 361, u32::MAX].map(|chance| takes(chance).as_secs()), [120, 121, 480, 120, 239]);
    for selfie in Selfie::ALL {
        let (bureau, susan) = (Bureau::new(Policy { selfie, ..Policy::default() }), operator("susan"));
        let _sent = bureau.sent(1);
        let sent = bureau.dossier(1).unwrap().revision;
        // Of the bits, the first is for a phone.
        for (person, manner, more) in [(2, 0b00, 0), (3, 0b01, 2), (4, 0b010, 1), (5, 0b0110, 2), (6, 0b1_1110, 3)] {
            let number = bureau.store.next_number().unwrap();
            let usual = bureau.load(number, true);
            let load = Load { takes: Duration::from_secs(1), chance: Chance { manner, ..usual.chance }, ..usual };
            assert_eq!(bureau.orders_of(person, number, &susan, Deed::Load(Box::new(load))), Done::Changed);
            let loaded = bureau.dossier(person).unwrap();
            assert_eq!((loaded.revision - sent, loaded.consent.at), (more, bureau.now()), "{selfie:?} {manner:b}");
            assert_eq!(loaded.waits_since(), Some(bureau.now().later(Duration::from_secs(1))));
            let met = bureau.store.subject(&subject_of(person)).unwrap().unwrap();
            assert_eq!(Some(met.created_at), loaded.waits_since());
        }
    }
}

#[test]
fn a_login_of_its_account_begins_anew_and_nothing_of_the_decoy_is_left() {
    let (bureau, susan) = (bureau(), operator("susan"));
    assert_eq!(bureau.loads(1, &susan, true), Done::Changed);
    let before: Vec<_> = bureau.dossier(1).unwrap().objects().collect();
    let login = bureau.login(1, None);
    assert_eq!(bureau.accept(&login), None);
    assert_eq!(bureau.begin(&login, DocumentKind::Passport, false), Told::Begun, "nobody is told of it");
    assert_eq!(bureau.dossier(1).unwrap().decoy, None);
    for object in before {
        assert!(bureau.store.object(&object).unwrap().unwrap().deleted_at.is_some());
    }
    bureau.fill(&login);
    assert_eq!(bureau.does(&login, Act::Send), Told::Sent);
    assert_eq!(bureau.decides(1, &Who::reviewer(1), Verdict::Approve), Done::Changed);
    assert!(bureau.accept(&login).is_some(), "what they sent themselves, they take");
}

#[test]
fn each_verdict_on_a_decoy_is_counted_for_who_gave_it_and_none_on_any_other() {
    let bureau = Bureau::new(Policy { second: Second::Always, ..Policy::default() });
    let [susan, ada, bea, cora] = ["susan", "ada", "bea", "cora"].map(|name| hired(&bureau, name));
    assert_eq!(bureau.loads(1, &susan, true), Done::Changed);
    assert_eq!(bureau.decides(1, &ada, Verdict::Approve), Done::Changed);
    assert_eq!(tally(&bureau.store, "ada"), Tally { right: 1, wrong: 0 }, "as it is given, whatever others come to");
    assert_eq!(bureau.decides(1, &bea, rejected()), Done::Changed);
    assert!(bureau.dossier(1).unwrap().is_disputed());
    assert_eq!(bureau.decides(1, &cora, Verdict::Approve), Done::Changed);
    assert_eq!(bureau.dossier(1).unwrap().state(), "approved");
    assert_eq!(bureau.loads(2, &susan, false), Done::Changed);
    assert_eq!(bureau.decides(2, &ada, Verdict::Approve), Done::Changed);
    assert_eq!(bureau.decides(2, &bea, Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)])), Done::Changed);
    let _sent = bureau.sent(3);
    assert_eq!(bureau.decides(3, &cora, rejected()), Done::Changed);
    let counted = ["susan", "ada", "bea", "cora"].map(|name| tally(&bureau.store, name));
    let told = counted.map(|Tally { right, wrong }| (right, wrong));
    assert_eq!(told, [(0, 0), (1, 1), (0, 1), (1, 0)]);
}

#[test]
fn a_verdict_that_is_refused_is_not_counted() {
    let bureau = bureau();
    let [susan, ada] = ["susan", "ada"].map(|name| hired(&bureau, name));
    assert_eq!(bureau.loads(1, &susan, true), Done::Changed);
    let unclaimed = Deed::Decide(Box::new(bureau.conclusion(1, Verdict::Approve)));
    assert_eq!(bureau.orders(1, &ada, unclaimed), not(Refused::NotClaimed));
    let mut other = bureau.conclusion(1, Verdict::Approve);
    other.digests.pop();
    assert_eq!(bureau.orders(1, &ada, Deed::Claim { is_taken_over: false }), Done::Changed);
    assert_eq!(bureau.orders(1, &ada, Deed::Decide(Box::new(other))), not(Refused::Changed));
    assert_eq!(tally(&bureau.store, "ada"), Tally::default());
}

#[test]
fn a_decoy_that_better_pictures_are_wanted_of_lapses_and_one_that_was_decided_goes_with_its_time() {
    let (bureau, susan, ada) = (bureau(), operator("susan"), operator("ada"));
    assert_eq!(bureau.loads(1, &susan, true), Done::Changed);
    assert_eq!(bureau.loads(2, &susan, false), Done::Changed);
    let sent = bureau.dossier(2).unwrap();
    assert_eq!(bureau.decides(1, &ada, Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)])), Done::Changed);
    assert_eq!(bureau.decides(2, &ada, Verdict::Approve), Done::Changed);
    assert_eq!(bureau.found_like(&sent), [1, 2]);
    bureau.set(bureau.now().later(bureau.rules.answer_within).later(SOONEST));
    assert_eq!(bureau.orders(1, &ada, Deed::Age), Done::Changed);
    assert_eq!(bureau.dossier(1).unwrap().state(), "lapsed");
    assert_eq!(bureau.orders(2, &ada, Deed::Age), Done::Changed);
    assert_eq!(bureau.store.kept_of(Kind::Document, &subject_of(2)).unwrap(), Kept::Nothing, "nothing is left of it");
    assert_eq!(bureau.found_like(&sent), Vec::<u64>::new(), "nor by what their pictures were found");
}

#[test]
fn in_a_restored_store_there_is_no_decoy() {
    let (bureau, susan) = (bureau(), operator("susan"));
    let _sent = bureau.sent(1);
    assert_eq!(bureau.loads(2, &susan, true), Done::Changed);
    let restored = |person| bureau.standing(person).restored().dossier.map(|dossier| dossier.state());
    assert_eq!((restored(1), restored(2)), (Some("asked_again"), None));
}

/// What a process that ends in the middle leaves is a store as of one commit or of the other: all of it, or nothing.
#[test]
fn a_decoy_and_what_is_counted_of_it_are_in_the_store_once_they_are_told() {
    let disk = Disk::default();
    let bureau = Bureau::over(Store::open_on(disk.clone(), &key()).unwrap(), Policy::default());
    let [susan, ada] = ["susan", "ada"].map(|name| hired(&bureau, name));
    assert_eq!(bureau.loads(1, &susan, false), Done::Changed);
    assert_eq!(bureau.decides(1, &ada, rejected()), Done::Changed);
    let store = Store::open_on(Disk::with(disk.image()), &key()).unwrap();
    let dossier = store.kept_of(Kind::Document, &subject_of(1)).unwrap().into_document().dossier.unwrap();
    assert_eq!((dossier.state(), dossier.decoy.map(|decoy| decoy.is_right)), ("rejected", Some(false)));
    assert_eq!(tally(&store, "ada"), Tally { right: 1, wrong: 0 });
}
