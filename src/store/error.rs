//! Why a store does not open, and why one that is open gives no answer.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::master_key::MasterKeyError;

/// Why a store does not open.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("another process has {0} open")]
    InUse(PathBuf),
    /// The service takes it over.
    #[error("the service takes {0} over")]
    GaveWay(PathBuf),
    /// There never was one.
    #[error("there is no {0} yet; the service makes it when it starts")]
    NotMade(PathBuf),
    /// Its key is missing, or is not the one that it was made with.
    #[error(transparent)]
    Key(#[from] MasterKeyError),
    /// It is not of a version that this binary knows.
    #[error("{0} was written by another version of idv")]
    Version(PathBuf),
    /// Its bytes are not what was written, or belong to another key.
    #[error("{path} is damaged, or does not fit the key beside it; restore both from a backup: idv restore DIRECTORY")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the engine says.
        source: Box<redb::Error>,
    },
    /// Its key is there, and it is not.
    #[error(
        "{path} is missing, and its key is not; restore both from a backup: idv restore DIRECTORY, or to begin anew with \
         nothing known of anyone, remove {key}"
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// The system does not let it.
    #[error("cannot use {path}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The engine does not open it.
    #[error("cannot open {path}")]
    Engine {
        /// The file.
        path: PathBuf,
        /// What the engine says.
        source: Box<redb::Error>,
    },
}

impl OpenError {
    /// Whether only a person can mend it: opened again, the store is as it was.
    #[must_use]
    pub const fn needs_a_person(&self) -> bool {
        match self {
            Self::Version(_) | Self::Damaged { .. } | Self::Missing { .. } => true,
            Self::Key(error) => !matches!(error, MasterKeyError::Io { .. }),
            Self::InUse(_) | Self::GaveWay(_) | Self::NotMade(_) | Self::Io { .. } | Self::Engine { .. } => false,
        }
    }
}

/// Where the system does not let a store have `path`.
pub(super) fn io_error(path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    move |source| OpenError::Io { path, source }
}

/// Why the store gave no answer.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum StoreError {
    /// The same request may be tried again: the disk is full or failing, or the writer has more waiting than it should.
    /// Nothing was changed, unless a failing disk kept it from saying so; then the next try finds it done.
    #[error("the store cannot write or read at present")]
    Unavailable,
    /// A record does not carry its own MAC: it was damaged or tampered with. It is not used.
    #[error("a record of table `{0}` is damaged")]
    Damaged(&'static str),
    /// A record would be longer than it may be. Nothing was changed.
    #[error("a record of table `{0}` would be too long")]
    TooLong(&'static str),
    /// What became of a request token from before the store was restored is not known. It is not used.
    #[error("the request token was made before the store was restored from a backup")]
    BeforeRestore,
}
