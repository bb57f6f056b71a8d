//! How often something may happen: so many times a minute, all of them at once if need be.
//!
//! The generic cell rate algorithm (ITU-T I.371), with one number for each of a fixed count of slots: whoever comes from
//! however many addresses, the memory stays the same. Who shares a slot shares its allowance, and nobody can choose whom
//! with, because the hash has a key of its own in every process.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::random::KeyedHash;

/// 128 KiB.
const SLOTS: usize = 16_384;
const MINUTE: u64 = 60_000_000;

/// What everybody may do so many times a minute.
pub struct Allowance(Option<Limited>);

struct Limited {
    /// What one time costs of the minute, in microseconds.
    cost: u64,
    hasher: KeyedHash,
    /// Until when the minute of each slot is spent, in microseconds.
    spent_until: Box<[AtomicU64]>,
}

impl Allowance {
    /// `per_minute` times, or without a limit.
    #[must_use]
    pub fn new(per_minute: Option<NonZeroU32>) -> Self {
        Self(per_minute.map(|times| Limited {
            cost: MINUTE / u64::from(times.get()),
            hasher: KeyedHash::default(),
            spent_until: std::iter::repeat_with(AtomicU64::default).take(SLOTS).collect(),
        }))
    }

    /// Whether `whose` may do it once more at `now`, a time since whatever beginning; if so, it counts.
    pub fn admits(&self, whose: impl Hash, now: Duration) -> bool {
        let Some(Limited { cost, hasher, spent_until }) = &self.0 else { return true };
        let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let slot = hasher.slot(whose, SLOTS);
        let spend = |until: u64| {
            // Nobody can have spent two minutes: the clock was set back. By a little more than one they have where one core is
            // a moment behind another.
            let spent = Some(until.saturating_sub(now)).filter(|spent| *spent <= 2 * MINUTE).unwrap_or(0);
            (spent + cost <= MINUTE).then(|| now.saturating_add(spent + cost))
        };
        spent_until[slot].fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok()
    }
}

/// An [`Allowance`] for each of a few owners: what happens on behalf of one spends nothing of another's.
pub struct Allowances(Option<Each>);

struct Each {
    per_minute: NonZeroU32,
    owners: Vec<(String, Arc<Allowance>)>,
}

impl Allowances {
    /// `per_minute` times for whomever each of `owners` has, or without a limit.
    pub fn new(per_minute: Option<NonZeroU32>, owners: impl IntoIterator<Item = String>) -> Self {
        Self(None).followed_by(per_minute, owners)
    }

    /// What comes after these: `per_minute` times for whomever each of `owners` has. If that is as before, what was spent
    /// stays spent.
    #[must_use]
    pub fn followed_by(&self, per_minute: Option<NonZeroU32>, owners: impl IntoIterator<Item = String>) -> Self {
        let spent = |owner: &str| {
            let each = self.0.as_ref().filter(|each| Some(each.per_minute) == per_minute)?;
            each.owners.iter().find(|(known, _)| known == owner).map(|(_, allowance)| allowance.clone())
        };
        let allowance = |owner: &str| spent(owner).unwrap_or_else(|| Arc::new(Allowance::new(per_minute)));
        Self(per_minute.map(|per_minute| Each {
            per_minute,
            owners: owners.into_iter().map(|owner| (owner.clone(), allowance(&owner))).collect(),
        }))
    }

