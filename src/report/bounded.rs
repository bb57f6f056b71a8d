//! Counts by name that do not grow beyond a number of names.

use std::collections::BTreeMap;

/// What is counted by `K`. The first names have a count each, and all others one together.
#[derive(Clone, Debug)]
pub(super) struct Bounded<K, V> {
    rows: BTreeMap<K, V>,
    limit: usize,
    rest: Option<V>,
}

impl<K: Ord, V: Default> Bounded<K, V> {
    pub(super) const fn new(limit: usize) -> Self {
        Self { rows: BTreeMap::new(), limit, rest: None }
    }

    /// What is counted by `key`.
    pub(super) fn at(&mut self, key: K) -> &mut V {
        if self.rows.len() < self.limit || self.rows.contains_key(&key) {
            self.rows.entry(key).or_default()
        } else {
            self.rest.get_or_insert_default()
        }
    }

    /// All by their names, and at last, without one, what had no place.
    pub(super) fn into_rows(self) -> impl Iterator<Item = (Option<K>, V)> {
        let named = self.rows.into_iter().map(|(key, value)| (Some(key), value));
        named.chain(self.rest.map(|rest| (None, rest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_place_is_counted_together() {
        let mut counts: Bounded<&str, u64> = Bounded::new(2);
        for name in ["b", "a", "b", "c", "d", "a"] {
            *counts.at(name) += 1;
        }
        assert_eq!(counts.into_rows().collect::<Vec<_>>(), [(Some("a"), 2), (Some("b"), 2), (None, 2)]);
    }
}
