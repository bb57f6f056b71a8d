//! A backup as one stream that others can read: tar, in gzip, and where recipients are named in age. Pure: it reads and
//! writes what it is given.
//!
//! The members stand in this order: what the backup is, the key that reads the store, the store. What is read is compared
//! with what stands before it, so that nothing is kept that nobody wrote down.

use std::io::{self, Write};

use data_encoding::HEXLOWER;
use ring::digest;

pub use self::age::{Encryptor, Recipient, RecipientError};
pub use self::manifest::{FORMAT, Manifest, Part};
pub use self::reader::{ArchiveError, Unpacked, unpack};
pub use self::writer::pack;

mod age;
mod manifest;
mod reader;
mod writer;

/// What the backup is, as JSON.
pub const MANIFEST: &str = "manifest.json";
/// The key of the store.
pub const KEY: &str = "idv.key";
/// The store.
pub const STORE: &str = "idv.redb";

/// Hands on what is written, and takes its SHA-256 on the way.
pub struct Digesting<W> {
    to: W,
    context: digest::Context,
    bytes: u64,
}

impl<W: Write> Digesting<W> {
    /// Hands on to `to`.
    #[must_use]
    pub fn new(to: W) -> Self {
        Self { to, context: digest::Context::new(&digest::SHA256), bytes: 0 }
    }

    /// What it was, and where it went.
    #[must_use]
    pub fn finish(self) -> (Part, W) {
        (Part { bytes: self.bytes, sha256: HEXLOWER.encode(self.context.finish().as_ref()) }, self.to)
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.context.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
