//! The key by which checkpoints are signed (Ed25519, RFC 8032), and what others verify them by.

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

/// Bytes of a seed, and of a public key.
pub const LENGTH: usize = 32;
/// What goes before the public key in a `SubjectPublicKeyInfo` (RFC 8410 §4).
const PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";
/// The type of an Ed25519 signature in a signed note (C2SP signed-note).
const TYPE: u8 = 1;

/// What a signature names its key by: a hint, which proves nothing.
pub type KeyId = [u8; 4];

/// The key that signs.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// The key that is made of `seed`.
    #[must_use]
    pub fn from_seed(seed: &Zeroizing<[u8; LENGTH]>) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&**seed).expect("a seed has 32 bytes, whatever they are"))
    }

    /// What its signatures are verified by.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.public_key().as_ref().try_into().expect("an Ed25519 public key has 32 bytes"))
    }

    /// Its signature over `text`.
    #[must_use]
    pub fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.0.sign(text).as_ref().to_vec()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// What signatures are verified by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; LENGTH]);

impl PublicKey {
    /// The key in `text`: in PEM, whatever stands around it, or a verifier key of C2SP.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::of_pem(text).or_else(|| text.lines().find_map(|line| Self::of_verifier(line.trim())))
    }

    fn of_pem(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once(BEGIN)?;
        let (encoded, _) = rest.split_once(END)?;
        let encoded: String = encoded.split_whitespace().collect();
        let bytes = BASE64.decode(encoded.as_bytes()).ok()?;
        bytes.strip_prefix(&PREFIX)?.try_into().ok().map(Self)
    }

    fn of_verifier(line: &str) -> Option<Self> {
        let (name, rest) = line.split_once('+')?;
        let (id, encoded) = rest.split_once('+')?;
        let bytes = BASE64.decode(encoded.as_bytes()).ok()?;
        let key = Self(bytes.strip_prefix(&[TYPE])?.try_into().ok()?);
        (HEXLOWER.encode(&key.id(name)) == id).then_some(key)
    }

    /// It in PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        let encoded = BASE64.encode(&[&PREFIX[..], &self.0].concat());
        format!("{BEGIN}\n{encoded}\n{END}\n")
    }

    /// It as a verifier key of C2SP, of the signer `name`.
    #[must_use]
    pub fn verifier(&self, name: &str) -> String {
        let encoded = BASE64.encode(&[&[TYPE][..], &self.0].concat());
        format!("{name}+{}+{encoded}", HEXLOWER.encode(&self.id(name)))
    }

    /// What the signatures of the signer `name` name it by.
    #[must_use]
    pub fn id(&self, name: &str) -> KeyId {
        let hash = digest(&SHA256, &[name.as_bytes(), b"\n", &[TYPE], &self.0].concat());
        hash.as_ref().first_chunk().copied().expect("SHA-256 has more than four bytes")
    }

    /// Whether `signature` is its over `text`.
    #[must_use]
    pub fn has_signed(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(text, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_seed(&Zeroizing::new([7; LENGTH]))
    }

    #[test]
    fn a_key_is_read_from_both_that_it_is_written_as() {
        let public = key().public();
        let verifier = public.verifier("idv.example.com/audit");
        let both = format!("{}{verifier}\n", public.pem());
        for text in [public.pem(), verifier.clone(), both, format!("# ours\n\n{verifier}\r\n")] {
            assert_eq!(PublicKey::parse(&text), Some(public), "{text}");
        }
        let other = verifier.replace("idv.example.com", "idv.example.org");
        for text in ["", "idv", other.as_str(), &public.pem()[..60]] {
            assert_eq!(PublicKey::parse(text), None, "{text}: an id is of a name");
        }
    }

    #[test]
    fn only_its_own_signature_of_the_very_text_is_its() {
        let (key, other) = (key(), SigningKey::from_seed(&Zeroizing::new([8; LENGTH])));
        let signature = key.sign(b"text");
        assert_eq!(signature.len(), 64);
        assert!(key.public().has_signed(b"text", &signature));
        assert!(!key.public().has_signed(b"texT", &signature) && !key.public().has_signed(b"text", &signature[1..]));
        assert!(!other.public().has_signed(b"text", &signature));
    }

    /// The example of the format's first implementation (`golang.org/x/mod/sumdb/note`).
    #[test]
    fn a_published_verifier_key_is_read_and_what_it_signed_is_verified() {
        let published = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let text =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
        let signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
        let key = PublicKey::parse(published).unwrap();
        assert_eq!(key.verifier("PeterNeumann"), published);
        let signature = BASE64.decode(signature.as_bytes()).unwrap();
        assert_eq!(signature[..4], key.id("PeterNeumann"));
        assert!(key.has_signed(text.as_bytes(), &signature[4..]));
    }
}
