//! The records that the first version wrote otherwise.

use serde::Deserialize;

use crate::verification::check::CheckRecord;
use crate::verification::method::{FirstEvidence, Method};
use crate::verification::outcome::{Outcome, Status, Verified};
use crate::verification::session::id::SessionId;
use crate::verification::spent::SpentRecord;
use crate::verification::subject::{IdvId, Subject};
use crate::verification::time::Timestamp;

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
