//! Time as a value. Nothing below `verification` reads a clock.

use std::fmt;
use std::num::TryFromIntError;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A login lives an hour (contract 14), so a request token is of no use later than that after `iat`, whatever its `exp`
/// says.
pub const LOGIN_LIFETIME: Duration = Duration::from_hours(1);

/// A day, as rules and schedules count them.
pub const DAY: Duration = Duration::from_hours(24);

/// An instant in whole seconds since the UNIX epoch, as `NumericDate` in tokens (RFC 7519 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The instant `seconds` after the UNIX epoch.
    #[must_use]
    pub const fn from_unix(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since the UNIX epoch.
    #[must_use]
    pub const fn as_unix(self) -> u64 {
        self.0
    }

    /// This instant and `by` later.
    #[must_use]
    pub const fn later(self, by: Duration) -> Self {
        Self(self.0.saturating_add(by.as_secs()))
    }

    /// This instant and `by` earlier, not before the epoch.
    #[must_use]
    pub const fn earlier(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(by.as_secs()))
    }

    /// The day that it falls on in UTC, counted from the UNIX epoch.
    #[must_use]
    pub const fn day(self) -> u64 {
        self.0 / DAY.as_secs()
    }

    /// How long from `self` until `then`; zero if that is past.
    #[must_use]
    pub const fn until(self, then: Self) -> Duration {
        Duration::from_secs(then.0.saturating_sub(self.0))
    }
}

/// As people and records have it: RFC 3339, in UTC. What no calendar reaches is its end.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        jiff::Timestamp::from(*self).fmt(f)
    }
}

impl From<Timestamp> for jiff::Timestamp {
    fn from(at: Timestamp) -> Self {
        let seconds = i64::try_from(at.0).ok();
        seconds.and_then(|seconds| Self::from_second(seconds).ok()).unwrap_or(Self::MAX)
    }
}

/// Up to its second; not before the epoch.
impl TryFrom<jiff::Timestamp> for Timestamp {
    type Error = TryFromIntError;

    fn try_from(at: jiff::Timestamp) -> Result<Self, Self::Error> {
        at.as_second().try_into().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_utc_and_read_from_the_epoch_on() {
        assert_eq!(Timestamp::from_unix(1_784_000_000).to_string(), "2026-07-14T03:33:20Z");
        let last = Timestamp::from_unix(u64::MAX).to_string();
        assert!(last.starts_with("9999-12-"), "{last}");
        let read = |text: &str| text.parse::<jiff::Timestamp>().unwrap().try_into().ok();
        assert_eq!(read("2026-07-14T05:33:20.9+02:00"), Some(Timestamp::from_unix(1_784_000_000)));
        assert_eq!(read("1970-01-01T00:00:00Z"), Some(Timestamp::from_unix(0)));
        assert_eq!(read("1969-12-31T23:59:59Z"), None);
    }
}
