//! Whom an entry is about: a pseudonym, under a key of that person alone.

use std::fmt;

use data_encoding::HEXLOWER;
use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::verification::subject::Subject;

/// Bytes of a pseudonym: enough that no two meet.
const LENGTH: usize = 16;

/// A person's key, random, kept with what is known of them and nowhere else. With it goes what ties the entries to them.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonKey([u8; 16]);

impl PersonKey {
    /// The key made of `random` bits.
    #[must_use]
    pub const fn from_random(random: [u8; 16]) -> Self {
        Self(random)
    }

    /// What `subject`, whose key it is, is called in entries.
    #[must_use]
    pub fn pseudonym(&self, subject: &Subject) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let (tenant, user_id) = (subject.tenant.as_str(), subject.user_id.as_str());
        let tag = hmac::sign(&key, &[tenant.as_bytes(), &[0], user_id.as_bytes()].concat());
        HEXLOWER.encode(&tag.as_ref()[..LENGTH])
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_is_of_a_person_and_of_their_key() {
        let subject = |tenant: &str, user_id: &str| Subject {
            tenant: tenant.to_owned().try_into().unwrap(),
            user_id: user_id.to_owned().try_into().unwrap(),
        };
        let (one, other) = (PersonKey::from_random([1; 16]), PersonKey::from_random([2; 16]));
        let ada = subject("acme.eu.auth0.test", "auth0|ada");
        assert_eq!(one.pseudonym(&ada), one.pseudonym(&ada));
        assert_eq!(one.pseudonym(&ada).len(), 2 * LENGTH);
        for different in [
            other.pseudonym(&ada),
            one.pseudonym(&subject("acme.eu.auth0.test", "auth0|bob")),
            one.pseudonym(&subject("other.eu.auth0.test", "auth0|ada")),
        ] {
            assert_ne!(one.pseudonym(&ada), different);
        }
    }
}
