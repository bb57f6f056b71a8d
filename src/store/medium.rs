//! Where the store's bytes lie: in a file. Behind a seam, at which tests cut the power and let the disk fail.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::StorageBackend;
use redb::backends::FileBackend;

use super::ahead::read_ahead;
use super::opening::Opening;
use super::overlay::Overlay;
use super::place::{Lock, Place};
use super::space::space;

/// Bytes that are opened again and again, as a failing disk demands.
pub trait Medium: Send + 'static {
    /// What the engine reads and writes.
    type Backend: StorageBackend;

    /// What they are called in messages.
    fn path(&self) -> &Path;

    /// Opens them to read and write. All of them are about to be read.
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

    /// How many bytes of the room they take: those that were never written take none. As many as they are, if it is not told.
    ///
    /// # Errors
    /// What the system says.
    fn taken(&self) -> io::Result<u64> {
        Ok(u64::MAX)
    }

    /// Makes a place for them anew, where nothing ever was; none where they stay where they are.
    ///
    /// # Errors
    /// What the system says.
    fn anew(&self) -> io::Result<Option<Self::Backend>> {
        Ok(None)
    }

    /// From now on they are what was written [anew](Self::anew), and nothing else.
    ///
    /// # Errors
    /// What the system says. Which of the two they are shows when they are opened.
    fn replace(&self) -> io::Result<()> {
        Ok(())
    }

    /// Forgets what was written [anew](Self::anew). Returns whether anything was, which is in nobody's place then.
    ///
    /// # Errors
    /// What the system says.
    fn forget_new(&self) -> io::Result<bool> {
        Ok(false)
    }
}

/// A file of a store's place, which nobody else uses.
pub(super) struct StoreFile {
    place: Arc<Place>,
    name: PathBuf,
    path: PathBuf,
    /// How much of it is kept in memory, in bytes.
    cache: usize,
    _lock: Arc<Lock>,
}

impl StoreFile {
    pub(super) fn new(place: Arc<Place>, name: &Path, cache: usize, lock: Arc<Lock>) -> Self {
        Self { path: place.path_of(name), place, name: name.to_owned(), cache, _lock: lock }
    }

    pub(super) fn draft(&self) -> PathBuf {
        self.name.with_extension("anew")
    }
}

impl Medium for StoreFile {
    type Backend = FileBackend;

    fn path(&self) -> &Path {
        &self.path
    }

    fn open(&self) -> io::Result<FileBackend> {
        let directory = self.place.directory();
        // It may have its name only since a moment ago, and what is written to it is to be found under that.
        directory.sync()?;
        let file = directory.write(&self.name)?;
        read_ahead(&file, self.cache);
        backend(file)
    }

    fn open_to_read(&self) -> io::Result<FileBackend> {
        backend(self.place.directory().read(&self.name)?)
    }

    fn room(&self) -> io::Result<u64> {
        self.place.directory().free()
    }

    fn taken(&self) -> io::Result<u64> {
        Ok(space(&self.path)?.file)
    }

    fn anew(&self) -> io::Result<Option<FileBackend>> {
        let (directory, draft) = (self.place.directory(), self.draft());
        directory.remove(&draft)?;
        backend(directory.create(&draft)?).map(Some)
    }

    fn replace(&self) -> io::Result<()> {
        let directory = self.place.directory();
        directory.replace(&self.draft(), &self.name).and_then(|()| directory.sync())
    }

    fn forget_new(&self) -> io::Result<bool> {
        self.place.directory().remove(&self.draft())
    }
}

/// A store's file that is left as it is: what the engine writes stays in memory, and ends with it.
pub(super) struct Untouched {
    place: Arc<Place>,
    /// None where nobody ever had the store to write: it is older than the lock.
    _lock: Option<Lock>,
}

impl Untouched {
    pub(super) fn new(place: Arc<Place>, lock: Option<Lock>) -> Self {
        Self { place, _lock: lock }
    }
}

impl Medium for Untouched {
    type Backend = Overlay<FileBackend>;

    fn path(&self) -> &Path {
        self.place.path()
    }

    fn open(&self) -> io::Result<Overlay<FileBackend>> {
        let file = self.place.directory().read(self.place.store())?;
        read_ahead(&file, Opening::default().cache);
        Overlay::new(backend(file)?)
    }

    fn open_to_read(&self) -> io::Result<Overlay<FileBackend>> {
        self.open()
    }

    fn room(&self) -> io::Result<u64> {
        Ok(u64::MAX)
    }
}

pub(super) fn backend(file: File) -> io::Result<FileBackend> {
    FileBackend::new(file).map_err(io::Error::other)
}
