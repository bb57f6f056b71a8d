//! A key of our own, by which a provider knows us (RFC 7523 §2.2).

use std::fmt;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::digest;
use ring::rand::SecureRandom;
use ring::signature::{
    self, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaKeyPair, RsaPublicKeyComponents,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivatePkcs8KeyDer, alg_id};
use rustls::sign::public_key_to_spki;
use serde_json::{Value, json};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use super::SigningAlgorithm;

/// Why bytes are no key of ours.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// PEM without a section of PKCS #8 that can be read.
    #[error("holds no private key in PKCS #8 (a section PRIVATE KEY)")]
    NotPkcs8,
    /// A key of another kind or size, or no key at all.
    #[error("holds no key of RSA with 2048 to 4096 bits, nor of P-256")]
    Unfit,
}

impl KeyError {
    /// What to do about it.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::NotPkcs8 => "turn it into that form by: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW",
            Self::Unfit => {
                "make one by: idv oidc keys generate --out FILE (P-256), or: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out FILE"
            }
        }
    }
}

/// The key is not for this algorithm, or the system gave no randomness.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the key cannot sign by this algorithm")]
pub struct SigningError;

/// A private key of RSA or P-256. `ring` keeps what is secret of it, which it neither shows nor wipes.
pub struct ClientKey(Pair);

enum Pair {
    Rsa(Box<RsaKeyPair>),
    P256(Box<EcdsaKeyPair>),
}

impl ClientKey {
    /// The key in `bytes`, PKCS #8 as PEM or DER.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn from_pkcs8(bytes: &[u8], rng: &dyn SecureRandom) -> Result<Self, KeyError> {
        let der = der(bytes)?;
        if let Ok(pair) = RsaKeyPair::from_pkcs8(&der) {
            return Ok(Self(Pair::Rsa(Box::new(pair))));
        }
        match EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, rng) {
            Ok(pair) => Ok(Self(Pair::P256(Box::new(pair)))),
            Err(_) => Err(KeyError::Unfit),
        }
    }

    /// A new key on P-256, as PKCS #8 in DER.
    ///
    /// # Panics
    /// Where the system has no randomness to give.
    #[must_use]
    pub fn generate_p256(rng: &dyn SecureRandom) -> Zeroizing<Vec<u8>> {
        let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, rng);
        Zeroizing::new(pair.expect("the system's random generator answers").as_ref().to_vec())
    }

    /// As [`generate_p256`](Self::generate_p256), in PEM (RFC 7468 §10).
    #[must_use]
    pub fn generate_p256_pem(rng: &dyn SecureRandom) -> Zeroizing<String> {
        Zeroizing::new(pem("PRIVATE KEY", &Self::generate_p256(rng)))
    }

    /// Its public part in PEM (RFC 7468 §13).
    #[must_use]
    pub fn public_pem(&self) -> String {
        let der = match &self.0 {
            Pair::Rsa(pair) => public_key_to_spki(&alg_id::RSA_ENCRYPTION, pair.public()),
            Pair::P256(pair) => public_key_to_spki(&alg_id::ECDSA_P256, pair.public_key()),
        };
        pem("PUBLIC KEY", &der)
    }

    /// Its name: the thumbprint of its public part (RFC 7638), so that it is the same wherever it is computed.
    #[must_use]
    pub fn kid(&self) -> String {
        self.public().thumbprint()
    }

    /// What everybody may know of it, to be published. An RSA key names no `alg`, since it signs by two.
    #[must_use]
    pub fn public_jwk(&self) -> Value {
        let kid = self.kid();
        match self.public() {
            Public::Rsa { n, e } => json!({"kty": "RSA", "n": n, "e": e, "kid": kid, "use": "sig"}),
            Public::P256 { x, y } => {
                json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "use": "sig", "alg": "ES256"})
            }
        }
    }

    /// By what it can sign.
    #[must_use]
    pub const fn algorithms(&self) -> &'static [SigningAlgorithm] {
        match self.0 {
            Pair::Rsa(_) => &[SigningAlgorithm::Rs256, SigningAlgorithm::Ps256],
            Pair::P256(_) => &[SigningAlgorithm::Es256],
        }
    }

    /// `claims` as a JWT of the type `typ`, signed by `algorithm`.
    ///
    /// # Errors
    /// [`SigningError`].
    pub fn sign(
        &self,
        algorithm: SigningAlgorithm,
        claims: &Value,
        typ: &str,
        rng: &dyn SecureRandom,
    ) -> Result<String, SigningError> {
        let header = json!({"alg": algorithm.as_str(), "kid": self.kid(), "typ": typ});
        let encode = |part: &Value| BASE64URL_NOPAD.encode(part.to_string().as_bytes());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = match (&self.0, algorithm) {
            (Pair::Rsa(pair), SigningAlgorithm::Rs256) => {
                sign_by_rsa(pair, &signature::RSA_PKCS1_SHA256, &signed, rng)?
            }
            (Pair::Rsa(pair), SigningAlgorithm::Ps256) => sign_by_rsa(pair, &signature::RSA_PSS_SHA256, &signed, rng)?,
            (Pair::P256(pair), SigningAlgorithm::Es256) => {
                pair.sign(rng, signed.as_bytes()).map_err(|_| SigningError)?.as_ref().to_vec()
            }
            _ => return Err(SigningError),
        };
        Ok(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature)))
    }

    fn public(&self) -> Public {
        match &self.0 {
            Pair::Rsa(pair) => {
                let RsaPublicKeyComponents::<Vec<u8>> { n, e } = pair.public().into();
                Public::Rsa { n: BASE64URL_NOPAD.encode(&n), e: BASE64URL_NOPAD.encode(&e) }
            }
            Pair::P256(pair) => {
                // 0x04, then both coordinates.
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                Public::P256 { x: BASE64URL_NOPAD.encode(x), y: BASE64URL_NOPAD.encode(y) }
            }
        }
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientKey").field(&self.kid()).finish()
    }
}

