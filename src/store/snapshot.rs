//! The read side: one read transaction, renewed after each commit, shared by all who look something up.
//!
//! Nobody keeps one for longer than a look-up: pages that an old reader sees cannot be reused.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwapOption;

use super::contained::contained;
use super::error::StoreError;
use super::tables::{Fault, Snapshot};

/// The latest snapshot, or none while nothing can be looked up; and what is to be said of it.
#[derive(Default)]
pub(super) struct Published {
    snapshot: ArcSwapOption<Snapshot>,
    is_writable: AtomicBool,
    is_doubted: AtomicBool,
}

impl Published {
    pub(super) fn publish(&self, snapshot: Snapshot) {
        self.snapshot.store(Some(Arc::new(snapshot)));
        self.is_doubted.store(false, Ordering::Release);
    }

    pub(super) fn withdraw(&self) {
        self.snapshot.store(None);
    }

    pub(super) fn set_writable(&self, is_writable: bool) {
        self.is_writable.store(is_writable, Ordering::Release);
    }

    /// Whether everything can be done.
    pub(super) fn is_sound(&self) -> bool {
        self.is_writable.load(Ordering::Acquire) && !self.is_doubted() && self.snapshot.load().is_some()
    }

    /// Whether the engine failed a look-up in the latest snapshot.
    pub(super) fn is_doubted(&self) -> bool {
        self.is_doubted.load(Ordering::Acquire)
    }

    /// The latest snapshot, to be held for as long as a copy of it takes. The file grows by what changes meanwhile.
    pub(super) fn hold(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.load_full()
    }

    /// Asks the latest snapshot.
    ///
    /// # Errors
    /// [`Unanswered::Doubtful`] for the first failure of the engine in a snapshot, and none of those after it.
    pub(super) fn ask<T>(&self, question: impl FnOnce(&Snapshot) -> Result<T, Fault>) -> Result<T, Unanswered> {
        let snapshot = self.snapshot.load();
        let snapshot = snapshot.as_ref().ok_or(Unanswered::Refused(StoreError::Unavailable))?;
        match contained(|| Ok(question(snapshot))).unwrap_or_else(|panic| Err(Fault::Engine(panic))) {
            Ok(answer) => Ok(answer),
            Err(fault) => Err(fault.of_one().map_or_else(|error| self.doubt(snapshot, error), Unanswered::Refused)),
        }
    }

    /// What is to be said where the engine failed in `snapshot`.
    fn doubt(&self, snapshot: &Arc<Snapshot>, error: redb::Error) -> Unanswered {
        let is_latest = self.snapshot.load().as_ref().is_some_and(|latest| Arc::ptr_eq(latest, snapshot));
        let is_first = is_latest && !self.is_doubted.swap(true, Ordering::AcqRel);
        if is_first { Unanswered::Doubtful(error) } else { Unanswered::Refused(StoreError::Unavailable) }
    }
}

/// Why a question has no answer.
pub(super) enum Unanswered {
    /// This is to be said.
    Refused(StoreError),
    /// The engine failed. The writer should look into it.
    Doubtful(redb::Error),
}
