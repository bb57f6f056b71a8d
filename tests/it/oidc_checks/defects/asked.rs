//! What is wrong before there is a code.

use idv::verification::method::oidc::fault::Fault;
use idv::verification::method::oidc::jose::SigningAlgorithm;
use idv::verification::method::oidc::provider::{Audience, Authentication};
use serde_json::json;

use super::super::exchange::{Exchange, set, unset};
use super::Defect;

pub(super) const METADATA: &[Defect] = &[
    ("metadata is no JSON", |e| e.metadata.push('}'), Fault::MetadataMalformed),
    ("metadata is a list", |e| e.metadata = format!("[{}]", e.metadata), Fault::MetadataMalformed),
    (
        "metadata has a name twice",
        |e| e.metadata = e.metadata.replacen('{', r#"{"issuer":"https://id.example/realm","#, 1),
        Fault::MetadataMalformed,
    ),
    ("issuer is missing", |e| unset(&mut e.metadata, "/issuer"), Fault::MetadataIssuer),
    ("issuer ends otherwise", |e| e.provider.issuer.push('/'), Fault::MetadataIssuer),
    (
        "issuer is written otherwise",
        |e| set(&mut e.metadata, "/issuer", json!("https://ID.example/realm")),
        Fault::MetadataIssuer,
    ),
    (
        "issuer is a list",
        |e| set(&mut e.metadata, "/issuer", json!(["https://id.example/realm"])),
        Fault::MetadataIssuer,
    ),
    ("no authorization endpoint", |e| unset(&mut e.metadata, "/authorization_endpoint"), Fault::MetadataMalformed),
    ("no token endpoint", |e| unset(&mut e.metadata, "/token_endpoint"), Fault::MetadataMalformed),
    ("no keys", |e| unset(&mut e.metadata, "/jwks_uri"), Fault::MetadataMalformed),
    ("the token endpoint is null", |e| set(&mut e.metadata, "/token_endpoint", json!(null)), Fault::MetadataMalformed),
    ("the token endpoint is a number", |e| set(&mut e.metadata, "/token_endpoint", json!(1)), Fault::MetadataMalformed),
    (
        "the authorization endpoint is elsewhere",
        |e| set(&mut e.metadata, "/authorization_endpoint", json!("https://elsewhere.example/authorize")),
        Fault::MetadataEndpoint,
    ),
    (
        "the token endpoint is on a port of its own",
        |e| set(&mut e.metadata, "/token_endpoint", json!("https://id.example:444/token")),
        Fault::MetadataEndpoint,
    ),
    (
        "the keys are by http",
        |e| set(&mut e.metadata, "/jwks_uri", json!("http://keys.example:8443/jwks")),
        Fault::MetadataEndpoint,
    ),
    (
        "userinfo has a user part",
        |e| set(&mut e.metadata, "/userinfo_endpoint", json!("https://id.example@elsewhere.example/userinfo")),
        Fault::MetadataEndpoint,
    ),
    (
        "requests are pushed to this machine",
        |e| set(&mut e.metadata, "/pushed_authorization_request_endpoint", json!("https://127.0.0.1/par")),
        Fault::MetadataEndpoint,
    ),
    (
        "the authorization endpoint has a fragment",
        |e| set(&mut e.metadata, "/authorization_endpoint", json!("https://id.example/authorize#a")),
        Fault::MetadataEndpoint,
    ),
    ("no userinfo", |e| unset(&mut e.metadata, "/userinfo_endpoint"), Fault::MetadataUnannounced),
    (
        "no pushed requests",
        |e| unset(&mut e.metadata, "/pushed_authorization_request_endpoint"),
        Fault::MetadataUnannounced,
    ),
    (
        "pushed requests are required and there is no place for them",
        |e| {
            e.provider.request = None;
            set(&mut e.metadata, "/require_pushed_authorization_requests", json!(true));
            unset(&mut e.metadata, "/pushed_authorization_request_endpoint");
        },
        Fault::MetadataUnannounced,
    ),
    (
        "whether pushed requests are required is a text",
        |e| set(&mut e.metadata, "/require_pushed_authorization_requests", json!("false")),
        Fault::MetadataMalformed,
    ),
    (
        "whether it names itself is a number",
        |e| set(&mut e.metadata, "/authorization_response_iss_parameter_supported", json!(1)),
        Fault::MetadataMalformed,
    ),
    (
        "none of our algorithms",
        |e| set(&mut e.metadata, "/id_token_signing_alg_values_supported", json!(["none", "HS256", "es256"])),
        Fault::MetadataUnannounced,
    ),
    ("no algorithms", |e| unset(&mut e.metadata, "/id_token_signing_alg_values_supported"), Fault::MetadataUnannounced),
    (
        "the algorithms are a text",
        |e| set(&mut e.metadata, "/id_token_signing_alg_values_supported", json!("ES256")),
        Fault::MetadataMalformed,
    ),
    (
        "one of the algorithms is a number",
        |e| set(&mut e.metadata, "/id_token_signing_alg_values_supported", json!(["ES256", 1])),
        Fault::MetadataMalformed,
    ),
    (
        "our authentication is not listed",
        |e| e.provider.authentication = Authentication::SecretPost,
        Fault::MetadataUnannounced,
    ),
    (
        "no authentication is listed, so another one is meant",
        |e| {
            e.provider.authentication = Authentication::SecretPost;
            unset(&mut e.metadata, "/token_endpoint_auth_methods_supported");
        },
        Fault::MetadataUnannounced,
    ),
    (
        "the algorithm of our assertion is not listed",
        |e| {
            let algorithm = Some(SigningAlgorithm::Ps256);
            e.provider.authentication = Authentication::PrivateKey { audience: Audience::Issuer, algorithm };
        },
        Fault::MetadataUnannounced,
    ),
    (
        "no S256",
        |e| set(&mut e.metadata, "/code_challenge_methods_supported", json!(["plain"])),
        Fault::MetadataUnannounced,
    ),
];

pub(super) const PUSHED: &[Defect] = &[
    ("pushing is out of order", |e| (e.pushed.status, e.pushed.body) = (503, "<html>".into()), Fault::PushUnreachable),
    ("too much is pushed", |e| (e.pushed.status, e.pushed.body) = (429, String::new()), Fault::PushUnreachable),
    (
        "what is pushed is refused",
        |e| (e.pushed.status, e.pushed.body) = (400, json!({"error": "invalid_request"}).to_string()),
        Fault::PushRefused,
    ),
    ("what is pushed is not found", |e| (e.pushed.status, e.pushed.body) = (404, String::new()), Fault::PushMalformed),
    ("what is pushed is sent elsewhere", |e| e.pushed.status = 307, Fault::PushMalformed),
    ("what is pushed is not created", |e| e.pushed.status = 200, Fault::PushMalformed),
    ("the request_uri is no JSON", |e| e.pushed.content_type = Some("text/html"), Fault::PushMalformed),
    ("there is no request_uri", |e| unset(&mut e.pushed.body, "/request_uri"), Fault::PushMalformed),
    ("the request_uri is empty", |e| set(&mut e.pushed.body, "/request_uri", json!("")), Fault::PushMalformed),
    ("the request_uri has a space", |e| set(&mut e.pushed.body, "/request_uri", json!("urn: a")), Fault::PushMalformed),
    ("the request_uri is a number", |e| set(&mut e.pushed.body, "/request_uri", json!(1)), Fault::PushMalformed),
];

const STATE: &str = "state=AAAAAAAAAAAAAAAAAAAAAA";

fn answer(exchange: &mut Exchange, rest: &str) {
    exchange.query = format!("{STATE}&iss=https://id.example/realm&{rest}");
}

pub(super) const ANSWER: &[Defect] = &[
    ("a code twice", |e| e.query.push_str("&code=a-code"), Fault::AnswerMalformed),
    ("a code twice in two spellings", |e| e.query.push_str("&c%6Fde=a-code"), Fault::AnswerMalformed),
    ("a state twice", |e| e.query.push_str("&state=AAAAAAAAAAAAAAAAAAAAAA"), Fault::AnswerMalformed),
    ("an iss twice", |e| e.query.push_str("&iss="), Fault::AnswerMalformed),
    ("a percent sign alone", |e| answer(e, "code=a%2"), Fault::AnswerMalformed),
    ("a code that is not UTF-8", |e| answer(e, "code=%ff"), Fault::AnswerMalformed),
    ("nothing at all", |e| e.query.clear(), Fault::StateUnknown),
    ("no state", |e| e.query = e.query.replace(STATE, ""), Fault::StateUnknown),
    ("an empty state", |e| e.query = e.query.replace(STATE, "state="), Fault::StateUnknown),
    ("a longer state", |e| e.query = e.query.replace(STATE, &format!("{STATE}A")), Fault::StateUnknown),
    ("a shorter state", |e| e.query = e.query.replace(STATE, &STATE[..STATE.len() - 1]), Fault::StateUnknown),
    ("a state of other characters", |e| e.query = e.query.replace("AAAA&", "AAA.&"), Fault::StateUnknown),
    ("no iss", |e| e.query = e.query.replace("&iss=", "&isx="), Fault::AnswerIssMissing),
    ("an iss of another", |e| e.query = e.query.replace("realm", "other"), Fault::AnswerIss),
    (
        "an iss of another, not announced",
        |e| {
            unset(&mut e.metadata, "/authorization_response_iss_parameter_supported");
            e.query = e.query.replace("realm", "other");
        },
        Fault::AnswerIss,
    ),
    ("an iss of another with an error", |e| e.query = format!("{STATE}&iss=x&error=access_denied"), Fault::AnswerIss),
    ("an empty iss", |e| e.query = format!("{STATE}&iss=&code=a"), Fault::AnswerIss),
    ("code and error", |e| e.query.push_str("&error=access_denied"), Fault::AnswerBoth),
    ("neither", |e| answer(e, ""), Fault::AnswerBoth),
    ("denied", |e| answer(e, "error=access_denied&error_description=no"), Fault::ErrorDenied),
    ("a login is needed", |e| answer(e, "error=login_required"), Fault::ErrorInteraction),
    ("an interaction is needed", |e| answer(e, "error=interaction_required"), Fault::ErrorInteraction),
    ("a choice is needed", |e| answer(e, "error=account_selection_required"), Fault::ErrorInteraction),
    ("a consent is needed", |e| answer(e, "error=consent_required"), Fault::ErrorInteraction),
    ("it is not there", |e| answer(e, "error=temporarily_unavailable"), Fault::ErrorUnavailable),
    ("it is broken", |e| answer(e, "error=server_error"), Fault::ErrorUnavailable),
    ("the level is not reached", |e| answer(e, "error=unmet_authentication_requirements"), Fault::ErrorUnmet),
    ("our request is wrong", |e| answer(e, "error=invalid_scope"), Fault::ErrorOther),
    ("an error without a name", |e| answer(e, "error="), Fault::ErrorOther),
    ("an empty code", |e| answer(e, "code="), Fault::AnswerCode),
    ("a code with a space", |e| answer(e, "code=a+b"), Fault::AnswerCode),
    ("a code with a letter of a language", |e| answer(e, "code=%C3%A4"), Fault::AnswerCode),
];
