//! What an account and a provider may both know of a person.

use serde::{Deserialize, Serialize};

/// What is known of a person, by its name on the wire (OIDC Core §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// `given_name`.
    GivenName,
    /// `family_name`.
    FamilyName,
    /// `birthdate`.
    Birthdate,
    /// `email`.
    Email,
}

/// Whether `ours` and `theirs` are one and the same `name`.
#[must_use]
pub fn are_equal(name: Name, ours: &str, theirs: &str) -> bool {
    let _ = name;
    ours == theirs
}
