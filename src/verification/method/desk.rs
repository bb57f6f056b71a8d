//! The desk method: the organisation's desk saw the person and their document and issued a one-time code, which the
//! person types. The evidence is a vouch: by whom, and when.

use std::time::Duration;

use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::verification::account::Account;
use crate::verification::session::id::SessionId;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

mod code;
pub(super) mod first;

pub use self::code::{Code, CodeError, CodeHash, TYPED_LIMIT};

/// What the key of codes is derived for.
pub const KEY: &str = "desk code";

/// The rules of the method, as configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long a code is good for after it was issued.
    pub code_lifetime: Duration,
    /// How many wrong codes a subject may type before the session fails and the code is dead.
    pub attempts: u8,
}

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

/// How a subject stands with the desk: what that keeps of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Wrong codes typed since the last code was issued or the last session concluded, over all sessions.
    pub wrong: u8,
    /// The code that waits, if one does.
    pub code: Option<IssuedCode>,
    /// Those wrong codes, each as the session that typed it remembers it; as many as a subject may type at the most.
    pub tried: Vec<CodeHash>,
}

/// A code that was typed, as far as it is judged: unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    policy: Policy,
    /// As the desk keeps a code.
    hash: CodeHash,
    /// As the session remembers it if it is wrong.
    tried: CodeHash,
}

impl Typed {
    /// `code`, typed in `session`, whose subject is `subject`. `key` is the one that codes are kept by.
    #[must_use]
    pub fn new(code: &Code, policy: Policy, key: &hmac::Key, subject: &Subject, session: SessionId) -> Self {
        Self { policy, hash: code.hash(key, subject), tried: code.hash_in(session, key, subject) }
    }
}

/// What a typed code comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Judgement {
    /// It is the code that waits: the desk vouches for the subject.
    Right(Vouch),
    /// It is the last wrong one that the subject may type.
    WrongForGood,
    /// The session goes on, and the person is told so much.
    Told(Told),
}

/// What the person is told of a code that did not end the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The right code, too late. It costs no attempt, for only who has the code can know.
    TooLate,
    /// A wrong code.
    Wrong {
        /// How many more the subject may type; at least one.
        attempts_left: u8,
    },
    /// The same wrong code in the same session: a double tap, or a reload. It costs no attempt, for nothing new is
    /// learnt by it.
    Again {
        /// How many more the subject may type; at least one.
        attempts_left: u8,
    },
}

impl Told {
    pub(super) const fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Wrong { .. } => Some("wrong_code"),
            // Nothing comes of either, so that they can be had without end.
            Self::TooLate | Self::Again { .. } => None,
        }
    }

    pub(super) const fn line(self) -> Option<(&'static str, Option<u8>)> {
        match self {
            Self::Wrong { attempts_left } => Some(("a wrong code was typed", Some(attempts_left))),
            Self::TooLate => Some(("a code was typed that has expired", None)),
            // It was told of before.
            Self::Again { .. } => None,
        }
    }
}

impl Standing {
    /// Judges a typed code. Returns how the subject stands from then on.
    pub fn judge(self, typed: &Typed, now: Timestamp) -> (Judgement, Self) {
        match &self.code {
            Some(code) if code.hash == typed.hash => {
                if now < code.expires_at {
                    (Judgement::Right(code.vouch.clone()), Self::default())
                } else {
                    (Judgement::Told(Told::TooLate), self)
                }
            }
            _ if self.tried.contains(&typed.tried) => {
                let attempts_left = typed.policy.attempts.saturating_sub(self.wrong).max(1);
                (Judgement::Told(Told::Again { attempts_left }), self)
            }
            _ => self.count_wrong(typed),
        }
    }

    /// Whether a code waits to be typed.
    #[must_use]
    pub fn has_code(&self, now: Timestamp) -> bool {
        self.code.as_ref().is_some_and(|code| now < code.expires_at)
    }

    /// Nobody learns whether a code waits at all: wrong codes count the same without one.
    fn count_wrong(mut self, typed: &Typed) -> (Judgement, Self) {
        self.wrong = self.wrong.saturating_add(1);
        match typed.policy.attempts.checked_sub(self.wrong) {
            Some(attempts_left @ 1..) => {
                self.tried.push(typed.tried);
                (Judgement::Told(Told::Wrong { attempts_left }), self)
            }
            // The last: the code is dead.
            _ => (Judgement::WrongForGood, Self::default()),
        }
    }
}

/// What the organisation's desk does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// This code waits from now on, in place of any before it, with all attempts anew.
    Issue(IssuedCode),
    /// The code that waits is worthless.
    Revoke,
}

impl Order {
    pub(super) const fn line(&self) -> &'static str {
        match self {
            Self::Issue(_) => "a desk code was issued",
            Self::Revoke => "a desk code was revoked",
        }
    }

    pub(super) const fn action(&self) -> &'static str {
        match self {
            Self::Issue(_) => "code-issued",
            Self::Revoke => "code-revoked",
        }
    }

    /// Has `standing` as it is from then on.
    #[must_use]
    pub fn carried_out(self, standing: Standing) -> Standing {
        match self {
            Self::Issue(code) => Standing { code: Some(code), ..Standing::default() },
            Self::Revoke => Standing { code: None, ..standing },
        }
    }
}
