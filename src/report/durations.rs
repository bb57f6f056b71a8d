//! How long things took: the middle, and what nine in ten took at most.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

/// So many leading bits of a number of seconds are kept.
const BITS: u32 = 12;

/// How often each duration came, to the second. Up to 4,095 s, which is more than a login may last, that is exact; what
/// took longer is counted up to 0.05% too short, so that there are never more than some 50,000 numbers, whatever comes.
#[derive(Clone, Debug, Default)]
pub(super) struct Durations {
    counts: BTreeMap<u64, u64>,
    total: u64,
}

/// What is told of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Times {
    /// How many there were.
    pub count: u64,
    /// The one in the middle; of an even number, the mean of the two there. In seconds.
    #[serde(rename = "median_seconds", serialize_with = "seconds")]
    pub median: Duration,
    /// The shortest that is not shorter than nine in ten. In seconds.
    #[serde(rename = "p90_seconds", serialize_with = "seconds")]
    pub p90: Duration,
    /// The longest. In seconds.
    #[serde(rename = "longest_seconds", serialize_with = "seconds")]
    pub longest: Duration,
}

impl Durations {
    /// One more, in nanoseconds.
    pub(super) fn add(&mut self, nanoseconds: u64) {
        let seconds = Duration::from_nanos(nanoseconds).as_secs();
        let dropped = (u64::BITS - seconds.leading_zeros()).saturating_sub(BITS);
        *self.counts.entry(seconds >> dropped << dropped).or_default() += 1;
        self.total += 1;
    }

    /// What is told of them; nothing of none.
    pub(super) fn times(&self) -> Option<Times> {
        let longest = Duration::from_secs(*self.counts.last_key_value()?.0);
        let low = self.ranked((self.total - 1) / 2);
        let median = (low + self.ranked(self.total / 2)) / 2;
        // The ninth part in ten, rounded up, counted from one.
        let p90 = self.ranked(self.total - self.total / 10 - 1);
        Some(Times { count: self.total, median, p90, longest })
    }

    /// The one with so many before it.
    fn ranked(&self, before: u64) -> Duration {
        let mut passed = 0;
        let found = self.counts.iter().find(|(_, count)| {
            passed += **count;
            passed > before
        });
        Duration::from_secs(found.map_or(0, |(seconds, _)| *seconds))
    }
}

fn seconds<S: serde::Serializer>(duration: &Duration, wire: S) -> Result<S::Ok, S::Error> {
    wire.serialize_f64(duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn of(seconds: impl IntoIterator<Item = u64>) -> Option<Times> {
        let mut durations = Durations::default();
        for seconds in seconds {
            durations.add(seconds * SECOND);
        }
        durations.times()
    }

    /// The median, the ninetieth percentile and the longest, in milliseconds.
    fn told(seconds: impl IntoIterator<Item = u64>) -> [u128; 3] {
        let times = of(seconds).unwrap();
        [times.median, times.p90, times.longest].map(|time| time.as_millis())
    }

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle() {
        assert_eq!(of([]), None);
        assert_eq!(told([7]), [7_000; 3]);
        assert_eq!(told([4, 1]), [2_500, 4_000, 4_000]);
        assert_eq!(told([9, 1, 3]), [3_000, 9_000, 9_000]);
        assert_eq!(told([9, 1, 3, 4]), [3_500, 9_000, 9_000]);
    }

    #[test]
    fn nine_in_ten_took_at_most_p90() {
        for (count, p90) in [(9, 9), (10, 9), (11, 10), (19, 18), (20, 18), (100, 90), (101, 91)] {
            assert_eq!(told(1..=count)[1], p90 * 1_000, "{count}");
        }
    }

    #[test]
    fn what_a_login_may_take_is_exact_to_the_second_and_what_took_longer_nearly() {
        assert_eq!((told([3_600]), told([4_095])), ([3_600_000; 3], [4_095_000; 3]));
        for seconds in [4_096, 4_097, 86_399, 2_592_000, u64::MAX / SECOND] {
            let [truth, told] = [u128::from(seconds) * 1_000, told([seconds])[0]];
            assert!(told <= truth && (truth - told) * 2_000 < truth, "{seconds}: {told}");
        }
        let mut short = Durations::default();
        short.add(SECOND - 1);
        assert_eq!(short.times().unwrap().median, Duration::ZERO, "to the second");
    }

    #[test]
    fn it_does_not_grow_with_what_it_counts() {
        let mut durations = Durations::default();
        for number in 0..200_000_u64 {
            durations.add(number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        }
        assert!(durations.counts.len() <= 4096 + 2048 * 23, "{}", durations.counts.len());
        assert_eq!(durations.times().unwrap().count, 200_000);
    }
}
