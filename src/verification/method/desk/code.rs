//! The codes: how they look, how they are read, and what is kept of them.

use icu_normalizer::ComposingNormalizerBorrowed;
use ring::hmac;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::verification::session::id::SessionId;
use crate::verification::subject::Subject;

/// The symbols of a code: digits and capital letters without those that are taken for one another
/// (of 0 O, 1 I L, 5 S, 8 B and U V neither; of 2 Z and 6 G the letter).
const SYMBOLS: &[u8; 23] = b"3479ACDEFGHJKMNPQRTWXYZ";
/// 23¹² codes are 54 bits.
const LENGTH: usize = 12;
const GROUP: usize = 4;
/// The longest text that is read as a code, in bytes: room for a character beside each of the code's, of any script.
pub const TYPED_LIMIT: usize = 256;

/// A code in its one spelling.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; LENGTH]);

/// Why a text is no code. It is told to the person and costs no attempt: it says nothing about any code that exists.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CodeError {
    /// Not 12 symbols.
    #[error("a code has {LENGTH} characters")]
    Length,
    /// A character that no code has.
    #[error("a character that no code has")]
    Symbol,
}

impl Code {
    /// The code made of `random` bits. The bias of the remainder is below 2⁻⁷².
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        let mut rest = u128::from_le_bytes(random);
        let symbols = SYMBOLS.len() as u128;
        Self(std::array::from_fn(|_| {
            let index = usize::try_from(rest % symbols).unwrap_or_default();
            rest /= symbols;
            SYMBOLS[index]
        }))
    }

    /// Reads what a person typed or pasted. Forgiven is whatever is no letter and no digit (spaces, dashes, quotes, marks
    /// that nobody sees), the number of a list before it, letter case, the width of the characters, of which Unicode's
    /// NFKC (UAX #15) makes one, and the script of the digits.
    ///
    /// # Errors
    /// [`CodeError`], which costs no attempt.
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        if typed.len() > TYPED_LIMIT {
            return Err(CodeError::Length);
        }
        let typed: String =
            ComposingNormalizerBorrowed::new_nfkc().normalize_iter(typed.chars()).map(western).collect();
        Self::read(&typed).or_else(|error| without_list_number(&typed).map_or(Err(error), Self::read))
    }

    fn read(typed: &str) -> Result<Self, CodeError> {
        let mut code = [0; LENGTH];
        let mut length = 0;
        for typed in typed.chars().filter(|c| is_of_code(*c)) {
            let symbol = u8::try_from(typed.to_ascii_uppercase()).ok().filter(|symbol| SYMBOLS.contains(symbol));
            let symbol = symbol.ok_or(CodeError::Symbol)?;
            *code.get_mut(length).ok_or(CodeError::Length)? = symbol;
            length += 1;
        }
        if length == LENGTH { Ok(Self(code)) } else { Err(CodeError::Length) }
    }

    /// The code as it is handed out: `XXXX-XXXX-XXXX`.
    #[must_use]
    pub fn display(&self) -> String {
        let groups: Vec<_> = self.0.chunks(GROUP).map(String::from_utf8_lossy).collect();
        groups.join("-")
    }

    /// The code as it is stored: keyed, and bound to the subject.
    #[must_use]
    pub fn hash(&self, key: &hmac::Key, subject: &Subject) -> CodeHash {
        CodeHash::of(key, &self.bound_to(subject))
    }

    /// The code as it is remembered where `session` typed it and it was wrong: keyed, and bound to both. No user id has
    /// the zero byte that sets it apart from a code's own hash.
    #[must_use]
    pub fn hash_in(&self, session: SessionId, key: &hmac::Key, subject: &Subject) -> CodeHash {
        let mut bound = self.bound_to(subject);
        bound.push(0);
        bound.extend_from_slice(session.to_string().as_bytes());
        CodeHash::of(key, &bound)
    }

    fn bound_to(&self, subject: &Subject) -> Vec<u8> {
        [&self.0[..], subject.tenant.as_str().as_bytes(), &[0], subject.user_id.as_str().as_bytes()].concat()
    }
}

/// Whether `c` means anything in a code. Letters that are drawn as a dash, and stand where their keyboards have it, mean
/// nothing: the long vowel mark and the number one of Japanese, the Arabic tatweel, the Korean eu. Nor do Korean's letters
/// that are not drawn at all. (Korean is as NFKC makes it.)
fn is_of_code(c: char) -> bool {
    let is_dash = matches!(c, 'ー' | '一' | '\u{640}' | '\u{1173}');
    c.is_alphanumeric() && !is_dash && !matches!(c, '\u{115f}' | '\u{1160}')
}

/// The zeros of the scripts whose keyboards have digits of their own; the other nine follow each.
const ZEROS: [char; 18] = [
    '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}', '\u{c66}', '\u{ce6}',
    '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{17e0}', '\u{1810}', '\u{7c0}',
];

/// A digit of another script as ours; every other character as it is.
fn western(c: char) -> char {
    let digit = |zero: &char| u32::from(c).checked_sub((*zero).into()).and_then(|digit| char::from_digit(digit, 10));
    if c.is_ascii() { c } else { ZEROS.iter().find_map(digit).unwrap_or(c) }
}

/// What follows the number that `text` has in a list, as in `1. ` and `(2) `. Where there is one, it is shorter than a
/// group of a code.
fn without_list_number(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(|c| !is_of_code(c));
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = (1..=2).contains(&(text.len() - rest.len()));
    Some(rest).filter(|rest| is_number && rest.starts_with(|c| !is_of_code(c)))
}

/// The keyed hash of a code. Two are compared in constant time.
#[derive(Clone, Copy, Debug, Eq, Serialize, Deserialize)]
pub struct CodeHash([u8; 32]);

impl PartialEq for CodeHash {
    fn eq(&self, other: &Self) -> bool {
        let difference = self.0.iter().zip(other.0).fold(0, |difference, (one, other)| difference | (one ^ other));
        std::hint::black_box(difference) == 0
    }
}

impl CodeHash {
    fn of(key: &hmac::Key, bytes: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(hmac::sign(key, bytes).as_ref());
        Self(hash)
    }
}
