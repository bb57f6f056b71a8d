//! What a provider says of itself (OpenID Connect Discovery 1.0 §3, RFC 8414 §2), held to what is configured of it.

use serde_json::Value;

use super::endpoint::is_allowed;
use super::fault::Fault;
use super::object::Object;
use super::provider::{Provider, RequestKind};

/// What of a provider's metadata is used, all of it checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Where browsers are sent. It may have a query of its own (RFC 6749 §3.1).
    pub authorization_endpoint: String,
    /// Where a code becomes tokens.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
    /// Where userinfo is, if that is configured.
    pub userinfo_endpoint: Option<String>,
    /// Where requests are pushed to, unless they are to be plain.
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Where browsers sign out there, if it says so (OpenID Connect RP-Initiated Logout 1.0 §2). Nobody is verified by it, so
    /// that what is wrong with it is as good as nothing.
    pub end_session_endpoint: Option<String>,
    /// Whether it takes pushed requests alone, whatever is configured.
    pub requires_pushed: bool,
    /// Whether its answers name it by `iss` (RFC 9207).
    pub announces_iss: bool,
    /// By what an assertion of ours may be signed. Empty: it does not say.
    pub token_endpoint_auth_signing_algs: Vec<String>,
}

/// Where the metadata of `provider` is.
#[must_use]
pub fn address(provider: &Provider) -> String {
    // A slash at the end is removed first (Discovery §4.1).
    let below =
        |issuer: &str| format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer));
    provider.metadata.clone().unwrap_or_else(|| below(&provider.issuer))
}

impl Metadata {
    /// The metadata of `provider` that `text` is. Endpoints that will not be used are not looked at.
    ///
    /// # Errors
    /// M1 to M3, in this order: [`Fault::MetadataMalformed`], [`Fault::MetadataIssuer`], [`Fault::MetadataEndpoint`],
    /// [`Fault::MetadataUnannounced`].
    pub fn read(text: &[u8], provider: &Provider) -> Result<Self, Fault> {
        let announced = Announced(Object::read(text).ok_or(Fault::MetadataMalformed)?);
        if announced.0.text("issuer") != Some(&provider.issuer) {
            return Err(Fault::MetadataIssuer);
        }
        let endpoint = |name| announced.endpoint(name, provider);
        let required = |name| endpoint(name)?.ok_or(Fault::MetadataMalformed);
        let requires_pushed = announced.flag("require_pushed_authorization_requests")?;
        let may_push = requires_pushed || provider.request != Some(RequestKind::Plain);
        let metadata = Self {
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            jwks_uri: required("jwks_uri")?,
            userinfo_endpoint: provider.userinfo.then(|| endpoint("userinfo_endpoint")).transpose()?.flatten(),
            pushed_authorization_request_endpoint: may_push
                .then(|| endpoint("pushed_authorization_request_endpoint"))
                .transpose()?
                .flatten(),
            end_session_endpoint: endpoint("end_session_endpoint").ok().flatten(),
            requires_pushed,
            announces_iss: announced.flag("authorization_response_iss_parameter_supported")?,
            token_endpoint_auth_signing_algs: announced
                .list("token_endpoint_auth_signing_alg_values_supported")?
                .unwrap_or_default(),
        };
        let is_announced = metadata.has_endpoints_for(provider) && announced.announces(provider)?;
        is_announced.then_some(metadata).ok_or(Fault::MetadataUnannounced)
    }

    fn has_endpoints_for(&self, provider: &Provider) -> bool {
        let must_push = self.requires_pushed || provider.request == Some(RequestKind::Pushed);
        (self.userinfo_endpoint.is_some() || !provider.userinfo)
            && (self.pushed_authorization_request_endpoint.is_some() || !must_push)
    }
}

/// The metadata as it stands. A member of the wrong type makes it malformed.
struct Announced(Object);

impl Announced {
    fn endpoint(&self, name: &str, provider: &Provider) -> Result<Option<String>, Fault> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(url)) if is_allowed(url, provider) => Ok(Some(url.clone())),
            Some(Value::String(_)) => Err(Fault::MetadataEndpoint),
            Some(_) => Err(Fault::MetadataMalformed),
        }
    }

    fn flag(&self, name: &str) -> Result<bool, Fault> {
        match self.0.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(Fault::MetadataMalformed),
        }
    }

    fn list(&self, name: &str) -> Result<Option<Vec<String>>, Fault> {
        let text = |item: &Value| item.as_str().map(str::to_owned);
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Array(items)) => {
                items.iter().map(text).collect::<Option<_>>().map(Some).ok_or(Fault::MetadataMalformed)
            }
            Some(_) => Err(Fault::MetadataMalformed),
        }
    }

    /// Whether what is configured is announced: algorithms, our authentication, S256. Whatever else it lists is a hint.
    fn announces(&self, provider: &Provider) -> Result<bool, Fault> {
        let algorithms = self.list("id_token_signing_alg_values_supported")?.unwrap_or_default();
        // What Discovery §3 has where it is left out.
        let usual = || vec!["client_secret_basic".to_owned()];
        let methods = self.list("token_endpoint_auth_methods_supported")?.unwrap_or_else(usual);
        let signing = self.list("token_endpoint_auth_signing_alg_values_supported")?;
        let challenges = self.list("code_challenge_methods_supported")?;
        let has = |list: &[String], name: &str| list.iter().any(|item| item == name);
        Ok(provider.algorithms.iter().any(|algorithm| has(&algorithms, algorithm.as_str()))
            && has(&methods, provider.authentication.as_str())
            && provider
                .authentication
                .algorithm()
                .is_none_or(|own| signing.is_none_or(|listed| has(&listed, own.as_str())))
            && challenges.is_none_or(|listed| has(&listed, "S256")))
    }
}
