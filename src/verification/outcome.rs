//! How a session ended.

use serde::{Deserialize, Serialize};

use super::method::Method;
use super::subject::IdvId;
use super::ticket::Ticket;
use super::time::Timestamp;

/// The `status` of a result token (contract 12). Only [`Status::Success`] means verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The subject was verified.
    Success,
    /// The subject was not verified and cannot be in this session.
    Failed,
    /// A decision is being made and will hold for the next login (contract 14).
    Pending,
    /// The subject left.
    Canceled,
    /// The session's time ran out.
    Expired,
}

impl Status {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Pending => "pending",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
        }
    }
}

/// A success as it is relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// The time of the check.
    pub at: Timestamp,
    /// By which method.
    pub method: Method,
}

/// The closed result of a session, as it is recorded and sent back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// When it ended.
    pub concluded_at: Timestamp,
    /// The subject, in idv's own words.
    pub idv_id: IdvId,
    /// The time of the subject's last check, this session's included, if there was ever one.
    pub last_check_at: Option<Timestamp>,
    /// With a success, the check that it rests on: of this session, or one that was made before (contract 26).
    pub verified: Option<Verified>,
    /// With [`Status::Pending`], what a later login brings to have the decision.
    pub ticket: Option<Ticket>,
}

impl Outcome {
    /// What is left of it once its subject was erased: nothing of theirs, and it counts for nothing. They are `stranger` in it,
    /// which is nobody.
    #[must_use]
    pub const fn erased(self, stranger: IdvId) -> Self {
        Self { status: Status::Failed, idv_id: stranger, last_check_at: None, verified: None, ticket: None, ..self }
    }
}
