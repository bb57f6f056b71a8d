//! How long people wait for a decision, as far as it may be said to who waits.

use std::time::Duration;

use super::reviewed::Reviewed;
use crate::verification::time::{DAY, Timestamp};

/// Of how many decisions, the newest, it is told.
const DECISIONS: usize = 50;
/// Of fewer nothing is known.
const FEWEST: usize = 20;
/// What is said where nothing is known.
const UNKNOWN: Duration = DAY;

/// How long it usually takes, rounded up to what people say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usual {
    /// Less than an hour.
    Hour,
    /// Less than four.
    Hours,
    /// Less than a working day.
    Day,
    /// Less than three days.
    Days,
}

impl Usual {
    const ALL: [Self; 4] = [Self::Hour, Self::Hours, Self::Day, Self::Days];

    /// The time that it is, at most.
    #[must_use]
    pub const fn longest(self) -> Duration {
        match self {
            Self::Hour => Duration::from_hours(1),
            Self::Hours => Duration::from_hours(4),
            Self::Day => DAY,
            Self::Days => Duration::from_hours(72),
        }
    }
}

/// The median of how long people waited for the newest of `decided`, the newest first, with its time; none where those are too
/// few.
pub fn median<'r>(decided: impl Iterator<Item = (&'r Reviewed, Timestamp)>) -> Option<Duration> {
    let waited = decided.filter(|(reviewed, _)| !reviewed.is_undone);
    let waited = waited.filter_map(|(reviewed, at)| Some(reviewed.sent_at?.until(at)));
    let mut waited: Vec<_> = waited.take(DECISIONS).collect();
    waited.sort_unstable();
    waited.get(waited.len() / 2).copied().filter(|_| waited.len() >= FEWEST)
}

/// What may be said to who waits, where `median` is known or not, and the one who waits longest has done so since `oldest`:
/// nothing, if that is longer.
#[must_use]
pub fn usual(median: Option<Duration>, oldest: Option<Timestamp>, now: Timestamp) -> Option<Usual> {
    let median = median.unwrap_or(UNKNOWN);
    let usual = Usual::ALL.into_iter().find(|usual| median <= usual.longest())?;
    let is_so = oldest.is_none_or(|since| since.until(now) <= usual.longest());
    is_so.then_some(usual)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::method::document::dossier::Consent;
    use crate::verification::method::document::{DocumentKind, Selfie};

    fn at(minutes: u64) -> Timestamp {
        Timestamp::from_unix(minutes * 60)
    }

    fn minutes(minutes: u64) -> Duration {
        Duration::from_mins(minutes)
    }

    fn decided(sent_at: Option<Timestamp>, is_undone: bool) -> Reviewed {
        Reviewed {
            trust_framework: "https://acme.test/policy".into(),
            number: 1,
            document: DocumentKind::Passport,
            selfie: Selfie::Plain,
            consent: Consent { at: at(0), notice: [0; 32] },
            round: 1,
            verdicts: Vec::new(),
            earlier: Vec::new(),
            digests: Vec::new(),
            by_phone: false,
            is_undone,
            sent_at,
        }
    }

    /// The median of decisions after so many minutes, the newest first.
    fn median_of(waits: &[u64]) -> Option<Duration> {
        let all: Vec<_> = waits.iter().map(|wait| (decided(Some(at(100)), false), at(100 + wait))).collect();
        median(all.iter().map(|(reviewed, at)| (reviewed, *at)))
    }

    #[test]
    fn of_fewer_than_twenty_decisions_nothing_is_known_and_of_more_the_newest_fifty_count() {
        assert_eq!(median_of(&[5; 19]), None);
        assert_eq!(median_of(&[5; 20]), Some(minutes(5)));
        let newest: Vec<u64> = (1..=50).collect();
        assert_eq!(median_of(&[&newest[..], &[9000; 500]].concat()), Some(minutes(26)));
        assert_eq!(median_of(&[&[9000; 1], &newest[..]].concat()), Some(minutes(26)), "one that took long is one");
    }

    #[test]
    fn what_was_taken_back_and_what_says_nothing_of_when_it_was_sent_do_not_count() {
        let (undone, untold) = (decided(Some(at(0)), true), decided(None, false));
        let fine = decided(Some(at(0)), false);
        let many = |one| std::iter::repeat_n((one, at(7)), 19);
        let of_all = || many(&undone).chain(many(&untold)).chain(many(&fine));
        assert_eq!(median(of_all()), None);
        assert_eq!(median(of_all().chain([(&fine, at(7))])), Some(minutes(7)));
    }

    #[test]
    fn a_time_is_rounded_up_to_what_people_say_and_nothing_is_said_where_somebody_waits_longer() {
        let said = |median| usual(Some(minutes(median)), None, at(0));
        assert_eq!(
            [0, 60, 61, 240, 241].map(said),
            [Some(Usual::Hour); 2]
                .into_iter()
                .chain([Some(Usual::Hours); 2])
                .chain([Some(Usual::Day)])
                .collect::<Vec<_>>()[..]
        );
        assert_eq!([1440, 1441, 4320, 4321].map(said), [Some(Usual::Day), Some(Usual::Days), Some(Usual::Days), None]);
        assert_eq!(usual(None, None, at(0)), Some(Usual::Day), "nothing is known");
        let waits = |minutes: u64| usual(Some(Duration::ZERO), Some(at(1000)), at(1000 + minutes));
        assert_eq!((waits(60), waits(61)), (Some(Usual::Hour), None));
        assert_eq!(usual(None, Some(at(0)), at(1441)), None);
    }
}
