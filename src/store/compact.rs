//! A store anew, in key order and without what it no longer needs. Nobody else has it meanwhile.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::backends::FileBackend;
use thiserror::Error;

use super::Store;
use super::backup::{Contents, CopyError, look_through};
use super::file::{OpenError, io_error, key_of};
use super::medium::{Medium, StoreFile};
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

/// A store's file that is not renewed: what takes its place here has no traces either, and there is not the room for both.
struct InPlace(StoreFile);

impl Medium for InPlace {
    type Backend = FileBackend;

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn open(&self) -> io::Result<FileBackend> {
        self.0.open()
    }

    fn open_to_read(&self) -> io::Result<FileBackend> {
        self.0.open_to_read()
    }

    fn room(&self) -> io::Result<u64> {
        self.0.room()
    }

    fn forget_new(&self) -> io::Result<bool> {
        self.0.forget_new()
    }
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
    let medium = InPlace(StoreFile::new(place.clone(), place.store(), opening.cache, lock.clone()));
    let store = Store::open_watched(medium, &key, opening, Arc::default(), Before::CopyIn(&place))?;
    let draft = place.compacted();
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

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::super::erase::Traces;
    use super::super::opened::unasked;
    use super::super::tables::{META, TRACES_KEY};
    use super::*;
    use crate::verification::time::Timestamp;

    /// Two copies were made at once where there was room for one, and both could fail.
    #[test]
    fn a_store_with_traces_is_copied_once_where_it_is_compacted() {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("idv.redb");
        let block = directory.path().join("idv.anew");
        let (store, key) = Store::open(&path, [7; 32]).unwrap();
        fs::create_dir(&block).unwrap();
        let erased = unasked(|tables| {
            tables.put(META, TRACES_KEY, &Timestamp::from_unix(1))?;
            tables.meta.note_traces();
            Ok(())
        });
        store.writer.submit(erased).unwrap();
        block_on(store.prove_writable()).unwrap();
        assert_eq!(block_on(store.traces()), Ok(Traces::Left), "it cannot be renewed");
        drop(store);
        fs::remove_dir(&block).unwrap();

        let place = Arc::new(Place::open(&path).unwrap());
        let medium =
            StoreFile::new(place.clone(), place.store(), Opening::default().cache, place.lock().unwrap().into());
        let store = Store::open_on(InPlace(medium), &key).unwrap();
        assert_eq!(block_on(store.traces()), Ok(Traces::Left), "nor is it while it is compacted");
        drop(store);

        compact(&path).unwrap();
        fs::create_dir(&block).unwrap();
        let (store, _) = Store::open(&path, [7; 32]).unwrap();
        assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }
}
