//! Whether a certificate chain is whole: whoever trusts its authority must find the way there in what is sent.

use rustls::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::ops::text;
use crate::verification::time::Timestamp;

/// The extension with a certificate's receipts (RFC 6962 §3.3).
const RECEIPTS: &str = "1.3.6.1.4.1.11129.2.4.2";

/// What becomes of a chain with a client that trusts what this machine trusts.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Its way ends at an authority that is trusted, or at one that stands in the file itself.
    Whole,
    /// It breaks off before.
    BrokenOff {
        /// Who issued the last certificate of the way.
        issuer: String,
        /// Whether a public authority issued the leaf: then browsers know the authority, and what is missing lies between.
        is_public: bool,
    },
    /// The leaf is nobody's but its own.
    SelfSigned,
    /// There is a way, and it does not hold.
    Unsound(String),
}

/// What becomes of `chain`, the leaf first, where `roots` are trusted. Its dates are for others to judge.
pub(super) fn judge(chain: &[CertificateDer<'_>], roots: &[CertificateDer<'_>], now: Timestamp) -> Trust {
    let parsed: Vec<_> =
        chain.iter().filter_map(|certificate| X509Certificate::from_der(certificate).ok()).map(|(_, it)| it).collect();
    if parsed.len() != chain.len() || chain.is_empty() {
        return Trust::Unsound("a certificate is damaged".into());
    }
    let own =
        chain.iter().zip(&parsed).skip(1).filter(|(_, it)| is_self_issued(it)).map(|(certificate, _)| certificate);
    let anchors: Vec<_> = roots.iter().chain(own).filter_map(|root| anchor_from_trusted_cert(root).ok()).collect();
    let error = match verify(chain, &anchors, now) {
        Ok(()) | Err(Error::CertExpired { .. } | Error::CertNotValidYet { .. }) => return Trust::Whole,
        Err(_) if roots.contains(&chain[0]) => return Trust::Whole,
        Err(error) => error,
    };
    let end = end(&parsed);
    let issuer = parsed[end].issuer();
    if is_self_issued(&parsed[end]) {
        return if end == 0 { Trust::SelfSigned } else { Trust::Unsound(error.to_string()) };
    }
    let is_known = |root: &CertificateDer<'_>| {
        X509Certificate::from_der(root).is_ok_and(|(_, root)| root.subject().as_raw() == issuer.as_raw())
    };
    if roots.iter().any(is_known) {
        return Trust::Unsound(error.to_string());
    }
    if roots.is_empty() && end > 0 {
        // Nobody is trusted here, so nothing can be said about where a way should end.
        return Trust::Whole;
    }
    let issuer = text::escape(&issuer.to_string()).into_owned();
    Trust::BrokenOff { issuer, is_public: end == 0 && is_logged(&parsed[0]) }
}

fn verify(chain: &[CertificateDer<'_>], anchors: &[TrustAnchor<'_>], now: Timestamp) -> Result<(), Error> {
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now.as_unix()));
    let leaf = EndEntityCert::try_from(&chain[0])?;
    let usage = KeyUsage::server_auth();
    leaf.verify_for_usage(ALL_VERIFICATION_ALGS, anchors, &chain[1..], now, usage, None, None).map(drop)
}

/// The last certificate on the way from the leaf, by the names alone.
fn end(chain: &[X509Certificate<'_>]) -> usize {
    let mut end = 0;
    for _ in chain {
        let next = chain.iter().position(|next| next.subject().as_raw() == chain[end].issuer().as_raw());
        match next {
            Some(next) if !is_self_issued(&chain[end]) => end = next,
            _ => break,
        }
    }
    end
}

fn is_self_issued(certificate: &X509Certificate<'_>) -> bool {
    certificate.issuer().as_raw() == certificate.subject().as_raw()
}

/// Whether it carries the receipts of public logs, without which browsers take no public certificate.
fn is_logged(certificate: &X509Certificate<'_>) -> bool {
    certificate.extensions().iter().any(|extension| extension.oid.to_id_string() == RECEIPTS)
}

#[cfg(test)]
mod tests {
    use rcgen::{
        BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, IsCa, KeyPair, KeyUsagePurpose,
    };

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    type Authority = CertifiedIssuer<'static, KeyPair>;

    fn parameters(name: &str, is_authority: bool) -> CertificateParams {
        let mut parameters = CertificateParams::new(["idv.example.test".to_owned()]).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, name);
        if is_authority {
            parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        }
        parameters
    }

    fn root(name: &str) -> Authority {
        CertifiedIssuer::self_signed(parameters(name, true), KeyPair::generate().unwrap()).unwrap()
    }

    fn intermediate(name: &str, root: &Authority) -> Authority {
        CertifiedIssuer::signed_by(parameters(name, true), KeyPair::generate().unwrap(), root).unwrap()
    }

    fn leaf(issuer: &Authority, is_logged: bool) -> CertificateDer<'static> {
        let mut parameters = parameters("leaf", false);
        if is_logged {
            let oid: Vec<u64> = RECEIPTS.split('.').map(|number| number.parse().unwrap()).collect();
            // An OCTET STRING with an empty list.
            parameters.custom_extensions.push(CustomExtension::from_oid_content(&oid, vec![0x04, 0x02, 0x00, 0x00]));
        }
        parameters.signed_by(&KeyPair::generate().unwrap(), issuer).unwrap().der().clone()
    }

    #[test]
    fn a_chain_without_its_intermediate_is_broken_off_and_names_it() {
        let root = root("Root");
        let middle = intermediate("Middle", &root);
        let (roots, other) = ([root.der().clone()], [self::root("Other").der().clone()]);
        for is_public in [true, false] {
            let leaf = leaf(&middle, is_public);
            let broken = Trust::BrokenOff { issuer: "CN=Middle".into(), is_public };
            assert_eq!(judge(std::slice::from_ref(&leaf), &roots, NOW), broken);
            assert_eq!(judge(std::slice::from_ref(&leaf), &[], NOW), broken);
            assert_eq!(judge(&[leaf.clone(), middle.der().clone()], &roots, NOW), Trust::Whole);
            // The root itself need not be sent, and may be.
            assert_eq!(judge(&[leaf.clone(), middle.der().clone(), root.der().clone()], &other, NOW), Trust::Whole);
            assert_eq!(judge(&[leaf.clone(), middle.der().clone()], &[], NOW), Trust::Whole, "nothing is known");
            let elsewhere = Trust::BrokenOff { issuer: "CN=Root".into(), is_public: false };
            assert_eq!(judge(&[leaf, middle.der().clone()], &other, NOW), elsewhere);
        }
    }

    #[test]
    fn an_intermediate_of_the_same_name_and_another_key_does_not_hold() {
        let root = root("Root");
        let leaf = leaf(&intermediate("Middle", &root), true);
        let other = intermediate("Middle", &root);
        let judged = judge(&[leaf, other.der().clone()], &[root.der().clone()], NOW);
        assert!(matches!(judged, Trust::Unsound(_)), "{judged:?}");
    }

    #[test]
    fn a_certificate_that_vouches_for_itself_is_trusted_only_where_it_is_named() {
        for is_authority in [true, false] {
            let parameters = parameters("Itself", is_authority);
            let leaf = parameters.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone();
            let chain = std::slice::from_ref(&leaf);
            assert_eq!(judge(chain, &[root("Other").der().clone()], NOW), Trust::SelfSigned);
            assert_eq!(judge(chain, &[], NOW), Trust::SelfSigned);
            assert_eq!(judge(chain, chain, NOW), Trust::Whole);
        }
    }
}
