//! The one place that draws randomness: the system's generator.

use std::hash::{BuildHasher, Hash, RandomState};

use ring::rand::{SecureRandom, SystemRandom};

/// `N` random bytes.
///
/// # Panics
/// Where the system has no randomness to give, which on Linux it has from soon after its start on. Nothing here could be
/// done safely without.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the adapter")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the system's random generator answers");
    bytes
}

/// The generator itself, for what asks for one.
pub type Generator = SystemRandom;

/// That generator.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the adapter")]
pub fn generator() -> Generator {
    SystemRandom::new()
}

/// A reference for a log line and the page that belongs to it: 10 characters without look-alikes, 47 bits.
#[must_use]
pub fn reference() -> String {
    const SYMBOLS: &[u8; 27] = b"23456789BCDFGHJKMNPQRSTVWXZ";
    bytes::<10>().iter().map(|byte| char::from(SYMBOLS[usize::from(*byte) % SYMBOLS.len()])).collect()
}

/// A hash for tables, with a key of its own: who does not know that cannot make two things meet.
#[derive(Default)]
pub struct KeyedHash(RandomState);

impl KeyedHash {
    /// In which of so many `slots` of a table `thing` belongs. At least one.
    pub fn slot(&self, thing: impl Hash, slots: usize) -> usize {
        let slot = self.0.hash_one(thing) % u64::try_from(slots).unwrap_or(u64::MAX);
        usize::try_from(slot).unwrap_or_default()
    }
}
