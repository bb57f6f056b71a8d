//! How many people: by a sample of them that is all of them, up to a bound.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use serde::Serialize;

/// So many people are remembered.
const SAMPLE: usize = 65_536;

/// The people of a log, by the pseudonyms that stand there. Up to 65,536 all are remembered, and what is told is exact; of
/// more, those with the smallest digests are, who are as good as drawn at random, and all others are told by them.
#[derive(Clone, Debug)]
pub(super) struct People {
    sample: BTreeMap<u64, Person>,
    limit: usize,
    /// All whose digest is below are in the sample; of nobody so far, if none was left out.
    bound: Option<u64>,
}

/// What is remembered of a person.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Person {
    /// A check of theirs ended in the range.
    pub(super) is_met: bool,
    /// They were verified in the range.
    pub(super) is_verified: bool,
    /// They were verified before it.
    pub(super) was_verified: bool,
}

/// How many people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// So many.
    pub people: u64,
    /// By so many it may be wrong: the standard error. 0 where it is exact.
    pub standard_error: u64,
}

impl People {
    pub(super) const fn new() -> Self {
        Self { sample: BTreeMap::new(), limit: SAMPLE, bound: None }
    }

    /// What is remembered of the person with this pseudonym, to be changed; of who is not in the sample nothing.
    pub(super) fn of(&mut self, pseudonym: &str) -> Option<&mut Person> {
        let digest = digest(&SHA256, pseudonym.as_bytes());
        let place = digest.as_ref().first_chunk().map(|first| u64::from_be_bytes(*first))?;
        if self.bound.is_some_and(|bound| place >= bound) {
            return None;
        }
        self.sample.entry(place).or_default();
        if self.sample.len() > self.limit {
            self.bound = self.sample.pop_last().map(|(place, _)| place);
        }
        self.sample.get_mut(&place)
    }

    /// How many people are such.
    pub(super) fn count(&self, is_such: impl Fn(&Person) -> bool) -> Estimate {
        let found = self.sample.values().filter(|person| is_such(person)).count();
        let found = u64::try_from(found).unwrap_or(u64::MAX);
        match self.bound {
            None => Estimate { people: found, standard_error: 0 },
            Some(bound) => estimated(found, bound),
        }
    }
}

/// The sample is the part of all that the bound is of 2⁶⁴.
#[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "an estimate")]
fn estimated(found: u64, bound: u64) -> Estimate {
    let each = u64::MAX as f64 / bound as f64;
    let people = found as f64 * each;
    Estimate { people: people.round() as u64, standard_error: ((found as f64).sqrt() * each).ceil() as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(people: &mut People, numbers: std::ops::Range<u32>) {
        for number in numbers {
            if let Some(person) = people.of(&number.to_string()) {
                person.is_met = true;
                person.is_verified = number % 4 == 0;
            }
        }
    }

    #[test]
    fn up_to_the_bound_it_is_exact_however_often_somebody_comes() {
        let mut people = People { limit: 1_000, ..People::new() };
        met(&mut people, 0..1_000);
        met(&mut people, 0..500);
        let exactly = |people| Estimate { people, standard_error: 0 };
        assert_eq!(people.count(|person| person.is_met), exactly(1_000));
        assert_eq!(people.count(|person| person.is_verified), exactly(250));
        assert_eq!(people.count(|person| person.was_verified), exactly(0));
    }

    #[test]
    fn beyond_it_the_error_is_as_told_and_nothing_grows() {
        let mut people = People { limit: 1_000, ..People::new() };
        met(&mut people, 0..1_001);
        assert_eq!(people.sample.len(), 1_000);
        met(&mut people, 0..50_000);
        met(&mut people, 0..50_000);
        assert_eq!(people.sample.len(), 1_000);
        for (told, truth) in [(people.count(|person| person.is_met), 50_000), (people.count(|p| p.is_verified), 12_500)]
        {
            assert!(told.people.abs_diff(truth) <= 3 * told.standard_error, "{told:?} of {truth}");
            assert!((truth / 40..truth / 10).contains(&told.standard_error), "{told:?} of {truth}");
        }
    }
}
