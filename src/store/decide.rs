//! The way in for whatever is decided: what an act may read is loaded, the decision is made, and what changed is kept, all in
//! one transaction. Where nothing changes there is none: what was last committed answers.

use super::tables::{Fault, Reads, Tables, Writing};
use super::{Store, StoreError};
use crate::ops::journal::Happened;
use crate::verification::audit::entry::Entry;
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::changes::Changes;
use crate::verification::command::{Command, Done, Task, carry_out};
use crate::verification::decision::{self, Act, Actor, Answered, Before, Decided, Holders, Known, Step, decide};
use crate::verification::event::Event;
use crate::verification::identity::Identity;
use crate::verification::method::{Kind, Progress};
use crate::verification::session::Session;
use crate::verification::spent::{SpentRecord, Use};
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;
use crate::verification::token::TokenId;
use std::time::Duration;

impl Store {
    /// What has become of the request token that was made at `issued_at`.
    pub fn token_use(&self, issued_at: Timestamp, token: TokenId) -> Result<Use, StoreError> {
        self.ask(|snapshot| snapshot.spent(issued_at, token)).map(Use::from)
    }

    /// Decides `act` and keeps what follows. What is answered is on disk, and so is what happened.
    ///
    /// # Errors
    /// [`StoreError`], which says whether it may stand all the same.
    pub async fn act(&self, act: Act) -> Result<(Answered, Happened), StoreError> {
        self.examined().await?;
        // A repeat costs no commit. Where this cannot be looked up, the writer has the word.
        let foreseen = self.ask(|snapshot| Ok(decide(&act, &known(snapshot, &act)?)));
        if let Ok(Decided { answer, changes, event }) = foreseen
            && changes.are_none()
        {
            return Ok((answer, Happened::from(event)));
        }
        let keys = self.key.clone();
        let work = move |tables: &mut Writing<'_>| {
            let known = known(tables, &act)?;
            let Decided { answer, changes, event } = decide(&act, &known);
            let Act { actor, step, now, .. } = act;
            let entry = event.as_ref().filter(|_| !changes.are_none()).and_then(|event| Entry::of(event, now));
            let entry = entry.map(|entry| match answer {
                Answered::Concluded(_) => entry.lasting(actor.issued_at.until(now)),
                _ => entry,
            });
            let entry = entry.map(|entry| about(entry, &actor.subject, &changes, &known));
            let (kind, other) = match step {
                Step::Answer(answer) => (Some(answer.method().kind()), None),
                Step::Accept(other) => (known.case.map(|case| case.method.kind()), other),
                Step::Leave(_) => (None, None),
            };
            tables.change_seen(&actor.subject, &changes.seen, &keys)?;
            keep(tables, &actor.subject, kind, Some(&actor), other.as_ref(), changes, now)?;
            entry.iter().try_for_each(|entry| tables.append(entry))?;
            Ok((answer, event))
        };
        self.transact(work, happened).await
    }

    /// Carries out what an operator does.
    ///
    /// # Errors
    /// [`StoreError`], which says whether it may stand all the same.
    pub async fn carry_out(&self, command: Command) -> Result<(Done, Happened), StoreError> {
        self.examined().await?;
        let foreseen = self.ask(|snapshot| Ok(carry_out(command.clone(), &known_to(snapshot, &command)?)));
        if let Ok(Decided { answer, changes, event }) = foreseen
            && changes.are_none()
        {
            return Ok((answer, Happened::from(event)));
        }
        let keys = self.key.clone();
        let work = move |tables: &mut Writing<'_>| {
            let (subject, kind, now) = (command.subject.clone(), kind_of(&command), command.now);
            let (account, claimed) = (command.account.clone(), command.claimed.clone());
            let known = known_to(tables, &command)?;
            let Decided { answer, changes, event } = carry_out(command, &known);
            let entry = event.as_ref().and_then(|event| Entry::of(event, now));
            let entry = entry.map(|entry| about(entry.by(&account, claimed), &subject, &changes, &known));
            tables.change_seen(&subject, &changes.seen, &keys)?;
            keep(tables, &subject, kind, None, None, changes, now)?;
            entry.iter().try_for_each(|entry| tables.append(entry))?;
            Ok((answer, event))
        };
        self.transact(work, happened).await
    }

    /// What was decided before that counts for `session` `now`: by the first of `others`, sessions of the same browser, whose
    /// end does, with that one; or else of its case.
    pub fn before(
        &self,
        session: &Session<'_>,
        others: Vec<Actor>,
        hand_over: Duration,
        now: Timestamp,
    ) -> Result<Option<(Before, Option<Actor>)>, StoreError> {
        let actor = Actor::of(session);
        self.ask(|snapshot| {
            let mut known = decided_before(snapshot, &actor, None)?;
            for other in others {
                known.other = spent_by(snapshot, &other)?;
                let before = decision::before(&actor, &known, Some(&other), hand_over, now);
                if let Some(before @ Before::Undelivered(_)) = before {
                    return Ok(Some((before, Some(other))));
                }
            }
            Ok(decision::before(&actor, &known, None, hand_over, now).map(|before| (before, None)))
        })
    }

    /// What `session` remembers between its pages; nothing of another session of its request token.
    pub fn progress(&self, session: &Session<'_>) -> Result<Option<Progress>, StoreError> {
        self.ask(|snapshot| {
            let spent = snapshot.spent(session.issued_at, session.token_id)?;
            match spent.filter(|spent| spent.session == session.id) {
                Some(_) => snapshot.progress(session.issued_at, session.token_id),
                None => Ok(None),
            }
        })
    }
}

