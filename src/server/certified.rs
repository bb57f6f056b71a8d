//! The certificate chain and its key, as they stand in their files: each fault is told of the one that has it.

use std::sync::Arc;

use rustls::InconsistentKeys;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::{CertifiedKey, SigningKey};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::tls;
use crate::config::Problem;
use crate::config::meant::TlsSource;
use crate::config::public_url::PublicUrl;
use crate::config::secret::{SecretError, Source};
use crate::ops::validity::Standing;

/// What TLS is served with here (rustls with ring).
const KINDS: &str = "ECDSA on P-256 or P-384, Ed25519, or RSA of 2048 to 4096 bits";
const P256: &str = "1.2.840.10045.3.1.7";
const P384: &str = "1.3.132.0.34";
const P521: &str = "1.3.132.0.35";
/// [`P521`] in DER.
const P521_DER: [u8; 7] = [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23];
const ED25519: &str = "1.3.101.112";
/// What helps where a certificate is not in its dates.
pub const RENEW: &str = "renew it, or set this machine's clock";
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// The chain and the key that `source` names.
///
/// # Errors
/// What is wrong with either, or that they are not of one another.
pub fn read(source: &TlsSource) -> Result<CertifiedKey, Vec<Problem>> {
    let certificate = |fault| problem("certificate", &source.certificate, fault);
    let private_key = |fault| problem("private_key", &source.private_key, fault);
    let chain = source.certificate.read_public().map_err(Fault::from).and_then(|bytes| chain(&bytes));
    let key = source.private_key.read().map_err(Fault::from).and_then(|bytes| key(&bytes));
    match (chain, key) {
        (Ok(chain), Ok(key)) => {
            let certified = CertifiedKey::new(chain, key);
            match certified.keys_match() {
                Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(certified),
                Err(_) => Err(vec![private_key(Fault {
                    what: format!("the key and the certificate ({}) do not fit: it is of another", source.certificate),
                    remedy: "name the key that the certificate was made with; the certificate's own must be the first of its file".into(),
                })]),
            }
        }
        (chain, key) => Err(chain.err().map(certificate).into_iter().chain(key.err().map(private_key)).collect()),
    }
}

/// Why browsers would not take `certified`, which `source` names, for each of `urls` by its key, at an instant to which its
/// time stands like `standing`: it is another host's, or not in its dates.
#[must_use]
pub fn unfit(
    certified: &CertifiedKey,
    source: &TlsSource,
    urls: &[(&str, &PublicUrl)],
    standing: Option<Standing>,
) -> Vec<Problem> {
    let elsewhere = urls.iter().filter(|(_, url)| !covers(certified, url.host())).map(|(key, url)| {
        let what = format!("the certificate does not cover {}, the host of {key}", url.host());
        let remedy = if urls.len() > 1 { "get one for both hosts" } else { "get a certificate for that host" };
        Fault::new(what, &format!("{remedy}, or correct {key}"))
    });
    let untimely = standing.filter(|standing| matches!(standing, Standing::NotYet | Standing::Ended));
    let untimely = untimely.and_then(|standing| standing.word()).map(|word| Fault::new(word, RENEW));
    let faults = elsewhere.chain(untimely);
    faults.map(|fault| problem("certificate", &source.certificate, fault)).collect()
}

fn covers(certified: &CertifiedKey, host: &str) -> bool {
    let Ok(name) = ServerName::try_from(host) else { return false };
    webpki::EndEntityCert::try_from(&certified.cert[0])
        .is_ok_and(|certificate| certificate.verify_is_valid_for_subject_name(&name).is_ok())
}

/// That `certified` is a certificate to issue others with (RFC 5280 §4.2.1.9), if it is. Browsers take that where somebody
/// trusts it, and other clients do not.
#[must_use]
pub fn authority(certified: &CertifiedKey, source: &TlsSource) -> Option<Problem> {
    let is_authority = X509Certificate::from_der(&certified.cert[0]).is_ok_and(|(_, leaf)| leaf.is_ca());
    let remedy = "get a certificate for the host from that authority, and name it first";
    let fault =
        || Fault::new("the certificate is an authority's own, which a reload does not take for a server's", remedy);
    is_authority.then(|| problem("certificate", &source.certificate, fault()))
}

