//! A picture as a dossier names it. Its bytes lie sealed beside the store.

use serde::{Deserialize, Serialize};

use crate::verification::object::{ObjectId, ObjectRecord};

/// A picture that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Where its bytes are.
    pub object: ObjectId,
    /// The number of the round when it came: with the tenant, the case and the slot, what its bytes are sealed to.
    pub round: u8,
    /// SHA-256 of what is kept: what a reviewer decides about is what they saw.
    pub digest: [u8; 32],
    /// Keyed digest of what was sent: the same bytes are the same picture.
    pub upload: [u8; 32],
    /// 64 signs of what becomes brighter from left to right, by which a very similar picture is found.
    pub difference_hash: u64,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// Quarter turns to the right with which reviewers look at it.
    pub turns: u8,
}

/// A picture with what opens it, as it is handed over to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The number of the attempt that it was taken for: its bytes are sealed to it, and open in no other.
    pub number: u64,
    /// The picture.
    pub picture: Picture,
    /// What is kept of its sealed bytes.
    pub record: ObjectRecord,
}
