//! One section `[[methods.oidc]]` as typed.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::config::reader::Reader;
use crate::config::secret::Source;

/// How a client shows who it is, where nothing else is said (OpenID Connect Core §9).
const USUAL_AUTHENTICATION: &str = "secret_basic";

/// The section.
pub(super) struct Section {
    /// Where in the file, such as `methods.oidc.0`.
    pub(super) path: String,
    /// What the provider is called here. No default.
    pub(super) name: Option<String>,
    /// What people read on its button. No default.
    pub(super) label: Option<String>,
    /// Its issuer. No default.
    pub(super) issuer: Option<String>,
    /// Where its metadata is. Default: below the issuer.
    pub(super) metadata: Option<String>,
    /// Further hosts that its endpoints may be on. Default: none.
    pub(super) hosts: Vec<String>,
    /// What we are called there. No default.
    pub(super) client_id: Option<String>,
    /// `secret_basic`, `secret_post` or `private_key_jwt`. Default: `secret_basic`.
    pub(super) client_auth: String,
    /// Where the client secret is. Required, unless keys take its place.
    pub(super) client_secret: Option<Source>,
    /// Where our keys are: the first signs, all are published. Required by `private_key_jwt`.
    pub(super) client_keys: Option<Vec<Source>>,
    /// For whom an assertion is made: `issuer` or `token_endpoint`. Default: `issuer`.
    pub(super) assertion_audience: Option<String>,
    /// By what it is signed. Default: by what fits the first key, and is announced.
    pub(super) assertion_algorithm: Option<String>,
    /// `par` or `plain`. Default: `par` where the provider announces it.
    pub(super) request: Option<String>,
    /// The scopes. Default: `openid`.
    pub(super) scopes: Vec<String>,
    /// `acr_values`. Default: none.
    pub(super) acr_values: Vec<String>,
    /// `claims`, the text of a JSON object. Default: none.
    pub(super) claims: Option<String>,
    /// How what is expected stands in `claims`: `array` or `object`. Default: `array`.
    pub(super) verified_claims_as: String,
    /// Further parameters of the request. Default: none.
    pub(super) parameters: BTreeMap<String, String>,
    /// Whether the subject is named to the provider. Default: where something of them is expected.
    pub(super) login_hint: Option<bool>,
    /// How old a login there may be. Default: it does not matter.
    pub(super) max_age_secs: Option<u64>,
    /// `none` or `json`. Default: `none`.
    pub(super) userinfo: String,
    /// By what an ID token may be signed. Default: `RS256`.
    pub(super) algorithms: Vec<String>,
    /// The clock difference that is tolerated. Default: 60.
    pub(super) clock_leeway_secs: u64,
    /// What means: verified. At least one line.
    pub(super) accept: Accept,
    /// Whose identity it is.
    pub(super) identity: Identity,
}

/// `[methods.oidc.accept]`. Default: nothing, which is refused.
pub(super) struct Accept {
    /// Whether a line of it stands there, be it right or wrong.
    pub(super) is_there: bool,
    /// The accepted `acr`.
    pub(super) acr: Option<Vec<String>>,
    /// The accepted `verified_claims`.
    pub(super) verified_claims: Option<VerifiedClaims>,
    /// The accepted values by their JSON pointers.
    pub(super) values: Option<BTreeMap<String, Vec<Value>>>,
    /// Whether a login there is enough.
    pub(super) login_alone: bool,
}

/// `verified_claims` of that.
pub(super) struct VerifiedClaims {
    /// The accepted frameworks. No default.
    pub(super) trust_framework: Option<Vec<String>>,
    /// The accepted levels. No default.
    pub(super) assurance_level: Option<Vec<String>>,
    /// How old they may be. Default: it does not matter.
    pub(super) max_age_days: Option<u64>,
}

/// `[methods.oidc.identity]`.
pub(super) struct Identity {
    /// The JSON pointer to what names the person. Default: `/sub`.
    pub(super) pointer: String,
    /// Whether an identity serves one account of a tenant. Default: true.
    pub(super) one_account: bool,
    /// Whether who comes again must be who came first. Default: true.
    pub(super) same_person: bool,
    /// What must equal what Auth0 knows. Default: nothing.
    pub(super) matched: Vec<String>,
    /// What of it is sent to the provider. Default: nothing.
    pub(super) expected: Vec<String>,
}

