//! The desk method: the organisation's desk saw the person and their document and issued a one-time code, which the
//! person types. The evidence is a vouch: by whom, and when.

use std::time::Duration;

use ring::hmac;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::verification::account::Account;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// The symbols of a code: digits and capital letters without those that are taken for one another
/// (of 0 O, 1 I L, 5 S, 8 B and U V neither; of 2 Z and 6 G the letter).
const SYMBOLS: &[u8; 23] = b"3479ACDEFGHJKMNPQRTWXYZ";
/// 23¹² codes are 54 bits.
const LENGTH: usize = 12;
const GROUP: usize = 4;

/// The rules of the method, as configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long a code is good for after it was issued.
    pub code_lifetime: Duration,
    /// How many wrong codes a subject may type before the session fails and the code is dead.
    pub attempts: u8,
}

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

    /// Reads what a person typed: letter case, spaces and dashes of any kind are forgiven.
    ///
    /// # Errors
    /// [`CodeError`], which costs no attempt.
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        let mut code = [0; LENGTH];
        let mut length = 0;
        for typed in typed.chars().filter(|c| !is_separator(*c)) {
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
        let mut hash = [0; 32];
        hash.copy_from_slice(hmac::sign(key, &self.bound_to(subject)).as_ref());
        CodeHash(hash)
    }

    /// Whether `hash` is of this code for this subject, in constant time.
    #[must_use]
    pub fn is_hashed_as(&self, hash: &CodeHash, key: &hmac::Key, subject: &Subject) -> bool {
        hmac::verify(key, &self.bound_to(subject), &hash.0).is_ok()
    }

    fn bound_to(&self, subject: &Subject) -> Vec<u8> {
        [&self.0[..], subject.tenant.as_str().as_bytes(), &[0], subject.user_id.as_str().as_bytes()].concat()
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '_' | '.' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}'..='\u{200f}')
}

/// The keyed hash of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeHash([u8; 32]);

/// The desk's word for a subject: who gave it, when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouch {
    /// The operator who issued the code, as they say.
    pub by: String,
    /// From which account they did, as the operating system proves it.
    pub account: Account,
    /// When they issued it.
    pub issued_at: Timestamp,
    /// What they noted, such as the kind of document that they saw.
    pub note: Option<String>,
}

/// A code that is waiting to be typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCode {
    /// The code itself, unreadable.
    pub hash: CodeHash,
    /// The instant from which it is good no longer.
    pub expires_at: Timestamp,
    /// What it stands for.
    pub vouch: Vouch,
}

/// What the desk keeps of a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// Wrong codes typed since the last code was issued or the last session concluded, over all sessions.
    pub wrong: u8,
    /// The code that waits, if one does.
    pub code: Option<IssuedCode>,
}

/// What a typed code leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// The right code: the subject is verified, on this evidence.
    Vouched(Vouch),
    /// The right code, too late. It costs no attempt, for only who has the code can know.
    TooLate,
    /// A wrong code.
    Wrong {
        /// How many more the subject may type; at least one.
        attempts_left: u8,
    },
    /// A wrong code, and the last: the session fails and the code is dead.
    Exhausted,
}

impl Desk {
    /// Judges a typed code and returns the verdict with what the desk keeps from then on. `is_right` tells whether a
    /// waiting code is the one that was typed.
    pub fn judge(self, policy: &Policy, is_right: impl FnOnce(&CodeHash) -> bool, now: Timestamp) -> (Verdict, Self) {
        match &self.code {
            Some(code) if is_right(&code.hash) => {
                if now < code.expires_at {
                    (Verdict::Vouched(code.vouch.clone()), Self::default())
                } else {
                    (Verdict::TooLate, self)
                }
            }
            _ => self.count_wrong(policy),
        }
    }

    /// Nobody learns whether a code waits at all: wrong codes count the same without one.
    fn count_wrong(self, policy: &Policy) -> (Verdict, Self) {
        let wrong = self.wrong.saturating_add(1);
        match policy.attempts.checked_sub(wrong) {
            Some(attempts_left @ 1..) => (Verdict::Wrong { attempts_left }, Self { wrong, ..self }),
            _ => (Verdict::Exhausted, Self::default()),
        }
    }
}
