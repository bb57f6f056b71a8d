//! Epochs: spans of time whose pictures are shredded with one key. Pure.
//!
//! A picture's own key is sealed under its epoch's. Whoever forgets an epoch's key makes noise of all that it seals, in
//! whatever page of the store or sector of a disk a copy of that is left.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::verification::object::{ObjectId, ObjectRecord, WrappedKey};
use crate::verification::time::Timestamp;

/// How many there are at the most.
pub(super) const LIMIT: usize = 400;
/// How many of the youngest stay as they are while all their pictures do. What older ones have is sealed under a later one, so
/// that there is room for those that begin, whatever the time is for which pictures are kept.
const STAYING: usize = 370;
/// More of them than that there are only where none was let go for two weeks, though that is done each night.
pub const CROWDED: usize = STAYING + 15;
/// The bytes of one, encoded.
const EPOCH: usize = 4 + 4 + KEY;
/// And of what goes before them all: the number of the next, and how many there are.
const HEAD: usize = 4 + 2;
/// The most bytes that all of them are.
pub(super) const ENCODED: usize = HEAD + LIMIT * EPOCH;
const KEY: usize = WrappedKey::KEY_LENGTH;

/// A key of a picture, or of an epoch. It wipes itself.
pub(super) type Key = Zeroizing<[u8; KEY]>;

/// One of them.
#[derive(Clone)]
pub(super) struct Epoch {
    pub(super) number: u32,
    /// The day that it began on, since the UNIX epoch.
    day: u32,
    key: Key,
}

/// All whose keys are there, in their order.
#[derive(Clone)]
pub(super) struct Epochs {
    /// The number that the next one has. None comes twice: records may name one that is gone.
    next: u32,
    all: Vec<Epoch>,
}

impl fmt::Debug for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Epoch({})", self.number)
    }
}

impl Epochs {
    /// None yet. The first will have the number `next`.
    pub(super) const fn none(next: u32) -> Self {
        Self { next, all: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.all.iter().map(|epoch| epoch.number)
    }

    pub(super) fn get(&self, number: u32) -> Option<&Epoch> {
        self.all.iter().find(|epoch| epoch.number == number)
    }

    pub(super) fn last(&self) -> Option<&Epoch> {
        self.all.last()
    }

    /// Those that are to make room for later ones.
    pub(super) fn crowded_out(&self) -> impl Iterator<Item = u32> + '_ {
        self.numbers().take(self.len().saturating_sub(STAYING))
    }

    /// The one that takes pictures `now`; none if another has to begin. Where there is no room for another, and one has to
    /// be left for those that [rotation](super::Keeper::rotate) begins, the last takes them.
    pub(super) fn current(&self, now: Timestamp) -> Option<&Epoch> {
        self.last().filter(|last| last.day >= day(now) || self.all.len() + 1 >= LIMIT)
    }

    /// They, and one more that begins `now`; none if there is no room.
    pub(super) fn with_another(&self, now: Timestamp, key: Key) -> Option<Self> {
        let next = self.next.checked_add(1).filter(|_| self.all.len() < LIMIT)?;
        let mut all = self.all.clone();
        all.push(Epoch { number: self.next, day: day(now), key });
        Some(Self { next, all })
    }

    /// They without those that `leave`.
    pub(super) fn without(&self, leave: impl Fn(u32) -> bool) -> Self {
        let all = self.all.iter().filter(|epoch| !leave(epoch.number)).cloned().collect();
        Self { next: self.next, all }
    }

    /// As bytes, of one length whatever they are.
    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        // In one piece, so that no copy of a key stays behind when it grows.
        let mut bytes = Zeroizing::new(Vec::with_capacity(ENCODED));
        bytes.extend_from_slice(&self.next.to_le_bytes());
        bytes.extend_from_slice(&u16::try_from(self.all.len()).unwrap_or_default().to_le_bytes());
        for Epoch { number, day, key } in &self.all {
            bytes.extend_from_slice(&number.to_le_bytes());
            bytes.extend_from_slice(&day.to_le_bytes());
            bytes.extend_from_slice(&**key);
        }
        bytes.resize(ENCODED, 0);
        bytes
    }

    /// Those that `bytes` are; none if they are not.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (next, rest) = bytes.split_first_chunk()?;
        let (count, mut rest) = rest.split_first_chunk()?;
        let count = usize::from(u16::from_le_bytes(*count));
        if count > LIMIT {
            return None;
        }
        let mut all = Vec::with_capacity(count);
        for _ in 0..count {
            let (number, after) = rest.split_first_chunk()?;
            let (day, after) = after.split_first_chunk()?;
            let (key, after) = after.split_first_chunk::<KEY>()?;
            let (number, day) = (u32::from_le_bytes(*number), u32::from_le_bytes(*day));
            all.push(Epoch { number, day, key: Zeroizing::new(*key) });
            rest = after;
        }
        Some(Self { next: u32::from_le_bytes(*next), all })
    }
}

