//! One-time links: how the first operator signs in, and those of an installation without a provider.

use std::time::Duration;

use ring::digest;
use serde::{Deserialize, Serialize};

use crate::verification::bits::named;
use crate::verification::time::Timestamp;

/// How long a link is good.
pub const LIFETIME: Duration = Duration::from_mins(15);

named! {
    /// What a link holds: 128 random bits.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct LinkToken;
}

/// What is kept of a link that waits to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// From which nobody finds its token.
    hash: [u8; 32],
    /// The instant from which it is good no longer.
    pub expires_at: Timestamp,
}

impl LinkToken {
    fn hash(self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, &self.0).as_ref());
        hash
    }
}

impl Link {
    /// The link of `token`, made `now`.
    #[must_use]
    pub fn new(token: LinkToken, now: Timestamp) -> Self {
        Self { hash: token.hash(), expires_at: now.later(LIFETIME) }
    }

    /// Whether it is that of `token`. What is compared are hashes of what nobody can choose.
    #[must_use]
    pub fn is(&self, token: LinkToken) -> bool {
        self.hash == token.hash()
    }

    /// Whether it is good `now`.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_in_its_one_spelling_and_stays_out_of_logs() {
        let token = LinkToken::from_random([0xfe; 16]);
        let text = token.to_string();
        assert_eq!((text.len(), LinkToken::parse(&text)), (22, Some(token)));
        assert_eq!(format!("{token:?}"), "LinkToken(…)");
        for bad in ["", &text[1..], &format!("{text}A")] {
            assert_eq!(LinkToken::parse(bad), None, "{bad}");
        }
    }
}
