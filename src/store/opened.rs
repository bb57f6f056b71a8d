//! An open database, in which every page was looked at and every commit is that somebody was told of; and how a batch of
//! work becomes the next commit.

use std::sync::Arc;

use redb::{Builder, Database, Durability, ReadableDatabase, StorageBackend, TableError};

use super::backup::fill;
use super::codec::{Codec, VERSION};
use super::contained::contained;
use super::progress::{Progress, Watched};
use super::tables::{Fault, META, Snapshot, Writing, commit_number, definition};
use super::told::{CommitNumber, Told};

/// The page cache of what serves only until it was looked at.
const PASSING_CACHE: usize = 16 * 1024 * 1024;

/// What happens inside the transaction. An error voids the whole transaction.
pub(super) type Work = Box<dyn FnOnce(&mut Writing<'_>) -> Result<Reply, redb::Error> + Send>;
/// What happens after it: told whether it is durable.
pub(super) type Reply = Box<dyn FnOnce(bool) + Send>;

/// What a batch came to: all of it is durable.
pub(super) struct Committed {
    /// How the store is now, if the batch changed anything.
    pub(super) snapshot: Option<Snapshot>,
    /// Whether it erased somebody.
    pub(super) leaves_traces: bool,
    pub(super) replies: Vec<Reply>,
}

/// An open database.
pub(super) struct Opened {
    /// Closed before the note, whose file it is.
    pub(super) database: Database,
    codec: Codec,
    told: Told,
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
    Ok(Opened { database, codec: codec.clone(), told })
}

/// What the database on `backend` holds, for look-ups alone, as a clean end left it: no page of it was looked at. None
/// where anything keeps it from being had so: it is to be repaired, is of another version, is damaged already.
pub(super) fn as_it_was_left<B: StorageBackend>(backend: B, codec: &Codec) -> Option<Snapshot> {
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
        Ok(is_ours.then_some(snapshot))
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
    /// did. Where nothing was changed nothing is written: what was read is durable.
    pub(super) fn transact(&self, batch: Vec<Work>) -> Result<Committed, redb::Error> {
        let mut transaction = self.database.begin_write()?;
        // In one phase, which is one sync: a torn commit is told by its checksums, and a damaged one by the note.
        transaction.set_durability(Durability::Immediate)?;
        let mut tables = Writing::begin(&transaction, &self.codec)?;
        let replies = batch.into_iter().map(|work| work(&mut tables)).collect::<Result<_, _>>()?;
        if !tables.is_changed() {
            drop(tables);
            transaction.abort()?;
            return Ok(Committed { snapshot: None, leaves_traces: false, replies });
        }
        let number = tables.number_commit().map_err(Fault::of_the_store)?;
        let leaves_traces = tables.meta.leaves_traces();
        drop(tables);
        transaction.commit()?;
        self.told.write(number)?;
        let snapshot = Some(Snapshot::take(&self.database, &self.codec)?);
        Ok(Committed { snapshot, leaves_traces, replies })
    }

    /// Takes every record of `snapshot` over, into a database that has none. Its `progress` is told.
    pub(super) fn take_over(&self, snapshot: &Snapshot, progress: &Progress) -> Result<(), redb::Error> {
        fill(&self.database, snapshot, || progress.advance()).map_err(Fault::of_the_store)?;
        Ok(self.told.write(last_commit(&self.database, &self.codec)?)?)
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
