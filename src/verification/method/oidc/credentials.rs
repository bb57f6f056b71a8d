//! What shows a provider that we are its client.

use std::fmt;

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
