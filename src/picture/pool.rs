//! Threads of their own for pictures: no login waits for one, and however many come at once, they take a fixed part of the
//! machine. Where a decoder panics is one file's end and nobody else's.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Refused;
use super::budget::Budget;
use super::develop::{Picture, develop, sha256};
use super::gate::{Admitted, MEMORY, SIDES, admit};

/// How many uploads may wait for a thread.
const WAITING: usize = 32;
/// And how long, with what is then made of them: the service cuts off whoever it has not answered 14 seconds after all came.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The upload is not one that is taken.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// As many wait as may, or for as long.
    #[error("too many pictures wait")]
    Busy,
    /// A bug, of ours or of the decoder's. All that may be told of the upload is its SHA-256.
    #[error("a picture could not be developed")]
    Panicked([u8; 32]),
}

type Job = Box<dyn FnOnce(&Budget) + Send>;

/// What makes a picture of an upload that the gate let through.
pub type Develop = fn(&[u8], Admitted) -> Result<Picture, Refused>;

/// Threads that develop pictures. When it is dropped they end, each after its last.
pub struct Pool {
    jobs: SyncSender<Job>,
    develop: Develop,
    patience: Duration,
}

impl Pool {
    /// Starts half as many threads as `cores`, and one at least.
    pub fn start(cores: usize) -> io::Result<Self> {
        Self::over(cores, develop)
    }

    /// The same, whatever makes pictures there.
    pub fn over(cores: usize, develop: Develop) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::sync_channel(WAITING);
        let (waiting, budget) = (Arc::new(Mutex::new(waiting)), Arc::new(Budget::new(MEMORY)));
        for number in 0..(cores / 2).max(1) {
            let (waiting, budget) = (Arc::clone(&waiting), Arc::clone(&budget));
            thread::Builder::new().name(format!("idv-picture-{number}")).spawn(move || work(&waiting, &budget))?;
        }
        Ok(Self { jobs, develop, patience: PATIENCE })
    }

    /// What is kept of `upload`. Whatever else that owns, such as its part of a budget, is held until then, whether or not
    /// anybody still waits; if nobody does when its turn comes, nothing is made of it.
    pub async fn develop<U>(&self, upload: U) -> Result<Picture, Fault>
    where
        U: AsRef<[u8]> + Send + 'static,
    {
        let develop = self.develop;
        self.run(upload, move |upload, budget| {
            let admitted = admit(upload, &SIDES)?;
            let _share = budget.take(admitted.memory);
            develop(upload, admitted)
        })
        .await
    }

    async fn run<U, T>(
        &self,
        upload: U,
        work: impl FnOnce(&[u8], &Budget) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Fault>
    where
        U: AsRef<[u8]> + Send + 'static,
        T: Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = move |budget: &Budget| {
            if answer.is_closed() {
                // Nobody waits for it any more, and others do.
                return;
            }
            let done = catch_unwind(AssertUnwindSafe(|| work(upload.as_ref(), budget)));
            let done = done.map_err(|_| Fault::Panicked(sha256(upload.as_ref())));
            drop(upload);
            let _ = answer.send(done.and_then(|done| done.map_err(Fault::Refused)));
        };
        self.jobs.try_send(Box::new(job)).map_err(|_| Fault::Busy)?;
        timeout(self.patience, answered).await.map_or(Err(Fault::Busy), |done| done.unwrap_or(Err(Fault::Busy)))
    }
}

