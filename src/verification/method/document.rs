//! The document method: the applicant photographs a document and themselves, and the organisation's own reviewers compare and
//! decide. No machine decides anything, and no level of assurance is claimed.
//!
//! One attempt of a subject is a [`Dossier`]: a case, to people. It begins with their consent, fills with pictures, waits,
//! may be asked for better ones, and is decided once. It outlives its login by the [`Case`](crate::verification::case::Case)
//! that is opened when the pictures are sent, with its ticket (contract 26).
//!
//! What applicants do is judged in [`applicant`]; what reviewers do in [`order`], [`review`] and [`conclusion`]; what is due
//! by time in [`due`]; and how well reviewers look is found out by [`decoy`]s.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::verification::time::Timestamp;

pub mod applicant;
pub mod checklist;
pub mod conclusion;
pub mod decoy;
pub mod dossier;
pub mod due;
pub(in crate::verification::method) mod first;
pub mod hand_off;
pub mod kind;
pub mod order;
pub mod picture;
pub mod policy;
pub mod reason;
pub mod review;
pub mod reviewed;
pub mod seen;
pub mod standpoint;
pub mod waits;

pub use applicant::{Act, Applied, Refusal, Told};
pub use dossier::{Dossier, Filled, Stage};
pub use hand_off::Alarms;
pub use kind::{DocumentKind, Selfie, Slot};
pub use order::Order;
pub use picture::Picture;
pub use policy::{Policies, Policy};
pub use reviewed::Reviewed;

/// How a subject stands with the method: what that keeps of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Their attempt, from their consent until its pictures are gone. The next takes its place.
    pub dossier: Option<Box<Dossier>>,
    /// When they sent pictures, as long as that counts against the limit.
    pub sent: Vec<Timestamp>,
    /// What went wrong at the hand-offs of an attempt that is gone.
    pub alarms: Option<Alarms>,
}

impl Standing {
    /// How the subject stands in a store that was restored from a backup. No picture is in one: what was open is asked for
    /// again, all of it, and of what was decided the pictures are gone.
    #[must_use]
    pub fn restored(self) -> Self {
        Self { dossier: self.dossier.and_then(|dossier| dossier.restored()).map(Box::new), ..self }
    }

    /// How the subject stands once a login took what was decided, at `now`.
    #[must_use]
    pub fn delivered(self, now: Timestamp) -> Self {
        Self { dossier: self.dossier.map(|dossier| Box::new(dossier.delivered(now))), ..self }
    }
}

/// The rules for the subjects of a tenant.
pub type Rules = Arc<Policy>;
