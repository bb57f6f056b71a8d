//! Forgetting what nobody can use any more, by a clock that may be wrong.

use std::convert::identity;
use std::time::Duration;

use super::tables::Writing;
use super::{Store, StoreError};
use crate::verification::time::{LOGIN_LIFETIME, Timestamp};

/// How long a spent request token is kept after it was made: the hour for which it can be good, the most leeway that can
/// be configured, and a day.
const KEPT: Duration = Duration::from_hours(27);
/// The most leeway that can be configured for a tenant's clock.
const LEEWAY: Duration = Duration::from_mins(5);
/// How many are forgotten in one transaction, so that logins never wait long for it.
const BATCH: usize = 2000;

impl Store {
    /// Forgets the spent request tokens whose time is long over, and what sessions remember whose login is over. Returns
    /// how many; more may be left: call again while it returns some.
    ///
    /// A clock that runs ahead, by whatever, makes idv forget no spent token too early: time has passed only as far as one
    /// of them says, in the tenant's own words. The newest of them are therefore kept until there are newer ones. What a
    /// session remembers goes by the clock: it holds more of a person, and who loses it goes back one page.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was forgotten.
    pub async fn sweep(&self, now: Timestamp) -> Result<usize, StoreError> {
        let work = move |tables: &mut Writing<'_>| {
            let sessions = tables.sweep_sessions(now.earlier(LOGIN_LIFETIME + LEEWAY), BATCH)?;
            let sessions = sessions + tables.sweep_operator_sessions(now)?;
            let Some(newest) = tables.newest_spent()? else { return Ok(sessions) };
            Ok(sessions + tables.sweep_spent(now.min(newest).earlier(KEPT), BATCH)?)
        };
        self.transact(work, identity).await
    }
}
