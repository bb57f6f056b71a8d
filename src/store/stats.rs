//! What a store says of itself.

use redb::ReadableTableMetadata;

use super::Store;
use super::error::StoreError;
use super::tables::{AUDIT, Fault, META, Reads, commit_number};
use crate::verification::time::Timestamp;

/// A store about itself.
#[derive(Debug)]
pub struct Stats {
    /// The version of its schema.
    pub schema: Option<u8>,
    /// The version of idv that opened it.
    pub idv: Option<String>,
    /// The number of its last commit.
    pub commit: u64,
    /// When a backup of it was whole.
    pub backed_up_at: Option<Timestamp>,
    /// How many records each table has, by its name.
    pub records: Vec<(&'static str, u64)>,
}

impl Store {
    /// What it says of itself, without a look at each record.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stats(&self) -> Result<Stats, StoreError> {
        self.ask(|snapshot| {
            let counts = snapshot.each_table().map(|(name, table)| Ok((name, table.reads().len()?)));
            let mut records: Vec<_> = counts.collect::<Result<_, Fault>>()?;
            let lines = snapshot.edge.size();
            // They stand in the table `meta`.
            records
                .iter_mut()
                .filter(|(name, _)| *name == META)
                .for_each(|(_, count)| *count = count.saturating_sub(lines));
            records.push((AUDIT, lines));
            Ok(Stats {
                schema: snapshot.schema()?,
                idv: snapshot.idv()?,
                commit: commit_number(&snapshot.codec, snapshot.meta.reads())?.as_u64(),
                backed_up_at: snapshot.backed_up_at()?,
                records,
            })
        })
    }
}
