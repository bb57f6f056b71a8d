//! What time does to a dossier.

use std::time::Duration;

use super::dossier::{Dossier, Stage};
use super::policy::Policy;
use crate::verification::time::{LOGIN_LIFETIME, Timestamp};

/// How long a draft is kept after it was begun: longer than any login lasts.
pub const DRAFT: Duration = Duration::from_mins(70);
/// How long pictures that a backup has not may be sent anew, counted from when they were sent before it.
pub const RESTORED: Duration = Duration::from_hours(30 * 24);
/// How long is remembered that a case lapsed, so that the applicant hears of it.
const LAPSED: Duration = Duration::from_hours(30 * 24);

const _: () = assert!(DRAFT.as_secs() > LOGIN_LIFETIME.as_secs());

/// What becomes of a dossier by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It was never sent, and its login is over: nothing is kept.
    Dropped,
    /// Nobody came, or nobody looked at it in time.
    Lapsed,
    /// The time of its pictures is over; who was refused may still hear of it.
    Bare,
    /// Its decision was not taken in time, and counts no more.
    Untaken,
    /// Its time is over, and that of its pictures.
    Over,
}

/// Since when `dossier` stands as it does. Where a backup was restored it is as much as is known.
#[must_use]
pub fn stands_since(dossier: &Dossier) -> Timestamp {
    match &dossier.stage {
        Stage::Draft { .. } => dossier.consent.at,
        Stage::Waiting { since, .. } => *since,
        // Who wanted better pictures is the last.
        Stage::AskedAgain { .. } => dossier.earlier.last().map_or(dossier.consent.at, |given| given.at),
        Stage::Decided { at, .. } | Stage::Lapsed { at, .. } => *at,
    }
}

/// When something becomes of `dossier` under `policy` next, if it is not on hold.
#[must_use]
pub fn due_at(dossier: &Dossier, policy: &Policy) -> Option<Timestamp> {
    if dossier.hold.is_some() {
        return None;
    }
    Some(match &dossier.stage {
        Stage::Draft { until } | Stage::AskedAgain { until, .. } => *until,
        Stage::Waiting { since, .. } => since.later(policy.answer_within),
        Stage::Decided { at, is_verified, closed_at: None, .. } => {
            let untaken_at = at.later(policy.deliver_within);
            if keeps_refused(dossier, *is_verified) {
                untaken_at.min(at.later(policy.keep_rejected))
            } else {
                untaken_at
            }
        }
        Stage::Decided { at, is_verified, closed_at: Some(closed_at), .. } => {
            over_at(*at, *is_verified, *closed_at, policy)
        }
        Stage::Lapsed { at, .. } => at.later(LAPSED),
    })
}

/// When the time of the pictures is over of a case that was decided `at`, and whose decision a login took at `closed_at`, or
/// none could any more.
fn over_at(at: Timestamp, is_verified: bool, closed_at: Timestamp, policy: &Policy) -> Timestamp {
    if is_verified { closed_at.later(policy.keep_approved) } else { at.later(policy.keep_rejected).max(closed_at) }
}

/// Whether pictures are there of somebody who was refused.
fn keeps_refused(dossier: &Dossier, is_verified: bool) -> bool {
    !is_verified && !dossier.pictures.is_empty()
}

/// What becomes of `dossier` under `policy` by `now`, if anything does. Nothing does while it is on hold.
#[must_use]
pub fn due(dossier: &Dossier, policy: &Policy, now: Timestamp) -> Option<Due> {
    if dossier.hold.is_some() {
        return None;
    }
    match &dossier.stage {
        Stage::Draft { until } => (now >= *until).then_some(Due::Dropped),
        Stage::Waiting { since, .. } => (now >= since.later(policy.answer_within)).then_some(Due::Lapsed),
        Stage::AskedAgain { until, .. } => (now >= *until).then_some(Due::Lapsed),
        Stage::Decided { at, is_verified, closed_at, .. } => {
            let untaken_at = at.later(policy.deliver_within);
            let over_at = over_at(*at, *is_verified, closed_at.unwrap_or(untaken_at), policy);
            if now >= over_at {
                Some(Due::Over)
            } else if closed_at.is_none() && now >= untaken_at {
                Some(Due::Untaken)
            } else {
                let is_bare = keeps_refused(dossier, *is_verified) && now >= at.later(policy.keep_rejected);
                is_bare.then_some(Due::Bare)
            }
        }
        Stage::Lapsed { at, .. } => (now >= at.later(LAPSED)).then_some(Due::Over),
    }
}
