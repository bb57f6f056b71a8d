//! The engine and its faults: opens the database, runs batches of work in one durable transaction each, and comes back
//! by itself from whatever a disk does.
//!
//! redb refuses everything after an error of the disk until the file is opened anew. So a failed transaction is followed
//! by that. Nothing in it was acknowledged: everyone in it is told to try again. It may stand all the same, where only the
//! last word of the disk was lost, and then the next try finds it done. Where the disk takes no writes, look-ups go on
//! from what it holds.

use std::sync::Arc;

use redb::{Builder, Database, Durability, StorageBackend};

use super::codec::Codec;
use super::commit_slots;
use super::contained::{contained, is_damage};
use super::medium::Medium;
use super::overlay::Overlay;
use super::progress::{Progress, Watched};
use super::snapshot::{Published, Snapshot};
use super::tables::{Fault, Tables};

/// The page cache. Look-ups beyond it are served by the system's own cache.
const CACHE_SIZE: usize = 64 * 1024 * 1024;
/// The room that a transaction may need beside its work, and for each work: a path of fresh pages in each of four tables.
/// A transaction that could meet the end of the disk is not begun, so that a full disk interrupts no look-up.
const ROOM: u64 = 256 * 1024;
const ROOM_PER_WORK: u64 = 64 * 1024;
/// The room from which a disk that was full is full no longer: that for one work twice, so that what others write beside
/// the store does not make it the one and the other again and again.
const ROOM_AGAIN: u64 = 2 * (ROOM + ROOM_PER_WORK);

/// What happens inside the transaction. An error voids the whole transaction.
pub(super) type Work = Box<dyn FnOnce(&mut Tables<'_>) -> Result<Reply, redb::Error> + Send>;
/// What happens after it: told whether it is durable.
pub(super) type Reply = Box<dyn FnOnce(bool) + Send>;

/// What can be done at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Everything.
    Sound,
    /// Look-ups. There is no room for a transaction.
    Full,
    /// Look-ups, if the medium can be read. It failed a transaction.
    Failed,
    /// Nothing. The bytes are not what was written, and only a backup helps.
    Damaged,
}

/// The engine on one medium. It tells whoever looks something up through `published`.
pub(super) struct Engine<M> {
    /// Closed before the medium, which others may have then.
    database: Option<Database>,
    medium: M,
    codec: Codec,
    published: Arc<Published>,
    progress: Arc<Progress>,
    standing: Standing,
}

impl<M: Medium> Engine<M> {
    /// Opens the database on `medium`, with every page checked. Its tables are read by `recognise` first.
    pub(super) fn open<E: From<redb::Error>>(
        medium: M,
        codec: Codec,
        published: Arc<Published>,
        progress: Arc<Progress>,
        recognise: impl FnOnce(&Database, &Codec) -> Result<(), E>,
    ) -> Result<Self, E> {
        let (database, snapshot) = contained(|| {
            let database = open(medium.open()?, &progress)?;
            if let Err(error) = recognise(&database, &codec) {
                return Ok(Err(error));
            }
            let snapshot = Snapshot::take(&database, &codec)?;
            Ok(Ok((database, snapshot)))
        })??;
        published.publish(snapshot);
        published.set_writable(true);
        Ok(Self { database: Some(database), medium, codec, published, progress, standing: Standing::Sound })
    }

    /// What can be done at present.
    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    /// Runs `batch` in one transaction and answers everyone in it.
    pub(super) fn commit(&mut self, batch: Vec<Work>) {
        if self.published.is_doubted() && self.standing != Standing::Damaged {
            self.stand(Standing::Failed);
            self.mend();
        }
        let mut batch = batch;
        while !batch.is_empty() {
            let works = self.works_at_once();
            if works == 0 {
                // Dropping the work tells everyone to try again. Of that, nothing happened.
                return;
            }
            let rest = batch.split_off(works.min(batch.len()));
            self.commit_at_once(batch);
            batch = rest;
        }
    }

    /// Runs `batch`, for which there is room, in one transaction.
    fn commit_at_once(&mut self, batch: Vec<Work>) {
        let Some(database) = &self.database else { return };
        match contained(|| transact(database, &self.codec, batch)) {
            Ok(committed) => {
                if let Some(snapshot) = committed.snapshot {
                    self.published.publish(snapshot);
                }
                for reply in committed.replies {
                    reply(true);
                }
            }
            Err(error) => {
                tracing::error!(%error, "the store did not commit; reopening it");
                self.stand(Standing::Failed);
                self.mend();
            }
        }
    }

    /// Tries whether more can be done than at present.
    pub(super) fn mend(&mut self) {
        match self.standing {
            Standing::Full => {
                self.works_at_once();
            }
            Standing::Failed => self.reopen(),
            Standing::Sound | Standing::Damaged => {}
        }
    }

