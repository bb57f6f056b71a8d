//! What the answers of a run add up to.

use std::time::Duration;

/// Answers counted and timed.
#[derive(Default)]
pub(crate) struct Tally {
    /// Nanoseconds from request to the answer's end, of right answers alone; four seconds and more count as four.
    latencies: Vec<u32>,
    pub(crate) failures: u64,
    pub(crate) first_failure: Option<String>,
}

impl Tally {
    pub(crate) fn success(&mut self, latency: Duration) {
        self.latencies.push(u32::try_from(latency.as_nanos()).unwrap_or(u32::MAX));
    }

    pub(crate) fn failure(&mut self, reason: String) {
        self.failures += 1;
        self.first_failure.get_or_insert(reason);
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.failures += other.failures;
        self.first_failure = self.first_failure.take().or(other.first_failure);
    }

    /// Right answers.
    pub(crate) fn successes(&self) -> usize {
        self.latencies.len()
    }

    /// The latencies below which these per mille of all lay, in microseconds; NaN where there was no right answer.
    pub(crate) fn percentiles<const N: usize>(&self, per_mille: [usize; N]) -> [f64; N] {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        per_mille.map(|share| {
            let rank = (sorted.len() * share).div_ceil(1000);
            sorted.get(rank.saturating_sub(1)).map_or(f64::NAN, |&nanoseconds| f64::from(nanoseconds) / 1_000.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use std::time::Duration;

    #[test]
    fn percentile_is_the_nearest_rank() {
        let mut tally = Tally::default();
        for microseconds in (1..=100).rev() {
            tally.success(Duration::from_micros(microseconds));
        }
        assert_eq!(format!("{:?}", tally.percentiles([500, 990])), "[50.0, 99.0]");
        assert!(Tally::default().percentiles([500])[0].is_nan());
    }
}
