//! Time as a value. Nothing below `verification` reads a clock.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A login lives an hour (contract 14), so a request token is of no use later than that after `iat`, whatever its `exp`
/// says.
pub const LOGIN_LIFETIME: Duration = Duration::from_hours(1);

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

    /// How long from `self` until `then`; zero if that is past.
    #[must_use]
    pub const fn until(self, then: Self) -> Duration {
        Duration::from_secs(then.0.saturating_sub(self.0))
    }
}
