//! `[review.oidc]`: the provider by which operators sign in, and what of its claims makes them operators.

use std::time::Duration;

use crate::config::method::oidc::credentials::{CredentialSources, ProviderConfig};
use crate::config::method::oidc::{Place, client_id, issuer};
use crate::config::reader::{Findings, Reader};
use crate::config::secret::Source;
use crate::verification::method::oidc::jose::Algorithm;
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::oidc::provider::{Accept, Authentication, IdentityRules, Provider, Shape};
use crate::verification::operator::Role;
use crate::verification::operator::sign_in::Terms;

/// Where the section is, and what the provider is called in memory and in the log.
const PATH: &str = "review.oidc";
const NAME: &str = "console";
/// Hosts whose names no claim of an Action may have: Auth0 leaves such a one out without a word.
const SWALLOWED: [&str; 3] = ["auth0.com", "webtask.io", "webtask.run"];
/// The longest name of a claim, in bytes.
const CLAIM_LIMIT: usize = 255;
/// The clock difference that is tolerated.
const LEEWAY: Duration = Duration::from_mins(1);

/// How operators sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The provider.
    pub provider: Provider,
    /// What names its credentials.
    pub credentials: ProviderConfig,
    /// What of its claims makes somebody an operator.
    pub terms: Terms,
}

/// The section as typed.
pub(super) struct Typed {
    issuer: Option<String>,
    client_id: Option<String>,
    pub(super) client_secret: Option<Source>,
    claim: Option<String>,
    /// By role, in the order of [`Role::ALL`]. Default: no value gives it.
    values: [Vec<String>; Role::ALL.len()],
    /// Default: it does not matter.
    acr: Vec<String>,
    /// Default: it does not matter.
    amr: Vec<String>,
}

impl Typed {
    /// Reads the section; none if it does not stand there.
    pub(super) fn read(oidc: Reader<'_>, is_there: bool) -> Option<Self> {
        let text = |key, remedy: &str| if is_there { oidc.required(key, remedy) } else { oidc.optional::<String>(key) };
        let issuer = text("issuer", "write the provider's issuer, exactly as its metadata has it");
        let client_id = text("client_id", "write what the provider calls the console, as it was registered there");
        let claim = text("claim", "name the claim of the ID token that says who may do what");
        let remedy = "name where the client secret is, such as client_secret = { file = \"/etc/idv/review-secret\" }";
        let client_secret =
            if is_there { oidc.required("client_secret", remedy) } else { oidc.optional("client_secret") };
        let values = Role::ALL.map(|role| oidc.optional(role.as_str()).unwrap_or_default());
        let accept = oidc.table("accept");
        let [acr, amr] = ["acr", "amr"].map(|key| accept.optional(key).unwrap_or_default());
        accept.finish(|_| false);
        oidc.finish(|_| false);
        is_there.then_some(Self { issuer, client_id, client_secret, claim, values, acr, amr })
    }

    /// What it means; none if something that nothing can stand in for is wrong, which `findings` then tells.
    pub(super) fn convert(self, findings: &Findings<'_>) -> Option<SignIn> {
        let place = Place { path: PATH, findings };
        let authority = self.issuer.as_deref().and_then(|text| issuer(place, text)).map(|issuer| issuer.authority());
        let client_id = self.client_id.as_deref().and_then(|text| client_id(place, text));
        let claim = self.claim.as_deref().and_then(|text| claim(place, text));
        let roles = roles(place, self.values);
        let name = ProviderName::parse(NAME).expect("it is one");
        let provider = Provider {
            name,
            label: String::new(),
            issuer: self.issuer?,
            metadata: None,
            authorities: vec![authority?],
            client_id: client_id?,
            authentication: Authentication::SecretBasic,
            request: None,
            scopes: vec!["openid".into(), "profile".into()],
            acr_values: self.acr.clone(),
            claims: None,
            verified_claims_as: Shape::Object,
            parameters: vec![],
            login_hint: false,
            max_age: None,
            userinfo: false,
            algorithms: Algorithm::ALL.to_vec(),
            clock_leeway: LEEWAY,
            accept: Accept { acr: self.acr, login_alone: true, ..Accept::default() },
            identity: IdentityRules {
                pointer: "/sub".into(),
                one_account: false,
                same_person: false,
                matched: vec![],
                expected: vec![],
            },
            is_of_trial: false,
        };
        let sources = CredentialSources::Secret(self.client_secret?);
        let credentials = ProviderConfig { path: PATH.into(), name, sources };
        Some(SignIn { provider, credentials, terms: Terms { claim: claim?, roles, amr: self.amr } })
    }
}

fn claim(place: Place<'_>, text: &str) -> Option<String> {
    let host = text.split_once("://").map_or("", |(_, rest)| rest.split(['/', ':', '?', '#']).next().unwrap_or(rest));
    let is_swallowed = |swallowed: &str| host == swallowed || host.ends_with(&format!(".{swallowed}"));
    if SWALLOWED.into_iter().any(is_swallowed) {
        let remedy = "name it by a URL of your own, such as \"https://acme.example/idv\", in the Action too";
        place.wrong("claim", format!("is of {host}: Auth0 leaves such a claim out without a word"), remedy);
        return None;
    }
    let is_good = (1..=CLAIM_LIMIT).contains(&text.len()) && !text.contains(char::is_control);
    if !is_good {
        place.wrong("claim", "is no name of a claim", "write it as it stands in the ID token");
    }
    is_good.then(|| text.to_owned())
}

/// Each value gives one role, and there is one.
fn roles(place: Place<'_>, values: [Vec<String>; Role::ALL.len()]) -> Vec<(String, Role)> {
    let mut roles: Vec<(String, Role)> = Vec::new();
    for (role, values) in Role::ALL.into_iter().zip(values) {
        for value in values {
            if value.is_empty() {
                place.wrong(role.as_str(), "has an empty text, which gives nothing", "remove it");
            } else if let Some((_, other)) = roles.iter().find(|(known, _)| *known == value) {
                let problem = format!("{value:?} gives {} and {}", other.as_str(), role.as_str());
                place.findings.add(PATH, problem, "let each value give one role; a person may have several values");
            } else {
                roles.push((value, role));
            }
        }
    }
    if roles.is_empty() {
        let remedy = "write at least one of desk, reviewer and supervisor, such as reviewer = [\"reviewer\"]";
        place.findings.add(PATH, "gives nobody a role, so nobody could sign in", remedy);
    }
    roles
}
