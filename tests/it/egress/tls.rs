//! Who answers must be who was asked.

use idv::egress::Unreached;
use rcgen::{CertifiedKey, KeyPair};
use rustls::{CertificateError, Error};

use super::{ID, door, each_way, egress, get};
use crate::support::internet;
use crate::support::names::NameServer;

/// What is wrong with one who serves with `served`, where `trusted` is trusted.
fn told(served: &CertifiedKey<KeyPair>, trusted: &CertifiedKey<KeyPair>, mut judge: impl FnMut(Unreached)) {
    let address = internet::serve(served, |_| super::answer("200 OK", "", "there"));
    let names = NameServer::knowing(&[(ID, &["127.0.0.1"])]);
    each_way(&door(&[(ID, address.port())], &[ID], &names), |_, way| {
        judge(get(&egress(way, trusted), &format!("https://{ID}:{}/", address.port())).unwrap_err());
    });
}

fn is_of(unreached: &Unreached, judge: impl Fn(&CertificateError) -> bool) -> bool {
    matches!(unreached, Unreached::Tls(Error::InvalidCertificate(error)) if judge(error))
}

#[test]
fn an_expired_certificate_is_refused() {
    let certified = internet::certificate(&[ID], 2020, 2021);
    told(&certified, &certified, |unreached| {
        let is_expired = |error: &CertificateError| {
            matches!(error, CertificateError::Expired | CertificateError::ExpiredContext { .. })
        };
        assert!(is_of(&unreached, is_expired), "{unreached:?}");
        assert!(unreached.to_string().starts_with("its TLS is not sound") && !unreached.is_of_connection());
    });
}

#[test]
fn a_certificate_of_another_name_is_refused() {
    let certified = internet::certificate(&["other.example.test"], 2020, 2090);
    told(&certified, &certified, |unreached| {
        let is_other = |error: &CertificateError| {
            matches!(error, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. })
        };
        assert!(is_of(&unreached, is_other), "{unreached:?}");
    });
}

#[test]
fn a_certificate_of_nobody_who_is_trusted_is_refused() {
    let (served, trusted) = (internet::certificate(&[ID], 2020, 2090), internet::certificate(&[ID], 2020, 2090));
    told(&served, &trusted, |unreached| {
        assert!(is_of(&unreached, |error| !matches!(error, CertificateError::Expired)), "{unreached:?}");
    });
}

#[test]
fn one_who_speaks_no_tls_is_refused() {
    let address = super::answers::plainly(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec());
    let certified = internet::certificate(&[ID], 2020, 2090);
    let names = NameServer::knowing(&[(ID, &["127.0.0.1"])]);
    each_way(&door(&[(ID, address.port())], &[ID], &names), |by, way| {
        let asked = get(&egress(way, &certified), &format!("https://{ID}:{}/", address.port()));
        assert!(matches!(asked, Err(Unreached::Tls(_))), "{by}: {asked:?}");
    });
}
