//! Whatever is known of somebody goes, in one transaction, and a [mark](super::erased) stays.
//!
//! The engine changes no page in place: what a commit removes stands in pages that nothing uses until they are used again,
//! and what a page is found by, in those that are. So after such a commit the records that stay are taken to another file,
//! which gets the store's place (`renew.rs`).

use std::time::Duration;

use redb::ReadableTable;
use tokio::sync::oneshot;

use super::codec::{check_key, subject_key, subject_of_key};
use super::erased::Mark;
use super::master_key::MasterKey;
use super::operators::By;
use super::tables::{CASES, Fault, META, Reads, SPENT, STRANGERS, SUBJECTS, TRACES_KEY, Tables, Writing};
use super::theirs::Theirs;
use super::threads::thread;
use super::{Store, StoreError};
use crate::ops::journal::Happened;
use crate::verification::audit::entry::{Entry, EventOutcome};
use crate::verification::changes::Change;
use crate::verification::erasure::{Erased, Erasure, Reason};
use crate::verification::event::Event;
use crate::verification::method::{Kept, Kind};
use crate::verification::operator::OperatorRecord;
use crate::verification::spent::SpentRecord;
use crate::verification::subject::{IdvId, Subject};
use crate::verification::time::Timestamp;

/// Who is to be erased, and how.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Who.
    pub subject: Subject,
    /// Why.
    pub reason: Reason,
    /// Who wants it.
    pub by: By,
    /// Who they are from now on in what has to stay: nobody. Drawn at random.
    pub stranger: IdvId,
    /// When.
    pub now: Timestamp,
}

/// What of whom was erased stands yet in pages that nothing uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Traces {
    /// Nothing.
    Gone,
    /// Something may. It goes later, or at the next start.
    Left,
}

/// How often it is tried to have looked through large tables before. Of whom something is recorded each time in between,
/// they are looked through in the transaction.
const TRIES: usize = 3;

impl Store {
    /// Erases whom `wish` is about. Returns once no byte of them is left in the store's file, or that something is, which
    /// holds up nobody else.
    ///
    /// # Errors
    /// [`StoreError`], which says whether it may stand all the same.
    pub async fn erase(&self, wish: Wish) -> Result<(Erasure, Happened, Traces), StoreError> {
        let (erasure, happened) = self.forget(wish).await?;
        let is_done = matches!(erasure, Erasure::Done(_) | Erasure::Nothing);
        let traces = if is_done { self.traces().await? } else { Traces::Gone };
        Ok((erasure, happened, traces))
    }

    /// As [`erase`](Self::erase), but returns once they are known no more, and does not wait for the [traces](Self::traces).
    ///
    /// # Errors
    /// As [`erase`](Self::erase).
    pub async fn forget(&self, wish: Wish) -> Result<(Erasure, Happened), StoreError> {
        self.examined().await?;
        let mut done = None;
        for left in (0..=TRIES).rev() {
            if done.is_none() {
                let theirs = if left > 0 { Some(self.theirs(&wish.subject).await?) } else { None };
                done = self.try_to_erase(wish.clone(), theirs).await?;
            }
        }
        done.ok_or(StoreError::Unavailable)
    }

    /// Whatever is of `subject` at present.
    async fn theirs(&self, subject: &Subject) -> Result<Theirs, StoreError> {
        let (store, subject) = (self.clone(), subject.clone());
        let (answer, answered) = oneshot::channel();
        let look = move || {
            // Who asked may have gone.
            let _ = answer.send(store.ask(|snapshot| snapshot.theirs(&subject, &store.key)));
        };
        thread::Builder::new().name("idv-looking".into()).spawn(look).map_err(|_| StoreError::Unavailable)?;
        answered.await.unwrap_or(Err(StoreError::Unavailable))
    }

