//! Of when a report tells.

use std::iter;
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::verification::time::Timestamp;

/// The most steps into which a range is divided.
const STEPS: usize = 62;
/// The longest range, in seconds: 60 years.
const LONGEST: u64 = 60 * 366 * 24 * 60 * 60;

const SECOND: Duration = Duration::from_secs(1);

/// From an instant on, up to another that is not in it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Range {
    /// The first instant.
    #[serde(serialize_with = "serialize")]
    pub from: Timestamp,
    /// The first instant after it.
    #[serde(serialize_with = "serialize")]
    pub until: Timestamp,
}

/// Why there is no such range.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RangeError {
    /// It is not a time.
    #[error("{0} is neither a day, such as 2026-07-01, nor an instant, such as 2026-07-01T12:00:00Z, after 1970")]
    NoTime(String),
    /// Nothing is in it.
    #[error("the range ends before it begins")]
    Empty,
    /// It is too long.
    #[error("the range is longer than 60 years")]
    TooLong,
}

/// By what a range is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// By days of UTC.
    Day,
    /// By seven of them, from the first day on.
    Week,
    /// By months.
    Month,
    /// By years.
    Year,
}

impl Range {
    /// The range from `from` to `to`: a day is in it as a whole, and an instant ends it. Without an end the second that is
    /// `now` is its last; without either it is the last whole month.
    ///
    /// # Errors
    /// [`RangeError`].
    pub fn new(from: Option<&str>, to: Option<&str>, now: Timestamp) -> Result<Self, RangeError> {
        let Some(from) = from else { return Ok(Self::last_month(now)) };
        let from = begins(from)?;
        let until = to.map_or(Ok(now.later(SECOND)), ends)?;
        match from.until(until).as_secs() {
            0 => Err(RangeError::Empty),
            length if length > LONGEST => Err(RangeError::TooLong),
            _ => Ok(Self { from, until }),
        }
    }

    fn last_month(now: Timestamp) -> Self {
        let this = day(now).first_of_month();
        let last = this.checked_sub(1.month()).unwrap_or(this);
        Self { from: midnight(last), until: midnight(this) }
    }

    /// Whether it goes on, for who looks at it `now`.
    pub(super) fn is_open(&self, now: Timestamp) -> bool {
        self.until > now.later(SECOND)
    }

    /// Whether `at` is in it.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        (self.from..self.until).contains(&at)
    }

    /// How it is divided, with the beginning of each part: by the shortest step of which there are not too many.
    pub(super) fn divided(&self) -> (Step, Vec<Timestamp>) {
        let all = [Step::Day, Step::Week, Step::Month].into_iter().map(|step| (step, self.by(step)));
        let few = all.into_iter().find(|(_, parts)| parts.len() <= STEPS);
        few.unwrap_or_else(|| (Step::Year, self.by(Step::Year)))
    }

    fn by(&self, step: Step) -> Vec<Timestamp> {
        let first = day(self.from);
        let next = |number: i32| match step {
            Step::Day => first.checked_add(number.days()),
            Step::Week => first.checked_add((7 * number).days()),
            Step::Month => first.first_of_month().checked_add(number.months()),
            Step::Year => first.first_of_year().checked_add(number.years()),
        };
        let later = (1..).map_while(|number| next(number).ok()).map(midnight).take_while(|at| *at < self.until);
        iter::once(self.from).chain(later).take(STEPS + 1).collect()
    }

    /// As people read it: both days where it is of whole days, else both instants.
    pub(super) fn words(&self) -> String {
        let (first, last) = (day(self.from), day(Timestamp::from_unix(self.until.as_unix().saturating_sub(1))));
        let is_whole = [self.from, self.until].iter().all(|at| midnight(day(*at)) == *at);
        match (is_whole, first == last) {
            (true, true) => format!("{first} (UTC)"),
            (true, false) => format!("{first} to {last} (whole days, UTC)"),
            (false, _) => format!("{} up to {}", self.from, self.until),
        }
    }
}

