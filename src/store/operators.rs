//! Operators by name, and their sessions. What is changed of them is an entry of the audit log in the same transaction.

use std::time::Duration;

use redb::ReadableTable;

use super::codec::Damaged;
use super::tables::{Fault, OPERATOR_SESSIONS, OPERATORS, Reads, Tables, Writing};
use super::{Store, StoreError};
use crate::ops::journal::Happened;
use crate::verification::account::Account;
use crate::verification::audit::entry::Entry;
use crate::verification::event::Event;
use crate::verification::operator::link::LinkToken;
use crate::verification::operator::recognition::{Recognized, recognize};
use crate::verification::operator::session::{LIFETIME, OperatorSessionId, OperatorSessionRecord};
use crate::verification::operator::{Operator, OperatorError, OperatorName, OperatorRecord, SignIn, SignedInBy, Task};
use crate::verification::record::Record;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// What became of a wish, and what is to be told of it.
type Outcome<T> = (Result<T, OperatorError>, Option<Event>);

/// Who has something done to an operator.
#[derive(Clone, Debug)]
pub struct By {
    /// The account.
    pub account: Account,
    /// In their own words.
    pub claimed: Option<String>,
}

impl Store {
    /// Does `task` to the operator `name`.
    ///
    /// # Errors
    /// [`StoreError`]; the inner [`OperatorError`] where it is not to be done.
    pub async fn change_operator(
        &self,
        name: OperatorName,
        task: Task,
        by: By,
        now: Timestamp,
    ) -> Result<(Result<OperatorRecord, OperatorError>, Happened), StoreError> {
        let work = move |tables: &mut Writing<'_>| {
            let (change, ends) = (task.told(), task == Task::Revoke);
            let before = tables.operator(&name)?;
            let mut replaced = None;
            if let Task::Add { subject, .. } = &task {
                if let Some(error) = tables.stands_against(&name, subject.as_ref())? {
                    return Ok((Err(error), None));
                }
                replaced = before.as_ref().and_then(|before| before.once_replaced(&name, subject.as_ref()));
            }
            let record = match OperatorRecord::after(before, task, now) {
                Ok(record) => record,
                Err(error) => return Ok((Err(error), None)),
            };
            if let Some((former, record)) = replaced {
                if tables.operator(&former)?.is_some() {
                    return Ok((Err(OperatorError::Alike(former)), None));
                }
                tables.save_operator(&former, &record)?;
                tables.tell_change(former, "renamed", by.clone(), now)?;
            }
            tables.save_operator(&name, &record)?;
            if ends {
                tables.end_sessions_of(&name)?;
            }
            let event = tables.tell_change(name, change, by, now)?;
            Ok((Ok(record), Some(event)))
        };
        self.transact(work, happened).await
    }

    /// Signs the operator in whose link has `token`: their session is `id`. The link is used.
    ///
    /// # Errors
    /// As [`change_operator`](Self::change_operator).
    pub async fn sign_in_by_link(
        &self,
        token: LinkToken,
        id: OperatorSessionId,
        now: Timestamp,
    ) -> Result<(Result<OperatorName, OperatorError>, Happened), StoreError> {
        let work = move |tables: &mut Writing<'_>| {
            let known = tables.operators()?.into_iter().find(|(_, record)| record.takes(token, now));
            let Some((name, record)) = known else { return Ok((Err(OperatorError::Link), None)) };
            tables.begin_session(name, record, id, SignIn { at: now, by: SignedInBy::Link })
        };
        self.transact(work, happened).await
    }

    /// Signs in whom the provider knows, `by` one of its logins: their session is `id`.
    ///
    /// # Errors
    /// As [`change_operator`](Self::change_operator).
    pub async fn sign_in_by_provider(
        &self,
        recognized: Recognized,
        by: SignedInBy,
        id: OperatorSessionId,
        now: Timestamp,
    ) -> Result<(Result<OperatorName, OperatorError>, Happened), StoreError> {
        let work = move |tables: &mut Writing<'_>| match recognize(&tables.operators()?, recognized, now) {
            Some((name, record)) => tables.begin_session(name, record, id, SignIn { at: now, by }),
            None => Ok((Err(OperatorError::Known), None)),
        };
        self.transact(work, happened).await
    }

    /// The operator whose link has `token`, if it is good `now`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn operator_of_link(&self, token: LinkToken, now: Timestamp) -> Result<Option<OperatorName>, StoreError> {
        let operators = self.ask_examined(Tables::operators)?;
        Ok(operators.into_iter().find(|(_, record)| record.takes(token, now)).map(|(name, _)| name))
    }

    /// Who acts in session `id`, if it lasts `now`; `idle` is how long one may rest. A role that somebody lost since they signed
    /// in, as another sign-in of theirs showed, they have in no session any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn operator(
        &self,
        id: OperatorSessionId,
        idle: Duration,
        now: Timestamp,
    ) -> Result<Option<Operator>, StoreError> {
        self.ask_examined(|tables| {
            let session = tables.operator_session(id)?.filter(|session| session.is_live(idle, now));
            let Some(session) = session else { return Ok(None) };
            let record = tables.operator(&session.operator)?.filter(|record| record.revoked_at.is_none());
            let who = record.map(|record| {
                let session = OperatorSessionRecord { roles: session.roles.and(record.roles), ..session };
                Operator { name: session.operator.clone(), id, session, subject: record.subject }
            });
            Ok(who)
        })
    }

    /// Notes that something was done in session `id`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_act(&self, id: OperatorSessionId, now: Timestamp) -> Result<(), StoreError> {
        let work = move |tables: &mut Writing<'_>| match tables.operator_session(id)? {
            Some(session) => tables.save_operator_session(id, &session.acted(now)),
            None => Ok(()),
        };
        self.transact(work, std::convert::identity).await
    }

    /// Ends session `id`. Returns whose it was, if there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_operator_session(
        &self,
        id: OperatorSessionId,
        by: By,
        now: Timestamp,
    ) -> Result<(Option<OperatorName>, Happened), StoreError> {
        let work = move |tables: &mut Writing<'_>| {
            let Some(session) = tables.operator_session(id)? else { return Ok((None, None)) };
            tables.remove_operator_session(id)?;
            let event = tables.tell_change(session.operator.clone(), "session-ended", by, now)?;
            Ok((Some(session.operator), Some(event)))
        };
        self.transact(work, |(whose, event)| (whose, Happened::from(event))).await
    }

    /// Every operator, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn operators(&self) -> Result<Vec<(OperatorName, OperatorRecord)>, StoreError> {
        self.ask_examined(Tables::operators)
    }

    /// Every session that is kept, be it over or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn operator_sessions(&self) -> Result<Vec<(OperatorSessionId, OperatorSessionRecord)>, StoreError> {
        self.ask_examined(Tables::operator_sessions)
    }
}