/// `entry`, which is about `subject`.
fn about(entry: Entry, subject: &Subject, changes: &Changes, known: &Known) -> Entry {
    Entry { user: changes.key(known).map(|key| key.pseudonym(subject)), ..entry }
}

/// What was decided is on disk, and so it happened.
fn happened<T>((answer, event): (T, Option<Event>)) -> (T, Happened) {
    (answer, Happened::from(event))
}

/// What is known, as far as `act` may read it.
fn known<T: Reads>(tables: &Tables<T>, act: &Act) -> Result<Known, Fault> {
    let Act { actor, step, .. } = act;
    let spent = tables.spent(actor.issued_at, actor.token_id)?;
    if spent.is_some_and(|spent| spent.session != actor.session || spent.concluded.is_some()) {
        return Ok(Known { spent, ..Known::default() });
    }
    let mut known = match step {
        Step::Answer(answer) => {
            let kept = tables.kept(answer.method().kind(), &actor.subject)?;
            let holders = holders(tables, kept.identities().chain(answer.identity()))?;
            let known = Known { kept, holders, ..Known::default() };
            if answer.goes_by_cases() {
                let (case, next_number) = (tables.case(&actor.subject)?, tables.next_number()?);
                Known { case, next_number, ..known }
            } else {
                known
            }
        }
        Step::Accept(other) => {
            let known = decided_before(tables, actor, other.as_ref())?;
            let kind = known.case.map(|case| case.method.kind());
            let kept = kind.map(|kind| tables.kept(kind, &actor.subject)).transpose()?;
            Known { kept: kept.unwrap_or_default(), ..known }
        }
        // Whoever opened a case has acted.
        Step::Leave(_) if spent.is_some() => Known { case: tables.case(&actor.subject)?, ..Known::default() },
        Step::Leave(_) => Known::default(),
    };
    (known.spent, known.subject) = (spent, tables.subject(&actor.subject)?);
    known.erased_at = tables.erased_at(&actor.subject)?;
    known.stranger = stranger(tables, &known, &actor.subject)?;
    Ok(known)
}

/// What is known, as far as `command` may read it.
fn known_to<T: Reads>(tables: &Tables<T>, command: &Command) -> Result<Known, Fault> {
    let subject = &command.subject;
    let mut known = Known { subject: tables.subject(subject)?, ..Known::default() };
    known.stranger = stranger(tables, &known, subject)?;
    Ok(match kind_of(command) {
        Some(kind) => {
            let kept = tables.kept(kind, subject)?;
            let holders = holders(tables, kept.identities())?;
            let known = Known { kept, holders, ..known };
            if goes_by_cases(command) {
                let (case, next_number) = (tables.case(subject)?, tables.next_number()?);
                Known { case, next_number, operator: tables.acting(&command.account)?, ..known }
            } else {
                known
            }
        }
        None => Known { case: tables.case(subject)?, ..known },
    })
}

