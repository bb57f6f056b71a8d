//! The writer: a thread that takes all work that waits and hands it to the engine, to be one transaction with one commit.

use std::time::{Duration, Instant};

use super::StoreError;
use super::engine::{Engine, Standing, Work, touch};
use super::medium::Medium;
use super::threads::{Receiver, RecvTimeoutError, SyncSender, sync_channel, thread};

/// Work that may wait before more is turned away: a second's worth on a slow disk.
const QUEUE_LIMIT: usize = 4096;
/// Work that shares one commit at the most, so that the first does not wait for too many others.
const BATCH_LIMIT: usize = 1024;
/// How long to wait before the next try to do more than at present.
const MEND_PAUSE: Duration = Duration::from_secs(1);

/// The handle to the writer's thread. The thread ends, and the file closes, when the last handle is dropped.
pub(super) struct Writer {
    queue: Option<SyncSender<Work>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, which alone has the `engine`.
    pub(super) fn start(engine: Engine<impl Medium>) -> std::io::Result<Self> {
        let (queue, waiting) = sync_channel(QUEUE_LIMIT);
        let thread = thread::Builder::new().name("idv-writer".into()).spawn(move || run(engine, &waiting))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) fn submit(&self, work: Work) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or(StoreError::Unavailable)?;
        queue.try_send(work).map_err(|_| StoreError::Unavailable)
    }

    /// Makes the engine look at itself, where nobody else gives it anything to do.
    pub(super) fn wake(&self) {
        let _ = self.submit(touch());
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

fn run(mut engine: Engine<impl Medium>, waiting: &Receiver<Work>) {
    let mut mended_at = None;
    loop {
        if engine.standing() == Standing::Sound {
            mended_at = None;
            let Ok(first) = waiting.recv() else { return };
            engine.commit(batch(first, waiting));
            continue;
        }
        // Work is answered at once, and does not put off the next try.
        let last: Instant = *mended_at.get_or_insert_with(now);
        match waiting.recv_timeout(MEND_PAUSE.saturating_sub(last.elapsed())) {
            Ok(first) => engine.commit(batch(first, waiting)),
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
