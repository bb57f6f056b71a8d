//! What who waits may expect, looked up once a minute at the most: for all of them it is the same.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::task::spawn_blocking;

use crate::store::{Store, StoreError};
use crate::verification::method::document::waits::{Usual, median, usual};
use crate::verification::method::{Evidence, Kind};
use crate::verification::time::Timestamp;

/// For how long what was looked up is good.
const GOOD: Duration = Duration::from_mins(1);
/// How many checks are looked through, the newest first: some are of other methods.
const CHECKS: usize = 1000;
/// The most cases that are looked at.
const CASES: usize = 100_000;

/// What is known of how long people wait.
#[derive(Default)]
pub struct Waits(Mutex<Known>);

#[derive(Default)]
struct Known {
    looked_up_at: Option<Timestamp>,
    /// None where nothing was found out.
    found: Option<Found>,
}

#[derive(Clone, Copy)]
struct Found {
    /// None where too few were decided.
    median: Option<Duration>,
    /// Since when the one waits who waits longest.
    oldest: Option<Timestamp>,
}

impl Waits {
    /// What may be said at `now` to who waits; nothing where that cannot be found out.
    pub(super) async fn usual(&self, store: &Store, now: Timestamp) -> Option<Usual> {
        if self.is_due(now) {
            let store = store.clone();
            let found = spawn_blocking(move || look_up(&store)).await.ok().and_then(Result::ok);
            *self.known() = Known { looked_up_at: Some(now), found };
        }
        self.told(now)
    }

    fn told(&self, now: Timestamp) -> Option<Usual> {
        let Found { median, oldest } = self.known().found?;
        usual(median, oldest, now)
    }

    /// Whether it is to be looked up. Whoever else asks meanwhile has what is known.
    fn is_due(&self, now: Timestamp) -> bool {
        let mut known = self.known();
        let is_good = known.looked_up_at.is_some_and(|at| (at..at.later(GOOD)).contains(&now));
        known.looked_up_at = if is_good { known.looked_up_at } else { Some(now) };
        !is_good
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look_up(store: &Store) -> Result<Found, StoreError> {
    let checks = store.last_checks(CHECKS)?;
    let decided = checks.iter().filter_map(|check| match &check.evidence {
        Evidence::Reviewed(reviewed) => Some((reviewed, check.at)),
        _ => None,
    });
    let median = median(decided);
    let oldest = std::cell::Cell::new(None::<Timestamp>);
    store.count_kept(Kind::Document, CASES, |kept| {
        let since = kept.case().and_then(|(_, since)| since);
        oldest.set(oldest.get().into_iter().chain(since).min());
        true
    })?;
    Ok(Found { median, oldest: oldest.get() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who came while another's page looked it up was told of a day, however long people waited.
    #[test]
    fn before_anything_is_found_out_nothing_is_said_and_one_looks_it_up() {
        let (waits, now) = (Waits::default(), Timestamp::from_unix(1_784_000_000));
        assert_eq!([waits.is_due(now), waits.is_due(now)], [true, false]);
        assert_eq!(waits.told(now), None);
        waits.known().found = Some(Found { median: None, oldest: None });
        assert_eq!(waits.told(now), Some(Usual::Day));
        assert!(!waits.is_due(now.later(GOOD).earlier(Duration::from_secs(1))) && waits.is_due(now.later(GOOD)));
    }
}
