//! How records and keys become bytes. Pure.
//!
//! A record is its version, its postcard encoding, and a MAC over the table's name, the key and both. So a bit that
//! flipped on disk, a value moved to another key or another table, and a file of another installation are all noticed:
//! the engine's own checksums are not read back on every look-up.

use ring::hmac;
use serde::Serialize;

use super::master_key::MasterKey;
use crate::verification::record::Record;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;
use crate::verification::token::TokenId;

/// The version of the schema: what a store of it holds, only versions of idv understand that know it.
pub const VERSION: u8 = 7;

/// Bytes of a record's MAC, and of a [mark](Codec::mark).
pub const MAC_LENGTH: usize = 16;

/// A record that does not carry its own MAC, or is of no version that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

/// Seals and opens records.
#[derive(Clone)]
pub struct Codec {
    key: hmac::Key,
}

impl Codec {
    /// A codec whose MACs are by `key`.
    #[must_use]
    pub fn new(key: hmac::Key) -> Self {
        Self { key }
    }

    /// The codec of the store whose key is `key`.
    #[must_use]
    pub fn of(key: &MasterKey) -> Self {
        Self::new(key.derive("store record"))
    }

    /// The bytes of `record` under `key` in `table`.
    #[must_use]
    pub fn seal<T: Record>(&self, table: &str, key: &[u8], record: &T) -> Vec<u8> {
        self.seal_as(T::VERSION, table, key, record)
    }

    /// The bytes of `record`, which is encoded as the version `version` does, under `key` in `table`.
    #[must_use]
    pub fn seal_as(&self, version: u8, table: &str, key: &[u8], record: &impl Serialize) -> Vec<u8> {
        let mut bytes = postcard::to_extend(record, vec![version]).expect("a vector takes whatever is written to it");
        let mac = self.mac(table, key, &bytes);
        bytes.extend_from_slice(&mac.as_ref()[..MAC_LENGTH]);
        bytes
    }

    /// The record that `bytes` hold under `key` in `table`.
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn open<T: Record>(&self, table: &str, key: &[u8], bytes: &[u8]) -> Result<T, Damaged> {
        let (version, encoding) = self.authenticate(table, key, bytes)?;
        T::decode(version, encoding).ok_or(Damaged)
    }

    /// The version and the encoding of the record that `bytes` hold under `key` in `table`.
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn authenticate<'a>(&self, table: &str, key: &[u8], bytes: &'a [u8]) -> Result<(u8, &'a [u8]), Damaged> {
        let (body, mac) = bytes.split_at_checked(bytes.len().wrapping_sub(MAC_LENGTH)).ok_or(Damaged)?;
        // No secret depends on how long this comparison takes: who can write the file need not guess at it.
        if self.mac(table, key, body).as_ref()[..MAC_LENGTH] != *mac {
            return Err(Damaged);
        }
        match body {
            [version, encoding @ ..] => Ok((*version, encoding)),
            [] => Err(Damaged),
        }
    }

    /// What stands for `key` in `table` where the key itself is not to stand. Nobody has it who has not this codec's key.
    #[must_use]
    pub fn mark(&self, table: &str, key: &[u8]) -> [u8; MAC_LENGTH] {
        let mut mark = [0; MAC_LENGTH];
        mark.copy_from_slice(&self.mac(table, key, &[]).as_ref()[..MAC_LENGTH]);
        mark
    }

    fn mac(&self, table: &str, key: &[u8], body: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.key);
        for part in [table.as_bytes(), key] {
            context.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
            context.update(part);
        }
        context.update(body);
        context.sign()
    }
}

/// The key of a subject: the tenant, a zero byte that no host has, the user id. A tenant's subjects stand together.
#[must_use]
pub fn subject_key(subject: &Subject) -> Vec<u8> {
    [subject.tenant.as_str().as_bytes(), &[0], subject.user_id.as_str().as_bytes()].concat()
}

/// The subject of a key.
#[must_use]
pub fn subject_of_key(key: &[u8]) -> Option<Subject> {
    let (tenant, user_id) = std::str::from_utf8(key).ok()?.split_once('\0')?;
    Some(Subject { tenant: tenant.to_owned().try_into().ok()?, user_id: user_id.to_owned().try_into().ok()? })
}

/// The key of a spent request token: when it was made, as it says itself, then its id. So tokens arrive nearly in order,
/// those that can be swept stand first, and no change of the configuration makes one look unused.
#[must_use]
pub fn spent_key(issued_at: Timestamp, token: TokenId) -> [u8; 24] {
    let mut key = [0; 24];
    key[..8].copy_from_slice(&issued_at.as_unix().to_be_bytes());
    key[8..].copy_from_slice(&token.0);
    key
}

/// When the spent request token of a key was made.
#[must_use]
pub fn spent_issued_at(key: &[u8]) -> Option<Timestamp> {
    Some(Timestamp::from_unix(u64::from_be_bytes(*key.first_chunk()?)))
}

/// The key of a check: its number, so that checks arrive in order.
#[must_use]
pub fn check_key(number: u64) -> [u8; 8] {
    number.to_be_bytes()
}

/// The key of an entry of the audit log: its number.
#[must_use]
pub fn entry_key(number: u64) -> [u8; 8] {
    number.to_be_bytes()
}

/// The number of a check's key, or of an entry's.
#[must_use]
pub fn check_number(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.try_into().ok()?))
}
