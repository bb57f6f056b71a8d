//! Pictures that are being taken in: sealed, and not named by a commit yet. Nobody sweeps them, or lets their epoch go.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::verification::object::ObjectId;

/// All of them, each with its epoch.
#[derive(Clone, Default)]
pub(super) struct Holding(Arc<Mutex<BTreeMap<ObjectId, u32>>>);

/// Holds one of them. It is let go once the commit that names it was handed to the store.
#[must_use]
pub struct Held {
    object: ObjectId,
    all: Holding,
}

impl Holding {
    pub(super) fn hold(&self, object: ObjectId, epoch: u32) -> Held {
        self.lock().insert(object, epoch);
        Held { object, all: self.clone() }
    }

    pub(super) fn has(&self, object: ObjectId) -> bool {
        self.lock().contains_key(&object)
    }

    pub(super) fn has_epoch(&self, epoch: u32) -> bool {
        self.lock().values().any(|held| *held == epoch)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ObjectId, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.lock().remove(&self.object);
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}
