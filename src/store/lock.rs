//! Who may use a store.
//!
//! The lock is a file of its own: the store's file is not there before it is made, and is another one after a restore.
//! Whoever holds it alone reads the store to change it, makes it or replaces it; nothing is read for that before.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::error::{OpenError, io_error};
use super::place::Place;

/// How often the service tries to have the lock, and how long it pauses in between: ten seconds in all.
const TRIES: usize = 200;
const PAUSE: Duration = Duration::from_millis(50);

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
    pub(super) fn has(&self, name: &Path) -> Result<bool, OpenError> {
        self.directory().has(name).map_err(io_error(&self.path_of(name)))
    }

    /// Takes the lock, unless somebody has it or waits for it.
    pub(super) fn lock(&self) -> Result<Lock, OpenError> {
        if self.is_wanted() { Err(self.in_use()) } else { self.hold("lock") }
    }

    /// Takes the lock, and waits for it. Meanwhile whoever can [gives way](Self::is_wanted).
    pub(super) fn lock_in_turn(&self) -> Result<Lock, OpenError> {
        let _turn = self.wait_for("turn")?;
        self.wait_for("lock")
    }

    /// Takes the lock together with others who read, unless somebody has it alone or waits for it; none where nobody ever
    /// had it.
    pub(super) fn share(&self) -> Result<Option<Lock>, OpenError> {
        let (name, path) = self.named("lock");
        match self.directory().read(&name) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error(&path)(error)),
            Ok(_) if self.is_wanted() => Err(self.in_use()),
            Ok(file) => self.taken(&path, file.try_lock_shared()).map(|()| Some(Lock { file })),
        }
    }

    /// Whether somebody waits for the lock.
    pub(super) fn is_wanted(&self) -> bool {
        let turn = self.directory().read(&self.named("turn").0);
        turn.is_ok_and(|turn| matches!(turn.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    fn wait_for(&self, which: &str) -> Result<Lock, OpenError> {
        for _ in 1..TRIES {
            match self.hold(which) {
                Err(OpenError::InUse(_)) => thread::sleep(PAUSE),
                held => return held,
            }
        }
        self.hold(which)
    }

    fn hold(&self, which: &str) -> Result<Lock, OpenError> {
        let (name, path) = self.named(which);
        let file = self.directory().write_or_create(&name).map_err(io_error(&path))?;
        self.taken(&path, file.try_lock()).map(|()| Lock { file })
    }

    fn named(&self, which: &str) -> (PathBuf, PathBuf) {
        (self.store().with_extension(which), self.path().with_extension(which))
    }

    fn taken(&self, path: &Path, locked: Result<(), TryLockError>) -> Result<(), OpenError> {
        locked.map_err(|error| match error {
            TryLockError::WouldBlock => self.in_use(),
            TryLockError::Error(error) => io_error(path)(error),
        })
    }

    fn in_use(&self) -> OpenError {
        OpenError::InUse(self.path().to_owned())
    }
}
