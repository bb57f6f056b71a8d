//! What a browser carries from the click to the callback: sealed, in a cookie of its own, so that the answer counts in that
//! browser alone. Nothing of it is on disk.
//!
//! One secret of 32 bytes makes all that the provider is to give back: `nonce` and PKCE's verifier derive from it (OIDC Core
//! §3.1.2.1, RFC 7636); `state` is the name of the transaction.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use ring::{digest, hmac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::name::ProviderName;
use super::names::Name;
use super::provider::Registration;
use crate::verification::bits::named;
use crate::verification::seal::{NONCE_LENGTH, Seal};
use crate::verification::session::id::SessionId;
use crate::verification::time::Timestamp;

/// What the key of transactions is derived for. Another layout of them has another.
pub const KEY: &str = "oidc transaction 1";

named! {
    /// Names a transaction, in `state` and in its cookie's name: 128 random bits in 22 characters.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    pub struct TransactionId;
}

/// What `nonce` and the verifier derive from. It wipes itself and prints nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed(Zeroizing<[u8; 32]>);

impl Seed {
    /// The seed that `random` is.
    #[must_use]
    pub fn from_random(random: [u8; 32]) -> Self {
        Self(Zeroizing::new(random))
    }

    /// 43 characters of unpadded base64url, for one purpose.
    fn derive(&self, purpose: &str) -> Zeroizing<String> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*self.0);
        Zeroizing::new(BASE64URL_NOPAD.encode(hmac::sign(&key, purpose.as_bytes()).as_ref()))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

/// One way to a provider and back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction<S = SessionId> {
    /// Of which session; of none where an operator signs in, who has none yet.
    pub session: S,
    /// To which provider.
    pub provider: ProviderName,
    /// By which registration of ours there. What else of its section has changed meanwhile, the answer is judged by as it
    /// is then.
    pub registration: Registration,
    /// When it began.
    pub asked_at: Timestamp,
    /// What the rest derives from.
    pub seed: Seed,
    /// Which names of the account were sent along.
    pub sent: Vec<Name>,
}

impl<S> Transaction<S> {
    /// `nonce`, which the ID token repeats.
    #[must_use]
    pub fn nonce(&self) -> Zeroizing<String> {
        self.seed.derive("nonce")
    }

    /// PKCE's `code_verifier`, which only we know.
    #[must_use]
    pub fn verifier(&self) -> Zeroizing<String> {
        self.seed.derive("pkce")
    }

    /// PKCE's `code_challenge` by S256, of which nobody finds the verifier.
    #[must_use]
    pub fn challenge(&self) -> String {
        BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, self.verifier().as_bytes()).as_ref())
    }
}

/// Seals transactions into cookie values and opens them.
pub struct Transactions(Seal);

/// About how many bytes a transaction takes.
const LENGTH: usize = 128;

impl Transactions {
    /// The seal whose keys derive from `root`.
    #[must_use]
    pub fn new(root: hmac::Key) -> Self {
        Self(Seal::new(root))
    }

    /// Seals `transaction` under its name. Returns the value of its cookie.
    #[must_use]
    pub fn seal<S: Serialize>(
        &self,
        id: TransactionId,
        transaction: &Transaction<S>,
        nonce: [u8; NONCE_LENGTH],
        now: Timestamp,
    ) -> String {
        self.0.seal(transaction, LENGTH, &id.0, nonce, now)
    }

    /// Opens the cookie value of the transaction `id`; none if it is not ours, or not that one's.
    #[must_use]
    pub fn open<S: DeserializeOwned>(&self, id: TransactionId, value: &str) -> Option<Transaction<S>> {
        let mut bytes = Zeroizing::new(BASE64URL_NOPAD.decode(value.as_bytes()).ok()?);
        let plain = self.0.open(&id.0, &mut bytes)?;
        let (transaction, rest) = postcard::take_from_bytes(plain).ok()?;
        if rest.is_empty() { Some(transaction) } else { None }
    }
}
