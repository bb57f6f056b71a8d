//! What an operator made of decoys: how often they were right, and how often not.

use serde::{Deserialize, Serialize};

use super::link::Link;
use super::{OperatorRecord, Roles, SignIn};
use crate::verification::identity::Identity;
use crate::verification::record::Record;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// How many verdicts on decoys there were. To ask for better pictures is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// As is known of who is in them.
    pub right: u32,
    /// The other way.
    pub wrong: u32,
}

impl Tally {
    /// The same, after a verdict that was right or was not.
    #[must_use]
    pub fn with(self, is_right: bool) -> Self {
        let Self { right, wrong } = self;
        Self { right: right.saturating_add(is_right.into()), wrong: wrong.saturating_add((!is_right).into()) }
    }

    /// The same without what `other` has of it.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self { right: self.right.saturating_sub(other.right), wrong: self.wrong.saturating_sub(other.wrong) }
    }
}

impl OperatorRecord {
    /// The same, after a verdict on a decoy that was right or was not.
    #[must_use]
    pub fn found(self, is_right: bool) -> Self {
        Self { tally: self.tally.with(is_right), ..self }
    }
}

impl Record for OperatorRecord {
    const VERSION: u8 = 2;

    fn decode(version: u8, encoding: &[u8]) -> Option<Self> {
        match version {
            1 => postcard::from_bytes::<First>(encoding).ok().map(Into::into),
            2 => postcard::from_bytes(encoding).ok(),
            _ => None,
        }
    }
}

/// What was kept of an operator before there were decoys.
#[derive(Deserialize)]
struct First {
    roles: Roles,
    subject: Option<Subject>,
    identity: Option<Identity>,
    added_at: Timestamp,
    certified_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    link: Option<Link>,
    last: Option<SignIn>,
}

impl From<First> for OperatorRecord {
    fn from(first: First) -> Self {
        let First { roles, subject, identity, added_at, certified_at, revoked_at, link, last } = first;
        let tally = Tally::default();
        Self { roles, subject, identity, added_at, certified_at, revoked_at, link, last, tally }
    }
}
