//! The file of the epochs' keys: the only place where they ever are.
//!
//! Two slots of 16 KiB, room for [400 epochs](super::epochs), are written one after the other, in place and whole, so that
//! what is forgotten is written over in both. Each is sealed under a key from the master key, and has a counter: of two that
//! differ, the later one counts, and the other is written anew.

use std::io;
use std::path::Path;
use std::sync::Arc;

use ring::aead::{Aad, LessSafeKey, MAX_TAG_LEN, NONCE_LEN, Nonce};
use ring::hmac;
use zeroize::Zeroizing;

use super::epochs::{ENCODED, Epochs, sealing_key};
use super::medium::{KEYS, Medium, NEW};
use crate::ops::random;
use crate::store::StoreError;

/// A slot's first bytes: what it is, and its version.
const MAGIC: [u8; 5] = *b"IDVK\x01";
/// They and the counter, which both are read before anything is opened.
const HEAD: usize = MAGIC.len() + 8;
/// A slot's bytes: whole sectors and pages of any disk.
const SLOT: usize = 16 * 1024;
const _: () = assert!(HEAD + NONCE_LEN + ENCODED + MAX_TAG_LEN <= SLOT);

/// The keys, as the file has them.
pub(super) struct Keys {
    medium: Arc<dyn Medium>,
    sealing: LessSafeKey,
    epochs: Epochs,
    counter: u64,
    /// The slot that has them, or would if nothing failed.
    slot: usize,
    /// Whether the other has them too.
    is_settled: bool,
}

/// How the file was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// As it was written.
    Whole,
    /// One slot alone could be read.
    Half,
    /// Not at all: it was made.
    Nothing {
        /// The highest number of an epoch that a record names.
        newest: u32,
    },
}

/// Why there are no keys.
#[derive(Debug)]
pub(super) enum KeysError {
    /// Neither slot can be read.
    Damaged,
    /// The system does not let it.
    Io(io::Error),
    /// The store does not tell what is named.
    Store(StoreError),
}

impl From<io::Error> for KeysError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<StoreError> for KeysError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Keys {
    /// The keys in the file, by a key from `root`. Where there is no file it is made, and the first epoch is to have a number
    /// after the `newest` that a record names.
    pub(super) fn open(
        medium: Arc<dyn Medium>,
        root: &hmac::Key,
        newest: impl FnOnce() -> Result<u32, StoreError>,
    ) -> Result<(Self, Found), KeysError> {
        let key = hmac::sign(root, b"keys of epochs");
        let sealing = sealing_key(key.as_ref().try_into().expect("an HMAC-SHA256 tag has 32 bytes"));
        let Some(bytes) = medium.read(Path::new(KEYS))? else {
            let newest = newest()?;
            let epochs = Epochs::none(newest.saturating_add(1));
            let keys = Self { medium, sealing, epochs, counter: 1, slot: 0, is_settled: true };
            keys.make()?;
            return Ok((keys, Found::Nothing { newest }));
        };
        let read = [0, 1].map(|slot| read(&sealing, bytes.get(slot * SLOT..(slot + 1) * SLOT)?));
        let counters = read.each_ref().map(|read| read.as_ref().map(|(counter, _)| *counter));
        let found = if counters.iter().all(Option::is_some) { Found::Whole } else { Found::Half };
        let [first, second] = read;
        let (slot, (counter, epochs)) = match (first, second) {
            (Some(first), Some(second)) if second.0 > first.0 => (1, second),
            (Some(first), _) => (0, first),
            (None, Some(second)) => (1, second),
            (None, None) => return Err(KeysError::Damaged),
        };
        let is_settled = counters[0] == counters[1];
        let mut keys = Self { medium, sealing, epochs, counter, slot, is_settled };
        // Where it cannot be written, pictures can be looked at all the same.
        let _ = keys.settle();
        Ok((keys, found))
    }

    pub(super) const fn epochs(&self) -> &Epochs {
        &self.epochs
    }

    /// Has both slots say the same, if a fault kept one from it.
    pub(super) fn settle(&mut self) -> io::Result<()> {
        if !self.is_settled {
            self.write(1 - self.slot, self.counter, &self.epochs)?;
            self.is_settled = true;
        }
        Ok(())
    }

    /// From now on the keys are those of `epochs`, in both slots. Where that fails they may be, and in one slot alone:
    /// nobody relies on it until the file is [settled](Self::settle).
    pub(super) fn replace(&mut self, epochs: Epochs) -> io::Result<()> {
        self.settle()?;
        self.is_settled = false;
        let (slot, counter) = (1 - self.slot, self.counter + 1);
        self.write(slot, counter, &epochs)?;
        (self.epochs, self.slot, self.counter) = (epochs, slot, counter);
        self.settle()
    }

    fn write(&self, slot: usize, counter: u64, epochs: &Epochs) -> io::Result<()> {
        self.medium.write(Path::new(KEYS), (slot * SLOT) as u64, &self.sealed(counter, epochs))
    }

    /// Under another name first: a crash leaves no half of it.
    fn make(&self) -> io::Result<()> {
        let draft = Path::new(NEW).join(KEYS);
        self.medium.remove(&draft)?;
        let bytes = [self.sealed(self.counter, &self.epochs), self.sealed(self.counter, &self.epochs)].concat();
        self.medium.write(&draft, 0, &bytes)?;
        self.medium.rename(&draft, Path::new(KEYS))?;
        self.medium.sync(Path::new("."))
    }

    /// A slot.
    fn sealed(&self, counter: u64, epochs: &Epochs) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SLOT);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&counter.to_le_bytes());
        let nonce = random::bytes();
        let (nonce, drawn) = (Nonce::assume_unique_for_key(nonce), nonce);
        bytes.extend_from_slice(&drawn);
        let mut plain = epochs.encode();
        let tag = self
            .sealing
            .seal_in_place_separate_tag(nonce, Aad::from(&bytes[..HEAD]), &mut plain)
            .expect("far below the length limit of AES-GCM");
        bytes.extend_from_slice(&plain);
        bytes.extend_from_slice(tag.as_ref());
        bytes.resize(SLOT, 0);
        bytes
    }
}

/// The counter and the epochs of a slot; none if it does not prove them.
fn read(sealing: &LessSafeKey, slot: &[u8]) -> Option<(u64, Epochs)> {
    let (head, rest) = slot.split_at_checked(HEAD)?;
    let counter = u64::from_le_bytes(head.strip_prefix(&MAGIC)?.try_into().ok()?);
    let (nonce, rest) = rest.split_at_checked(NONCE_LEN)?;
    let mut sealed = Zeroizing::new(rest.get(..ENCODED + MAX_TAG_LEN)?.to_vec());
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let plain = sealing.open_in_place(nonce, Aad::from(head), &mut sealed).ok()?;
    Some((counter, Epochs::decode(plain)?))
}
