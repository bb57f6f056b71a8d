//! The organisation's staff at the console: who they are, what they may do, and how they became so.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use self::link::{Link, LinkToken};
pub use self::roles::{Role, Roles};
use self::session::{OperatorSessionId, OperatorSessionRecord};
use self::tally::Tally;
use super::identity::Identity;
use super::subject::Subject;
use super::time::Timestamp;

mod likeness;
pub mod link;
pub mod recognition;
mod roles;
pub mod session;
pub mod sign_in;
pub mod tally;

/// The longest name, in bytes.
const NAME_LIMIT: usize = 64;
/// How many digits tell two people from one another.
const DIGITS: usize = 8;

/// What an operator is called in the console, in the log and in the audit log: 1 to 64 bytes that begin and end with
/// something visible, without control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OperatorName(String);

/// Why a text is not an [`OperatorName`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("an operator's name has 1 to {NAME_LIMIT} bytes, no control characters, and no space at its ends")]
pub struct InvalidOperatorName;

impl OperatorName {
    /// That of who is `identity`: digits of it, which nobody else has.
    #[must_use]
    pub fn of_digits(identity: Identity) -> Self {
        Self(
            identity
                .to_string()
                .chars()
                .take(DIGITS)
                .fold("operator-".to_owned(), |name, digit| name + &digit.to_string()),
        )
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OperatorName {
    type Error = InvalidOperatorName;

    fn try_from(text: String) -> Result<Self, InvalidOperatorName> {
        let fits = (1..=NAME_LIMIT).contains(&text.len()) && text.trim() == text;
        if fits && !text.chars().any(char::is_control) { Ok(Self(text)) } else { Err(InvalidOperatorName) }
    }
}

impl From<OperatorName> for String {
    fn from(name: OperatorName) -> Self {
        name.0
    }
}

impl fmt::Display for OperatorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedInBy {
    /// A one-time link.
    Link,
    /// The organisation's provider.
    Provider,
    /// The same, where they had to log in for it.
    Anew,
}

impl SignedInBy {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Provider => "provider",
            Self::Anew => "anew",
        }
    }

    /// Whether the provider knows them.
    #[must_use]
    pub const fn is_by_provider(self) -> bool {
        match self {
            Self::Link => false,
            Self::Provider | Self::Anew => true,
        }
    }
}

/// A sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// When.
    pub at: Timestamp,
    /// How.
    pub by: SignedInBy,
}

/// An operator, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorRecord {
    /// What they may do: as they were added, or as the provider's claim had it when they last signed in there.
    pub roles: Roles,
    /// Whom they are as an applicant, so that they decide nothing of their own.
    pub subject: Option<Subject>,
    /// Who they are at the provider, once they have signed in there: an HMAC over issuer and `sub`.
    pub identity: Option<Identity>,
    /// Since when there is one of this name.
    pub added_at: Timestamp,
    /// When somebody last said that they are trained for it.
    pub certified_at: Option<Timestamp>,
    /// Since when they may do nothing any more.
    pub revoked_at: Option<Timestamp>,
    /// The link that waits to be used.
    pub link: Option<Link>,
    /// Their last sign-in.
    pub last: Option<SignIn>,
    /// What they made of decoys.
    pub tally: Tally,
}

/// What is done to an operator. Signing in is apart: it makes a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// There is one of this name from now on, or again, with these roles, and a link waits.
    Add {
        /// What they may do.
        roles: Roles,
        /// Whom they are as an applicant, where that is said.
        subject: Option<Subject>,
        /// By which they sign in.
        link: Link,
    },
    /// A link waits, in place of any before it.
    Link(Link),
    /// They are trained for it.
    Certify,
    /// They may do nothing any more; what they are in ends.
    Revoke,
}

impl Task {
    /// What became of the operator, as the log has it.
    #[must_use]
    pub const fn told(&self) -> &'static str {
        match self {
            Self::Add { .. } => "added",
            Self::Link(_) => "linked",
            Self::Certify => "certified",
            Self::Revoke => "revoked",
        }
    }
}

