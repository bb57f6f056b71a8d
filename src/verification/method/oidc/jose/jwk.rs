//! A provider's public keys (RFC 7517), and which of them is asked.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::{Map, Value};
use thiserror::Error;

use super::{Algorithm, JwsError};
use crate::verification::json;

const TEXT_LIMIT: usize = 64 * 1024;
const KEY_LIMIT: usize = 64;
/// A key has some ten, with its certificates.
const MEMBER_LIMIT: usize = 32 * KEY_LIMIT;
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// `ring` takes exponents of up to 33 bits.
const EXPONENT_LENGTHS: std::ops::RangeInclusive<usize> = 1..=5;

/// Why a text is no set of keys.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum JwkError {
    /// More than 64 KiB.
    #[error("longer than 64 KiB")]
    TooLong,
    /// Not an object with distinct names and a list of `keys`, or beyond the limits of what is read.
    #[error("not a JWK set")]
    Malformed,
    /// More than 64 keys.
    #[error("more than 64 keys")]
    TooManyKeys,
}

/// The keys of a provider that can be of use: public ones for signatures, of a kind and size that is taken. Others are
/// skipped, as RFC 7517 §5 wants it.
#[derive(Clone, Debug, Default)]
pub struct KeySet(Vec<PublicKey>);

impl KeySet {
    /// The keys in `text`, a JWK set.
    ///
    /// # Errors
    /// [`JwkError`]. That no key is left is none.
    pub fn parse(text: &[u8]) -> Result<Self, JwkError> {
        if text.len() > TEXT_LIMIT {
            return Err(JwkError::TooLong);
        }
        let set = json::tree_of(text, MEMBER_LIMIT).map_err(|_| JwkError::Malformed)?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or(JwkError::Malformed)?;
        if keys.len() > KEY_LIMIT {
            return Err(JwkError::TooManyKeys);
        }
        Ok(Self(keys.iter().filter_map(Value::as_object).filter_map(PublicKey::read).collect()))
    }

    /// Whether it has no key that can be of use.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any key is for signatures by `algorithm`.
    #[must_use]
    pub fn has_key_for(&self, algorithm: Algorithm) -> bool {
        self.0.iter().any(|key| key.fits(algorithm))
    }

    /// Whether any key that can be of use is called `kid`.
    #[must_use]
    pub fn has_kid(&self, kid: &str) -> bool {
        self.0.iter().any(|key| key.kid.as_deref() == Some(kid))
    }

