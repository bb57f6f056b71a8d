//! What a provider says of itself, in memory: its metadata and its keys, each for as long as it says, and a day longer where
//! it cannot be asked. One request at a time asks; the others wait for it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::verification::method::oidc::fault::{Fault, Rejected};
use crate::verification::time::Timestamp;

/// The shortest and the longest time for which what a provider says is taken to hold, whatever it says.
const FRESH: [Duration; 2] = [Duration::from_mins(5), Duration::from_hours(24)];
/// How long it is used beyond that, where the provider cannot be asked.
const STALE: Duration = Duration::from_hours(24);
/// After so many failures in a row the provider counts as down.
const DOWN: u32 = 3;
/// How often one that is down is asked whether it still is.
const PAUSE: Duration = Duration::from_secs(30);
/// How often it is asked for keys because of one that is not among those that are known.
const PAUSE_OF_KEYS: Duration = Duration::from_mins(1);

/// What was said, and until when it holds.
pub(crate) struct Said<T> {
    pub(crate) what: T,
    /// For how long, if the provider says so.
    pub(crate) max_age: Option<Duration>,
}

struct Held<T> {
    what: Arc<T>,
    asked_at: Timestamp,
    /// Until then nobody asks.
    fresh_until: Timestamp,
    /// Until then it serves where the provider cannot be asked.
    usable_until: Timestamp,
}

/// One thing that a provider says of itself.
pub(crate) struct Memory<T> {
    held: Mutex<Option<Held<T>>>,
    /// Held by who asks. When somebody last asked [anew](Self::anew).
    turn: tokio::sync::Mutex<Option<Timestamp>>,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self { held: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }
}

impl<T> Memory<T> {
    /// What the provider says: as it was said before, or as `ask` has it now.
    pub(crate) async fn get<F>(
        &self,
        health: &Health,
        now: Timestamp,
        ask: impl FnOnce() -> F,
    ) -> Result<Arc<T>, Rejected>
    where
        F: Future<Output = Result<Said<T>, Rejected>>,
    {
        if let Some(what) = self.held(|held| now < held.fresh_until && held.asked_at <= now) {
            return Ok(what);
        }
        let _turn = self.turn.lock().await;
        if let Some(what) = self.held(|held| now < held.fresh_until && held.asked_at <= now) {
            return Ok(what);
        }
        let said = if health.may_ask(now) { ask().await } else { Err(Fault::ProviderDown.into()) };
        match said {
            Ok(said) => Ok(self.keep(said, now)),
            // What it says amiss counts no less than that it says nothing: what it said before was right.
            Err(rejected) => self.used_on(now).ok_or(rejected),
        }
    }

    /// What was said before, if it still serves; for a while without anybody's asking, so that people do not wait in turn for
    /// a provider that does not answer.
    fn used_on(&self, now: Timestamp) -> Option<Arc<T>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = held.as_mut().filter(|held| now < held.usable_until)?;
        held.fresh_until = now.later(PAUSE).min(held.usable_until);
        Some(held.what.clone())
    }

    /// What the provider says now, because what it said before does not do. It is asked at most once a minute: in between
    /// it is what it said then, which others may have asked for meanwhile.
    pub(crate) async fn anew<F>(&self, now: Timestamp, ask: impl FnOnce() -> F) -> Option<Arc<T>>
    where
        F: Future<Output = Result<Said<T>, Rejected>>,
    {
        let mut turn = self.turn.lock().await;
        if turn.is_some_and(|at| at <= now && now < at.later(PAUSE_OF_KEYS)) {
            return self.held(|_| true);
        }
        *turn = Some(now);
        let said = ask().await.ok()?;
        Some(self.keep(said, now))
    }

    fn keep(&self, Said { what, max_age }: Said<T>, now: Timestamp) -> Arc<T> {
        let [shortest, longest] = FRESH;
        let fresh_until = now.later(max_age.unwrap_or(shortest).clamp(shortest, longest));
        let what = Arc::new(what);
        let held = Held { what: what.clone(), asked_at: now, fresh_until, usable_until: fresh_until.later(STALE) };
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
        what
    }

    fn held(&self, counts: impl FnOnce(&Held<T>) -> bool) -> Option<Arc<T>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|held| counts(held)).map(|held| held.what.clone())
    }
}

/// Whether a provider is there.
#[derive(Default)]
pub(crate) struct Health(Mutex<Failures>);

#[derive(Clone, Copy, Default)]
struct Failures {
    in_a_row: u32,
    last_at: Option<Timestamp>,
}

impl Health {
    /// The provider answered, or did not.
    pub(crate) fn note(&self, is_there: bool, now: Timestamp) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *failures = if is_there {
            Failures::default()
        } else {
            Failures { in_a_row: failures.in_a_row.saturating_add(1), last_at: Some(now) }
        };
    }

    /// Whether it has not been there for several requests in a row.
    pub(crate) fn is_down(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).in_a_row >= DOWN
    }

    /// Whether it may be asked: one that is down is left alone for a while, and then one request tries.
    pub(crate) fn may_ask(&self, now: Timestamp) -> bool {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = failures.last_at.is_some_and(|at| at <= now && now < at.later(PAUSE));
        if failures.in_a_row < DOWN {
            return true;
        }
        if is_recent {
            return false;
        }
        failures.last_at = Some(now);
        true
    }
}
