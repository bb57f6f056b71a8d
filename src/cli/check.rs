//! `idv check`: is this configuration fit to start with?

use std::process::ExitCode;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::sign::CertifiedKey;
use serde_json::json;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::{BAD_CONFIGURATION, output};
use crate::config::meant::{PublicUrl, TlsSource};
use crate::config::secret::SecretError;
use crate::config::{Config, Problem, Problems};
use crate::ops::clock::Clock;
use crate::server::tls::{self, TlsError};
use crate::verification::time::Timestamp;

/// A certificate with less time left than this is worth a word.
const RENEWAL_DAYS: u64 = 14;

pub(super) fn run(config: Result<Config, Problems>, json: bool) -> ExitCode {
    let mut problems = Vec::new();
    let mut notes = Vec::new();
    match config {
        Err(Problems(found)) => problems = found,
        Ok(config) => {
            problems.extend(config.read_tenants().err().unwrap_or_default());
            problems.extend(config.branding.read_logo().err());
            if let Some(source) = &config.tls {
                let (found, worth_a_word) = check_tls(source, &config.public_url, Clock::system().now());
                problems.extend(found);
                notes = worth_a_word;
            }
        }
    }
    let printed = if json {
        output::json(&json!({ "ok": problems.is_empty(), "problems": problems, "notes": notes }))
    } else {
        print(&problems, &notes)
    };
    if problems.is_empty() && printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(BAD_CONFIGURATION) }
}

fn print(problems: &[Problem], notes: &[String]) -> std::io::Result<()> {
    notes.iter().try_for_each(|note| output::line(&format!("note: {note}")))?;
    if problems.is_empty() {
        output::line("The configuration is fit to start with.")
    } else {
        output::line(&Problems(problems.to_vec()).to_string())
    }
}

fn check_tls(source: &TlsSource, public_url: &PublicUrl, now: Timestamp) -> (Vec<Problem>, Vec<String>) {
    let problem = |key: &str, problem: String, remedy: &str| Problem {
        place: source.certificate.to_string(),
        key: format!("server.tls.{key}"),
        problem,
        remedy: remedy.to_owned(),
    };
    let certified = match tls::read(source) {
        Ok(certified) => certified,
        Err(TlsError::Unreadable(error)) => {
            let key = if matches!(&error, SecretError::Unreadable(of, _) if *of == source.certificate) {
                "certificate"
            } else {
                "private_key"
            };
            return (vec![problem(key, error.to_string(), &error.remedy())], vec![]);
        }
        Err(error) => {
            let remedy = "name the PEM files of one certificate: its full chain, leaf first, and its private key";
            return (vec![problem("certificate", error.to_string(), remedy)], vec![]);
        }
    };
    let mut problems = Vec::new();
    if !covers(&certified, public_url.host()) {
        let text = format!("the certificate does not cover {}, the host of public_url", public_url.host());
        problems.push(problem("certificate", text, "get a certificate for that host, or correct public_url"));
    }
    match days_left(&certified.cert[0], now) {
        None => problems.push(problem(
            "certificate",
            "the certificate is not valid now".into(),
            "renew it, or set this machine's clock",
        )),
        Some(days) if days < RENEWAL_DAYS => {
            return (problems, vec![format!("the certificate expires in {days} days; renew it soon")]);
        }
        Some(_) => {}
    }
    (problems, vec![])
}

fn covers(certified: &CertifiedKey, host: &str) -> bool {
    let Ok(name) = ServerName::try_from(host) else { return false };
    webpki::EndEntityCert::try_from(&certified.cert[0])
        .is_ok_and(|certificate| certificate.verify_is_valid_for_subject_name(&name).is_ok())
}

/// Whole days until the certificate expires; none if it has, or is not valid yet.
fn days_left(certificate: &CertificateDer<'_>, now: Timestamp) -> Option<u64> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let validity = certificate.validity();
    let now = i64::try_from(now.as_unix()).ok()?;
    let is_valid = (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&now);
    u64::try_from((validity.not_after.timestamp() - now) / 86_400).ok().filter(|_| is_valid)
}