/// The key of `subject`, where idv has not met them.
fn stranger<T: Reads>(tables: &Tables<T>, known: &Known, subject: &Subject) -> Result<Option<PersonKey>, Fault> {
    if known.subject.is_some() { Ok(None) } else { tables.stranger(subject) }
}

/// Whose those of `identities` are that are anybody's.
fn holders<T: Reads>(tables: &Tables<T>, identities: impl Iterator<Item = Identity>) -> Result<Holders, Fault> {
    let holder = |identity| Ok(tables.holder(&identity)?.map(|holder| (identity, holder)));
    identities.filter_map(|identity| holder(identity).transpose()).collect()
}

/// Of which kind the method is whose operators order it; none where a case is decided.
fn kind_of(command: &Command) -> Option<Kind> {
    match &command.task {
        Task::Order(order) => Some(order.method().kind()),
        Task::Approve(_) | Task::Reject(_) => None,
    }
}

fn goes_by_cases(command: &Command) -> bool {
    match &command.task {
        Task::Order(order) => order.goes_by_cases(),
        Task::Approve(_) | Task::Reject(_) => true,
    }
}

fn decided_before<T: Reads>(tables: &Tables<T>, actor: &Actor, other: Option<&Actor>) -> Result<Known, Fault> {
    let case = tables.case(&actor.subject)?;
    let other = other.map(|other| spent_by(tables, other)).transpose()?.flatten();
    Ok(Known { case, other, ..Known::default() })
}

/// What has become of the request token of another session. Where that is not known since the store was restored, nothing
/// of it counts, and who has its cookie logs in all the same.
fn spent_by<T: Reads>(tables: &Tables<T>, other: &Actor) -> Result<Option<SpentRecord>, Fault> {
    match tables.spent(other.issued_at, other.token_id) {
        Err(Fault::BeforeRestore) => Ok(None),
        spent => spent,
    }
}

/// Keeps what changed. Everything was read before: a damaged record stops its act alone, with nothing half done.
fn keep(
    tables: &mut Writing<'_>,
    subject: &Subject,
    kind: Option<Kind>,
    actor: Option<&Actor>,
    other: Option<&Actor>,
    changes: Changes,
    now: Timestamp,
) -> Result<(), Fault> {
    let Changes {
        spent,
        subject: record,
        stranger,
        check,
        kept,
        progress,
        case,
        other: passed_on,
        holders,
        objects,
        numbers,
        seen: _,
        operator,
    } = changes;
    if let Some(actor) = actor {
        tables.change_progress(actor.issued_at, actor.token_id, &progress)?;
    }
    if let Some((kind, kept)) = kind.zip(kept) {
        tables.save_kept(kind, subject, kept)?;
    }
    holders.iter().try_for_each(|(identity, holder)| tables.change_holder(identity, holder))?;
    objects.iter().try_for_each(|(object, change)| tables.change_object(object, change, now))?;
    numbers.iter().try_for_each(|(number, change)| tables.change_number(*number, subject, change))?;
    if let Some(record) = record {
        let record = match &check {
            Some(check) => record.checked(tables.add_check(check)?, check),
            None => record,
        };
        tables.save_subject(subject, &record)?;
    }
    if let Some(key) = stranger {
        tables.save_stranger(subject, key)?;
    }
    if let Some((name, record)) = operator {
        tables.save_operator(&name, &record)?;
    }
    tables.change_case(subject, &case)?;
    for (actor, spent) in [(actor, spent), (other, passed_on)] {
        if let Some((actor, spent)) = actor.zip(spent) {
            tables.save_spent(actor.issued_at, actor.token_id, &spent)?;
        }
    }
    Ok(())
}
