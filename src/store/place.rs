//! Where a store lies: its directory, the names in it, and who may use it.
//!
//! The lock is a file of its own: the store's file is not there before it is made, and is another one after a restore.
//! Whoever holds it alone reads the store to change it, makes it or replaces it; nothing is read for that before.

use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::ops::directory::Directory;

/// How often the service tries to have the lock, and how long it pauses in between: ten seconds in all.
const TRIES: usize = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// Where the key of the store at `path` is.
#[must_use]
pub fn key_path(path: &Path) -> PathBuf {
    path.with_extension("key")
}

/// What is beside a store has these in place of its extension, or these names.
const EXTENSIONS: [&str; 7] = ["anew", "compacted", "copy", "copying", "key", "lock", "turn"];
const NAMES: [&str; 2] = ["erased.log", "erased.new"];

/// Whether a store at `path` would be in the place of something that is beside it, and be removed as that.
#[must_use]
pub fn is_beside(path: &Path) -> bool {
    let is_one = |part: Option<&OsStr>, all: &[&str]| part.is_some_and(|part| all.iter().any(|one| part == *one));
    is_one(path.extension(), &EXTENSIONS) || is_one(path.file_name(), &NAMES)
}

/// Why a place is not to be had.
#[derive(Debug)]
pub(super) enum PlaceError {
    /// Another process has the store there.
    InUse(PathBuf),
    /// The system does not let it.
    Io { path: PathBuf, source: io::Error },
}

/// A store's directory, and what the store is called in it.
#[derive(Debug)]
pub(super) struct Place {
    directory: Directory,
    store: PathBuf,
    path: PathBuf,
}

/// Held as long as this is.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// A child process that begins just now has the same open file for a moment, and with it the lock.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
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

    /// Its name until it has the place of what it was compacted from.
    pub(super) fn compacted(&self) -> PathBuf {
        self.store.with_extension("compacted")
    }

    /// The names of a backup's key and store until they have their place.
    pub(super) fn restored(&self) -> [PathBuf; 2] {
        [self.key(), self.store.clone()].map(|name| beside(&name, "restored"))
    }

    /// Copies the file `name` to `to`, where it is new and durable.
    pub(super) fn copy_to(&self, name: &Path, to: &Self, new: &Path) -> io::Result<()> {
        let mut from = self.directory.read(name)?;
        let mut copy = to.directory.create(new)?;
        io::copy(&mut from, &mut copy)?;
        copy.sync_all()?;
        to.directory.sync()
    }

    pub(super) fn has(&self, name: &Path) -> Result<bool, PlaceError> {
        self.directory.has(name).map_err(io_error(&self.path_of(name)))
    }

    /// Takes the lock, unless somebody has it or waits for it.
    pub(super) fn lock(&self) -> Result<Lock, PlaceError> {
        if self.is_wanted() { Err(self.in_use()) } else { self.hold("lock") }
    }

    /// Takes the lock, and waits for it. Meanwhile whoever can [gives way](Self::is_wanted).
    pub(super) fn lock_in_turn(&self) -> Result<Lock, PlaceError> {
        let _turn = self.wait_for("turn")?;
        self.wait_for("lock")
    }

    /// Takes what only one at a time may have who carries a copy away.
    pub(super) fn lock_to_copy(&self) -> Result<Lock, PlaceError> {
        self.hold("copying")
    }

    /// Takes the lock together with others who read, unless somebody has it alone or waits for it; none where nobody ever
    /// had it.
    pub(super) fn share(&self) -> Result<Option<Lock>, PlaceError> {
        let (name, path) = self.named("lock");
        match self.directory.read(&name) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error(&path)(error)),
            Ok(_) if self.is_wanted() => Err(self.in_use()),
            Ok(file) => self.taken(&path, file.try_lock_shared()).map(|()| Some(Lock { file })),
        }
    }

    /// Whether somebody waits for the lock.
    pub(super) fn is_wanted(&self) -> bool {
        let turn = self.directory.read(&self.named("turn").0);
        turn.is_ok_and(|turn| matches!(turn.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    fn wait_for(&self, which: &str) -> Result<Lock, PlaceError> {
        for _ in 1..TRIES {
            match self.hold(which) {
                Err(PlaceError::InUse(_)) => thread::sleep(PAUSE),
                held => return held,
            }
        }
        self.hold(which)
    }

    fn hold(&self, which: &str) -> Result<Lock, PlaceError> {
        let (name, path) = self.named(which);
        let file = self.directory.write_or_create(&name).map_err(io_error(&path))?;
        self.taken(&path, file.try_lock()).map(|()| Lock { file })
    }

    fn named(&self, which: &str) -> (PathBuf, PathBuf) {
        (self.store.with_extension(which), self.path.with_extension(which))
    }

    fn taken(&self, path: &Path, locked: Result<(), TryLockError>) -> Result<(), PlaceError> {
        locked.map_err(|error| match error {
            TryLockError::WouldBlock => self.in_use(),
            TryLockError::Error(error) => io_error(path)(error),
        })
    }

    fn in_use(&self) -> PlaceError {
        PlaceError::InUse(self.path.clone())
    }
}

/// `name` with `suffix` behind it.
pub(super) fn beside(name: &Path, suffix: &str) -> PathBuf {
    let mut beside = name.as_os_str().to_owned();
    beside.push(".");
    beside.push(suffix);
    beside.into()
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> PlaceError {
    let path = path.to_owned();
    move |source| PlaceError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::super::backup::copy_path;
    use super::super::erased;
    use super::super::medium::StoreFile;
    use std::sync::Arc;

    use super::*;

    /// A store that was called so was removed at the start, as what an earlier process had left.
    #[test]
    fn no_store_is_called_as_what_is_beside_it() {
        let directory = tempfile::TempDir::new().unwrap();
        let place = Arc::new(Place::open(&directory.path().join("idv.redb")).unwrap());
        let lock = Arc::new(place.lock().unwrap());
        let draft = StoreFile::new(place.clone(), place.store(), 0, lock).draft();
        let locks = ["lock", "turn", "copying"].map(|which| place.named(which).0);
        let others = [place.key(), place.compacted(), copy_path(place.store()), draft, erased::FILE.into()];
        for name in others.into_iter().chain(locks) {
            assert!(is_beside(&name) && is_beside(&directory.path().join(&name)), "{}", name.display());
        }
        let suffixed = place.restored().into_iter().chain([place.draft()]);
        for name in suffixed.chain(["idv.redb", "key", "anew", "my.key.redb", ".lock"].map(PathBuf::from)) {
            assert!(!is_beside(&name), "{}", name.display());
        }
    }
}
