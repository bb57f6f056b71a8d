//! What Auth0's account says of the person, for a method to compare with what somebody else says of them.

use std::fmt;

use zeroize::Zeroizing;

/// What the account says of the person; each of it may be missing. It wipes itself and prints nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Profile {
    given_name: Option<Zeroizing<String>>,
    family_name: Option<Zeroizing<String>>,
    birthdate: Option<Zeroizing<String>>,
    email: Option<Zeroizing<String>>,
}

impl Profile {
    /// The given names, family name, birthdate and address that `texts` are.
    #[cfg(test)]
    pub(super) fn new(texts: [Option<&str>; 4]) -> Option<Self> {
        let [given_name, family_name, birthdate, email] = texts.map(|text| text.map(|text| text.to_owned().into()));
        Some(Self { given_name, family_name, birthdate, email })
    }

    /// The given names.
    #[must_use]
    pub fn given_name(&self) -> Option<&str> {
        self.given_name.as_ref().map(|text| text.as_str())
    }

    /// The family name.
    #[must_use]
    pub fn family_name(&self) -> Option<&str> {
        self.family_name.as_ref().map(|text| text.as_str())
    }

    /// The birthdate, as YYYY-MM-DD.
    #[must_use]
    pub fn birthdate(&self) -> Option<&str> {
        self.birthdate.as_ref().map(|text| text.as_str())
    }

    /// The verified address.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_ref().map(|text| text.as_str())
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Profile(…)")
    }
}
