//! The read side: one read transaction, renewed after each commit, shared by all who look something up.
//!
//! Nobody keeps one for longer than a look-up: pages that an old reader sees cannot be reused.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwapOption;
use redb::{Database, ReadOnlyTable, ReadableDatabase, ReadableTable};

use super::codec::{Codec, check_key, spent_key, subject_key, subject_of_key};
use super::contained::contained;
use super::record::{CheckRecord, Record, SpentRecord, SubjectRecord};
use super::tables::{self, CHECKS, DESK, Fault, META, SPENT, SUBJECTS, tokens_from};
use crate::verification::method::desk::Desk;
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;
use crate::verification::token::TokenId;

type Bytes = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// Everything as of one commit.
pub(super) struct Snapshot {
    codec: Codec,
    tokens_from: Timestamp,
    subjects: Bytes,
    checks: Bytes,
    desk: Bytes,
    spent: Bytes,
}

/// A subject with what is kept of it, in a listing.
pub(super) type Listed<T> = Vec<(Subject, T)>;

impl Snapshot {
    pub(super) fn take(database: &Database, codec: &Codec) -> Result<Self, redb::Error> {
        let transaction = database.begin_read()?;
        Ok(Self {
            codec: codec.clone(),
            tokens_from: tokens_from(codec, &transaction.open_table(META)?).map_err(Fault::of_the_store)?,
            subjects: transaction.open_table(SUBJECTS)?,
            checks: transaction.open_table(CHECKS)?,
            desk: transaction.open_table(DESK)?,
            spent: transaction.open_table(SPENT)?,
        })
    }

    pub(super) fn codec(&self) -> &Codec {
        &self.codec
    }

    /// The instant before which no request token counts.
    pub(super) fn tokens_from(&self) -> Timestamp {
        self.tokens_from
    }

    pub(super) fn subject(&self, subject: &Subject) -> Result<Option<SubjectRecord>, Fault> {
        self.load("subjects", &self.subjects, &subject_key(subject))
    }

    pub(super) fn check(&self, number: u64) -> Result<Option<CheckRecord>, Fault> {
        self.load("checks", &self.checks, &check_key(number))
    }

    pub(super) fn spent(&self, issued_at: Timestamp, token: TokenId) -> Result<Option<SpentRecord>, Fault> {
        if issued_at < self.tokens_from {
            return Err(Fault::BeforeRestore);
        }
        self.load("spent", &self.spent, &spent_key(issued_at, token))
    }

    pub(super) fn desk(&self, subject: &Subject) -> Result<Desk, Fault> {
        Ok(self.load("desk", &self.desk, &subject_key(subject))?.unwrap_or_default())
    }

    /// The subjects of `tenant` after `after`, in key order, at most `limit`.
    pub(super) fn subjects(
        &self,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Listed<SubjectRecord>, Fault> {
        self.list("subjects", &self.subjects, tenant, after, limit)
    }

    /// What the desk keeps of the subjects of `tenant`, likewise.
    pub(super) fn desks(&self, tenant: &Host, after: Option<&Subject>, limit: usize) -> Result<Listed<Desk>, Fault> {
        self.list("desk", &self.desk, tenant, after, limit)
    }

    /// Hands over every record of every table, in key order, each with its MAC looked at.
    pub(super) fn each_record(
        &self,
        mut visit: impl FnMut(&'static str, &[u8], &[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let tables =
            [("subjects", &self.subjects), ("checks", &self.checks), ("desk", &self.desk), ("spent", &self.spent)];
        for (name, table) in tables {
            for entry in table.iter()? {
                let (key, bytes) = entry?;
                self.codec.authenticate(name, key.value(), bytes.value()).map_err(|_| Fault::Damaged(name))?;
                visit(name, key.value(), bytes.value())?;
            }
        }
        Ok(())
    }

    fn load<T: Record>(&self, name: &'static str, table: &Bytes, key: &[u8]) -> Result<Option<T>, Fault> {
        tables::load(&self.codec, name, table, key)
    }

    fn list<T: Record>(
        &self,
        name: &'static str,
        table: &Bytes,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Listed<T>, Fault> {
        let first = [tenant.as_str().as_bytes(), &[0]].concat();
        let end = [tenant.as_str().as_bytes(), &[1]].concat();
        let after = after.map_or(first, |subject| [subject_key(subject), vec![0]].concat());
        let mut listed = Vec::new();
        for entry in table.range(after.as_slice()..end.as_slice())?.take(limit) {
            let (key, bytes) = entry?;
            let record = self.codec.open(name, key.value(), bytes.value()).map_err(|_| Fault::Damaged(name))?;
            listed.push((subject_of_key(key.value()).ok_or(Fault::Damaged(name))?, record));
        }
        Ok(listed)
    }
}

/// The latest snapshot, or none while nothing can be looked up; and what is to be said of it.
#[derive(Default)]
pub(super) struct Published {
    snapshot: ArcSwapOption<Snapshot>,
    is_writable: AtomicBool,
    is_doubted: AtomicBool,
}

impl Published {
    pub(super) fn publish(&self, snapshot: Snapshot) {
        self.snapshot.store(Some(Arc::new(snapshot)));
        self.is_doubted.store(false, Ordering::Release);
    }

    pub(super) fn withdraw(&self) {
        self.snapshot.store(None);
    }

    pub(super) fn set_writable(&self, is_writable: bool) {
        self.is_writable.store(is_writable, Ordering::Release);
    }

    /// Whether everything can be done.
    pub(super) fn is_sound(&self) -> bool {
        self.is_writable.load(Ordering::Acquire) && !self.is_doubted() && self.snapshot.load().is_some()
    }

    /// Whether the engine failed a look-up in the latest snapshot.
    pub(super) fn is_doubted(&self) -> bool {
        self.is_doubted.load(Ordering::Acquire)
    }

    /// The latest snapshot, to be held for as long as a copy of it takes. The file grows by what changes meanwhile.
    pub(super) fn hold(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.load_full()
    }

    /// Asks the latest snapshot.
    ///
    /// # Errors
    /// [`Unanswered::Doubtful`] for the first failure of the engine in a snapshot, and none of those after it.
    pub(super) fn ask<T>(&self, question: impl FnOnce(&Snapshot) -> Result<T, Fault>) -> Result<T, Unanswered> {
        let snapshot = self.snapshot.load();
        let snapshot = snapshot.as_ref().ok_or(Unanswered::Unavailable)?;
        match contained(|| Ok(question(snapshot))).unwrap_or_else(|panic| Err(Fault::Engine(panic))) {
            Ok(answer) => Ok(answer),
            Err(Fault::Damaged(table)) => Err(Unanswered::Damaged(table)),
            Err(Fault::BeforeRestore) => Err(Unanswered::BeforeRestore),
            Err(Fault::Engine(error)) => {
                let is_latest = self.snapshot.load().as_ref().is_some_and(|latest| Arc::ptr_eq(latest, snapshot));
                let is_first = is_latest && !self.is_doubted.swap(true, Ordering::AcqRel);
                Err(if is_first { Unanswered::Doubtful(error) } else { Unanswered::Unavailable })
            }
        }
    }
}

/// Why a question has no answer.
pub(super) enum Unanswered {
    /// Nothing can be looked up at present.
    Unavailable,
    /// One record is bad.
    Damaged(&'static str),
    /// The request token is older than the store.
    BeforeRestore,
    /// The engine failed. The writer should look into it.
    Doubtful(redb::Error),
}
