//! The one decision, held against a plain model: random acts of many sessions of a few people, at random times, with an
//! operator in between.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use idv::verification::account::Account;
use idv::verification::asks::Asks;
use idv::verification::case::Case;
use idv::verification::check::{CheckRecord, SubjectRecord};
use idv::verification::command::{Command, Done, Task, carry_out};
use idv::verification::decision::{Act, Actor, Answered, Change, Changes, Holders, Known, Step, decide};
use idv::verification::event::{Event, Grounds};
use idv::verification::method::desk::{self, Code, IssuedCode, Policy, Typed, Vouch};
use idv::verification::method::simulated::{Away, Choice};
use idv::verification::method::{Answer, Evidence, Kept, Method, Order, Progress, Reply};
use idv::verification::outcome::{Outcome, Status};
use idv::verification::session::id::SessionId;
use idv::verification::spent::SpentRecord;
use idv::verification::subject::{IdvId, Subject};
use idv::verification::ticket::Ticket;
use idv::verification::time::Timestamp;
use idv::verification::token::TokenId;
use proptest::prelude::*;
use ring::hmac;

use crate::support::world::subject;

const PEOPLE: u8 = 3;
const TOKENS: u8 = 8;
const POLICY: Policy = Policy { code_lifetime: Duration::from_hours(1), attempts: 3 };
const HAND_OVER: Duration = Duration::from_mins(15);
const BEGINNING: u64 = 1_800_000_000;

/// What somebody does.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// The browser `which` of token `token` types code `code`.
    Type {
        token: u8,
        which: u8,
        code: u8,
    },
    /// It chooses.
    Choose {
        token: u8,
        which: u8,
        choice: u8,
    },
    /// It leaves.
    Leave {
        token: u8,
        which: u8,
    },
    /// It takes what was decided before: of the case whose ticket Auth0 has (if it `brings` that), or in token `other`.
    Accept {
        token: u8,
        which: u8,
        other: u8,
        brings: bool,
    },
    /// The desk issues code `code` for a person, or revokes what waits.
    Issue {
        person: u8,
        code: u8,
    },
    Revoke {
        person: u8,
    },
    /// An operator decides.
    Decide {
        person: u8,
        is_verified: bool,
    },
    /// Time passes.
    Pass {
        minutes: u16,
    },
}

fn deed() -> impl Strategy<Value = Deed> {
    let (token, which, person) = (0..TOKENS, 0_u8..2, 0..PEOPLE);
    prop_oneof![
        4 => (token.clone(), which.clone(), 0_u8..4).prop_map(|(token, which, code)| Deed::Type { token, which, code }),
        2 => (token.clone(), which.clone(), 0_u8..4)
            .prop_map(|(token, which, choice)| Deed::Choose { token, which, choice }),
        1 => (token.clone(), which.clone()).prop_map(|(token, which)| Deed::Leave { token, which }),
        3 => (token.clone(), which, token, any::<bool>())
            .prop_map(|(token, which, other, brings)| Deed::Accept { token, which, other, brings }),
        2 => (person.clone(), 0_u8..4).prop_map(|(person, code)| Deed::Issue { person, code }),
        1 => person.clone().prop_map(|person| Deed::Revoke { person }),
        2 => (person, any::<bool>()).prop_map(|(person, is_verified)| Deed::Decide { person, is_verified }),
        2 => prop_oneof![0_u16..20, 0_u16..50_000].prop_map(|minutes| Deed::Pass { minutes }),
    ]
}

/// The records, as whoever keeps them does.
#[derive(Default)]
struct Records {
    spent: BTreeMap<u8, SpentRecord>,
    subjects: BTreeMap<u8, SubjectRecord>,
    kept: BTreeMap<u8, Kept>,
    cases: BTreeMap<u8, Case>,
    progress: BTreeMap<u8, Progress>,
    checks: Vec<CheckRecord>,
    holders: Holders,
}

