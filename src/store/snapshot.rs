//! The read side: one read transaction, renewed after each commit, shared by all who look something up.
//!
//! Nobody keeps one for longer than a look-up: pages that an old reader sees cannot be reused.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwapOption;
use tokio::sync::watch;

use super::contained::contained;
use super::error::StoreError;
use super::opened::Held;
use super::renew::Renewed;
use super::tables::{Fault, Snapshot};

/// Whether every page of what is published was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Examined {
    /// Not yet.
    #[default]
    NotYet,
    /// All of it is as it was written.
    Whole,
    /// It is not, and nothing is published.
    Damaged,
}

/// The latest snapshot, or none while nothing can be looked up; and what is to be said of it.
#[derive(Default)]
pub(super) struct Published {
    snapshot: ArcSwapOption<Held>,
    is_writable: AtomicBool,
    is_doubted: AtomicBool,
    examined: watch::Sender<Examined>,
    renewed: watch::Sender<Renewed>,
}

impl Published {
    /// Publishes `snapshot`, every page of which was looked at.
    pub(super) fn publish(&self, snapshot: Held) {
        self.publish_unexamined(snapshot);
        self.is_doubted.store(false, Ordering::Release);
        self.found(Examined::Whole);
    }

    /// Publishes `snapshot` to be shown, and nothing to be decided by it.
    pub(super) fn publish_unexamined(&self, snapshot: Held) {
        self.snapshot.store(Some(Arc::new(snapshot)));
    }

    /// Publishes nothing any more, since it is damaged.
    pub(super) fn give_up(&self) {
        self.withdraw();
        self.found(Examined::Damaged);
    }

    /// What it is found to be the first time.
    fn found(&self, examined: Examined) {
        if self.examined() == Examined::NotYet {
            self.examined.send_replace(examined);
        }
    }

    /// Whether every page of what is published was looked at.
    pub(super) fn examined(&self) -> Examined {
        *self.examined.borrow()
    }

    /// Waits until that is `as_wanted`.
    pub(super) async fn until(&self, as_wanted: impl Fn(Examined) -> bool) {
        // It does not end: the sender is here.
        let _ = self.examined.subscribe().wait_for(|examined| as_wanted(*examined)).await;
    }

    /// Has whoever erases know how far renewals have come.
    pub(super) fn publish_renewed(&self, renewed: Renewed) {
        self.renewed.send_replace(renewed);
    }

    /// How far renewals have come.
    pub(super) fn renewed(&self) -> Renewed {
        *self.renewed.borrow()
    }

    /// How far they have, once that is `as_wanted`.
    pub(super) async fn renewed_until(&self, as_wanted: impl Fn(Renewed) -> bool) -> Renewed {
        let mut renewed = self.renewed.subscribe();
        // It does not end: the sender is here.
        renewed.wait_for(|renewed| as_wanted(*renewed)).await.map_or_else(|_| self.renewed(), |renewed| *renewed)
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
    pub(super) fn hold(&self) -> Option<Arc<Held>> {
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
    fn doubt(&self, snapshot: &Arc<Held>, error: redb::Error) -> Unanswered {
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