fn problem(key: &str, source: &Source, Fault { what, remedy }: Fault) -> Problem {
    Problem { place: source.to_string(), key: format!("server.tls.{key}"), problem: what, remedy }
}

/// What is wrong, and what to do. Nothing that stands in a key is part of it.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    what: String,
    remedy: String,
}

impl Fault {
    fn new(what: impl Into<String>, remedy: &str) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}

impl From<SecretError> for Fault {
    fn from(error: SecretError) -> Self {
        Self { what: error.to_string(), remedy: error.remedy() }
    }
}

/// The certificates that `bytes` are, the leaf first.
fn chain(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, Fault> {
    ensure_text(bytes, "openssl x509 -inform der -in OLD -out NEW")?;
    let chain = CertificateDer::pem_slice_iter(bytes).collect::<Result<Vec<_>, _>>().map_err(|error| broken(&error))?;
    let Some(leaf) = chain.first() else {
        let what = if has(bytes, "CERTIFICATE REQUEST-----") {
            "holds the request for a certificate, and none yet"
        } else if has(bytes, "PRIVATE KEY") {
            "holds a private key and no certificate"
        } else {
            "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)"
        };
        return Err(Fault::new(what, "name the file of the certificate's full chain, its own first"));
    };
    if let Some(number) = chain.iter().position(|certificate| X509Certificate::from_der(certificate).is_err()) {
        let what = format!("its certificate number {} is damaged", number + 1);
        return Err(Fault::new(what, "get the file anew from whoever made it"));
    }
    match unsupported(leaf) {
        Some(kind) => Err(Fault::new(format!("the certificate's key is {kind}, which is not taken"), &of_kinds())),
        None => Ok(chain),
    }
}

/// What the key of `certificate` is, if that is none of [`KINDS`].
fn unsupported(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let key = certificate.public_key();
    let algorithm = key.algorithm.algorithm.to_id_string();
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => {
            let bits = rsa.key_size();
            (!(2048..=4096).contains(&bits)).then(|| format!("RSA of {bits} bits"))
        }
        Ok(PublicKey::EC(_)) => {
            let curve = key.algorithm.parameters.as_ref().and_then(|curve| curve.as_oid().ok());
            match curve.map(|curve| curve.to_id_string()).as_deref() {
                Some(P256 | P384) => None,
                Some(P521) => Some("ECDSA on P-521".into()),
                _ => Some("ECDSA on another curve".into()),
            }
        }
        _ => (algorithm != ED25519).then(|| format!("of the algorithm {algorithm}")),
    }
}

/// The private key that `bytes` are.
fn key(bytes: &[u8]) -> Result<Arc<dyn SigningKey>, Fault> {
    ensure_text(bytes, "openssl pkey -inform der -in OLD -out NEW")?;
    if has(bytes, "BEGIN ENCRYPTED PRIVATE KEY") || has(bytes, "Proc-Type: 4,ENCRYPTED") {
        let remedy = "decrypt it into a file that only root may read: openssl pkey -in OLD -out NEW";
        return Err(Fault::new("is encrypted, and nobody is there to type its passphrase", remedy));
    }
    let key = PrivateKeyDer::from_pem_slice(bytes).map_err(|error| match error {
        pem::Error::NoItemsFound if has(bytes, "BEGIN OPENSSH PRIVATE KEY") => {
            Fault::new("is a key of OpenSSH", "name the key that the certificate was made with")
        }
        pem::Error::NoItemsFound => {
            let what = if has(bytes, "BEGIN CERTIFICATE-----") {
                "holds a certificate and no private key"
            } else {
                "holds no private key in PEM (-----BEGIN PRIVATE KEY)"
            };
            Fault::new(what, "name the file of the key that the certificate was made with")
        }
        error => broken(&error),
    })?;
    tls::provider().key_provider.load_private_key(key.clone_key()).map_err(|_| {
        let is_p521 = key.secret_der().windows(P521_DER.len()).any(|window| window == P521_DER);
        let kind = match key {
            _ if is_p521 => "ECDSA on P-521",
            PrivateKeyDer::Pkcs1(_) => "RSA of another size",
            _ => "of another kind or size",
        };
        Fault::new(format!("the key is {kind}, which is not taken, or it is damaged"), &of_kinds())
    })
}