    /// How many works have room in one transaction; none where the store takes no changes.
    fn works_at_once(&mut self) -> usize {
        let room = self.room();
        match self.standing {
            Standing::Sound if room < ROOM + ROOM_PER_WORK => self.stand(Standing::Full),
            Standing::Full if room >= ROOM_AGAIN => self.stand(Standing::Sound),
            _ => {}
        }
        let works = room.saturating_sub(ROOM) / ROOM_PER_WORK;
        if self.standing == Standing::Sound { usize::try_from(works).unwrap_or(usize::MAX) } else { 0 }
    }

    /// Where the system does not tell, writing will.
    fn room(&self) -> u64 {
        self.medium.room().unwrap_or(u64::MAX)
    }

    fn reopen(&mut self) {
        // The old database holds the lock. Until there is another, its snapshot answers as far as its cache goes.
        let old = self.database.take();
        let _ = contained(|| {
            drop(old);
            Ok(())
        });
        match contained(|| reopen(&self.medium, &self.codec, &self.progress)) {
            Ok((database, snapshot)) => {
                self.publish(database, snapshot);
                self.stand(Standing::Sound);
            }
            Err(error) if is_damage(&error) => {
                tracing::error!(%error, "the store is damaged; stop the service and run: idv restore DIRECTORY");
                self.published.withdraw();
                self.stand(Standing::Damaged);
            }
            Err(error) => {
                tracing::error!(%error, "the store takes no changes");
                match contained(|| reopen_to_read(&self.medium, &self.codec, &self.progress)) {
                    Ok((database, snapshot)) => self.publish(database, snapshot),
                    Err(error) => {
                        tracing::error!(%error, "the store cannot be read either");
                        self.published.withdraw();
                    }
                }
            }
        }
    }

    fn publish(&mut self, database: Database, snapshot: Snapshot) {
        self.published.publish(snapshot);
        self.database = Some(database);
    }

    fn stand(&mut self, standing: Standing) {
        if standing != self.standing {
            match standing {
                Standing::Sound => tracing::info!("the store takes changes again"),
                Standing::Full => tracing::error!("the disk is full; the store takes no changes until there is room"),
                // Told where the cause is known.
                Standing::Failed | Standing::Damaged => {}
            }
        }
        self.standing = standing;
        self.published.set_writable(standing == Standing::Sound);
    }
}

/// Opens the database on `backend`. What a crash left behind is repaired, and every page's checksum is looked at, after a
/// clean end too: what is wrong with the bytes is known before anything of them is used. Its `progress` is told.
pub(super) fn open(backend: impl StorageBackend, progress: &Arc<Progress>) -> Result<Database, redb::Error> {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_SIZE).set_check_integrity_on_open(true);
    progress.watch(true);
    commit_slots::settle(&backend)?;
    let database = builder.create_with_backend(Watched::new(backend, progress.clone()));
    progress.watch(false);
    Ok(database?)
}

/// Opens the database once more, and proves that it takes a transaction.
fn reopen(medium: &impl Medium, codec: &Codec, progress: &Arc<Progress>) -> Result<(Database, Snapshot), redb::Error> {
    let database = open(medium.open()?, progress)?;
    transact(&database, codec, vec![touch()])?;
    let snapshot = Snapshot::take(&database, codec)?;
    Ok((database, snapshot))
}

fn reopen_to_read(
    medium: &impl Medium,
    codec: &Codec,
    progress: &Arc<Progress>,
) -> Result<(Database, Snapshot), redb::Error> {
    let database = open(Overlay::new(medium.open_to_read()?)?, progress)?;
    let snapshot = Snapshot::take(&database, codec)?;
    Ok((database, snapshot))
}

/// The smallest work there is.
pub(super) fn touch() -> Work {
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method alone is of one lifetime only")]
    unasked(|tables| tables.touch())
}

/// Work of which nobody waits to hear. A fault in it is the store's.
pub(super) fn unasked(work: impl FnOnce(&mut Tables<'_>) -> Result<(), Fault> + Send + 'static) -> Work {
    Box::new(|tables| {
        work(tables).map_err(Fault::of_the_store)?;
        Ok(Box::new(|_| ()))
    })
}

/// What a batch came to: all of it is durable.
pub(super) struct Committed {
    /// How the store is now, if the batch changed anything.
    snapshot: Option<Snapshot>,
    replies: Vec<Reply>,
}

/// Runs `batch` in one durable transaction. On an error all of it happened or nothing, and nobody may be told that it did.
/// Where nothing was changed nothing is written: what was read is durable.
pub(super) fn transact(database: &Database, codec: &Codec, batch: Vec<Work>) -> Result<Committed, redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    // One-phase commits trust a checksum to tell a torn write; two phases leave nothing to tell.
    transaction.set_two_phase_commit(true);
    let mut tables = Tables::open(&transaction, codec)?;
    let replies = batch.into_iter().map(|work| work(&mut tables)).collect::<Result<_, _>>()?;
    let is_changed = tables.is_changed();
    drop(tables);
    if !is_changed {
        transaction.abort()?;
        return Ok(Committed { snapshot: None, replies });
    }
    transaction.commit()?;
    Ok(Committed { snapshot: Some(Snapshot::take(database, codec)?), replies })
}
