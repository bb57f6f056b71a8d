//! What a provider announces, held to what is configured of it: each difference in words of the configuration.

use serde_json::Value;

use super::CHECK;
use crate::doctor::finding::Finding;
use crate::ops::text;
use crate::verification::json;
use crate::verification::method::oidc::endpoint;
use crate::verification::method::oidc::provider::{Provider, RequestKind};

/// The metadata as it stands.
pub(super) struct Announced<'p> {
    announced: Value,
    provider: &'p Provider,
}

impl<'p> Announced<'p> {
    /// The metadata of `provider` that `text` is, if it is an object.
    pub(super) fn read(text: &[u8], provider: &'p Provider) -> Option<Self> {
        let announced = json::tree(text).ok().filter(Value::is_object)?;
        Some(Self { announced, provider })
    }

    /// What it calls itself, for a terminal.
    pub(super) fn issuer(&self) -> Option<String> {
        Some(text::seen(self.announced.get("issuer")?.as_str()?).take(200).collect())
    }

    /// Endpoints that will be asked, or that people are sent to, and that are nowhere where they may be.
    pub(super) fn strange_endpoints(&self) -> Vec<Finding> {
        let names = ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"];
        let names = names.into_iter().chain(["pushed_authorization_request_endpoint"]);
        let strange = names.filter_map(|name| Some((name, self.announced.get(name)?.as_str()?)));
        let strange = strange.filter(|(_, url)| !endpoint::is_allowed(url, self.provider));
        let finding = |(name, url): (&str, &str)| {
            let url: String = text::seen(url).take(200).collect();
            let problem = format!("{}: its {name} is at {url}, which is none of its hosts", self.provider.name);
            Finding::problem(CHECK, problem, "add that host to hosts, if it is the provider's own and https")
        };
        strange.map(finding).collect()
    }

    /// Everything that is configured and not announced.
    pub(super) fn differences(&self) -> Vec<Finding> {
        let provider = self.provider;
        let mut findings = Vec::new();
        let mut compare = |key: &str, member: &str, wanted: &[&str], usual: Option<&[&str]>| {
            findings.extend(self.lacks(key, member, wanted, usual));
        };
        let algorithms: Vec<_> = provider.algorithms.iter().map(|algorithm| algorithm.as_str()).collect();
        compare("algorithms", "id_token_signing_alg_values_supported", &algorithms, Some(&[]));
        // What Discovery §3 has where it is left out.
        let usual: &[&str] = &["client_secret_basic"];
        compare(
            "client_auth",
            "token_endpoint_auth_methods_supported",
            &[provider.authentication.as_str()],
            Some(usual),
        );
        if let Some(algorithm) = provider.authentication.algorithm() {
            let member = "token_endpoint_auth_signing_alg_values_supported";
            compare("assertion_algorithm", member, &[algorithm.as_str()], None);
        }
        compare("PKCE", "code_challenge_methods_supported", &["S256"], None);
        compare("scopes", "scopes_supported", &texts(&provider.scopes), None);
        compare("acr_values", "acr_values_supported", &texts(&provider.acr_values), None);
        compare("accept.acr", "acr_values_supported", &texts(&provider.accept.acr), None);
        findings.extend(self.missing_endpoints());
        findings
    }

    /// What of `wanted` the list at `member` lacks, or where there is none, the `usual` one. Without that it says nothing.
    fn lacks(&self, key: &str, member: &str, wanted: &[&str], usual: Option<&[&str]>) -> Option<Finding> {
        let listed = self.announced.get(member).and_then(Value::as_array);
        let listed = listed.map(|listed| listed.iter().filter_map(Value::as_str).collect::<Vec<_>>());
        let listed = listed.or_else(|| usual.map(<[&str]>::to_vec))?;
        let lacking: Vec<_> = wanted.iter().copied().filter(|value| !listed.contains(value)).collect();
        let text = || {
            let listed = text::seen(&listed.join(", ")).take(300).collect::<String>();
            format!("{}: {key}: {} is not announced; {member} has: {listed}", self.provider.name, lacking.join(", "))
        };
        // Without those, nothing goes; others are hints, as the standard has it.
        let is_needed = matches!(key, "algorithms" | "client_auth" | "assertion_algorithm" | "PKCE");
        match (lacking.is_empty(), is_needed && lacking.len() == wanted.len()) {
            (true, _) => None,
            (false, true) => Some(Finding::problem(CHECK, text(), "configure what it announces, as registered there")),
            (false, false) => {
                Some(Finding::warning(CHECK, text(), "leave out what it does not have, or ask the provider"))
            }
        }
    }

    fn missing_endpoints(&self) -> Vec<Finding> {
        let Self { announced, provider } = self;
        let lacks = |name: &str| announced.get(name).is_none();
        let mut findings = Vec::new();
        let mut missing = |what: &str, remedy: &str| {
            findings.push(Finding::problem(CHECK, format!("{}: {what}", provider.name), remedy));
        };
        if provider.request == Some(RequestKind::Pushed) && lacks("pushed_authorization_request_endpoint") {
            let remedy = "have PAR enabled for idv there, or leave out request and identity.expect";
            missing("requests are to be pushed, and it announces no PAR", remedy);
        }
        if provider.userinfo && lacks("userinfo_endpoint") {
            missing("userinfo is configured, and it announces none", "leave out userinfo");
        }
        findings
    }
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}
