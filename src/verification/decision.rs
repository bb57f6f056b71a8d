//! The one decision: from what is known, an act, the rules and the time to what is answered, what changes and what
//! happened. Whoever keeps the records loads what an act may read, has it decided here, and keeps what changed, all in one
//! transaction; nothing is decided elsewhere.
//!
//! First browser wins: every act names its session, and only one session of a request token acts. One session ends once.

use std::collections::BTreeMap;
use std::time::Duration;

use super::asks::Asks;
use super::audit::pseudonym::PersonKey;
use super::case::{Case, Decision};
use super::changes::{Change, Changes};
use super::check::{CheckRecord, LastCheck, SubjectRecord};
use super::event::{Event, Grounds};
use super::identity::Identity;
use super::method::{Answer, Circumstances, Evidence, Judged, Kept, Method, Progress, Reply, Verdict};
use super::operator::{OperatorName, OperatorRecord};
use super::outcome::{Outcome, Status, Verified};
use super::session::Session;
use super::session::id::SessionId;
use super::spent::SpentRecord;
use super::subject::{IdvId, Subject};
use super::ticket::Ticket;
use super::time::Timestamp;
use super::token::TokenId;

/// The session that acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Names it.
    pub session: SessionId,
    /// The request token that began it.
    pub token_id: TokenId,
    /// When Auth0 made that.
    pub issued_at: Timestamp,
    /// Whose session it is.
    pub subject: Subject,
    /// What the application asks for.
    pub asks: Asks,
}

/// What a person does in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// They answer by a method.
    Answer(Answer),
    /// They leave ([`Status::Canceled`]), or their time is over ([`Status::Expired`]).
    Leave(Status),
    /// They take what was decided before: of the case whose ticket they bring, or in this other session of their browser.
    Accept(Option<Actor>),
}

/// An act of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// The session.
    pub actor: Actor,
    /// What it does.
    pub step: Step,
    /// For a subject that idv meets for the first time: drawn at random.
    pub new_id: IdvId,
    /// For a subject of whom nothing is kept yet: drawn at random.
    pub new_key: PersonKey,
    /// For a case that is opened: drawn at random.
    pub new_ticket: Ticket,
    /// How long a result may be handed over; not at all, if that is no time.
    pub hand_over: Duration,
    /// When it acts.
    pub now: Timestamp,
}

/// What is known, as far as an act may read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// What has become of the session's request token.
    pub spent: Option<SpentRecord>,
    /// When the subject was last erased, if they ever were.
    pub erased_at: Option<Timestamp>,
    /// The subject.
    pub subject: Option<SubjectRecord>,
    /// The key of a subject whom idv has not met, where something was kept of them before.
    pub stranger: Option<PersonKey>,
    /// What the method keeps of the subject.
    pub kept: Kept,
    /// The subject's case, where the act may be about it.
    pub case: Option<Case>,
    /// The number that the next attempt has whose method numbers them.
    pub next_number: u64,
    /// What has become of the request token of the other session that the act names.
    pub other: Option<SpentRecord>,
    /// Whose the identities are that the answer and the method name, as far as they are anybody's.
    pub holders: Holders,
    /// The operator of the console who acts, where one does.
    pub operator: Option<(OperatorName, OperatorRecord)>,
}

impl Known {
    /// Whether anything is known of the subject.
    pub(super) fn is_anything(&self) -> bool {
        let is_met = self.subject.is_some() || self.stranger.is_some();
        is_met || self.case.is_some() || self.kept != Kept::Nothing
    }

    /// What ties the entries of the audit log to the subject.
    #[must_use]
    pub fn key(&self) -> Option<PersonKey> {
        self.subject.as_ref().map_or(self.stranger, |record| record.key)
    }
}

/// Whose identities are, each of one subject at the most.
pub type Holders = BTreeMap<Identity, Subject>;

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Decided<T> {
    /// What is answered.
    pub answer: T,
    /// What changes.
    pub changes: Changes,
    /// What happened.
    pub event: Option<Event>,
}

impl<T> Decided<T> {
    pub(super) fn unchanged(answer: T) -> Self {
        Self { answer, changes: Changes::default(), event: None }
    }
}

