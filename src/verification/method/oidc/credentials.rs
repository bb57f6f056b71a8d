//! What shows a provider that we are its client.

use std::fmt;

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::jose::ClientKey;

/// What shows a provider that we are its client.
#[derive(Debug)]
pub enum Credentials {
    /// A secret that both know.
    Secret(ClientSecret),
    /// Keys of ours. At least one: the first signs, all are published.
    Keys(Vec<ClientKey>),
}

impl Credentials {
    /// The keys of ours among them.
    #[must_use]
    pub fn keys(&self) -> &[ClientKey] {
        match self {
            Self::Keys(keys) => keys,
            Self::Secret(_) => &[],
        }
    }
}

/// The JWK set (RFC 7517 §5) of the public keys of all `credentials`, each once; none if there is no key among them.
pub fn public_keys<'c>(credentials: impl IntoIterator<Item = &'c Credentials>) -> Option<Value> {
    let mut set = Vec::new();
    for jwk in credentials.into_iter().flat_map(Credentials::keys).map(ClientKey::public_jwk) {
        if !set.contains(&jwk) {
            set.push(jwk);
        }
    }
    (!set.is_empty()).then(|| json!({ "keys": set }))
}

/// The secret that a provider shares with us: visible ASCII, as every provider makes them. It wipes itself and prints nothing.
pub struct ClientSecret(Zeroizing<String>);

impl ClientSecret {
    /// The secret that `text` is; none if it is empty or has a character that is not visible ASCII.
    #[must_use]
    pub fn new(text: Zeroizing<String>) -> Option<Self> {
        let is_visible = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_visible.then_some(Self(text))
    }

    /// How long it is, in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.as_str().len()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}
