//! How the profile of an account travels beside its session: sealed, in a cookie of its own, since that of the session has
//! no room below what browsers keep. It opens in no other session.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Sealer;
use super::id::SessionId;
use crate::verification::profile::{LIMIT, Profile};
use crate::verification::seal::NONCE_LENGTH;
use crate::verification::time::Timestamp;

/// What is sealed, borrowed for writing and when read.
#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    given_name: Option<&'a str>,
    family_name: Option<&'a str>,
    birthdate: Option<&'a str>,
    email: Option<&'a str>,
}

impl Sealer {
    /// Seals the profile of session `id`. Returns the value of its cookie, at most 700 bytes.
    #[must_use]
    pub fn seal_profile(&self, id: SessionId, profile: &Profile, nonce: [u8; NONCE_LENGTH], now: Timestamp) -> String {
        let sealed = Sealed {
            given_name: profile.given_name(),
            family_name: profile.family_name(),
            birthdate: profile.birthdate(),
            email: profile.email(),
        };
        self.profiles.seal(&sealed, LIMIT, id.as_bytes(), nonce, now)
    }

    /// Opens the cookie value of the profile of session `id`; none if it is not ours, or not this session's.
    #[must_use]
    pub fn open_profile(&self, id: SessionId, value: &str) -> Option<Profile> {
        let mut bytes = Zeroizing::new(BASE64URL_NOPAD.decode(value.as_bytes()).ok()?);
        let plain = self.profiles.open(id.as_bytes(), &mut bytes)?;
        let (sealed, rest) = postcard::take_from_bytes::<Sealed<'_>>(plain).ok()?;
        let Sealed { given_name, family_name, birthdate, email } = sealed;
        if rest.is_empty() { Profile::new([given_name, family_name, birthdate, email]) } else { None }
    }
}
