//! A number that one thread counts in, and others read; and how often something took how long.

use std::array;
use std::sync::atomic::{AtomicU64, Ordering};

/// A count of one thread's: it alone writes it, so that a load and a store lose nothing between them, and no other core
/// waits for the line that it is in.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// So many more.
    pub(crate) fn add(&self, count: u64) {
        self.0.store(self.value().wrapping_add(count), Ordering::Relaxed);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The upper ends of the parts of a histogram, in its own unit, and how many of that are one of the unit in which it is
/// read.
pub(crate) struct Bounds<const N: usize> {
    pub(crate) upper: [u64; N],
    pub(crate) in_one: f64,
}

const MICROSECOND: u64 = 1_000;
const MILLISECOND: u64 = 1_000_000;

/// For what is answered, and for what is written: 50 µs to 1 s, in nanoseconds.
pub(crate) static MOMENTS: Bounds<14> = Bounds {
    upper: [
        50 * MICROSECOND,
        100 * MICROSECOND,
        250 * MICROSECOND,
        500 * MICROSECOND,
        MILLISECOND,
        2_500 * MICROSECOND,
        5 * MILLISECOND,
        10 * MILLISECOND,
        25 * MILLISECOND,
        50 * MILLISECOND,
        100 * MILLISECOND,
        250 * MILLISECOND,
        500 * MILLISECOND,
        1_000 * MILLISECOND,
    ],
    in_one: 1e9,
};
/// For how long people take: 5 s to an hour, in seconds.
pub(crate) static SITTINGS: Bounds<11> =
    Bounds { upper: [5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600], in_one: 1.0 };
/// For how many share a commit.
pub(crate) static BATCHES: Bounds<11> = Bounds { upper: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], in_one: 1.0 };

/// How often something was how much.
pub(crate) struct Histogram<const N: usize> {
    parts: [Counter; N],
    beyond: Counter,
    sum: Counter,
}

impl<const N: usize> Default for Histogram<N> {
    fn default() -> Self {
        Self { parts: array::from_fn(|_| Counter::default()), beyond: Counter::default(), sum: Counter::default() }
    }
}

impl<const N: usize> Histogram<N> {
    /// Once more, it was `value`, in the unit of `bounds`.
    pub(crate) fn observe(&self, bounds: &Bounds<N>, value: u64) {
        let place = bounds.upper.partition_point(|upper| *upper < value);
        self.parts.get(place).unwrap_or(&self.beyond).add(1);
        self.sum.add(value);
    }

    /// How often it was anything.
    pub(crate) fn count(&self) -> u64 {
        self.parts.iter().chain([&self.beyond]).map(Counter::value).sum()
    }

    pub(crate) fn add(&self, other: &Self) {
        self.parts.iter().zip(&other.parts).for_each(|(part, other)| part.add(other.value()));
        self.beyond.add(other.beyond.value());
        self.sum.add(other.sum.value());
    }

    /// Each part's upper end and count, the last without an end; and the sum of all, as they are read.
    #[expect(clippy::cast_precision_loss, reason = "of 2⁵³ and more the last digits do not matter")]
    pub(crate) fn read(&self, bounds: &Bounds<N>) -> (Vec<(f64, u64)>, f64) {
        let parts =
            bounds.upper.iter().zip(&self.parts).map(|(upper, part)| (*upper as f64 / bounds.in_one, part.value()));
        let parts = parts.chain([(f64::INFINITY, self.beyond.value())]).collect();
        (parts, self.sum.value() as f64 / bounds.in_one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_much_as_a_bound_is_within_it() {
        let histogram = Histogram::default();
        for value in [0, 5, 6, 3600, 3601] {
            histogram.observe(&SITTINGS, value);
        }
        let (parts, sum) = histogram.read(&SITTINGS);
        let counts = [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1];
        assert_eq!(parts.iter().map(|(_, count)| *count).collect::<Vec<_>>(), counts);
        assert_eq!(format!("{} {} {sum}", parts[0].0, parts[10].0), "5 3600 7212");
        histogram.add(&histogram);
        assert_eq!((histogram.count(), histogram.read(&SITTINGS).1.to_string()), (10, "14424".to_owned()));
    }

    #[test]
    fn bounds_rise_and_are_read_in_seconds() {
        assert!(MOMENTS.upper.is_sorted() && SITTINGS.upper.is_sorted() && BATCHES.upper.is_sorted());
        let (parts, _) = Histogram::default().read(&MOMENTS);
        let read = [0, 2, 11, 13, 14].map(|place: usize| parts[place].0.to_string());
        assert_eq!(read, ["0.00005", "0.00025", "0.25", "1", "inf"]);
    }
}