    /// As [`Allowance::admits`], for one of `owner`'s. An owner that is none has no allowance.
    pub fn admits(&self, owner: &str, whose: impl Hash, now: Duration) -> bool {
        let Some(each) = &self.0 else { return true };
        each.owners.iter().find(|(known, _)| known == owner).is_some_and(|(_, allowance)| allowance.admits(whose, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowance(per_minute: u32) -> Allowance {
        Allowance::new(NonZeroU32::new(per_minute))
    }

    fn count(allowance: &Allowance, whose: &str, now: u64, tries: usize) -> usize {
        (0..tries).filter(|_| allowance.admits(whose, Duration::from_secs(now))).count()
    }

    #[test]
    fn all_of_a_minute_may_come_at_once_and_then_as_many_a_minute() {
        let allowance = allowance(60);
        assert_eq!(count(&allowance, "a", 1000, 100), 60);
        assert_eq!(count(&allowance, "a", 1001, 100), 1);
        assert_eq!(count(&allowance, "a", 1011, 100), 10);
        assert_eq!(count(&allowance, "a", 9999, 100), 60);
    }

    #[test]
    fn one_does_not_spend_what_is_anothers() {
        let allowance = allowance(5);
        assert_eq!(count(&allowance, "a", 1000, 100), 5);
        // Some of them share the slot of the first.
        let others = (0..1000).filter(|n| allowance.admits(n.to_string(), Duration::from_secs(1000))).count();
        assert!(others > 990, "{others}");
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let allowance = allowance(5);
        assert_eq!(count(&allowance, "a", 1_000_000, 100), 5);
        assert_eq!(count(&allowance, "a", 1000, 100), 5);
    }

    /// A core that began a moment later gave whoever had spent all another minute, and then the next core one more.
    #[test]
    fn what_was_spent_at_one_core_is_spent_at_another_whose_clock_is_a_moment_behind() {
        let allowance = allowance(5);
        let millis = |now| allowance.admits("a", Duration::from_millis(now));
        assert_eq!((0..10).filter(|_| millis(1_000_000)).count(), 5);
        for behind in [0, 1, 500, 59_999] {
            assert!(!millis(1_000_000 - behind), "{behind}");
        }
        assert!(millis(1_012_000), "a fifth of a minute later there is one more");
    }

    #[test]
    fn none_is_without_a_limit() {
        assert_eq!(count(&Allowance::new(None), "a", 1000, 100_000), 100_000);
    }

    /// They shared one table, and 49,000 starts of one tenant's people refused a tenth of another's.
    #[test]
    fn a_flood_at_one_tenant_refuses_nobody_of_another() {
        let starts = Allowances::new(NonZeroU32::new(30), ["flooded", "quiet"].map(str::to_owned));
        let now = Duration::from_secs(1000);
        let flood = (0..49_000).filter(|n| starts.admits("flooded", n / 30, now)).count();
        assert!(flood > 40_000, "{flood}");
        assert!(!starts.admits("flooded", 0, now), "it has spent its own");
        let refused = (0..1_633).filter(|n| !starts.admits("quiet", n, now)).count();
        assert_eq!(refused, 0);
    }

    #[test]
    fn who_is_no_tenant_has_no_allowance_unless_there_is_no_limit() {
        let owners = || ["a".to_owned()];
        assert!(!Allowances::new(NonZeroU32::new(1), owners()).admits("b", "x", Duration::ZERO));
        assert!(Allowances::new(None, owners()).admits("b", "x", Duration::ZERO));
    }

    #[test]
    fn what_was_spent_stays_spent_where_the_limit_does() {
        let owners = |owners: &'static [&'static str]| owners.iter().map(|owner| (*owner).to_owned());
        let times = NonZeroU32::new;
        let admits = |allowances: &Allowances, owner| allowances.admits(owner, "x", Duration::from_secs(1000));
        let before = Allowances::new(times(1), owners(&["a", "b"]));
        assert!(admits(&before, "a"));
        let same = before.followed_by(times(1), owners(&["b", "a", "c"]));
        assert!(!admits(&same, "a") && admits(&same, "b") && admits(&same, "c"));
        assert!(!admits(&before, "b"), "they share it");
        assert!(!admits(&before.followed_by(times(1), owners(&["b"])), "a"), "it is gone");
        for other in [times(2), None] {
            assert!(admits(&before.followed_by(other, owners(&["a"])), "a"), "{other:?}");
        }
        assert!(admits(&Allowances::new(None, owners(&[])).followed_by(times(1), owners(&["a"])), "a"));
    }

    #[test]
    fn without_a_limit_there_are_no_tables() {
        assert!(Allowances::new(None, (0..1000).map(|n| n.to_string())).0.is_none());
    }
}