/// What an act came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Answered {
    /// The session is over now.
    Concluded(Outcome),
    /// The session was over before: a double click, or the back button.
    Already(Outcome),
    /// The session goes on.
    Told(Reply),
    /// There is nothing to be taken. The session goes on.
    Nothing,
    /// Another session acted on the same request token first.
    Taken,
}

/// What was decided before, and counts for a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// The case whose ticket it brings, or that it opened, is not decided yet, by this method.
    Waiting(Method),
    /// That case was decided, by this method.
    Decided(Method, Decision),
    /// Another session of the same browser ended with this success, which Auth0 does not know of.
    Undelivered(Verified),
}

impl Actor {
    /// The session, in so far as it acts.
    #[must_use]
    pub fn of(session: &Session<'_>) -> Self {
        Self {
            session: session.id,
            token_id: session.token_id,
            issued_at: session.issued_at,
            subject: session.subject.clone(),
            asks: session.asks.clone(),
        }
    }
}

/// What was decided before that counts for `actor` `now` (contract 26): by the session `other` of the same browser, not
/// longer ago than `hand_over`, or else of the case whose ticket it brings. Where a success did not arrive, Auth0 still has
/// the ticket of before it.
#[must_use]
pub fn before(
    actor: &Actor,
    known: &Known,
    other: Option<&Actor>,
    hand_over: Duration,
    now: Timestamp,
) -> Option<Before> {
    undelivered(actor, other, known, hand_over, now).or_else(|| of_case(actor, known.case.as_ref(), now))
}

fn of_case(actor: &Actor, case: Option<&Case>, now: Timestamp) -> Option<Before> {
    let case = case.filter(|case| case.counts_for(actor.session, actor.asks.ticket, now))?;
    match case.decision {
        _ if !actor.asks.accepts(case.method) => None,
        None => Some(Before::Waiting(case.method)),
        Some(Decision::Verified(verified)) if !actor.asks.admits(&verified, now) => None,
        Some(decision) => Some(Before::Decided(case.method, decision)),
    }
}

/// A success counts once more where Auth0 says that its own last one is older: it did not arrive, or another tab was
/// waiting for it.
fn undelivered(
    actor: &Actor,
    other: Option<&Actor>,
    known: &Known,
    hand_over: Duration,
    now: Timestamp,
) -> Option<Before> {
    let (other, spent) = (other?, known.other?);
    let Outcome { concluded_at, verified, .. } = spent.concluded?;
    let verified = verified?;
    let is_theirs = other.subject == actor.subject && spent.session == other.session && !spent.is_passed_on;
    // By a clock that was ahead and is set right, it is of later.
    let is_fresh = (concluded_at..concluded_at.later(hand_over)).contains(&now);
    let is_news = actor.asks.last_check_at.is_some_and(|known_at| known_at < verified.at);
    let counts = is_theirs && is_fresh && is_news && actor.asks.admits(&verified, now);
    counts.then_some(Before::Undelivered(verified))
}

/// Decides `act`.
pub fn decide(act: &Act, known: &Known) -> Decided<Answered> {
    match &known.spent {
        Some(spent) if spent.session != act.actor.session => Decided::unchanged(Answered::Taken),
        Some(SpentRecord { concluded: Some(outcome), .. }) => Decided::unchanged(Answered::Already(*outcome)),
        _ => {
            let mut decided = match &act.step {
                _ if act.is_of_erased(known) => act.end_as_erased(),
                Step::Answer(answer) => act.answer(answer, known),
                Step::Leave(status) => act.leave(known, *status),
                Step::Accept(other) => act.accept(other.as_ref(), known),
            };
            decided.changes.tie(known, act.new_key);
            decided
        }
    }
}

/// How a session ends.
struct End {
    status: Status,
    method: Option<Method>,
    /// The check that is made.
    evidence: Option<Evidence>,
    /// The check that it rests on, where that was made before.
    verified: Option<Verified>,
    ticket: Option<Ticket>,
    grounds: Grounds,
}

impl End {
    const fn without(status: Status) -> Self {
        Self { status, method: None, evidence: None, verified: None, ticket: None, grounds: Grounds::Session }
    }

    fn by_check(status: Status, evidence: Evidence) -> Self {
        Self { method: Some(evidence.method()), evidence: Some(evidence), ..Self::without(status) }
    }
}