/// The parts of a public key, as they stand in a JWK.
enum Public {
    Rsa { n: String, e: String },
    P256 { x: String, y: String },
}

impl Public {
    fn thumbprint(&self) -> String {
        // Exactly these members, in this order, without a space (RFC 7638 §3).
        let text = match self {
            Self::Rsa { n, e } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
            Self::P256 { x, y } => format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#),
        };
        BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
    }
}

/// `der` between lines that name it, in lines of 64 characters.
fn pem(label: &str, der: &[u8]) -> String {
    let text = Zeroizing::new(BASE64.encode(der));
    // As long as it gets, so that no part of it stays behind where it was shorter.
    let mut pem = String::with_capacity(text.len() + text.len() / 64 + 2 * label.len() + 64);
    pem.extend(["-----BEGIN ", label, "-----\n"]);
    for start in (0..text.len()).step_by(64) {
        pem.extend([&text[start..text.len().min(start + 64)], "\n"]);
    }
    pem.extend(["-----END ", label, "-----\n"]);
    pem
}

/// The DER in `bytes`. What is none is taken for PEM: each key in DER is a sequence.
fn der(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    const SEQUENCE: u8 = 0x30;
    if bytes.first() == Some(&SEQUENCE) {
        return Ok(Zeroizing::new(bytes.to_vec()));
    }
    let mut key = PrivatePkcs8KeyDer::from_pem_slice(bytes).map_err(|_| KeyError::NotPkcs8)?;
    let der = Zeroizing::new(key.secret_pkcs8_der().to_vec());
    key.zeroize();
    Ok(der)
}

fn sign_by_rsa(
    pair: &RsaKeyPair,
    padding: &'static dyn signature::RsaEncoding,
    signed: &str,
    rng: &dyn SecureRandom,
) -> Result<Vec<u8>, SigningError> {
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(padding, rng, signed.as_bytes(), &mut signature).map_err(|_| SigningError)?;
    Ok(signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_as_in_the_standard() {
        // RFC 7638 §3.1.
        let key = Public::Rsa {
            n: "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw".to_owned(),
            e: "AQAB".to_owned(),
        };
        assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn a_thumbprint_of_p256_has_its_members_in_the_order_of_the_alphabet() {
        // The key of RFC 7515, appendix A.3; the thumbprint is of the text that RFC 7638 §3.2 prescribes for its kind.
        let text = r#"{"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
        let part = |name: &str| serde_json::from_str::<Value>(text).unwrap()[name].as_str().unwrap().to_owned();
        let expected = digest::digest(&digest::SHA256, text.as_bytes());
        let key = Public::P256 { x: part("x"), y: part("y") };
        assert_eq!(key.thumbprint(), BASE64URL_NOPAD.encode(expected.as_ref()));
    }
}
