//! The read side: one read transaction, renewed after each commit, shared by all who look something up.
//!
//! Nobody keeps one for longer than a look-up: pages that an old reader sees cannot be reused.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use redb::{Database, ReadOnlyTable, ReadableDatabase};
use serde::de::DeserializeOwned;

use super::StoreError;
use super::codec::{Codec, check_key, spent_key, subject_key, subject_of_key};
use super::record::{CheckRecord, SpentRecord, SubjectRecord};
use super::tables::{CHECKS, DESK, SPENT, SUBJECTS};
use crate::verification::method::desk::Desk;
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;
use crate::verification::token::TokenId;

type Bytes = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// Everything as of one commit.
pub(super) struct Snapshot {
    codec: Codec,
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
            subjects: transaction.open_table(SUBJECTS)?,
            checks: transaction.open_table(CHECKS)?,
            desk: transaction.open_table(DESK)?,
            spent: transaction.open_table(SPENT)?,
        })
    }

    pub(super) fn subject(&self, subject: &Subject) -> Result<Option<SubjectRecord>, StoreError> {
        self.load("subjects", &self.subjects, &subject_key(subject))
    }

    pub(super) fn check(&self, number: u64) -> Result<Option<CheckRecord>, StoreError> {
        self.load("checks", &self.checks, &check_key(number))
    }

    pub(super) fn spent(&self, over_at: Timestamp, token: TokenId) -> Result<Option<SpentRecord>, StoreError> {
        self.load("spent", &self.spent, &spent_key(over_at, token))
    }

    /// The subjects of `tenant` after `after`, in key order, at most `limit`.
    pub(super) fn subjects(
        &self,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Listed<SubjectRecord>, StoreError> {
        self.list("subjects", &self.subjects, tenant, after, limit)
    }

    /// What the desk keeps of the subjects of `tenant`, likewise.
    pub(super) fn desks(
        &self,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Listed<Desk>, StoreError> {
        self.list("desk", &self.desk, tenant, after, limit)
    }

    fn load<T: DeserializeOwned>(
        &self,
        name: &'static str,
        table: &Bytes,
        key: &[u8],
    ) -> Result<Option<T>, StoreError> {
        match table.get(key).map_err(|_| StoreError::Unavailable)? {
            None => Ok(None),
            Some(bytes) => self.codec.open(name, key, bytes.value()).map(Some).map_err(|_| StoreError::Damaged(name)),
        }
    }

    fn list<T: DeserializeOwned>(
        &self,
        name: &'static str,
        table: &Bytes,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Listed<T>, StoreError> {
        let first = [tenant.as_str().as_bytes(), &[0]].concat();
        let end = [tenant.as_str().as_bytes(), &[1]].concat();
        let after = after.map_or(first, |subject| [subject_key(subject), vec![0]].concat());
        let mut listed = Vec::new();
        for entry in table.range(after.as_slice()..end.as_slice()).map_err(|_| StoreError::Unavailable)?.take(limit) {
            let (key, bytes) = entry.map_err(|_| StoreError::Unavailable)?;
            let record = self.codec.open(name, key.value(), bytes.value()).map_err(|_| StoreError::Damaged(name))?;
            listed.push((subject_of_key(key.value()).ok_or(StoreError::Damaged(name))?, record));
        }
        Ok(listed)
    }
}

/// The latest snapshot, or none while the store is being reopened.
#[derive(Default)]
pub(super) struct Published(ArcSwapOption<Snapshot>);

impl Published {
    pub(super) fn publish(&self, snapshot: Snapshot) {
        self.0.store(Some(Arc::new(snapshot)));
    }

    pub(super) fn withdraw(&self) {
        self.0.store(None);
    }

    pub(super) fn is_some(&self) -> bool {
        self.0.load().is_some()
    }

    /// Asks the latest snapshot.
    pub(super) fn ask<T>(&self, question: impl FnOnce(&Snapshot) -> Result<T, StoreError>) -> Result<T, StoreError> {
        question(self.0.load().as_deref().ok_or(StoreError::Unavailable)?)
    }
}
