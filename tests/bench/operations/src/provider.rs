//! A provider whose section says what a section can, and what it answers of a person.

use crate::world::NOW;
use anyhow::Result;
use idv::verification::method::oidc::jose::Algorithm;
use idv::verification::method::oidc::metadata::Metadata;
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::method::oidc::names::Name;
use idv::verification::method::oidc::provider::{
    Accept, Authentication, IdentityRules, Provider, Shape, VerifiedClaims,
};
use idv::verification::time::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const ISSUER: &str = "https://op.example.test";
/// When the person set out.
pub(crate) const ASKED_AT: Timestamp = Timestamp::from_unix(NOW.as_unix() - 90);

const CLIENT_ID: &str = "https://idv.example.test/client";
const SUB: &str = "6f2c1a9e-9d0b-4c57-8f6e-2b1d7f0a3c55";

pub(crate) fn section(algorithm: Algorithm, has_userinfo: bool, authentication: Authentication) -> Result<Provider> {
    Ok(Provider {
        name: ProviderName::parse("acme-id")?,
        label: "Acme ID".into(),
        issuer: ISSUER.into(),
        metadata: None,
        authorities: vec!["op.example.test".into()],
        client_id: CLIENT_ID.into(),
        authentication,
        request: None,
        scopes: vec!["openid".into(), "profile".into()],
        acr_values: vec!["substantial".into()],
        claims: None,
        verified_claims_as: Shape::Array,
        parameters: vec![],
        login_hint: false,
        max_age: Some(Duration::from_mins(5)),
        userinfo: has_userinfo,
        algorithms: vec![algorithm],
        clock_leeway: Duration::from_mins(1),
        accept: Accept {
            acr: vec!["high".into(), "substantial".into()],
            verified_claims: Some(VerifiedClaims {
                trust_framework: vec!["eidas".into()],
                assurance_level: vec!["substantial".into(), "high".into()],
                max_age: Some(Duration::from_hours(24)),
            }),
            values: vec![("/age_over_18".into(), vec![true.into()])],
            login_alone: false,
        },
        identity: IdentityRules {
            pointer: "/sub".into(),
            one_account: true,
            same_person: true,
            matched: vec![Name::GivenName, Name::FamilyName, Name::Birthdate],
            expected: vec![],
        },
        is_of_trial: false,
    })
}

pub(crate) fn metadata(has_userinfo: bool) -> Metadata {
    let at = |path: &str| format!("{ISSUER}/{path}");
    Metadata {
        end_session_endpoint: None,
        authorization_endpoint: at("authorize"),
        token_endpoint: at("token"),
        jwks_uri: at("jwks"),
        userinfo_endpoint: has_userinfo.then(|| at("userinfo")),
        pushed_authorization_request_endpoint: None,
        requires_pushed: false,
        announces_iss: true,
        token_endpoint_auth_signing_algs: vec!["RS256".into(), "ES256".into()],
    }
}

/// The claims of an ID token.
pub(crate) fn id_token(nonce: &str) -> Value {
    json!({
        "iss": ISSUER,
        "sub": SUB,
        "aud": CLIENT_ID,
        "iat": NOW.as_unix() - 1,
        "exp": NOW.as_unix() + 300,
        "auth_time": NOW.as_unix() - 20,
        "nonce": nonce,
        "acr": "substantial",
        "amr": ["pop", "face"],
        "jti": "0c6ad4a6-6a3c-4b6f-a2a4-30c7f3a6f6a7",
        "age_over_18": true,
        "verified_claims": [{
            "verification": {
                "trust_framework": "eidas",
                "assurance_level": "substantial",
                "time": "2027-01-15T07:59:30Z",
                "verification_process": "8b1f0a55-2f3e-4a40-a1c1-6f0e4b9a7d11",
            },
            "claims": { "given_name": "Ada", "family_name": "Lovelace", "birthdate": "1815-12-10" },
        }],
    })
}

pub(crate) fn userinfo() -> Value {
    json!({
        "sub": SUB,
        "name": "Ada Lovelace",
        "given_name": "Ada",
        "family_name": "Lovelace",
        "birthdate": "1815-12-10",
        "email": "ada@example.test",
        "email_verified": true,
        "locale": "en-GB",
        "age_over_18": true,
        "address": { "locality": "London", "country": "GB" },
        "updated_at": NOW.as_unix() - 86_400,
    })
}