impl Records {
    fn keep(&mut self, person: u8, token: Option<u8>, other: Option<u8>, changes: Changes) {
        let Changes { spent, subject, check, kept, progress, case, other: passed_on, holders } = changes;
        assert_eq!(check.is_some(), check.is_some() && subject.is_some(), "a check is of a subject");
        if let Some(record) = subject {
            let record = match &check {
                Some(check) => record.checked(self.checks.len() as u64 + 1, check),
                None => record,
            };
            self.subjects.insert(person, record);
        }
        self.checks.extend(check);
        if let Some(kept) = kept {
            self.kept.insert(person, kept);
        }
        for (identity, holder) in holders {
            match holder {
                Change::None => {}
                Change::Keep(subject) => _ = self.holders.insert(identity, subject),
                Change::Forget => _ = self.holders.remove(&identity),
            }
        }
        match case {
            Change::None => {}
            Change::Keep(case) => _ = self.cases.insert(person, case),
            Change::Forget => _ = self.cases.remove(&person),
        }
        if let Some(token) = token {
            match progress {
                Change::None => {}
                Change::Keep(progress) => _ = self.progress.insert(token, progress),
                Change::Forget => _ = self.progress.remove(&token),
            }
        }
        for (token, spent) in [(token, spent), (other, passed_on)] {
            if let Some((token, spent)) = token.zip(spent) {
                self.spent.insert(token, spent);
            }
        }
    }
}

/// What has to hold, whatever the records are.
#[derive(Default)]
struct Model {
    /// How each token's session ended.
    ended: BTreeMap<u8, Outcome>,
    /// Which session acted on each token.
    acted: BTreeMap<u8, SessionId>,
    ids: BTreeMap<u8, IdvId>,
    /// Wrong codes of each person since the last code was issued, or session concluded by the desk.
    wrong: BTreeMap<u8, BTreeSet<(u8, u8)>>,
    /// The code that waits for each person, and until when.
    codes: BTreeMap<u8, (u8, Timestamp)>,
    /// The checks that were handed over.
    handed_over: BTreeSet<u8>,
    last_number: BTreeMap<u8, u64>,
}

struct Bench {
    records: Records,
    model: Model,
    now: Timestamp,
    key: hmac::Key,
    tickets: u8,
}

fn person_of(token: u8) -> u8 {
    token % PEOPLE
}

fn who(person: u8) -> Subject {
    subject(&format!("auth0|{person}"))
}

fn code(code: u8) -> Code {
    Code::from_random([code; 16])
}

/// The browser `which` of token `token`, whose request has `ticket`.
fn actor(token: u8, which: u8, ticket: Option<Ticket>) -> Actor {
    let mut id = [token; 16];
    id[15] = which;
    Actor {
        session: postcard::from_bytes::<SessionId>(&id).unwrap(),
        token_id: TokenId([token; 16]),
        issued_at: Timestamp::from_unix(BEGINNING),
        subject: who(person_of(token)),
        asks: Asks { last_check_at: Some(Timestamp::from_unix(0)), ticket, ..Asks::default() },
    }
}

