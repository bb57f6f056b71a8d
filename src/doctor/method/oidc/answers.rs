//! What a provider answers: metadata, keys, and whether it knows idv as its client.

use super::CHECK;
use super::announced::Announced;
use crate::doctor::clock;
use crate::doctor::finding::Finding;
use crate::doctor::inquiry::Between;
use crate::egress::{Ask, Reply, Unreached, Url};
use crate::ops::random;
use crate::verification::method::oidc::credentials::Credentials;
use crate::verification::method::oidc::fault::{Fault, Rejected};
use crate::verification::method::oidc::jose::{Algorithm, KeySet};
use crate::verification::method::oidc::metadata::{self, Metadata};
use crate::verification::method::oidc::provider::Provider;
use crate::verification::method::oidc::request::{Client, Posted};
use crate::verification::method::oidc::token::TokenResponse;
use crate::verification::time::Timestamp;

/// A code that no provider gives out, and a verifier of PKCE by its form (RFC 7636 §4.1).
const NONSENSE: &str = "idv-doctor-asks-whether-it-is-known-as-client";

/// What was answered.
pub(super) struct Answered {
    pub(super) reply: Reply,
    pub(super) between: Between,
}

/// A provider that is asked.
pub(super) struct Inquired<'a> {
    pub(super) provider: &'a Provider,
    /// What shows that we are its client, where that can be read.
    pub(super) credentials: Option<&'a Credentials>,
    /// Where it answers to.
    pub(super) redirect_uri: String,
    /// Asks it.
    pub(super) ask: &'a dyn Fn(Ask) -> Result<Answered, Unreached>,
}