    /// Erases, if `theirs` is all that there is; whatever there is, where it is none.
    async fn try_to_erase(
        &self,
        wish: Wish,
        theirs: Option<Theirs>,
    ) -> Result<Option<(Erasure, Happened)>, StoreError> {
        let keys = self.key.clone();
        let work = move |tables: &mut Writing<'_>| {
            let theirs = match theirs {
                None => tables.theirs(&wish.subject, &keys)?,
                Some(theirs) if tables.are_all(&theirs, &wish.subject)? => theirs,
                Some(_) => return Ok(None),
            };
            tables.erase_and_record(wish, &theirs).map(Some)
        };
        self.transact(work, happened).await
    }

    /// Waits until what can be done about traces is, and returns whether any are left of who was erased until now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn traces(&self) -> Result<Traces, StoreError> {
        self.examined().await?;
        // Whoever is erased from now on is not waited for.
        let until = self.published.renewed().wanted;
        let renewed = self.published.renewed_until(|renewed| renewed.tried >= until).await;
        Ok(if renewed.done >= until { Traces::Gone } else { Traces::Left })
    }

    /// Whether what could be done about traces left some.
    #[must_use]
    pub fn has_kept_traces(&self) -> bool {
        let renewed = self.published.renewed();
        renewed.tried > renewed.done
    }
}

fn happened(done: Option<(Erasure, Option<Event>)>) -> Option<(Erasure, Happened)> {
    done.map(|(erasure, event)| (erasure, Happened::from(event)))
}

impl<T: Reads> Tables<T> {
    /// Whether pages that nothing uses may hold something of somebody who was erased.
    pub(super) fn has_traces(&self) -> Result<bool, Fault> {
        Ok(self.load::<Timestamp>(META, &self.meta, TRACES_KEY)?.is_some())
    }

    /// What stands against it.
    fn refusal(&self, subject: &Subject) -> Result<Option<Erasure>, Fault> {
        let is_operator = |record: &OperatorRecord| record.subject.as_ref() == Some(subject);
        let on_duty = |record: &OperatorRecord| record.revoked_at.is_none() && is_operator(record);
        if self.operators()?.iter().any(|(_, record)| on_duty(record)) {
            return Ok(Some(Erasure::IsOperator));
        }
        let holds = Kind::KEEPING.into_iter().map(|kind| Ok(self.kept(kind, subject)?.is_on_hold()));
        let is_on_hold = holds.collect::<Result<Vec<_>, Fault>>()?.contains(&true);
        Ok(is_on_hold.then_some(Erasure::OnHold))
    }

    /// Of whom anything is known.
    fn everybody(&self) -> Result<Vec<Subject>, Fault> {
        let kept = Kind::KEEPING.into_iter().filter_map(|kind| self.of_kind(kind));
        let tables = [(SUBJECTS, &self.subjects), (STRANGERS, &self.strangers), (CASES, &self.cases)];
        let mut everybody = Vec::new();
        for (name, table) in tables.into_iter().chain(kept) {
            for entry in table.reads().iter()? {
                everybody.push(subject_of_key(entry?.0.value()).ok_or(Fault::Damaged(name))?);
            }
        }
        everybody.sort_unstable_by_key(subject_key);
        everybody.dedup();
        Ok(everybody)
    }
}

