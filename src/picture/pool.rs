//! Threads of their own for pictures: no login waits for one, and however many come at once, they take a fixed part of the
//! machine. Where a decoder panics is one file's end and nobody else's.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use thiserror::Error;
use tokio::sync::oneshot;

use super::Refused;
use super::budget::Budget;
use super::develop::{Picture, develop, sha256};
use super::gate::{MEMORY, SIDES, admit};

/// How many uploads may wait for a thread.
const WAITING: usize = 32;

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The upload is not one that is taken.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// As many wait as may.
    #[error("too many pictures wait")]
    Busy,
    /// A bug, of ours or of the decoder's. All that may be told of the upload is its SHA-256.
    #[error("a picture could not be developed")]
    Panicked([u8; 32]),
}

type Job = Box<dyn FnOnce(&Budget) + Send>;

/// Threads that develop pictures. When it is dropped they end, each after its last.
pub struct Pool {
    jobs: SyncSender<Job>,
}

impl Pool {
    /// Starts half as many threads as `cores`, and one at least.
    pub fn start(cores: usize) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::sync_channel(WAITING);
        let (waiting, budget) = (Arc::new(Mutex::new(waiting)), Arc::new(Budget::new(MEMORY)));
        for number in 0..(cores / 2).max(1) {
            let (waiting, budget) = (Arc::clone(&waiting), Arc::clone(&budget));
            thread::Builder::new().name(format!("idv-picture-{number}")).spawn(move || work(&waiting, &budget))?;
        }
        Ok(Self { jobs })
    }

    /// What is kept of `upload`. Whatever else that owns, such as its part of a budget, is held until then, whether or not
    /// anybody still waits.
    pub async fn develop<U>(&self, upload: U) -> Result<Picture, Fault>
    where
        U: AsRef<[u8]> + Send + 'static,
    {
        self.run(upload, |upload, budget| {
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
            let done = catch_unwind(AssertUnwindSafe(|| work(upload.as_ref(), budget)));
            let done = done.map_err(|_| Fault::Panicked(sha256(upload.as_ref())));
            drop(upload);
            let _ = answer.send(done.and_then(|done| done.map_err(Fault::Refused)));
        };
        self.jobs.try_send(Box::new(job)).map_err(|_| Fault::Busy)?;
        answered.await.unwrap_or(Err(Fault::Busy))
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
