//! Who a person is to somebody else, kept so that nobody can read it.

use std::fmt;

use data_encoding::HEXLOWER;
use ring::hmac;
use serde::{Deserialize, Serialize};

use super::tenant::Host;

/// What the key of identities is derived for.
pub const KEY: &str = "identity";

const LENGTH: usize = 16;

/// Names one person at one issuer to one tenant: a keyed pseudonym of 128 bits. Without the store's key nobody can test
/// whether a given number or name is behind it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity([u8; LENGTH]);

impl Identity {
    /// The person whom `issuer` calls `name`, to `tenant`.
    #[must_use]
    pub fn derive(key: &hmac::Key, tenant: &Host, issuer: &str, name: &str) -> Self {
        let mut context = hmac::Context::with_key(key);
        // Neither a host nor an address has a zero byte.
        for part in [tenant.as_str(), "\0", issuer, "\0", name] {
            context.update(part.as_bytes());
        }
        let mut identity = [0; LENGTH];
        identity.copy_from_slice(&context.sign().as_ref()[..LENGTH]);
        Self(identity)
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