impl Section {
    /// Reads the section. What is missing or has the wrong type is told and stands at its default.
    pub(super) fn read(section: Reader<'_>) -> Self {
        let client_auth = section.optional("client_auth").unwrap_or_else(|| USUAL_AUTHENTICATION.to_owned());
        let (client_secret, client_keys) = read_credentials(&section, &client_auth);
        let typed = Self {
            path: section.path("").trim_end_matches('.').to_owned(),
            name: section.required("name", "name it, such as name = \"didit\": it stands in URLs and records"),
            label: section.required("label", "write what people read on its button, such as label = \"Didit\""),
            issuer: section.required("issuer", "write the provider's issuer, exactly as its metadata has it"),
            metadata: section.optional("metadata"),
            hosts: section.optional("hosts").unwrap_or_default(),
            client_id: section.required("client_id", "write what the provider calls idv, as it was registered there"),
            client_auth,
            client_secret,
            client_keys,
            assertion_audience: section.optional("assertion_audience"),
            assertion_algorithm: section.optional("assertion_algorithm"),
            request: section.optional("request"),
            scopes: section.optional("scopes").unwrap_or_else(|| vec!["openid".to_owned()]),
            acr_values: section.optional("acr_values").unwrap_or_default(),
            claims: section.optional("claims"),
            verified_claims_as: section.optional("verified_claims_as").unwrap_or_else(|| "array".to_owned()),
            parameters: section.optional("parameters").unwrap_or_default(),
            login_hint: section.optional("login_hint"),
            max_age_secs: section.optional("max_age_secs"),
            userinfo: section.optional("userinfo").unwrap_or_else(|| "none".to_owned()),
            algorithms: section.optional("algorithms").unwrap_or_else(|| vec!["RS256".to_owned()]),
            clock_leeway_secs: section.optional("clock_leeway_secs").unwrap_or(60),
            accept: Accept::read(section.table("accept")),
            identity: Identity::read(section.table("identity")),
        };
        section.finish(|_| false);
        typed
    }
}

/// What `client_auth` needs must stand there.
fn read_credentials(section: &Reader<'_>, client_auth: &str) -> (Option<Source>, Option<Vec<Source>>) {
    match client_auth {
        "secret_basic" | "secret_post" => {
            let remedy =
                "name where the client secret is, such as client_secret = { file = \"/etc/idv/didit-secret\" }";
            (section.required("client_secret", remedy), section.optional("client_keys"))
        }
        "private_key_jwt" => {
            let remedy =
                "make a key by: idv oidc keys generate --out FILE, and write client_keys = [{ file = \"FILE\" }]";
            (section.optional("client_secret"), section.required("client_keys", remedy))
        }
        _ => (section.optional("client_secret"), section.optional("client_keys")),
    }
}

impl Accept {
    fn read(accept: Reader<'_>) -> Self {
        let login_alone = accept.optional("login_alone").unwrap_or_default();
        let verified_claims = VerifiedClaims::read(accept.table("verified_claims"), accept.has("verified_claims"));
        let typed = Self {
            is_there: login_alone || ["acr", "verified_claims", "values"].into_iter().any(|key| accept.has(key)),
            acr: accept.optional("acr"),
            verified_claims,
            values: accept.optional("values"),
            login_alone,
        };
        accept.finish(|_| false);
        typed
    }
}

impl VerifiedClaims {
    fn read(claims: Reader<'_>, is_there: bool) -> Option<Self> {
        let list = |key, remedy| if is_there { claims.required(key, remedy) } else { claims.optional(key) };
        let typed = Self {
            trust_framework: list("trust_framework", "list those that count, such as [\"IDV-DELEGATED\"]"),
            assurance_level: list("assurance_level", "list those that count, such as [\"VERIFIED\"]"),
            max_age_days: claims.optional("max_age_days"),
        };
        claims.finish(|_| false);
        is_there.then_some(typed)
    }
}

impl Identity {
    fn read(identity: Reader<'_>) -> Self {
        let typed = Self {
            pointer: identity.optional("pointer").unwrap_or_else(|| "/sub".to_owned()),
            one_account: identity.optional("one_account").unwrap_or(true),
            same_person: identity.optional("same_person").unwrap_or(true),
            matched: identity.optional("match").unwrap_or_default(),
            expected: identity.optional("expect").unwrap_or_default(),
        };
        identity.finish(|_| false);
        typed
    }
}