    /// The one key that is called `kid` and fits `algorithm`; without a `kid` the only one that fits.
    ///
    /// # Errors
    /// [`JwsError::UnknownKey`], [`JwsError::UnfitKey`] and [`JwsError::AmbiguousKey`].
    pub fn key_for(&self, algorithm: Algorithm, kid: Option<&str>) -> Result<&PublicKey, JwsError> {
        let mut named = self.0.iter().filter(|key| kid.is_none() || key.kid.as_deref() == kid);
        let mut fitting = named.clone().filter(|key| key.fits(algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => Err(JwsError::AmbiguousKey),
            (None, _) if kid.is_some() && named.next().is_some() => Err(JwsError::UnfitKey),
            (None, _) => Err(JwsError::UnknownKey),
        }
    }
}

/// A key that checks signatures.
#[derive(Clone, Debug)]
pub struct PublicKey {
    kid: Option<String>,
    /// The only algorithm that it is for, where it says so. May be one that is not taken.
    algorithm: Option<String>,
    material: Material,
}

/// What a key is made of, of a form and size that is taken. Whether a point is on its curve shows at the first signature.
#[derive(Clone, Debug)]
enum Material {
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
    /// `0x04`, x and y.
    P256(Vec<u8>),
    /// `0x04`, x and y.
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl PublicKey {
    /// The key in `jwk`, if it is one for signatures and understood.
    fn read(jwk: &Map<String, Value>) -> Option<Self> {
        // A private key that everybody can read vouches for nothing.
        let is_private = jwk.contains_key("d");
        if is_private || !is_for_signatures(jwk) {
            return None;
        }
        Some(Self { kid: text(jwk, "kid")?, algorithm: text(jwk, "alg")?, material: Material::read(jwk)? })
    }

    /// Whether it may check signatures by `algorithm`.
    fn fits(&self, algorithm: Algorithm) -> bool {
        let is_allowed = self.algorithm.as_deref().is_none_or(|own| own == algorithm.as_str());
        is_allowed && self.material.is_for(algorithm)
    }

    /// Whether its owner made `signature` over `signed` by `algorithm`. Never by one that it does not fit.
    #[must_use]
    pub fn verifies(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        self.fits(algorithm) && self.material.verifies(algorithm, signed, signature)
    }
}

/// A member that is text, or that is not there. Anything else is not understood.
#[expect(clippy::option_option, reason = "not there is no fault")]
fn text(jwk: &Map<String, Value>, name: &str) -> Option<Option<String>> {
    match jwk.get(name) {
        None => Some(None),
        Some(Value::String(text)) => Some(Some(text.clone())),
        Some(_) => None,
    }
}

/// What a key says of its use (RFC 7517 §4.2, §4.3), if it says anything.
fn is_for_signatures(jwk: &Map<String, Value>) -> bool {
    let is_verify = |operations: &Value| operations.as_array().is_some_and(|all| all.iter().any(|one| one == "verify"));
    jwk.get("use").is_none_or(|purpose| purpose == "sig") && jwk.get("key_ops").is_none_or(is_verify)
}

impl Material {
    fn read(jwk: &Map<String, Value>) -> Option<Self> {
        let part = |name: &str| BASE64URL_NOPAD.decode(jwk.get(name)?.as_str()?.as_bytes()).ok();
        let point = |length: usize| {
            let (x, y) = (part("x")?, part("y")?);
            (x.len() == length && y.len() == length).then(|| [&[4], &*x, &*y].concat())
        };
        match (jwk.get("kty")?.as_str()?, jwk.get("crv").and_then(Value::as_str)) {
            ("RSA", _) => rsa(&part("n")?, &part("e")?).map(Self::Rsa),
            ("EC", Some("P-256")) => point(32).map(Self::P256),
            ("EC", Some("P-384")) => point(48).map(Self::P384),
            ("OKP", Some("Ed25519")) => part("x").filter(|x| x.len() == 32).map(Self::Ed25519),
            _ => None,
        }
    }

    const fn is_for(&self, algorithm: Algorithm) -> bool {
        matches!(
            (self, algorithm),
            (Self::Rsa(_), Algorithm::Rs256 | Algorithm::Ps256)
                | (Self::P256(_), Algorithm::Es256)
                | (Self::P384(_), Algorithm::Es384)
                | (Self::Ed25519(_), Algorithm::EdDsa)
        )
    }

    fn verifies(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Rsa(key) if algorithm == Algorithm::Ps256 => {
                key.verify(&signature::RSA_PSS_2048_8192_SHA256, signed, signature)
            }
            Self::Rsa(key) => key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, signed, signature),
            Self::P256(point) => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
            }
            Self::P384(point) => {
                UnparsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, point).verify(signed, signature)
            }
            Self::Ed25519(x) => UnparsedPublicKey::new(&signature::ED25519, x).verify(signed, signature),
        };
        verified.is_ok()
    }
}

/// An RSA key of 2048 to 8192 bits, with an odd exponent of 3 or more.
///
/// RFC 7518 §6.3.1.1 wants numbers without leading zeros, and `ring` takes no others; but providers in Java put one before
/// each modulus of a whole number of bytes (the sign of their integers), and mean the same key.
fn rsa(n: &[u8], e: &[u8]) -> Option<RsaPublicKeyComponents<Vec<u8>>> {
    let (n, e) = (without_zeros(n), without_zeros(e));
    let bits = n.len() * 8 - usize::try_from(n.first()?.leading_zeros()).ok()?;
    let is_odd = e.last()? % 2 == 1;
    let is_taken = MODULUS_BITS.contains(&bits) && EXPONENT_LENGTHS.contains(&e.len()) && is_odd && e != [1];
    is_taken.then(|| RsaPublicKeyComponents { n: n.to_vec(), e: e.to_vec() })
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}
