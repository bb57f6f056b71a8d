//! Where evidence may lie: a directory that nobody else reads, beside the store, on a disk.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::ops::directory::Directory;

/// Everybody's rights but the owner's.
const OTHERS: u32 = 0o077;

/// A place for evidence.
#[derive(Clone, Debug)]
pub struct Place {
    /// The directory, which is made where there is none.
    pub directory: PathBuf,
    /// The store that names what is in it.
    pub store: PathBuf,
    /// Whether it may be lost with the machine's memory: a trial's may.
    pub may_be_in_memory: bool,
}

/// Why evidence may not lie there.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// Others may read its names.
    #[error("{0} is open to others")]
    Exposed(PathBuf),
    /// It is not where the store is: one of them may be lost, or copied, without the other.
    #[error("{directory} is on another file system than the store {store}")]
    Elsewhere {
        /// It.
        directory: PathBuf,
        /// The store.
        store: PathBuf,
    },
    /// It ends with the machine's next start.
    #[error("{0} lies in memory: what people sent is lost when this machine starts anew")]
    InMemory(PathBuf),
    /// The system does not let it.
    #[error("cannot use {path}")]
    Io {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl PlaceError {
    /// What to do.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Exposed(path) => format!("run: chmod 700 {}", path.display()),
            Self::Elsewhere { store, .. } => {
                let beside = store.parent().unwrap_or(Path::new("/")).join("evidence");
                format!("keep both on one file system, such as directory = {:?}", beside.display().to_string())
            }
            Self::InMemory(_) => "keep it, and the store, on a disk".into(),
            Self::Io { path, .. } => {
                format!("have {} made for the account of the service, with mode 0700", path.display())
            }
        }
    }
}

impl Place {
    /// Opens the directory, if evidence may lie there.
    pub(super) fn open(&self) -> Result<Directory, PlaceError> {
        let directory = Directory::make(&self.directory).map_err(self.io())?;
        self.check(&self.directory, &self.store)?;
        Ok(directory)
    }

    /// Whether evidence may lie there, as far as that can be told before anything is made.
    ///
    /// # Errors
    /// [`PlaceError`], of the disk that it would be on.
    pub fn examine(&self) -> Result<(), PlaceError> {
        match (existing(&self.directory), existing(&self.store)) {
            (Some(directory), Some(store)) => self.check(directory, store),
            _ => Ok(()),
        }
    }

    /// Whether what lies at `directory` and at `store` may be evidence and its store.
    fn check(&self, directory: &Path, store: &Path) -> Result<(), PlaceError> {
        // Their directories: a file of an overlay, as containers have it, is told to lie on what is below.
        let store = fs::canonicalize(store).map_err(self.io())?;
        let beside = if store.is_dir() { &store } else { store.parent().unwrap_or(Path::new("/")) };
        let (here, there) = (fs::metadata(directory).map_err(self.io())?, fs::metadata(beside).map_err(self.io())?);
        if directory == self.directory && here.mode() & OTHERS != 0 {
            return Err(PlaceError::Exposed(self.directory.clone()));
        }
        if here.dev() != there.dev() {
            return Err(PlaceError::Elsewhere { directory: self.directory.clone(), store: self.store.clone() });
        }
        if !self.may_be_in_memory && is_in_memory(directory).map_err(self.io())? {
            return Err(PlaceError::InMemory(self.directory.clone()));
        }
        Ok(())
    }

    fn io(&self) -> impl Fn(io::Error) -> PlaceError {
        |source| PlaceError::Io { path: self.directory.clone(), source }
    }
}

/// The first of `path` and what is above it that is there, as far as this account sees.
fn existing(path: &Path) -> Option<&Path> {
    path.ancestors().find(|path| path.exists())
}

/// Whether it is on tmpfs or ramfs (statfs(2)).
fn is_in_memory(path: &Path) -> io::Result<bool> {
    Ok(matches!(rustix::fs::statfs(path)?.f_type, 0x0102_1994 | 0x8584_58f6))
}