fn happened<T>((answer, event): Outcome<T>) -> (Result<T, OperatorError>, Happened) {
    (answer, Happened::from(event))
}

impl<T: Reads> Tables<T> {
    fn operator(&self, name: &OperatorName) -> Result<Option<OperatorRecord>, Fault> {
        self.load(OPERATORS, &self.operators, name.as_str().as_bytes())
    }

    /// The operator of the console who acts from `account`, where one does.
    pub(super) fn acting(&self, account: &Account) -> Result<Option<(OperatorName, OperatorRecord)>, Fault> {
        let Account::Operator(name) = account else { return Ok(None) };
        Ok(self.operator(name)?.map(|record| (name.clone(), record)))
    }

    fn operator_session(&self, id: OperatorSessionId) -> Result<Option<OperatorSessionRecord>, Fault> {
        self.load(OPERATOR_SESSIONS, &self.operator_sessions, id.to_string().as_bytes())
    }

    pub(super) fn operators(&self) -> Result<Vec<(OperatorName, OperatorRecord)>, Fault> {
        self.every(OPERATORS, &self.operators, |key| key.to_owned().try_into().ok())
    }

    fn operator_sessions(&self) -> Result<Vec<(OperatorSessionId, OperatorSessionRecord)>, Fault> {
        self.every(OPERATOR_SESSIONS, &self.operator_sessions, OperatorSessionId::parse)
    }

    /// What stands against that one is added who is called `name`, and is `subject` as an applicant, if anything does.
    fn stands_against(&self, name: &OperatorName, subject: Option<&Subject>) -> Result<Option<OperatorError>, Fault> {
        if let Some(subject) = subject
            && self.is_of_another(subject, name)?
        {
            return Ok(Some(OperatorError::SameApplicant));
        }
        if name.is_like_account() {
            return Ok(Some(OperatorError::LikeAccount));
        }
        Ok(self.one_like(name)?.map(OperatorError::Alike))
    }

