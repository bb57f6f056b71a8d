//! Forgetting what nobody can use any more.

use std::time::Duration;

use super::{Store, StoreError};
use crate::verification::time::Timestamp;

/// How long a spent request token is kept beyond the instant from which it is worthless. A machine's clock that runs a
/// day ahead for a while must not make idv forget tokens that are good again once it is set right.
const GRACE: Duration = Duration::from_hours(25);
/// How many are forgotten in one transaction, so that logins never wait long for it.
const BATCH: usize = 2000;

impl Store {
    /// Forgets the spent request tokens whose time is long over, and returns how many. More may be left: call again
    /// while it returns some.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was forgotten.
    pub async fn sweep(&self, now: Timestamp) -> Result<usize, StoreError> {
        let horizon = now.earlier(GRACE);
        self.transact(move |tables| tables.sweep_spent(horizon, BATCH)).await
    }
}