/// Why something is not done to an operator, or they may not in.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OperatorError {
    /// There is none of this name.
    #[error("there is no operator of that name")]
    Unknown,
    /// There is one, and they were not revoked.
    #[error("there is an operator of that name; a new link is made by: idv operator link")]
    Known,
    /// There is one whom people would take for them.
    #[error(
        "people would take that name for {0:?}, which is an operator's; choose another, by which they are told apart"
    )]
    Alike(OperatorName),
    /// The console would show them as it shows an account of the machine.
    #[error("people would take that name for an account of this machine; choose another")]
    LikeAccount,
    /// They were revoked.
    #[error("that operator was revoked; idv operator add takes them up again")]
    Revoked,
    /// No such link waits, or its time is over.
    #[error("that link was used, or its time is over")]
    Link,
    /// Somebody of another name is the same applicant.
    #[error("that applicant is an operator of another name, and under two names one person would be two")]
    SameApplicant,
    /// They sign in through the provider.
    #[error(
        "that operator signs in through the organisation's provider, and by a link somebody else would be them; where there is \
         no provider any more: idv operator revoke, then idv operator add"
    )]
    ByProvider,
}

impl OperatorRecord {
    /// The operator who is added `now`.
    #[must_use]
    pub const fn added(roles: Roles, subject: Option<Subject>, now: Timestamp) -> Self {
        Self {
            roles,
            subject,
            identity: None,
            added_at: now,
            certified_at: None,
            revoked_at: None,
            link: None,
            last: None,
            tally: Tally { right: 0, wrong: 0 },
        }
    }

    /// The operator after `task`, who was `before`.
    ///
    /// # Errors
    /// [`OperatorError`].
    pub fn after(before: Option<Self>, task: Task, now: Timestamp) -> Result<Self, OperatorError> {
        match (task, before) {
            (Task::Add { .. }, Some(Self { revoked_at: None, .. })) => Err(OperatorError::Known),
            // Whoever takes a name up again is not taken for who had it before.
            (Task::Add { roles, subject, link }, _) => {
                Ok(Self { link: Some(link), ..Self::added(roles, subject, now) })
            }
            (_, None) => Err(OperatorError::Unknown),
            (_, Some(Self { revoked_at: Some(_), .. })) => Err(OperatorError::Revoked),
            (Task::Link(_), Some(Self { identity: Some(_), .. })) => Err(OperatorError::ByProvider),
            (Task::Link(link), Some(before)) => Ok(Self { link: Some(link), ..before }),
            (Task::Certify, Some(before)) => Ok(Self { certified_at: Some(now), ..before }),
            (Task::Revoke, Some(before)) => Ok(Self { revoked_at: Some(now), link: None, ..before }),
        }
    }

    /// Whether `token` is of the link that waits, which is good `now`.
    #[must_use]
    pub fn takes(&self, token: LinkToken, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.link.is_some_and(|link| link.is(token) && link.is_good(now))
    }

    /// The operator once they signed in, with the session that this begins. A link that waits is used.
    ///
    /// # Errors
    /// [`OperatorError::Revoked`].
    pub fn signed_in(
        self,
        name: &OperatorName,
        sign_in: SignIn,
    ) -> Result<(Self, OperatorSessionRecord), OperatorError> {
        if self.revoked_at.is_some() {
            return Err(OperatorError::Revoked);
        }
        let session = OperatorSessionRecord {
            operator: name.clone(),
            roles: self.roles,
            by: sign_in.by,
            began_at: sign_in.at,
            last_act_at: sign_in.at,
            before: self.last,
        };
        Ok((Self { link: None, last: Some(sign_in), ..self }, session))
    }
}

