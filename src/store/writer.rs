//! The writer: a thread that takes all work that waits, runs it in one transaction, commits once, and answers all.
//!
//! A failing disk does not end the process. redb refuses everything after an input or output error until the file is
//! reopened, so the writer reopens it: nothing that was acknowledged is in the lost transaction, and everyone in it is
//! told that nothing happened.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use redb::{Database, Durability};

use super::StoreError;
use super::codec::Codec;
use super::file::StoreFile;
use super::snapshot::{Published, Snapshot};
use super::tables::Tables;

/// What happens inside the transaction. An error voids the whole transaction.
pub(super) type Work = Box<dyn FnOnce(&mut Tables<'_>) -> Result<Reply, redb::Error> + Send>;
/// What happens after it: told whether it is durable.
pub(super) type Reply = Box<dyn FnOnce(bool) + Send>;

/// Work that may wait before more is turned away: a second's worth on a slow disk.
const QUEUE_LIMIT: usize = 4096;
/// Work that shares one commit at the most, so that the first does not wait for too many others.
const BATCH_LIMIT: usize = 1024;
/// How long to wait before the next try to reopen a file that did not open.
const REOPEN_PAUSE: Duration = Duration::from_millis(200);

/// The handle to the writer's thread. The thread ends, and the file closes, when the last handle is dropped.
pub(super) struct Writer {
    queue: Option<SyncSender<Work>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on an open `database` of `file`, which it reopens when it must.
    pub(super) fn start(
        file: StoreFile,
        database: Database,
        codec: Codec,
        published: Arc<Published>,
    ) -> Result<Self, redb::Error> {
        published.publish(Snapshot::take(&database, &codec)?);
        let (queue, waiting) = sync_channel(QUEUE_LIMIT);
        let state = State { file, database: Some(database), codec, published };
        let thread = thread::Builder::new().name("idv-writer".into()).spawn(move || state.run(&waiting))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) fn submit(&self, work: Work) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or(StoreError::Unavailable)?;
        queue.try_send(work).map_err(|_| StoreError::Unavailable)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct State {
    file: StoreFile,
    database: Option<Database>,
    codec: Codec,
    published: Arc<Published>,
}

impl State {
    fn run(mut self, waiting: &Receiver<Work>) {
        while let Ok(first) = waiting.recv() {
            let batch = std::iter::once(first).chain(waiting.try_iter().take(BATCH_LIMIT - 1)).collect();
            self.commit(batch);
        }
        self.published.withdraw();
    }

    fn commit(&mut self, batch: Vec<Work>) {
        let Some(database) = &self.database else {
            // Dropping the work tells everyone that nothing happened.
            drop(batch);
            return self.reopen();
        };
        // A panic is a bug of the engine or ours on one file: contained like a failing disk.
        let result = catch_unwind(AssertUnwindSafe(|| transact(database, &self.codec, batch)));
        match result {
            Ok(Ok((snapshot, replies))) => {
                self.published.publish(snapshot);
                for reply in replies {
                    reply(true);
                }
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the store did not commit; reopening it");
                self.reopen();
            }
            Err(_) => {
                tracing::error!("the store's engine panicked; reopening it");
                self.reopen();
            }
        }
    }

    /// Closes the file and opens it again. Where that fails, the next work tries once more.
    fn reopen(&mut self) {
        self.published.withdraw();
        self.database = None;
        match catch_unwind(AssertUnwindSafe(|| self.reopened())) {
            Ok(Ok((database, snapshot))) => {
                self.database = Some(database);
                self.published.publish(snapshot);
                tracing::info!("the store is open again");
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the store did not reopen");
                thread::sleep(REOPEN_PAUSE);
            }
            Err(_) => thread::sleep(REOPEN_PAUSE),
        }
    }

    fn reopened(&self) -> Result<(Database, Snapshot), redb::Error> {
        let database = self.file.open()?;
        let snapshot = Snapshot::take(&database, &self.codec)?;
        Ok((database, snapshot))
    }
}

/// Runs `batch` in one durable transaction. On an error nothing of it happened.
fn transact(database: &Database, codec: &Codec, batch: Vec<Work>) -> Result<(Snapshot, Vec<Reply>), redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    // One-phase commits trust a checksum to tell a torn write; two phases leave nothing to tell.
    transaction.set_two_phase_commit(true);
    let mut tables = Tables::open(&transaction, codec)?;
    let replies = batch.into_iter().map(|work| work(&mut tables)).collect::<Result<_, _>>()?;
    drop(tables);
    transaction.commit()?;
    Ok((Snapshot::take(database, codec)?, replies))
}
