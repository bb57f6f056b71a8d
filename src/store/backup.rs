//! Copies of a store: made while it serves, and examined before one is relied on.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::Database;
use redb::backends::FileBackend;
use thiserror::Error;

use super::codec::Codec;
use super::contained::contained;
use super::file::{OpenError, io_error, key_of};
use super::master_key::MasterKey;
use super::migrate::{Before, Unrecognised, recognise};
use super::noted::Note;
use super::opening::Opening;
use super::overlay::Overlay;
use super::place::{Lock, Place};
use super::snapshot::Examined;
use super::tables::{AUDIT, Fault, Snapshot, TRACES_KEY, Writing};
use super::{Store, medium, opened, progress};
use crate::verification::audit::tree::Edge;

/// Why there is no copy.
#[derive(Debug, Error)]
pub enum CopyError {
    /// One is being made.
    #[error("another copy is being made")]
    Busy,
    /// There is nothing to copy at present, or it was not looked through yet.
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
    /// Records in all.
    pub records: u64,
}

impl Contents {
    fn count(&mut self, table: &str) {
        self.records += 1;
        match table {
            "subjects" => self.subjects += 1,
            "checks" => self.checks += 1,
            _ => {}
        }
    }
}

impl Store {
    /// Looks at every record of what was last committed, and returns how much it is. Blocks for as long as that takes.
    ///
    /// # Errors
    /// [`CopyError`].
    pub fn look_through(&self) -> Result<Contents, CopyError> {
        let snapshot = self.published.hold().ok_or(CopyError::Unavailable)?;
        contained(|| Ok(count(&snapshot))).map_err(Fault::Engine).flatten().map_err(uncopied)
    }

    /// Copies what was last committed into a new store with the same key at `path`, in place of what is there, while
    /// logins go on. Blocks for as long as that takes. Returns how much it is.
    ///
    /// # Errors
    /// [`CopyError`]; nothing is left at `path`.
    pub fn copy_to(&self, path: &Path) -> Result<Contents, CopyError> {
        let _alone = self.copying.try_lock().map_err(|_| CopyError::Busy)?;
        let snapshot = self.published.hold().filter(|_| self.published.examined() == Examined::Whole);
        let snapshot = snapshot.ok_or(CopyError::Unavailable)?;
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
        let opened = opened::open(FileBackend::new(file)?, &snapshot.codec, Opening::default().cache, &Arc::default())?;
        Ok(fill(&opened.database, snapshot, || Ok(())))
    });
    match filled {
        Ok(filled) => filled.map_err(uncopied),
        Err(error) => Err(CopyError::Engine(Box::new(error))),
    }
}

fn uncopied(fault: Fault) -> CopyError {
    match fault {
        Fault::Damaged(table) => CopyError::Damaged(table),
        Fault::Engine(error) if progress::broke_off(&error) => CopyError::GaveWay,
        fault => CopyError::Engine(Box::new(fault.of_the_store())),
    }
}

/// In key order, so that the copy is as small as can be. It has no page that anything was removed from.
/// Before each record it asks whether it `goes_on`.
pub(super) fn fill(
    database: &Database,
    snapshot: &Snapshot,
    mut goes_on: impl FnMut() -> Result<(), Fault>,
) -> Result<Contents, Fault> {
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    let mut contents = Contents::default();
    let mut tables = Writing::begin(&transaction, &snapshot.codec, &Note::default())?;
    snapshot.each_record(|table, key, sealed| {
        contents.count(table);
        goes_on()?;
        tables.copy(table, key, sealed)
    })?;
    tables.meta.remove(TRACES_KEY)?;
    drop(tables);
    transaction.commit()?;
    Ok(contents)
}

/// Where the service makes the copy of the store at `path` that [`take_copy`] takes away: it can write nowhere else.
#[must_use]
pub fn copy_path(path: &Path) -> PathBuf {
    path.with_extension("copy")
}

/// What is to be carried away of a store: a copy of it without a name, which ends with it, and its key.
pub struct Taken {
    /// The copy.
    pub store: File,
    /// The key.
    pub key: MasterKey,
    /// How much it is.
    pub contents: Contents,
}

/// Held by whoever has a copy made and takes it away: there is one place for it.
pub struct Turn {
    place: Place,
    /// Held as long as this is.
    _lock: Lock,
}

impl Turn {
    /// Has the turn at the store at `path`.
    ///
    /// # Errors
    /// [`OpenError`]; somebody else may have it.
    pub fn begin(path: &Path) -> Result<Self, OpenError> {
        let place = match Place::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(OpenError::NotMade(path.to_owned())),
            place => place.map_err(io_error(path))?,
        };
        let lock = place.lock_to_copy()?;
        Ok(Self { place, _lock: lock })
    }

    /// Takes the copy that was made beside the store, and looks at every page and every record of it.
    ///
    /// # Errors
    /// [`OpenError`]; nothing is left to be taken.
    pub fn take(self) -> Result<Taken, OpenError> {
        let (copy, path) = (copy_path(self.place.store()), copy_path(self.place.path()));
        let store = self.place.directory().read(&copy).map_err(io_error(&path))?;
        // From now on it is nobody's who does not have it open, however this ends.
        self.place.directory().remove(&copy).map_err(io_error(&path))?;
        let key = MasterKey::load(&self.place)?;
        let contents = look_through(store.try_clone().map_err(io_error(&path))?, &key, &path)?;
        Ok(Taken { store, key, contents })
    }
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
    let key = key_of(&place)?;
    look_through(place.directory().read(place.store()).map_err(io_error(path))?, &key, path)
}

/// As [`examine`], the store that `file` holds, whose key is `key`; messages call it `path`.
///
/// # Errors
/// As [`examine`].
pub fn look_through(file: File, key: &MasterKey, path: &Path) -> Result<Contents, OpenError> {
    let codec = Codec::of(key);
    let below = medium::backend(file).and_then(Overlay::new).map_err(io_error(path))?;
    let contents = contained(|| {
        let opened = opened::open(below, &codec, Opening::default().cache, &Arc::default())?;
        Ok(recognise(&opened.database, &codec, Before::Nothing).and_then(|()| {
            count(&Snapshot::take(&opened.database, &codec)?).map_err(|fault| fault.of_the_store().into())
        }))
    });
    contents.unwrap_or_else(|error| Err(error.into())).map_err(|error: Unrecognised| error.of(path))
}

fn count(snapshot: &Snapshot) -> Result<Contents, Fault> {
    let (mut contents, mut log) = (Contents::default(), Edge::default());
    snapshot.each_record(|table, key, sealed| {
        contents.count(table);
        if table == AUDIT { snapshot.add_to(&mut log, key, sealed) } else { Ok(()) }
    })?;
    if log == snapshot.edge { Ok(contents) } else { Err(Fault::Damaged(AUDIT)) }
}
