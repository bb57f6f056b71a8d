//! The audit log: its lines, in the order in which they were written, and the right edge of the tree over them. Both
//! change in the transaction of what is recorded, or neither does.

use std::convert::identity;

use redb::{ReadableTable, ReadableTableMetadata};
use serde::{Deserialize, Serialize};

use super::codec::{Damaged, check_number, entry_key};
use super::tables::{AUDIT, EDGE_KEY, Fault, META, Reads, Snapshot, Tables, Writing};
use super::{Store, StoreError};
use crate::verification::audit::entry::Entry;
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::audit::tree::{Edge, leaf};
use crate::verification::check::SubjectRecord;
use crate::verification::record::Record;
use crate::verification::subject::Subject;

/// The longest line, in bytes.
const LINE_LIMIT: usize = 16 * 1024;

/// A line as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Line(String);

impl Record for Line {}

impl Record for Edge {}

/// The key of somebody whom idv has not met.
impl Record for PersonKey {}

impl Store {
    /// Writes `entry` at the end of the log.
    ///
    /// # Errors
    /// [`StoreError`], which says whether it may stand all the same.
    pub async fn record(&self, entry: Entry) -> Result<(), StoreError> {
        self.transact(move |tables| tables.append(&entry), identity).await
    }

    /// The same of `subject`. If they were met, and have no key yet, `new_key` is theirs.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn record_of(&self, subject: Subject, new_key: PersonKey, entry: Entry) -> Result<(), StoreError> {
        let work = move |tables: &mut Writing<'_>| {
            let user = tables.key_of(&subject, new_key)?.map(|key| key.pseudonym(&subject));
            tables.append(&Entry { user, ..entry })
        };
        self.transact(work, identity).await
    }

    /// The lines of the log from number `from` on, each with its number, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn entries(&self, from: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.ask(|snapshot| snapshot.lines(from, limit))
    }

    /// The right edge of the tree over the log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn audit_edge(&self) -> Result<Edge, StoreError> {
        self.ask(|snapshot| Ok(snapshot.edge.clone()))
    }
}

impl<T: Reads> Tables<T> {
    /// See [`Store::entries`].
    pub(super) fn lines(&self, from: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>, Fault> {
        let mut lines = Vec::new();
        for entry in self.meta.reads().range(entry_key(from).as_slice()..EDGE_KEY)?.take(limit) {
            let (key, bytes) = entry?;
            let number = check_number(key.value()).ok_or(Fault::Damaged(AUDIT))?;
            // One that is missing is as bad as one that is damaged.
            if number != from + lines.len() as u64 {
                return Err(Fault::Damaged(AUDIT));
            }
            let line: Line =
                self.codec.open(AUDIT, key.value(), bytes.value()).map_err(|Damaged| Fault::Damaged(AUDIT))?;
            lines.push((number, line.0.into_bytes()));
        }
        Ok(lines)
    }
}

impl<T: Reads> Tables<T> {
    /// Whether the table has the lines that the edge is over, as far as their numbers tell.
    pub(super) fn has_whole_log(&self) -> Result<bool, Fault> {
        let (meta, size) = (self.meta.reads(), self.edge.size());
        let last = meta.range::<&[u8]>(..EDGE_KEY)?.next_back().transpose()?;
        let last = last.and_then(|(key, _)| check_number(key.value()));
        let others = meta.range(EDGE_KEY..)?.count() as u64;
        Ok(last.map_or(0, |last| last.saturating_add(1)) == size && meta.len()? == size.saturating_add(others))
    }
}

impl Snapshot {
    /// Adds to `log` the entry whose record is `sealed`.
    pub(super) fn add_to(&self, log: &mut Edge, key: &[u8], sealed: &[u8]) -> Result<(), Fault> {
        let line: Line = self.codec.open(AUDIT, key, sealed).map_err(|Damaged| Fault::Damaged(AUDIT))?;
        log.push(leaf(line.0.as_bytes()));
        Ok(())
    }
}

impl Writing<'_> {
    /// Adds `entry` at the end. Nothing is changed where that fails.
    pub(super) fn append(&mut self, entry: &Entry) -> Result<(), Fault> {
        let line = entry.line();
        let hash = leaf(&line);
        let line = Line(String::from_utf8(line).map_err(|_| Fault::TooLong(AUDIT))?);
        if line.0.len() > LINE_LIMIT {
            return Err(Fault::TooLong(AUDIT));
        }
        self.put(AUDIT, &entry_key(self.edge.size()), &line)?;
        self.edge.push(hash);
        Ok(())
    }

    /// Writes the edge as it is now.
    pub(super) fn save_edge(&mut self) -> Result<(), Fault> {
        let edge = self.edge.clone();
        self.put(META, EDGE_KEY, &edge)
    }

    /// The key of `subject`: `new_key`, where they were met by a version that gave none. None of whom nothing is known.
    fn key_of(&mut self, subject: &Subject, new_key: PersonKey) -> Result<Option<PersonKey>, Fault> {
        match self.subject(subject)? {
            None => self.stranger(subject),
            Some(SubjectRecord { key: Some(key), .. }) => Ok(Some(key)),
            Some(record) => {
                self.save_subject(subject, &SubjectRecord { key: Some(new_key), ..record })?;
                Ok(Some(new_key))
            }
        }
    }
}
