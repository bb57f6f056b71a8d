//! JSON Object Signing and Encryption, as far as it is needed.

use serde::{Deserialize, Serialize};

/// By what an ID token may be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// RS256.
    Rs256,
}

/// By what we sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// RS256.
    Rs256,
}
