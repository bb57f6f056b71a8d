//! An honest exchange with a provider, to be changed in one place.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use idv::verification::identity::Identity;
use idv::verification::method::oidc::answer::Answer;
use idv::verification::method::oidc::attest::{Account, attest};
use idv::verification::method::oidc::claims::Claims;
use idv::verification::method::oidc::fault::{Fault, Rejected};
use idv::verification::method::oidc::id_token::{self, Terms};
use idv::verification::method::oidc::jose::{Algorithm, KeySet};
use idv::verification::method::oidc::metadata::Metadata;
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::method::oidc::object::Object;
use idv::verification::method::oidc::provider::{
    Accept, Authentication, IdentityRules, Provider, RequestKind, Shape, VerifiedClaims,
};
use idv::verification::method::oidc::token::TokenResponse;
use idv::verification::method::oidc::{Attested, Basis, pushed, userinfo};
use idv::verification::tenant::Host;
use idv::verification::time::Timestamp;
use ring::{digest, hmac};
use serde_json::{Value, json};

use crate::jose::PROVIDER;

pub(super) const NOW: u64 = 1_800_000_000;
pub(super) const ASKED: u64 = NOW - 120;
pub(super) const LEEWAY: u64 = 60;
pub(super) const MAX_AGE: u64 = 300;
pub(super) const DAY: u64 = 86_400;
pub(super) const ISSUER: &str = "https://id.example/realm";
const ACCESS_TOKEN: &str = "an-access-token";

/// What an endpoint answers.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: Option<&'static str>,
    pub(super) body: String,
}

/// Everything that is configured, asked and answered in one verification.
pub(super) struct Exchange {
    pub(super) provider: Provider,
    pub(super) nonce: &'static str,
    pub(super) metadata: String,
    pub(super) pushed: Reply,
    pub(super) query: String,
    pub(super) keys: String,
    /// Its `ID_TOKEN` stands for the ID token.
    pub(super) token: Reply,
    pub(super) header: String,
    pub(super) payload: String,
    /// What becomes of the ID token on its way.
    pub(super) on_the_way: fn(String) -> String,
    pub(super) userinfo: Reply,
}

pub(super) fn provider() -> Provider {
    Provider {
        name: ProviderName::parse("model").unwrap(),
        label: "Model".into(),
        issuer: ISSUER.into(),
        metadata: None,
        authorities: vec!["id.example".into(), "keys.example:8443".into()],
        client_id: "us".into(),
        authentication: Authentication::SecretBasic,
        request: Some(RequestKind::Pushed),
        scopes: vec!["openid".into()],
        acr_values: vec![],
        claims: None,
        verified_claims_as: Shape::Object,
        parameters: vec![],
        login_hint: false,
        max_age: Some(Duration::from_secs(MAX_AGE)),
        userinfo: true,
        algorithms: vec![Algorithm::Es256, Algorithm::Rs256],
        clock_leeway: Duration::from_secs(LEEWAY),
        accept: Accept {
            acr: vec!["high".into(), "higher".into()],
            verified_claims: Some(VerifiedClaims {
                trust_framework: vec!["eidas".into(), "de_aml".into()],
                assurance_level: vec!["high".into(), "very_high".into()],
                max_age: Some(Duration::from_secs(DAY)),
            }),
            values: vec![("/ial".into(), vec![json!(2), json!("two")]), ("/a~1b/0".into(), vec![json!(true)])],
            login_alone: false,
        },
        identity: IdentityRules {
            pointer: "/sub".into(),
            one_account: true,
            same_person: false,
            matched: vec![],
            expected: vec![],
        },
        is_of_trial: false,
    }
}

impl Exchange {
    pub(super) fn honest() -> Self {
        let json = Some("application/json");
        Self {
            provider: provider(),
            nonce: "n-0S6_WzA2Mj",
            metadata: metadata().to_string(),
            pushed: Reply {
                status: 201,
                content_type: json,
                body: json!({"request_uri": "urn:ietf:params:oauth:request_uri:1", "expires_in": 60}).to_string(),
            },
            query: "state=AAAAAAAAAAAAAAAAAAAAAA&code=a-code&session_state=x&iss=https%3A%2F%2Fid.example%2Frealm"
                .into(),
            keys: json!({"keys": [key("one")]}).to_string(),
            token: Reply {
                status: 200,
                content_type: Some("application/json;charset=UTF-8"),
                body: json!({
                    "id_token": "ID_TOKEN", "access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 300,
                    "refresh_token": "a-refresh-token", "scope": "openid"
                })
                .to_string(),
            },
            header: json!({"alg": "ES256", "typ": "JWT", "kid": "one"}).to_string(),
            payload: payload().to_string(),
            on_the_way: |id_token| id_token,
            userinfo: Reply {
                status: 200,
                content_type: json,
                body: json!({"sub": "a-person", "a/b": [true], "family_name": "Müller"}).to_string(),
            },
        }
    }

    /// The same without userinfo, freshness and any rule but that a login is enough: for what concerns nothing of that.
    pub(super) fn plain() -> Self {
        let mut exchange = Self::honest();
        exchange.provider.accept = Accept { login_alone: true, ..Accept::default() };
        exchange.provider.userinfo = false;
        exchange.provider.max_age = None;
        exchange
    }

    pub(super) fn id_token(&self) -> String {
        (self.on_the_way)(PROVIDER.sign(Algorithm::Es256, &self.header, self.payload.as_bytes()))
    }

    /// What the ID token says, once it is checked.
    pub(super) fn checked(&self) -> Object {
        self.check_id_token(ACCESS_TOKEN, &self.id_token()).unwrap()
    }

