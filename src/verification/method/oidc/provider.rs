//! A provider as the organisation configured it: one section `[[methods.oidc]]` as meant, without its secrets.

use std::time::Duration;

use ring::digest;
use serde::{Deserialize, Serialize};

use super::jose::{Algorithm, SigningAlgorithm};
use super::name::ProviderName;
use super::names::Name;

/// The port of HTTPS.
const HTTPS: u16 = 443;

/// A provider, and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// What it is called here.
    pub name: ProviderName,
    /// What people read on its button.
    pub label: String,
    /// Its issuer, exactly as its metadata has it.
    pub issuer: String,
    /// Where its metadata is, if not below the issuer.
    pub metadata: Option<String>,
    /// Authorities, each a host and a port where that is not 443, on which its endpoints may be. The issuer's is among them.
    pub authorities: Vec<String>,
    /// What we are called there.
    pub client_id: String,
    /// How we show there that we are it.
    pub authentication: Authentication,
    /// How the request is made; missing: pushed where the provider announces that, else plain.
    pub request: Option<RequestKind>,
    /// The scopes to ask for, `openid` among them.
    pub scopes: Vec<String>,
    /// `acr_values`, in the order of preference.
    pub acr_values: Vec<String>,
    /// The parameter `claims`: the text of a JSON object that is not empty.
    pub claims: Option<String>,
    /// How what is expected stands in `claims`.
    pub verified_claims_as: Shape,
    /// Further parameters of the authorization request.
    pub parameters: Vec<(String, String)>,
    /// Whether to name the subject to the provider, in words that nobody else understands.
    pub login_hint: bool,
    /// How old a login there may be.
    pub max_age: Option<Duration>,
    /// Whether to ask for userinfo.
    pub userinfo: bool,
    /// By what an ID token may be signed. At least one.
    pub algorithms: Vec<Algorithm>,
    /// The clock difference that is tolerated.
    pub clock_leeway: Duration,
    /// What means: verified.
    pub accept: Accept,
    /// Whose identity it is.
    pub identity: IdentityRules,
    /// Whether it is a trial's own, on this very machine by plain HTTP. No configuration says so.
    pub is_of_trial: bool,
}

/// How we show that we are the client (OIDC Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// `client_secret_basic`.
    SecretBasic,
    /// `client_secret_post`.
    SecretPost,
    /// `private_key_jwt`.
    PrivateKey {
        /// For whom the assertion is made.
        audience: Audience,
        /// By what it is signed; missing: by what fits the key, and is announced.
        algorithm: Option<SigningAlgorithm>,
    },
}

impl Authentication {
    /// Its name in metadata.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::SecretBasic => "client_secret_basic",
            Self::SecretPost => "client_secret_post",
            Self::PrivateKey { .. } => "private_key_jwt",
        }
    }

    /// By what an assertion has to be signed, where that is said.
    #[must_use]
    pub const fn algorithm(&self) -> Option<SigningAlgorithm> {
        match self {
            Self::SecretBasic | Self::SecretPost => None,
            Self::PrivateKey { algorithm, .. } => *algorithm,
        }
    }
}

/// For whom an assertion is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The issuer.
    Issuer,
    /// The token endpoint.
    TokenEndpoint,
}

/// How an authorization request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// By the browser.
    Plain,
    /// Pushed beforehand (RFC 9126).
    Pushed,
}

/// How `verified_claims` stand in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// In a list, as Okta's contract has it.
    Array,
    /// Alone, as OpenID Connect for Identity Assurance has it.
    Object,
}

/// What in an answer means: verified. At least one of it; all of it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accept {
    /// One of these is `acr` of the ID token. Empty: it does not matter.
    pub acr: Vec<String>,
    /// There are such `verified_claims`.
    pub verified_claims: Option<VerifiedClaims>,
    /// At each of these JSON pointers (RFC 6901) stands one of its values.
    pub values: Vec<(String, Vec<serde_json::Value>)>,
    /// A login there is enough.
    pub login_alone: bool,
}

/// Which `verified_claims` count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedClaims {
    /// One of these is their `trust_framework`.
    pub trust_framework: Vec<String>,
    /// One of these is their `assurance_level`.
    pub assurance_level: Vec<String>,
    /// How old they may be.
    pub max_age: Option<Duration>,
}

/// Whose identity it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRules {
    /// The JSON pointer (RFC 6901) to what names the person for ever.
    pub pointer: String,
    /// Whether an identity serves one account of a tenant.
    pub one_account: bool,
    /// Whether who comes again must be who came first.
    pub same_person: bool,
    /// What must equal what Auth0 knows of the account.
    pub matched: Vec<Name>,
    /// What of it is sent to the provider, which compares.
    pub expected: Vec<Name>,
}

/// Names a registration of ours at a provider: who has another one may know the same person by another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration([u8; 8]);

impl Provider {
    /// Its registration.
    #[must_use]
    pub fn registration(&self) -> Registration {
        let text = [&self.issuer, "\0", &self.client_id, "\0", &self.identity.pointer].concat();
        let mut registration = [0; 8];
        registration.copy_from_slice(&digest::digest(&digest::SHA256, text.as_bytes()).as_ref()[..8]);
        Registration(registration)
    }

    /// The hosts that its endpoints may be on, each with its port.
    pub fn destinations(&self) -> impl Iterator<Item = (&str, u16)> {
        self.authorities.iter().map(|authority| match authority.split_once(':') {
            Some((host, port)) => (host, port.parse().unwrap_or(HTTPS)),
            None => (authority.as_str(), HTTPS),
        })
    }
}
