//! What an application asks.

use std::time::Duration;

use super::method::{Method, Methods};
use super::outcome::Verified;
use super::ticket::Ticket;
use super::time::{LOGIN_LIFETIME, Timestamp};

/// What an application asks of the verification, and what Auth0 knows of those before (contract 22). All of it may be
/// missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    /// The names of the methods that count, separated by spaces. Missing: any does.
    pub methods: Option<String>,
    /// When the last success was that Auth0 knows of; the epoch, if it knows of none. Missing: it does not say.
    pub last_check_at: Option<Timestamp>,
    /// How old a check may be that counts. Missing: as old as it is.
    pub max_age: Option<Duration>,
    /// What came back to Auth0 with the last undecided result.
    pub ticket: Option<Ticket>,
}

impl Asks {
    /// Whether a check by `method` counts.
    #[must_use]
    pub fn accepts(&self, method: Method) -> bool {
        let mut names = self.methods.iter().flat_map(|names| names.split(' '));
        self.methods.is_none() || names.any(|name| method.is_called(name))
    }

    /// Those of the enabled `methods` that count, in that order.
    pub fn offered<'a>(&'a self, methods: &'a Methods) -> impl Iterator<Item = Method> + 'a {
        methods.iter().filter(|method| self.accepts(*method))
    }

    /// Whether a success of before counts `now`: by such a method, and not too old. A check that was made while a login may
    /// last is not.
    #[must_use]
    pub fn admits(&self, verified: &Verified, now: Timestamp) -> bool {
        let max_age = self.max_age.map(|age| age.max(LOGIN_LIFETIME));
        self.accepts(verified.method) && max_age.is_none_or(|age| now < verified.at.later(age))
    }
}
