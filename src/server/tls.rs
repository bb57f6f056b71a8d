//! TLS 1.2 and 1.3 by rustls with ring.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::{self, cipher_suite};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, version};
use thiserror::Error;

/// HTTP/2 by ALPN (RFC 7301).
pub(super) const HTTP2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// Why no certificate could be made for a trial.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The generator failed.
    #[error("no certificate could be made: {0}")]
    Generation(rcgen::Error),
    /// What it made is not usable.
    #[error("the certificate that was made is not usable: {0}")]
    Unusable(rustls::Error),
}

/// A fresh certificate for `host` that nobody vouches for, and its key: for a trial.
///
/// # Errors
/// [`TlsError`].
pub fn self_signed(host: &str) -> Result<CertifiedKey, TlsError> {
    let generated = rcgen::generate_simple_self_signed([host.to_owned()]).map_err(TlsError::Generation)?;
    let key = PrivatePkcs8KeyDer::from(generated.signing_key.serialize_der());
    CertifiedKey::from_der(vec![generated.cert.into()], key.into(), &provider()).map_err(TlsError::Unusable)
}

/// The certificate that handshakes are made with, each with the one that is there when it begins.
pub struct Certificate(ArcSwap<CertifiedKey>);

impl Certificate {
    /// That which is there first is `certified`.
    #[must_use]
    pub fn new(certified: CertifiedKey) -> Arc<Self> {
        Arc::new(Self(ArcSwap::from_pointee(certified)))
    }

    /// The one that is there.
    #[must_use]
    pub fn current(&self) -> Arc<CertifiedKey> {
        self.0.load_full()
    }

    /// From now on, `certified`.
    pub fn replace(&self, certified: CertifiedKey) {
        self.0.store(Arc::new(certified));
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

/// The server's side of TLS for `certificate`, whichever that is by then: what was begun under one is resumed under the next.
///
/// # Panics
/// Never: the provider has suites for both versions.
#[must_use]
pub fn server_config(certificate: Arc<Certificate>) -> Arc<ServerConfig> {
    let builder = ServerConfig::builder_with_provider(Arc::new(provider()));
    let builder =
        builder.with_protocol_versions(&[&version::TLS13, &version::TLS12]).expect("ring has suites for both");
    let mut config = builder.with_no_client_auth().with_cert_resolver(certificate);
    config.alpn_protocols = vec![HTTP2.into(), HTTP1.into()];
    config.ignore_client_order = true;
    // Resumption costs the server no memory: the state is in the ticket, under keys that rotate.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 1;
    if let Ok(ticketer) = ring::Ticketer::new() {
        config.ticketer = ticketer;
    }
    Arc::new(config)
}

/// AES-128-GCM first: as strong as needed, and the cheapest where the processor has AES.
pub(super) fn provider() -> CryptoProvider {
    let mut provider = ring::default_provider();
    provider.cipher_suites.sort_by_key(|suite| {
        let cheapest = [
            cipher_suite::TLS13_AES_128_GCM_SHA256,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        ];
        !cheapest.contains(suite)
    });
    provider
}
