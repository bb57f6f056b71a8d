//! Where sealed pictures and their keys lie: files of a directory. Behind a seam, at which tests let every step fail, or be
//! the last.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::OnceLock;

use super::place::{Place, PlaceError};
use crate::ops::directory::Directory;

/// The file of the epochs' keys.
pub const KEYS: &str = "keys";
/// Where pictures are written, until they are whole.
pub const NEW: &str = "new";
/// Where they are, in directories by the first byte of their names.
pub const OBJECTS: &str = "objects";
/// The longest file that is read, in bytes: a picture's, sealed, and more than the keys'.
const LIMIT: u64 = 2 * 1024 * 1024 + 64 * 1024;

/// Files by their names below the one directory.
pub trait Medium: Send + Sync + 'static {
    /// Has the directory open: makes it, and those in it, where they are not there.
    ///
    /// # Errors
    /// Why no evidence may be there.
    fn begin(&self) -> Result<(), PlaceError>;

    /// Whether there is anything to open.
    ///
    /// # Errors
    /// What the system says.
    fn is_there(&self) -> io::Result<bool>;

    /// The file `name`; none where there is no such one.
    ///
    /// # Errors
    /// What the system says, or that it is longer than any of ours.
    fn read(&self, name: &Path) -> io::Result<Option<Vec<u8>>>;

    /// Writes `bytes` into the file `name` from byte `at` on, and makes it where there is none. They are durable then; the
    /// name of a new file is not.
    ///
    /// # Errors
    /// What the system says; any part of them may be there.
    fn write(&self, name: &Path, at: u64, bytes: &[u8]) -> io::Result<()>;

    /// Gives the file `from` the name `to`, which nothing may have.
    ///
    /// # Errors
    /// What the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Makes the names in `directory` durable.
    ///
    /// # Errors
    /// What the system says.
    fn sync(&self, directory: &Path) -> io::Result<()>;

    /// Removes a file. Returns how long it was; none where there was no such one.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, name: &Path) -> io::Result<Option<u64>>;

    /// The files in `directory`, and how long each is.
    ///
    /// # Errors
    /// What the system says.
    fn list(&self, directory: &Path) -> io::Result<Vec<(OsString, u64)>>;

    /// How many bytes can be written beside those that are there.
    ///
    /// # Errors
    /// What the system says.
    fn free(&self) -> io::Result<u64>;
}

/// The files as the file system has them.
pub struct Disk {
    place: Place,
    directory: OnceLock<Directory>,
}

impl Disk {
    /// Those at `place`. Nothing is opened yet.
    #[must_use]
    pub const fn new(place: Place) -> Self {
        Self { place, directory: OnceLock::new() }
    }

    fn directory(&self) -> io::Result<&Directory> {
        self.directory.get().ok_or_else(|| ErrorKind::NotFound.into())
    }
}

impl Medium for Disk {
    fn begin(&self) -> Result<(), PlaceError> {
        if self.directory.get().is_none() {
            let directory = self.place.open()?;
            let make = || {
                directory.within(Path::new(NEW))?;
                let objects = directory.within(Path::new(OBJECTS))?;
                (0..=u8::MAX).try_for_each(|first| objects.within(Path::new(&format!("{first:02x}"))).map(drop))?;
                objects.sync()?;
                directory.sync()
            };
            make().map_err(|source| PlaceError::Io { path: self.place.directory.clone(), source })?;
            // Whoever was faster has the same one open.
            let _ = self.directory.set(directory);
        }
        Ok(())
    }

    fn is_there(&self) -> io::Result<bool> {
        self.place.directory.try_exists()
    }

    fn read(&self, name: &Path) -> io::Result<Option<Vec<u8>>> {
        let file = match self.directory()?.read(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let length = file.metadata()?.len();
        if length > LIMIT {
            return Err(ErrorKind::FileTooLarge.into());
        }
        // In one piece, so that no copy of a picture stays behind when it grows.
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
        file.take(LIMIT).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn write(&self, name: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
        let file = self.directory()?.write_or_create(name)?;
        file.write_all_at(bytes, at)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.directory()?.rename(from, to)
    }

    fn sync(&self, directory: &Path) -> io::Result<()> {
        self.directory()?.within(directory)?.sync()
    }

    fn remove(&self, name: &Path) -> io::Result<Option<u64>> {
        let directory = self.directory()?;
        let length = match directory.read(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file?.metadata()?.len(),
        };
        Ok(directory.remove(name)?.then_some(length))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<(OsString, u64)>> {
        let directory = self.directory()?.within(directory)?;
        let mut listed = Vec::new();
        for name in directory.names()? {
            match directory.read(Path::new(&name)) {
                // It was removed meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                file => listed.push((name, file?.metadata()?.len())),
            }
        }
        Ok(listed)
    }

    fn free(&self) -> io::Result<u64> {
        self.directory()?.free()
    }
}
