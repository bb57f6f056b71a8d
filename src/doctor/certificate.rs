//! Whether a certificate is fit: readable, of its key, for the public host, valid now, whole, and the one that is served.
//! `idv check` asks the same.

use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::chain::{self, Trust};
use super::finding::{Finding, Warning};
use crate::config::meant::TlsSource;
use crate::config::public_url::PublicUrl;
use crate::config::{Config, Problem};
use crate::control::running::Served;
use crate::ops::validity::{Standing, Validity};
use crate::server::certified::{self, RENEW};
use crate::verification::time::Timestamp;

const CHECK: &str = "certificate";

/// The certificate of `config` as the doctor tells it, beside the one that the running service has.
pub(super) fn examine(config: &Config, served: Option<&Served>, now: Timestamp) -> Vec<Finding> {
    let Some(source) = &config.tls else {
        return vec![Finding::note(CHECK, "none: a proxy in front carries TLS")];
    };
    if !source.certificate.is_at_hand() || !source.private_key.is_at_hand() {
        return vec![as_served(served, now)];
    }
    let Judgement { problems, warnings, served: on_disk } = judge(source, &config.urls(), now);
    let mut findings: Vec<_> = problems.iter().map(|problem| Finding::of_configuration(CHECK, problem)).collect();
    findings.extend(warnings.into_iter().map(|warning| Finding::of_warning(CHECK, warning)));
    let Some(on_disk) = on_disk else { return findings };
    if let Some(served) = served.filter(|served| **served != on_disk) {
        findings.push(outdated(served, now));
    }
    if let (true, Standing::Good { days }) = (findings.is_empty(), on_disk.validity.standing(now)) {
        findings.push(Finding::ok(CHECK, format!("it covers {} for {days} days more", config.public_url.host())));
    }
    findings
}

/// What can be said without seeing the files.
fn as_served(served: Option<&Served>, now: Timestamp) -> Finding {
    let Some(served) = served else {
        return Finding::note(CHECK, "not examined: its files are the service's own, and no service answers");
    };
    match (served.validity.standing(now), served.validity.standing(now).word()) {
        (Standing::Ended | Standing::NotYet, Some(word)) => Finding::problem(CHECK, word, RENEW),
        (_, Some(word)) => Finding::warning(CHECK, word, "renew it soon"),
        (_, None) => Finding::ok(CHECK, "the one that is served is valid; its files are the service's own"),
    }
}

/// The service has another certificate than its files.
fn outdated(served: &Served, now: Timestamp) -> Finding {
    let text = "the service still serves another certificate than its files hold";
    let remedy = "reload it, so that it takes them: systemctl reload idv";
    match served.validity.standing(now) {
        Standing::Good { .. } => Finding::warning(CHECK, text, remedy),
        Standing::Ending { days } => Finding::warning(CHECK, format!("{text}, which expires in {days} days"), remedy),
        Standing::NotYet | Standing::Ended => {
            Finding::problem(CHECK, format!("{text}, which is not valid now"), remedy)
        }
    }
}

/// What is to be said of a certificate.
#[derive(Default)]
pub struct Judgement {
    /// Why it should not be served.
    pub problems: Vec<Problem>,
    /// What should be mended before long.
    pub warnings: Vec<Warning>,
    /// What a service would have that reads it now; none if it cannot be read.
    pub served: Option<Served>,
}

/// Whether the certificate and key of `source` are fit to serve `urls`, each by its key, at `now`, to clients that trust what this
/// machine trusts.
#[must_use]
pub fn judge(source: &TlsSource, urls: &[(&str, &PublicUrl)], now: Timestamp) -> Judgement {
    let certified = match certified::read(source) {
        Ok(certified) => certified,
        Err(problems) => return Judgement { problems, ..Judgement::default() },
    };
    let mut judgement = Judgement { served: Served::of(&certified), ..Judgement::default() };
    let problem = |problem: String, remedy: &str| Problem {
        place: source.certificate.to_string(),
        key: "server.tls.certificate".into(),
        problem,
        remedy: remedy.to_owned(),
    };
    let standing = Validity::of(&certified.cert).map(|validity| validity.standing(now));
    judgement.problems = certified::unfit(&certified, source, urls, standing);
    let authority = certified::authority(&certified, source);
    judgement.warnings.extend(authority.map(|problem| Warning::new(problem.problem, problem.remedy)));
    if !is_in_order(&certified.cert) {
        let remedy = "write the leaf first, then the authority that issued it, and so on";
        judgement
            .warnings
            .push(Warning::new("the certificates are not in order: each should be issued by the next", remedy));
    }
    let ending = standing.filter(|standing| matches!(standing, Standing::Ending { .. }));
    judgement.warnings.extend(ending.and_then(|it| it.word()).map(|word| Warning::new(word, "renew it soon")));
    let roots = rustls_native_certs::load_native_certs().certs;
    match judge_trust(chain::judge(&certified.cert, &roots, now)) {
        Some((Warning { text, remedy }, true)) => judgement.problems.push(problem(text, &remedy)),
        Some((warning, false)) => judgement.warnings.push(warning),
        None => {}
    }
    judgement
}

/// What there is to say, and whether logins fail. What a private authority issued may be known to everybody it is for.
fn judge_trust(trust: Trust) -> Option<(Warning, bool)> {
    match trust {
        Trust::Whole => None,
        Trust::BrokenOff { issuer, is_public: true } => {
            let text =
                format!("the chain lacks its intermediate certificate {issuer}; many browsers and apps refuse it");
            Some((
                Warning::new(text, "name the full chain (fullchain.pem), not the certificate alone (cert.pem)"),
                true,
            ))
        }
        Trust::BrokenOff { issuer, is_public: false } => {
            let text =
                format!("the chain ends before {issuer}, which is neither in the file nor trusted by this machine");
            let remedy = "name the full chain (fullchain.pem); if that is an authority of your own, make this machine trust it (update-ca-certificates)";
            Some((Warning::new(text, remedy), false))
        }
        Trust::SelfSigned => {
            let text =
                "the certificate is signed by itself, and this machine does not trust it; browsers will warn of it";
            Some((Warning::new(text, "get one from an authority that people's browsers trust"), false))
        }
        Trust::Unsound(why) => {
            let remedy = "name the full chain (fullchain.pem) as the authority gave it";
            Some((Warning::new(format!("the chain does not hold: {why}"), remedy), false))
        }
    }
}

/// Whether each certificate of `chain` was issued in the name of the next.
fn is_in_order(chain: &[CertificateDer<'_>]) -> bool {
    chain.windows(2).all(|pair| match (X509Certificate::from_der(&pair[0]), X509Certificate::from_der(&pair[1])) {
        (Ok((_, one)), Ok((_, next))) => one.issuer().as_raw() == next.subject().as_raw(),
        _ => false,
    })
}
