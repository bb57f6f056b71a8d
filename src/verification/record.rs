//! What can be kept, and how its encoding is told from those of earlier versions.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What can be kept under a key. A record stays as it was written until it is written again, so each reads what versions
/// before it wrote.
pub trait Record: Serialize + DeserializeOwned {
    /// The version of its encoding.
    const VERSION: u8 = 1;

    /// The record that `encoding`, of the version `version`, is; none if it is not.
    #[must_use]
    fn decode(version: u8, encoding: &[u8]) -> Option<Self> {
        if version == Self::VERSION { postcard::from_bytes(encoding).ok() } else { None }
    }
}
