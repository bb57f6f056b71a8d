//! What somebody is told who was not let in, by a name in an address of ours.

use super::Denied;
use crate::review::words::say;
use crate::verification::method::oidc::fault::{self, Kind};
use crate::verification::operator::{OperatorError, sign_in};

/// The length of a reference to the log.
const REFERENCE_LENGTH: usize = 10;

/// What somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// To try once more.
    Again,
    /// That the provider is not there.
    Unavailable,
    /// That they have to sign in there in another way.
    Level,
    /// That the provider, or what is configured of it, is at fault.
    Broken,
    /// That the answer was not for this browser.
    Refused,
    /// That nobody gave them a role.
    Role,
    /// That they were revoked.
    Revoked,
}

impl Notice {
    const ALL: [Self; 7] =
        [Self::Again, Self::Unavailable, Self::Level, Self::Broken, Self::Refused, Self::Role, Self::Revoked];

    /// What is told of `denied`.
    pub(super) fn of(denied: &Denied) -> Self {
        use sign_in::Denied as Terms;
        match denied {
            Denied::Rejected(rejected) => Self::of_kind(rejected.fault.kind()),
            Denied::Terms(Terms::Fault(fault)) => Self::of_kind(fault.kind()),
            Denied::Terms(Terms::Amr) => Self::Level,
            Denied::Terms(Terms::ClaimMissing(_) | Terms::NoRole(_)) => Self::Role,
            Denied::Operator(OperatorError::Revoked) => Self::Revoked,
            Denied::Operator(_) => Self::Broken,
        }
    }

    fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Again(fault::Notice::Unavailable | fault::Notice::Busy) => Self::Unavailable,
            Kind::Again(fault::Notice::Level) => Self::Level,
            Kind::Again(_) => Self::Again,
            Kind::Broken => Self::Broken,
            Kind::Refused => Self::Refused,
        }
    }

    /// Its name in addresses.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::Unavailable => "unavailable",
            Self::Level => "level",
            Self::Broken => "broken",
            Self::Refused => "refused",
            Self::Role => "role",
            Self::Revoked => "revoked",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Again => say("notice-again"),
            Self::Unavailable => say("notice-unavailable"),
            Self::Level => say("notice-level"),
            Self::Broken => say("notice-broken"),
            Self::Refused => say("notice-refused"),
            Self::Role => say("notice-role"),
            Self::Revoked => say("notice-revoked"),
        }
    }
}

/// What the `query` of an address tells, and the reference with it. Whatever is neither is not shown.
pub(super) fn read(query: &str) -> (Option<&'static str>, Option<String>) {
    let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let notice = Notice::ALL.into_iter().find(|notice| value("notice") == Some(notice.as_str()));
    let is_reference = |text: &&str| {
        text.len() == REFERENCE_LENGTH && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let reference = notice.and(value("reference").filter(is_reference));
    (notice.map(Notice::words), reference.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::random;

    #[test]
    fn an_address_tells_nothing_but_what_we_say() {
        let reference = random::reference();
        let (notice, told) = read(&format!("notice=role&reference={reference}"));
        assert_eq!((notice, told), (Some(Notice::Role.words()), Some(reference)));
        for query in ["", "notice=", "notice=other&reference=ABCDEFGHJK", "reference=ABCDEFGHJK"] {
            assert_eq!(read(query), (None, None), "{query}");
        }
        for reference in ["<b>ABCDEFG", "abcdefghjk", "ABCDEFGHJ", "ABCDEFGHJKL", "CALL%201234"] {
            assert_eq!(read(&format!("notice=again&reference={reference}")).1, None, "{reference}");
        }
    }
}