impl Act {
    fn answer(&self, answer: &Answer, known: &Known) -> Decided<Answered> {
        let Actor { subject, asks, .. } = &self.actor;
        let holder = answer.identity().and_then(|identity| known.holders.get(&identity));
        let last_check = known.subject.as_ref().and_then(|record| record.last_check);
        let is_taken = |check: &LastCheck| check.status == Status::Success && asks.last_check_at == Some(check.at);
        let taken = last_check.filter(is_taken).map(|check| (check.method, check.at));
        let is_its = |case: &Case| case.method == answer.method();
        let counts = |case: &Case| is_its(case) && case.counts_for(self.actor.session, asks.ticket, self.now);
        let case = known.case.as_ref().filter(|case| counts(case));
        let (session, next_number) = (self.actor.session, known.next_number);
        let circumstances = Circumstances { subject, holder, taken, session, case, next_number, now: self.now };
        let Judged { verdict, kept, progress } = answer.judge(known.kept.clone(), &circumstances);
        let number = kept.number().or(known.kept.number());
        let mut decided = match verdict {
            Verdict::Verified(evidence) => self.end(known, End::by_check(Status::Success, evidence)),
            Verdict::NotVerified(evidence) => self.end(known, End::by_check(Status::Failed, evidence)),
            Verdict::Undecided => self.open_case(known, answer.method()),
            Verdict::Told(reply) => self.tell(reply, progress, number),
            Verdict::Opened(reply) => {
                let mut decided = self.tell(reply, progress, number);
                decided.changes.case = Change::Keep(self.sent(case, answer.method()));
                decided.changes.subject = Some(self.record(known)).filter(|_| known.subject.is_none());
                decided
            }
            Verdict::Withdrawn(reply) => {
                let mut decided = self.tell(reply, progress, number);
                decided.changes.case = known.case.filter(is_its).map_or(Change::None, |_| Change::Forget);
                decided
            }
        };
        decided.changes.keep(subject, known, kept, answer.object());
        if matches!(decided.answer, Answered::Told(_)) && !decided.changes.are_none() {
            // Whoever changes anything has acted.
            decided.changes.spent = Some(self.spent(None)).filter(|spent| Some(*spent) != known.spent);
        }
        decided
    }

    /// What the person is told of the attempt `case`, if the method numbers them.
    fn tell(&self, reply: Reply, progress: Option<Progress>, case: Option<u64>) -> Decided<Answered> {
        let (tenant, session) = (self.actor.subject.tenant.clone(), self.actor.session.name());
        let progress = progress.map_or(Change::None, Change::Keep);
        Decided {
            answer: Answered::Told(reply),
            changes: Changes { progress, ..Changes::default() },
            event: Some(Event::Told { tenant, session, case, reply }),
        }
    }

    /// A case for this session, and for whoever brings its ticket: that of `case`, where one counts for the session.
    fn sent(&self, case: Option<&Case>, method: Method) -> Case {
        let ticket = case.map_or(self.new_ticket, |case| case.ticket);
        Case { ticket, method, opened_at: self.now, session: Some(self.actor.session), decision: None }
    }

    /// Who leaves while a case waits that was opened in the session has the decision later; and who leaves as it is decided,
    /// or comes too late for that, takes it at their next login.
    fn leave(&self, known: &Known, status: Status) -> Decided<Answered> {
        let case = known.case.filter(|case| case.session == Some(self.actor.session) && case.is_open(self.now));
        self.end(
            known,
            match case {
                Some(case) => {
                    End { method: Some(case.method), ticket: Some(case.ticket), ..End::without(Status::Pending) }
                }
                None => End::without(status),
            },
        )
    }

    fn open_case(&self, known: &Known, method: Method) -> Decided<Answered> {
        let ticket = self.new_ticket;
        let end = End { method: Some(method), ticket: Some(ticket), ..End::without(Status::Pending) };
        let mut decided = self.end(known, end);
        decided.changes.case =
            Change::Keep(Case { ticket, method, opened_at: self.now, session: None, decision: None });
        decided
    }

