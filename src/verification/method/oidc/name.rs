//! What a provider is called here: in the configuration, in addresses, records and the log.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest name, in bytes.
pub const LIMIT: usize = 32;

/// A provider's name: a-z, 0-9 and `-`, 1 to 32 of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderName {
    /// Filled up with zeros, which no name has.
    bytes: [u8; LIMIT],
}

/// Why a text is no [`ProviderName`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a provider's name has 1 to {LIMIT} characters of a-z, 0-9 and -")]
pub struct InvalidProviderName;

impl ProviderName {
    /// The name that `text` is.
    ///
    /// # Errors
    /// [`InvalidProviderName`].
    pub fn parse(text: &str) -> Result<Self, InvalidProviderName> {
        let is_name = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if text.is_empty() || text.len() > LIMIT || !text.bytes().all(is_name) {
            return Err(InvalidProviderName);
        }
        let mut bytes = [0; LIMIT];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { bytes })
    }

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let end = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(LIMIT);
        str::from_utf8(&self.bytes[..end]).expect("a name is ASCII")
    }
}

impl TryFrom<String> for ProviderName {
    type Error = InvalidProviderName;

    fn try_from(text: String) -> Result<Self, InvalidProviderName> {
        Self::parse(&text)
    }
}

impl From<ProviderName> for String {
    fn from(name: ProviderName) -> Self {
        name.as_str().to_owned()
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_of_few_characters() {
        for name in ["a", "id-austria", "0", &"n".repeat(LIMIT)] {
            assert_eq!(ProviderName::parse(name).unwrap().to_string(), name);
        }
        for name in ["", "A", "a_b", "a:b", "a/b", "a b", "é", "a\0", &"n".repeat(LIMIT + 1)] {
            assert_eq!(ProviderName::parse(name), Err(InvalidProviderName), "{name:?}");
        }
    }
}
