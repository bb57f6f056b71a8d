//! What providers sign, and what we sign for them: JOSE by its public face, with keys that nobody else has.

use std::process::Command;
use std::sync::LazyLock;

use data_encoding::BASE64URL_NOPAD;
use idv::ops::random;
use idv::verification::method::oidc::jose::{Algorithm, JwsError, KeySet, UntrustedJws};
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use serde_json::{Value, json};

mod client_key;
mod forgeries;
mod key_set;
mod standards;
mod vectors;

/// What openssl prints.
fn openssl(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

/// A new RSA key in PEM, as PKCS #8.
fn rsa_pem(bits: usize) -> Vec<u8> {
    openssl(&["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")])
}

/// The RSA key of this run, in PEM.
static RSA: LazyLock<Vec<u8>> = LazyLock::new(|| rsa_pem(2048));

/// A provider with a key of each kind. Each is called as its algorithm.
pub(super) static PROVIDER: LazyLock<Provider> = LazyLock::new(Provider::new);

pub(super) struct Provider {
    rsa: RsaKeyPair,
    p256: EcdsaKeyPair,
    p384: EcdsaKeyPair,
    ed25519: Ed25519KeyPair,
}

fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

impl Provider {
    fn new() -> Self {
        let generator = random::generator();
        let pem = pem(&RSA);
        let ecdsa = |algorithm| {
            let document = EcdsaKeyPair::generate_pkcs8(algorithm, &generator).unwrap();
            EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &generator).unwrap()
        };
        let ed25519 = Ed25519KeyPair::generate_pkcs8(&generator).unwrap();
        Self {
            rsa: RsaKeyPair::from_pkcs8(&pem).unwrap(),
            p256: ecdsa(&signature::ECDSA_P256_SHA256_FIXED_SIGNING),
            p384: ecdsa(&signature::ECDSA_P384_SHA384_FIXED_SIGNING),
            ed25519: Ed25519KeyPair::from_pkcs8(ed25519.as_ref()).unwrap(),
        }
    }

    /// The public key for `algorithm`, which it names, and by which it is called.
    pub(super) fn jwk(&self, algorithm: Algorithm) -> Value {
        let point = |public: &[u8], curve: &str| {
            let (x, y) = public[1..].split_at(public.len() / 2);
            json!({"kty": "EC", "crv": curve, "x": encode(x), "y": encode(y)})
        };
        let mut jwk = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => {
                let RsaPublicKeyComponents::<Vec<u8>> { n, e } = self.rsa.public().into();
                json!({"kty": "RSA", "n": encode(&n), "e": encode(&e)})
            }
            Algorithm::Es256 => point(self.p256.public_key().as_ref(), "P-256"),
            Algorithm::Es384 => point(self.p384.public_key().as_ref(), "P-384"),
            Algorithm::EdDsa => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": encode(self.ed25519.public_key().as_ref())})
            }
        };
        jwk["kid"] = algorithm.as_str().into();
        jwk["alg"] = algorithm.as_str().into();
        jwk["use"] = "sig".into();
        jwk
    }

    /// All of its keys.
    fn keys(&self) -> KeySet {
        key_set(&Algorithm::ALL.map(|algorithm| self.jwk(algorithm)))
    }

    fn signature(&self, algorithm: Algorithm, signed: &[u8]) -> Vec<u8> {
        let generator = random::generator();
        let rsa = |padding| {
            let mut signature = vec![0; self.rsa.public().modulus_len()];
            self.rsa.sign(padding, &generator, signed, &mut signature).unwrap();
            signature
        };
        match algorithm {
            Algorithm::Rs256 => rsa(&signature::RSA_PKCS1_SHA256),
            Algorithm::Ps256 => rsa(&signature::RSA_PSS_SHA256),
            Algorithm::Es256 => self.p256.sign(&generator, signed).unwrap().as_ref().to_vec(),
            Algorithm::Es384 => self.p384.sign(&generator, signed).unwrap().as_ref().to_vec(),
            Algorithm::EdDsa => self.ed25519.sign(signed).as_ref().to_vec(),
        }
    }

    /// `payload` under any `header`, signed by `algorithm`.
    pub(super) fn sign(&self, algorithm: Algorithm, header: &str, payload: &[u8]) -> String {
        let signed = format!("{}.{}", encode(header.as_bytes()), encode(payload));
        format!("{signed}.{}", encode(&self.signature(algorithm, signed.as_bytes())))
    }

    /// `payload` as a provider would sign it.
    fn good(&self, algorithm: Algorithm, payload: &[u8]) -> String {
        self.sign(algorithm, &header(algorithm), payload)
    }
}

fn header(algorithm: Algorithm) -> String {
    json!({"alg": algorithm.as_str(), "kid": algorithm.as_str(), "typ": "JWT"}).to_string()
}

/// The DER in `pem`.
fn pem(pem: &[u8]) -> Vec<u8> {
    let text: String = std::str::from_utf8(pem).unwrap().lines().filter(|line| !line.starts_with('-')).collect();
    data_encoding::BASE64.decode(text.as_bytes()).unwrap()
}

/// The set of `keys`.
fn key_set(keys: &[Value]) -> KeySet {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

/// What `text` says, checked with `keys` by any algorithm.
fn check(text: &str, keys: &KeySet) -> Result<Vec<u8>, JwsError> {
    UntrustedJws::parse(text)?.verify(keys, &Algorithm::ALL)
}
