//! A database that is to be what another is: it takes over what that holds, and then what is changed there.

use redb::{Durability, ReadableTableMetadata};

use super::backup::fill;
use super::noted::{Changed, Note};
use super::opened::Opened;
use super::renew::GoesOn;
use super::tables::{Fault, META, Reads, Snapshot, Writing, commit_number};
use super::told::CommitNumber;
use crate::verification::audit::tree::Edge;

/// So many bytes of records are written before they are synced: a file system may have whoever syncs another file wait for
/// them too.
const STRETCH: usize = 8 * 1024 * 1024;

impl Opened {
    /// Takes every record of `snapshot` over, into a database that has none, as long as it `goes_on`.
    pub(super) fn take_over(&self, snapshot: &Snapshot, goes_on: GoesOn<'_>) -> Result<(), redb::Error> {
        let mut written = 0;
        let filled = fill(&self.database, snapshot, |bytes| {
            written += bytes;
            if written > STRETCH {
                self.told.sync()?;
                written = 0;
            }
            Ok(goes_on()?)
        });
        filled.map_err(Fault::of_the_store)?;
        Ok(self.told.write(self.last_commit()?)?)
    }

    /// Takes over from `snapshot` what stands under the keys of `changed`, be it nothing, as long as it `goes_on`.
    pub(super) fn follow(
        &self,
        snapshot: &Snapshot,
        changed: &Changed,
        goes_on: GoesOn<'_>,
    ) -> Result<(), redb::Error> {
        if changed.len() == 0 {
            return Ok(());
        }
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        let mut tables = Writing::begin(&transaction, &self.codec, &Note::default())?;
        for (name, key) in changed.iter() {
            goes_on()?;
            tables.follow(snapshot, name, key).map_err(Fault::of_the_store)?;
        }
        drop(tables);
        transaction.commit()?;
        Ok(self.told.write(self.last_commit()?)?)
    }

    /// Tells where it is not what `snapshot` is, as far as numbers tell.
    pub(super) fn compare(&self, snapshot: &Snapshot) -> Result<(), redb::Error> {
        let held = self.hold()?;
        let own = size(&held).map_err(Fault::of_the_store)?;
        let other = size(snapshot).map_err(Fault::of_the_store)?;
        if own == other { Ok(()) } else { Err(redb::Error::Corrupted("the copy is not as large as the store".into())) }
    }
}

/// How many commits there were, which entries of the audit log, and how many records. The table `meta` may lack a mark.
fn size(snapshot: &Snapshot) -> Result<(CommitNumber, Edge, Vec<u64>), Fault> {
    let tables = snapshot.each_table().filter(|(name, _)| *name != META);
    let records = tables.map(|(_, table)| Ok(table.reads().len()?)).collect::<Result<_, Fault>>()?;
    Ok((commit_number(&snapshot.codec, snapshot.meta.reads())?, snapshot.edge.clone(), records))
}
