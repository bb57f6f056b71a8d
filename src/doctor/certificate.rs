//! Whether a certificate is fit: readable, of its key, for the public host, valid now, and whole. `idv check` asks the same.

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::sign::CertifiedKey;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::finding::Finding;
use crate::config::meant::{PublicUrl, TlsSource};
use crate::config::secret::SecretError;
use crate::config::{Config, Problem};
use crate::server::tls::{self, TlsError};
use crate::verification::time::Timestamp;

const CHECK: &str = "certificate";
/// A certificate with less time left than this is worth a word.
const RENEWAL_DAYS: u64 = 14;

/// The certificate of `config`, as the doctor tells it.
pub(super) fn examine(config: &Config, now: Timestamp) -> Vec<Finding> {
    let Some(source) = &config.tls else {
        return vec![Finding::note(CHECK, "none: a proxy in front carries TLS")];
    };
    if !source.certificate.is_at_hand() || !source.private_key.is_at_hand() {
        return vec![Finding::note(CHECK, "its files are the service's own; it is examined as it is served")];
    }
    let Judgement { problems, warnings, days_left } = judge(source, &config.public_url, now);
    if problems.is_empty() && warnings.is_empty() {
        let days = days_left.unwrap_or_default();
        return vec![Finding::ok(CHECK, format!("it covers {} for {days} days more", config.public_url.host()))];
    }
    let problems = problems.iter().map(|problem| Finding::of_configuration(CHECK, problem));
    problems.chain(warnings.into_iter().map(|Warning { text, remedy }| Finding::warning(CHECK, text, remedy))).collect()
}

/// What is to be said of a certificate.
#[derive(Default)]
pub struct Judgement {
    /// Why it cannot be served.
    pub problems: Vec<Problem>,
    /// What should be mended before long.
    pub warnings: Vec<Warning>,
    /// Whole days until the first of the chain expires; none if one has, or is not valid yet.
    pub days_left: Option<u64>,
}

/// What should be mended, and how.
pub struct Warning {
    /// What it is.
    pub text: String,
    /// What to do.
    pub remedy: &'static str,
}

/// Whether the certificate and key of `source` are fit to serve `public_url` at `now`.
#[must_use]
pub fn judge(source: &TlsSource, public_url: &PublicUrl, now: Timestamp) -> Judgement {
    let problem = |key: &str, problem: String, remedy: &str| Problem {
        place: source.certificate.to_string(),
        key: format!("server.tls.{key}"),
        problem,
        remedy: remedy.to_owned(),
    };
    let unusable = |problem| Judgement { problems: vec![problem], ..Judgement::default() };
    let certified = match tls::read(source) {
        Ok(certified) => certified,
        Err(TlsError::Unreadable(error)) => {
            let is_certificate = matches!(&error, SecretError::Unreadable(of, _) if *of == source.certificate);
            let key = if is_certificate { "certificate" } else { "private_key" };
            return unusable(problem(key, error.to_string(), &error.remedy()));
        }
        Err(error) => {
            let remedy = "name the PEM files of one certificate: its full chain, leaf first, and its private key";
            return unusable(problem("certificate", error.to_string(), remedy));
        }
    };
    let mut judgement = Judgement { days_left: days_left(&certified.cert, now), ..Judgement::default() };
    if !covers(&certified, public_url.host()) {
        let text = format!("the certificate does not cover {}, the host of public_url", public_url.host());
        let remedy = "get a certificate for that host, or correct public_url";
        judgement.problems.push(problem("certificate", text, remedy));
    }
    if !is_in_order(&certified.cert) {
        judgement.warnings.push(Warning {
            text: "the certificates are not in order: each should be issued by the next".into(),
            remedy: "write the leaf first, then the authority that issued it, and so on",
        });
    }
    match judgement.days_left {
        None => {
            let remedy = "renew it, or set this machine's clock";
            judgement.problems.push(problem("certificate", "the certificate is not valid now".into(), remedy));
        }
        Some(days) if days < RENEWAL_DAYS => {
            let text = format!("the certificate expires in {days} days");
            judgement.warnings.push(Warning { text, remedy: "renew it soon" });
        }
        Some(_) => {}
    }
    judgement
}

fn covers(certified: &CertifiedKey, host: &str) -> bool {
    let Ok(name) = ServerName::try_from(host) else { return false };
    webpki::EndEntityCert::try_from(&certified.cert[0])
        .is_ok_and(|certificate| certificate.verify_is_valid_for_subject_name(&name).is_ok())
}

/// Whether each certificate of `chain` was issued in the name of the next.
fn is_in_order(chain: &[CertificateDer<'_>]) -> bool {
    chain.windows(2).all(|pair| match (X509Certificate::from_der(&pair[0]), X509Certificate::from_der(&pair[1])) {
        (Ok((_, one)), Ok((_, next))) => one.issuer().as_raw() == next.subject().as_raw(),
        _ => false,
    })
}

/// Whole days until the first certificate of `chain` expires; none if one has, or is not valid yet.
fn days_left(chain: &[CertificateDer<'_>], now: Timestamp) -> Option<u64> {
    let now = i64::try_from(now.as_unix()).ok()?;
    let of_one = |certificate: &CertificateDer<'_>| {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        let validity = certificate.validity();
        let is_valid = (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&now);
        u64::try_from((validity.not_after.timestamp() - now) / 86_400).ok().filter(|_| is_valid)
    };
    chain.iter().map(of_one).collect::<Option<Vec<_>>>()?.into_iter().min()
}
