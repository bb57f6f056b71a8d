//! What a provider is sent: the authorization request, by the browser or pushed beforehand, and the request for tokens.

use std::time::Duration;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use form_urlencoded::Serializer;
use ring::rand::SecureRandom;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::answer::Code;
use super::credentials::{ClientSecret, Credentials};
use super::fault::Fault;
use super::jose::{ClientKey, SigningAlgorithm};
use super::metadata::Metadata;
use super::names::Name;
use super::object::Tree;
use super::provider::{Audience, Authentication, Provider, Shape};
use super::transaction::{Transaction, TransactionId};
use crate::verification::session::id::SessionId;
use crate::verification::time::Timestamp;

/// The longest address that a browser is sent to: what firewalls before providers let pass.
pub const ADDRESS_LIMIT: usize = 4096;
/// How long an assertion of ours is good for.
const ASSERTION_LIFETIME: Duration = Duration::from_mins(1);

/// A form that wipes itself.
pub type Form = Zeroizing<String>;

/// What is posted to a provider as its client.
pub struct Posted {
    /// `Authorization`, where the secret is shown so.
    pub authorization: Option<Zeroizing<String>>,
    /// The body, `application/x-www-form-urlencoded`.
    pub body: Form,
}

/// What an authorization request asks for.
pub struct Asked<'a, S = SessionId> {
    /// The provider.
    pub provider: &'a Provider,
    /// Where it answers to.
    pub redirect_uri: &'a str,
    /// The transaction's name.
    pub id: TransactionId,
    /// The transaction.
    pub transaction: &'a Transaction<S>,
    /// The language of the person's pages.
    pub ui_locales: &'a str,
    /// How the subject is named to the provider, if it is.
    pub login_hint: Option<String>,
    /// What the account says of the person, as far as it is expected there.
    pub expected: Vec<(Name, &'a str)>,
}

impl<S> Asked<'_, S> {
    /// The parameters of the authorization request (OIDC Core §3.1.2.1, RFC 7636 §4.3).
    fn parameters(&self) -> Zeroizing<String> {
        let Self { provider, redirect_uri, id, transaction, ui_locales, login_hint, .. } = self;
        let mut form = Serializer::new(String::with_capacity(ADDRESS_LIMIT));
        form.append_pair("response_type", "code")
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", &provider.scopes.join(" "))
            .append_pair("state", &id.to_string())
            .append_pair("nonce", &transaction.nonce())
            .append_pair("code_challenge", &transaction.challenge())
            .append_pair("code_challenge_method", "S256");
        if !provider.parameters.iter().any(|(name, _)| name == "ui_locales") {
            form.append_pair("ui_locales", ui_locales);
        }
        if !provider.acr_values.is_empty() {
            form.append_pair("acr_values", &provider.acr_values.join(" "));
        }
        if let Some(max_age) = provider.max_age {
            form.append_pair("max_age", &max_age.as_secs().to_string());
        }
        if let Some(login_hint) = login_hint {
            form.append_pair("login_hint", login_hint);
        }
        if let Some(claims) = self.claims() {
            form.append_pair("claims", &Zeroizing::new(claims.0.to_string()));
        }
        form.extend_pairs(&provider.parameters);
        Zeroizing::new(form.finish())
    }

    /// `claims`: what is configured, and what is expected of the person. Never an empty object, which providers refuse.
    fn claims(&self) -> Option<Zeroizing<Tree>> {
        let configured = self.provider.claims.as_deref().and_then(|claims| serde_json::from_str(claims).ok());
        let mut claims: Map<String, Value> = configured.unwrap_or_default();
        if !self.expected.is_empty() {
            let id_token = claims.entry("id_token").or_insert_with(|| json!({}));
            id_token["verified_claims"] = self.verified_claims();
        }
        (!claims.is_empty()).then_some(Zeroizing::new(Tree(Value::Object(claims))))
    }

    /// The names that the provider is to compare: in Okta's contract a list with `fuzzy`, in OpenID Connect for Identity
    /// Assurance (§6) an object.
    fn verified_claims(&self) -> Value {
        let is_list = self.provider.verified_claims_as == Shape::Array;
        let mut verification = Map::new();
        if let Some(accepted) = &self.provider.accept.verified_claims {
            let first = |values: &[String]| values.first().map(|value| json!({ "value": value, "essential": true }));
            verification.extend(first(&accepted.trust_framework).map(|value| ("trust_framework".to_owned(), value)));
            verification.extend(first(&accepted.assurance_level).map(|value| ("assurance_level".to_owned(), value)));
        }
        let expect =
            |value: &str| if is_list { json!({ "value": value, "fuzzy": true }) } else { json!({ "value": value }) };
        let claims: Map<_, _> =
            self.expected.iter().map(|(name, value)| (name.as_str().to_owned(), expect(value))).collect();
        let verified_claims = json!({ "verification": verification, "claims": claims });
        if is_list { json!([verified_claims]) } else { verified_claims }
    }

    /// Where the browser is sent with the request itself.
    ///
    /// # Errors
    /// [`Fault::RequestTooLong`], if that address is longer than gets there.
    pub fn address(&self, metadata: &Metadata) -> Result<String, Fault> {
        within_limit(with_query(&metadata.authorization_endpoint, &self.parameters()))
    }

    /// The request as it is pushed (RFC 9126 §2.1).
    ///
    /// # Errors
    /// [`Fault`], if we cannot show who we are.
    pub fn pushed(&self, client: &Client<'_>) -> Result<Posted, Fault> {
        client.post(self.parameters())
    }
}

