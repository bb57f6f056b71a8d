//! The requests of a run, shared by all that send them.

use crate::request::Body;
use hyper::Request;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Prepared requests, handed out in turn.
pub(crate) struct Supply {
    requests: Vec<Request<Body>>,
    next: AtomicUsize,
    repeats: bool,
}

impl Supply {
    /// Each request is sent once: the run ends with the last.
    pub(crate) fn once(requests: Vec<Request<Body>>) -> Self {
        Self { requests, next: AtomicUsize::new(0), repeats: false }
    }

    /// The requests go round and round.
    pub(crate) fn repeating(requests: Vec<Request<Body>>) -> Self {
        Self { requests, next: AtomicUsize::new(0), repeats: true }
    }

    pub(crate) fn take(&self) -> Option<Request<Body>> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let place = if self.repeats { next.checked_rem(self.requests.len())? } else { next };
        self.requests.get(place).cloned()
    }
}
