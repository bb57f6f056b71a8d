//! A budget over memory: whoever takes of it waits until there is enough, in the order in which they came.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that may be taken at once.
pub(super) struct Budget {
    left: Mutex<usize>,
    returned: Condvar,
    /// Held by the one who is next, so that many small ones do not keep a large one waiting for ever.
    next: Mutex<()>,
}

impl Budget {
    pub(super) fn new(bytes: usize) -> Self {
        Self { left: Mutex::new(bytes), returned: Condvar::new(), next: Mutex::new(()) }
    }

    /// Takes `bytes`, which is no more than there are in all, and returns them when the share is dropped.
    pub(super) fn take(&self, bytes: usize) -> Share<'_> {
        let _next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let left = self.left();
        let left = self.returned.wait_while(left, |left| *left < bytes);
        *left.unwrap_or_else(PoisonError::into_inner) -= bytes;
        Share { of: self, bytes }
    }

    fn left(&self) -> MutexGuard<'_, usize> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was taken of a [`Budget`].
pub(super) struct Share<'a> {
    of: &'a Budget,
    bytes: usize,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.of.left() += self.bytes;
        self.of.returned.notify_all();
    }
}