impl Writing<'_> {
    fn erase_and_record(&mut self, wish: Wish, theirs: &Theirs) -> Result<(Erasure, Option<Event>), Fault> {
        let Wish { subject, reason, by, stranger, now } = wish;
        if let Some(refusal) = self.refusal(&subject)? {
            return Ok((refusal, None));
        }
        let key = self.subject(&subject)?.map_or(self.stranger(&subject)?, |record| record.key);
        let Some(Erased { checks, pictures }) = self.erase(&subject, theirs, stranger, now)? else {
            return Ok((Erasure::Nothing, None));
        };
        let tenant = subject.tenant.clone();
        let event = Event::Erased { tenant, account: by.account.clone(), reason: reason.as_str(), checks, pictures };
        let entry = Entry::of(&event, now).map(|entry| entry.by(&by.account, by.claimed));
        // The last that is said of their pseudonym: from now on nobody knows whose it was.
        let entry = entry.map(|entry| Entry { user: key.map(|key| key.pseudonym(&subject)), ..entry });
        entry.iter().try_for_each(|entry| self.append(entry))?;
        Ok((Erasure::Done(Erased { checks, pictures }), Some(event)))
    }

    /// Erases once more everybody who was, by `marks`, since what this store holds was written. Returns how many.
    pub(super) fn erase_again(
        &mut self,
        marks: &[(Mark, Timestamp)],
        keys: &MasterKey,
        stranger: IdvId,
        now: Timestamp,
    ) -> Result<u64, Fault> {
        let known = self.marks()?;
        let news: Vec<_> = marks.iter().filter(|(mark, at)| known.get(mark).is_none_or(|known| known < at)).collect();
        let mut erased = 0;
        for subject in if news.is_empty() { vec![] } else { self.everybody()? } {
            let mark = self.mark(&subject);
            if news.iter().any(|(news, _)| *news == mark) {
                let theirs = self.theirs(&subject, keys)?;
                erased += u64::from(self.erase(&subject, &theirs, stranger, now)?.is_some());
            }
        }
        news.into_iter().try_for_each(|(mark, at)| self.save_mark(*mark, *at))?;
        if erased > 0 {
            let entry = Entry::new(now, "subject-erased", EventOutcome::Success);
            self.append(&Entry { subjects: Some(erased), reason: Some("restore".into()), ..entry })?;
        }
        Ok(erased)
    }

    /// Removes all that is known of `subject`, of which `theirs` is what has to be looked for; none if nothing is.
    fn erase(
        &mut self,
        subject: &Subject,
        theirs: &Theirs,
        stranger: IdvId,
        now: Timestamp,
    ) -> Result<Option<Erased>, Fault> {
        let (record, case) = (self.subject(subject)?, self.case(subject)?);
        let mut is_known = record.is_some() || case.is_some() || self.stranger(subject)?.is_some();
        let mut erased = Erased::default();
        if let Some(record) = record {
            erased.checks = self.remove_checks(record.last_check.map(|check| check.number))?;
            self.forget_outcomes(&theirs.spent, stranger)?;
        }
        for kind in Kind::KEEPING {
            let kept = self.kept(kind, subject)?;
            for identity in kept.identities() {
                if self.holder(&identity)?.as_ref() == Some(subject) {
                    self.change_holder(&identity, &Change::Forget)?;
                }
            }
            for object in kept.objects() {
                self.change_object(&object, &Change::Forget, now)?;
                erased.pictures += 1;
            }
            kept.number().map_or(Ok(()), |number| self.change_number(number, subject, &Change::Forget))?;
            is_known |= kept != Kept::Nothing;
            self.save_kept(kind, subject, Kept::Nothing)?;
        }
        if !is_known {
            return Ok(None);
        }
        theirs.seen.iter().try_for_each(|key| self.seen.remove(key))?;
        self.forget_operator(subject)?;
        self.change_case(subject, &Change::Forget)?;
        let key = subject_key(subject);
        self.subjects.remove(&key)?;
        self.strangers.remove(&key)?;
        // A backup between two erasures knows the first alone, whatever the clock did.
        let again = self.erased_at(subject)?.map(|before| before.later(Duration::from_secs(1)));
        self.save_mark(self.mark(subject), again.map_or(now, |again| again.max(now)))?;
        self.put(META, TRACES_KEY, &now)?;
        self.meta.note_traces();
        Ok(Some(erased))
    }

    /// Removes a subject's checks, of which the last has the number `next`. Returns how many they were.
    fn remove_checks(&mut self, mut next: Option<u64>) -> Result<u64, Fault> {
        let mut removed = 0;
        while let Some(number) = next {
            let Some(check) = self.check(number)? else { break };
            self.checks.remove(&check_key(number))?;
            removed += 1;
            next = check.previous.filter(|previous| *previous < number);
        }
        Ok(removed)
    }

    /// Sessions that have ended with the request tokens under `keys` stay so, and say nothing of anybody any more.
    fn forget_outcomes(&mut self, keys: &[Vec<u8>], stranger: IdvId) -> Result<(), Fault> {
        keys.iter().try_for_each(|key| match self.load::<SpentRecord>(SPENT, &self.spent, key)? {
            Some(spent) => {
                let concluded = spent.concluded.map(|outcome| outcome.erased(stranger));
                self.put(SPENT, key, &SpentRecord { concluded, ..spent })
            }
            None => Ok(()),
        })
    }

    /// Who worked here, and is this person, was nobody in particular.
    fn forget_operator(&mut self, subject: &Subject) -> Result<(), Fault> {
        let theirs = self.operators()?.into_iter().filter(|(_, record)| record.subject.as_ref() == Some(subject));
        let theirs: Vec<_> = theirs.collect();
        theirs
            .into_iter()
            .try_for_each(|(name, record)| self.save_operator(&name, &OperatorRecord { subject: None, ..record }))
    }
}
