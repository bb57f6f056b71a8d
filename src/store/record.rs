//! The encodings of what the store keeps, as they are and as earlier versions had them.
//!
//! A variant that comes last in its enum changes no encoding that there was: the schema's version alone tells earlier
//! versions of idv that they do not know it. Any other change of a record is the next of its own [`VERSION`](Record::VERSION)s and of the schema's
//! ([`codec::VERSION`](super::codec::VERSION)). What methods keep has its versions with them.

use serde::{Deserialize, Serialize};

use crate::verification::case::{Case, FirstCase};
use crate::verification::check::{CheckRecord, SubjectRecord};
use crate::verification::record::Record;
use crate::verification::spent::SpentRecord;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

mod first;

/// The schema's version.
impl Record for u8 {}

/// Which version of idv opened the store.
impl Record for String {}

/// From when on request tokens count, and when a backup was whole.
impl Record for Timestamp {}

impl Record for SubjectRecord {
    const VERSION: u8 = 2;

    fn decode(version: u8, encoding: &[u8]) -> Option<Self> {
        match version {
            1 => postcard::from_bytes::<first::Met>(encoding).ok().map(Into::into),
            2 => postcard::from_bytes(encoding).ok(),
            _ => None,
        }
    }
}

impl Record for Case {
    const VERSION: u8 = 2;

    fn decode(version: u8, encoding: &[u8]) -> Option<Self> {
        match version {
            1 => postcard::from_bytes::<FirstCase>(encoding).ok().map(Into::into),
            2 => postcard::from_bytes(encoding).ok(),
            _ => None,
        }
    }
}

/// The last number that was given.
#[derive(Serialize, Deserialize)]
pub(super) struct Number(pub(super) u64);

impl Record for Number {}

/// Whose an identity is.
impl Record for Subject {}

impl Record for SpentRecord {
    const VERSION: u8 = 2;

    fn decode(version: u8, encoding: &[u8]) -> Option<Self> {
        match version {
            1 => postcard::from_bytes::<first::Spent>(encoding).ok().map(Into::into),
            2 => postcard::from_bytes(encoding).ok(),
            _ => None,
        }
    }
}

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
