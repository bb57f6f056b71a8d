//! The one place that reads the system's clocks; and the beats of what is done again and again.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, clock_gettime};
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::verification::time::Timestamp;

/// Where the time comes from. Tests hand in their own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::new(system_now)
    }

    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time. Read once per request: one instant decides the whole of it, but for what others answer meanwhile.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the adapter")]
fn system_now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix(since_epoch.as_secs())
}

/// A beat at once, and then each `period`. One that comes late puts off those after it.
#[must_use]
pub fn beat(period: Duration) -> Interval {
    let mut beat = interval(period);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

/// How long something takes. Nothing is decided by it.
#[derive(Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// One that begins now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the adapter")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since then.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The time that this thread has been given by the machine. It stands still while others have it.
#[must_use]
pub fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}
