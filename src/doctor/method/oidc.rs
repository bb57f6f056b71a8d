//! The providers: their credentials and rules, without leaving this machine, and what they answer.
//! `idv check` asks the first.

use crate::config::egress::trust;
use crate::config::method::oidc::credentials::ProviderConfig;
use crate::config::review::SignIn;
use crate::config::secret::{SHORTEST, Source};
use crate::config::{Config, Problem};
use crate::doctor::finding::{Finding, Warning};
use crate::doctor::inquiry::Inquiry;
use crate::egress::Egress;
use crate::ops::clock::Clock;
use crate::verification::method::{Credentials, Provider, ProviderName};

mod announced;
mod answers;

use self::answers::{Answered, Inquired};

const CHECK: &str = "provider";

/// What is to be said of the providers of a configuration.
pub struct Judgement {
    /// Why the service would not start with them.
    pub problems: Vec<Problem>,
    /// What should be mended before long.
    pub warnings: Vec<Warning>,
}

/// What of the rules of `config` is odd and, if its [`sources`] are to be read, whether they are what they should be.
#[must_use]
pub(super) fn judge(config: &Config, are_read: bool) -> Judgement {
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
    registered(config).for_each(&mut read);
    judgement
}

/// Where everything is that judging reads.
pub fn sources(config: &Config) -> impl Iterator<Item = &Source> {
    registered(config).flat_map(ProviderConfig::sources)
}

/// Those whom providers know as their clients: that of operators among them.
fn registered(config: &Config) -> impl Iterator<Item = &ProviderConfig> {
    config.providers.iter().chain(sign_in(config).map(|sign_in| &sign_in.credentials))
}

/// How operators sign in, if by a provider.
fn sign_in(config: &Config) -> Option<&SignIn> {
    config.review.as_ref()?.sign_in.as_ref()
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

/// What can be said without asking anybody.
pub(in crate::doctor) fn examine(config: &Config) -> Vec<Finding> {
    let are_read = sources(config).all(Source::is_at_hand);
    let how = "secrets and keys: not examined, only the service and systemd can read them";
    let unread = (!are_read).then(|| Finding::note(CHECK, how));
    let Judgement { problems, warnings } = judge(config, are_read);
    let problems = problems.iter().map(|problem| Finding::of_configuration(CHECK, problem));
    let warnings = warnings.into_iter().map(|warning| Finding::of_warning(CHECK, warning));
    problems.chain(warnings).chain(unread).collect()
}

/// What each provider answers, asked by the way out that the service has.
pub(in crate::doctor) fn ask(config: &Config, clock: &Clock) -> Vec<Finding> {
    if registered(config).next().is_none() {
        return vec![];
    }
    // Nobody else may read the credential that names whom to trust, and that was told.
    if !config.egress.authorities.as_ref().is_none_or(Source::is_at_hand) {
        return vec![Finding::note(CHECK, "not asked: only the service can read egress.authorities")];
    }
    // So was what is wrong with it.
    if config.egress.authorities.is_some() && trust(&config.egress).is_err() {
        return vec![];
    }
    let egress = Egress::open(config).map_err(|problem| Finding::of_configuration(CHECK, &problem));
    let inquiry = match egress.and_then(|egress| Inquiry::open(CHECK, egress, clock.clone())) {
        Ok(inquiry) => inquiry,
        Err(finding) => return vec![finding],
    };
    let ask = |ask| {
        let (reply, between) = inquiry.ask(ask);
        reply.map(|reply| Answered { reply, between })
    };
    let inquired = |(provider, config_of, redirect_uri): (&Provider, &ProviderConfig, String)| {
        let credentials = config_of.read().ok();
        Inquired { provider, credentials: credentials.as_ref(), redirect_uri, ask: &ask }.examine(clock.now())
    };
    let of_people = config.methods.oidc.iter().zip(&config.providers);
    let of_people = of_people.map(|(provider, of)| (provider, of, redirect_uri(config, provider.name)));
    let of_operators = config
        .review
        .as_ref()
        .zip(sign_in(config))
        .map(|(review, sign_in)| (&sign_in.provider, &sign_in.credentials, format!("{}/callback", review.url)));
    of_people.chain(of_operators).flat_map(inquired).collect()
}

fn redirect_uri(config: &Config, name: ProviderName) -> String {
    format!("{}/oidc/{name}/callback", config.public_url)
}