    fn accept(&self, other: Option<&Actor>, known: &Known) -> Decided<Answered> {
        let verified = |verified: Verified, grounds| End {
            method: Some(verified.method),
            verified: Some(verified),
            grounds,
            ..End::without(Status::Success)
        };
        let case = known.case.as_ref();
        let method = case.map(|case| case.method);
        match before(&self.actor, known, other, self.hand_over, self.now) {
            None => Decided::unchanged(Answered::Nothing),
            Some(Before::Waiting(_)) => {
                let ticket = case.map(|case| case.ticket);
                self.end(known, End { method, ticket, grounds: Grounds::Case, ..End::without(Status::Pending) })
            }
            Some(Before::Decided(_, decision)) => {
                let mut decided = match decision {
                    Decision::Verified(check) => self.end(known, verified(check, Grounds::Case)),
                    Decision::NotVerified(_) => {
                        self.end(known, End { method, grounds: Grounds::Case, ..End::without(Status::Failed) })
                    }
                };
                decided.changes.case = Change::Forget;
                decided.changes.keep(&self.actor.subject, known, known.kept.clone().delivered(self.now), None);
                decided
            }
            Some(Before::Undelivered(check)) => {
                let mut decided = self.end(known, verified(check, Grounds::HandOver));
                decided.changes.other = known.other.map(|other| SpentRecord { is_passed_on: true, ..other });
                decided
            }
        }
    }

    /// Ends the session; with evidence, that is a check.
    fn end(&self, known: &Known, end: End) -> Decided<Answered> {
        let End { status, method, evidence, verified, ticket, grounds } = end;
        let is_known = known.subject.is_some();
        let record = self.record(known);
        let cause = evidence.as_ref().and_then(Evidence::conflict);
        let made = method.filter(|_| evidence.is_some() && status == Status::Success);
        let check = evidence.map(|evidence| new_check(&self.actor.subject, self.now, status, evidence, &record));
        let outcome = Outcome {
            status,
            concluded_at: self.now,
            idv_id: record.idv_id,
            last_check_at: check.as_ref().map(|check| check.at).or(record.last_check.map(|check| check.at)),
            verified: made.map(|method| Verified { at: self.now, method }).or(verified),
            ticket,
        };
        let (tenant, session) = (self.actor.subject.tenant.clone(), self.actor.session.name());
        let took = self.actor.issued_at.until(self.now);
        let event = Event::Concluded { tenant, session, idv_id: record.idv_id, method, status, grounds, cause, took };
        let changes = Changes {
            spent: Some(SpentRecord { is_passed_on: grounds == Grounds::HandOver, ..self.spent(Some(outcome)) }),
            subject: Some(record).filter(|_| check.is_some() || !is_known),
            check,
            progress: Change::Forget,
            ..Changes::default()
        };
        Decided { answer: Answered::Concluded(outcome), changes, event: Some(event) }
    }

    /// Whether its subject was erased since the login began. By a clock that was ahead, and is set right, nobody was.
    fn is_of_erased(&self, known: &Known) -> bool {
        known.erased_at.is_some_and(|at| (self.actor.issued_at..=self.now).contains(&at))
    }

    /// Whoever was erased since their login began is not verified in it, and nothing of them is kept: they begin anew.
    fn end_as_erased(&self) -> Decided<Answered> {
        let mut decided = self.end(&Known::default(), End::without(Status::Failed));
        decided.changes.subject = None;
        if let Some(Event::Concluded { cause, .. }) = &mut decided.event {
            *cause = Some("erased");
        }
        decided
    }

    /// What is known of the subject, whom idv may meet for the first time.
    fn record(&self, known: &Known) -> SubjectRecord {
        let first = SubjectRecord { idv_id: self.new_id, created_at: self.now, last_check: None, key: None };
        known.subject.clone().unwrap_or(first)
    }

    fn spent(&self, concluded: Option<Outcome>) -> SpentRecord {
        SpentRecord { session: self.actor.session, concluded, is_passed_on: false }
    }
}

/// The check of `subject`, whose record is `record`, that is made now.
pub(super) fn new_check(
    subject: &Subject,
    at: Timestamp,
    status: Status,
    evidence: Evidence,
    record: &SubjectRecord,
) -> CheckRecord {
    let previous = record.last_check.map(|check| check.number);
    CheckRecord { subject: subject.clone(), at, status, evidence, previous }
}
