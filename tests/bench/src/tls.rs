//! TLS of both sides: one certificate, the product's cryptography.

use anyhow::{Context, Result};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::{Ticketer, cipher_suite, default_provider};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::NoServerSessionStorage;
use rustls::{ClientConfig, DEFAULT_VERSIONS, RootCertStore, ServerConfig};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const HTTP1: &[u8] = b"http/1.1";
pub(crate) const HTTP2: &[u8] = b"h2";

/// An ECDSA P-256 certificate and its key, as PEM files.
pub(crate) struct Identity {
    pub(crate) certificate: PathBuf,
    pub(crate) private_key: PathBuf,
}

impl Identity {
    /// Writes a certificate for `host` into `directory`.
    pub(crate) fn create(host: &str, directory: &Path) -> Result<Self> {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed([host.to_owned()])?;
        let identity = Self { certificate: directory.join("certificate.pem"), private_key: directory.join("key.pem") };
        fs::write(&identity.certificate, cert.pem())?;
        write_private(&identity.private_key, signing_key.serialize_pem().as_bytes())?;
        Ok(identity)
    }

    /// A client that trusts this certificate alone and offers one protocol.
    pub(crate) fn client(&self, protocol: &[u8], resumption: Resumption) -> Result<Arc<ClientConfig>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(&self.certificate)?)?;
        let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(DEFAULT_VERSIONS)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_owned()];
        config.resumption = resumption;
        Ok(Arc::new(config))
    }
}

/// The limit server's TLS: AES-128-GCM first and in the server's order, one stateless ticket per handshake, no
/// session cache, no early data.
pub(crate) fn server(certificate: &Path, private_key: &Path) -> Result<Arc<ServerConfig>> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(private_key).context("the limit server's key")?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider()))
        .with_protocol_versions(DEFAULT_VERSIONS)?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![HTTP2.to_owned(), HTTP1.to_owned()];
    config.ignore_client_order = true;
    config.send_tls13_tickets = 1;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.ticketer = Ticketer::new()?;
    Ok(Arc::new(config))
}

/// Writes a file that its owner alone may read, as idv asks of secrets.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(())
}

fn provider() -> CryptoProvider {
    let first = [
        cipher_suite::TLS13_AES_128_GCM_SHA256,
        cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];
    let mut provider = default_provider();
    provider.cipher_suites.sort_by_key(|suite| !first.contains(suite));
    provider
}
