//! The writer: a thread that takes all work that waits and hands it to the engine, to be one transaction with one commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::engine::{Engine, Standing};
use super::error::StoreError;
use super::medium::Medium;
use super::opened::{Work, touch, unasked};
use super::progress::Progress;
use super::renew::Wake;
use super::threads::{Receiver, RecvTimeoutError, SyncSender, sync_channel, thread};
use crate::ops::clock::thread_time;
use crate::ops::count;

/// Work that may wait before more is turned away: a second's worth on a slow disk.
const QUEUE_LIMIT: usize = 4096;
/// Work that shares one commit at the most, so that the first does not wait for too many others.
const BATCH_LIMIT: usize = 1024;
/// How long to wait before the next try to do more than at present.
const MEND_PAUSE: Duration = Duration::from_secs(1);

/// Work that a batch must have for its time to say what each takes.
const TELLING: usize = 32;

/// What waits for the writer, and how long that takes it.
#[derive(Default)]
struct Backlog {
    works: AtomicU64,
    /// Of the writer's own time, in nanoseconds.
    each: AtomicU64,
}

impl Backlog {
    /// Has `batch` done, and learns from it what each takes.
    fn learn(&self, batch: Vec<Work>, commit: impl FnOnce(Vec<Work>)) {
        let (works, began) = (batch.len(), thread_time());
        commit(batch);
        if works >= TELLING {
            let each = thread_time().saturating_sub(began).as_nanos() / works as u128;
            self.each.store(each.try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
        }
    }

    fn length(&self) -> Duration {
        Duration::from_nanos(self.works.load(Ordering::Relaxed).saturating_mul(self.each.load(Ordering::Relaxed)))
    }
}

/// A work that waits. It does so no longer when this is dropped.
struct Waiting(Arc<Backlog>);

impl Waiting {
    fn begin(backlog: &Arc<Backlog>) -> Self {
        backlog.works.fetch_add(1, Ordering::Relaxed);
        Self(backlog.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.works.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whoever asked for `work` is answered when it waits no longer.
fn counted(work: Work, waiting: Waiting) -> Work {
    Box::new(move |tables| {
        let reply = work(tables)?;
        Ok(Box::new(move |committed| {
            drop(waiting);
            reply(committed);
        }))
    })
}

/// The handle to the writer's thread. The thread ends, and the file closes, when the last handle is dropped.
pub(super) struct Writer {
    /// Whoever else has it does so for a moment.
    queue: Option<Arc<SyncSender<Work>>>,
    thread: Option<thread::JoinHandle<()>>,
    backlog: Arc<Backlog>,
    progress: Arc<Progress>,
}

impl Writer {
    /// Starts the thread, which alone has the `engine`.
    pub(super) fn start(engine: Engine<impl Medium>, progress: Arc<Progress>) -> std::io::Result<Self> {
        let (queue, waiting) = sync_channel(QUEUE_LIMIT);
        let backlog = Arc::new(Backlog::default());
        let (shared, queue) = (backlog.clone(), Arc::new(queue));
        let wake = wake(&queue);
        let thread = thread::Builder::new()
            .name("idv-writer".into())
            .spawn(count::inherited(move || run(engine, &waiting, &shared, &wake)))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), backlog, progress })
    }

    pub(super) fn submit(&self, work: Work) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or(StoreError::Unavailable)?;
        queue.try_send(counted(work, Waiting::begin(&self.backlog))).map_err(|_| StoreError::Unavailable)
    }

    /// What the work that waits takes of the writer's time, where the last batches tell.
    pub(super) fn waiting(&self) -> Duration {
        self.backlog.length()
    }

    /// Makes the engine look at itself, where nobody else gives it anything to do.
    pub(super) fn wake(&self) {
        let _ = self.submit(touch());
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        self.progress.abandon();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Wakes the writer with something to do that is nothing. Where more waits than it takes, it is awake.
fn wake(queue: &Arc<SyncSender<Work>>) -> Wake {
    let queue = Arc::downgrade(queue);
    Arc::new(move || {
        if let Some(queue) = queue.upgrade() {
            let _ = queue.try_send(unasked(|_| Ok(())));
        }
    })
}

fn run(mut engine: Engine<impl Medium>, waiting: &Receiver<Work>, backlog: &Backlog, wake: &Wake) {
    engine.begin();
    engine.examine();
    work(&mut engine, waiting, backlog, wake);
    engine.end();
}

/// Does what waits until nobody can ask for more.
fn work(engine: &mut Engine<impl Medium>, waiting: &Receiver<Work>, backlog: &Backlog, wake: &Wake) {
    let mut mended_at = None;
    loop {
        engine.renew(wake);
        if engine.standing() == Standing::Sound {
            mended_at = None;
            let Ok(first) = waiting.recv() else { return };
            backlog.learn(batch(first, waiting), |batch| engine.commit(batch));
            continue;
        }
        // Work is answered at once, and does not put off the next try.
        let last: Instant = *mended_at.get_or_insert_with(now);
        match waiting.recv_timeout(MEND_PAUSE.saturating_sub(last.elapsed())) {
            Ok(first) => backlog.learn(batch(first, waiting), |batch| engine.commit(batch)),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                engine.mend();
                mended_at = Some(now());
            }
        }
    }
}

fn batch(first: Work, waiting: &Receiver<Work>) -> Vec<Work> {
    std::iter::once(first).chain(waiting.try_iter().take(BATCH_LIMIT - 1)).collect()
}

#[expect(clippy::disallowed_methods, reason = "a pause of this thread alone; nothing is decided by it")]
fn now() -> Instant {
    Instant::now()
}
