//! Whom the way out trusts to say who somebody is: the authorities that are configured, or the system's.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;

/// Certificate authorities. At least one.
#[derive(Clone, Debug)]
pub struct Trust(RootCertStore);

/// Why there is nobody to trust.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TrustError {
    /// The system names no authority.
    #[error("this machine trusts no certificate authority")]
    Nobody,
    /// What was named is not all certificates.
    #[error("is not a list of certificates in PEM")]
    NoCertificates,
    /// One of the certificates is none of an authority.
    #[error("has a certificate that cannot be an authority")]
    NoAuthority,
}

impl Trust {
    /// The system's: those in the file `SSL_CERT_FILE` and the directory `SSL_CERT_DIR`, else those of its usual places.
    ///
    /// # Errors
    /// [`TrustError::Nobody`].
    pub fn of_system() -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        // Among a hundred there may be an old one that nobody can read any more.
        let (added, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if added == 0 { Err(TrustError::Nobody) } else { Ok(Self(roots)) }
    }

    /// Those in `pem`, and nobody else.
    ///
    /// # Errors
    /// [`TrustError`], if one of them is not fit.
    pub fn of_pem(pem: &[u8]) -> Result<Self, TrustError> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        Self::of(certificates.map_err(|_| TrustError::NoCertificates)?)
    }

    /// These, and nobody else.
    ///
    /// # Errors
    /// [`TrustError`], if one of them is not fit.
    pub fn of(certificates: impl IntoIterator<Item = CertificateDer<'static>>) -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        for certificate in certificates {
            roots.add(certificate).map_err(|_| TrustError::NoAuthority)?;
        }
        if roots.is_empty() { Err(TrustError::NoCertificates) } else { Ok(Self(roots)) }
    }

    /// TLS 1.2 and 1.3 with whom these authorities vouch for, to speak HTTP/1.1.
    pub(super) fn client(self) -> Arc<ClientConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.expect("the provider has suites for both versions").with_root_certificates(self.0);
        let mut config = builder.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Arc::new(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_list_of_certificates_is_trusted() {
        let pem = rcgen::generate_simple_self_signed(["id.example".to_owned()]).unwrap().cert.pem();
        assert_eq!(Trust::of_pem(format!("{pem}{pem}").as_bytes()).unwrap().0.len(), 2);
        for text in ["", "garbage", "-----BEGIN CERTIFICATE-----\nAA\n"] {
            assert_eq!(Trust::of_pem(text.as_bytes()).unwrap_err(), TrustError::NoCertificates, "{text}");
        }
        let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(Trust::of_pem(format!("{pem}{empty}").as_bytes()).unwrap_err(), TrustError::NoAuthority);
    }
}