impl Bench {
    fn new() -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"the key of codes");
        let (records, model) = (Records::default(), Model::default());
        Self { records, model, now: Timestamp::from_unix(BEGINNING), key, tickets: 0 }
    }

    fn act(&mut self, token: u8, actor: Actor, step: Step) -> Answered {
        self.tickets += 1;
        let person = person_of(token);
        let other = match &step {
            Step::Accept(Some(other)) => Some(other.token_id.0[0]),
            _ => None,
        };
        let act = Act {
            actor,
            step,
            new_id: IdvId::from_random([self.tickets; 16]),
            new_ticket: Ticket::from_random([self.tickets; 16]),
            hand_over: HAND_OVER,
            now: self.now,
        };
        let records = &self.records;
        let known = Known {
            spent: records.spent.get(&token).copied(),
            subject: records.subjects.get(&person).cloned(),
            kept: records.kept.get(&person).cloned().filter(|_| is_typed(&act.step)).unwrap_or_default(),
            case: records.cases.get(&person).copied().filter(|_| act.actor.asks.ticket.is_some()),
            other: other.and_then(|other| records.spent.get(&other).copied()),
            holders: records.holders.clone(),
        };
        let session = act.actor.session;
        let decided = decide(&act, &known);
        if let Answered::Concluded(outcome) = &decided.answer {
            hold_event(decided.event.as_ref(), outcome, &act.step, &known);
        }
        let changed = !decided.changes.are_none();
        let claimed = decided.changes.spent.is_some();
        self.records.keep(person, Some(token), other, decided.changes);
        self.hold(token, session, &decided.answer, changed, claimed);
        decided.answer
    }

    /// What holds of every answer.
    fn hold(&mut self, token: u8, session: SessionId, answer: &Answered, changed: bool, claimed: bool) {
        let acted = self.model.acted.get(&token).copied();
        match answer {
            Answered::Taken => assert!(acted.is_some_and(|first| first != session) && !changed),
            Answered::Already(outcome) => {
                assert_eq!(self.model.ended.get(&token), Some(outcome), "as it ended");
                assert!(!changed);
            }
            Answered::Nothing => assert!(!changed),
            Answered::Told(_) => {
                assert!(!self.model.ended.contains_key(&token) && (claimed || acted == Some(session) || !changed));
            }
            Answered::Concluded(outcome) => {
                assert!(acted.is_none_or(|first| first == session), "the first session alone goes on");
                assert!(self.model.ended.insert(token, *outcome).is_none(), "a token's session ends once");
                let id = *self.model.ids.entry(person_of(token)).or_insert(outcome.idv_id);
                assert_eq!(outcome.idv_id, id, "one idv_id for ever");
                assert_eq!(outcome.ticket.is_some(), outcome.status == Status::Pending);
                assert_eq!(outcome.verified.is_some(), outcome.status == Status::Success);
                assert!(!self.records.progress.contains_key(&token), "nothing is remembered beyond the end");
            }
        }
        if claimed {
            self.model.acted.entry(token).or_insert(session);
        }
        self.hold_last_checks();
    }

    /// A last check never goes back, and is the newest of the person's.
    fn hold_last_checks(&mut self) {
        for (person, record) in &self.records.subjects {
            let Some(last) = record.last_check else { continue };
            let before = self.model.last_number.insert(*person, last.number).unwrap_or(0);
            assert!(last.number >= before);
            let theirs = |check: &&CheckRecord| check.subject == who(*person);
            let newest = self.records.checks.iter().enumerate().rfind(|(_, check)| theirs(check)).unwrap();
            assert_eq!((last.number, last.at, last.status), (newest.0 as u64 + 1, newest.1.at, newest.1.status));
        }
    }

    fn type_code(&mut self, token: u8, which: u8, typed: u8) {
        let (person, actor) = (person_of(token), actor(token, which, None));
        let step = Typed::new(&code(typed), POLICY, &self.key, &actor.subject, actor.session);
        let is_first = self.model.acted.get(&token).is_none_or(|first| *first == actor.session);
        let may_act = is_first && !self.model.ended.contains_key(&token);
        let waiting = self.model.codes.get(&person).copied().filter(|(waiting, _)| *waiting == typed);
        let session_number = token * 2 + which;
        let answer = self.act(token, actor, Step::Answer(Answer::Desk(step)));
        if !may_act {
            assert!(matches!(answer, Answered::Taken | Answered::Already(_)), "{answer:?}");
            return;
        }
        let wrong = self.model.wrong.entry(person).or_default();
        let status = match &answer {
            Answered::Concluded(outcome) => Some(outcome.status),
            _ => None,
        };
        match waiting {
            Some((_, until)) if self.now < until => {
                assert_eq!(status, Some(Status::Success));
                self.model.codes.remove(&person);
                wrong.clear();
            }
            Some(_) => assert_eq!(answer, Answered::Told(Reply::Desk(desk::Told::TooLate))),
            None => {
                let is_new = wrong.insert((session_number, typed));
                let left = POLICY.attempts - u8::try_from(wrong.len()).unwrap();
                if left == 0 {
                    assert_eq!(status, Some(Status::Failed), "never more attempts than the policy");
                    wrong.clear();
                    self.model.codes.remove(&person);
                } else if is_new {
                    assert_eq!(answer, Answered::Told(Reply::Desk(desk::Told::Wrong { attempts_left: left })));
                } else {
                    assert_eq!(answer, Answered::Told(Reply::Desk(desk::Told::Again { attempts_left: left })));
                }
            }
        }
    }

    fn choose(&mut self, token: u8, which: u8, choice: u8) {
        let choices = [Choice::Success, Choice::Failed, Choice::Pending, Choice::Away(Away { state: [7; 16] })];
        let choice = choices[usize::from(choice)];
        let (actor, checks) = (actor(token, which, None), self.records.checks.len());
        let answer = self.act(token, actor, Step::Answer(Answer::Simulated(choice)));
        let made = self.records.checks.len() - checks;
        match (&answer, choice) {
            (Answered::Concluded(outcome), Choice::Pending) => {
                let case = self.records.cases[&person_of(token)];
                assert_eq!((outcome.status, made), (Status::Pending, 0));
                assert_eq!((Some(case.ticket), case.decision), (outcome.ticket, None));
            }
            (Answered::Concluded(_), _) => assert_eq!(made, 1),
            (Answered::Told(_), Choice::Away(away)) => {
                assert_eq!(self.records.progress[&token], Progress::Simulated(away));
            }
            _ => assert_eq!(made, 0),
        }
    }

    fn accept(&mut self, token: u8, which: u8, other: u8, brings: bool) {
        let person = person_of(token);
        let case = self.records.cases.get(&person).copied();
        let ticket = case.map(|case| case.ticket).filter(|_| brings);
        let (actor, other_actor) = (actor(token, which, ticket), actor(other, which, None));
        let source = self.records.spent.get(&other).copied();
        let checks = self.records.checks.len();
        let answer = self.act(token, actor, Step::Accept(Some(other_actor.clone())));
        assert_eq!(self.records.checks.len(), checks, "nothing is checked anew");
        let Answered::Concluded(outcome) = answer else { return };
        let is_passed_on = |spent: Option<&SpentRecord>| spent.is_some_and(|spent| spent.is_passed_on);
        if is_passed_on(source.as_ref()) || !is_passed_on(self.records.spent.get(&other)) {
            assert!(ticket.is_some() && case.is_some_and(|case| case.is_open(self.now)));
            let is_decided = case.is_some_and(|case| case.decision.is_some());
            assert_eq!(self.records.cases.contains_key(&person), !is_decided, "a decision counts once");
            assert_eq!(outcome.status == Status::Pending, !is_decided);
            return;
        }
        let source = source.expect("a result of another session");
        let Outcome { concluded_at, verified, .. } = source.concluded.unwrap();
        let verified = verified.unwrap();
        assert_eq!((outcome.status, outcome.verified), (Status::Success, Some(verified)));
        assert_eq!((source.session, person_of(other)), (other_actor.session, person), "of this person and browser");
        assert!(self.now < concluded_at.later(HAND_OVER));
        assert!(self.model.handed_over.insert(other), "once");
    }

    fn order(&mut self, person: u8, order: desk::Order) -> Done {
        let task = Task::Order(Order::Desk(order));
        self.command(person, task)
    }

    fn command(&mut self, person: u8, task: Task) -> Done {
        let records = &self.records;
        let known = Known {
            subject: records.subjects.get(&person).cloned(),
            kept: records.kept.get(&person).cloned().unwrap_or_default(),
            case: records.cases.get(&person).copied(),
            ..Known::default()
        };
        let command = Command { subject: who(person), account: Account::Root, task, now: self.now };
        let decided = carry_out(command, &known);
        assert_eq!(decided.changes.are_none(), decided.answer == Done::Unchanged);
        assert_eq!(decided.event.is_some(), decided.answer == Done::Changed);
        self.records.keep(person, None, None, decided.changes);
        self.hold_last_checks();
        decided.answer
    }

    fn issue(&mut self, person: u8, number: u8) {
        let expires_at = self.now.later(POLICY.code_lifetime);
        let vouch = Vouch { by: "desk".into(), account: Account::Root, issued_at: self.now, note: None };
        let issued = IssuedCode { hash: code(number).hash(&self.key, &who(person)), expires_at, vouch };
        let _done = self.order(person, desk::Order::Issue(issued));
        self.model.codes.insert(person, (number, expires_at));
        self.model.wrong.remove(&person);
    }

    fn revoke(&mut self, person: u8) {
        let waited = self.model.codes.remove(&person).is_some();
        assert_eq!(self.order(person, desk::Order::Revoke) == Done::Changed, waited);
    }

    fn decide(&mut self, person: u8, is_verified: bool) {
        let waits =
            self.records.cases.get(&person).is_some_and(|case| case.decision.is_none() && case.is_open(self.now));
        let checks = self.records.checks.len();
        let task = if is_verified { Task::Approve } else { Task::Reject };
        let done = self.command(person, task(Evidence::Simulated));
        assert_eq!(done == Done::Changed, waits, "an open case is decided once");
        assert_eq!(self.records.checks.len() - checks, usize::from(waits));
    }

    fn happen(&mut self, deed: Deed) {
        match deed {
            Deed::Type { token, which, code } => self.type_code(token, which, code),
            Deed::Choose { token, which, choice } => self.choose(token, which, choice),
            Deed::Leave { token, which } => {
                let _answer = self.act(token, actor(token, which, None), Step::Leave(Status::Canceled));
            }
            Deed::Accept { token, which, other, brings } => self.accept(token, which, other, brings),
            Deed::Issue { person, code } => self.issue(person, code),
            Deed::Revoke { person } => self.revoke(person),
            Deed::Decide { person, is_verified } => self.decide(person, is_verified),
            Deed::Pass { minutes } => self.now = self.now.later(Duration::from_mins(minutes.into())),
        }
    }
}

