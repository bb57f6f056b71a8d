//! How much work waits on a core.
//!
//! A question is put behind all work that is ready, and what the core did until it came up is what whoever comes now has
//! to wait for. It is counted in the core's own time, so that a machine that gives the time to others, or none at all
//! for a while, is not mistaken for one that has too many logins.

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::Notify;

use crate::ops::clock::thread_time;

/// Requests and connections between two looks at the core's time.
const STRIDE: u32 = 16;

/// The work of a core that waits.
#[derive(Default)]
pub(super) struct Backlog {
    noted: Cell<u32>,
    question: Notify,
    /// When the question was put that has not come up yet.
    asked: Cell<Option<Duration>>,
    length: Cell<Duration>,
}

impl Backlog {
    /// Something comes.
    pub(super) fn note(&self) {
        self.noted.update(|noted| noted.wrapping_add(1));
        if self.noted.get().is_multiple_of(STRIDE) {
            match self.asked.get() {
                None => self.question.notify_one(),
                // At least that long, or it would have come up.
                Some(asked) => self.length.update(|length| length.max(thread_time().saturating_sub(asked))),
            }
        }
    }

    /// The time that the work that waits takes, as far as is known.
    pub(super) fn length(&self) -> Duration {
        self.length.get()
    }

    /// Answers the questions, for ever.
    pub(super) async fn measure(&self) {
        loop {
            self.question.notified().await;
            // To the end, lest an old answer stand when nothing comes any more.
            loop {
                let asked = thread_time();
                self.asked.set(Some(asked));
                tokio::task::yield_now().await;
                self.asked.set(None);
                self.length.set(thread_time().saturating_sub(asked));
                if self.length.get() < Duration::from_millis(1) {
                    break;
                }
            }
        }
    }
}
