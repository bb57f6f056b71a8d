//! What is written to the tables, inside one transaction.

use std::time::Duration;

use redb::ReadableTable;

use super::codec::{Damaged, VERSION, check_key, check_number, spent_key, subject_key};
use super::noted::Noted;
use super::record::Number;
use super::tables::{
    AUDIT, BACKED_UP_KEY, CASES, CHECKS, COMMIT_KEY, Fault, IDENTITIES, IDV_KEY, META, NUMBER_KEY, NUMBERS, OBJECTS,
    OPERATOR_SESSIONS, OPERATORS, Reads, SCHEMA_KEY, SEEN, SESSIONS, SPENT, STRANGERS, SUBJECTS, Snapshot,
    TOKENS_FROM_KEY, Writing, commit_number,
};
use super::told::CommitNumber;
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::case::Case;
use crate::verification::changes::Change;
use crate::verification::check::{CheckRecord, SubjectRecord};
use crate::verification::identity::Identity;
use crate::verification::method::{Kept, Kind, Progress};
use crate::verification::object::{ObjectId, ObjectRecord};
use crate::verification::record::Record;
use crate::verification::spent::SpentRecord;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;
use crate::verification::token::TokenId;

/// After every key: they begin with a host, or with a time that is long before the end of times, or are the 16 bytes of an
/// object's name, whatever those are.
const END: &[u8] = &[0xff; 17];
/// The most bytes that a session remembers between its pages, sealed.
const PROGRESS_LIMIT: usize = 4096;

