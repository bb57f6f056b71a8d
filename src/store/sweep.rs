//! Forgetting what nobody can use any more, by a clock that may be wrong.

use std::time::Duration;

use super::{Store, StoreError};
use crate::verification::time::Timestamp;

/// How long a spent request token is kept after it was made: the hour for which it can be good, the most leeway that can
/// be configured, and a day.
const KEPT: Duration = Duration::from_hours(27);
/// How many are forgotten in one transaction, so that logins never wait long for it.
const BATCH: usize = 2000;

impl Store {
    /// Forgets the spent request tokens whose time is long over, and returns how many. More may be left: call again
    /// while it returns some.
    ///
    /// A clock that runs ahead, by whatever, makes idv forget nothing too early: time has passed only as far as a spent
    /// token says, in the tenant's own words. The newest of them are therefore kept until there are newer ones.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was forgotten.
    pub async fn sweep(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.transact(move |tables| {
            let Some(newest) = tables.newest_spent()? else { return Ok(0) };
            tables.sweep_spent(now.min(newest).earlier(KEPT), BATCH)
        })
        .await
    }
}
