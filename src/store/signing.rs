//! The key that signs the head of the audit log: made once, and kept in the store, sealed.

use std::convert::identity;
use std::sync::Arc;

use data_encoding::BASE64;
use ring::{aead, hmac};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::master_key::MasterKey;
use super::tables::{Fault, META, SIGNING_KEY, Writing};
use super::{Store, StoreError};
use crate::verification::audit::entry::Entry;
use crate::verification::audit::key::{LENGTH, SigningKey};
use crate::verification::record::Record;

/// Random bits of which a signing key is made, and the nonce by which it is sealed.
pub struct Fresh {
    seed: Zeroizing<[u8; LENGTH]>,
    nonce: [u8; aead::NONCE_LEN],
}

impl Fresh {
    /// Of bits that are random.
    #[must_use]
    pub fn from_random(seed: [u8; LENGTH], nonce: [u8; aead::NONCE_LEN]) -> Self {
        Self { seed: Zeroizing::new(seed), nonce }
    }
}

/// The seed of the key, by AES-256-GCM under a key that derives from the store's. Each is sealed once, under a nonce of its
/// own.
#[derive(Serialize, Deserialize)]
pub(super) struct SealedSeed {
    nonce: [u8; aead::NONCE_LEN],
    sealed: Vec<u8>,
}

impl Record for SealedSeed {}

impl SealedSeed {
    fn seal(fresh: &Fresh, master: &MasterKey) -> Self {
        let mut sealed = fresh.seed.to_vec();
        let nonce = aead::Nonce::assume_unique_for_key(fresh.nonce);
        sealing_key(master)
            .seal_in_place_append_tag(nonce, aead::Aad::empty(), &mut sealed)
            .expect("far below the length limit of AES-GCM");
        Self { nonce: fresh.nonce, sealed }
    }

    fn open(self, master: &MasterKey) -> Result<SigningKey, Fault> {
        let nonce = aead::Nonce::assume_unique_for_key(self.nonce);
        let mut sealed = Zeroizing::new(self.sealed);
        let seed = sealing_key(master).open_in_place(nonce, aead::Aad::empty(), &mut sealed);
        let seed = seed.ok().and_then(|seed| <[u8; LENGTH]>::try_from(&*seed).ok());
        Ok(SigningKey::from_seed(&Zeroizing::new(seed.ok_or(Fault::Damaged(META))?)))
    }
}

fn sealing_key(master: &MasterKey) -> aead::LessSafeKey {
    let key = hmac::sign(&master.derive("audit signing key"), &[]);
    let key = aead::UnboundKey::new(&aead::AES_256_GCM, key.as_ref());
    aead::LessSafeKey::new(key.expect("an HMAC-SHA256 tag has the length of an AES-256 key"))
}

impl Store {
    /// The key that signs the head of the log. Where there is none yet, it is made of `fresh`, and `entry` names it by the
    /// name `origin`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn signing_key(&self, fresh: Fresh, entry: Entry, origin: String) -> Result<SigningKey, StoreError> {
        let master = self.key.clone();
        let there = self.ask(|snapshot| snapshot.sealed_seed()?.map(|sealed| sealed.open(&master)).transpose())?;
        match there {
            Some(key) => Ok(key),
            None => self.make_signing_key(fresh, entry, origin, false).await,
        }
    }

    /// Puts a key that is made of `fresh` in the place of the one that signs, which signs it. `entry` names it.
    ///
    /// # Errors
    /// [`StoreError`], which says whether it may stand all the same.
    pub async fn renew_signing_key(
        &self,
        fresh: Fresh,
        entry: Entry,
        origin: String,
    ) -> Result<SigningKey, StoreError> {
        self.make_signing_key(fresh, entry, origin, true).await
    }

    async fn make_signing_key(
        &self,
        fresh: Fresh,
        entry: Entry,
        origin: String,
        renews: bool,
    ) -> Result<SigningKey, StoreError> {
        let master: Arc<MasterKey> = self.key.clone();
        let work = move |tables: &mut Writing<'_>| {
            let before = tables.sealed_seed()?.map(|sealed| sealed.open(&master)).transpose()?;
            match before {
                // Another was quicker.
                Some(key) if !renews => Ok(key),
                before => {
                    let key = SigningKey::from_seed(&fresh.seed);
                    let verifier = key.public().verifier(&origin);
                    let signature = before.map(|before| BASE64.encode(&before.sign(verifier.as_bytes())));
                    tables.put(META, SIGNING_KEY, &SealedSeed::seal(&fresh, &master))?;
                    tables.append(&Entry { key: Some(verifier), key_signature: signature, ..entry })?;
                    Ok(key)
                }
            }
        };
        self.transact(work, identity).await
    }
}
