//! One operation again and again.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How many are prepared at once: few enough to stay in the processor's caches.
pub(crate) const BATCH: u32 = 64;

/// More than is kept for the next who wants as much, and less than is had from the system each time.
const LARGE: usize = 64 * 1024;

/// How often an operation runs, and whether it does.
pub(crate) struct Turns {
    pub(crate) batches: u32,
    /// Everything is prepared and nothing done: what this costs is no cost of the operation.
    pub(crate) idle: bool,
}

impl Turns {
    /// Prepares inputs and acts on them, a batch at a time. Gives how long the acts took.
    pub(crate) fn take<I, O>(&self, prepare: impl Fn() -> I, act: impl Fn(I) -> O) -> Duration {
        // The C library puts in order what was freed before at the first piece of this size that anybody wants, and how much
        // that is depends on what other threads did when.
        drop(black_box(Vec::<u8>::with_capacity(LARGE)));
        self.take_counted(prepare, act)
    }

    #[inline(never)] // Callgrind finds it by its name.
    fn take_counted<I, O>(&self, prepare: impl Fn() -> I, act: impl Fn(I) -> O) -> Duration {
        let mut inputs = Vec::with_capacity(BATCH as usize);
        let mut elapsed = Duration::ZERO;
        for _ in 0..self.batches {
            inputs.extend((0..BATCH).map(|_| prepare()));
            let started = Instant::now();
            for input in inputs.drain(..) {
                let input = black_box(input);
                if !self.idle {
                    drop(black_box(act(input)));
                }
            }
            elapsed += started.elapsed();
        }
        elapsed
    }
}
