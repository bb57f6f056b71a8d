//! By what a picture that was sent is found again, long after it is gone: the same one, or one that looks much like it.
//! What is kept of it for that says nothing of who is in it.

use ring::hmac;
use serde::{Deserialize, Serialize};

use super::dossier::{Dossier, Filled, Stage};
use super::kind::Slot;
use crate::verification::record::Record;
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;

/// From what the key of tags derives.
pub const KEY: &str = "seen";
/// In how many of 64 signs two pictures of a person differ at the most that look much alike.
const OF_PERSON: u32 = 6;
/// The same of documents: those of one kind on a white table are alike anyhow.
const OF_DOCUMENT: u32 = 3;
/// Bytes of a tag: half of an HMAC-SHA256.
const TAG: usize = 16;

/// A keyed digest, by which the same is known again and nothing else is.
type Tag = [u8; TAG];

/// A picture that was sent, as far as it is looked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glimpse {
    /// The number of the case.
    pub number: u64,
    /// Which of its pictures.
    pub slot: Slot,
    /// Keyed digest of what was sent.
    upload: [u8; 32],
    /// SHA-256 of what is kept.
    digest: [u8; 32],
    difference_hash: u64,
}

/// What is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    tenant: Tag,
    subject: Tag,
    upload: Tag,
    digest: Tag,
    difference_hash: u64,
}

impl Record for Seen {}

impl Seen {
    /// Whether it is of a picture that `subject` sent, under `key`.
    #[must_use]
    pub fn is_of(&self, subject: &Subject, key: &hmac::Key) -> bool {
        self.subject == of_subject(subject, key)
    }
}

/// How much a picture is like one of another case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// It is the same.
    Same,
    /// It looks much like it.
    Similar,
}

/// A picture of another case that is like one of this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alike {
    /// Whether the other case is of the same person.
    pub is_of_subject: bool,
    /// How much.
    pub likeness: Likeness,
    /// The number of the other case.
    pub number: u64,
    /// Which of this case's pictures.
    pub slot: Slot,
}

impl Dossier {
    /// The pictures that were sent and are being looked at.
    pub fn glimpses(&self) -> impl Iterator<Item = Glimpse> {
        let is_sent = matches!(self.stage, Stage::Waiting { .. });
        self.pictures.iter().filter(move |_| is_sent).map(|filled| self.glimpse(filled))
    }

    /// Whether its pictures are not found again once `after` is in its place: what is kept of them lives as long as the check
    /// that is made of them, and here is none. A draft was never sent.
    pub(in crate::verification::method) fn is_forgotten_at(&self, after: Option<&Self>) -> bool {
        let has_lapsed = |dossier: &Self| matches!(dossier.stage, Stage::Lapsed { .. });
        match after.filter(|after| after.number == self.number) {
            Some(after) => has_lapsed(after) && !has_lapsed(self),
            None => self.is_open() || self.decoy.is_some(),
        }
    }

    const fn glimpse(&self, filled: &Filled) -> Glimpse {
        let Filled { slot, picture, .. } = *filled;
        let (upload, digest, difference_hash) = (picture.upload, picture.digest, picture.difference_hash);
        Glimpse { number: self.number, slot, upload, digest, difference_hash }
    }
}

impl Glimpse {
    /// What is kept of it, as a picture of `subject`, under `key`.
    #[must_use]
    pub fn seen(&self, subject: &Subject, key: &hmac::Key) -> Seen {
        let tag = |what: &str, bytes: &[u8]| tag(key, &subject.tenant, what, bytes);
        Seen {
            tenant: tag("tenant", &[]),
            subject: of_subject(subject, key),
            upload: tag("upload", &self.upload),
            digest: tag("digest", &self.digest),
            difference_hash: self.difference_hash,
        }
    }

    /// How it, of which `seen` is kept, is like the picture in `slot` of the case `number`, of which `other` is; none if it
    /// is not, or that is of the same case.
    #[must_use]
    pub fn is_like(&self, seen: &Seen, number: u64, slot: Slot, other: &Seen) -> Option<Alike> {
        if number == self.number || seen.tenant != other.tenant {
            return None;
        }
        let is_same = seen.upload == other.upload || seen.digest == other.digest;
        let differ = (seen.difference_hash ^ other.difference_hash).count_ones();
        let may_differ = if self.slot.is_of_person() { OF_PERSON } else { OF_DOCUMENT };
        let likeness = if is_same {
            Likeness::Same
        } else if slot == self.slot && differ <= may_differ {
            Likeness::Similar
        } else {
            return None;
        };
        Some(Alike { is_of_subject: seen.subject == other.subject, likeness, number, slot: self.slot })
    }
}

