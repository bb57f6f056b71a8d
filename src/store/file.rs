//! The store's file: made with the right permissions, opened, recognised.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::backends::FileBackend;
use redb::{Builder, Database};
use thiserror::Error;

use super::Store;
use super::codec::{Codec, VERSION};
use super::master_key::{MasterKey, MasterKeyError};
use super::snapshot::Published;
use super::tables::{Fault, Tables};
use super::writer::Writer;

/// The page cache. Look-ups beyond it are served by the system's own cache.
const CACHE_SIZE: usize = 64 * 1024 * 1024;

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
    /// Its first record does not carry its MAC: the key beside it belongs to another store, or the file is damaged.
    #[error("{0} does not fit the key beside it, or is damaged; restore both from the same backup")]
    Damaged(PathBuf),
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

/// Where a store is, and how to open it again.
#[derive(Clone, Debug)]
pub(super) struct StoreFile {
    path: PathBuf,
}

impl StoreFile {
    /// Opens the file, repairing what a crash left behind.
    pub(super) fn open(&self) -> Result<Database, redb::Error> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&self.path)?;
        adopt(&self.path)?;
        Ok(Builder::new().set_cache_size(CACHE_SIZE).create_with_backend(FileBackend::new(file)?)?)
    }
}

impl Store {
    /// Opens the store at `path`, or makes it, with its key in a file beside it (`KEY` in place of the extension).
    ///
    /// `random` is the key of a store that is made.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed, beyond files that did not exist.
    pub fn open(path: &Path, random: [u8; 32]) -> Result<(Self, MasterKey), OpenError> {
        let directory = directory_of(path);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(io_error(directory))?;
        let exists = path.exists();
        let key = MasterKey::load_or_make(&path.with_extension("key"), exists, random)?;
        let codec = Codec::new(key.derive("store record"));
        let file = StoreFile { path: path.to_owned() };
        let engine = |error: redb::Error| match error {
            redb::Error::DatabaseAlreadyOpen => OpenError::InUse(path.to_owned()),
            source => OpenError::Engine { path: path.to_owned(), source: Box::new(source) },
        };
        let database = file.open().map_err(engine)?;
        recognise(&database, &codec, path)?;
        let published = Arc::new(Published::default());
        let writer = Writer::start(file, database, codec, published.clone()).map_err(engine)?;
        Ok((Self { writer: Arc::new(writer), published, code_key: key.derive("desk code") }, key))
    }
}

/// Makes the tables of a new file; tells a file that is not ours, or not of this version.
fn recognise(database: &Database, codec: &Codec, path: &Path) -> Result<(), OpenError> {
    let engine = |source: redb::Error| OpenError::Engine { path: path.to_owned(), source: Box::new(source) };
    let fault = |fault| match fault {
        Fault::Damaged(_) => OpenError::Damaged(path.to_owned()),
        Fault::Engine(error) => engine(error),
    };
    let mut transaction = database.begin_write().map_err(|error| engine(error.into()))?;
    transaction.set_two_phase_commit(true);
    let mut tables = Tables::open(&transaction, codec).map_err(engine)?;
    match tables.schema().map_err(fault)? {
        Some(VERSION) => return Ok(()),
        Some(_) => return Err(OpenError::Version(path.to_owned())),
        None => tables.touch().map_err(fault)?,
    }
    drop(tables);
    transaction.commit().map_err(|error| engine(error.into()))
}

/// The directory that `path` stands in; the current one for a bare name.
pub(super) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives a file that root makes to the owner of its directory: the command line, run by root before the service ever
/// ran, must not leave a store that the service cannot open.
pub(super) fn adopt(path: &Path) -> io::Result<()> {
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
