//! A store anew, in key order and without what it no longer needs. Nobody else has it meanwhile.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::Store;
use super::backup::{Contents, CopyError, look_through};
use super::file::{OpenError, io_error, key_of};
use super::medium::StoreFile;
use super::migrate::Before;
use super::opening::Opening;
use super::place::Place;
use super::space::{Space, space};

/// Why a store stays as it is.
#[derive(Debug, Error)]
pub enum CompactError {
    /// It does not open, or another process has it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is not the room for another like it.
    #[error("this needs {needed} bytes beside the store, and {free} are free")]
    NoRoom {
        /// How many bytes it needs.
        needed: u64,
        /// How many there are.
        free: u64,
    },
    /// It cannot be copied.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The copy is not whole.
    #[error("the copy is not whole, and the store is as it was")]
    NotWhole(#[source] OpenError),
}

/// What became of a store.
#[derive(Clone, Copy, Debug)]
pub struct Compacted {
    /// What it holds.
    pub contents: Contents,
    /// Its bytes before.
    pub before: u64,
    /// Its bytes now.
    pub after: u64,
}

/// Puts a copy of the store at `path`, in key order, in its place.
///
/// # Errors
/// [`CompactError`]; the store is as it was.
pub fn compact(path: &Path) -> Result<Compacted, CompactError> {
    let place = match Place::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(OpenError::NotMade(path.to_owned())),
        place => place.map(Arc::new).map_err(io_error(path)),
    }?;
    let lock = Arc::new(place.lock().map_err(OpenError::from)?);
    if !place.has(place.store()).map_err(OpenError::from)? {
        return Err(OpenError::NotMade(path.to_owned()).into());
    }
    let key = key_of(&place)?;
    let Space { file: before, free } = space(path).map_err(io_error(path))?;
    if free < before {
        return Err(CompactError::NoRoom { needed: before, free });
    }
    let opening = Opening::default();
    let medium = StoreFile::new(place.clone(), place.store(), opening.cache, lock.clone());
    let store = Store::open_watched(medium, &key, opening, Arc::default(), Before::CopyIn(&place))?;
    let draft = place.store().with_extension("compacted");
    store.copy_to(&place.path_of(&draft))?;
    drop(store);
    let replaced = look_through_draft(&place, &draft, &key).and_then(|contents| {
        let renamed = place.directory().replace(&draft, place.store()).and_then(|()| place.directory().sync());
        renamed.map_err(io_error(path)).map_err(CompactError::from).map(|()| contents)
    });
    if replaced.is_err() {
        // The cause is what there is to tell.
        let _ = place.directory().remove(&draft);
    }
    let contents = replaced?;
    let after = space(path).map_err(io_error(path))?.file;
    drop(lock);
    Ok(Compacted { contents, before, after })
}

fn look_through_draft(place: &Place, draft: &Path, key: &super::MasterKey) -> Result<Contents, CompactError> {
    let path: PathBuf = place.path_of(draft);
    let file = place.directory().read(draft).map_err(io_error(&path))?;
    look_through(file, key, &path).map_err(CompactError::NotWhole)
}
