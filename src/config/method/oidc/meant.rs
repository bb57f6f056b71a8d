//! One section `[[methods.oidc]]` as meant.

use std::time::Duration;

use super::credentials::{CredentialSources, ProviderConfig};
use super::typed::Section;
use super::{Place, accept, request};
use crate::config::reader::Findings;
use crate::config::secret::Source;
use crate::egress::Url;
use crate::verification::method::oidc::jose::{Algorithm, SigningAlgorithm};
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::oidc::provider::{Audience, Authentication, Provider};

/// The longest label, in characters: what fits a button on a phone.
const LABEL_LIMIT: usize = 40;
/// The longest name of ours at a provider, in bytes.
const CLIENT_ID_LIMIT: usize = 512;
/// How many further hosts there may be.
const HOST_LIMIT: usize = 16;
/// How many keys there may be: one, and another while it is replaced; the rest is for comfort.
const KEY_LIMIT: usize = 8;
/// The largest clock difference that is tolerated, in seconds.
const LEEWAY_LIMIT: u64 = 300;

impl Section {
    /// What it means; none if something that nothing can stand in for is wrong, which `findings` then tells.
    pub(super) fn convert(self, findings: &Findings<'_>) -> Option<(Provider, ProviderConfig)> {
        let place = Place { path: &self.path, findings };
        let name = self.name.as_deref().and_then(|text| name(place, text));
        let label = self.label.as_deref().and_then(|text| label(place, text));
        let issuer = self.issuer.as_deref().and_then(|text| issuer(place, text));
        let metadata = self.metadata.as_deref().and_then(|text| metadata(place, text));
        let hosts = hosts(place, &self.hosts);
        let client_id = self.client_id.as_deref().and_then(|text| client_id(place, text));
        let authenticated = authentication(place, &self);
        let algorithms = algorithms(place, &self.algorithms);
        if self.clock_leeway_secs > LEEWAY_LIMIT {
            place.wrong("clock_leeway_secs", "is out of range", "choose 0 to 300; set the machine's clock by NTP");
        }
        let request = request::convert(place, &self);
        let accept = accept::convert(place, self.accept, &self.acr_values);
        let identity = accept::convert_identity(place, self.identity);
        let (name, issuer, (authentication, sources)) = (name?, issuer?, authenticated?);
        let authorities = std::iter::once(&issuer).chain(&metadata).map(Url::authority).chain(hosts);
        let provider = Provider {
            name,
            label: label?,
            authorities: distinct(authorities),
            issuer: self.issuer?,
            metadata: self.metadata,
            client_id: client_id?,
            authentication,
            request: request.kind,
            scopes: self.scopes,
            acr_values: self.acr_values,
            claims: self.claims,
            verified_claims_as: request.verified_claims_as,
            parameters: self.parameters.into_iter().collect(),
            login_hint: request.login_hint,
            max_age: self.max_age_secs.map(Duration::from_secs),
            userinfo: request.userinfo,
            algorithms,
            clock_leeway: Duration::from_secs(self.clock_leeway_secs),
            accept,
            identity,
            is_of_trial: false,
        };
        Some((provider, ProviderConfig { path: self.path, name, sources }))
    }
}

fn name(place: Place<'_>, text: &str) -> Option<ProviderName> {
    let name = ProviderName::parse(text);
    name.map_err(|error| place.wrong("name", error.to_string(), "it stands in URLs and records, such as \"didit\""))
        .ok()
}

fn label(place: Place<'_>, text: &str) -> Option<String> {
    let label = text.trim();
    let is_good = (1..=LABEL_LIMIT).contains(&label.chars().count()) && !label.contains(char::is_control);
    if !is_good {
        place.wrong("label", "is not a label to show", format!("write 1 to {LABEL_LIMIT} characters on one line"));
    }
    is_good.then(|| label.to_owned())
}

/// The URL that `text` is, of a host that has a name or an IPv4 address: endpoints are on no others.
fn named(text: &str) -> Option<Url> {
    Url::parse(text).filter(|url| !url.host().contains(':'))
}

/// OpenID Connect Discovery §2: no query and no fragment.
pub(in crate::config) fn issuer(place: Place<'_>, text: &str) -> Option<Url> {
    let issuer = named(text).filter(|_| !text.contains('?'));
    if issuer.is_none() {
        let remedy =
            "write it exactly as in the provider's metadata: https://HOST/…, the host in lower case, without ? and #";
        place.wrong("issuer", "is not the URL of an issuer", remedy);
    }
    issuer
}

