//! What a session is called.

use std::fmt;

use data_encoding::HEXLOWER;
use ring::digest;
use serde::{Deserialize, Serialize};

use crate::verification::bits::{self, Bits, named};

named! {
    /// Names a session in its URL and its cookie: 128 random bits, so that nobody else can address it.
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub struct SessionId;
}

/// Names a session in the log, where its lines belong together: 64 bits of a digest, from which nobody finds its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionName([u8; 8]);

impl SessionId {
    /// The length of its text in bytes.
    pub const TEXT_LENGTH: usize = bits::TEXT_LENGTH;

    pub(super) const fn as_bytes(&self) -> &Bits {
        &self.0
    }

    /// What it is called in the log.
    #[must_use]
    pub fn name(self) -> SessionName {
        let mut name = [0; 8];
        name.copy_from_slice(&digest::digest(&digest::SHA256, self.to_string().as_bytes()).as_ref()[..8]);
        SessionName(name)
    }
}

impl fmt::Display for SessionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_id_stays_out_of_logs() {
        assert_eq!(format!("{:?}", SessionId([7; 16])), "SessionId(…)");
    }
}
