//! What operators do for a subject, decided as purely as what people do in their sessions.

use super::account::Account;
use super::audit::pseudonym::PersonKey;
use super::case::{Case, Decision};
use super::changes::{Change, Changes};
use super::decision::{Decided, Known, new_check};
use super::event::Event;
use super::method::{Carried, Effect, Evidence, Method, Order, Refused, Setting};
use super::outcome::{Status, Verified};
use super::subject::{IdvId, Subject};
use super::time::Timestamp;

/// What an operator does for a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// For whom.
    pub subject: Subject,
    /// From which account.
    pub account: Account,
    /// By whom, in their own words.
    pub claimed: Option<String>,
    /// What.
    pub task: Task,
    /// For a subject of whom nothing is kept yet: drawn at random.
    pub new_key: PersonKey,
    /// When.
    pub now: Timestamp,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// What a method's operators order.
    Order(Order),
    /// The case that is open is decided: the subject was verified, on this evidence.
    Approve(Evidence),
    /// It is decided: the subject was not.
    Reject(Evidence),
}

/// What became of an operator's command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Done {
    /// It was done.
    Changed,
    /// There was nothing to do.
    Unchanged,
    /// It is not done.
    Refused(Refused),
}

/// Carries out `command`. What is ordered takes effect; where it changes nothing, it was so before.
pub fn carry_out(command: Command, known: &Known) -> Decided<Done> {
    let Command { subject, account, task, new_key, now, .. } = command;
    let mut decided = match task {
        Task::Order(order) => {
            let idv_id = known.subject.as_ref().map(|record| record.idv_id);
            let method = order.method();
            let (case, brought) = (known.case.as_ref(), order.objects());
            let (is_known, next_number) = (known.is_anything(), known.next_number);
            let setting = Setting { subject: &subject, case, is_known, next_number, now };
            let Carried { kept, effect, told, verdict, is_right } =
                match order.carried_out(known.kept.clone(), &setting) {
                    Ok(carried) => carried,
                    Err(refused) => return Decided::unchanged(Done::Refused(refused)),
                };
            if kept == known.kept {
                return Decided::unchanged(Done::Unchanged);
            }
            let number = kept.number().or(known.kept.number());
            let mut changes = Changes::default();
            let status = affect(&mut changes, &subject, known, method, effect, now);
            changes.keep(&subject, known, kept, brought);
            changes.operator = known
                .operator
                .clone()
                .zip(is_right)
                .map(|((name, operator), is_right)| (name, operator.found(is_right)));
            if let Some((status, idv_id)) = status {
                let event = Event::Decided { tenant: subject.tenant, idv_id, account, method, case: number, status };
                let mut decided = Decided { answer: Done::Changed, changes, event: Some(event) };
                decided.changes.tie(known, new_key);
                return decided;
            }
            let event = told.map(|(what, action)| Event::Ordered {
                tenant: subject.tenant,
                idv_id,
                account,
                method,
                case: number,
                what,
                action,
                verdict,
            });
            Decided { answer: Done::Changed, changes, event }
        }
        Task::Approve(evidence) => {
            let verified = Verified { at: now, method: evidence.method() };
            decide_case(&subject, account, Decision::Verified(verified), evidence, known, now)
        }
        Task::Reject(evidence) => decide_case(&subject, account, Decision::NotVerified(now), evidence, known, now),
    };
    decided.changes.tie(known, new_key);
    decided
}

/// What an order comes to for the subject's case. Returns how that is decided, where it is, and of whom.
fn affect(
    changes: &mut Changes,
    subject: &Subject,
    known: &Known,
    method: Method,
    effect: Effect,
    now: Timestamp,
) -> Option<(Status, IdvId)> {
    let (status, evidence, decision) = match effect {
        Effect::None => return None,
        Effect::Prolonged => {
            changes.case = known.case.map_or(Change::None, |case| Change::Keep(Case { opened_at: now, ..case }));
            return None;
        }
        Effect::Closed => {
            changes.case = known.case.filter(|case| case.method == method).map_or(Change::None, |_| Change::Forget);
            return None;
        }
        Effect::Met(record) => {
            changes.subject = Some(record);
            return None;
        }
        Effect::Decided(status @ Status::Success, evidence) => {
            let verified = Verified { at: now, method: evidence.method() };
            (status, evidence, Some(Decision::Verified(verified)))
        }
        Effect::Decided(status, evidence) => (status, evidence, Some(Decision::NotVerified(now))),
        Effect::Reopened(evidence) => (Status::Failed, evidence, None),
    };
    let (case, record) = (known.case?, known.subject.clone()?);
    changes.check = Some(new_check(subject, now, status, evidence, &record));
    let opened_at = if decision.is_some() { case.opened_at } else { now };
    changes.case = Change::Keep(Case { opened_at, decision, ..case });
    let idv_id = record.idv_id;
    changes.subject = Some(record);
    decision.map(|_| (status, idv_id))
}

/// A decision is a check, made now; a login of later only takes it.
fn decide_case(
    subject: &Subject,
    account: Account,
    decision: Decision,
    evidence: Evidence,
    known: &Known,
    now: Timestamp,
) -> Decided<Done> {
    let waits = |case: &Case| case.decision.is_none() && case.is_open(now) && case.method == evidence.method();
    let (Some(case), Some(record)) = (known.case.filter(waits), known.subject.clone()) else {
        return Decided::unchanged(Done::Unchanged);
    };
    let status = match decision {
        Decision::Verified(_) => Status::Success,
        Decision::NotVerified(_) => Status::Failed,
    };
    let (tenant, idv_id, method) = (subject.tenant.clone(), record.idv_id, case.method);
    let check = new_check(subject, now, status, evidence, &record);
    let changes = Changes {
        subject: Some(record),
        check: Some(check),
        case: Change::Keep(Case { decision: Some(decision), ..case }),
        ..Changes::default()
    };
    let event = Event::Decided { tenant, idv_id, account, method, case: None, status };
    Decided { answer: Done::Changed, changes, event: Some(event) }
}