fn of_subject(Subject { tenant, user_id }: &Subject, key: &hmac::Key) -> Tag {
    tag(key, tenant, "subject", user_id.as_str().as_bytes())
}

fn tag(key: &hmac::Key, tenant: &Host, what: &str, bytes: &[u8]) -> Tag {
    let mut context = hmac::Context::with_key(key);
    for part in [tenant.as_str(), "\0", what, "\0"] {
        context.update(part.as_bytes());
    }
    context.update(bytes);
    let mut tag = [0; TAG];
    tag.copy_from_slice(&context.sign().as_ref()[..TAG]);
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &[7; 32])
    }

    fn subject(tenant: &str, user_id: &str) -> Subject {
        Subject { tenant: tenant.to_owned().try_into().unwrap(), user_id: user_id.to_owned().try_into().unwrap() }
    }

    fn glimpse(number: u64, slot: Slot, byte: u8, difference_hash: u64) -> Glimpse {
        Glimpse { number, slot, upload: [byte; 32], digest: [byte; 32], difference_hash }
    }

    #[test]
    fn pictures_are_alike_up_to_so_many_signs_and_no_further() {
        let (ada, bea) = (subject("acme.eu.auth0.test", "auth0|ada"), subject("acme.eu.auth0.test", "auth0|bea"));
        for (slot, most) in [(Slot::Front, 3), (Slot::Back, 3), (Slot::Selfie, 6), (Slot::Pose, 6)] {
            let mine = glimpse(1, slot, 1, 0);
            let seen = mine.seen(&ada, &key());
            let like = |differ: u32, slot| {
                let other = glimpse(2, slot, 2, (1 << differ) - 1).seen(&bea, &key());
                mine.is_like(&seen, 2, slot, &other)
            };
            let alike = Alike { is_of_subject: false, likeness: Likeness::Similar, number: 2, slot };
            assert_eq!((like(most, slot), like(most + 1, slot)), (Some(alike), None), "{slot:?}");
            let elsewhere = if slot == Slot::Front { Slot::Back } else { Slot::Front };
            assert_eq!(like(0, elsewhere), None, "another side");
        }
    }

    #[test]
    fn the_same_picture_is_known_again_on_whatever_side_and_not_at_another_tenant_nor_in_its_own_case() {
        let ada = subject("acme.eu.auth0.test", "auth0|ada");
        let mine = glimpse(1, Slot::Front, 1, 0);
        let seen = mine.seen(&ada, &key());
        let of = |number, slot, whose: &Subject| {
            let other = glimpse(number, slot, 1, u64::MAX).seen(whose, &key());
            mine.is_like(&seen, number, slot, &other)
        };
        let same = Alike { is_of_subject: true, likeness: Likeness::Same, number: 2, slot: Slot::Front };
        assert_eq!(of(2, Slot::Selfie, &ada), Some(same));
        let sent = glimpse(2, Slot::Selfie, 1, u64::MAX);
        for either in [Glimpse { digest: [2; 32], ..sent }, Glimpse { upload: [2; 32], ..sent }] {
            let other = either.seen(&ada, &key());
            assert_eq!(mine.is_like(&seen, 2, Slot::Selfie, &other), Some(same), "as it was sent, or as it is kept");
        }
        let of_another = of(2, Slot::Front, &subject("acme.eu.auth0.test", "auth0|bea"));
        assert_eq!(of_another, Some(Alike { is_of_subject: false, ..same }));
        assert_eq!(of(1, Slot::Selfie, &ada), None, "its own case");
        assert_eq!(of(2, Slot::Front, &subject("other.eu.auth0.test", "auth0|ada")), None, "another tenant");
    }

    #[test]
    fn what_is_kept_of_a_picture_tells_nothing_without_the_key() {
        let ada = subject("acme.eu.auth0.test", "auth0|ada");
        let seen = glimpse(1, Slot::Front, 1, 0).seen(&ada, &key());
        let other_key = hmac::Key::new(hmac::HMAC_SHA256, &[8; 32]);
        let other = glimpse(1, Slot::Front, 1, 0).seen(&ada, &other_key);
        assert!(seen.tenant != other.tenant && seen.subject != other.subject);
        assert!(seen.upload != other.upload && seen.digest != other.digest);
        let encoded = postcard::to_allocvec(&seen).unwrap();
        assert!(encoded.len() <= 80 && !encoded.windows(TAG).any(|window| window == [1; TAG]));
    }
}
