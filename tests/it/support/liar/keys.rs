//! Keys that sign ID tokens, and what a set of keys says of them (RFC 7517, RFC 7518, RFC 8037).

use data_encoding::BASE64URL_NOPAD;
use idv::ops::random::generator as random;
use ring::rsa;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaPublicKeyComponents,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};

/// Keys of the tests alone: ring makes no RSA keys.
pub(crate) const RSA_2048: &str = include_str!("rsa_2048.test_key.pem");
pub(crate) const RSA_3072: &str = include_str!("rsa_3072.test_key.pem");

/// Every algorithm by which ID tokens may be signed.
pub(crate) const ALGORITHMS: [&str; 5] = ["RS256", "PS256", "ES256", "ES384", "EdDSA"];

pub(crate) enum Key {
    Rsa(Box<rsa::KeyPair>),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Key {
    /// A key for `algorithm`: of RSA always the same, of others a new one.
    pub(crate) fn for_algorithm(algorithm: &str) -> Self {
        match algorithm {
            "RS256" | "PS256" => Self::rsa(RSA_2048),
            "ES256" => Self::p256(),
            "ES384" => Self::p384(),
            "EdDSA" => Self::ed25519(),
            _ => panic!("{algorithm} is none of {ALGORITHMS:?}"),
        }
    }

    pub(crate) fn rsa(pem: &str) -> Self {
        let key = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap();
        Self::Rsa(Box::new(rsa::KeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap()))
    }

    pub(crate) fn p256() -> Self {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random()).unwrap();
        Self::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random()).unwrap())
    }

    fn p384() -> Self {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &random()).unwrap();
        Self::P384(EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, key.as_ref(), &random()).unwrap())
    }

    fn ed25519() -> Self {
        Self::Ed25519(Ed25519KeyPair::from_pkcs8(Ed25519KeyPair::generate_pkcs8(&random()).unwrap().as_ref()).unwrap())
    }

    /// The signature by `algorithm`. Of an algorithm that is not this key's, one that this key can make.
    pub(crate) fn sign(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(key) => {
                let encoding: &dyn RsaEncoding = if algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(encoding, &random(), message, &mut signature).unwrap();
                signature
            }
            Self::P256(key) | Self::P384(key) => key.sign(&random(), message).unwrap().as_ref().to_vec(),
            Self::Ed25519(key) => key.sign(message).as_ref().to_vec(),
        }
    }

    /// The public key as its member of a set.
    pub(crate) fn jwk(&self, kid: &str, algorithm: &str) -> Value {
        let mut jwk = match self {
            Self::Rsa(key) => {
                let RsaPublicKeyComponents::<Vec<u8>> { n, e } = key.public().into();
                json!({ "kty": "RSA", "n": encode(n), "e": encode(e) })
            }
            Self::P256(key) => point("P-256", key),
            Self::P384(key) => point("P-384", key),
            Self::Ed25519(key) => json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(key.public_key().as_ref()) }),
        };
        jwk["kid"] = kid.into();
        jwk["alg"] = algorithm.into();
        jwk["use"] = "sig".into();
        jwk
    }
}

/// An uncompressed point: one byte, then both coordinates.
fn point(curve: &str, key: &EcdsaKeyPair) -> Value {
    let coordinates = &key.public_key().as_ref()[1..];
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    json!({ "kty": "EC", "crv": curve, "x": encode(x), "y": encode(y) })
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}
