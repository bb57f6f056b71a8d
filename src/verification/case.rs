//! A case: what was left undecided when its session ended, and is decided later (contract 14).
//!
//! Its decision counts once, at a login whose request token has the case's ticket. The ticket goes to Auth0 with the
//! result of the session, in the browser that began it, and comes back from Auth0 alone: whoever is in front of the browser
//! of a session is not always who started it (contract 26).

use std::fmt;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::method::Method;
use super::outcome::Verified;
use super::time::Timestamp;

/// How long a case counts after it was opened, or decided.
pub const LIFETIME: Duration = Duration::from_hours(30 * 24);

const LENGTH: usize = 16;

/// Names a case to Auth0: 128 random bits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket([u8; LENGTH]);

impl Ticket {
    /// The length of its text in bytes.
    pub const TEXT_LENGTH: usize = 22;

    /// The ticket made of `random` bits.
    #[must_use]
    pub const fn from_random(random: [u8; LENGTH]) -> Self {
        Self(random)
    }

    /// Reads a ticket as [`Display`](fmt::Display) writes it; none if it is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut ticket = [0; LENGTH];
        if text.len() != Self::TEXT_LENGTH {
            return None;
        }
        BASE64URL_NOPAD.decode_mut(text.as_bytes(), &mut ticket).ok()?;
        Some(Self(ticket))
    }
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; Self::TEXT_LENGTH];
        BASE64URL_NOPAD.encode_mut(&self.0, &mut text);
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(…)")
    }
}

/// A case of a subject. There is one at the most: a later one takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What a login must bring to have the decision.
    pub ticket: Ticket,
    /// By which method it is decided.
    pub method: Method,
    /// When its session ended.
    pub opened_at: Timestamp,
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

impl Case {
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
    fn a_ticket_is_read_in_its_one_spelling_and_stays_out_of_logs() {
        let ticket = Ticket::from_random([0xfe; LENGTH]);
        let text = ticket.to_string();
        assert_eq!((text.len(), Ticket::parse(&text)), (Ticket::TEXT_LENGTH, Some(ticket)));
        assert_eq!(format!("{ticket:?}"), "Ticket(…)");
        for bad in ["", &text[1..], &format!("{text}A"), &format!("{}/", &text[1..]), &format!("{}B", &text[..21])] {
            assert_eq!(Ticket::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_case_counts_for_its_time_from_when_it_was_opened_or_decided() {
        let at = |days: u64| Timestamp::from_unix(days * 24 * 60 * 60);
        let open = Case { ticket: Ticket([0; LENGTH]), method: Method::ALL[0], opened_at: at(0), decision: None };
        assert_eq!([29, 30].map(|day| open.is_open(at(day))), [true, false]);
        let decided = |decision| Case { decision: Some(decision), ..open };
        for decision in
            [Decision::NotVerified(at(20)), Decision::Verified(Verified { at: at(20), method: open.method })]
        {
            assert_eq!([49, 50].map(|day| decided(decision).is_open(at(day))), [true, false]);
        }
    }
}
