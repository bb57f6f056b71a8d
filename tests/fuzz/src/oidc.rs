//! What a provider says of itself, what comes back in the browser, and what a code is exchanged for.

use std::sync::LazyLock;
use std::time::Duration;

use hyper::Uri;
use idv::verification::method::oidc::answer::{Answer, QUERY_LIMIT};
use idv::verification::method::oidc::jose::Algorithm;
use idv::verification::method::oidc::metadata::Metadata;
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::method::oidc::provider::{Accept, Authentication, IdentityRules, Provider, Shape};
use idv::verification::method::oidc::token::TokenResponse;
use serde_json::Value;

static PROVIDER: LazyLock<Provider> = LazyLock::new(provider);

fn provider() -> Provider {
    Provider {
        name: ProviderName::parse("model").unwrap(),
        label: "Model".into(),
        issuer: "https://id.example".into(),
        metadata: None,
        authorities: vec!["id.example".into(), "keys.example:8443".into()],
        client_id: "us".into(),
        authentication: Authentication::SecretBasic,
        request: None,
        scopes: vec!["openid".into()],
        acr_values: vec![],
        claims: None,
        verified_claims_as: Shape::Object,
        parameters: vec![],
        login_hint: false,
        max_age: None,
        userinfo: true,
        algorithms: vec![Algorithm::Es256],
        clock_leeway: Duration::from_mins(1),
        accept: Accept { login_alone: true, ..Accept::default() },
        identity: IdentityRules {
            pointer: "/sub".into(),
            one_account: true,
            same_person: true,
            matched: vec![],
            expected: vec![],
        },
        is_of_trial: false,
    }
}

/// Any text as metadata. What is taken is the issuer's, and leads to hosts of the configuration alone, for every reader.
pub(super) fn metadata(data: &[u8]) {
    let Ok(metadata) = Metadata::read(data, &PROVIDER) else { return };
    let document: Value = serde_json::from_slice(data).unwrap();
    assert_eq!(document["issuer"], *PROVIDER.issuer);
    let required = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
    let further = [&metadata.userinfo_endpoint, &metadata.pushed_authorization_request_endpoint];
    for url in required.into_iter().chain(further.into_iter().flatten()) {
        let uri: Uri = url.parse().unwrap();
        let place = (uri.scheme_str().unwrap(), uri.host().unwrap(), uri.port_u16().unwrap_or(443));
        assert!([("https", "id.example", 443), ("https", "keys.example", 8443)].contains(&place), "{url}");
        assert!(!uri.authority().unwrap().as_str().contains('@'), "{url}");
    }
    assert!(metadata.userinfo_endpoint.is_some());
}

/// Any text as the query of an answer. What is taken is what another reader sees, and no error is beside a code.
pub(super) fn answer(data: &[u8]) {
    let Ok(query) = std::str::from_utf8(data) else { return };
    let Ok(answer) = Answer::read(query) else { return };
    assert!(query.len() <= QUERY_LIMIT);
    let values = |name: &str| -> Vec<_> {
        form_urlencoded::parse(data).filter(|(known, _)| known == name).map(|(_, value)| value.into_owned()).collect()
    };
    assert_eq!(values("state"), [&*answer.state]);
    match answer.check(&PROVIDER, false) {
        Ok(code) => {
            assert_eq!(values("code"), [code.as_str()]);
            assert!(values("error").is_empty());
            assert!(values("iss").iter().all(|issuer| *issuer == PROVIDER.issuer));
        }
        Err(rejected) => {
            let is_short =
                |detail: String| detail.len() <= 200 && detail.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            assert!(rejected.detail.is_none_or(is_short));
        }
    }
}

/// Any body of the token endpoint, as a success and as a refusal. What is taken is what another reader sees.
pub(super) fn token(data: &[u8]) {
    assert!(TokenResponse::read(400, None, data).is_err());
    let Ok(tokens) = TokenResponse::read(200, Some("application/json"), data) else { return };
    let body: Value = serde_json::from_slice(data).unwrap();
    assert_eq!(body["id_token"], *tokens.id_token);
    assert_eq!(body["access_token"], *tokens.access_token);
    assert!(body["token_type"].as_str().unwrap().eq_ignore_ascii_case("bearer"));
}
