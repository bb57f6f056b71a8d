//! `[[methods.oidc]]`: the providers that verify people by OpenID Connect, each section as typed and as meant.

use std::collections::HashMap;

use self::credentials::ProviderConfig;
use self::typed::Section;
use crate::config::reader::{Findings, Reader};
use crate::config::secret::Source;
use crate::egress::address::{self, Standing};
use crate::verification::method::oidc::provider::Provider;

mod accept;
pub mod credentials;
mod meant;
mod request;
mod typed;

pub(in crate::config) use self::meant::{client_id, issuer};

/// How many providers there may be.
const LIMIT: usize = 16;

/// All sections as typed.
pub(super) struct Typed(Vec<Section>);

impl Typed {
    /// Reads the sections.
    pub(super) fn read(sections: Vec<Reader<'_>>) -> Self {
        Self(sections.into_iter().map(Section::read).collect())
    }

    /// Whether there is none.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where their secrets are.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.0.iter().flat_map(|section| section.client_secret.iter().chain(section.client_keys.iter().flatten()))
    }

    /// The providers that they mean, each with what names its credentials; `findings` tells what is wrong.
    pub(super) fn convert(self, findings: &Findings<'_>) -> (Vec<Provider>, Vec<ProviderConfig>) {
        if self.0.len() > LIMIT {
            let remedy = format!("keep at most {LIMIT}; a broker brings many of them by one section");
            findings.add("methods.oidc", format!("names {} providers", self.0.len()), remedy);
        }
        let converted = self.0.into_iter().map(|section| (section.path.clone(), section.convert(findings)));
        let converted: Vec<_> = converted.filter_map(|(path, converted)| Some((path, converted?))).collect();
        tell_doubles(converted.iter().map(|(path, (provider, _))| (path.as_str(), provider)), findings);
        converted.into_iter().map(|(_, converted)| converted).unzip()
    }
}

/// Where the problems of one section are told.
#[derive(Clone, Copy)]
pub(in crate::config) struct Place<'p> {
    pub(in crate::config) path: &'p str,
    pub(in crate::config) findings: &'p Findings<'p>,
}

impl Place<'_> {
    /// Tells what is wrong with `key` of the section.
    pub(in crate::config) fn wrong(self, key: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        self.findings.add(&format!("{}.{key}", self.path), problem, remedy);
    }

    /// The one of `known` that `text` names.
    fn choice<T: Copy>(self, key: &str, text: &str, known: &[(&str, T)]) -> Option<T> {
        let chosen = known.iter().find(|(name, _)| *name == text);
        if chosen.is_none() {
            let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
            self.wrong(key, format!("{text:?} is not known"), format!("known here: {}", names.join(", ")));
        }
        chosen.map(|(_, meant)| *meant)
    }
}

/// A provider that is configured by an address, or on this very machine, is reached only if it may be.
pub(in crate::config) fn check_addresses(providers: &[Provider], private: &[String], findings: &Findings<'_>) {
    for (host, _) in providers.iter().flat_map(Provider::destinations) {
        let standing = match host.parse() {
            Ok(address) => address::standing(address),
            Err(_) if host == "localhost" => Standing::Private,
            Err(_) => continue,
        };
        if standing == Standing::Never {
            findings.add(
                "methods.oidc",
                format!("{host} is never asked"),
                "name a host of the internet or your network",
            );
        } else if standing == Standing::Private && !private.iter().any(|known| known == host) {
            let problem = format!("lacks {host}, where a provider of methods.oidc is asked");
            findings.add("egress.private", problem, format!("add {host:?} to it, if the provider is your own"));
        }
    }
}

/// Each provider has a name of its own, and each registration one section: whose identities are bound by one must not be
/// bound once more by another.
fn tell_doubles<'p>(sections: impl Iterator<Item = (&'p str, &'p Provider)>, findings: &Findings<'_>) {
    let (mut names, mut registrations) = (HashMap::new(), HashMap::new());
    for (path, provider) in sections {
        if let Some(other) = names.insert(provider.name, path) {
            let problem = format!("is the name of {other} too");
            findings.add(&format!("{path}.name"), problem, "give each provider a name of its own");
        }
        if let Some(other) = registrations.insert((&provider.issuer, &provider.client_id), path) {
            let problem = format!("is registered with the same issuer by {other} too");
            findings.add(&format!("{path}.client_id"), problem, "use one section, or register idv there once more");
        }
    }
}
