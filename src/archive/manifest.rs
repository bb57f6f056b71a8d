//! What a backup says of itself.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use super::Digesting;
use crate::verification::time::Timestamp;

/// The format of the stream. Another member or another meaning of one is the next.
pub const FORMAT: u16 = 1;

/// What a backup is. It says nothing of anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The format of the stream.
    pub format: u16,
    /// The version of idv that made it.
    pub idv: String,
    /// The version of the store's schema.
    pub schema: u8,
    /// When it was made.
    pub made_at: Timestamp,
    /// The `public_url` of the service whose store it is.
    pub public_url: String,
    /// How many people the store knows.
    pub subjects: u64,
    /// How many checks.
    pub checks: u64,
    /// The key of the store.
    pub key: Part,
    /// The store.
    pub store: Part,
}

/// A member of the stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

impl Part {
    /// The part that `from` holds.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(mut from: impl Read) -> io::Result<Self> {
        let mut digesting = Digesting::new(io::sink());
        io::copy(&mut from, &mut digesting)?;
        Ok(digesting.finish().0)
    }
}