impl Step {
    /// How a part that begins `at` is called.
    pub(super) fn name(self, at: Timestamp) -> String {
        let day = day(at);
        match self {
            Self::Day | Self::Week => day.to_string(),
            Self::Month => format!("{:04}-{:02}", day.year(), day.month()),
            Self::Year => format!("{:04}", day.year()),
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// The instant from which a range is that begins with the day or instant `text`.
///
/// # Errors
/// [`RangeError::NoTime`].
pub fn begins(text: &str) -> Result<Timestamp, RangeError> {
    whole_day(text).map_or_else(|| exact(text), |day| Ok(midnight(day)))
}

/// The first instant after a range that ends with `text`: with the day, which is in it as a whole, or before the instant.
///
/// # Errors
/// [`RangeError::NoTime`].
pub fn ends(text: &str) -> Result<Timestamp, RangeError> {
    let next = |day: Date| day.tomorrow().map(midnight).map_err(|_| RangeError::NoTime(text.to_owned()));
    whole_day(text).map_or_else(|| exact(text), next)
}

fn whole_day(text: &str) -> Option<Date> {
    let is_date = text.len() == "2026-07-01".len();
    text.parse().ok().filter(|day: &Date| is_date && day.year() >= 1970)
}

fn exact(text: &str) -> Result<Timestamp, RangeError> {
    let at: Option<jiff::Timestamp> = text.parse().ok();
    at.and_then(|at| at.try_into().ok()).ok_or_else(|| RangeError::NoTime(text.to_owned()))
}

fn midnight(day: Date) -> Timestamp {
    let at = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
    at.and_then(|at| at.try_into().ok()).unwrap_or(Timestamp::from_unix(0))
}

fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at.into()).date()
}

/// By RFC 3339, and not in seconds as it is elsewhere.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
pub(super) fn serialize<S: Serializer>(at: &Timestamp, wire: S) -> Result<S::Ok, S::Error> {
    wire.collect_str(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        exact(text).unwrap()
    }

    fn range(from: &str, to: &str) -> Result<(String, String), RangeError> {
        let range = Range::new(Some(from), Some(to), Timestamp::from_unix(0))?;
        Ok((range.from.to_string(), range.until.to_string()))
    }

    #[test]
    fn a_day_is_in_it_as_a_whole_and_an_instant_ends_it() {
        let whole = ("2026-07-01T00:00:00Z".to_owned(), "2026-08-01T00:00:00Z".to_owned());
        assert_eq!(range("2026-07-01", "2026-07-31"), Ok(whole.clone()));
        assert_eq!(range("2026-07-01T00:00:00Z", "2026-08-01T02:00:00+02:00"), Ok(whole));
        let july = Range::new(Some("2026-07-01"), Some("2026-07-31"), Timestamp::from_unix(0)).unwrap();
        for (instant, is_in) in [
            ("2026-06-30T23:59:59Z", false),
            ("2026-07-01T00:00:00Z", true),
            ("2026-07-31T23:59:59Z", true),
            ("2026-08-01T00:00:00Z", false),
        ] {
            assert_eq!(july.contains(at(instant)), is_in, "{instant}");
        }
        assert_eq!(july.words(), "2026-07-01 to 2026-07-31 (whole days, UTC)");
    }

    #[test]
    fn without_a_beginning_it_is_the_last_whole_month_and_without_an_end_until_now() {
        for (now, from, until) in [
            ("2026-08-01T00:00:00Z", "2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"),
            ("2026-07-31T23:59:59Z", "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"),
            ("2026-01-15T12:00:00Z", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ] {
            let month = Range::new(None, None, at(now)).unwrap();
            assert_eq!((month.from.to_string(), month.until.to_string()), (from.into(), until.into()), "{now}");
        }
        let open = Range::new(Some("2026-07-01"), None, at("2026-07-14T03:33:20Z")).unwrap();
        assert_eq!(open.words(), "2026-07-01T00:00:00Z up to 2026-07-14T03:33:21Z");
        assert!(open.contains(at("2026-07-14T03:33:20Z")), "what happened just now is in it");
    }

    #[test]
    fn what_is_no_range_is_told() {
        for text in
            ["", "yesterday", "2026-02-30", "2026-07-01T12:00", "1969-12-31", "20260701", "2026-07-01T25:00:00Z"]
        {
            assert_eq!(range(text, "2026-07-31"), Err(RangeError::NoTime(text.to_owned())), "{text}");
        }
        assert_eq!(range("2026-07-02", "2026-07-01"), Err(RangeError::Empty));
        assert!(range("2026-07-01", "2026-07-01").is_ok(), "one day");
        assert_eq!(range("2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z"), Err(RangeError::Empty));
        assert_eq!(range("1970-01-01", "2036-01-01"), Err(RangeError::TooLong));
    }

    #[test]
    fn it_is_divided_by_the_shortest_step_of_which_there_are_not_too_many() {
        for (from, to, step, parts, last) in [
            ("2026-07-01", "2026-07-01", Step::Day, 1, "2026-07-01T00:00:00Z"),
            ("2026-07-01", "2026-08-31", Step::Day, 62, "2026-08-31T00:00:00Z"),
            ("2026-07-01", "2026-09-01", Step::Week, 9, "2026-08-26T00:00:00Z"),
            ("2026-01-01", "2026-12-31", Step::Week, 53, "2026-12-31T00:00:00Z"),
            ("2024-01-15", "2026-07-31", Step::Month, 31, "2026-07-01T00:00:00Z"),
            ("1971-01-01", "2030-12-31", Step::Year, 60, "2030-01-01T00:00:00Z"),
        ] {
            let range = Range::new(Some(from), Some(to), Timestamp::from_unix(0)).unwrap();
            let (by, found) = range.divided();
            assert_eq!(
                (by, found.len(), found[found.len() - 1].to_string()),
                (step, parts, last.into()),
                "{from} {to}"
            );
            assert_eq!(found[0], range.from);
        }
        let odd =
            Range::new(Some("2026-07-01T13:00:00Z"), Some("2026-07-03T01:00:00Z"), Timestamp::from_unix(0)).unwrap();
        let found: Vec<_> = odd.divided().1.into_iter().map(|at| at.to_string()).collect();
        assert_eq!(found, ["2026-07-01T13:00:00Z", "2026-07-02T00:00:00Z", "2026-07-03T00:00:00Z"]);
    }
}
