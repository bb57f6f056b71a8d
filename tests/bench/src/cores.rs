//! Cores of their own for the two sides of a run.

use anyhow::{Result, ensure};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

/// Starts a server on the first core alone, and leaves the others to this thread, and to the threads that it starts.
pub(crate) fn split<T>(start_server: impl FnOnce() -> Result<T>) -> Result<T> {
    let all = sched_getaffinity(None)?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|core| all.is_set(*core));
    let mut first = CpuSet::new();
    cores.by_ref().take(1).for_each(|core| first.set(core));
    let mut others = CpuSet::new();
    cores.for_each(|core| others.set(core));
    ensure!(others.count() > 0, "there is one core only: nothing is left for the load generator");
    // A process has the cores of the thread that starts it.
    sched_setaffinity(None, &first)?;
    let server = start_server();
    sched_setaffinity(None, &others)?;
    server
}

/// A thread that never rests, on the cores of the thread that begins it: whoever shares them gets about half of one.
pub(crate) struct Rival {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Rival {
    pub(crate) fn begin() -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let seen = is_over.clone();
        let thread = thread::spawn(move || {
            while !seen.load(Ordering::Relaxed) {
                std::hint::spin_loop();
            }
        });
        Self { is_over, thread: Some(thread) }
    }
}

impl Drop for Rival {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