/// Who acts in the console: the operator, in their session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Their name.
    pub name: OperatorName,
    /// Which session.
    pub id: OperatorSessionId,
    /// The session.
    pub session: OperatorSessionRecord,
    /// Whom they are as an applicant, if that is known.
    pub subject: Option<Subject>,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn name(text: &str) -> Result<OperatorName, InvalidOperatorName> {
        text.to_owned().try_into()
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_unix(seconds)
    }

    #[test]
    fn a_name_has_64_bytes_at_the_most_and_is_seen_from_end_to_end() {
        for fit in ["a", "Jürgen Müller", "ada@acme.example", &"x".repeat(64), &"ü".repeat(32)] {
            assert_eq!(name(fit).unwrap().as_str(), fit);
        }
        for unfit in ["", " ", " a", "a ", "a\u{a0}", "a\nb", "a\0b", "a\u{85}b", &"x".repeat(65), &"ü".repeat(33)] {
            assert_eq!(name(unfit), Err(InvalidOperatorName), "{unfit:?}");
        }
    }

    #[test]
    fn who_was_revoked_may_nothing_until_they_are_added_again_and_then_begin_anew() {
        let link = Link::new(LinkToken::from_random([1; 16]), at(0));
        let add = |roles: &[Role]| Task::Add { roles: roles.iter().copied().collect(), subject: None, link };
        let after = OperatorRecord::after;
        let added = after(None, add(&[Role::Reviewer]), at(0)).unwrap();
        assert_eq!(after(Some(added.clone()), add(&[Role::Desk]), at(1)), Err(OperatorError::Known));
        let certified = after(Some(added), Task::Certify, at(2)).unwrap();
        let ada = name("ada").unwrap();
        let (known, _) = certified.signed_in(&ada, SignIn { at: at(3), by: SignedInBy::Link }).unwrap();
        let revoked = after(Some(known), Task::Revoke, at(4)).unwrap();
        assert_eq!((revoked.revoked_at, revoked.link), (Some(at(4)), None));
        for task in [Task::Link(link), Task::Certify, Task::Revoke] {
            assert_eq!(after(None, task.clone(), at(5)), Err(OperatorError::Unknown));
            assert_eq!(after(Some(revoked.clone()), task, at(5)), Err(OperatorError::Revoked));
        }
        let sign_in = SignIn { at: at(5), by: SignedInBy::Provider };
        assert_eq!(revoked.clone().signed_in(&ada, sign_in), Err(OperatorError::Revoked));
        let again = after(Some(revoked), add(&[Role::Desk]), at(6)).unwrap();
        let anew = OperatorRecord::added([Role::Desk].into_iter().collect(), None, at(6));
        assert_eq!(again, OperatorRecord { link: Some(link), ..anew });
    }

    /// A supervisor made one for another, used it herself, and was two people.
    #[test]
    fn whom_the_provider_knows_has_no_link_until_they_are_revoked_and_added_again() {
        let link = Link::new(LinkToken::from_random([1; 16]), at(0));
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"key");
        let identity = Some(Identity::derive_of_operator(&key, "https://op.example", "ada"));
        let known = OperatorRecord { identity, ..OperatorRecord::added(Roles::default(), None, at(0)) };
        let after = OperatorRecord::after;
        assert_eq!(after(Some(known.clone()), Task::Link(link), at(1)), Err(OperatorError::ByProvider));
        let certified = after(Some(known.clone()), Task::Certify, at(1)).unwrap();
        assert_eq!(certified.identity, identity);
        let revoked = after(Some(known), Task::Revoke, at(2)).unwrap();
        assert_eq!(after(Some(revoked.clone()), Task::Link(link), at(3)), Err(OperatorError::Revoked));
        let again = after(Some(revoked), Task::Add { roles: Roles::default(), subject: None, link }, at(3)).unwrap();
        assert!(after(Some(again), Task::Link(link), at(4)).is_ok());
    }

    #[test]
    fn a_link_is_good_once_for_a_quarter_of_an_hour_and_of_an_operator_who_is_not_revoked() {
        let token = LinkToken::from_random([1; 16]);
        let end = at(1000).later(Duration::from_mins(15));
        let link = Link::new(token, at(1000));
        let operator = OperatorRecord { link: Some(link), ..OperatorRecord::added(Roles::default(), None, at(1000)) };
        assert!(operator.takes(token, at(1000)) && operator.takes(token, end.earlier(Duration::from_secs(1))));
        assert!(!operator.takes(token, end), "from this instant on");
        assert!(!operator.takes(LinkToken::from_random([2; 16]), at(1000)));
        let revoked = OperatorRecord { revoked_at: Some(at(1000)), ..operator.clone() };
        assert!(!revoked.takes(token, at(1000)));
        let sign_in = SignIn { at: at(1001), by: SignedInBy::Link };
        let (used, session) = operator.signed_in(&name("ada").unwrap(), sign_in).unwrap();
        assert!(!used.takes(token, at(1002)));
        assert_eq!((used.last, session.before), (Some(sign_in), None));
        let later = SignIn { at: at(2000), by: SignedInBy::Provider };
        let (_, session) = used.signed_in(&name("ada").unwrap(), later).unwrap();
        assert_eq!(session.before, Some(sign_in), "a new sign-in shows the last");
    }
}
