//! Copies of a store: made while it serves, and examined before one is relied on.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::Database;
use redb::backends::FileBackend;
use thiserror::Error;

use super::codec::Codec;
use super::contained::contained;
use super::file::{OpenError, Unrecognised, io_error, key_of, recognise};
use super::overlay::Overlay;
use super::place::Place;
use super::tables::{AUDIT, Fault, Snapshot, Writing};
use super::{Store, medium, opened, progress};
use crate::verification::audit::tree::Edge;

/// Why there is no copy.
#[derive(Debug, Error)]
pub enum CopyError {
    /// One is being made.
    #[error("another copy is being made")]
    Busy,
    /// There is nothing to copy at present.
    #[error("the store cannot be read at present")]
    Unavailable,
    /// The service takes the store over that is copied.
    #[error("the service takes the store over")]
    GaveWay,
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
        let snapshot = self.published.hold().ok_or(CopyError::Unavailable)?;
        let place = Place::open(path).map_err(not_written(path))?;
        let copied = copy(&snapshot, &place);
        if copied.is_err() {
            // The cause is what there is to tell.
            let _ = place.directory().remove(place.store());
        }
        copied
    }
}

fn not_written(path: &Path) -> impl FnOnce(io::Error) -> CopyError {
    let path = path.to_owned();
    move |source| CopyError::Io { path, source }
}

fn copy(snapshot: &Snapshot, place: &Place) -> Result<Contents, CopyError> {
    let (directory, name) = (place.directory(), place.store());
    let file = directory.remove(name).and_then(|_| directory.create(name)).map_err(not_written(place.path()))?;
    let filled = contained(|| {
        let opened = opened::open(FileBackend::new(file)?, &snapshot.codec, &Arc::default())?;
        Ok(fill(&opened.database, snapshot))
    });
    match filled {
        Ok(Ok(contents)) => Ok(contents),
        Ok(Err(Fault::Damaged(table))) => Err(CopyError::Damaged(table)),
        Ok(Err(Fault::Engine(error))) if progress::broke_off(&error) => Err(CopyError::GaveWay),
        Ok(Err(fault)) => Err(CopyError::Engine(Box::new(fault.of_the_store()))),
        Err(error) => Err(CopyError::Engine(Box::new(error))),
    }
}

/// In key order, so that the copy is as small as can be.
fn fill(database: &Database, snapshot: &Snapshot) -> Result<Contents, Fault> {
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    let mut contents = Contents::default();
    let mut tables = Writing::begin(&transaction, &snapshot.codec)?;
    tables.touch()?;
    tables.save_tokens_from(snapshot.tokens_from)?;
    tables.take_over_log(snapshot)?;
    snapshot.each_record(|table, key, sealed| {
        contents.count(table);
        tables.copy(table, key, sealed)
    })?;
    drop(tables);
    transaction.commit()?;
    Ok(contents)
}

/// Where the service makes the copy of the store at `path` that [`take_copy`] takes away: it can write nowhere else.
#[must_use]
pub fn copy_path(path: &Path) -> PathBuf {
    path.with_extension("copy")
}

/// Takes the copy, which the service made beside its store at `path`, to `to`.
///
/// # Errors
/// What the system says; nothing is left to be taken.
pub fn take_copy(path: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (Place::open(path)?, Place::open(to)?);
    let copy = copy_path(from.store());
    let taken = from.copy_to(&copy, &to, to.store());
    // Whoever may not read it may not remove it either; the next copy replaces it.
    let _ = from.directory().remove(&copy);
    taken
}

/// Copies the key of the store at `path` beside the copy of that at `to`.
///
/// # Errors
/// What the system says.
pub fn take_key(path: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (Place::open(path)?, Place::open(to)?);
    from.copy_to(&from.key(), &to, &to.key())
}

/// Looks at every page and every record of the store at `path`, with its key beside it, and changes nothing. Returns how
/// much it holds.
///
/// # Errors
/// [`OpenError`]: it is not to be relied on.
pub fn examine(path: &Path) -> Result<Contents, OpenError> {
    let place = Place::open(path).map_err(io_error(path))?;
    let codec = Codec::of(&key_of(&place)?);
    let file = place.directory().read(place.store()).and_then(medium::backend);
    let below = file.and_then(Overlay::new).map_err(io_error(path))?;
    let contents = contained(|| {
        let opened = opened::open(below, &codec, &Arc::default())?;
        Ok(count(&opened.database, &codec))
    });
    contents.unwrap_or_else(|error| Err(error.into())).map_err(|error: Unrecognised| error.of(path))
}

fn count(database: &Database, codec: &Codec) -> Result<Contents, Unrecognised> {
    recognise(database, codec)?;
    let (mut contents, mut log) = (Contents::default(), Edge::default());
    let snapshot = Snapshot::take(database, codec)?;
    let counted = snapshot.each_record(|table, key, sealed| {
        contents.count(table);
        if table == AUDIT { snapshot.add_to(&mut log, key, sealed) } else { Ok(()) }
    });
    match counted {
        Ok(()) if log == snapshot.edge => Ok(contents),
        Ok(()) => Err(redb::Error::Corrupted("the audit log is not what was written".into()).into()),
        Err(fault) => Err(fault.of_the_store().into()),
    }
}
