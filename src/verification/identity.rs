//! Who a person is to somebody else, kept so that nobody can read it.

use std::fmt;

use data_encoding::HEXLOWER;
use ring::hmac;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tenant::Host;

/// What the key of identities is derived for.
pub const KEY: &str = "identity";

const LENGTH: usize = 16;

/// Names one person at one issuer to one tenant: a keyed pseudonym of 128 bits. Without the store's key nobody can test
/// whether a given number or name is behind it.
///
/// The store has its bytes, and people read it as hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity([u8; LENGTH]);

impl Identity {
    /// The person whom `issuer` calls `name`, to `tenant`.
    #[must_use]
    pub fn derive(key: &hmac::Key, tenant: &Host, issuer: &str, name: &str) -> Self {
        Self::of(key, [tenant.as_str(), issuer, name])
    }

    fn of(key: &hmac::Key, [tenant, issuer, name]: [&str; 3]) -> Self {
        let mut context = hmac::Context::with_key(key);
        // Neither a host nor an address has a zero byte.
        for part in [tenant, "\0", issuer, "\0", name] {
            context.update(part.as_bytes());
        }
        let mut identity = [0; LENGTH];
        identity.copy_from_slice(&context.sign().as_ref()[..LENGTH]);
        Self(identity)
    }

    /// The operator whom `issuer` calls `name`. No tenant's host is empty, so that it is no applicant's.
    #[must_use]
    pub fn derive_of_operator(key: &hmac::Key, issuer: &str, name: &str) -> Self {
        Self::of(key, ["", issuer, name])
    }

    /// The bytes that it is kept under.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, wire: S) -> Result<S::Ok, S::Error> {
        if wire.is_human_readable() { wire.collect_str(self) } else { self.0.serialize(wire) }
    }
}

impl<'de> Deserialize<'de> for Identity {
    fn deserialize<D: Deserializer<'de>>(wire: D) -> Result<Self, D::Error> {
        if !wire.is_human_readable() {
            return Deserialize::deserialize(wire).map(Self);
        }
        let digits = HEXLOWER.decode(String::deserialize(wire)?.as_bytes()).map_err(D::Error::custom)?;
        Ok(Self(digits.try_into().map_err(|_| D::Error::custom("an identity has 32 digits"))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derive(key: &[u8], [tenant, issuer, name]: [&str; 3]) -> Identity {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        Identity::derive(&key, &tenant.to_owned().try_into().unwrap(), issuer, name)
    }

    #[test]
    fn an_identity_is_of_one_person_of_one_issuer_at_one_tenant_and_by_one_key() {
        let parts = ["acme.eu.auth0.test", "https://op.example", "1234"];
        let identity = derive(b"key", parts);
        assert_eq!(derive(b"key", parts), identity);
        for other in [
            derive(b"kex", parts),
            derive(b"key", ["acme.eu.auth0.tes", parts[1], parts[2]]),
            derive(b"key", [parts[0], "https://op.example/", parts[2]]),
            derive(b"key", [parts[0], parts[1], "12345"]),
            derive(b"key", [parts[0], "https://op.exampl", "e1234"]),
            derive(b"key", [parts[0], "https://op.example\x00", "1234"]),
        ] {
            assert_ne!(other, identity);
        }
        // HMAC-SHA256(key, "acme.eu.auth0.test\0https://op.example\01234"), by Python's `hmac`.
        assert_eq!(identity.to_string(), "b6c9b291743600ea0403348939ca60f0");
    }

    #[test]
    fn the_store_has_its_bytes_and_people_read_digits() {
        let identity = Identity([0xab; LENGTH]);
        assert_eq!(postcard::to_stdvec(&identity).unwrap(), [0xab; LENGTH]);
        assert_eq!(postcard::from_bytes::<Identity>(&[0xab; LENGTH]), Ok(identity));
        let digits = serde_json::json!("ab".repeat(LENGTH));
        assert_eq!(serde_json::to_value(identity).unwrap(), digits);
        assert_eq!(serde_json::from_value::<Identity>(digits).unwrap(), identity);
        for wrong in ["", "ab", &"AB".repeat(LENGTH), &"ab".repeat(LENGTH + 1)] {
            assert!(serde_json::from_value::<Identity>(serde_json::json!(wrong)).is_err(), "{wrong}");
        }
    }
}
