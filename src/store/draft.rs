//! A database that is to be what another is: it takes over what that holds, and then what is changed there.

use std::fmt;
use std::io;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use redb::{BackendError, Durability, ReadableTableMetadata, StorageBackend};

use super::backup::fill;
use super::noted::{Changed, Note};
use super::opened::Opened;
use super::progress::given_up;
use super::renew::GoesOn;
use super::tables::{Fault, META, Reads, Snapshot, Writing, commit_number};
use super::told::CommitNumber;
use crate::verification::audit::tree::Edge;

/// So many bytes are written before they are synced: a file system may have whoever syncs another file wait for them too, and
/// whoever gives the draft up waits for those.
const STRETCH: usize = 8 * 1024 * 1024;

/// The bytes of a draft. Once it is given up the engine gets no further with them, not in the middle of a commit either.
pub(super) struct DraftBytes<B> {
    below: B,
    is_given_up: Arc<AtomicBool>,
    /// How many were written since the last sync.
    unsynced: AtomicUsize,
}

impl<B> DraftBytes<B> {
    pub(super) fn new(below: B, is_given_up: Arc<AtomicBool>) -> Self {
        Self { below, is_given_up, unsynced: AtomicUsize::new(0) }
    }

    fn goes_on(&self) -> io::Result<&B> {
        if self.is_given_up.load(Ordering::Relaxed) { Err(given_up()) } else { Ok(&self.below) }
    }
}

type End = Bound<u64>;

impl<B: StorageBackend> StorageBackend for DraftBytes<B> {
    fn len(&self) -> io::Result<u64> {
        self.goes_on()?.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.goes_on()?.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.goes_on()?.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.unsynced.store(0, Ordering::Relaxed);
        self.goes_on()?.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.goes_on()?.write(offset, data)?;
        let unsynced = self.unsynced.fetch_add(data.len(), Ordering::Relaxed) + data.len();
        if unsynced > STRETCH { self.sync_data() } else { Ok(()) }
    }

    fn close(&self) -> io::Result<()> {
        self.below.close()
    }

    fn try_lock_range(&self, start: End, end: End) -> Result<bool, BackendError> {
        self.below.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: End, end: End) -> Result<bool, BackendError> {
        self.below.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: End, end: End) -> Result<(), BackendError> {
        self.below.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: End, end: End) -> Result<(), BackendError> {
        self.below.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: End, end: End) -> Result<(), BackendError> {
        self.below.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: End, end: End) -> Result<bool, BackendError> {
        self.below.query_lock_range(start, end)
    }
}

impl<B> fmt::Debug for DraftBytes<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DraftBytes")
    }
}

impl Opened {
    /// Takes every record of `snapshot` over, into a database that has none, as long as it `goes_on`.
    pub(super) fn take_over(&self, snapshot: &Snapshot, goes_on: GoesOn<'_>) -> Result<(), redb::Error> {
        fill(&self.database, snapshot, || Ok(goes_on()?)).map_err(Fault::of_the_store)?;
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

#[cfg(test)]
mod tests {
    use redb::backends::InMemoryBackend;

    use super::*;

    /// Bytes that count how often they are synced.
    #[derive(Debug, Default)]
    struct Counted {
        below: InMemoryBackend,
        syncs: Arc<AtomicUsize>,
    }

    impl StorageBackend for Counted {
        fn len(&self) -> io::Result<u64> {
            self.below.len()
        }

        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            self.below.read(offset, out)
        }

        fn set_len(&self, length: u64) -> io::Result<()> {
            self.below.set_len(length)
        }

        fn sync_data(&self) -> io::Result<()> {
            self.syncs.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }

        fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            self.below.write(offset, data)
        }
    }

    fn bytes() -> (DraftBytes<Counted>, Arc<AtomicBool>, Arc<AtomicUsize>) {
        let (is_given_up, counted) = (Arc::default(), Counted::default());
        let syncs = counted.syncs.clone();
        counted.set_len(2 * STRETCH as u64).unwrap();
        (DraftBytes::new(counted, Arc::clone(&is_given_up)), is_given_up, syncs)
    }

    #[test]
    fn nothing_is_read_or_written_of_what_is_given_up() {
        let (bytes, is_given_up, _) = bytes();
        let tried = || {
            let tried = [bytes.set_len(4096), bytes.write(0, &[7]), bytes.read(0, &mut [0]), bytes.sync_data()];
            (tried.map(|tried| tried.is_ok()), bytes.len().is_ok())
        };
        assert_eq!(tried(), ([true; 4], true));
        is_given_up.store(true, Ordering::Relaxed);
        assert_eq!(tried(), ([false; 4], false));
    }

    /// However much is written in one commit.
    #[test]
    fn so_much_is_synced_before_more_is_written() {
        let (bytes, _, syncs) = bytes();
        let synced = |written: usize| {
            bytes.write(0, &vec![7; written]).unwrap();
            syncs.load(Ordering::Relaxed)
        };
        assert_eq!([STRETCH, 1, STRETCH, 1].map(synced), [0, 1, 1, 2]);
        bytes.sync_data().unwrap();
        assert_eq!([STRETCH, 1].map(synced), [3, 4], "what was synced meanwhile does not count");
    }
}