    pub(super) fn check_id_token(&self, access_token: &str, id_token: &str) -> Result<Object, Fault> {
        let keys = KeySet::parse(self.keys.as_bytes()).unwrap();
        let (asked_at, now) = (Timestamp::from_unix(ASKED), Timestamp::from_unix(NOW));
        id_token::check(id_token, &keys, &self.provider, &Terms { nonce: self.nonce, asked_at, access_token, now })
    }

    /// Runs it all, in its order.
    pub(super) fn run(&self) -> Result<Attested, Rejected> {
        let metadata = Metadata::read(self.metadata.as_bytes(), &self.provider)?;
        if metadata.pushed_authorization_request_endpoint.is_some() {
            let Reply { status, content_type, body } = &self.pushed;
            pushed::read(*status, *content_type, body.as_bytes())?;
        }
        let answer = Answer::read(&self.query)?;
        assert_eq!(answer.state.len(), 22);
        answer.check(&self.provider, metadata.announces_iss)?;
        let Reply { status, content_type, body } = &self.token;
        let body = body.replace("ID_TOKEN", &self.id_token());
        let tokens = TokenResponse::read(*status, *content_type, body.as_bytes())?;
        let id_token = self.check_id_token(&tokens.access_token, &tokens.id_token)?;
        let Reply { status, content_type, body } = &self.userinfo;
        let told = || userinfo::check(*status, *content_type, body.as_bytes(), id_token.text("sub").unwrap());
        let userinfo = metadata.userinfo_endpoint.map(|_| told()).transpose()?;
        let tenant = tenant();
        let account = Account { tenant: &tenant, profile: None, sent: &[] };
        let claims = Claims { id_token, userinfo };
        Ok(attest(&self.provider, &claims, account, &identities(), Timestamp::from_unix(NOW))?)
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        self.run().err().map(|rejected| rejected.fault)
    }
}

fn metadata() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://id.example/authorize?tenant=a",
        "token_endpoint": "https://id.example:443/token",
        "jwks_uri": "https://keys.example:8443/jwks",
        "userinfo_endpoint": "https://id.example/userinfo",
        "pushed_authorization_request_endpoint": "https://id.example/par",
        "require_pushed_authorization_requests": false,
        "authorization_response_iss_parameter_supported": true,
        "id_token_signing_alg_values_supported": ["RS512", "RS256", "ES256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "end_session_endpoint": "http://elsewhere.example/logout"
    })
}

fn payload() -> Value {
    let hash = digest::digest(&digest::SHA256, ACCESS_TOKEN.as_bytes());
    let verification = |framework: &str, level: &str| {
        json!({
            "trust_framework": framework, "assurance_level": level, "time": at(NOW - 3600), "txn": "reference-1"
        })
    };
    json!({
        "iss": ISSUER, "aud": ["us"], "azp": "us", "sub": "a-person", "exp": NOW + 300, "iat": NOW - 5, "nbf": NOW - 5,
        "nonce": "n-0S6_WzA2Mj", "at_hash": BASE64URL_NOPAD.encode(&hash.as_ref()[..16]), "auth_time": NOW - 30,
        "acr": "high", "jti": "token-1", "ial": 2,
        "verified_claims": [
            {"verification": verification("other", "low"), "claims": {"family_name": "Other"}},
            {"verification": verification("eidas", "high"), "claims": {"family_name": "Müller"}}
        ]
    })
}

/// The instant `seconds`, as providers write it.
pub(super) fn at(seconds: u64) -> String {
    jiff::Timestamp::from_second(seconds.try_into().unwrap()).unwrap().to_string()
}

/// The provider's public key, called `kid`.
pub(super) fn key(kid: &str) -> Value {
    let mut key = PROVIDER.jwk(Algorithm::Es256);
    key["kid"] = kid.into();
    key
}

pub(super) fn tenant() -> Host {
    "acme.eu.auth0.test".to_owned().try_into().unwrap()
}

pub(super) fn identities() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, b"the key of identities")
}

pub(super) fn identity(name: &str) -> Identity {
    Identity::derive(&identities(), &tenant(), ISSUER, name)
}

/// Puts `value` at `pointer` in the JSON of `text`, whose last part may be new.
pub(super) fn set(text: &mut String, pointer: &str, value: Value) {
    change(text, pointer, |object, name| {
        object[name] = value;
    });
}

/// Takes away what is at `pointer`.
pub(super) fn unset(text: &mut String, pointer: &str) {
    change(text, pointer, |object, name| {
        object.as_object_mut().unwrap().remove(name).expect("it is there");
    });
}

fn change(text: &mut String, pointer: &str, change: impl FnOnce(&mut Value, &str)) {
    let mut value: Value = serde_json::from_str(text).unwrap();
    let (object, name) = pointer.rsplit_once('/').unwrap();
    change(value.pointer_mut(object).unwrap(), name);
    *text = value.to_string();
}

#[test]
fn an_honest_exchange_is_taken_with_all_that_it_says() {
    let attested = Exchange::honest().run().unwrap();
    assert_eq!(attested.identity, identity("a-person"));
    assert_eq!(attested.basis.acr.as_deref(), Some("high"));
    assert_eq!(attested.basis.trust_framework.as_deref(), Some("eidas"));
    assert_eq!(attested.basis.assurance_level.as_deref(), Some("high"));
    assert_eq!(attested.verified_at, Some(Timestamp::from_unix(NOW - 3600)));
    assert_eq!(attested.reference.as_deref(), Some("reference-1"));
    assert_eq!((attested.one_account, attested.same_person, attested.mismatch), (true, false, None));
    let plain = Exchange::plain().run().unwrap();
    assert_eq!((plain.identity, plain.verified_at), (identity("a-person"), None));
    assert_eq!((plain.basis, plain.reference.as_deref()), (Basis::default(), Some("token-1")));
}