fn of_kinds() -> String {
    format!("get a certificate with a key of these: {KINDS}")
}

/// That `bytes` can be PEM: a byte order mark hides the line that begins it.
fn ensure_text(bytes: &[u8], conversion: &str) -> Result<(), Fault> {
    let marked = [UTF8_MARK, b"-----BEGIN"].concat();
    let is_marked = bytes.starts_with(UTF8_MARK) || bytes.windows(marked.len()).any(|window| window == marked);
    if is_marked || UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        let remedy = "save it as plain text, in UTF-8 without a byte order mark (BOM)";
        return Err(Fault::new("has a byte order mark before -----BEGIN", remedy));
    }
    // A SEQUENCE, with which every structure of X.509 begins.
    if bytes.starts_with(b"\x30") && !has(bytes, "-----BEGIN") {
        let remedy = format!("convert it: {conversion} (from PKCS #12: openssl pkcs12 -nodes -in OLD)");
        return Err(Fault::new("is binary (DER or PKCS #12), and not PEM", &remedy));
    }
    Ok(())
}

fn broken(error: &pem::Error) -> Fault {
    let what = match error {
        pem::Error::MissingSectionEnd { .. } => "is cut off: a line -----END is missing",
        pem::Error::IllegalSectionStart { .. } => "has a line -----BEGIN that is none",
        pem::Error::Base64Decode(_) => "is damaged: it is not base64 between -----BEGIN and -----END",
        _ => "is not PEM",
    };
    Fault::new(what, "copy it anew, whole")
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(["idv.example.test".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn a_fault_of_the_certificate_says_what_it_is() {
        let (certificate, key) = pem();
        assert_eq!(chain(certificate.as_bytes()).unwrap().len(), 1);
        assert_eq!(chain(certificate.repeat(2).as_bytes()).unwrap().len(), 2);
        let half = &certificate[..certificate.len() / 2];
        let damaged = certificate.replace("\nM", "\n!");
        let other = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let binary = data_encoding::HEXUPPER.decode(b"3082010A").unwrap();
        for (bytes, told) in [
            (key.as_bytes(), "a private key and no certificate"),
            (b"", "no certificate in PEM"),
            (b"-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n", "holds the request"),
            (half.as_bytes(), "is cut off"),
            (damaged.as_bytes(), "is damaged"),
            ((certificate.clone() + other).as_bytes(), "certificate number 2 is damaged"),
            (format!("\u{feff}{certificate}").as_bytes(), "byte order mark"),
            (format!("{certificate}\u{feff}{certificate}").as_bytes(), "byte order mark"),
            (b"\xff\xfe-\0-\0", "byte order mark"),
            (&binary, "is binary"),
        ] {
            let fault = chain(bytes).unwrap_err();
            assert!(fault.what.contains(told) && !fault.remedy.is_empty(), "{told}: {fault:?}");
        }
    }

    #[test]
    fn a_fault_of_the_key_says_what_it_is_and_nothing_that_stands_in_it() {
        let (certificate, pem) = pem();
        assert!(key(pem.as_bytes()).is_ok());
        let half = &pem[..pem.len() / 2];
        let damaged = pem.replace("\nM", "\n!");
        for (bytes, told) in [
            (certificate.as_bytes(), "a certificate and no private key"),
            (b"", "no private key in PEM"),
            (pem.replace("PRIVATE", "ENCRYPTED PRIVATE").as_bytes(), "is encrypted"),
            (b"-----BEGIN RSA PRIVATE KEY\nProc-Type: 4,ENCRYPTED\n", "is encrypted"),
            (pem.replace("PRIVATE", "OPENSSH PRIVATE").as_bytes(), "of OpenSSH"),
            (half.as_bytes(), "is cut off"),
            (damaged.as_bytes(), "is damaged"),
            (pem.replace("PRIVATE", "RSA PRIVATE").as_bytes(), "RSA of another size"),
            (format!("\u{feff}{pem}").as_bytes(), "byte order mark"),
        ] {
            let Fault { what, remedy } = key(bytes).unwrap_err();
            assert!(what.contains(told) && !remedy.is_empty(), "{told}: {what}");
            let secret = pem.lines().nth(1).unwrap();
            assert!(!what.contains(&secret[..8]) && !remedy.contains(&secret[..8]));
        }
    }
}
