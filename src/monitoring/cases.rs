//! How the cases of people who sent photos stand: how many where, and since when the first waits.

use std::cell::RefCell;

use crate::store::Store;
use crate::verification::method::{Kept, Kind};
use crate::verification::time::Timestamp;

/// The most that are looked at: more than any organisation looks at in a month.
const CASES: usize = 100_000;

/// How cases stand.
#[derive(Default)]
pub(super) struct Cases {
    /// How many, in the order of [`Kept::CASES`].
    pub(super) counts: [u64; Kept::CASES.len()],
    /// Of how many two decided, and to the same.
    pub(super) agreed: u64,
    /// Of how many two decided who differed.
    pub(super) differed: u64,
    /// Since when the one waits to be decided that waits longest.
    pub(super) oldest: Option<Timestamp>,
}

impl Cases {
    /// Those that `store` keeps; none if it cannot be read.
    pub(super) fn of(store: &Store) -> Option<Self> {
        let cases = RefCell::new(Self::default());
        let note = |kept: &Kept| {
            let Some((state, since)) = kept.case() else { return false };
            let cases = &mut *cases.borrow_mut();
            for (count, _) in cases.counts.iter_mut().zip(Kept::CASES).filter(|(_, name)| *name == state) {
                *count += 1;
            }
            match kept.second_agrees() {
                Some(true) => cases.agreed += 1,
                Some(false) => cases.differed += 1,
                None => {}
            }
            cases.oldest = cases.oldest.into_iter().chain(since).min();
            true
        };
        let photographed = Kind::KEEPING.into_iter().filter(|kind| kind.takes_photos());
        photographed.map(|kind| store.count_kept(kind, CASES, note).ok()).sum::<Option<usize>>()?;
        Some(cases.into_inner())
    }
}
