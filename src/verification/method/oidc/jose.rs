//! Signed tokens of others and of our own: JWS, JWK and JWA (RFC 7515, 7517, 7518, 8037), as much as OpenID Connect needs.
//!
//! An [`UntrustedJws`] is a text by its form alone; what a [`KeySet`] of its sender vouches for by an [`Algorithm`] that is
//! wanted from them gives its payload. A [`ClientKey`] signs what we send. The mathematics is `ring`'s.

use thiserror::Error;

mod algorithm;
mod jwk;
mod key;
mod signed;

pub use algorithm::{Algorithm, SigningAlgorithm};
pub use jwk::{JwkError, KeySet, PublicKey};
pub use key::{ClientKey, KeyError, SigningError};
pub use signed::UntrustedJws;

/// Why a text is not taken as signed by somebody.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum JwsError {
    /// Five parts: a JWE, or what looks like one.
    #[error("encrypted tokens are not supported")]
    Encrypted,
    /// Not three parts of unpadded base64url, the first around a JSON object with distinct names, all of them known; or
    /// longer than 16 KiB.
    #[error("not the compact form of a signature")]
    Malformed,
    /// `alg` is none of those that are wanted. Said before any key is looked for.
    #[error("not signed by an algorithm that is wanted")]
    Algorithm,
    /// The set has no key of this `kid`, or without a `kid` none that fits. A newer set may have one.
    #[error("no such key is known")]
    UnknownKey,
    /// Several keys fit.
    #[error("more than one key fits")]
    AmbiguousKey,
    /// The key of this `kid` is not for signatures by this algorithm.
    #[error("the key is not for this algorithm")]
    UnfitKey,
    /// The key did not make the signature.
    #[error("the signature is not by the key")]
    Signature,
}
