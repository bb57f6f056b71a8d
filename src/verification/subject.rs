//! Who is verified, and how idv names them.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::tenant::Host;

/// The longest Auth0 `user_id` that is accepted, in bytes. Auth0's own connections stay under 255 characters, which may be
/// of any script.
pub const USER_ID_LIMIT: usize = 1024;

/// An Auth0 `user_id` (contract 3), such as `auth0|65f…` or `samlp|corp|j.doe@…`.
///
/// It may be a person's name or address, so it has no `Display` and its `Debug` is redacted: it stays out of logs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserId(String);

/// Why a text is not a [`UserId`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a user id has 1 to {USER_ID_LIMIT} bytes and no control characters")]
pub struct InvalidUserId;

impl UserId {
    /// The id as Auth0 writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for UserId {
    type Error = InvalidUserId;

    fn try_from(text: String) -> Result<Self, InvalidUserId> {
        let fits = (1..=USER_ID_LIMIT).contains(&text.len());
        if fits && !text.chars().any(char::is_control) { Ok(Self(text)) } else { Err(InvalidUserId) }
    }
}

impl From<UserId> for String {
    fn from(id: UserId) -> Self {
        id.0
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserId(…)")
    }
}

/// The person being verified: one Auth0 user of one tenant, the tenant by its canonical domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The canonical domain of the tenant.
    pub tenant: Host,
    /// The user within that tenant.
    pub user_id: UserId,
}

/// idv's own identifier of a subject: 128 random bits, made once, never the Auth0 id and never guessable.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdvId([u8; 16]);

impl IdvId {
    /// The identifier made of `random` bits.
    #[must_use]
    pub const fn from_random(random: [u8; 16]) -> Self {
        Self(random)
    }
}

impl fmt::Display for IdvId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for IdvId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