/// Where the browser is sent with a request that was pushed.
///
/// # Errors
/// [`Fault::RequestTooLong`], if that address is longer than gets there.
pub fn address_of_pushed(provider: &Provider, metadata: &Metadata, request_uri: &str) -> Result<String, Fault> {
    let mut query = Serializer::new(String::new());
    query.append_pair("client_id", &provider.client_id).append_pair("request_uri", request_uri);
    within_limit(with_query(&metadata.authorization_endpoint, &query.finish()))
}

/// An endpoint may have parameters of its own (RFC 6749 §3.1).
fn with_query(endpoint: &str, query: &str) -> String {
    let sign = if endpoint.contains('?') { "&" } else { "?" };
    [endpoint, sign, query].concat()
}

fn within_limit(address: String) -> Result<String, Fault> {
    if address.len() <= ADDRESS_LIMIT { Ok(address) } else { Err(Fault::RequestTooLong) }
}

/// Us, as a provider's client.
pub struct Client<'a> {
    /// The provider.
    pub provider: &'a Provider,
    /// What it says of itself.
    pub metadata: &'a Metadata,
    /// What shows that we are it.
    pub credentials: &'a Credentials,
    /// The time, for assertions.
    pub now: Timestamp,
    /// Makes assertions unique, and signs.
    pub random: &'a dyn SecureRandom,
}

