//! A computer hands over to a phone, which may then take the pictures and nothing else.
//!
//! The computer shows a code to be opened on the phone, and a word. Whoever opened the code taps the word among three: a
//! picture of the code that was sent on does not do. What the word is follows from the code's keyed digest, which the
//! service alone can make.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::verification::session::id::SessionId;
use crate::verification::time::Timestamp;

/// How long a code waits to be used.
pub const LIFETIME: Duration = Duration::from_mins(5);
/// How many wrong words, or reports, end it for a dossier.
pub const MISSES: u8 = 2;
/// How many words there are to draw from.
pub const WORDS: u8 = 24;

/// The keyed digest of a code, which says its word and lets a phone in. Two are compared in constant time.
#[derive(Clone, Copy, Eq, Serialize, Deserialize)]
pub struct CodeHash([u8; 32]);

/// The symbols of a code (Crockford's base 32): none looks like another.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code: 130 random bits, shown once and kept by nobody but who made it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code([u8; Self::LENGTH]);

impl Code {
    /// How many symbols it has.
    pub const LENGTH: usize = 26;

    /// The code of `random` bytes, five bits of each.
    #[must_use]
    pub fn from_random(random: [u8; Self::LENGTH]) -> Self {
        Self(random.map(|byte| SYMBOLS[usize::from(byte % 32)]))
    }

    /// Reads a code, in letters of either case; none if it is no such.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let symbols: [u8; Self::LENGTH] = text.as_bytes().try_into().ok()?;
        let symbols = symbols.map(|symbol| symbol.to_ascii_uppercase());
        symbols.iter().all(|symbol| SYMBOLS.contains(symbol)).then_some(Self(symbols))
    }

    /// As it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Its digest, keyed by `key`.
    #[must_use]
    pub fn hash(&self, key: &hmac::Key) -> CodeHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(hmac::sign(key, &self.0).as_ref());
        CodeHash(hash)
    }
}

impl CodeHash {
    /// That of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for CodeHash {
    fn eq(&self, other: &Self) -> bool {
        let difference = self.0.iter().zip(other.0).fold(0, |difference, (one, other)| difference | (one ^ other));
        std::hint::black_box(difference) == 0
    }
}

impl Hash for CodeHash {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeHash(…)")
    }
}

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

/// What went wrong at hand-offs, for as long as their session may go on: nobody begins anew to have more wrong words, or to have
/// it forgotten that somebody said that a code was not theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarms {
    /// The session.
    pub session: SessionId,
    /// Wrong words and reports.
    pub misses: u8,
    /// Whether there was a report.
    pub is_reported: bool,
    /// The instant from which the session is over.
    pub until: Timestamp,
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
pub fn words(CodeHash(hash): &CodeHash) -> ([u8; 3], u8) {
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
            let ([one, two, three], right) = words(&CodeHash(hash));
            assert!(one != two && two != three && one != three && right < 3, "{one} {two} {three}");
            assert!([one, two, three].iter().all(|word| *word < WORDS));
        }
    }

    /// Each word is as likely as the next, as far as a byte can have it: nobody guesses better than one in three.
    #[test]
    fn whatever_a_code_is_each_word_is_drawn_and_none_twice() {
        let drawn = |bytes: [u8; 4]| {
            let mut hash = [9; 32];
            hash[..4].copy_from_slice(&bytes);
            words(&CodeHash(hash))
        };
        let mut times = [[0; WORDS as usize]; 3];
        for byte in 0..=255 {
            for (place, bytes) in [[byte, 1, 1, 0], [0, byte, 1, 0], [0, 1, byte, 0]].into_iter().enumerate() {
                times[place][usize::from(drawn(bytes).0[place])] += 1;
            }
            for other in 0..=255 {
                let ([one, two, three], _) = drawn([other, byte, other.wrapping_mul(7), 0]);
                assert!(one != two && two != three && one != three, "{byte} {other}");
            }
        }
        // Of 256 each has its part of 24, of 23, and of 22; the others are taken.
        for (place, (least, taken)) in [(10, 0), (11, 1), (11, 2)].into_iter().enumerate() {
            let never = times[place].iter().filter(|times| **times == 0).count();
            assert_eq!(never, taken, "{place}");
            assert!(times[place].iter().all(|times| *times == 0 || (least..=least + 1).contains(times)), "{times:?}");
        }
        assert_eq!([0, 1, 2, 3, 255].map(|byte| drawn([0, 0, 0, byte]).1), [0, 1, 2, 0, 0]);
    }

    #[test]
    fn a_code_is_read_in_either_case_and_only_whole() {
        let code = Code::from_random(std::array::from_fn(|index| u8::try_from(index * 10).unwrap()));
        assert_eq!(Code::parse(code.as_str()).map(|read| read.0), Some(code.0));
        assert_eq!(Code::parse(&code.as_str().to_lowercase()).map(|read| read.0), Some(code.0));
        let symbols: Vec<_> = (0..=255).flat_map(|byte| Code::from_random([byte; Code::LENGTH]).0).collect();
        assert!(SYMBOLS.iter().all(|symbol| symbols.contains(symbol)), "each of 32");
        let long = format!("{}0", code.as_str());
        for bad in ["", &code.as_str()[1..], &long, "0123456789ABCDEFGHJKMNPQRI", "0123456789ABCDEFGHJKMNPQR ", "é"] {
            assert!(Code::parse(bad).is_none(), "{bad}");
        }
        let [one, other] = [[1; 32], [2; 32]].map(|key| code.hash(&hmac::Key::new(hmac::HMAC_SHA256, &key)));
        assert_ne!(one, other);
    }

    #[test]
    fn a_code_is_good_for_its_time_and_once() {
        let at = Timestamp::from_unix;
        let [hash, other] = [[7; 32], [8; 32]].map(CodeHash);
        let offered = HandOff::offered(hash, at(0));
        assert_eq!([299, 300].map(|second| offered.admits(&hash, at(second))), [true, false]);
        assert!(!offered.admits(&other, at(0)) && !offered.is_connected(&hash));
        let connected = HandOff { phase: Phase::Connected, ..offered };
        assert!(!connected.admits(&hash, at(0)) && connected.is_connected(&hash));
        assert!(!connected.is_connected(&other));
    }

    #[test]
    fn a_digest_is_the_same_in_all_its_bytes_or_another_and_is_never_told() {
        let hash = CodeHash([7; 32]);
        assert_eq!(hash, CodeHash([7; 32]));
        for place in 0..32 {
            let mut bytes = [7; 32];
            bytes[place] ^= 0x80;
            assert_ne!(hash, CodeHash(bytes), "{place}");
        }
        let offered = HandOff::offered(hash, Timestamp::from_unix(0));
        assert_eq!(format!("{hash:?}"), "CodeHash(…)");
        assert!(!format!("{offered:?}").contains('7'), "{offered:?}");
    }
}
