//! A case: what was left undecided when its session ended, and is decided later (contract 14).
//!
//! Its decision counts once, at a login whose request token has the case's ticket. The ticket goes to Auth0 with the
//! result of the session, in the browser that began it, and comes back from Auth0 alone: whoever is in front of the browser
//! of a session is not always who started it (contract 26).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::method::Method;
use super::outcome::Verified;
use super::session::id::SessionId;
use super::ticket::Ticket;
use super::time::Timestamp;

/// How long a case counts after it was opened, or decided.
pub const LIFETIME: Duration = Duration::from_hours(30 * 24);

/// A case of a subject. There is one at the most: a later one takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What a login must bring to have the decision.
    pub ticket: Ticket,
    /// By which method it is decided.
    pub method: Method,
    /// When its session ended, or what is decided was last sent, or asked for.
    pub opened_at: Timestamp,
    /// The session for which it counts without its ticket: what it waits for was sent in it.
    pub session: Option<SessionId>,
    /// The decision, once there is one.
    pub decision: Option<Decision>,
}

/// How a case was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// The subject was verified.
    Verified(Verified),
    /// The subject was not, at this instant.
    NotVerified(Timestamp),
}

/// What versions before this kept of a case.
#[derive(Deserialize)]
pub(crate) struct FirstCase {
    ticket: Ticket,
    method: Method,
    opened_at: Timestamp,
    decision: Option<Decision>,
}

impl From<FirstCase> for Case {
    fn from(first: FirstCase) -> Self {
        let FirstCase { ticket, method, opened_at, decision } = first;
        Self { ticket, method, opened_at, session: None, decision }
    }
}

impl Case {
    /// Whether it counts for `session`, which brought `ticket`, by `now`.
    #[must_use]
    pub fn counts_for(&self, session: SessionId, ticket: Option<Ticket>, now: Timestamp) -> bool {
        (Some(self.ticket) == ticket || self.session == Some(session)) && self.is_open(now)
    }

    /// Whether it counts `now`.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        let since = match self.decision {
            None => self.opened_at,
            Some(Decision::Verified(verified)) => verified.at,
            Some(Decision::NotVerified(at)) => at,
        };
        now < since.later(LIFETIME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_counts_for_its_time_from_when_it_was_opened_or_decided() {
        let at = |days: u64| Timestamp::from_unix(days * 24 * 60 * 60);
        let ticket = Ticket::from_random([0; 16]);
        let open = Case { ticket, method: Method::FIRST, opened_at: at(0), session: None, decision: None };
        assert_eq!([29, 30].map(|day| open.is_open(at(day))), [true, false]);
        let decided = |decision| Case { decision: Some(decision), ..open };
        for decision in
            [Decision::NotVerified(at(20)), Decision::Verified(Verified { at: at(20), method: open.method })]
        {
            assert_eq!([49, 50].map(|day| decided(decision).is_open(at(day))), [true, false]);
        }
    }
}
