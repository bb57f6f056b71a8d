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

/// How much of a list an entry has, in bytes: written as JSON, six times that and all else of it is no longer than a line
/// may be. What would be longer was no entry at all, and nobody could tell.
const LISTED: usize = 2 * 1024;

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
            Event::Told { tenant, case, reply, .. } => {
                let entry = if let Some(action) = reply.action() {
                    done(action)
                } else {
                    let reason = Some(reply.refusal()?.into());
                    Self { reason, ..Self::new(at, "answer-refused", EventOutcome::Failure) }
                };
                let (tenant, method) = (Some(tenant.to_string()), Some(reply.method().to_string()));
                Self { tenant, method, case: *case, ..entry }
            }
            Event::NotAttested { tenant, method, cause, .. } => Self {
                tenant: Some(tenant.to_string()),
                method: Some(method.to_string()),
                reason: Some((*cause).into()),
                ..Self::new(at, "not-attested", EventOutcome::Failure)
            },
            Event::Ordered { tenant, account, method, case, action, verdict, .. } => Self {
                tenant: Some(tenant.to_string()),
                method: Some(method.to_string()),
                case: *case,
                verdict: verdict.map(Into::into),
                ..done(action).by(account, None)
            },
            Event::Forgotten { account, method, subjects } => Self {
                method: Some(method.to_string()),
                subjects: Some(*subjects),
                ..done("identities-forgotten").by(account, None)
            },
            Event::Decided { tenant, account, method, case, status, .. } => Self {
                tenant: Some(tenant.to_string()),
                method: Some(method.to_string()),
                case: *case,
                status: Some(status.as_str().into()),
                ..Self::new(at, "case-decided", outcome_of(*status)).by(account, None)
            },
            Event::LinkMade { tenant, account } => {
                Self { tenant: Some(tenant.to_string()), ..done("link-made").by(account, None) }
            }
            Event::Erased { tenant, account, reason, checks, pictures } => Self {
                tenant: Some(tenant.to_string()),
                reason: Some((*reason).into()),
                checks: Some(*checks),
                pictures: Some(*pictures),
                ..done("subject-erased").by(account, None)
            },
            Event::Copied { account, subjects, checks } => {
                Self { subjects: Some(*subjects), checks: Some(*checks), ..done("store-copied").by(account, None) }
            }
            Event::Shredded { pictures } => Self { pictures: Some(*pictures), ..done("evidence-shredded") },
            Event::Reloaded { account, changed } => {
                Self { changed: beginning(changed), ..done("configuration-reloaded").by(account, None) }
            }
            Event::ReloadRefused { account, causes } => Self {
                reason: Some(beginning(causes).join(", ")),
                ..Self::new(at, "reload-refused", EventOutcome::Failure).by(account, None)
            },
            Event::Looked { tenant, account, at: sight } => {
                Self { tenant: Some(tenant.to_string()), ..Self::looked(sight, at).by(account, None) }
            }
            Event::OperatorSignedIn { operator, by } => {
                let signed_in = Self { change: Some(by.as_str().into()), ..done("operator-signed-in") };
                signed_in.by(&Account::Operator(operator.clone()), None)
            }
            Event::OperatorChanged { operator, account, change } => Self {
                operator: Some(operator.to_string()),
                change: Some((*change).into()),
                ..done("operator-changed").by(account, None)
            },
            Event::NotDone { .. }
            | Event::NothingOffered { .. }
            | Event::TicketOfNone { .. }
            | Event::Refused { .. } => {
                return None;
            }
        })
    }

    /// The entry of who looked `at` a time at what is kept of people.
    fn looked(sight: &Sight, at: Timestamp) -> Self {
        let done = |action| Self::new(at, action, EventOutcome::Success);
        let (action, subjects) = match sight {
            Sight::Case { number, slot, reason } => {
                let (slot, reason) = (slot.map(|slot| slot.as_str().into()), reason.map(Into::into));
                return Self { case: Some(*number), slot, reason, ..done("case-viewed") };
            }
            Sight::Search { case } => return Self { case: *case, ..done("case-searched") },
            Sight::OwnCase(number) => {
                let refused = Self::new(at, "own-case-refused", EventOutcome::Failure);
                return Self { case: Some(*number), ..refused };
            }
            Sight::Subject(_) => ("subject-viewed", 1),
            Sight::Export => ("subject-exported", 1),
            Sight::Subjects(subjects) => ("subjects-listed", *subjects),
            Sight::Waiting(_, subjects) => ("codes-listed", *subjects),
            Sight::Cases(cases) => ("cases-listed", *cases),
        };
        Self { subjects: Some(subjects), ..done(action) }
    }

    /// The same, done from `account` by whom `claimed` says.
    #[must_use]
    pub fn by(self, account: &Account, claimed: Option<String>) -> Self {
        let actor = match account {
            Account::Unrecorded => None,
            Account::Root => Some("root".into()),
            Account::User { uid, .. } => Some(uid.to_string()),
            Account::Member => Some("group".into()),
            Account::Operator(_) => Some(account.to_string()),
        };
        Self { actor, claimed, ..self }
    }

    /// The same, which took `time`.
    #[must_use]
    pub fn lasting(self, time: Duration) -> Self {
        Self { duration: Some(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)), ..self }
    }
}

/// The first of `names`, and how many more there are.
fn beginning(names: &[String]) -> Vec<String> {
    let mut room = LISTED;
    let fit = names.iter().take_while(|name| {
        let is_left = name.len() <= room;
        room = room.saturating_sub(name.len());
        is_left
    });
    let mut listed: Vec<_> = fit.cloned().collect();
    if listed.len() < names.len() {
        listed.push(format!("and {} more", names.len() - listed.len()));
    }
    listed
}

const fn outcome_of(status: Status) -> EventOutcome {
    match status {
        Status::Success => EventOutcome::Success,
        Status::Failed => EventOutcome::Failure,
        Status::Pending | Status::Canceled | Status::Expired => EventOutcome::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reload of 700 tenants was in force, and no entry told of it: its line was longer than the store takes.
    #[test]
    fn a_reload_of_everything_has_an_entry_that_is_no_longer_than_a_line() {
        let names: Vec<_> = (0..10_000).map(|number| format!("tenants.{number}.\u{1}\u{2}\u{3}")).collect();
        let at = Timestamp::from_unix(1_784_000_000);
        let reloaded = Event::Reloaded { account: Account::Root, changed: names.clone() };
        let refused = Event::ReloadRefused { account: Account::Root, causes: names.clone() };
        let [reloaded, refused] = [reloaded, refused].map(|event| Entry::of(&event, at).unwrap());
        let shown = reloaded.changed.len() - 1;
        assert_eq!(reloaded.changed[..shown], names[..shown]);
        assert_eq!(reloaded.changed[shown], format!("and {} more", names.len() - shown));
        assert_eq!(refused.reason, Some(reloaded.changed.join(", ")));
        assert!([reloaded, refused].iter().all(|entry| entry.line().len() <= 16 * 1024));
        assert_eq!(beginning(&names[..2]), names[..2], "what is short is told whole");
        assert_eq!(beginning(&["a".repeat(LISTED + 1)]), ["and 1 more"]);
    }
}
