//! Where the store's bytes lie: in a file. Behind a seam, at which tests cut the power and let the disk fail.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use redb::StorageBackend;
use redb::backends::FileBackend;

use super::space::space;

/// Bytes that are opened again and again, as a failing disk demands.
pub trait Medium: Send + 'static {
    /// What the engine reads and writes.
    type Backend: StorageBackend;

    /// What they are called in messages.
    fn path(&self) -> &Path;

    /// Opens them to read and write.
    ///
    /// # Errors
    /// What the system says; it may be of another opinion later.
    fn open(&self) -> io::Result<Self::Backend>;

    /// Opens them to read.
    ///
    /// # Errors
    /// What the system says.
    fn open_to_read(&self) -> io::Result<Self::Backend>;

    /// How many bytes can be written beside those that are there.
    ///
    /// # Errors
    /// What the system says.
    fn room(&self) -> io::Result<u64>;
}

/// The file of a store.
pub(super) struct StoreFile(pub(super) PathBuf);

impl Medium for StoreFile {
    type Backend = FileBackend;

    fn path(&self) -> &Path {
        &self.0
    }

    fn open(&self) -> io::Result<FileBackend> {
        backend(OpenOptions::new().read(true).write(true).open(&self.0)?)
    }

    fn open_to_read(&self) -> io::Result<FileBackend> {
        backend(File::open(&self.0)?)
    }

    fn room(&self) -> io::Result<u64> {
        Ok(space(&self.0)?.free)
    }
}

fn backend(file: File) -> io::Result<FileBackend> {
    FileBackend::new(file).map_err(io::Error::other)
}
