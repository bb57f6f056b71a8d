//! What operators may do.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an operator may do. Nobody has all of it by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Hands out the desk's codes.
    Desk,
    /// Reviews cases.
    Reviewer,
    /// Settles disputes, and sees to the other operators. Reviews too.
    Supervisor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Desk, Self::Reviewer, Self::Supervisor];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Reviewer => "reviewer",
            Self::Supervisor => "supervisor",
        }
    }

    /// The one of this `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Desk => 1,
            Self::Reviewer => 2,
            Self::Supervisor => 4,
        }
    }
}

/// A set of [`Role`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles(u8);

impl Roles {
    /// Whether `role` is among them. A supervisor is a reviewer too.
    #[must_use]
    pub const fn include(self, role: Role) -> bool {
        let reviews = matches!(role, Role::Reviewer) && self.0 & Role::Supervisor.bit() != 0;
        self.0 & role.bit() != 0 || reviews
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that both have.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let is_given = |role: Role| (self.0 | other.0) & role.bit() != 0;
        Role::ALL.into_iter().filter(|role| is_given(*role) && self.include(*role) && other.include(*role)).collect()
    }

    /// Each that was given.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.0 & role.bit() != 0)
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Role::as_str).collect();
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_a_set_in_which_a_supervisor_reviews_too() {
        for (given, [desk, reviewer, supervisor]) in [
            (&[][..], [false; 3]),
            (&[Role::Desk], [true, false, false]),
            (&[Role::Reviewer], [false, true, false]),
            (&[Role::Supervisor], [false, true, true]),
            (&[Role::Supervisor, Role::Desk, Role::Desk], [true, true, true]),
        ] {
            let roles: Roles = given.iter().copied().collect();
            assert_eq!(Role::ALL.map(|role| roles.include(role)), [desk, reviewer, supervisor], "{roles}");
            assert_eq!(roles.iter().collect::<Roles>(), roles);
            assert_eq!(roles.is_empty(), given.is_empty());
        }
        let roles = |given: &[Role]| given.iter().copied().collect::<Roles>();
        for (one, other, both) in [
            (&[Role::Supervisor][..], &[Role::Supervisor][..], &[Role::Supervisor][..]),
            (&[Role::Supervisor], &[Role::Reviewer], &[Role::Reviewer]),
            (&[Role::Supervisor, Role::Desk], &[Role::Desk], &[Role::Desk]),
            (&[Role::Desk], &[Role::Reviewer], &[]),
            (&Role::ALL, &[], &[]),
        ] {
            assert_eq!(
                [roles(one).and(roles(other)), roles(other).and(roles(one))],
                [roles(both); 2],
                "{one:?} {other:?}"
            );
        }
        assert!(Role::ALL.into_iter().all(|role| Role::parse(role.as_str()) == Some(role)));
        assert_eq!(Role::parse("Desk"), None);
    }
}
