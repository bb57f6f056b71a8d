//! For how long somebody has given verdicts without a break. Nobody but their own browser knows it.

use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::HeaderValue;

use super::Console;
use super::cookie;
use crate::verification::time::Timestamp;

const NAME: &str = "idv-pace";
/// After so long without a verdict there was a break.
const BREAK: Duration = Duration::from_mins(10);
/// After so long without one it is time for it.
const LONG: Duration = Duration::from_mins(40);

/// From the first verdict since the last break to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    first: Timestamp,
    last: Timestamp,
}

impl Pace {
    fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('.')?;
        let instant = |text: &str| text.parse().ok().map(Timestamp::from_unix);
        Some(Self { first: instant(first)?, last: instant(last)? })
    }

    /// It, after a verdict `now`.
    fn after(before: Option<Self>, now: Timestamp) -> Self {
        let goes_on = before.filter(|pace| now < pace.last.later(BREAK));
        Self { first: goes_on.map_or(now, |pace| pace.first), last: now }
    }

    /// Whether a break would do them good.
    pub(super) fn is_long(self, now: Timestamp) -> bool {
        now < self.last.later(BREAK) && self.first.later(LONG) <= self.last
    }
}

/// What their browser knows of it.
pub(super) fn of(console: &Console, headers: &HeaderMap) -> Option<Pace> {
    cookie::remembered(console, NAME, headers).and_then(Pace::parse)
}

/// The header by which it knows of a verdict `now`.
pub(super) fn after(console: &Console, headers: &HeaderMap, now: Timestamp) -> HeaderValue {
    let Pace { first, last } = Pace::after(of(console, headers), now);
    cookie::remember(console, NAME, &format!("{}.{}", first.as_unix(), last.as_unix()), LONG)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: u64) -> Timestamp {
        Timestamp::from_unix(minutes * 60)
    }

    #[test]
    fn after_forty_minutes_of_verdicts_a_break_is_suggested_until_there_was_one() {
        let verdicts =
            |minutes: &[u64]| minutes.iter().fold(None, |pace, minute| Some(Pace::after(pace, at(*minute)))).unwrap();
        assert!(verdicts(&[0, 9, 18, 27, 36, 40]).is_long(at(40)));
        assert!(!verdicts(&[0, 9, 18, 27, 36, 39]).is_long(at(40)), "not yet");
        assert!(!verdicts(&[0, 10, 19, 28, 37, 46]).is_long(at(46)), "ten minutes are a break");
        let long = verdicts(&[0, 9, 18, 27, 36, 45]);
        assert!(long.is_long(at(54)) && !long.is_long(at(55)), "they are having it");
    }

    #[test]
    fn what_is_no_pace_is_none() {
        assert_eq!(Pace::parse("60.120"), Some(Pace { first: at(1), last: at(2) }));
        for bad in ["", "60", "60.", ".60", "a.b", "-1.2", "1.2.3"] {
            assert_eq!(Pace::parse(bad), None, "{bad}");
        }
    }
}
