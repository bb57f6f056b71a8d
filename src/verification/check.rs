//! What is known of a subject: idv's own identifier, and every check.

use serde::{Deserialize, Serialize};

use super::audit::pseudonym::PersonKey;
use super::method::{Evidence, Method};
use super::outcome::Status;
use super::subject::{IdvId, Subject};
use super::time::Timestamp;

/// A subject, by tenant and user id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRecord {
    /// idv's own identifier.
    pub idv_id: IdvId,
    /// When idv first met the subject.
    pub created_at: Timestamp,
    /// The subject's last check.
    pub last_check: Option<LastCheck>,
    /// What ties the entries of the audit log to the subject; none until a record is written that a version before this
    /// wrote.
    pub key: Option<PersonKey>,
}

/// The head of a subject's chain of checks, with what most questions need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCheck {
    /// Its number.
    pub number: u64,
    /// When it was concluded.
    pub at: Timestamp,
    /// By which method.
    pub method: Method,
    /// How it ended.
    pub status: Status,
}

/// A concluded verification, by its number. Numbers rise with time, so that checks are written in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRecord {
    /// Of whom.
    pub subject: Subject,
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub status: Status,
    /// What supported it.
    pub evidence: Evidence,
    /// The number of the subject's check before this one.
    pub previous: Option<u64>,
}

impl SubjectRecord {
    /// The subject, once `check` is its last, under `number`.
    #[must_use]
    pub fn checked(self, number: u64, check: &CheckRecord) -> Self {
        let CheckRecord { at, status, evidence, .. } = check;
        let last_check = LastCheck { number, at: *at, method: evidence.method(), status: *status };
        Self { last_check: Some(last_check), ..self }
    }
}
