//! Every table, and the typed access to them inside one write transaction.

use std::time::Duration;

use redb::{ReadableTable, WriteTransaction};

use super::codec::{Codec, Damaged, VERSION, check_key, check_number, spent_issued_at, spent_key, subject_key};
use super::noted::{Definition, Note, Noted};
use super::record::{CheckRecord, Record, SpentRecord, SubjectRecord};
use super::told::CommitNumber;
use crate::verification::method::desk::Desk;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;
use crate::verification::token::TokenId;

/// `"schema"` → the version, sealed: it tells a foreign key file and a newer version at once. `"tokens from"` → in a
/// restored store, the instant before which no request token counts.
pub(super) const META: Definition = Definition::new("meta");
/// subject → [`SubjectRecord`].
pub(super) const SUBJECTS: Definition = Definition::new("subjects");
/// number → [`CheckRecord`].
pub(super) const CHECKS: Definition = Definition::new("checks");
/// subject → [`Desk`].
pub(super) const DESK: Definition = Definition::new("desk");
/// (issued at, token) → [`SpentRecord`].
pub(super) const SPENT: Definition = Definition::new("spent");

pub(super) const SCHEMA_KEY: &[u8] = b"schema";
pub(super) const TOKENS_FROM_KEY: &[u8] = b"tokens from";
const COMMIT_KEY: &[u8] = b"commit";

/// Why a piece of work stopped.
#[derive(Debug)]
pub(super) enum Fault {
    /// One record is bad. The rest of the transaction is not touched by it.
    Damaged(&'static str),
    /// What became of a request token is not known: it was made before the store was restored.
    BeforeRestore,
    /// The engine failed; the transaction is void.
    Engine(redb::Error),
}

impl Fault {
    /// It, where no record and no token excuses it: the whole store is not what it should be.
    pub(super) fn of_the_store(self) -> redb::Error {
        match self {
            Self::Damaged(table) => redb::Error::Corrupted(format!("a record of table {table} is damaged")),
            Self::BeforeRestore => redb::Error::Corrupted("a token is older than the store".into()),
            Self::Engine(error) => error,
        }
    }
}

impl<E: Into<redb::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Engine(error.into())
    }
}

/// The tables of one write transaction.
pub(super) struct Tables<'txn> {
    codec: &'txn Codec,
    note: Note,
    meta: Noted<'txn>,
    subjects: Noted<'txn>,
    checks: Noted<'txn>,
    desk: Noted<'txn>,
    spent: Noted<'txn>,
}

impl<'txn> Tables<'txn> {
    pub(super) fn open(transaction: &'txn WriteTransaction, codec: &'txn Codec) -> Result<Self, redb::Error> {
        let note = Note::default();
        let table = |definition| Noted::open(transaction, definition, &note);
        Ok(Self {
            codec,
            meta: table(META)?,
            subjects: table(SUBJECTS)?,
            checks: table(CHECKS)?,
            desk: table(DESK)?,
            spent: table(SPENT)?,
            note,
        })
    }

    /// Whether anything was written since they were opened.
    pub(super) fn is_changed(&self) -> bool {
        self.note.is_changed()
    }

    pub(super) fn schema(&self) -> Result<Option<u8>, Fault> {
        load(self.codec, "meta", &*self.meta, SCHEMA_KEY)
    }

    /// Writes the schema's version, new or again: the smallest write there is.
    pub(super) fn touch(&mut self) -> Result<(), Fault> {
        save(self.codec, "meta", &mut self.meta, SCHEMA_KEY, &VERSION)
    }

    /// Gives this transaction the number after the last one's.
    pub(super) fn number_commit(&mut self) -> Result<CommitNumber, Fault> {
        let number = commit_number(self.codec, &*self.meta)?.next();
        save(self.codec, "meta", &mut self.meta, COMMIT_KEY, &number)?;
        Ok(number)
    }

    /// The instant before which no request token counts.
    pub(super) fn tokens_from(&self) -> Result<Timestamp, Fault> {
        tokens_from(self.codec, &*self.meta)
    }

    pub(super) fn save_tokens_from(&mut self, instant: Timestamp) -> Result<(), Fault> {
        save(self.codec, "meta", &mut self.meta, TOKENS_FROM_KEY, &instant)
    }

    /// Makes of a backup a store of `now`: what may have been used meanwhile is worth nothing. A request token of this very
    /// second may have been made before. A clock that is behind does not count: it is no earlier than a spent token says.
    pub(super) fn age(&mut self, now: Timestamp) -> Result<(), Fault> {
        self.touch()?;
        let now = self.newest_spent()?.map_or(now, |newest| newest.max(now));
        self.save_tokens_from(now.later(Duration::from_secs(1)))?;
        let mut waiting = Vec::new();
        for entry in self.desk.iter()? {
            let (key, bytes) = entry?;
            let desk = self.codec.open::<Desk>("desk", key.value(), bytes.value());
            let desk = desk.map_err(|Damaged| Fault::Damaged("desk"))?;
            if desk.code.is_some() {
                waiting.push((key.value().to_owned(), Desk { code: None, ..desk }));
            }
        }
        waiting.iter().try_for_each(|(key, desk)| self.put_desk(key, desk))
    }