    /// Whether an operator of another name than `name`, who was not revoked, is the applicant `subject`.
    fn is_of_another(&self, subject: &Subject, name: &OperatorName) -> Result<bool, Fault> {
        let is_they = |record: &OperatorRecord| record.revoked_at.is_none() && record.subject.as_ref() == Some(subject);
        Ok(self.operators()?.iter().any(|(known, record)| known != name && is_they(record)))
    }

    /// Somebody's name that `name`, which nobody has, is like.
    fn one_like(&self, name: &OperatorName) -> Result<Option<OperatorName>, Fault> {
        let mut names: Vec<_> = self.operators()?.into_iter().map(|(known, _)| known).collect();
        names.retain(|known| known.is_like(name));
        Ok(if names.contains(name) { None } else { names.pop() })
    }

    fn every<K, R: Record>(
        &self,
        name: &'static str,
        table: &T,
        read: impl Fn(&str) -> Option<K>,
    ) -> Result<Vec<(K, R)>, Fault> {
        let mut every = Vec::new();
        for entry in table.reads().iter()? {
            let (key, bytes) = entry?;
            let record = self.codec.open(name, key.value(), bytes.value()).map_err(|Damaged| Fault::Damaged(name))?;
            let key = str::from_utf8(key.value()).ok().and_then(&read).ok_or(Fault::Damaged(name))?;
            every.push((key, record));
        }
        Ok(every)
    }
}

impl Writing<'_> {
    pub(super) fn save_operator(&mut self, name: &OperatorName, record: &OperatorRecord) -> Result<(), Fault> {
        self.put(OPERATORS, name.as_str().as_bytes(), record)
    }

    fn save_operator_session(&mut self, id: OperatorSessionId, session: &OperatorSessionRecord) -> Result<(), Fault> {
        self.put(OPERATOR_SESSIONS, id.to_string().as_bytes(), session)
    }

    fn remove_operator_session(&mut self, id: OperatorSessionId) -> Result<(), Fault> {
        Ok(self.operator_sessions.remove(id.to_string().as_bytes())?)
    }

    fn begin_session(
        &mut self,
        name: OperatorName,
        record: OperatorRecord,
        id: OperatorSessionId,
        sign_in: SignIn,
    ) -> Result<Outcome<OperatorName>, Fault> {
        let (record, session) = match record.signed_in(&name, sign_in) {
            Ok(signed_in) => signed_in,
            Err(error) => return Ok((Err(error), None)),
        };
        self.save_operator(&name, &record)?;
        self.save_operator_session(id, &session)?;
        let event = Event::OperatorSignedIn { operator: name.clone(), by: sign_in.by };
        Entry::of(&event, sign_in.at).iter().try_for_each(|entry| self.append(entry))?;
        Ok((Ok(name), Some(event)))
    }

    fn tell_change(
        &mut self,
        operator: OperatorName,
        change: &'static str,
        by: By,
        now: Timestamp,
    ) -> Result<Event, Fault> {
        let By { account, claimed } = by;
        let event = Event::OperatorChanged { operator, account: account.clone(), change };
        let entry = Entry::of(&event, now).map(|entry| entry.by(&account, claimed));
        entry.iter().try_for_each(|entry| self.append(entry))?;
        Ok(event)
    }

    fn end_sessions_of(&mut self, name: &OperatorName) -> Result<(), Fault> {
        self.end_sessions(|session| session.operator == *name).map(drop)
    }

    /// Forgets the sessions whose whole time is over, and returns how many.
    pub(super) fn sweep_operator_sessions(&mut self, now: Timestamp) -> Result<usize, Fault> {
        self.end_sessions(|session| session.began_at.later(LIFETIME) <= now)
    }

    fn end_sessions(&mut self, is_over: impl Fn(&OperatorSessionRecord) -> bool) -> Result<usize, Fault> {
        let over: Vec<_> = self.operator_sessions()?.into_iter().filter(|(_, session)| is_over(session)).collect();
        over.iter().try_for_each(|(id, _)| self.remove_operator_session(*id))?;
        Ok(over.len())
    }

    /// Makes of operators who were backed up those of a store that is restored: nobody is signed in, and no link is good.
    pub(super) fn age_operators(&mut self) -> Result<(), Fault> {
        self.end_sessions(|_| true)?;
        let with_link = self.operators()?.into_iter().filter(|(_, record)| record.link.is_some());
        let with_link: Vec<_> = with_link.collect();
        with_link
            .into_iter()
            .try_for_each(|(name, record)| self.save_operator(&name, &OperatorRecord { link: None, ..record }))
    }
}
