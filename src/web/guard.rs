//! Where panics end. A panic is a bug of ours: whoever met it gets a page with a reference, and everybody else, on the
//! same connection too, notices nothing.
//!
//! What a request leaves behind in the middle is safe to go on with: tenants and pages never change, the store's writer
//! has its own guard, and a lock of the process is taken over where a panic poisoned it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// A panic, in place of what was asked for.
pub(crate) struct Panicked;

/// What `work` returns.
///
/// # Errors
/// [`Panicked`] if it panics, as whatever else may be wrong.
pub(crate) fn guarded<T, E: From<Panicked>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Panicked.into()))
}

/// As [`guarded`], for work that waits.
pub(crate) async fn awaited<T, E: From<Panicked>>(work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let mut work = pin!(work);
    std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.unwrap_or_else(|_| Poll::Ready(Err(Panicked.into())))
    })
    .await
}
