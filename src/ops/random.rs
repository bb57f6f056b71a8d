//! The one place that draws randomness: the system's generator.

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

/// A reference for a log line and the page that belongs to it: 10 characters without look-alikes, 47 bits.
#[must_use]
pub fn reference() -> String {
    const SYMBOLS: &[u8; 27] = b"23456789BCDFGHJKMNPQRSTVWXZ";
    bytes::<10>().iter().map(|byte| char::from(SYMBOLS[usize::from(*byte) % SYMBOLS.len()])).collect()
}

/// A hash for tables: who does not know its key cannot make two things meet.
pub type KeyedHash = std::hash::RandomState;

/// A [`KeyedHash`] with a key of its own.
#[must_use]
pub fn keyed_hash() -> KeyedHash {
    KeyedHash::new()
}