    /// Takes over a sealed record of the table `name` as it stands, from a store with the same key.
    pub(super) fn copy(&mut self, name: &'static str, key: &[u8], sealed: &[u8]) -> Result<(), Fault> {
        let table = match name {
            "subjects" => &mut self.subjects,
            "checks" => &mut self.checks,
            "desk" => &mut self.desk,
            "spent" => &mut self.spent,
            _ => return Err(Fault::Damaged(name)),
        };
        table.insert(key, sealed)?;
        Ok(())
    }

    pub(super) fn subject(&self, subject: &Subject) -> Result<Option<SubjectRecord>, Fault> {
        load(self.codec, "subjects", &*self.subjects, &subject_key(subject))
    }

    pub(super) fn save_subject(&mut self, subject: &Subject, record: &SubjectRecord) -> Result<(), Fault> {
        save(self.codec, "subjects", &mut self.subjects, &subject_key(subject), record)
    }

    /// Adds a check at the end and returns its number.
    pub(super) fn add_check(&mut self, record: &CheckRecord) -> Result<u64, Fault> {
        let last = self.checks.last()?.and_then(|(key, _)| check_number(key.value()));
        let number = last.map_or(1, |last| last + 1);
        save(self.codec, "checks", &mut self.checks, &check_key(number), record)?;
        Ok(number)
    }

    pub(super) fn desk(&self, subject: &Subject) -> Result<Desk, Fault> {
        Ok(load(self.codec, "desk", &*self.desk, &subject_key(subject))?.unwrap_or_default())
    }

    /// Keeps `desk`, or nothing where there is nothing to keep.
    pub(super) fn save_desk(&mut self, subject: &Subject, desk: &Desk) -> Result<(), Fault> {
        self.put_desk(&subject_key(subject), desk)
    }

    fn put_desk(&mut self, key: &[u8], desk: &Desk) -> Result<(), Fault> {
        if *desk == Desk::default() {
            self.desk.remove(key)?;
            return Ok(());
        }
        save(self.codec, "desk", &mut self.desk, key, desk)
    }

    pub(super) fn spent(&self, issued_at: Timestamp, token: TokenId) -> Result<Option<SpentRecord>, Fault> {
        if issued_at < self.tokens_from()? {
            return Err(Fault::BeforeRestore);
        }
        load(self.codec, "spent", &*self.spent, &spent_key(issued_at, token))
    }

    pub(super) fn save_spent(
        &mut self,
        issued_at: Timestamp,
        token: TokenId,
        record: &SpentRecord,
    ) -> Result<(), Fault> {
        save(self.codec, "spent", &mut self.spent, &spent_key(issued_at, token), record)
    }

    /// When the newest of the spent tokens was made: it is that late at the tenants, whatever this machine's clock says.
    pub(super) fn newest_spent(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(self.spent.last()?.and_then(|(key, _)| spent_issued_at(key.value())))
    }

    /// Forgets spent tokens that were made before `horizon`, at most `limit` of them, and returns how many.
    pub(super) fn sweep_spent(&mut self, horizon: Timestamp, limit: usize) -> Result<usize, Fault> {
        Ok(self.spent.remove_before(&spent_key(horizon, TokenId([0; 16])), limit)?)
    }
}

/// The instant before which no request token counts, as the table `meta` has it.
pub(super) fn tokens_from(
    codec: &Codec,
    meta: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Timestamp, Fault> {
    Ok(load(codec, "meta", meta, TOKENS_FROM_KEY)?.unwrap_or(Timestamp::from_unix(0)))
}

/// The number of the last commit, as the table `meta` has it.
pub(super) fn commit_number(
    codec: &Codec,
    meta: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<CommitNumber, Fault> {
    Ok(load(codec, "meta", meta, COMMIT_KEY)?.unwrap_or_default())
}

/// The record under `key` in the table `name`, whether or not it can be written to.
pub(super) fn load<T: Record>(
    codec: &Codec,
    name: &'static str,
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    key: &[u8],
) -> Result<Option<T>, Fault> {
    match table.get(key)? {
        None => Ok(None),
        Some(bytes) => codec.open(name, key, bytes.value()).map(Some).map_err(|Damaged| Fault::Damaged(name)),
    }
}

fn save(
    codec: &Codec,
    name: &'static str,
    table: &mut Noted<'_>,
    key: &[u8],
    record: &impl Record,
) -> Result<(), Fault> {
    table.insert(key, codec.seal(name, key, record).as_slice())?;
    Ok(())
}
