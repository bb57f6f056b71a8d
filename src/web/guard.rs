//! Where panics end. A panic is a bug of ours: whoever met it gets a page with a reference, and everybody else, on the
//! same connection too, notices nothing.
//!
//! What a request leaves behind in the middle is safe to go on with: tenants and pages never change, the store's writer
//! has its own guard, and a lock of the process is taken over where a panic poisoned it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use super::error::Refusal;

/// What `work` returns.
///
/// # Errors
/// [`Refusal::Bug`] if it panics.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Refusal::Bug))
}

/// As [`guarded`], for work that waits.
pub(super) async fn awaited<T>(work: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
    let mut work = pin!(work);
    std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.unwrap_or(Poll::Ready(Err(Refusal::Bug)))
    })
    .await
}
