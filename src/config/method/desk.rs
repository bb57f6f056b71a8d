//! `[methods.desk]`: the desk method, as typed and as meant.

use std::time::Duration;

use crate::config::reader::{Findings, Reader};
use crate::verification::method::desk::Policy;

/// The section as typed.
pub(super) struct Typed {
    /// Whether people may be verified by a code of the desk. Default: true.
    pub(super) enabled: bool,
    /// How long a code is good for. Default: a day.
    code_lifetime_secs: u64,
    /// How many wrong codes end a session. Default: 5.
    attempts: u64,
}

impl Typed {
    /// Reads the section.
    pub(super) fn read(desk: &Reader<'_>) -> Self {
        Self {
            enabled: desk.optional("enabled").unwrap_or(true),
            code_lifetime_secs: desk.optional("code_lifetime_secs").unwrap_or(86_400),
            attempts: desk.optional("attempts").unwrap_or(5),
        }
    }

    /// The rules that it means; none if the method is not enabled, or if `findings` tells what is wrong.
    pub(super) fn convert(self, findings: &Findings<'_>) -> Option<Policy> {
        let attempts = u8::try_from(self.attempts).ok().filter(|attempts| (1..=20).contains(attempts));
        if attempts.is_none() {
            findings.add("methods.desk.attempts", "is out of range", "choose 1 to 20 wrong codes");
        }
        if !(60..=31_536_000).contains(&self.code_lifetime_secs) {
            let remedy = "choose a minute (60) to a year (31536000)";
            findings.add("methods.desk.code_lifetime_secs", "is out of range", remedy);
        }
        let code_lifetime = Duration::from_secs(self.code_lifetime_secs);
        attempts.filter(|_| self.enabled).map(|attempts| Policy { code_lifetime, attempts })
    }
}
