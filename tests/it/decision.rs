//! The one decision, held against a plain model: random acts of many sessions of a few people, at random times, with an
//! operator in between.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use idv::verification::account::Account;
use idv::verification::asks::Asks;
use idv::verification::audit::pseudonym::PersonKey;
use idv::verification::case::Case;
use idv::verification::changes::{Change, Changes};
use idv::verification::check::{CheckRecord, SubjectRecord};
use idv::verification::command::{Done, Task, carry_out};
use idv::verification::decision::{Act, Actor, Answered, Holders, Known, Step, decide};
use idv::verification::event::{Event, Grounds};
use idv::verification::identity::Identity;
use idv::verification::method::desk::{self, Code, IssuedCode, Policy, Typed, Vouch};
use idv::verification::method::oidc::binding::Conflict;
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::method::oidc::names::Name;
use idv::verification::method::oidc::{self, Attested};
use idv::verification::method::simulated::{Away, Choice};
use idv::verification::method::{Answer, Evidence, Kept, Kind, Order, Progress, Reply};
use idv::verification::outcome::{Outcome, Status};
use idv::verification::session::id::SessionId;
use idv::verification::spent::SpentRecord;
use idv::verification::subject::{IdvId, Subject};
use idv::verification::ticket::Ticket;
use idv::verification::time::Timestamp;
use idv::verification::token::TokenId;
use proptest::prelude::*;
use ring::hmac;

use crate::support::acts::{attested, command};
use crate::support::world::subject;

const PEOPLE: u8 = 3;
/// The first two are of one issuer, where a person has one name.
const PROVIDERS: u8 = 3;
const IDENTITIES: u8 = 4;
const TOKENS: u8 = 16;
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
    /// Provider `provider` attests to it who the person is, who may not match the account.
    Attest {
        token: u8,
        which: u8,
        provider: u8,
        identity: u8,
        is_mismatch: bool,
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
    /// An operator unbinds a person from a provider, alone or with everybody.
    Unbind {
        person: u8,
        provider: u8,
        with_all: bool,
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
        4 => (token.clone(), which.clone(), 0..PROVIDERS, 0..IDENTITIES, proptest::bool::weighted(0.1)).prop_map(
            |(token, which, provider, identity, is_mismatch)| Deed::Attest {
                token, which, provider, identity, is_mismatch
            }
        ),
        1 => (token.clone(), which.clone()).prop_map(|(token, which)| Deed::Leave { token, which }),
        3 => (token.clone(), which, token, any::<bool>())
            .prop_map(|(token, which, other, brings)| Deed::Accept { token, which, other, brings }),
        2 => (person.clone(), 0_u8..4).prop_map(|(person, code)| Deed::Issue { person, code }),
        1 => person.clone().prop_map(|person| Deed::Revoke { person }),
        1 => (person.clone(), 0..PROVIDERS, any::<bool>())
            .prop_map(|(person, provider, with_all)| Deed::Unbind { person, provider, with_all }),
        2 => (person, any::<bool>()).prop_map(|(person, is_verified)| Deed::Decide { person, is_verified }),
        2 => prop_oneof![0_u16..20, 0_u16..50_000].prop_map(|minutes| Deed::Pass { minutes }),
    ]
}

/// The records, as whoever keeps them does.
#[derive(Default)]
struct Records {
    spent: BTreeMap<u8, SpentRecord>,
    subjects: BTreeMap<u8, SubjectRecord>,
    strangers: BTreeMap<u8, PersonKey>,
    /// By person and kind of methods.
    kept: BTreeMap<(u8, &'static str), Kept>,
    cases: BTreeMap<u8, Case>,
    progress: BTreeMap<u8, Progress>,
    checks: Vec<CheckRecord>,
    holders: Holders,
}

impl Records {
    fn kept(&self, kind: Kind, person: u8) -> Kept {
        self.kept.get(&(person, kind.as_str())).cloned().unwrap_or_default()
    }

    /// Whose those of `identities` are that are anybody's.
    fn holders(&self, identities: impl Iterator<Item = Identity>) -> Holders {
        identities.filter_map(|identity| Some((identity, self.holders.get(&identity)?.clone()))).collect()
    }

