//! What travels in a browser that only idv reads and makes: AES-256-GCM under a key derived anew for each hour.
//!
//! The nonce is random; a key per hour keeps a flood of starts far from the 2³² seals that random nonces allow one key
//! (NIST SP 800-38D §8.3).

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use data_encoding::BASE64URL_NOPAD;
use ring::{aead, hmac};
use serde::Serialize;

use super::time::Timestamp;

/// Random bytes that one seal takes.
pub(super) const NONCE_LENGTH: usize = aead::NONCE_LEN;
const HOUR_LENGTH: usize = 4;
/// What goes before the sealed bytes: the hour and the nonce.
const PREFIX_LENGTH: usize = HOUR_LENGTH + NONCE_LENGTH;

/// Seals one kind of thing. Its keys derive from a root of its own, so that no kind passes for another.
pub(super) struct Seal {
    root: hmac::Key,
    /// The key that was sealed with last, so that a start derives none.
    latest: ArcSwap<HourKey>,
}

/// The key of an hour.
struct HourKey {
    hour: [u8; HOUR_LENGTH],
    key: aead::LessSafeKey,
}

impl Seal {
    pub(super) fn new(root: hmac::Key) -> Self {
        let latest = ArcSwap::from_pointee(HourKey::derive(&root, [0; HOUR_LENGTH]));
        Self { root, latest }
    }

    /// Seals `thing`, which takes about so many bytes, for whoever `owner` names. Returns it as unpadded base64url.
    pub(super) fn seal(
        &self,
        thing: &impl Serialize,
        length: usize,
        owner: &[u8],
        nonce: [u8; NONCE_LENGTH],
        now: Timestamp,
    ) -> String {
        let latest = self.latest(hour_of(now));
        let mut bytes = Vec::with_capacity(PREFIX_LENGTH + length + aead::MAX_TAG_LEN);
        bytes.extend_from_slice(&latest.hour);
        bytes.extend_from_slice(&nonce);
        let mut bytes = postcard::to_extend(thing, bytes).expect("a vector takes whatever is written to it");
        let nonce = aead::Nonce::assume_unique_for_key(nonce);
        let plain = &mut bytes[PREFIX_LENGTH..];
        let tag = latest
            .key
            .seal_in_place_separate_tag(nonce, aead::Aad::from(owner), plain)
            .expect("far below the length limit of AES-GCM");
        bytes.extend_from_slice(tag.as_ref());
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// What was sealed for `owner`, in place of the `bytes` that [`seal`](Self::seal) encoded; none if it was not.
    pub(super) fn open<'b>(&self, owner: &[u8], bytes: &'b mut [u8]) -> Option<&'b [u8]> {
        let (prefix, sealed) = bytes.split_at_mut_checked(PREFIX_LENGTH)?;
        let hour = prefix[..HOUR_LENGTH].try_into().ok()?;
        let nonce = aead::Nonce::try_assume_unique_for_key(&prefix[HOUR_LENGTH..]).ok()?;
        let derived;
        let latest = self.latest.load();
        // Whoever sends a cookie names its hour, and that does not become the latest: it would cost others their key.
        let key = if latest.hour == hour {
            &latest.key
        } else {
            derived = HourKey::derive(&self.root, hour);
            &derived.key
        };
        key.open_in_place(nonce, aead::Aad::from(owner), sealed).ok().map(|plain| &*plain)
    }

    /// The key to seal with, and the hour that it is of: where others cross into the next meanwhile, that may be theirs.
    fn latest(&self, hour: [u8; HOUR_LENGTH]) -> Guard<Arc<HourKey>> {
        if self.latest.load().hour != hour {
            self.latest.store(Arc::new(HourKey::derive(&self.root, hour)));
        }
        self.latest.load()
    }
}

impl HourKey {
    fn derive(root: &hmac::Key, hour: [u8; HOUR_LENGTH]) -> Self {
        let key = hmac::sign(root, &hour);
        let key = aead::UnboundKey::new(&aead::AES_256_GCM, key.as_ref())
            .expect("an HMAC-SHA256 tag has the length of an AES-256 key");
        Self { hour, key: aead::LessSafeKey::new(key) }
    }
}

/// The hour that names a key. It runs out in the year 491,936.
fn hour_of(now: Timestamp) -> [u8; HOUR_LENGTH] {
    u32::try_from(now.as_unix() / 3600).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hour_has_a_key_of_its_own() {
        let hours = [0, 3599, 3600, 7199, 7200].map(|seconds| hour_of(Timestamp::from_unix(seconds)));
        assert_eq!(hours, [[0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0], [2, 0, 0, 0]]);
    }
}