impl Epoch {
    /// The record of `object`, whose key is `key`.
    pub(super) fn wrap(&self, object: ObjectId, key: &Key, nonce: [u8; WrappedKey::NONCE_LENGTH]) -> ObjectRecord {
        let mut sealed = **key;
        let tag = self
            .sealing()
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), self.owner(object), &mut sealed)
            .expect("far below the length limit of AES-GCM");
        let mut wrapped = WrappedKey { nonce, sealed, tag: [0; WrappedKey::TAG_LENGTH] };
        wrapped.tag.copy_from_slice(tag.as_ref());
        ObjectRecord { epoch: self.number, key: wrapped, deleted_at: None }
    }

    /// The key of `object`; none if `record` is not of it and of this epoch.
    pub(super) fn unwrap(&self, object: ObjectId, record: &ObjectRecord) -> Option<Key> {
        let WrappedKey { nonce, sealed, tag } = record.key;
        let mut bytes = Zeroizing::new([0; KEY + WrappedKey::TAG_LENGTH]);
        bytes[..KEY].copy_from_slice(&sealed);
        bytes[KEY..].copy_from_slice(&tag);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let opened = self.sealing().open_in_place(nonce, self.owner(object), &mut *bytes).ok()?;
        Some(Zeroizing::new((&*opened).try_into().ok()?))
    }

    fn sealing(&self) -> LessSafeKey {
        sealing_key(&self.key)
    }

    /// No key passes for that of another picture, or of another epoch.
    fn owner(&self, object: ObjectId) -> Aad<[u8; 20]> {
        let mut owner = [0; 20];
        owner[..4].copy_from_slice(&self.number.to_le_bytes());
        owner[4..].copy_from_slice(object.as_bytes());
        Aad::from(owner)
    }
}

/// AES-256-GCM by `key`.
pub(super) fn sealing_key(key: &[u8; KEY]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("32 bytes are an AES-256 key"))
}

/// Runs out in the year 11,761,191.
fn day(now: Timestamp) -> u32 {
    u32::try_from(now.day()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = crate::verification::time::DAY.as_secs();

    fn at(day: u64) -> Timestamp {
        Timestamp::from_unix(day * DAY)
    }

    fn key(byte: u8) -> Key {
        Zeroizing::new([byte; KEY])
    }

    fn one(day: u64) -> Epochs {
        Epochs::none(1).with_another(at(day), key(1)).unwrap()
    }

    #[test]
    fn an_epoch_takes_pictures_to_the_end_of_its_day_and_through_a_clock_that_goes_back() {
        let epochs = one(10);
        let takes = |seconds| epochs.current(Timestamp::from_unix(seconds)).is_some();
        assert_eq!([9 * DAY, 10 * DAY, 11 * DAY - 1, 11 * DAY].map(takes), [true, true, true, false]);
        assert!(Epochs::none(1).current(at(10)).is_none());
    }

    #[test]
    fn the_last_place_is_left_to_rotation() {
        let mut epochs = Epochs::none(1);
        for day in 0..LIMIT as u64 - 1 {
            assert!(epochs.current(at(day)).is_none(), "{day}");
            epochs = epochs.with_another(at(day), key(1)).unwrap();
        }
        let later = at(1_000);
        assert_eq!(epochs.current(later).map(|epoch| epoch.number), Some(399));
        let full = epochs.with_another(later, key(2)).unwrap();
        assert_eq!((full.len(), full.current(at(2_000)).map(|epoch| epoch.number)), (LIMIT, Some(400)));
        assert!(full.with_another(later, key(3)).is_none());
    }

    #[test]
    fn a_number_never_comes_twice() {
        let gone = one(1).without(|_| true);
        assert_eq!(gone.with_another(at(2), key(2)).unwrap().numbers().collect::<Vec<_>>(), [2]);
        assert!(Epochs::none(u32::MAX).with_another(at(1), key(1)).is_none());
    }

    #[test]
    fn they_are_read_as_they_were_written_and_are_of_one_length() {
        let mut epochs = Epochs::none(7);
        for number in 0..400 {
            let bytes = epochs.encode();
            assert_eq!(bytes.len(), ENCODED);
            let read = Epochs::decode(&bytes).unwrap();
            assert_eq!((read.len() as u64, read.next), (number, 7 + u32::try_from(number).unwrap()));
            epochs = epochs.with_another(at(number), key(number.to_le_bytes()[0])).unwrap();
        }
        let read = Epochs::decode(&epochs.encode()).unwrap();
        assert!(read.all.iter().zip(&epochs.all).all(|(read, epoch)| read.key == epoch.key && read.day == epoch.day));
        assert!(Epochs::decode(&epochs.encode()[..ENCODED - 1]).is_none());
        let mut more = epochs.encode();
        more[4..6].copy_from_slice(&401_u16.to_le_bytes());
        assert!(Epochs::decode(&more).is_none());
    }

    #[test]
    fn a_wrapped_key_is_of_its_picture_and_its_epoch_alone() {
        let both = one(1).with_another(at(2), key(1)).unwrap();
        let [first, second] = [1, 2].map(|number| both.get(number).unwrap());
        let [object, other] = [[7; 16], [8; 16]].map(ObjectId::from_random);
        let record = first.wrap(object, &key(9), [3; 12]);
        assert_eq!(record.epoch, 1);
        assert_ne!(record.key.sealed, [9; KEY]);
        assert_eq!(first.unwrap(object, &record).as_deref(), Some(&[9; KEY]));
        assert!(first.unwrap(other, &record).is_none() && second.unwrap(object, &record).is_none());
        let mut bent = record;
        bent.key.tag[0] ^= 1;
        assert!(first.unwrap(object, &bent).is_none());
        assert_eq!(format!("{first:?}"), "Epoch(1)");
    }
}
