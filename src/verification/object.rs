//! What is known of a sealed picture: its name, and what opens it. The picture itself lies beside the store.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::bits::Bits;
use super::record::Record;
use super::time::Timestamp;

/// Names a sealed picture, here and as its file: 128 random bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectId(Bits);

/// The key of one picture, sealed under that of an epoch. Without the epoch's it is noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedKey {
    /// What it was sealed with.
    pub nonce: [u8; WrappedKey::NONCE_LENGTH],
    /// The key, sealed.
    pub sealed: [u8; WrappedKey::KEY_LENGTH],
    /// What proves it.
    pub tag: [u8; WrappedKey::TAG_LENGTH],
}

/// A picture that was taken in, until nothing can open it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectRecord {
    /// The number of the epoch whose key opens the picture's.
    pub epoch: u32,
    /// The picture's key.
    pub key: WrappedKey,
    /// From when on nothing names the picture. Its file may be there yet, and the epoch's key.
    pub deleted_at: Option<Timestamp>,
}

impl WrappedKey {
    /// Bytes of the nonce (AES-256-GCM).
    pub const NONCE_LENGTH: usize = 12;
    /// Bytes of the key.
    pub const KEY_LENGTH: usize = 32;
    /// Bytes of the tag.
    pub const TAG_LENGTH: usize = 16;
}

impl ObjectId {
    /// The name made of `random` bits.
    #[must_use]
    pub const fn from_random(random: Bits) -> Self {
        Self(random)
    }

    /// Its bytes: the key of its record.
    #[must_use]
    pub const fn as_bytes(&self) -> &Bits {
        &self.0
    }

    /// The name whose bytes these are; none if they are too few or too many.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Reads a name as [`Display`](fmt::Display) writes it; none if it is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        HEXLOWER.decode(text.as_bytes()).ok().as_deref().and_then(Self::from_bytes)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl ObjectRecord {
    /// It, once nothing names the picture any more, from `now` on. What was deleted before stays so since then.
    #[must_use]
    pub fn deleted(self, now: Timestamp) -> Self {
        Self { deleted_at: self.deleted_at.or(Some(now)), ..self }
    }
}

impl Record for ObjectRecord {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_by_32_hex_digits_in_their_one_spelling() {
        let object = ObjectId::from_random([0xab; 16]);
        let text = object.to_string();
        assert_eq!(text, "ab".repeat(16));
        assert_eq!(ObjectId::parse(&text), Some(object));
        assert_eq!(ObjectId::from_bytes(object.as_bytes()), Some(object));
        for bad in ["", &text[2..], &format!("{text}ab"), &text.to_uppercase(), &format!("{}/.", &text[2..])] {
            assert_eq!(ObjectId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_was_deleted_once_stays_so_since_then() {
        let key = WrappedKey { nonce: [1; 12], sealed: [2; 32], tag: [3; 16] };
        let record = ObjectRecord { epoch: 7, key, deleted_at: None };
        let first = record.deleted(Timestamp::from_unix(10));
        assert_eq!(first.deleted_at, Some(Timestamp::from_unix(10)));
        assert_eq!(first.deleted(Timestamp::from_unix(20)), first);
    }

    #[test]
    fn a_record_is_small() {
        let key = WrappedKey { nonce: [1; 12], sealed: [2; 32], tag: [3; 16] };
        let record = ObjectRecord { epoch: u32::MAX, key, deleted_at: Some(Timestamp::from_unix(2_000_000_000)) };
        let encoded = postcard::to_allocvec(&record).unwrap();
        assert!(encoded.len() <= 72, "{}", encoded.len());
        assert_eq!(ObjectRecord::decode(1, &encoded), Some(record));
        assert_eq!(ObjectRecord::decode(2, &encoded), None);
    }
}
