//! The records that the first version wrote otherwise.

use serde::Deserialize;

use crate::verification::check::{CheckRecord, LastCheck, SubjectRecord};
use crate::verification::method::{FirstEvidence, Method};
use crate::verification::outcome::{Outcome, Status, Verified};
use crate::verification::session::id::SessionId;
use crate::verification::spent::SpentRecord;
use crate::verification::subject::{IdvId, Subject};
use crate::verification::time::Timestamp;

/// Nothing tied a subject to entries of the audit log.
#[derive(Deserialize)]
pub(super) struct Met {
    idv_id: IdvId,
    created_at: Timestamp,
    last_check: Option<LastCheck>,
}

impl From<Met> for SubjectRecord {
    fn from(Met { idv_id, created_at, last_check }: Met) -> Self {
        Self { idv_id, created_at, last_check, key: None }
    }
}

#[derive(Deserialize)]
pub(super) struct Check {
    subject: Subject,
    at: Timestamp,
    status: Status,
    evidence: FirstEvidence,
    previous: Option<u64>,
}

impl From<Check> for CheckRecord {
    fn from(Check { subject, at, status, evidence, previous }: Check) -> Self {
        Self { subject, at, status, evidence: evidence.into(), previous }
    }
}

/// An outcome did not say what it rests on.
#[derive(Deserialize)]
pub(super) struct Spent {
    session: SessionId,
    concluded: Option<Concluded>,
}

#[derive(Deserialize)]
struct Concluded {
    status: Status,
    at: Timestamp,
    idv_id: IdvId,
    last_check_at: Option<Timestamp>,
}

impl From<Spent> for SpentRecord {
    fn from(Spent { session, concluded }: Spent) -> Self {
        Self { session, concluded: concluded.map(Into::into), is_passed_on: false }
    }
}

impl From<Concluded> for Outcome {
    fn from(Concluded { status, at, idv_id, last_check_at }: Concluded) -> Self {
        let verified = Some(Verified { at, method: Method::FIRST }).filter(|_| status == Status::Success);
        Self { status, concluded_at: at, idv_id, last_check_at, verified, ticket: None }
    }
}
