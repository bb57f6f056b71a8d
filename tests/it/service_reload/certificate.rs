//! A renewed certificate.

use std::io::Write;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, HandshakeKind, RootCertStore, SupportedProtocolVersion, version};

use super::{is_root, new_certificate, refused, reloaded, write_certificate};
use crate::support::internet;
use crate::support::process::{Installation, Service};
use crate::support::wire;

/// Who trusts all of `certificates`.
pub(super) fn trusting(
    certificates: &[CertificateDer<'static>],
    versions: &[&'static SupportedProtocolVersion],
) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates.iter().cloned());
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_protocol_versions(versions).unwrap();
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The certificate that a connection is served with, and how its handshake went.
pub(super) fn served(service: &Service, client: &Arc<ClientConfig>) -> (CertificateDer<'static>, HandshakeKind) {
    let mut wire = wire::connect(service.address, client).unwrap();
    wire.write_all(wire::get("/health", "").as_bytes()).unwrap();
    let answer = wire::read_to_end(&mut wire);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    (wire.conn.peer_certificates().unwrap()[0].clone().into_owned(), wire.conn.handshake_kind().unwrap())
}

#[test]
fn a_renewed_certificate_is_served_and_sessions_from_before_are_resumed() {
    if !is_root() {
        return;
    }
    for version in [&version::TLS12, &version::TLS13] {
        let installation = Installation::new();
        let service = installation.serve();
        let renewed = new_certificate();
        let both = [installation.certificate.clone(), renewed.cert.der().clone()];
        let (before, other) = (trusting(&both, &[version]), trusting(&both, &[version]));
        assert_eq!(served(&service, &before), (both[0].clone(), HandshakeKind::Full));
        assert_eq!(served(&service, &before).1, HandshakeKind::Resumed);
        write_certificate(&installation, &renewed);
        assert_eq!(reloaded(&installation), ["server.tls.certificate", "server.tls.private_key"]);
        assert_eq!(served(&service, &before).1, HandshakeKind::Resumed, "{version:?}");
        assert_eq!(served(&service, &other), (both[1].clone(), HandshakeKind::Full));
    }
}

#[test]
fn a_certificate_that_browsers_would_not_take_is_refused_and_the_last_good_one_is_served() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let service = installation.serve();
    let mut authority = rcgen::CertificateParams::new([wire::HOST.to_owned()]).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let signing_key = rcgen::KeyPair::generate().unwrap();
    let authority = rcgen::CertifiedKey { cert: authority.self_signed(&signing_key).unwrap(), signing_key };
    for (certified, told) in [
        (internet::certificate(&[wire::HOST], 2020, 2021), "has expired"),
        (internet::certificate(&[wire::HOST], 2089, 2090), "not valid yet"),
        (internet::certificate(&["other.example.test"], 2020, 2090), "does not cover"),
        (authority, "an authority's own"),
    ] {
        write_certificate(&installation, &certified);
        let said = refused(&installation);
        assert!(said.contains("server.tls.certificate") && said.contains(told), "{said}");
        super::until_told(&service, told);
        let client = trusting(std::slice::from_ref(&installation.certificate), &[&version::TLS13]);
        assert_eq!(served(&service, &client).0, installation.certificate);
    }
    // One that ends sooner than the last is no worse.
    let sooner = internet::certificate(&[wire::HOST], 2020, 2080);
    write_certificate(&installation, &sooner);
    reloaded(&installation);
}

/// It is for its owner to renew, and for nobody to keep a tenant waiting for.
#[test]
fn a_certificate_that_has_ended_meanwhile_keeps_nothing_else_from_changing() {
    let mut installation = Installation::new();
    let ended = internet::certificate(&[wire::HOST], 2020, 2021);
    write_certificate(&installation, &ended);
    installation.certificate = ended.cert.der().clone();
    let service = installation.serve();
    let text = installation.configuration() + "[branding]\nname = \"Acme\"\n";
    super::write_configuration(&installation, &text);
    service.signal("HUP");
    super::until_told(&service, "the configuration was reloaded");
    assert!(service.log().contains("branding.name"), "{}", service.log());
}