impl Client<'_> {
    /// The request for tokens (OIDC Core §3.1.3.1, RFC 7636 §4.5).
    ///
    /// # Errors
    /// [`Fault`], if we cannot show who we are.
    pub fn token_request<S>(
        &self,
        code: &Code,
        redirect_uri: &str,
        transaction: &Transaction<S>,
    ) -> Result<Posted, Fault> {
        self.exchange(code.as_str(), redirect_uri, &transaction.verifier())
    }

    /// A request for tokens by a code that nobody gave out: what is refused of it tells whether we are known as the client.
    ///
    /// # Errors
    /// [`Fault`], if we cannot show who we are.
    pub fn nonsense_request(&self, redirect_uri: &str, nonsense: &str) -> Result<Posted, Fault> {
        self.exchange(nonsense, redirect_uri, nonsense)
    }

    fn exchange(&self, code: &str, redirect_uri: &str, verifier: &str) -> Result<Posted, Fault> {
        let mut form = Serializer::new(String::with_capacity(1024));
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("code_verifier", verifier);
        // Whoever shows a secret in the header is named there.
        if self.provider.authentication != Authentication::SecretBasic {
            form.append_pair("client_id", &self.provider.client_id);
        }
        self.post(Zeroizing::new(form.finish()))
    }

    /// `form`, which names us where that does not, with what shows that we are the client (OIDC Core §9).
    fn post(&self, form: Form) -> Result<Posted, Fault> {
        match (self.provider.authentication, self.credentials) {
            (Authentication::SecretBasic, Credentials::Secret(secret)) => {
                Ok(Posted { authorization: Some(self.basic(secret)), body: form })
            }
            (Authentication::SecretPost, Credentials::Secret(secret)) => {
                Ok(Posted { authorization: None, body: with_fields(&form, &[("client_secret", secret.as_str())]) })
            }
            (Authentication::PrivateKey { audience, algorithm }, Credentials::Keys(keys)) => {
                let key = keys.first().ok_or(Fault::ClientKey)?;
                let assertion = Zeroizing::new(self.assertion(key, audience, algorithm)?);
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                let fields = [("client_assertion_type", kind), ("client_assertion", assertion.as_str())];
                Ok(Posted { authorization: None, body: with_fields(&form, &fields) })
            }
            (_, _) => Err(Fault::ClientKey),
        }
    }

    /// Name and secret are encoded as in forms first (RFC 6749 §2.3.1).
    fn basic(&self, secret: &ClientSecret) -> Zeroizing<String> {
        let mut both = Zeroizing::new(String::with_capacity(256));
        both.extend(form_urlencoded::byte_serialize(self.provider.client_id.as_bytes()));
        both.push(':');
        both.extend(form_urlencoded::byte_serialize(secret.as_str().as_bytes()));
        Zeroizing::new(format!("Basic {}", BASE64.encode(both.as_bytes())))
    }

    /// A JWT by which we vouch for ourselves (RFC 7523 §3).
    fn assertion(
        &self,
        key: &ClientKey,
        audience: Audience,
        algorithm: Option<SigningAlgorithm>,
    ) -> Result<String, Fault> {
        let mut unique = [0; 16];
        self.random.fill(&mut unique).map_err(|_| Fault::ClientKey)?;
        let claims = json!({
            "iss": self.provider.client_id,
            "sub": self.provider.client_id,
            "aud": match audience {
                Audience::Issuer => &self.provider.issuer,
                Audience::TokenEndpoint => &self.metadata.token_endpoint,
            },
            "jti": BASE64URL_NOPAD.encode(&unique),
            "iat": self.now.as_unix(),
            "exp": self.now.later(ASSERTION_LIFETIME).as_unix(),
        });
        let algorithm = algorithm.or_else(|| self.algorithm(key)).ok_or(Fault::ClientKey)?;
        key.sign(algorithm, &claims, "JWT", self.random).map_err(|_| Fault::ClientKey)
    }

    /// The first that the key can do and the provider announces; where that announces none, the first that the key can do.
    fn algorithm(&self, key: &ClientKey) -> Option<SigningAlgorithm> {
        let announced = &self.metadata.token_endpoint_auth_signing_algs;
        let is_announced = |algorithm: &&SigningAlgorithm| announced.iter().any(|name| name == algorithm.as_str());
        let ours = key.algorithms();
        ours.iter().find(is_announced).or(ours.first().filter(|_| announced.is_empty())).copied()
    }
}

fn with_fields(form: &str, fields: &[(&str, &str)]) -> Form {
    let mut more = Serializer::new(String::with_capacity(form.len() + 1024));
    more.extend_pairs(fields);
    let more = Zeroizing::new(more.finish());
    Zeroizing::new([form, "&", &more].concat())
}
