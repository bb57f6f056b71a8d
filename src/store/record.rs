//! What the store keeps: each record as it is encoded, and as earlier versions encoded it.
//!
//! A change of a record here is the next of its own [`VERSION`](Record::VERSION)s and of the schema's
//! ([`codec::VERSION`](super::codec::VERSION)). A record stays as it was written until it is written again.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::verification::method::Method;
use crate::verification::method::desk::{Desk, Vouch};
use crate::verification::outcome::Status;
use crate::verification::session::SessionId;
use crate::verification::subject::{IdvId, Subject};
use crate::verification::time::Timestamp;

mod first;

/// What can be kept under a key.
pub trait Record: Serialize + DeserializeOwned {
    /// The version of its encoding.
    const VERSION: u8 = 1;

    /// The record that `encoding`, of the version `version`, is; none if it is not.
    #[must_use]
    fn decode(version: u8, encoding: &[u8]) -> Option<Self> {
        if version == Self::VERSION { postcard::from_bytes(encoding).ok() } else { None }
    }
}

/// The schema's version.
impl Record for u8 {}

/// From when on request tokens count.
impl Record for Timestamp {}

impl Record for SubjectRecord {}

impl Record for SpentRecord {}

impl Record for CheckRecord {
    const VERSION: u8 = 2;

    fn decode(version: u8, encoding: &[u8]) -> Option<Self> {
        match version {
            1 => postcard::from_bytes::<first::Check>(encoding).ok().map(Into::into),
            2 => postcard::from_bytes(encoding).ok(),
            _ => None,
        }
    }
}

impl Record for Desk {
    const VERSION: u8 = 2;

    fn decode(version: u8, encoding: &[u8]) -> Option<Self> {
        match version {
            1 => postcard::from_bytes::<first::Desk>(encoding).ok().map(Into::into),
            2 => postcard::from_bytes(encoding).ok(),
            _ => None,
        }
    }
}

/// A subject, by tenant and user id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRecord {
    /// idv's own identifier.
    pub idv_id: IdvId,
    /// When idv first met the subject.
    pub created_at: Timestamp,
    /// The subject's last check.
    pub last_check: Option<LastCheck>,
}

/// The head of a subject's chain of checks, with what most questions need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCheck {
    /// Its number.
    pub number: u64,
    /// When it was concluded.
    pub at: Timestamp,
    /// By which method.
    pub method: Method,
    /// How it ended.
    pub status: Status,
}

/// A concluded verification, by its number. Numbers rise with time, so that checks are written in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRecord {
    /// Of whom.
    pub subject: Subject,
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub status: Status,
    /// What supported it.
    pub evidence: Evidence,
    /// The number of the subject's check before this one.
    pub previous: Option<u64>,
}

/// What supported a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The desk vouched for the subject.
    Vouch(Vouch),
    /// The subject used up the attempts at a desk code.
    WrongCodes,
    /// A trial simulated it.
    Simulated,
}

impl Evidence {
    /// The method that yields it.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Vouch(_) | Self::WrongCodes => Method::Desk,
            Self::Simulated => Method::Simulated,
        }
    }
}

/// A request token that a session has acted on, until nobody could present it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpentRecord {
    /// The session that acted first, and alone may go on.
    pub session: SessionId,
    /// How that session ended, if it did.
    pub concluded: Option<Concluded>,
}

/// The recorded end of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concluded {
    /// How it ended.
    pub status: Status,
    /// When.
    pub at: Timestamp,
    /// The subject, in idv's own words.
    pub idv_id: IdvId,
    /// The time of the subject's last check then.
    pub last_check_at: Option<Timestamp>,
}
