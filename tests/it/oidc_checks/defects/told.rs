//! What is wrong with what a code is exchanged for.

use data_encoding::BASE64URL_NOPAD;
use idv::verification::method::oidc::fault::Fault;
use idv::verification::method::oidc::names::Name;
use idv::verification::method::oidc::provider::Accept;
use serde_json::{Value, json};

use super::super::exchange::{ASKED, Exchange, LEEWAY, MAX_AGE, NOW, at, key, set, unset};
use super::Defect;

const ENTRY: &str = "/verified_claims/1/verification";

fn entry(exchange: &mut Exchange, name: &str, value: Value) {
    set(&mut exchange.payload, &format!("{ENTRY}/{name}"), value);
}

fn refused(exchange: &mut Exchange, status: u16, error: &str) {
    (exchange.token.status, exchange.token.body) = (status, json!({"error": error}).to_string());
}

pub(super) const TOKEN: &[Defect] = &[
    ("the code is used", |e| refused(e, 400, "invalid_grant"), Fault::TokenGrant),
    ("we are unknown", |e| refused(e, 401, "invalid_client"), Fault::TokenClient),
    ("we may not", |e| refused(e, 400, "unauthorized_client"), Fault::TokenClient),
    ("the request is wrong", |e| refused(e, 400, "invalid_request"), Fault::TokenError),
    ("not now", |e| refused(e, 400, "temporarily_unavailable"), Fault::TokenUnreachable),
    ("out of order", |e| (e.token.status, e.token.body) = (502, "Bad Gateway".into()), Fault::TokenUnreachable),
    ("too many", |e| (e.token.status, e.token.body) = (429, String::new()), Fault::TokenUnreachable),
    ("not found", |e| (e.token.status, e.token.body) = (404, "Not Found".into()), Fault::TokenMalformed),
    ("elsewhere", |e| e.token.status = 302, Fault::TokenMalformed),
    ("created", |e| e.token.status = 201, Fault::TokenMalformed),
    (
        "an error that is a number",
        |e| (e.token.status, e.token.body) = (400, r#"{"error":1}"#.into()),
        Fault::TokenMalformed,
    ),
    (
        "an error twice",
        |e| (e.token.status, e.token.body) = (400, r#"{"error":"a","error":"a"}"#.into()),
        Fault::TokenMalformed,
    ),
    ("no type", |e| e.token.content_type = None, Fault::TokenMalformed),
    ("a page", |e| e.token.content_type = Some("text/html"), Fault::TokenMalformed),
    ("nearly JSON", |e| e.token.content_type = Some("application/jsonp"), Fault::TokenMalformed),
    ("no JSON", |e| e.token.body.push(','), Fault::TokenMalformed),
    ("a list", |e| e.token.body = format!("[{}]", e.token.body), Fault::TokenMalformed),
    (
        "an ID token twice",
        |e| e.token.body = e.token.body.replacen('{', r#"{"id_token":"a","#, 1),
        Fault::TokenMalformed,
    ),
    ("no ID token", |e| unset(&mut e.token.body, "/id_token"), Fault::TokenWithoutIdToken),
    ("a null ID token", |e| set(&mut e.token.body, "/id_token", json!(null)), Fault::TokenWithoutIdToken),
    ("an ID token that is an object", |e| set(&mut e.token.body, "/id_token", json!({})), Fault::TokenWithoutIdToken),
    ("no token type", |e| unset(&mut e.token.body, "/token_type"), Fault::TokenType),
    ("another token type", |e| set(&mut e.token.body, "/token_type", json!("DPoP")), Fault::TokenType),
    ("no access token", |e| unset(&mut e.token.body, "/access_token"), Fault::TokenType),
    ("an empty access token", |e| set(&mut e.token.body, "/access_token", json!("")), Fault::TokenType),
    ("an access token on two lines", |e| set(&mut e.token.body, "/access_token", json!("a\r\nb")), Fault::TokenType),
    ("an access token that is a number", |e| set(&mut e.token.body, "/access_token", json!(1)), Fault::TokenType),
];

fn keys(exchange: &mut Exchange, keys: &Value) {
    set(&mut exchange.keys, "/keys", keys.clone());
}

pub(super) const ID_TOKEN: &[Defect] = &[
    ("encrypted", |e| e.on_the_way = |token| format!("{token}.a.a"), Fault::IdTokenEncrypted),
    ("two parts", |e| e.on_the_way = |token| token.rsplit_once('.').unwrap().0.into(), Fault::IdTokenMalformed),
    ("empty", |e| e.on_the_way = |_| String::new(), Fault::IdTokenMalformed),
    ("padded", |e| e.on_the_way = |token| format!("{token}="), Fault::IdTokenMalformed),
    ("critical", |e| set(&mut e.header, "/crit", json!(["exp"])), Fault::IdTokenMalformed),
    ("compressed", |e| set(&mut e.header, "/zip", json!("DEF")), Fault::IdTokenMalformed),
    ("longer than 16 KiB", |e| set(&mut e.payload, "/x", json!("x".repeat(12_289))), Fault::IdTokenMalformed),
    ("alg none", |e| set(&mut e.header, "/alg", json!("none")), Fault::IdTokenAlg),
    ("alg HS256", |e| set(&mut e.header, "/alg", json!("HS256")), Fault::IdTokenAlg),
    ("alg in lower case", |e| set(&mut e.header, "/alg", json!("es256")), Fault::IdTokenAlg),
    ("alg that is not configured", |e| e.provider.algorithms.retain(|one| one.as_str() == "RS256"), Fault::IdTokenAlg),
    ("no alg", |e| unset(&mut e.header, "/alg"), Fault::IdTokenAlg),
    ("an unknown key", |e| set(&mut e.header, "/kid", json!("two")), Fault::IdTokenKeyUnknown),
    ("no key at all", |e| keys(e, &json!([])), Fault::IdTokenKeyUnknown),
    (
        "no kid and two keys",
        |e| {
            unset(&mut e.header, "/kid");
            keys(e, &json!([key("one"), key("two")]));
        },
        Fault::IdTokenKeyAmbiguous,
    ),
    ("another alg than the key's", |e| set(&mut e.header, "/alg", json!("RS256")), Fault::IdTokenKeyUnfit),
    (
        "another signature",
        |e| {
            e.on_the_way = |token| {
                let (signed, _) = token.rsplit_once('.').unwrap();
                format!("{signed}.{}", BASE64URL_NOPAD.encode(&[1; 64]))
            }
        },
        Fault::IdTokenSignature,
    ),
    (
        "another payload under the signature",
        |e| {
            e.on_the_way = |token| {
                let parts: Vec<_> = token.split('.').collect();
                format!("{}.{}.{}", parts[0], BASE64URL_NOPAD.encode(b"{}"), parts[2])
            }
        },
        Fault::IdTokenSignature,
    ),
    ("no JSON", |e| e.payload.push('}'), Fault::IdTokenPayload),
    ("a list", |e| e.payload = format!("[{}]", e.payload), Fault::IdTokenPayload),
    ("a name twice", |e| e.payload = e.payload.replacen('{', r#"{"sub":"a-person","#, 1), Fault::IdTokenPayload),
    (
        "a name twice, deep in it",
        |e| e.payload = e.payload.replacen(r#""txn":"#, r#""txn":"a","txn":"#, 1),
        Fault::IdTokenPayload,
    ),
    ("too deep", |e| e.payload = e.payload.replacen('{', r#"{"x":[[[[[[[[[]]]]]]]]],"#, 1), Fault::IdTokenPayload),
    ("no iss", |e| unset(&mut e.payload, "/iss"), Fault::IdTokenIss),
    ("another iss", |e| set(&mut e.payload, "/iss", json!("https://id.example/realm/")), Fault::IdTokenIss),
    ("no aud", |e| unset(&mut e.payload, "/aud"), Fault::IdTokenAud),
    ("another aud", |e| set(&mut e.payload, "/aud", json!("them")), Fault::IdTokenAud),
    ("a second aud", |e| set(&mut e.payload, "/aud", json!(["us", "them"])), Fault::IdTokenAud),
    ("us twice", |e| set(&mut e.payload, "/aud", json!(["us", "us"])), Fault::IdTokenAud),
    ("aud in a list in a list", |e| set(&mut e.payload, "/aud", json!([["us"]])), Fault::IdTokenAud),
    ("another azp", |e| set(&mut e.payload, "/azp", json!("them")), Fault::IdTokenAzp),
    ("azp in a list", |e| set(&mut e.payload, "/azp", json!(["us"])), Fault::IdTokenAzp),
    ("no exp", |e| unset(&mut e.payload, "/exp"), Fault::IdTokenExp),
    ("expired", |e| set(&mut e.payload, "/exp", json!(NOW - LEEWAY)), Fault::IdTokenExp),
    ("exp of no instant", |e| set(&mut e.payload, "/exp", json!(u64::MAX)), Fault::IdTokenExp),
    ("exp of less than nothing", |e| set(&mut e.payload, "/exp", json!(-1)), Fault::IdTokenExp),
    ("no iat", |e| unset(&mut e.payload, "/iat"), Fault::IdTokenIat),
    ("made later", |e| set(&mut e.payload, "/iat", json!(NOW + LEEWAY + 1)), Fault::IdTokenIat),
    ("made before we asked", |e| set(&mut e.payload, "/iat", json!(ASKED - LEEWAY - 1)), Fault::IdTokenIat),
    ("not valid yet", |e| set(&mut e.payload, "/nbf", json!(NOW + LEEWAY + 1)), Fault::IdTokenNbf),
    ("no nonce", |e| unset(&mut e.payload, "/nonce"), Fault::IdTokenNonce),
    ("another nonce", |e| set(&mut e.payload, "/nonce", json!("n-0S6_WzA2Mk")), Fault::IdTokenNonce),
    ("half a nonce", |e| set(&mut e.payload, "/nonce", json!("n-0S6_")), Fault::IdTokenNonce),
    ("a nonce and more", |e| set(&mut e.payload, "/nonce", json!("n-0S6_WzA2Mj\0")), Fault::IdTokenNonce),
    ("no sub", |e| unset(&mut e.payload, "/sub"), Fault::IdTokenSub),
    ("an empty sub", |e| set(&mut e.payload, "/sub", json!("")), Fault::IdTokenSub),
    ("of another access token", |e| set(&mut e.token.body, "/access_token", json!("other")), Fault::IdTokenAtHash),
    (
        "the whole hash of the access token",
        |e| set(&mut e.payload, "/at_hash", json!("A".repeat(43))),
        Fault::IdTokenAtHash,
    ),
    ("no auth_time", |e| unset(&mut e.payload, "/auth_time"), Fault::IdTokenAuthTimeMissing),
    (
        "an old login",
        |e| set(&mut e.payload, "/auth_time", json!(ASKED - MAX_AGE - LEEWAY - 1)),
        Fault::IdTokenAuthTime,
    ),
];

pub(super) const USERINFO: &[Defect] = &[
    ("out of order", |e| e.userinfo.status = 500, Fault::UserinfoUnreachable),
    ("refused", |e| e.userinfo.status = 401, Fault::UserinfoMalformed),
    ("nothing", |e| e.userinfo.status = 204, Fault::UserinfoMalformed),
    ("a JWT", |e| e.userinfo.content_type = Some("application/jwt"), Fault::UserinfoMalformed),
    ("a JWT that says JSON", |e| e.userinfo.body = e.id_token(), Fault::UserinfoMalformed),
    ("a list", |e| e.userinfo.body = "[]".into(), Fault::UserinfoMalformed),
    (
        "a sub twice",
        |e| e.userinfo.body = e.userinfo.body.replacen('{', r#"{"sub":"a-person","#, 1),
        Fault::UserinfoMalformed,
    ),
    ("no sub", |e| unset(&mut e.userinfo.body, "/sub"), Fault::UserinfoSub),
    ("somebody else", |e| set(&mut e.userinfo.body, "/sub", json!("another")), Fault::UserinfoSub),
    ("a sub in a list", |e| set(&mut e.userinfo.body, "/sub", json!(["a-person"])), Fault::UserinfoSub),
];

pub(super) const RULES: &[Defect] = &[
    ("no acr", |e| unset(&mut e.payload, "/acr"), Fault::Acr),
    ("a lower acr", |e| set(&mut e.payload, "/acr", json!("low")), Fault::Acr),
    ("an acr in a list", |e| set(&mut e.payload, "/acr", json!(["high"])), Fault::Acr),
    (
        "an acr in userinfo alone",
        |e| {
            unset(&mut e.payload, "/acr");
            set(&mut e.userinfo.body, "/acr", json!("high"));
        },
        Fault::Acr,
    ),
    ("no verified_claims", |e| unset(&mut e.payload, "/verified_claims"), Fault::VerifiedClaims),
    ("empty verified_claims", |e| set(&mut e.payload, "/verified_claims", json!([])), Fault::VerifiedClaims),
    ("a text of verified_claims", |e| set(&mut e.payload, "/verified_claims", json!("eidas")), Fault::VerifiedClaims),
    ("another framework", |e| entry(e, "trust_framework", json!("Eidas")), Fault::VerifiedClaims),
    ("a framework in a list", |e| entry(e, "trust_framework", json!(["eidas"])), Fault::VerifiedClaims),
    ("failed", |e| entry(e, "assurance_level", json!("FAILED")), Fault::VerifiedClaims),
    ("a null level", |e| entry(e, "assurance_level", json!(null)), Fault::VerifiedClaims),
    ("no level", |e| unset(&mut e.payload, &format!("{ENTRY}/assurance_level")), Fault::VerifiedClaims),
    ("no verification", |e| set(&mut e.payload, ENTRY, json!(null)), Fault::VerifiedClaims),
    (
        "two levels",
        |e| {
            let other = json!({"trust_framework": "de_aml", "assurance_level": "very_high", "time": at(NOW)});
            set(&mut e.payload, "/verified_claims/0/verification", other);
        },
        Fault::VerifiedClaimsAmbiguous,
    ),
    (
        "a level and none",
        |e| set(&mut e.payload, "/verified_claims/0/verification", json!({"trust_framework": "de_aml"})),
        Fault::VerifiedClaimsAmbiguous,
    ),
    ("no time", |e| unset(&mut e.payload, &format!("{ENTRY}/time")), Fault::VerifiedClaimsTime),
    ("a time that is a number", |e| entry(e, "time", json!(NOW)), Fault::VerifiedClaimsTime),
    ("a day", |e| entry(e, "time", json!(&at(NOW)[..10])), Fault::VerifiedClaimsTime),
    ("a time to come", |e| entry(e, "time", json!(at(NOW + LEEWAY + 1))), Fault::VerifiedClaimsTime),
    ("long ago", |e| entry(e, "time", json!(at(NOW - 86_401))), Fault::VerifiedClaimsTime),
    ("no value", |e| unset(&mut e.payload, "/ial"), Fault::Values),
    ("a value of another type", |e| set(&mut e.payload, "/ial", json!("2")), Fault::Values),
    ("a value in a list", |e| set(&mut e.payload, "/ial", json!([2])), Fault::Values),
    ("two values", |e| set(&mut e.userinfo.body, "/ial", json!("two")), Fault::Values),
    ("a value of userinfo", |e| e.userinfo.body = e.userinfo.body.replace("[true]", "[1]"), Fault::Values),
    ("no rule", |e| e.provider.accept = Accept::default(), Fault::VerifiedClaims),
    ("nothing names the person", |e| e.provider.identity.pointer = "/number".into(), Fault::IdentityMissing),
    (
        "two names of the person",
        |e| {
            e.provider.identity.pointer = "/number".into();
            set(&mut e.payload, "/number", json!("1"));
            set(&mut e.userinfo.body, "/number", json!("2"));
        },
        Fault::IdentityMissing,
    ),
    ("Auth0 does not say", |e| e.provider.identity.matched = vec![Name::FamilyName], Fault::MatchUnknownHere),
];
