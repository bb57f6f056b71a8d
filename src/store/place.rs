//! Where a store lies: its directory, and the names in it.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::ops::directory::Directory;

/// A store's directory, and what the store is called in it.
#[derive(Debug)]
pub(super) struct Place {
    directory: Directory,
    store: PathBuf,
    path: PathBuf,
}

impl Place {
    /// The place of the store at `path`, whose directory is there.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Self::of(path, Directory::open)
    }

    /// The place of the store at `path`. Its directory is made where there is none.
    pub(super) fn make(path: &Path) -> io::Result<Self> {
        Self::of(path, Directory::make)
    }

    fn of(path: &Path, reach: impl FnOnce(&Path) -> io::Result<Directory>) -> io::Result<Self> {
        let (Some(directory), Some(store)) = (path.parent(), path.file_name()) else {
            return Err(ErrorKind::IsADirectory.into());
        };
        Ok(Self { directory: reach(directory)?, store: store.into(), path: path.to_owned() })
    }

    pub(super) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The store's path, for messages.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The path of `name`, for messages.
    pub(super) fn path_of(&self, name: &Path) -> PathBuf {
        self.path.with_file_name(name)
    }

    /// The store's name.
    pub(super) fn store(&self) -> &Path {
        &self.store
    }

    /// Its key's name.
    pub(super) fn key(&self) -> PathBuf {
        key_path(&self.store)
    }

    /// Its name until it is whole.
    pub(super) fn draft(&self) -> PathBuf {
        self.store.with_extension("redb.new")
    }

    /// Copies the file `name` to `to`, where it is new and durable.
    pub(super) fn copy_to(&self, name: &Path, to: &Self, new: &Path) -> io::Result<()> {
        let mut from = self.directory.read(name)?;
        let mut copy = to.directory.create(new)?;
        io::copy(&mut from, &mut copy)?;
        copy.sync_all()?;
        to.directory.sync()
    }
}

/// Where the key of the store at `path` is.
#[must_use]
pub fn key_path(path: &Path) -> PathBuf {
    path.with_extension("key")
}