impl Inquired<'_> {
    /// Everything that it answers.
    pub(super) fn examine(&self, now: Timestamp) -> Vec<Finding> {
        let address = metadata::address(self.provider);
        let Answered { reply, between } = match self.get("its metadata is", &address) {
            Ok(answered) => answered,
            Err(finding) => return vec![finding],
        };
        let mut findings = vec![clock::agrees(self.name(), self.provider.clock_leeway, reply.date, between)];
        if reply.status != 200 {
            let text = format!("its metadata is not at {address}: status {}", reply.status);
            findings.push(self.problem(&text, "correct issuer, or name where it is by metadata"));
            return findings;
        }
        match Metadata::read(&reply.body, self.provider) {
            Ok(metadata) => {
                findings.push(self.ok("it is an issuer, and calls itself so"));
                findings.extend(Announced::read(&reply.body, self.provider).iter().flat_map(Announced::differences));
                findings.extend(self.keys(&metadata));
                findings.extend(self.token_endpoint(&metadata, now));
            }
            Err(fault) => findings.extend(self.unfit(fault, &reply.body)),
        }
        findings
    }

    fn name(&self) -> &str {
        self.provider.name.as_str()
    }

    fn ok(&self, text: &str) -> Finding {
        Finding::ok(CHECK, format!("{}: {text}", self.name()))
    }

    fn problem(&self, text: &str, remedy: &str) -> Finding {
        Finding::problem(CHECK, format!("{}: {text}", self.name()), remedy)
    }

    fn warning(&self, text: &str, remedy: &str) -> Finding {
        Finding::warning(CHECK, format!("{}: {text}", self.name()), remedy)
    }

    fn get(&self, what: &str, address: &str) -> Result<Answered, Finding> {
        let answered = Url::parse(address).ok_or(Unreached::NotListed).and_then(|url| (self.ask)(Ask::get(url)));
        answered.map_err(|unreached| self.unreached(what, &unreached))
    }

    fn unreached(&self, what: &str, unreached: &Unreached) -> Finding {
        self.problem(&format!("{what} not reached: {unreached}"), unreached.remedy())
    }

    /// Why its metadata are not taken.
    fn unfit(&self, fault: Fault, body: &[u8]) -> Vec<Finding> {
        let malformed = || {
            let remedy = "correct issuer or metadata: what is there is not what OpenID Connect Discovery has";
            vec![self.problem(&format!("its metadata is not taken ({})", fault.as_str()), remedy)]
        };
        let Some(announced) = Announced::read(body, self.provider) else { return malformed() };
        let found = match (fault, announced.issuer()) {
            (Fault::MetadataIssuer, Some(issuer)) => {
                let remedy = "write issuer exactly so, if that is whom you mean; a slash at the end counts";
                vec![self.problem(&format!("it calls itself {issuer}, and not {}", self.provider.issuer), remedy)]
            }
            (Fault::MetadataEndpoint, _) => announced.strange_endpoints(),
            (Fault::MetadataUnannounced, _) => announced.differences(),
            _ => vec![],
        };
        if found.is_empty() { malformed() } else { found }
    }

    /// Whether its keys are readable, with one for each algorithm.
    fn keys(&self, metadata: &Metadata) -> Vec<Finding> {
        let remedy = "ask the provider: without its keys no ID token can be checked";
        let reply = match self.get("its keys are", &metadata.jwks_uri) {
            Ok(answered) => answered.reply,
            Err(finding) => return vec![finding],
        };
        if reply.status != 200 {
            return vec![self.problem(&format!("its keys are not there: status {}", reply.status), remedy)];
        }
        let keys = match KeySet::parse(&reply.body) {
            Ok(keys) => keys,
            Err(error) => return vec![self.problem(&format!("its keys are not taken: {error}"), remedy)],
        };
        let (has, lacks): (Vec<_>, Vec<_>) =
            self.provider.algorithms.iter().partition(|algorithm| keys.has_key_for(**algorithm));
        let names = |algorithms: &[&Algorithm]| {
            algorithms.iter().map(|algorithm| algorithm.as_str()).collect::<Vec<_>>().join(", ")
        };
        if has.is_empty() {
            let text = format!("it has no key for {}", names(&lacks));
            return vec![self.problem(&text, "configure under algorithms what it signs ID tokens by")];
        }
        let lacking = (!lacks.is_empty()).then(|| {
            let text = format!("it has no key for {}", names(&lacks));
            self.warning(&text, "leave out of algorithms what it does not sign ID tokens by")
        });
        lacking.into_iter().chain([self.ok(&format!("it has a key for {}", names(&has)))]).collect()
    }

    /// Whether it takes us for its client: of a code that it never gave out, it refuses the code alone.
    fn token_endpoint(&self, metadata: &Metadata, now: Timestamp) -> Option<Finding> {
        let Some(credentials) = self.credentials else {
            let text = format!("{}: whether it knows idv was not asked, for want of secret or keys", self.name());
            return Some(Finding::note(CHECK, text));
        };
        let random = &random::generator();
        let client = Client { provider: self.provider, metadata, credentials, now, random };
        let unsigned = |fault: Fault| {
            self.problem(
                &format!("idv cannot show who it is ({})", fault.as_str()),
                "name a key that signs by what it announces",
            )
        };
        let Posted { authorization, body } = match client.nonsense_request(&self.redirect_uri, NONSENSE) {
            Ok(posted) => posted,
            Err(fault) => return Some(unsigned(fault)),
        };
        let authorization = authorization.as_ref().map(|authorization| authorization.as_str());
        let ask = Url::parse(&metadata.token_endpoint).and_then(|url| Ask::form(url, body, authorization))?;
        Some(match (self.ask)(ask) {
            Err(unreached) => self.unreached("its token endpoint is", &unreached),
            Ok(Answered { reply, .. }) => {
                self.refused(TokenResponse::read(reply.status, reply.content_type.as_deref(), &reply.body))
            }
        })
    }

    fn refused(&self, answer: Result<TokenResponse, Rejected>) -> Finding {
        let Err(Rejected { fault, detail }) = answer else {
            return self.problem("it gave tokens for a code that nobody gave out", "do not use it");
        };
        let detail = detail.unwrap_or_else(|| fault.as_str().to_owned());
        match fault {
            Fault::TokenGrant => self.ok("it knows idv as its client"),
            Fault::TokenClient => {
                let remedy = "compare client_id, client_auth and the secret or key with what is registered there";
                self.problem(
                    &format!("it does not take idv for its client {}: {detail}", self.provider.client_id),
                    remedy,
                )
            }
            _ => {
                let text =
                    format!("it answers a code that nobody gave out by something else than invalid_grant: {detail}");
                self.warning(&text, "look at what it says; whether it knows idv is not to be told from that")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::time::Duration;

    use hyper::body::Bytes;
    use serde_json::{Value, json};
    use zeroize::Zeroizing;

    use super::*;
    use crate::config::load::parse;
    use crate::doctor::finding::Level;
    use crate::egress::Method;
    use crate::verification::method::oidc::credentials::ClientSecret;
    use crate::verification::method::oidc::jose::ClientKey;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn provider(keys: &str) -> Provider {
        let text = format!(
            "public_url = \"https://idv.example.com\"\n[[tenants]]\ndomain = \"acme.eu.auth0.com\"\ntoken_secrets = [{{ env = \"X\" }}]\n\
             [[methods.oidc]]\nname = \"eid\"\nlabel = \"eID\"\nissuer = \"https://id.example\"\nclient_id = \"idv\"\n\
             client_secret = {{ env = \"Y\" }}\n{keys}\n[methods.oidc.accept]\nacr = [\"high\"]\n"
        );
        parse(&text).0.unwrap_or_else(|problems| panic!("{problems}")).methods.oidc[0].clone()
    }

    fn metadata() -> Value {
        json!({
            "issuer": "https://id.example",
            "authorization_endpoint": "https://id.example/authorize",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://id.example/keys",
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "acr_values_supported": ["low", "high"],
        })
    }

    /// What the provider answers, by the ends of addresses: a status and a body.
    struct World {
        metadata: (u16, Value),
        keys: (u16, Value),
        token: (u16, Value),
        date: Timestamp,
    }

    impl World {
        fn sound() -> Self {
            let key = ClientKey::from_pkcs8(&ClientKey::generate_p256(&random::generator()), &random::generator());
            Self {
                metadata: (200, metadata()),
                keys: (200, json!({ "keys": [key.unwrap().public_jwk()] })),
                token: (400, json!({ "error": "invalid_grant" })),
                date: NOW,
            }
        }

        fn examine(&self, provider: &Provider) -> Vec<Finding> {
            let secret = Zeroizing::new("a-secret-of-the-provider".to_owned());
            let credentials = Credentials::Secret(ClientSecret::new(secret).unwrap());
            self.examine_with(provider, Some(&credentials), &RefCell::default())
        }

        fn examine_with(
            &self,
            provider: &Provider,
            credentials: Option<&Credentials>,
            asked: &RefCell<Vec<Ask>>,
        ) -> Vec<Finding> {
            let ask = |ask: Ask| {
                let (status, body) = match ask.url.target() {
                    "/keys" => &self.keys,
                    "/token" => &self.token,
                    _ => &self.metadata,
                };
                asked.borrow_mut().push(ask);
                if *status == 0 {
                    return Err(Unreached::Unresolved);
                }
                let reply = Reply {
                    status: *status,
                    content_type: Some("application/json".into()),
                    max_age: None,
                    date: Some(self.date),
                    body: Bytes::from(body.to_string()),
                };
                Ok(Answered { reply, between: (NOW, NOW) })
            };
            let redirect_uri = "https://idv.example.com/oidc/eid/callback".to_owned();
            Inquired { provider, credentials, redirect_uri, ask: &ask }.examine(NOW)
        }
    }

    /// That among the findings there is one of `level` with `text` and `remedy` in it, and nothing worse.
    fn assert_finds(findings: &[Finding], level: Level, text: &str, remedy: &str) {
        let is_it = |finding: &&Finding| {
            let has_remedy = finding.remedy.as_deref().unwrap_or_default().contains(remedy);
            finding.level == level && finding.text.contains(text) && has_remedy
        };
        assert!(findings.iter().any(|finding| is_it(&finding)), "{text} in {findings:#?}");
        assert!(findings.iter().all(|finding| finding.level <= level), "{findings:#?}");
    }

    #[test]
    fn a_sound_provider_has_nothing_that_is_to_be_mended() {
        let asked = RefCell::default();
        let secret = ClientSecret::new(Zeroizing::new("a-secret-of-the-provider".to_owned())).unwrap();
        let provider = provider("algorithms = [\"ES256\"]");
        let findings = World::sound().examine_with(&provider, Some(&Credentials::Secret(secret)), &asked);
        for text in [
            "it agrees with eid to 0 s",
            "eid: it is an issuer, and calls itself so",
            "eid: it has a key for ES256",
            "eid: it knows idv as its client",
        ] {
            assert_finds(&findings, Level::Ok, text, "");
        }
        assert_eq!(findings.len(), 4);
        let asked = asked.into_inner();
        let urls: Vec<_> = asked.iter().map(|ask| (ask.method, ask.url.to_string())).collect();
        let expected = [
            (Method::Get, "https://id.example/.well-known/openid-configuration"),
            (Method::Get, "https://id.example/keys"),
            (Method::Post, "https://id.example/token"),
        ];
        assert_eq!(urls, expected.map(|(method, url)| (method, url.to_owned())));
        let body = String::from_utf8(asked[2].body.to_vec()).unwrap();
        assert!(body.contains("grant_type=authorization_code") && body.contains(NONSENSE), "{body}");
        assert!(asked[2].headers.contains_key("authorization"));
    }

    #[test]
    fn metadata_that_is_not_the_configured_issuers_is_told_with_what_it_says() {
        let provider = provider("algorithms = [\"ES256\"]");
        let with = |status, change: Value| {
            let mut announced = metadata();
            announced.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            World { metadata: (status, announced), ..World::sound() }.examine(&provider)
        };
        let problem =
            |findings: &[Finding], text: &str, remedy: &str| assert_finds(findings, Level::Problem, text, remedy);
        problem(&with(0, json!({})), "eid: its metadata is not reached: its name does not resolve", "DNS");
        problem(&with(404, json!({})), "openid-configuration: status 404", "correct issuer");
        let other = with(200, json!({ "issuer": "https://id.example/\u{202e}" }));
        problem(&other, "it calls itself https://id.example/, and not https://id.example", "write issuer exactly so");
        let strange = with(200, json!({ "jwks_uri": "https://keys.example/keys" }));
        problem(&strange, "its jwks_uri is at https://keys.example/keys, which is none of its hosts", "add that host");
        problem(&with(200, json!({ "token_endpoint": 7 })), "not taken (metadata_malformed)", "Discovery");
        let text = World { metadata: (200, json!("text")), ..World::sound() };
        problem(&text.examine(&provider), "not taken (metadata_malformed)", "Discovery");
    }

    #[test]
    fn what_is_configured_and_not_announced_is_told_by_its_key() {
        for (keys, change, level, text) in [
            (
                "",
                json!({ "id_token_signing_alg_values_supported": ["PS256"] }),
                Level::Problem,
                "eid: algorithms: RS256 is not announced",
            ),
            ("algorithms = [\"ES256\", \"EdDSA\"]", json!({}), Level::Warning, "algorithms: EdDSA is not announced"),
            (
                "client_auth = \"secret_post\"",
                json!({}),
                Level::Problem,
                "client_auth: client_secret_post is not announced",
            ),
            (
                "",
                json!({ "code_challenge_methods_supported": ["plain"] }),
                Level::Problem,
                "PKCE: S256 is not announced",
            ),
            ("request = \"par\"", json!({}), Level::Problem, "it announces no PAR"),
            ("userinfo = \"json\"", json!({}), Level::Problem, "userinfo is configured, and it announces none"),
            (
                "scopes = [\"openid\", \"eid\"]",
                json!({ "scopes_supported": ["openid"] }),
                Level::Warning,
                "scopes: eid is not announced",
            ),
            ("acr_values = [\"highest\"]", json!({}), Level::Warning, "acr_values: highest is not announced"),
            ("", json!({ "acr_values_supported": ["low"] }), Level::Warning, "accept.acr: high is not announced"),
        ] {
            let keys = if keys.contains("algorithms") || level == Level::Problem {
                keys.to_owned()
            } else {
                format!("{keys}\nalgorithms = [\"ES256\"]")
            };
            let mut announced = metadata();
            announced.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let world = World { metadata: (200, announced), ..World::sound() };
            assert_finds(&world.examine(&provider(&keys)), level, text, "");
        }
    }

    #[test]
    fn keys_that_are_not_there_or_not_of_use_are_told() {
        let both = provider("algorithms = [\"ES256\", \"RS256\"]");
        assert_finds(
            &World::sound().examine(&both),
            Level::Warning,
            "it has no key for RS256",
            "leave out of algorithms",
        );
        let one = provider("algorithms = [\"RS256\"]");
        assert_finds(
            &World::sound().examine(&one),
            Level::Problem,
            "it has no key for RS256",
            "configure under algorithms",
        );
        for (keys, text) in [
            ((0, json!({})), "its keys are not reached"),
            ((500, json!({})), "its keys are not there: status 500"),
            ((200, json!([])), "its keys are not taken: not a JWK set"),
            ((200, json!({ "keys": [] })), "it has no key for ES256, RS256"),
        ] {
            assert_finds(&World { keys, ..World::sound() }.examine(&both), Level::Problem, text, "");
        }
    }

    #[test]
    fn the_token_endpoint_tells_by_a_nonsense_code_whether_it_knows_us() {
        let provider = provider("algorithms = [\"ES256\"]");
        for (token, level, text) in [
            (
                (401, json!({ "error": "invalid_client", "error_description": "no \u{1b}[1m" })),
                Level::Problem,
                "for its client idv: invalid_client: no \\u{1b}[1m",
            ),
            ((400, json!({ "error": "unauthorized_client" })), Level::Problem, "unauthorized_client"),
            (
                (400, json!({ "error": "invalid_request" })),
                Level::Warning,
                "something else than invalid_grant: invalid_request",
            ),
            ((503, json!({})), Level::Warning, "something else than invalid_grant: status 503"),
            ((0, json!({})), Level::Problem, "its token endpoint is not reached"),
            (
                (200, json!({ "id_token": "a", "access_token": "a", "token_type": "bearer" })),
                Level::Problem,
                "gave tokens for a code",
            ),
        ] {
            assert_finds(&World { token, ..World::sound() }.examine(&provider), level, text, "");
        }
        let unread = World::sound().examine_with(&provider, None, &RefCell::default());
        assert_finds(&unread, Level::Note, "whether it knows idv was not asked", "");
    }

    #[test]
    fn a_clock_beyond_the_leeway_is_told() {
        let provider = provider("algorithms = [\"ES256\"]\nclock_leeway_secs = 5");
        let at = |date| World { date, ..World::sound() }.examine(&provider);
        assert_finds(&at(NOW.later(Duration::from_secs(5))), Level::Ok, "it agrees with eid to 5 s", "");
        assert_finds(&at(NOW.later(Duration::from_secs(6))), Level::Problem, "6 s behind that of eid", "NTP");
    }
}
