//! Medians with their range.

/// The median of some rounds, and the range they lay in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Spread {
    /// NaN throughout where there was no round.
    pub(crate) fn of(samples: impl IntoIterator<Item = f64>) -> Self {
        let mut samples: Vec<f64> = samples.into_iter().collect();
        samples.sort_by(f64::total_cmp);
        let (Some(&low), Some(&high)) = (samples.first(), samples.last()) else {
            return Self { median: f64::NAN, low: f64::NAN, high: f64::NAN };
        };
        let upper = samples[samples.len() / 2];
        let lower = samples[(samples.len() - 1) / 2];
        Self { median: f64::midpoint(lower, upper), low, high }
    }

    /// `median (low–high)`, with so many decimals.
    pub(crate) fn text(&self, decimals: usize) -> String {
        let [median, low, high] = [self.median, self.low, self.high].map(|number| grouped(number, decimals));
        format!("{median} ({low}–{high})")
    }
}

/// A number with its thousands set apart by commas.
pub(crate) fn grouped(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let whole = text.find('.').unwrap_or(text.len());
    let mut grouped = String::with_capacity(text.len() + 4);
    for (at, digit) in text.char_indices() {
        if 0 < at && at < whole && (whole - at).is_multiple_of(3) && number.is_finite() {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{Spread, grouped};

    #[test]
    fn median_lies_between_the_two_in_the_middle() {
        assert_eq!(Spread::of([4.0, 1.0, 2.0, 9.0]), Spread { median: 3.0, low: 1.0, high: 9.0 });
        assert_eq!(Spread::of([5.0, 1.0, 2.0]).median.to_bits(), 2.0_f64.to_bits());
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(1_234_567.891, 1), "1,234,567.9");
        assert_eq!(grouped(999.0, 0), "999");
    }
}
