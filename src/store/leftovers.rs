//! What commands that were killed left beside a store: whole copies of it, and of a backup, which have whoever was erased
//! since.

use super::Store;
use super::backup::copy_path;
use super::file::{OpenError, io_error};
use super::place::{Place, PlaceError};

impl Store {
    /// Removes whole copies of it that nobody comes back for.
    ///
    /// # Errors
    /// [`OpenError`], which names the one that is there yet.
    pub fn remove_leftovers(&self) -> Result<(), OpenError> {
        remove(&Place::open(&self.path).map_err(io_error(&self.path))?)
    }
}

/// Removes those in `place`. Whoever has the store's lock calls this: who makes one has it too, but for a copy that is taken
/// away.
pub(super) fn remove(place: &Place) -> Result<(), OpenError> {
    let [key, store] = place.restored();
    for name in [place.compacted(), store, key] {
        place.directory().remove(&name).map_err(io_error(&place.path_of(&name)))?;
    }
    let copy = copy_path(place.store());
    if !place.has(&copy)? {
        return Ok(());
    }
    match place.lock_to_copy() {
        // Somebody just takes it away.
        Err(PlaceError::InUse(_)) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_turn) => place.directory().remove(&copy).map(drop).map_err(io_error(&place.path_of(&copy))),
    }
}
