//! Figures and names as people read them.

use std::borrow::Cow;
use std::time::Duration;

use super::actions;
use super::durations::Times;
use super::figures::Grounds;
use super::people::Estimate;
use crate::ops::text;

/// In groups of three digits.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// With its thing, of which there may be one.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// As a percentage, which is 100 or 0 only where it is all or none.
pub(super) fn share(part: u64, whole: u64) -> String {
    let percent = match (u128::from(part) * 200 + u128::from(whole)).checked_div(2 * u128::from(whole)) {
        None => return "–".into(),
        Some(100..) if part < whole => 99,
        Some(0) if part > 0 => 1,
        Some(percent) => percent,
    };
    format!("{percent} %")
}

/// An estimate, with how far it may be wrong.
pub(super) fn estimate(estimate: Estimate) -> String {
    match estimate.standard_error {
        0 => count(estimate.people),
        error => format!("about {} (± {})", count(estimate.people), count(error)),
    }
}

/// With the two units that matter.
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 if duration.subsec_nanos() > 0 => format!("{:.1} s", duration.as_secs_f64()),
        0..60 => format!("{seconds} s"),
        60..3600 => units(seconds / 60, "min", seconds % 60, "s"),
        3600..86_400 => units(seconds / 3600, "h", seconds % 3600 / 60, "min"),
        _ => units(seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
    }
}

fn units(large: u64, of: &str, small: u64, and: &str) -> String {
    match small {
        0 => format!("{} {of}", count(large)),
        _ => format!("{} {of} {small} {and}", count(large)),
    }
}

/// The three of them, for a table; of none, dashes.
pub(super) fn times(times: Option<Times>) -> [String; 3] {
    times.map_or_else(
        || ["–", "–", "–"].map(str::to_owned),
        |times| [times.median, times.p90, times.longest].map(duration),
    )
}

/// What a row of checks rests on.
pub(super) fn grounds(grounds: Option<&Grounds>) -> Cow<'_, str> {
    match grounds {
        Some(Grounds::Method(method)) => seen(method),
        Some(Grounds::Case) => "decided case".into(),
        Some(Grounds::HandOver) => "handed over".into(),
        Some(Grounds::Nothing) => "no method".into(),
        None => "other methods".into(),
    }
}

/// An action; of the row of the rest, that.
pub(super) fn action(action: Option<&str>) -> Cow<'_, str> {
    action.map_or("all others".into(), |action| seen(actions::words(action)))
}

/// Who did something, as far as that is proven.
pub(super) fn actor(actor: Option<&str>) -> Cow<'_, str> {
    match actor {
        None => "–".into(),
        Some("root") => "root".into(),
        Some("group") => "group member".into(),
        Some(actor) => match actor.strip_prefix("operator:") {
            Some(name) => format!("operator {}", seen(name)).into(),
            None => format!("account {}", seen(actor)).into(),
        },
    }
}

/// A text of the log, or a dash.
pub(super) fn or_dash(text: Option<&str>) -> Cow<'_, str> {
    text.map_or("–".into(), seen)
}

/// A text of the log, in which everything is seen.
pub(super) fn seen(text: &str) -> Cow<'_, str> {
    text::escape(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (number, words) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567")]
        {
            assert_eq!(count(number), words);
        }
        assert_eq!(
            (counted(1, "check", "checks"), counted(0, "check", "checks")),
            ("1 check".into(), "0 checks".into())
        );
    }

    #[test]
    fn a_share_is_all_or_none_only_where_it_is() {
        let shares =
            [(0, 0, "–"), (0, 7, "0 %"), (1, 1_000, "1 %"), (1, 2, "50 %"), (999, 1_000, "99 %"), (7, 7, "100 %")];
        for (part, whole, words) in shares {
            assert_eq!(share(part, whole), words, "{part} of {whole}");
        }
        assert_eq!(share(u64::MAX - 1, u64::MAX), "99 %");
    }

    #[test]
    fn a_duration_has_its_units() {
        for (seconds, words) in [
            (0.0, "0 s"),
            (47.5, "47.5 s"),
            (59.0, "59 s"),
            (60.0, "1 min"),
            (200.0, "3 min 20 s"),
            (3_600.0, "1 h"),
            (86_399.0, "23 h 59 min"),
            (86_400.0, "1 d"),
            (180_000.0, "2 d 2 h"),
        ] {
            assert_eq!(duration(Duration::from_secs_f64(seconds)), words);
        }
    }
}
