//! The last commit that somebody was told of, by its number, noted in the file itself.
//!
//! A commit is numbered in the transaction that it is, and synced once. The engine finds a torn one by the checksums of its
//! pages, and then takes the one before. A damaged one looks the same, so its number is noted here after the sync: where
//! the note is of a later commit than the store holds, that one was told of and is damaged. The note itself waits for no
//! sync, and after a power cut it may be behind, but it is never ahead: no cut makes it say that something is missing.

use std::io;
use std::sync::Arc;

use redb::StorageBackend;
use serde::{Deserialize, Serialize};

use super::codec::Codec;
use crate::verification::record::Record;

/// Where the note stands: in the engine's first page, of which its file format uses the first 320 bytes alone, in a sector
/// of its own, which no power cut tears.
const AT: u64 = 2048;
/// As [`Codec`] seals a number.
const LENGTH: usize = 25;

/// A commit's number: from one on, each the next. In a store that no commit was made in yet it is zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct CommitNumber([u8; 8]);

impl Record for CommitNumber {}

impl CommitNumber {
    pub(super) fn next(self) -> Self {
        Self((self.as_u64() + 1).to_be_bytes())
    }

    pub(super) fn as_u64(self) -> u64 {
        u64::from_be_bytes(self.0)
    }
}

/// The note in a store's file.
pub(super) struct Told {
    file: Arc<dyn StorageBackend>,
    codec: Codec,
}

impl Told {
    pub(super) fn new(file: Arc<dyn StorageBackend>, codec: Codec) -> Self {
        Self { file, codec }
    }

    /// The commit that is noted; zero where none is: the store is new, a copy, or of a version that noted none.
    pub(super) fn read(&self) -> Result<CommitNumber, redb::Error> {
        let mut sealed = [0; LENGTH];
        if self.file.len()? >= AT + LENGTH as u64 {
            self.file.read(AT, &mut sealed)?;
        }
        if sealed == [0; LENGTH] {
            return Ok(CommitNumber::default());
        }
        let damaged = |_| redb::Error::Corrupted("the note of the last commit is damaged".into());
        self.codec.open("told", &[], &sealed).map_err(damaged)
    }

    /// The file's bytes.
    pub(super) fn length(&self) -> io::Result<u64> {
        self.file.len()
    }

    pub(super) fn write(&self, number: CommitNumber) -> io::Result<()> {
        self.file.write(AT, &self.codec.seal("told", &[], &number))
    }
}
