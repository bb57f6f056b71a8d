//! A picture as a file: sealed with a key of its own, behind what it is a picture of. Pure.
//!
//! `IDVE`, the version, and then by AES-256-GCM [what it is of](Whose) and the picture. What it is of is sealed with it
//! rather than brought along: so whoever [looks through](super::Keeper::check) all pictures need not know whose they are,
//! and one that lies in another's place is noticed all the same.

use ring::aead::{Aad, MAX_TAG_LEN, NONCE_LEN, Nonce};
use zeroize::Zeroizing;

use super::epochs::{Key, sealing_key};
use crate::verification::object::ObjectId;
use crate::verification::tenant::Host;

/// The longest picture, in bytes.
pub const LIMIT: usize = 2 * 1024 * 1024;
/// The file's first bytes: what it is, and its version.
const HEAD: [u8; 5] = *b"IDVE\x01";
/// A key seals one picture, once.
const NONCE: [u8; NONCE_LEN] = [0; NONCE_LEN];

/// What a picture is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose<'w> {
    /// Who asked for it.
    pub tenant: &'w Host,
    /// The number of the case.
    pub number: u64,
    /// Its round.
    pub round: u8,
    /// Which of its pictures.
    pub slot: &'w str,
}

impl Whose<'_> {
    fn encode(&self) -> Vec<u8> {
        postcard::to_allocvec(&(self.tenant.as_str(), self.number, self.round, self.slot))
            .expect("texts and numbers are encoded")
    }
}

/// The file of `jpeg`.
pub(super) fn seal(jpeg: &[u8], whose: &Whose<'_>, object: ObjectId, key: &Key) -> Vec<u8> {
    let whose = whose.encode();
    let mut bytes = Vec::with_capacity(HEAD.len() + 2 + whose.len() + jpeg.len() + MAX_TAG_LEN);
    bytes.extend_from_slice(&HEAD);
    bytes.extend_from_slice(&u16::try_from(whose.len()).expect("a host's name and a slot's are short").to_le_bytes());
    bytes.extend_from_slice(&whose);
    bytes.extend_from_slice(jpeg);
    let plain = &mut bytes[HEAD.len()..];
    let tag = sealing_key(key)
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(NONCE), owner(object), plain)
        .expect("far below the length limit of AES-GCM");
    bytes.extend_from_slice(tag.as_ref());
    bytes
}

/// What a file has sealed: what it is of, as it is encoded, and the picture.
pub(super) struct Opened {
    plain: Zeroizing<Vec<u8>>,
}

/// What is sealed in `bytes`; none if they are no file of `object` by `key`.
pub(super) fn open(bytes: Vec<u8>, object: ObjectId, key: &Key) -> Option<Opened> {
    let mut plain = Zeroizing::new(bytes);
    if !plain.starts_with(&HEAD) {
        return None;
    }
    let nonce = Nonce::assume_unique_for_key(NONCE);
    let length = sealing_key(key).open_within(nonce, owner(object), &mut plain, HEAD.len()..).ok()?.len();
    plain.truncate(length);
    Some(Opened { plain })
}

impl Opened {
    /// The picture, if it is that of `whose`.
    pub(super) fn of(mut self, whose: &Whose<'_>) -> Option<Zeroizing<Vec<u8>>> {
        let (length, rest) = self.plain.split_first_chunk()?;
        let length = usize::from(u16::from_le_bytes(*length));
        if rest.get(..length)? != whose.encode() {
            return None;
        }
        self.plain.drain(..length + 2);
        Some(self.plain)
    }
}

/// No file passes for another's.
fn owner(object: ObjectId) -> Aad<[u8; HEAD.len() + 16]> {
    let mut owner = [0; HEAD.len() + 16];
    owner[..HEAD.len()].copy_from_slice(&HEAD);
    owner[HEAD.len()..].copy_from_slice(object.as_bytes());
    Aad::from(owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECT: ObjectId = ObjectId::from_random([7; 16]);

    fn host(name: &str) -> Host {
        name.to_owned().try_into().unwrap()
    }

    #[test]
    fn a_picture_comes_back_as_it_was_and_to_nobody_elses_place() {
        let (tenant, other) = (host("acme.eu.auth0.test"), host("other.eu.auth0.test"));
        let (key, jpeg) = (Zeroizing::new([1; 32]), b"\xff\xd8\xffpicture".as_slice());
        let whose = Whose { tenant: &tenant, number: 7, round: 1, slot: "front" };
        let sealed = seal(jpeg, &whose, OBJECT, &key);
        let opened = |whose: &Whose<'_>| open(sealed.clone(), OBJECT, &key).unwrap().of(whose);
        assert_eq!(opened(&whose).as_deref().map(Vec::as_slice), Some(jpeg));
        for elsewhere in [
            Whose { tenant: &other, ..whose },
            Whose { number: 8, ..whose },
            Whose { round: 2, ..whose },
            Whose { slot: "back", ..whose },
        ] {
            assert!(opened(&elsewhere).is_none(), "{elsewhere:?}");
        }
        assert!(open(sealed.clone(), ObjectId::from_random([8; 16]), &key).is_none());
        assert!(open(sealed.clone(), OBJECT, &Zeroizing::new([2; 32])).is_none());
    }

    #[test]
    fn every_bit_of_a_file_counts_and_nothing_of_the_picture_shows() {
        let tenant = host("acme.eu.auth0.test");
        let whose = Whose { tenant: &tenant, number: 7, round: 1, slot: "front" };
        let key = Zeroizing::new([1; 32]);
        let sealed = seal(b"a picture that can be told", &whose, OBJECT, &key);
        let shows = |text: &[u8]| sealed.windows(text.len()).any(|window| window == text);
        assert!(!shows(b"told") && !shows(b"acme") && !shows(b"front"));
        for place in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[place] ^= 1;
            assert!(open(bent, OBJECT, &key).is_none(), "{place}");
            assert!(open(sealed[..place].to_vec(), OBJECT, &key).is_none(), "{place}");
        }
        assert!(open([&sealed[..], b"x"].concat(), OBJECT, &key).is_none());
    }

    #[test]
    fn an_empty_picture_and_the_longest_are_files_too() {
        let tenant = host("acme.eu.auth0.test");
        let whose = Whose { tenant: &tenant, number: u64::MAX, round: u8::MAX, slot: "selfie" };
        let key = Zeroizing::new([1; 32]);
        for length in [0, LIMIT] {
            let jpeg = vec![7; length];
            let opened = open(seal(&jpeg, &whose, OBJECT, &key), OBJECT, &key).unwrap().of(&whose);
            assert!(opened.is_some_and(|opened| *opened == jpeg), "{length}");
        }
    }
}
