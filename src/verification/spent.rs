//! What has become of a request token.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use super::session::id::SessionId;

/// A request token that a session has acted on, until nobody could present it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpentRecord {
    /// The session that acted first, and alone may go on.
    pub session: SessionId,
    /// How that session ended, if it did.
    pub concluded: Option<Outcome>,
    /// Whether that outcome counts for no other session: one has it already, or it was another session's before.
    pub is_passed_on: bool,
}

/// What has become of a request token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Nobody has acted on it.
    Unused,
    /// This session has acted on it, and alone may go on.
    Claimed(SessionId),
    /// This session has ended with it.
    Concluded(SessionId, Outcome),
}

impl From<Option<SpentRecord>> for Use {
    fn from(spent: Option<SpentRecord>) -> Self {
        match spent {
            None => Self::Unused,
            Some(SpentRecord { session, concluded: None, .. }) => Self::Claimed(session),
            Some(SpentRecord { session, concluded: Some(outcome), .. }) => Self::Concluded(session, outcome),
        }
    }
}