/// What is told of the end of a session: how it ended, by which method, and on what grounds.
fn hold_event(event: Option<&Event>, outcome: &Outcome, step: &Step, known: &Known) {
    let Some(Event::Concluded { idv_id, method, status, grounds, .. }) = event else { panic!("{event:?}") };
    assert_eq!((*idv_id, *status), (outcome.idv_id, outcome.status));
    let of_case = known.case.map(|case| case.method);
    let (by, on) = match step {
        Step::Answer(answer) => (Some(answer.method()), Grounds::Session),
        Step::Leave(_) => (None, Grounds::Session),
        Step::Accept(_) => (outcome.verified.map(|verified| verified.method).or(of_case), *grounds),
    };
    assert_eq!((*method, *grounds), (by, on));
    assert_eq!(matches!(step, Step::Accept(_)), *grounds != Grounds::Session);
}

fn is_typed(step: &Step) -> bool {
    matches!(step, Step::Answer(answer) if answer.method() == Method::Desk)
}

proptest! {
    #[test]
    fn whatever_many_sessions_do_each_token_ends_once_and_nothing_counts_twice(
        deeds in proptest::collection::vec(deed(), 1..120)
    ) {
        let mut bench = Bench::new();
        for deed in deeds {
            bench.happen(deed);
        }
    }
}