impl Writing<'_> {
    /// Whether anything was changed since they were opened.
    pub(super) fn is_changed(&self) -> bool {
        self.meta.is_changed()
    }

    /// Gives this transaction the number after the last one's, and has the edge of the log as it is by then.
    pub(super) fn number_commit(&mut self) -> Result<CommitNumber, Fault> {
        let number = commit_number(&self.codec, self.meta.reads())?.next();
        self.put(META, COMMIT_KEY, &number)?;
        self.save_edge()?;
        Ok(number)
    }

    /// Writes the schema's version, new or again: the smallest write there is.
    pub(super) fn touch(&mut self) -> Result<(), Fault> {
        self.put(META, SCHEMA_KEY, &VERSION)
    }

    /// Notes which version of idv opened the store.
    pub(super) fn save_idv(&mut self, version: &str) -> Result<(), Fault> {
        self.put(META, IDV_KEY, &version.to_owned())
    }

    pub(super) fn save_backed_up_at(&mut self, instant: Timestamp) -> Result<(), Fault> {
        self.put(META, BACKED_UP_KEY, &instant)
    }

    pub(super) fn save_tokens_from(&mut self, instant: Timestamp) -> Result<(), Fault> {
        self.put(META, TOKENS_FROM_KEY, &instant)
    }

    /// Makes of a backup a store of `now`: what may have been used meanwhile is worth nothing, nor is what was decided and
    /// may have been taken. A request token of this very second may have been made before. A clock that is behind does not
    /// count: it is no earlier than a spent token says.
    pub(super) fn age(&mut self, now: Timestamp) -> Result<(), Fault> {
        self.touch()?;
        let now = self.newest_spent()?.map_or(now, |newest| newest.max(now));
        self.save_tokens_from(now.later(Duration::from_secs(1)))?;
        self.sessions.remove_before(END, usize::MAX)?;
        self.age_cases()?;
        self.objects.remove_before(END, usize::MAX)?;
        self.age_operators()?;
        for kind in Kind::KEEPING {
            self.age_kept(kind)?;
        }
        Ok(())
    }

    /// What was not decided is not decided yet.
    fn age_cases(&mut self) -> Result<(), Fault> {
        let mut decided = Vec::new();
        for entry in self.cases.reads().iter()? {
            let (key, bytes) = entry?;
            let case: Case =
                self.codec.open(CASES, key.value(), bytes.value()).map_err(|Damaged| Fault::Damaged(CASES))?;
            if case.decision.is_some() {
                decided.push(key.value().to_owned());
            }
        }
        decided.iter().try_for_each(|key| Ok(self.cases.remove(key)?))
    }

    fn age_kept(&mut self, kind: Kind) -> Result<(), Fault> {
        let Some((name, table)) = self.of_kind(kind) else { return Ok(()) };
        let mut aged = Vec::new();
        for entry in table.reads().iter()? {
            let (key, bytes) = entry?;
            let kept: Kept =
                self.codec.open(name, key.value(), bytes.value()).map_err(|Damaged| Fault::Damaged(name))?;
            let restored = kept.clone().restored();
            if restored != kept {
                aged.push((key.value().to_owned(), kept, restored));
            }
        }
        aged.into_iter().try_for_each(|(key, kept, restored)| {
            self.forget_seen(kept.forgets_at(&restored))?;
            if let Some(number) = kept.number().filter(|_| restored.number().is_none()) {
                self.change::<Subject>(NUMBERS, &number.to_be_bytes(), &Change::Forget)?;
            }
            self.put_kept(kind, &key, restored)
        })
    }

    /// Takes over a sealed record of the table `name` as it stands, from a store with the same key.
    pub(super) fn copy(&mut self, name: &'static str, key: &[u8], sealed: &[u8]) -> Result<(), Fault> {
        Ok(self.named(name)?.insert(key, sealed)?)
    }

    /// Has under `key` in the table `name` what stands there in `other`, of a store with the same key, be it nothing.
    pub(super) fn follow(&mut self, other: &Snapshot, name: &'static str, key: &[u8]) -> Result<(), Fault> {
        let there = other.each_table().find_map(|(known, table)| (known == name).then_some(table));
        let sealed = there.ok_or(Fault::Damaged(name))?.get(key)?;
        match sealed {
            Some(sealed) => Ok(self.named(name)?.insert(key, sealed.value())?),
            None => Ok(self.named(name)?.remove(key)?),
        }
    }

    pub(super) fn save_subject(&mut self, subject: &Subject, record: &SubjectRecord) -> Result<(), Fault> {
        self.put(SUBJECTS, &subject_key(subject), record)
    }

    pub(super) fn save_stranger(&mut self, subject: &Subject, key: PersonKey) -> Result<(), Fault> {
        self.put(STRANGERS, &subject_key(subject), &key)
    }

    /// Adds a check at the end and returns its number.
    pub(super) fn add_check(&mut self, record: &CheckRecord) -> Result<u64, Fault> {
        let last = self.checks.last()?.and_then(|(key, _)| check_number(key.value()));
        let number = last.map_or(1, |last| last + 1);
        self.put(CHECKS, &check_key(number), record)?;
        Ok(number)
    }

    /// Has methods of `kind` keep `kept` of `subject`.
    pub(super) fn save_kept(&mut self, kind: Kind, subject: &Subject, kept: Kept) -> Result<(), Fault> {
        self.put_kept(kind, &subject_key(subject), kept)
    }

    fn put_kept(&mut self, kind: Kind, key: &[u8], kept: Kept) -> Result<(), Fault> {
        let change = if kept == Kept::Nothing { Change::Forget } else { Change::Keep(kept) };
        self.change(kind.as_str(), key, &change)
    }

    pub(super) fn save_spent(
        &mut self,
        issued_at: Timestamp,
        token: TokenId,
        record: &SpentRecord,
    ) -> Result<(), Fault> {
        self.put(SPENT, &spent_key(issued_at, token), record)
    }

    /// # Errors
    /// [`Fault::TooLong`], beside those of the engine; nothing is changed then.
    pub(super) fn change_progress(
        &mut self,
        issued_at: Timestamp,
        token: TokenId,
        progress: &Change<Progress>,
    ) -> Result<(), Fault> {
        let key = spent_key(issued_at, token);
        if let Change::Keep(progress) = progress
            && self.codec.seal(SESSIONS, &key, progress).len() > PROGRESS_LIMIT
        {
            return Err(Fault::TooLong(SESSIONS));
        }
        self.change(SESSIONS, &key, progress)
    }

    pub(super) fn change_case(&mut self, subject: &Subject, case: &Change<Case>) -> Result<(), Fault> {
        self.change(CASES, &subject_key(subject), case)
    }

    pub(super) fn change_holder(&mut self, identity: &Identity, holder: &Change<Subject>) -> Result<(), Fault> {
        self.change(IDENTITIES, identity.as_bytes(), holder)
    }

    /// Keeps what opens a picture; one that is forgotten stays, deleted, until nothing opens it any more.
    pub(super) fn change_object(
        &mut self,
        object: &ObjectId,
        change: &Change<ObjectRecord>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        match change {
            Change::None => Ok(()),
            Change::Keep(record) => self.put(OBJECTS, object.as_bytes(), record),
            Change::Forget => match self.object(object)? {
                Some(record) => self.put(OBJECTS, object.as_bytes(), &record.deleted(now)),
                None => Ok(()),
            },
        }
    }

    /// Has the attempt of `subject` found by `number`, or no more.
    pub(super) fn change_number(&mut self, number: u64, subject: &Subject, change: &Change<()>) -> Result<(), Fault> {
        let key = number.to_be_bytes();
        match change {
            Change::None => Ok(()),
            Change::Keep(()) => {
                self.put(META, NUMBER_KEY, &Number(number))?;
                self.put(NUMBERS, &key, subject)
            }
            Change::Forget => self.change::<Subject>(NUMBERS, &key, &Change::Forget),
        }
    }

    /// Forgets spent tokens that were made before `horizon`, at most `limit` of them, and returns how many.
    pub(super) fn sweep_spent(&mut self, horizon: Timestamp, limit: usize) -> Result<usize, Fault> {
        sweep(&mut self.spent, horizon, limit)
    }

    /// The same for what sessions remember.
    pub(super) fn sweep_sessions(&mut self, horizon: Timestamp, limit: usize) -> Result<usize, Fault> {
        sweep(&mut self.sessions, horizon, limit)
    }

    pub(super) fn put(&mut self, name: &'static str, key: &[u8], record: &impl Record) -> Result<(), Fault> {
        let sealed = self.codec.seal(name, key, record);
        Ok(self.named(name)?.insert(key, &sealed)?)
    }

    pub(super) fn change<R: Record>(
        &mut self,
        name: &'static str,
        key: &[u8],
        change: &Change<R>,
    ) -> Result<(), Fault> {
        match change {
            Change::None => Ok(()),
            Change::Keep(record) => self.put(name, key, record),
            Change::Forget => Ok(self.named(name)?.remove(key)?),
        }
    }
}

impl<'txn> Writing<'txn> {
    fn named(&mut self, name: &'static str) -> Result<&mut Noted<'txn>, Fault> {
        Ok(match name {
            META | AUDIT => &mut self.meta,
            SUBJECTS => &mut self.subjects,
            CHECKS => &mut self.checks,
            SPENT => &mut self.spent,
            SESSIONS => &mut self.sessions,
            CASES => &mut self.cases,
            IDENTITIES => &mut self.identities,
            STRANGERS => &mut self.strangers,
            OBJECTS => &mut self.objects,
            NUMBERS => &mut self.numbers,
            SEEN => &mut self.seen,
            OPERATORS => &mut self.operators,
            OPERATOR_SESSIONS => &mut self.operator_sessions,
            name => {
                let place = Kind::KEEPING.into_iter().position(|kind| kind.as_str() == name);
                &mut self.kept[place.ok_or(Fault::Damaged(name))?]
            }
        })
    }
}

fn sweep(table: &mut Noted<'_>, horizon: Timestamp, limit: usize) -> Result<usize, Fault> {
    Ok(table.remove_before(&spent_key(horizon, TokenId([0; 16])), limit)?)
}