    fn keep(&mut self, person: u8, kind: Option<Kind>, token: Option<u8>, other: Option<u8>, changes: Changes) {
        let Changes {
            spent,
            subject,
            stranger,
            check,
            kept,
            progress,
            case,
            other: passed_on,
            holders,
            objects,
            numbers,
            seen,
            operator,
        } = changes;
        assert!(
            objects.is_empty() && numbers.is_empty() && seen.is_empty() && operator.is_none(),
            "nobody here sends photos: documents/model.rs has those"
        );
        if let Some(key) = stranger {
            assert!(!self.subjects.contains_key(&person) && self.strangers.insert(person, key).is_none());
        }
        let is_keyed = |record: &SubjectRecord| {
            record.key.is_some_and(|key| self.strangers.get(&person).is_none_or(|known| *known == key))
        };
        assert!(subject.as_ref().is_none_or(is_keyed), "who was kept something of has the key of then");
        assert_eq!(check.is_some(), check.is_some() && subject.is_some(), "a check is of a subject");
        if let Some(record) = subject {
            let record = match &check {
                Some(check) => record.checked(self.checks.len() as u64 + 1, check),
                None => record,
            };
            self.subjects.insert(person, record);
        }
        self.checks.extend(check);
        if let Some((kind, kept)) = kind.zip(kept) {
            self.kept.insert((person, kind.as_str()), kept);
        }
        for (identity, holder) in holders {
            match holder {
                Change::None => {}
                Change::Keep(subject) => {
                    let before = self.holders.insert(identity, subject.clone());
                    assert!(before.is_none_or(|before| before == subject), "none is taken from another");
                }
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
    /// Who each person is at each provider.
    bound: BTreeMap<(u8, u8), Identity>,
}

/// What providers' sections say of identities.
#[derive(Clone, Copy, Debug)]
struct Rules {
    one_account: bool,
    same_person: bool,
}

struct Bench {
    rules: Rules,
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

fn provider(number: u8) -> ProviderName {
    ProviderName::parse(&format!("provider-{number}")).unwrap()
}

impl Bench {
    fn new(rules: Rules) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"the key of codes");
        let (records, model) = (Records::default(), Model::default());
        Self { rules, records, model, now: Timestamp::from_unix(BEGINNING), key, tickets: 0 }
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
            new_key: PersonKey::from_random([self.tickets; 16]),
            new_ticket: Ticket::from_random([self.tickets; 16]),
            hand_over: HAND_OVER,
            now: self.now,
        };
        let records = &self.records;
        let (kind, identity) = match &act.step {
            Step::Answer(answer) => (Some(answer.method().kind()), answer.identity()),
            Step::Leave(_) | Step::Accept(_) => (None, None),
        };
        let kept = kind.map(|kind| records.kept(kind, person)).unwrap_or_default();
        let known = Known {
            spent: records.spent.get(&token).copied(),
            erased_at: None,
            subject: records.subjects.get(&person).cloned(),
            stranger: records.strangers.get(&person).copied(),
            holders: records.holders(kept.identities().chain(identity)),
            kept,
            case: records.cases.get(&person).copied().filter(|_| act.actor.asks.ticket.is_some()),
            next_number: 1,
            other: other.and_then(|other| records.spent.get(&other).copied()),
            operator: None,
        };
        let session = act.actor.session;
        let decided = decide(&act, &known);
        if let Answered::Concluded(outcome) = &decided.answer {
            hold_event(decided.event.as_ref(), outcome, &act.step, &known);
        }
        let changed = !decided.changes.are_none();
        let claimed = decided.changes.spent.is_some();
        self.records.keep(person, kind, Some(token), other, decided.changes);
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

    fn attest(&mut self, token: u8, which: u8, number: u8, identity: u8, is_mismatch: bool) {
        let (person, actor) = (person_of(token), actor(token, which, None));
        let Rules { one_account, same_person } = self.rules;
        let issuer = if number < 2 { "https://one.example" } else { "https://other.example" };
        let identity = Identity::derive(&self.key, &actor.subject.tenant, issuer, &identity.to_string());
        let mismatch = is_mismatch.then_some(Name::FamilyName);
        let attested = Attested { one_account, same_person, mismatch, ..attested(provider(number), identity) };
        let checks = self.records.checks.len();
        let answer = self.act(token, actor, Step::Answer(Answer::Oidc(attested)));
        let Answered::Concluded(outcome) = answer else {
            assert!(matches!(answer, Answered::Taken | Answered::Already(_)), "{answer:?}");
            return;
        };
        let bound = &self.model.bound;
        let is_anothers = bound.iter().any(|((other, _), theirs)| *other != person && *theirs == identity);
        let is_another = bound.get(&(person, number)).is_some_and(|before| *before != identity);
        let conflict = if one_account && is_anothers {
            Some(Conflict::InUse)
        } else if same_person && is_another {
            Some(Conflict::OtherPerson)
        } else {
            mismatch.map(Conflict::Mismatch)
        };
        if conflict.is_none() {
            self.model.bound.insert((person, number), identity);
        }
        assert_eq!(outcome.status, if conflict.is_none() { Status::Success } else { Status::Failed });
        let [check] = &self.records.checks[checks..] else { panic!("each is a check") };
        let Evidence::Delegated(delegation) = &check.evidence else { panic!("{check:?}") };
        assert_eq!((check.status, delegation.conflict, delegation.identity), (outcome.status, conflict, identity));
        self.hold_bindings();
    }

    fn unbind(&mut self, person: u8, number: u8, with_all: bool) {
        let order = if with_all { oidc::Order::Forget } else { oidc::Order::Unbind }(provider(number));
        let people = if with_all { 0..PEOPLE } else { person..person + 1 };
        for person in people {
            let was_bound = self.model.bound.remove(&(person, number)).is_some();
            assert_eq!(self.command(person, Task::Order(Order::Oidc(order))) == Done::Changed, was_bound);
        }
        self.hold_bindings();
    }

    /// The records say who is bound as the model does, and whose an identity is follows from them.
    fn hold_bindings(&self) {
        let mut kept = BTreeMap::new();
        for ((person, _), record) in &self.records.kept {
            let bindings = record.clone().into_oidc();
            for binding in bindings.iter() {
                let number = (0..PROVIDERS).find(|number| provider(*number) == binding.provider).unwrap();
                assert!(kept.insert((*person, number), binding.identity).is_none(), "one at each provider");
            }
        }
        assert_eq!(kept, self.model.bound);
        let mut theirs = BTreeMap::<_, BTreeSet<_>>::new();
        for ((person, _), identity) in kept {
            theirs.entry(identity).or_default().insert(person);
        }
        for (identity, holder) in &self.records.holders {
            let holds = |person: &u8| who(*person) == *holder;
            assert!(theirs.get(identity).is_some_and(|theirs| theirs.iter().any(holds)), "who holds it is bound to it");
        }
        if self.rules.one_account {
            assert!(theirs.values().all(|theirs| theirs.len() == 1), "an identity is of one account");
            assert_eq!(theirs.len(), self.records.holders.len(), "and each is held");
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
        let (kind, tells) = match &task {
            Task::Order(order) => (Some(order.method().kind()), order.told().is_some()),
            Task::Approve(_) | Task::Reject(_) => (None, true),
        };
        let kept = kind.map(|kind| records.kept(kind, person)).unwrap_or_default();
        let known = Known {
            subject: records.subjects.get(&person).cloned(),
            stranger: records.strangers.get(&person).copied(),
            holders: records.holders(kept.identities()),
            kept,
            case: records.cases.get(&person).copied(),
            ..Known::default()
        };
        let command = command(who(person), Account::Root, task, self.now);
        let decided = carry_out(command, &known);
        assert_eq!(decided.changes.are_none(), decided.answer == Done::Unchanged);
        assert_eq!(decided.event.is_some(), decided.answer == Done::Changed && tells);
        self.records.keep(person, kind, None, None, decided.changes);
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
            Deed::Attest { token, which, provider, identity, is_mismatch } => {
                self.attest(token, which, provider, identity, is_mismatch);
            }
            Deed::Unbind { person, provider, with_all } => self.unbind(person, provider, with_all),
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

proptest! {
    #[test]
    fn whatever_many_sessions_do_each_token_ends_once_and_nothing_counts_twice(
        deeds in proptest::collection::vec(deed(), 1..120),
        (one_account, same_person) in (any::<bool>(), any::<bool>())
    ) {
        let mut bench = Bench::new(Rules { one_account, same_person });
        for deed in deeds {
            bench.happen(deed);
        }
    }
}
