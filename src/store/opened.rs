//! An open database, in which every page was looked at and every commit is that somebody was told of; and how a batch of
//! work becomes the next commit.

use std::ops::Deref;
use std::sync::Arc;

use redb::{Builder, Database, Durability, ReadableDatabase, StorageBackend, TableError};

use super::codec::{Codec, VERSION};
use super::contained::contained;
use super::noted::Note;
use super::progress::{Progress, Watched};
use super::tables::{Fault, META, Snapshot, Writing, commit_number, definition};
use super::threads::{Receiver, SyncSender, sync_channel, thread};
use super::told::{CommitNumber, Told};

/// The page cache of what serves only until it was looked at.
const PASSING_CACHE: usize = 16 * 1024 * 1024;

/// What happens inside the transaction. An error voids the whole transaction.
pub(super) type Work = Box<dyn FnOnce(&mut Writing<'_>) -> Result<Reply, redb::Error> + Send>;
/// What happens after it: told whether it is durable.
pub(super) type Reply = Box<dyn FnOnce(bool) + Send>;

/// What a batch came to: all of it is durable.
pub(super) struct Committed {
    /// The commit that it is, if it changed anything, and how the store is now.
    pub(super) commit: Option<(CommitNumber, Held)>,
    pub(super) replies: Vec<Reply>,
}

/// What an open database holds, for whoever looks something up. Nobody [closes](Opened::close) that meanwhile.
pub(super) struct Held {
    snapshot: Snapshot,
    _held: SyncSender<()>,
}

impl Deref for Held {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}

/// An open database.
pub(super) struct Opened {
    /// Closed before the note, whose file it is.
    pub(super) database: Database,
    pub(super) codec: Codec,
    pub(super) told: Told,
    held: SyncSender<()>,
    /// Ends when nobody holds it.
    holders: Receiver<()>,
}

/// Opens the database on `backend`, with `cache` bytes of it in memory. What a crash left behind is repaired, and every page's
/// checksum is looked at, after a clean end too: what is wrong with the bytes is known before anything of them is used. Its
/// `progress` is told.
pub(super) fn open<B: StorageBackend>(
    backend: B,
    codec: &Codec,
    cache: usize,
    progress: &Arc<Progress>,
) -> Result<Opened, redb::Error> {
    let backend = Arc::new(backend);
    let told = Told::new(backend.clone(), codec.clone());
    let noted = told.read()?;
    let mut builder = Builder::new();
    builder.set_cache_size(cache).set_check_integrity_on_open(true);
    progress.watch(true);
    let database = builder.create_with_backend(Watched::new(backend, progress.clone()));
    progress.watch(false);
    let database = database?;
    let last = last_commit(&database, codec)?;
    check_last(last, noted)?;
    told.write(last)?;
    let (held, holders) = sync_channel(0);
    Ok(Opened { database, codec: codec.clone(), told, held, holders })
}

/// What the database on `backend` holds, for look-ups alone, as a clean end left it: no page of it was looked at. None
/// where anything keeps it from being had so: it is to be repaired, is of another version, is damaged already.
pub(super) fn as_it_was_left<B: StorageBackend>(backend: B, codec: &Codec) -> Option<Held> {
    let backend = Arc::new(backend);
    let told = Told::new(backend.clone(), codec.clone());
    let snapshot = contained(|| {
        let mut builder = Builder::new();
        builder.set_cache_size(PASSING_CACHE);
        // It stays open for as long as the snapshot is there.
        let database = builder.open_read_only_with_backend(Watched::new(backend, Arc::default()))?;
        check_last(last_commit(&database, codec)?, told.read()?)?;
        let snapshot = Snapshot::take(&database, codec)?;
        let schema = snapshot.schema().map_err(Fault::of_the_store)?;
        let is_ours = schema == Some(VERSION) && snapshot.has_whole_log().map_err(Fault::of_the_store)?;
        // Nobody else has it, so that nobody waits to close it.
        let (held, _) = sync_channel(0);
        Ok(is_ours.then_some(Held { snapshot, _held: held }))
    });
    snapshot.ok().flatten()
}

/// Tells where somebody was told of a commit that is not there.
fn check_last(last: CommitNumber, noted: CommitNumber) -> Result<(), redb::Error> {
    if last < noted { Err(redb::Error::Corrupted("the last commit is damaged".into())) } else { Ok(()) }
}

fn last_commit(database: &impl ReadableDatabase, codec: &Codec) -> Result<CommitNumber, redb::Error> {
    match database.begin_read()?.open_table(definition(META)) {
        Err(TableError::TableDoesNotExist(_)) => Ok(CommitNumber::default()),
        meta => commit_number(codec, &meta?).map_err(Fault::of_the_store),
    }
}

impl Opened {
    /// Runs `batch` in one durable transaction. On an error all of it happened or nothing, and nobody may be told that it
    /// did. Where nothing was changed nothing is written: what was read is durable. What was changed is to be found in `note`.
    pub(super) fn transact(&self, batch: Vec<Work>, note: &Note) -> Result<Committed, redb::Error> {
        let mut transaction = self.database.begin_write()?;
        // In one phase, which is one sync: a torn commit is told by its checksums, and a damaged one by the note.
        transaction.set_durability(Durability::Immediate)?;
        let mut tables = Writing::begin(&transaction, &self.codec, note)?;
        let replies = batch.into_iter().map(|work| work(&mut tables)).collect::<Result<_, _>>()?;
        if !tables.is_changed() {
            drop(tables);
            transaction.abort()?;
            return Ok(Committed { commit: None, replies });
        }
        let number = tables.number_commit().map_err(Fault::of_the_store)?;
        drop(tables);
        transaction.commit()?;
        self.told.write(number)?;
        Ok(Committed { commit: Some((number, self.hold()?)), replies })
    }

    /// What it holds.
    pub(super) fn hold(&self) -> Result<Held, redb::Error> {
        Ok(Held { snapshot: Snapshot::take(&self.database, &self.codec)?, _held: self.held.clone() })
    }

    /// The number of the last commit.
    pub(super) fn last_commit(&self) -> Result<CommitNumber, redb::Error> {
        last_commit(&self.database, &self.codec)
    }

    /// Closes it, once nobody looks anything up in it any more, and without having anybody wait.
    pub(super) fn close(self) {
        let close = move || {
            let Self { database, held, holders, .. } = self;
            drop(held);
            // Nobody ever sends anything.
            let _ = holders.recv();
            drop(database);
        };
        // Where there is no thread to be had, it is closed at once.
        let _ = thread::Builder::new().name("idv-closing".into()).spawn(close);
    }

    /// The bytes that it takes.
    pub(super) fn length(&self) -> Result<u64, redb::Error> {
        Ok(self.told.length()?)
    }
}

/// The smallest work there is.
pub(super) fn touch() -> Work {
    unasked(|tables| tables.touch())
}

/// Work of which nobody waits to hear. A fault in it is the store's.
pub(super) fn unasked(work: impl FnOnce(&mut Writing<'_>) -> Result<(), Fault> + Send + 'static) -> Work {
    Box::new(|tables| {
        work(tables).map_err(Fault::of_the_store)?;
        Ok(Box::new(|_| ()))
    })
}