fn metadata(place: Place<'_>, text: &str) -> Option<Url> {
    let metadata = named(text);
    if metadata.is_none() {
        let remedy = "write https://HOST/…, the host in lower case; left out, it is looked for below the issuer";
        place.wrong("metadata", "is not a URL that can be asked", remedy);
    }
    metadata
}

/// The authorities that they name.
fn hosts(place: Place<'_>, typed: &[String]) -> Vec<String> {
    if typed.len() > HOST_LIMIT {
        place.wrong("hosts", "names too many", format!("keep at most {HOST_LIMIT}"));
    }
    let host = |text: &String| {
        let url = named(&format!("https://{text}")).filter(|_| !text.contains(['/', '?']));
        if url.is_none() {
            let remedy = "write the bare host in lower case, or HOST:PORT, such as \"keys.example\"";
            place.wrong("hosts", format!("{text:?} is not a host"), remedy);
        }
        url.map(|url| url.authority())
    };
    typed.iter().filter_map(host).collect()
}

/// RFC 6749, appendix A.1.
pub(in crate::config) fn client_id(place: Place<'_>, text: &str) -> Option<String> {
    let is_good = (1..=CLIENT_ID_LIMIT).contains(&text.len())
        && text.trim() == text
        && text.bytes().all(|b| matches!(b, b' '..=b'~'));
    if !is_good {
        let remedy = format!("write what the provider shows: 1 to {CLIENT_ID_LIMIT} characters of ASCII");
        place.wrong("client_id", "is not a client's name", remedy);
    }
    is_good.then(|| text.to_owned())
}

/// How we show who we are, and where what we show is. Nothing that it does not need may stand there: who wrote it expects
/// something of it.
fn authentication(place: Place<'_>, typed: &Section) -> Option<(Authentication, CredentialSources)> {
    let needless = |key, is_there| {
        if is_there {
            let remedy = "remove it, or change client_auth (secret_basic, secret_post, private_key_jwt)";
            place.wrong(key, format!("is of no use to client_auth = {:?}", typed.client_auth), remedy);
        }
    };
    let ways = [("secret_basic", Some(Authentication::SecretBasic)), ("secret_post", Some(Authentication::SecretPost))];
    let ways = [ways.as_slice(), &[("private_key_jwt", None)]].concat();
    if let Some(by_secret) = place.choice("client_auth", &typed.client_auth, &ways)? {
        needless("client_keys", typed.client_keys.is_some());
        needless("assertion_audience", typed.assertion_audience.is_some());
        needless("assertion_algorithm", typed.assertion_algorithm.is_some());
        return Some((by_secret, CredentialSources::Secret(typed.client_secret.clone()?)));
    }
    needless("client_secret", typed.client_secret.is_some());
    let audiences = [("issuer", Audience::Issuer), ("token_endpoint", Audience::TokenEndpoint)];
    let audience = typed.assertion_audience.as_deref().unwrap_or("issuer");
    let audience = place.choice("assertion_audience", audience, &audiences);
    let algorithm = typed.assertion_algorithm.as_deref().and_then(|text| {
        let known = SigningAlgorithm::ALL.map(|algorithm| (algorithm.as_str(), algorithm));
        place.choice("assertion_algorithm", text, &known)
    });
    let sources = keys(place, typed.client_keys.as_deref()?);
    let authentication = Authentication::PrivateKey { audience: audience?, algorithm };
    Some((authentication, CredentialSources::Keys { sources, algorithm }))
}

fn keys(place: Place<'_>, typed: &[Source]) -> Vec<Source> {
    if !(1..=KEY_LIMIT).contains(&typed.len()) {
        place.wrong("client_keys", "names no key or too many", format!("name 1 to {KEY_LIMIT}: the first signs"));
    }
    typed.to_vec()
}

fn algorithms(place: Place<'_>, typed: &[String]) -> Vec<Algorithm> {
    if typed.is_empty() {
        place.wrong("algorithms", "is empty", "name at least one, such as \"RS256\"");
    }
    let known = Algorithm::ALL.map(|algorithm| (algorithm.as_str(), algorithm));
    distinct(typed.iter().filter_map(|text| place.choice("algorithms", text, &known)))
}

/// Each of `items` once, in their order.
fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut distinct = Vec::new();
    for item in items {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    distinct
}
