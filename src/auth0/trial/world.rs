//! What there is in the trial's world.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::eid::Eid;
use super::model::Model;
use crate::control::Office;
use crate::ops::clock::Clock;
use crate::web::App;

/// The trial's world.
pub struct World {
    /// Auth0's part.
    pub model: Mutex<Model>,
    /// The provider that people may be verified by.
    pub eid: Mutex<Eid>,
    /// The idv that the trial is about.
    pub idv: Arc<App>,
    /// The operator's part, on the trial's own store.
    pub office: Arc<Office>,
    /// The time.
    pub clock: Clock,
}

impl World {
    pub(super) fn model(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn eid(&self) -> MutexGuard<'_, Eid> {
        self.eid.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
