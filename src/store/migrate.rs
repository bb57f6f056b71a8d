//! What a store is, and how one of an earlier version becomes one of this.
//!
//! Records stay as they were written until they are written again, and each reads what versions before it wrote; so most
//! steps have nothing to do. All that an upgrade takes are one transaction: a store is of one version or of the other.

use std::path::{Path, PathBuf};

use redb::{Database, ReadableDatabase};

use super::codec::{Codec, VERSION};
use super::contained::is_damage;
use super::file::{OpenError, io_error};
use super::noted::Note;
use super::place::Place;
use super::progress;
use super::space::{Space, space};
use super::tables::{Fault, Writing};

/// What brings a store from one version to the next.
type Step = fn(&mut Writing<'_>) -> Result<(), Fault>;

/// From version 1 to 2, and so on.
const STEPS: [Step; VERSION as usize - 1] = [nothing, nothing, nothing, nothing, nothing, nothing];
/// This version of idv.
const IDV: &str = env!("CARGO_PKG_VERSION");
/// What a copy of an earlier version is called behind the store's name, before the number.
pub(super) const KEPT: &str = "schema-";
/// What a copy may need beside the bytes of the store.
const MARGIN: u64 = 1024 * 1024;

#[expect(clippy::unnecessary_wraps, reason = "a step may fail")]
fn nothing(_: &mut Writing<'_>) -> Result<(), Fault> {
    Ok(())
}

/// What is done before a store of an earlier version is changed.
#[derive(Clone, Copy)]
pub(super) enum Before<'p> {
    /// Nothing: what is written stays in memory.
    Nothing,
    /// A copy of it is kept beside it.
    CopyIn(&'p Place),
}

/// Why a database is not taken for ours.
pub(super) enum Unrecognised {
    /// It is of a newer version, which may say so.
    Newer(Option<String>),
    /// Before it is changed, this is in the way.
    Kept(OpenError),
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
            Self::Newer(by) => OpenError::Newer { path, by },
            Self::Kept(error) => error,
            Self::Engine(redb::Error::DatabaseAlreadyOpen) => OpenError::InUse(path),
            Self::Engine(error) if is_damage(&error) => OpenError::Damaged { path, source: Box::new(error) },
            Self::Engine(error) if progress::broke_off(&error) => OpenError::GaveWay(path),
            Self::Engine(redb::Error::Io(source)) => OpenError::Io { path, source },
            Self::Engine(source) => OpenError::Engine { path, source: Box::new(source) },
        }
    }
}

/// Makes the tables of a new database, and of an older one a database of this version, `before` which something is done.
/// Tells one that is not ours, or of a version that is not known.
pub(super) fn recognise(database: &Database, codec: &Codec, before: Before<'_>) -> Result<(), Unrecognised> {
    let Some(version) = version(database, codec)? else { return Ok(()) };
    if let (1..VERSION, Before::CopyIn(place)) = (version, before) {
        keep(place, version).map_err(Unrecognised::Kept)?;
    }
    let mut transaction = database.begin_write().map_err(redb::Error::from)?;
    transaction.set_two_phase_commit(true);
    let mut tables = Writing::begin(&transaction, codec, &Note::default())?;
    let done = STEPS[usize::from(version) - 1..].iter().try_for_each(|step| step(&mut tables));
    done.and_then(|()| tables.touch()).and_then(|()| tables.save_idv(IDV)).map_err(fault)?;
    drop(tables);
    Ok(transaction.commit().map_err(redb::Error::from)?)
}

/// The version of the database, which is to be made one of this; none if it is, and this idv opened it last. A new one is of
/// this version, and has nothing yet.
fn version(database: &Database, codec: &Codec) -> Result<Option<u8>, Unrecognised> {
    let corrupted = |what: &str| Err(redb::Error::Corrupted(what.into()).into());
    let tables = database.begin_read().map_err(redb::Error::from)?;
    let is_new = tables.list_tables().map_err(redb::Error::from)?.next().is_none();
    let transaction = database.begin_write().map_err(redb::Error::from)?;
    let tables = Writing::begin(&transaction, codec, &Note::default())?;
    let schema = tables.schema().map_err(fault)?;
    if schema.is_some_and(|schema| schema <= VERSION) && !tables.has_whole_log().map_err(fault)? {
        return corrupted("the audit log is not as long as it was");
    }
    match schema {
        Some(VERSION) if tables.idv().map_err(fault)?.as_deref() == Some(IDV) => Ok(None),
        Some(0) => corrupted("the schema is of no version"),
        Some(version @ 1..=VERSION) => Ok(Some(version)),
        // How a newer version writes which it is, this one need not understand.
        Some(_) => Err(Unrecognised::Newer(tables.idv().unwrap_or_default())),
        None if is_new => Ok(Some(VERSION)),
        None => corrupted("there is no schema"),
    }
}

fn fault(fault: Fault) -> redb::Error {
    match fault {
        Fault::Damaged(table) => redb::Error::Corrupted(format!("the key does not fit table {table}")),
        fault => fault.of_the_store(),
    }
}

/// Keeps a copy of the store, which is of `version`, and removes those of versions before. Nobody writes to it meanwhile.
fn keep(place: &Place, version: u8) -> Result<(), OpenError> {
    let directory = place.directory();
    let name = format!("{}.{KEPT}{version}", place.store().display());
    let io = || io_error(place.path());
    // What an upgrade that was broken off had copied.
    directory.remove(Path::new(&name)).map_err(io())?;
    let Space { file, free } = space(place.path()).map_err(io())?;
    let needed = file + MARGIN;
    if free < needed {
        return Err(OpenError::NoRoom { path: place.path().to_owned(), needed, free });
    }
    let kept = Path::new(&name);
    place.copy_to(place.store(), place, kept).map_err(|source| {
        // Half a copy is worth nothing. The cause is what there is to tell.
        let _ = directory.remove(kept);
        OpenError::Io { path: place.path_of(kept), source }
    })?;
    older(place, version).map_err(io())?.iter().try_for_each(|old| directory.remove(old).map(drop)).map_err(io())
}

/// The copies of other versions than `version`.
fn older(place: &Place, version: u8) -> std::io::Result<Vec<PathBuf>> {
    let prefix = format!("{}.{KEPT}", place.store().display());
    let is_older = |name: &str| {
        let number = name.strip_prefix(&prefix).and_then(|number| number.parse::<u8>().ok());
        number.is_some_and(|number| number != version)
    };
    let names = place.directory().names()?;
    Ok(names.into_iter().filter(|name| name.to_str().is_some_and(is_older)).map(PathBuf::from).collect())
}
