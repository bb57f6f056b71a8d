//! The providers: their credentials and the way to them, without leaving this machine, and what they answer.
//! `idv check` asks the first.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use crate::config::egress::Via;
use crate::config::method::oidc::credentials::ProviderConfig;
use crate::config::secret::{SHORTEST, Source};
use crate::config::{Config, Problem};
use crate::doctor::finding::{Finding, Warning};
use crate::egress::{self, Egress};
use crate::ops::clock::Clock;
use crate::verification::method::oidc::credentials::Credentials;
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::oidc::provider::Provider;

mod announced;
mod answers;
mod inquiry;

use self::answers::Inquired;
use self::inquiry::Inquiry;

const CHECK: &str = "provider";

/// What is to be said of the providers of a configuration.
#[derive(Default)]
pub struct Judgement {
    /// Why the service would not start with them.
    pub problems: Vec<Problem>,
    /// What should be mended before long.
    pub warnings: Vec<Warning>,
}

/// What of the rules of `config` is odd and, if its [`sources`] are to be read, whether they are what they should be.
#[must_use]
pub fn judge(config: &Config, are_read: bool) -> Judgement {
    let odd = config.methods.oidc.iter().filter_map(odd).collect();
    let mut judgement = Judgement { problems: vec![], warnings: odd };
    if !are_read {
        return judgement;
    }
    let mut read = |provider: &ProviderConfig| match provider.read() {
        Ok(Credentials::Secret(secret)) if secret.length() < SHORTEST => {
            judgement.warnings.push(short(provider, secret.length()));
        }
        Ok(_) => {}
        Err(problems) => judgement.problems.extend(problems),
    };
    config.providers.iter().for_each(&mut read);
    if config.egress.authorities.is_some() && !config.providers.is_empty() {
        judgement.problems.extend(egress::trust(&config.egress).err());
    }
    judgement
}

/// Where everything is that [`judge`] reads.
pub fn sources(config: &Config) -> impl Iterator<Item = &Source> {
    let authorities = config.egress.authorities.iter().filter(|_| !config.providers.is_empty());
    config.providers.iter().flat_map(ProviderConfig::sources).chain(authorities)
}

/// The provider chose it, so it is theirs to mend.
fn short(provider: &ProviderConfig, length: usize) -> Warning {
    let text = format!(
        "the client secret of {} has {length} bytes, and one of less than {SHORTEST} may be guessed",
        provider.name
    );
    Warning::new(text, "have the provider make another, or use client_auth = \"private_key_jwt\"")
}

/// Whoever may come again as somebody else, and may not be two people, was probably not meant to.
fn odd(provider: &Provider) -> Option<Warning> {
    let is_odd = provider.identity.one_account && !provider.identity.same_person;
    let text = format!(
        "{} lets an account come again as another person, though an identity serves one account",
        provider.name
    );
    is_odd.then(|| Warning::new(text, "leave out identity.same_person = false, unless that is what you want"))
}

/// What is missing of the way out, where a provider is configured.
#[must_use]
pub fn way_out(config: &Config) -> Option<Warning> {
    let is_asked = config.egress.via == Via::Socket && !config.providers.is_empty();
    is_asked.then(|| missing(&config.egress.socket)).flatten()
}

/// What is wrong with the `socket` of `idv egress`, as far as this account can see.
fn missing(socket: &Path) -> Option<Warning> {
    let remedy = "run: systemctl enable --now idv-egress.socket; where there is no systemd: egress.via = \"direct\"";
    let path = socket.display();
    match fs::metadata(socket) {
        Ok(metadata) if metadata.file_type().is_socket() => None,
        Ok(_) => Some(Warning::new(format!("{path} is no socket, so no provider can be asked"), remedy)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Some(Warning::new(format!("nothing is at {path}, so no provider can be asked"), remedy))
        }
        Err(_) => None,
    }
}

/// What can be said without asking anybody.
pub(in crate::doctor) fn examine(config: &Config) -> Vec<Finding> {
    if config.providers.is_empty() {
        return vec![];
    }
    let way_out = way_out(config).map(|Warning { text, remedy }| Finding::problem(CHECK, text, remedy));
    let are_read = sources(config).all(Source::is_at_hand);
    let how = "secrets and keys: not examined, only the service and systemd can read them";
    let unread = (!are_read).then(|| Finding::note(CHECK, how));
    let Judgement { problems, warnings } = judge(config, are_read);
    let problems = problems.iter().map(|problem| Finding::of_configuration(CHECK, problem));
    let warnings = warnings.into_iter().map(|warning| Finding::of_warning(CHECK, warning));
    problems.chain(warnings).chain(unread).chain(way_out).collect()
}

/// What each provider answers, asked by the way out that the service has.
pub(in crate::doctor) fn ask(config: &Config, clock: &Clock) -> Vec<Finding> {
    if config.providers.is_empty() {
        return vec![];
    }
    // Nobody else may read the credential that names whom to trust, and that was told.
    if !config.egress.authorities.as_ref().is_none_or(Source::is_at_hand) {
        return vec![Finding::note(CHECK, "not asked: only the service can read egress.authorities")];
    }
    let inquiry = match Egress::open(config).map(|egress| Inquiry::open(egress, clock.clone())) {
        Ok(Ok(inquiry)) => inquiry,
        Ok(Err(error)) => {
            return vec![Finding::problem(CHECK, format!("nobody can be asked: {error}"), "try once more")];
        }
        Err(problem) => return vec![Finding::of_configuration(CHECK, &problem)],
    };
    let ask = |ask| inquiry.ask(ask);
    let inquired = |(provider, config_of): (&Provider, &ProviderConfig)| {
        let credentials = config_of.read().ok();
        let redirect_uri = redirect_uri(config, provider.name);
        Inquired { provider, credentials: credentials.as_ref(), redirect_uri, ask: &ask }.examine(clock.now())
    };
    config.methods.oidc.iter().zip(&config.providers).flat_map(inquired).collect()
}

fn redirect_uri(config: &Config, name: ProviderName) -> String {
    format!("{}/oidc/{name}/callback", config.public_url)
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_way_out_that_is_not_there_is_told_with_what_brings_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("proxy.sock");
        let told = missing(&path).unwrap();
        assert!(told.text.contains("nothing is at") && told.remedy.contains("idv-egress.socket"), "{told}");
        assert!(told.remedy.contains("egress.via = \"direct\""), "{told}");
        fs::write(&path, "").unwrap();
        assert!(missing(&path).unwrap().text.contains("is no socket"));
        fs::remove_file(&path).unwrap();
        let _listener = UnixListener::bind(&path).unwrap();
        assert!(missing(&path).is_none());
    }
}
