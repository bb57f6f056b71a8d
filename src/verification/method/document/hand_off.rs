//! A computer hands over to a phone, which may then take the pictures and nothing else.
//!
//! The computer shows a code to be opened on the phone, and a word. Whoever opened the code taps the word among three: a
//! picture of the code that was sent on does not do. What the word is follows from the code's keyed digest, which the
//! service alone can make.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::verification::time::Timestamp;

/// How long a code waits to be used.
pub const LIFETIME: Duration = Duration::from_mins(5);
/// How many wrong words, or reports, end it for a dossier.
pub const MISSES: u8 = 2;
/// How many words there are to draw from.
pub const WORDS: u8 = 24;

/// The keyed digest of a code.
pub type CodeHash = [u8; 32];

/// What was handed over, or may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOff {
    /// The code, unreadable.
    pub hash: CodeHash,
    /// How far it is.
    pub phase: Phase,
}

/// How far a hand-off is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The code may be used until then.
    Offered {
        /// The instant from which it is good no longer.
        until: Timestamp,
    },
    /// A phone used it.
    Connected,
}

impl HandOff {
    /// That the code of `hash` is offered from `now` on.
    #[must_use]
    pub fn offered(hash: CodeHash, now: Timestamp) -> Self {
        Self { hash, phase: Phase::Offered { until: now.later(LIFETIME) } }
    }

    /// Whether the code of `hash` may be used `now`.
    #[must_use]
    pub fn admits(&self, hash: &CodeHash, now: Timestamp) -> bool {
        self.hash == *hash && matches!(self.phase, Phase::Offered { until } if now < until)
    }

    /// Whether the phone that used the code of `hash` is connected.
    #[must_use]
    pub fn is_connected(&self, hash: &CodeHash) -> bool {
        self.hash == *hash && self.phase == Phase::Connected
    }
}

/// Three of the [`WORDS`] for the code of `hash`, all different, and which of the three is the right one.
#[must_use]
pub fn words(hash: &CodeHash) -> ([u8; 3], u8) {
    let first = hash[0] % WORDS;
    let second = (first + 1 + hash[1] % (WORDS - 1)) % WORDS;
    let mut free = (0..WORDS).filter(|word| *word != first && *word != second);
    let third = free.nth(usize::from(hash[2] % (WORDS - 2))).unwrap_or(first);
    ([first, second, third], hash[3] % 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_code_differ_whatever_it_is() {
        for (first, second, third) in [(0, 0, 0), (23, 22, 21), (255, 255, 255), (7, 100, 200)] {
            let mut hash = [9; 32];
            hash[..3].copy_from_slice(&[first, second, third]);
            let ([one, two, three], right) = words(&hash);
            assert!(one != two && two != three && one != three && right < 3, "{one} {two} {three}");
            assert!([one, two, three].iter().all(|word| *word < WORDS));
        }
    }

    #[test]
    fn a_code_is_good_for_its_time_and_once() {
        let at = Timestamp::from_unix;
        let offered = HandOff::offered([7; 32], at(0));
        assert_eq!([299, 300].map(|second| offered.admits(&[7; 32], at(second))), [true, false]);
        assert!(!offered.admits(&[8; 32], at(0)) && !offered.is_connected(&[7; 32]));
        let connected = HandOff { phase: Phase::Connected, ..offered };
        assert!(!connected.admits(&[7; 32], at(0)) && connected.is_connected(&[7; 32]));
        assert!(!connected.is_connected(&[8; 32]));
    }
}
