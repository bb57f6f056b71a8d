//! The store's file: made with the right permissions, opened, recognised.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::{Database, ReadableDatabase};
use thiserror::Error;

use super::Store;
use super::codec::{Codec, VERSION};
use super::engine::{Engine, is_damage};
use super::master_key::{MasterKey, MasterKeyError};
use super::medium::{Medium, StoreFile};
use super::snapshot::Published;
use super::tables::{Fault, Tables};
use super::writer::Writer;
use crate::ops::file::sync_directory;

/// Why a store does not open.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("another process has {0} open")]
    InUse(PathBuf),
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

impl Store {
    /// Opens the store at `path`, or makes it, with its key in a file beside it (`KEY` in place of the extension).
    ///
    /// `random` is the key of a store that is made.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed, beyond files that did not exist.
    pub fn open(path: &Path, random: [u8; 32]) -> Result<(Self, MasterKey), OpenError> {
        make_directory(path)?;
        if !path.exists() {
            make(path, random)?;
        }
        if fs::metadata(path).map_err(io_error(path))?.len() == 0 {
            // The engine would take it for a new one.
            let source = Box::new(redb::Error::Corrupted("the file is empty".into()));
            return Err(OpenError::Damaged { path: path.to_owned(), source });
        }
        let key = MasterKey::load(&key_path(path))?;
        Ok((Self::open_on(StoreFile(path.to_owned()), &key)?, key))
    }

    /// Opens the store on `medium`, whose key is `key`. A medium without any bytes becomes an empty store.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed.
    pub fn open_on(medium: impl Medium, key: &MasterKey) -> Result<Self, OpenError> {
        let path = medium.path().to_owned();
        let codec = Codec::of(key);
        let published = Arc::new(Published::default());
        let engine = Engine::open(medium, codec, published.clone(), recognise).map_err(|error| error.of(&path))?;
        let writer = Writer::start(engine).map_err(io_error(&path))?;
        let code_key = key.derive("desk code");
        Ok(Self { writer: Arc::new(writer), published, copying: Arc::default(), code_key })
    }
}

/// Makes a store and its key: under another name until everything is on disk, so that there is never a store without its
/// key, and a store that is gone is not taken for one that never was.
fn make(path: &Path, random: [u8; 32]) -> Result<(), OpenError> {
    let (draft, key_path) = (path.with_extension("redb.new"), key_path(path));
    if key_path.exists() && !draft.exists() {
        return Err(OpenError::Missing { path: path.to_owned(), key: key_path });
    }
    let io = |source| OpenError::Io { path: draft.clone(), source };
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&draft).map_err(io)?;
    adopt(&draft).and_then(|()| sync_directory(&draft)).map_err(io)?;
    let key = MasterKey::load_or_make(&key_path, random)?;
    match Store::open_on(StoreFile(draft.clone()), &key) {
        // What a power cut left of a draft is worth nothing.
        Err(OpenError::Damaged { .. }) => {
            fs::write(&draft, "").map_err(io)?;
            drop(Store::open_on(StoreFile(draft.clone()), &key)?);
        }
        opened => drop(opened?),
    }
    fs::rename(&draft, path).and_then(|()| sync_directory(path)).map_err(io)
}

/// Where the key of the store at `path` is.
#[must_use]
pub fn key_path(path: &Path) -> PathBuf {
    path.with_extension("key")
}

/// Why a database is not taken for ours.
pub(super) enum Unrecognised {
    Version,
    Engine(redb::Error),
}

impl From<redb::Error> for Unrecognised {
    fn from(error: redb::Error) -> Self {
        Self::Engine(error)
    }
}

impl Unrecognised {
    pub(super) fn of(self, path: &Path) -> OpenError {
        let path = path.to_owned();
        match self {
            Self::Version => OpenError::Version(path),
            Self::Engine(redb::Error::DatabaseAlreadyOpen) => OpenError::InUse(path),
            Self::Engine(error) if is_damage(&error) => OpenError::Damaged { path, source: Box::new(error) },
            Self::Engine(redb::Error::Io(source)) => OpenError::Io { path, source },
            Self::Engine(source) => OpenError::Engine { path, source: Box::new(source) },
        }
    }
}

/// Makes the tables of a new database, and marks an older one as of this version: what is written from then on is. Tells
/// one that is not ours, or of a version that is not known.
pub(super) fn recognise(database: &Database, codec: &Codec) -> Result<(), Unrecognised> {
    let fault = |fault| match fault {
        Fault::Damaged(table) => redb::Error::Corrupted(format!("the key does not fit table {table}")),
        Fault::Engine(error) => error,
    };
    let tables = database.begin_read().map_err(redb::Error::from)?;
    let is_new = tables.list_tables().map_err(redb::Error::from)?.next().is_none();
    let mut transaction = database.begin_write().map_err(redb::Error::from)?;
    transaction.set_two_phase_commit(true);
    let mut tables = Tables::open(&transaction, codec)?;
    match tables.schema().map_err(fault)? {
        Some(VERSION) => return Ok(()),
        Some(1..VERSION) => tables.touch().map_err(fault)?,
        Some(_) => return Err(Unrecognised::Version),
        None if is_new => tables.touch().map_err(fault)?,
        None => return Err(redb::Error::Corrupted("there is no schema".into()).into()),
    }
    drop(tables);
    Ok(transaction.commit().map_err(redb::Error::from)?)
}

/// The directory that `path` stands in; the current one for a bare name.
pub(super) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Keeps every process from opening the store at `path`, whether or not it is whole, for as long as what this returns is
/// held; nothing, where there is no store.
///
/// # Errors
/// [`OpenError::InUse`], [`OpenError::Io`].
pub fn keep_closed(path: &Path) -> Result<Option<File>, OpenError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(io_error(path))?,
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(io_error(path)(error)),
    }
}

/// Makes the directory of the store at `path`, for its owner alone, where there is none.
///
/// # Errors
/// [`OpenError::Io`].
pub fn make_directory(path: &Path) -> Result<(), OpenError> {
    let directory = directory_of(path);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(io_error(directory))
}

/// Gives a file that root makes to the owner of its directory: the command line, run by root before the service ever
/// ran, must not leave a store that the service cannot open.
pub fn adopt(path: &Path) -> io::Result<()> {
    let owner = fs::metadata(directory_of(path))?;
    let file = fs::metadata(path)?;
    if file.uid() == 0 && owner.uid() != 0 {
        chown(path, Some(owner.uid()), Some(owner.gid()))?;
    }
    Ok(())
}

pub(super) fn io_error(path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    move |source| OpenError::Io { path, source }
}
