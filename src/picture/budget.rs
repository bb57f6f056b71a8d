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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn whoever_is_next_waits_until_there_is_enough_and_goes_before_those_behind() {
        let budget = Budget::new(10);
        let (told, tells) = channel();
        let first = budget.take(6);
        thread::scope(|scope| {
            let large = told.clone();
            scope.spawn({
                let budget = &budget;
                move || {
                    let _share = budget.take(10);
                    large.send("large").unwrap();
                }
            });
            // Until it is the one who is next.
            while budget.next.try_lock().is_ok() {
                thread::yield_now();
            }
            scope.spawn(|| {
                let _share = budget.take(1);
                told.send("small").unwrap();
            });
            assert!(tells.try_recv().is_err(), "there are 4 left, but somebody is next");
            drop(first);
            for expected in ["large", "small"] {
                assert_eq!(tells.recv_timeout(Duration::from_mins(1)), Ok(expected));
            }
        });
        assert_eq!(*budget.left(), 10);
    }

    #[test]
    fn what_fits_is_taken_at_once() {
        let budget = Budget::new(10);
        let (first, second) = (budget.take(6), budget.take(4));
        assert_eq!(*budget.left(), 0);
        drop(first);
        assert_eq!(*budget.left(), 6);
        drop(second);
        assert_eq!(*budget.left(), 10);
    }
}
