//! The audit log: what was decided and done, for whoever has to answer for it. Its entries are the leaves of a [`tree`], whose
//! head is signed as a [`checkpoint`]; an [`export`] of it can be [verified](verify) by anybody, offline.

pub mod checkpoint;
pub mod entry;
pub mod export;
pub mod key;
pub mod pseudonym;
mod recorded;
pub mod tree;
pub mod verify;
