//! What of what happened is for the auditor: everything that was decided, and that somebody did who is known.
//!
//! What nobody authenticated causes is no entry, and nothing that a person can repeat at will is one each time: a request
//! token ends once, a wrong code counts once and only so many times, and of what a provider does not attest a person has
//! [one entry a minute](crate::web).

use std::time::Duration;

use super::entry::{Entry, EventOutcome};
use crate::verification::account::Account;
use crate::verification::event::{Event, Sight};
use crate::verification::outcome::Status;
use crate::verification::time::Timestamp;

impl Entry {
    /// The entry of `event`, which happened `at`; none if it is not for the auditor.
    #[must_use]
    pub fn of(event: &Event, at: Timestamp) -> Option<Self> {
        let done = |action| Self::new(at, action, EventOutcome::Success);
        Some(match event {
            Event::Concluded { tenant, method, status, grounds, cause, .. } => Self {
                tenant: Some(tenant.to_string()),
                method: method.map(|method| method.to_string()),
                status: Some(status.as_str().into()),
                grounds: grounds.as_str().map(Into::into),
                reason: cause.map(Into::into),
                ..Self::new(at, "check-concluded", outcome_of(*status))
            },
            Event::Told { tenant, reply, .. } => Self {
                tenant: Some(tenant.to_string()),
                method: Some(reply.method().to_string()),
                reason: Some(reply.refusal()?.into()),
                ..Self::new(at, "answer-refused", EventOutcome::Failure)
            },
            Event::NotAttested { tenant, method, cause, .. } => Self {
                tenant: Some(tenant.to_string()),
                method: Some(method.to_string()),
                reason: Some((*cause).into()),
                ..Self::new(at, "not-attested", EventOutcome::Failure)
            },
            Event::Ordered { tenant, account, method, action, .. } => Self {
                tenant: Some(tenant.to_string()),
                method: Some(method.to_string()),
                ..done(action).by(account, None)
            },
            Event::Forgotten { account, method, subjects } => Self {
                method: Some(method.to_string()),
                subjects: Some(*subjects),
                ..done("identities-forgotten").by(account, None)
            },
            Event::Decided { tenant, account, method, status, .. } => Self {
                tenant: Some(tenant.to_string()),
                method: Some(method.to_string()),
                status: Some(status.as_str().into()),
                ..Self::new(at, "case-decided", outcome_of(*status)).by(account, None)
            },
            Event::LinkMade { tenant, account } => {
                Self { tenant: Some(tenant.to_string()), ..done("link-made").by(account, None) }
            }
            Event::Copied { account, subjects, checks } => {
                Self { subjects: Some(*subjects), checks: Some(*checks), ..done("store-copied").by(account, None) }
            }
            Event::Reloaded { account, changed } => {
                Self { changed: changed.clone(), ..done("configuration-reloaded").by(account, None) }
            }
            Event::ReloadRefused { account, causes } => Self {
                reason: Some(causes.join(", ")),
                ..Self::new(at, "reload-refused", EventOutcome::Failure).by(account, None)
            },
            Event::Looked { tenant, account, at } => {
                let (action, subjects) = match at {
                    Sight::Subject(_) => ("subject-viewed", 1),
                    Sight::Subjects(subjects) => ("subjects-listed", *subjects),
                    Sight::Waiting(_, subjects) => ("codes-listed", *subjects),
                };
                let subjects = Some(subjects);
                Self { tenant: Some(tenant.to_string()), subjects, ..done(action).by(account, None) }
            }
            Event::NotDone { .. } | Event::NothingOffered { .. } | Event::Refused { .. } => return None,
        })
    }

    /// The same, done from `account` by whom `claimed` says.
    #[must_use]
    pub fn by(self, account: &Account, claimed: Option<String>) -> Self {
        let actor = match account {
            Account::Unrecorded => None,
            Account::Root => Some("root".into()),
            Account::User { uid, .. } => Some(uid.to_string()),
            Account::Member => Some("group".into()),
        };
        Self { actor, claimed, ..self }
    }

    /// The same, which took `time`.
    #[must_use]
    pub fn lasting(self, time: Duration) -> Self {
        Self { duration: Some(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)), ..self }
    }
}

const fn outcome_of(status: Status) -> EventOutcome {
    match status {
        Status::Success => EventOutcome::Success,
        Status::Failed => EventOutcome::Failure,
        Status::Pending | Status::Canceled | Status::Expired => EventOutcome::Unknown,
    }
}
