//! Copies of a store: made while it serves, and examined before one is relied on.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use redb::Database;
use redb::backends::FileBackend;
use thiserror::Error;

use super::Store;
use super::codec::Codec;
use super::engine::{self, contained};
use super::file::{OpenError, Unrecognised, adopt, io_error, key_path, recognise};
use super::master_key::MasterKey;
use super::medium::{Medium, StoreFile};
use super::overlay::Overlay;
use super::snapshot::Snapshot;
use super::tables::{Fault, Tables};

/// Why there is no copy.
#[derive(Debug, Error)]
pub enum CopyError {
    /// One is being made.
    #[error("another copy is being made")]
    Busy,
    /// There is nothing to copy at present.
    #[error("the store cannot be read at present")]
    Unavailable,
    /// A record does not carry its MAC. A copy would hide that.
    #[error("a record of table `{0}` is damaged")]
    Damaged(&'static str),
    /// The system does not let it.
    #[error("cannot write {path}: {source}")]
    Io {
        /// The copy.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The engine does not make it.
    #[error("cannot write the copy: {0}")]
    Engine(Box<redb::Error>),
}

/// How much a store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// People.
    pub subjects: u64,
    /// Checks.
    pub checks: u64,
}

impl Contents {
    fn count(&mut self, table: &str) {
        match table {
            "subjects" => self.subjects += 1,
            "checks" => self.checks += 1,
            _ => {}
        }
    }
}

impl Store {
    /// Copies what was last committed into a new store with the same key at `path`, in place of what is there, while
    /// logins go on. Blocks for as long as that takes. Returns how much it is.
    ///
    /// # Errors
    /// [`CopyError`]; nothing is left at `path`.
    pub fn copy_to(&self, path: &Path) -> Result<Contents, CopyError> {
        let _alone = self.copying.try_lock().map_err(|_| CopyError::Busy)?;
        let copied = self.published.hold().ok_or(CopyError::Unavailable).and_then(|snapshot| copy(&snapshot, path));
        if copied.is_err() {
            // The cause is what there is to tell.
            let _ = fs::remove_file(path);
        }
        copied
    }
}

fn copy(snapshot: &Snapshot, path: &Path) -> Result<Contents, CopyError> {
    let io = |source| CopyError::Io { path: path.to_owned(), source };
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(error)),
        _ => {}
    }
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path).map_err(io)?;
    adopt(path).map_err(io)?;
    let filled = contained(|| {
        let database = engine::open(FileBackend::new(file)?)?;
        Ok(fill(&database, snapshot))
    });
    match filled {
        Ok(Ok(contents)) => Ok(contents),
        Ok(Err(Fault::Damaged(table))) => Err(CopyError::Damaged(table)),
        Ok(Err(Fault::Engine(error))) | Err(error) => Err(CopyError::Engine(Box::new(error))),
    }
}

/// In key order, so that the copy is as small as can be.
fn fill(database: &Database, snapshot: &Snapshot) -> Result<Contents, Fault> {
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    let mut contents = Contents::default();
    let mut tables = Tables::open(&transaction, snapshot.codec())?;
    tables.touch()?;
    snapshot.each_record(|table, key, sealed| {
        contents.count(table);
        tables.copy(table, key, sealed)
    })?;
    drop(tables);
    transaction.commit()?;
    Ok(contents)
}

/// Looks at every page and every record of the store at `path`, with its key beside it, and changes nothing. Returns how
/// much it holds.
///
/// # Errors
/// [`OpenError`]: it is not to be relied on.
pub fn examine(path: &Path) -> Result<Contents, OpenError> {
    let codec = Codec::of(&MasterKey::load(&key_path(path))?);
    let below = StoreFile(path.to_owned()).open_to_read().and_then(Overlay::new).map_err(io_error(path))?;
    let contents = contained(|| {
        let database = engine::open(below)?;
        Ok(count(&database, &codec))
    });
    contents.unwrap_or_else(|error| Err(error.into())).map_err(|error: Unrecognised| error.of(path))
}

fn count(database: &Database, codec: &Codec) -> Result<Contents, Unrecognised> {
    recognise(database, codec)?;
    let mut contents = Contents::default();
    let counted = Snapshot::take(database, codec)?.each_record(|table, _, _| {
        contents.count(table);
        Ok(())
    });
    match counted {
        Ok(()) => Ok(contents),
        Err(Fault::Damaged(table)) => {
            Err(redb::Error::Corrupted(format!("a record of table {table} is damaged")).into())
        }
        Err(Fault::Engine(error)) => Err(error.into()),
    }
}