fn work(waiting: &Mutex<Receiver<Job>>, budget: &Budget) {
    loop {
        // Waits with the lock held: the others wait for the lock.
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(budget),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic;
    use std::pin::Pin;

    use tokio::runtime::{self, Runtime};

    use super::*;

    fn runtime() -> Runtime {
        runtime::Builder::new_current_thread().enable_time().build().unwrap()
    }

    /// Polls `work` once: an upload is in the queue, or is refused there.
    async fn begun<T>(work: &mut (impl Future<Output = T> + Unpin)) -> Option<T> {
        timeout(Duration::ZERO, work).await.ok()
    }

    /// An upload that keeps a thread of `pool`, until what comes with it is dropped.
    async fn held(pool: &Pool) -> (Pin<Box<impl Future<Output = Result<(), Fault>>>>, mpsc::Sender<()>) {
        let (started, starts) = mpsc::channel();
        let (go, gone) = mpsc::channel::<()>();
        let mut held = Box::pin(pool.run(b"held", move |_, _| {
            started.send(()).unwrap();
            let _ = gone.recv();
            Ok(())
        }));
        assert_eq!(begun(&mut held).await, None);
        starts.recv_timeout(Duration::from_mins(1)).unwrap();
        (held, go)
    }

    #[test]
    fn a_panic_is_told_by_the_uploads_digest_and_the_next_is_developed() {
        let pool = Pool::start(1).unwrap();
        runtime().block_on(async {
            let panicked = pool.run::<_, ()>(b"upload", |_, _| panic::resume_unwind(Box::new("a bug"))).await;
            assert_eq!(panicked, Err(Fault::Panicked(sha256(b"upload"))));
            assert_eq!(pool.run(b"next", |upload, _| Ok(upload.len())).await, Ok(4));
        });
    }

    #[test]
    fn a_panic_returns_what_it_took_of_the_budget() {
        let pool = Pool::start(1).unwrap();
        runtime().block_on(async {
            for _ in 0..3 {
                let panicked = pool.run::<_, ()>(b"upload", |_, budget| {
                    let _share = budget.take(MEMORY);
                    panic::resume_unwind(Box::new("a bug"))
                });
                assert!(matches!(timeout(Duration::from_mins(1), panicked).await, Ok(Err(Fault::Panicked(_)))));
            }
        });
    }

    #[test]
    fn one_more_than_may_wait_is_told_that_it_is_busy_at_once() {
        let pool = Pool::start(2).unwrap();
        runtime().block_on(async {
            let (first, go) = held(&pool).await;
            let mut waiting = Vec::new();
            for _ in 0..WAITING {
                let mut next = Box::pin(pool.run(b"waits", |_, _| Ok(())));
                assert_eq!(begun(&mut next).await, None);
                waiting.push(next);
            }
            assert_eq!(pool.run(b"one more", |_, _| Ok(())).await, Err(Fault::Busy));
            drop(go);
            assert_eq!(first.await, Ok(()));
            for next in waiting {
                assert_eq!(next.await, Ok(()));
            }
        });
    }

    /// They were cut off without a word, and whoever had hung up kept others waiting for what nobody would see.
    #[test]
    fn whoever_waits_too_long_is_told_so_and_what_nobody_waits_for_is_not_begun() {
        let mut pool = Pool::start(1).unwrap();
        let (begins, begun_ones) = mpsc::channel();
        let upload = Arc::<[u8]>::from(*b"upload");
        runtime().block_on(async {
            let (first, go) = held(&pool).await;
            drop(first);
            pool.patience = Duration::from_millis(10);
            let late = pool.run(Arc::clone(&upload), move |_, _| {
                begins.send(()).unwrap();
                Ok(())
            });
            assert_eq!(timeout(Duration::from_mins(1), late).await, Ok(Err(Fault::Busy)));
            drop(go);
            pool.patience = PATIENCE;
            assert_eq!(pool.run(b"next", |_, _| Ok(())).await, Ok(()));
        });
        assert_eq!((begun_ones.try_iter().count(), Arc::strong_count(&upload)), (0, 1));
    }

    #[test]
    fn an_upload_is_held_until_it_is_done_whoever_still_waits() {
        let pool = Pool::start(1).unwrap();
        let (go, gone) = mpsc::channel::<()>();
        let upload = Arc::<[u8]>::from(*b"upload");
        runtime().block_on(async {
            let mut left = Box::pin(pool.run(Arc::clone(&upload), move |_, _| {
                let _ = gone.recv();
                Ok(())
            }));
            assert_eq!(begun(&mut left).await, None);
            drop(left);
            assert_eq!(Arc::strong_count(&upload), 2);
            drop(go);
            assert_eq!(pool.run(b"next", |_, _| Ok(())).await, Ok(()));
        });
        assert_eq!(Arc::strong_count(&upload), 1);
    }

    #[test]
    fn half_the_cores_develop_pictures_and_one_at_least() {
        for (cores, threads) in [(0, 1), (1, 1), (2, 1), (3, 1), (4, 2), (9, 4)] {
            let pool = Pool::start(cores).unwrap();
            let (started, starts) = mpsc::channel();
            let (go, gone) = mpsc::channel::<()>();
            let gone = Arc::new(Mutex::new(gone));
            runtime().block_on(async {
                let mut all = Vec::new();
                for _ in 0..=threads {
                    let (started, gone) = (started.clone(), Arc::clone(&gone));
                    let mut next = Box::pin(pool.run(b"", move |_, _| {
                        started.send(thread::current().id()).unwrap();
                        let _ = gone.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        Ok(())
                    }));
                    assert_eq!(begun(&mut next).await, None);
                    all.push(next);
                }
                let seen: std::collections::HashSet<_> =
                    (0..threads).map(|_| starts.recv_timeout(Duration::from_mins(1)).unwrap()).collect();
                assert_eq!(seen.len(), threads, "of {cores} cores");
                assert!(starts.try_recv().is_err(), "of {cores} cores");
                drop(go);
                for next in all {
                    assert_eq!(next.await, Ok(()));
                }
            });
        }
    }
}
