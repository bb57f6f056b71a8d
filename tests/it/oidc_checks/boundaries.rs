//! What is just taken, and what is just not.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use idv::verification::method::oidc::answer::{Answer, QUERY_LIMIT};
use idv::verification::method::oidc::fault::Fault;
use idv::verification::method::oidc::jose::{Algorithm, SigningAlgorithm};
use idv::verification::method::oidc::metadata::{self, Metadata};
use idv::verification::method::oidc::provider::{Audience, Authentication, RequestKind};
use idv::verification::method::oidc::refusal::DETAIL_LIMIT;
use idv::verification::method::oidc::token::TokenResponse;
use idv::verification::method::oidc::{endpoint, pushed, userinfo};
use ring::digest;
use serde_json::{Value, json};

use super::exchange::{ASKED, Exchange, ISSUER, LEEWAY, MAX_AGE, NOW, provider, set, unset};
use crate::jose::PROVIDER;

/// The fault of an exchange whose ID token has this claim.
fn with_claim(claim: &str, value: Value) -> Option<Fault> {
    let mut exchange = Exchange::honest();
    set(&mut exchange.payload, claim, value);
    exchange.fault()
}

#[test]
fn times_hold_with_the_leeway_and_not_a_second_more() {
    for (claim, taken, refused, fault) in [
        ("/exp", NOW - LEEWAY + 1, NOW - LEEWAY, Fault::IdTokenExp),
        ("/iat", NOW + LEEWAY, NOW + LEEWAY + 1, Fault::IdTokenIat),
        ("/iat", ASKED - LEEWAY, ASKED - LEEWAY - 1, Fault::IdTokenIat),
        ("/nbf", NOW + LEEWAY, NOW + LEEWAY + 1, Fault::IdTokenNbf),
        ("/auth_time", ASKED - MAX_AGE - LEEWAY, ASKED - MAX_AGE - LEEWAY - 1, Fault::IdTokenAuthTime),
    ] {
        assert_eq!(with_claim(claim, json!(taken)), None, "{claim} {taken}");
        assert_eq!(with_claim(claim, json!(refused)), Some(fault), "{claim} {refused}");
    }
}

#[test]
fn times_hold_to_the_second_without_a_leeway() {
    for (claim, taken, refused) in
        [("/exp", NOW + 1, NOW), ("/iat", NOW, NOW + 1), ("/iat", ASKED, ASKED - 1), ("/nbf", NOW, NOW + 1)]
    {
        let run = |value: u64| {
            let mut exchange = Exchange::plain();
            exchange.provider.clock_leeway = Duration::ZERO;
            set(&mut exchange.payload, claim, json!(value));
            exchange.run().is_ok()
        };
        assert!(run(taken) && !run(refused), "{claim}");
    }
}

#[test]
fn a_time_may_have_a_fraction_which_is_dropped() {
    for taken in [json!(1_800_000_060.999), json!(1.8e9), json!(1_800_000_000.0)] {
        assert_eq!(with_claim("/iat", taken.clone()), None, "{taken}");
    }
    assert_eq!(with_claim("/exp", json!(1_799_999_940.5)), Some(Fault::IdTokenExp));
    assert_eq!(with_claim("/nbf", json!(1_800_000_061.0)), Some(Fault::IdTokenNbf));
    assert_eq!(with_claim("/nbf", json!(0.0)), None);
    assert_eq!(with_claim("/nbf", json!(-0.5)), Some(Fault::IdTokenNbf));
    let last = (1_u64 << 53) - 1;
    assert_eq!(with_claim("/exp", json!(last)), None);
    assert_eq!(with_claim("/exp", json!(last + 1)), Some(Fault::IdTokenExp));
}

#[test]
fn a_login_is_of_any_age_where_none_is_asked_for() {
    for auth_time in [json!(1), json!("x"), json!(null)] {
        let mut exchange = Exchange::honest();
        exchange.provider.max_age = None;
        set(&mut exchange.payload, "/auth_time", auth_time);
        assert_eq!(exchange.fault(), None);
    }
}

#[test]
fn what_may_be_left_out_of_an_id_token_may() {
    let mut exchange = Exchange::honest();
    for claim in ["/azp", "/nbf", "/at_hash", "/jti"] {
        unset(&mut exchange.payload, claim);
    }
    unset(&mut exchange.header, "/kid");
    unset(&mut exchange.header, "/typ");
    set(&mut exchange.payload, "/aud", json!("us"));
    assert_eq!(exchange.fault(), None);
}

#[test]
fn the_person_has_a_name_of_1_to_255_bytes() {
    for (sub, fault) in [("x".repeat(255), None), ("é".repeat(127), None), ("x".repeat(256), Some(Fault::IdTokenSub))]
    {
        let mut exchange = Exchange::plain();
        set(&mut exchange.payload, "/sub", json!(sub));
        assert_eq!(exchange.fault(), fault);
    }
}

#[test]
fn the_hash_of_an_access_token_is_by_the_hash_of_the_signature() {
    let hashes = [&digest::SHA256, &digest::SHA384, &digest::SHA512];
    for (algorithm, fitting) in Algorithm::ALL.into_iter().zip([0, 0, 0, 1, 2]) {
        let mut exchange = Exchange::honest();
        exchange.provider.algorithms = vec![algorithm];
        exchange.keys = json!({"keys": [PROVIDER.jwk(algorithm)]}).to_string();
        for (index, hash) in hashes.into_iter().enumerate() {
            let digest = digest::digest(hash, b"token");
            let half = &digest.as_ref()[..digest.as_ref().len() / 2];
            set(&mut exchange.payload, "/at_hash", json!(BASE64URL_NOPAD.encode(half)));
            let header = json!({"alg": algorithm.as_str()}).to_string();
            let id_token = PROVIDER.sign(algorithm, &header, exchange.payload.as_bytes());
            let fault = exchange.check_id_token("token", &id_token).err();
            assert_eq!(fault, (index != fitting).then_some(Fault::IdTokenAtHash), "{algorithm:?} {hash:?}");
        }
    }
}

#[test]
fn a_query_has_4_kib_and_its_code_2_kib_at_most() {
    let query = |code: usize, length: usize| {
        let query = format!("state=AAAAAAAAAAAAAAAAAAAAAA&code={}&x=", "c".repeat(code));
        let padding = "x".repeat(length - query.len());
        Answer::read(&(query + &padding))
            .and_then(|answer| answer.check(&provider(), false).map_err(|error| error.fault))
    };
    assert!(query(2048, QUERY_LIMIT).is_ok());
    assert_eq!(query(2048, QUERY_LIMIT + 1).err(), Some(Fault::AnswerMalformed));
    assert_eq!(query(2049, QUERY_LIMIT).err(), Some(Fault::AnswerCode));
    assert_eq!(query(1, 100).unwrap().as_str(), "c");
}

#[test]
fn an_answer_is_read_as_the_form_that_it_is() {
    let read = |query: &str| Answer::read(query).unwrap().check(&provider(), false);
    let state = "state=AAAAAAAAAAAAAAAAAAAAAA";
    for (query, code) in [("code=a%2Bb%2F", "a+b/"), ("c%6fde=a", "a"), ("&&code=a&", "a"), ("code=a&x=%ff&y&y", "a")] {
        assert_eq!(read(&format!("{query}&{state}")).unwrap().as_str(), code, "{query}");
    }
    let iss = "iss=https%3a%2F%2Fid.example/realm";
    assert_eq!(read(&format!("{state}&code=a&{iss}")).unwrap().as_str(), "a");
}

#[test]
fn what_a_provider_says_of_an_error_is_short_and_printable() {
    let detail = |query: &str| {
        let answer = Answer::read(&format!("state=AAAAAAAAAAAAAAAAAAAAAA&{query}")).unwrap();
        answer.check(&provider(), false).unwrap_err().detail.unwrap()
    };
    assert_eq!(detail("error=access_denied"), "access_denied");
    assert_eq!(detail("error=a&error_description=not+<b>%0Ayou%1b%5b1m%C3%A4"), r"a: not <b>\nyou\u{1b}[1m\u{e4}");
    let long = detail(&format!("error=a&error_description={}", "%C3%A4".repeat(100)));
    assert_eq!(long.len(), DETAIL_LIMIT);
    assert!(long.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()));
    let rejected =
        TokenResponse::read(400, None, br#"{"error":"invalid_scope","error_description":"no"}"#).unwrap_err();
    assert_eq!(rejected.detail.as_deref(), Some("invalid_scope: no"));
    assert_eq!(TokenResponse::read(418, None, b"").unwrap_err().detail.as_deref(), Some("status 418"));
    assert_eq!(pushed::read(403, None, b"<html>").unwrap_err().detail.as_deref(), Some("status 403"));
}

#[test]
fn a_bearer_token_is_one_in_any_case_and_needs_no_time_to_live() {
    for kind in ["bearer", "Bearer", "BEARER"] {
        let body = json!({"id_token": "i", "access_token": "a", "token_type": kind}).to_string();
        for content_type in ["application/json", "Application/JSON ; charset=utf-8", "application/token+json"] {
            let tokens = TokenResponse::read(200, Some(content_type), body.as_bytes()).unwrap();
            assert_eq!((tokens.id_token.as_str(), tokens.access_token.as_str()), ("i", "a"));
            assert_eq!(format!("{tokens:?}"), "TokenResponse(…)");
        }
        for content_type in ["application/+json", "text/json", "application/json,text/html", ""] {
            assert!(TokenResponse::read(200, Some(content_type), body.as_bytes()).is_err(), "{content_type}");
        }
    }
}

#[test]
fn a_request_uri_has_1_to_512_characters() {
    let read = |length: usize| {
        let body = json!({"request_uri": "u".repeat(length)}).to_string();
        pushed::read(201, Some("application/json"), body.as_bytes()).map_err(|rejected| rejected.fault)
    };
    assert_eq!(read(512), Ok("u".repeat(512)));
    assert_eq!((read(513), read(0)), (Err(Fault::PushMalformed), Err(Fault::PushMalformed)));
}

#[test]
fn what_is_out_of_order_is_told_from_what_is_malformed() {
    let exchange = Exchange::honest();
    let (sub, body) = ("a-person", exchange.userinfo.body.as_bytes());
    assert!(userinfo::check(200, Some("application/json"), body, sub).is_ok());
    for (status, fault) in [
        (428, Fault::UserinfoMalformed),
        (429, Fault::UserinfoUnreachable),
        (430, Fault::UserinfoMalformed),
        (499, Fault::UserinfoMalformed),
        (500, Fault::UserinfoUnreachable),
        (599, Fault::UserinfoUnreachable),
        (600, Fault::UserinfoMalformed),
    ] {
        assert_eq!(userinfo::check(status, Some("application/json"), body, sub).unwrap_err(), fault);
    }
}

#[test]
fn metadata_is_below_the_issuer_unless_it_is_said_where() {
    let mut provider = provider();
    assert_eq!(metadata::address(&provider), format!("{ISSUER}/.well-known/openid-configuration"));
    provider.issuer = "https://id.example/".into();
    assert_eq!(metadata::address(&provider), "https://id.example/.well-known/openid-configuration");
    provider.metadata = Some("https://id.example/there".into());
    assert_eq!(metadata::address(&provider), "https://id.example/there");
}

#[test]
fn metadata_says_what_is_used_and_what_is_not_used_may_be_anything() {
    let mut exchange = Exchange::honest();
    let read = |exchange: &Exchange| Metadata::read(exchange.metadata.as_bytes(), &exchange.provider).unwrap();
    assert_eq!(read(&exchange).pushed_authorization_request_endpoint.as_deref(), Some("https://id.example/par"));
    assert_eq!(read(&exchange).token_endpoint_auth_signing_algs, ["ES256"]);
    assert!(read(&exchange).announces_iss && !read(&exchange).requires_pushed);
    for list in ["/token_endpoint_auth_methods_supported", "/code_challenge_methods_supported"] {
        unset(&mut exchange.metadata, list);
    }
    exchange.provider.userinfo = false;
    exchange.provider.request = Some(RequestKind::Plain);
    for endpoint in ["/userinfo_endpoint", "/pushed_authorization_request_endpoint"] {
        set(&mut exchange.metadata, endpoint, json!("http://elsewhere.example"));
    }
    let metadata = read(&exchange);
    assert_eq!((metadata.userinfo_endpoint, metadata.pushed_authorization_request_endpoint), (None, None));
    exchange.provider.request = None;
    assert_eq!(exchange.fault(), Some(Fault::MetadataEndpoint), "it would be used");
    unset(&mut exchange.metadata, "/pushed_authorization_request_endpoint");
    assert_eq!(read(&exchange).pushed_authorization_request_endpoint, None, "it is not announced");
}

#[test]
fn a_provider_that_requires_pushed_requests_gets_them() {
    let mut exchange = Exchange::honest();
    exchange.provider.request = Some(RequestKind::Plain);
    set(&mut exchange.metadata, "/require_pushed_authorization_requests", json!(true));
    let metadata = Metadata::read(exchange.metadata.as_bytes(), &exchange.provider).unwrap();
    assert_eq!(metadata.pushed_authorization_request_endpoint.as_deref(), Some("https://id.example/par"));
    assert!(metadata.requires_pushed);
}

#[test]
fn an_assertion_is_announced_where_its_algorithm_is_listed_or_none_is() {
    for (algorithm, is_listed) in
        [(Some(SigningAlgorithm::Es256), true), (None, true), (Some(SigningAlgorithm::Rs256), false)]
    {
        let mut exchange = Exchange::honest();
        exchange.provider.authentication = Authentication::PrivateKey { audience: Audience::Issuer, algorithm };
        assert_eq!(exchange.fault().is_none(), is_listed);
        unset(&mut exchange.metadata, "/token_endpoint_auth_signing_alg_values_supported");
        assert_eq!(exchange.fault(), None);
    }
}

#[test]
fn a_provider_is_asked_at_addresses_of_one_reading_alone() {
    let mut provider = provider();
    provider.authorities.extend(["localhost:9", "127.0.0.1:9", "xn--bcher-kva.example"].map(String::from));
    // No configuration has such ones; they are none all the same.
    let label = format!("{}.example", "a".repeat(64));
    let unfit =
        ["[::1]", "a b", "ID2.example", "-a.example", "a-.example", "a..example", "a:0443", "a:+1", "a:65536", &label];
    provider.authorities.extend(unfit.map(String::from));
    let is_allowed = |url: &str| endpoint::is_allowed(url, &provider);
    for url in [
        "https://id.example",
        "https://id.example/",
        "https://id.example?a=b",
        "https://id.example:443/a/b?c=d&e=%2f",
        "https://keys.example:8443/~a/(b);c=d,e:f@g!$&'*+",
        "https://xn--bcher-kva.example/",
        "https://localhost:9/",
    ] {
        assert!(is_allowed(url), "{url}");
    }
    for url in [
        "",
        "https://",
        "https:///a",
        "id.example",
        "//id.example",
        "HTTPS://id.example",
        "ftp://id.example",
        " https://id.example",
        "https://id.example ",
        "https://id.example:/",
        "https://id.example:0443/",
        "https://id.example:+443/",
        "https://id.example:65536/",
        "https://id.example:80/",
        "https://keys.example/",
        "https://id.example./",
        "https://id.example:8443/",
        "https://ID.example/",
        "https://ID2.example/",
        "https://bücher.example/",
        "https://id%2eexample/",
        "https://[::1]/",
        "https://a b/",
        "https://user@id.example/",
        "https://id.example@elsewhere.example/",
        "https://elsewhere.example/@id.example",
        "https://elsewhere.example\\@id.example/",
        "https://id.example\\a",
        "https://id.example/\\a",
        "https://id.example/a b",
        "https://id.example/a\tb",
        "https://id.example/a\r\nb",
        "https://id.example/\0",
        "https://id.example/ä",
        "https://id.example/%",
        "https://id.example/%2",
        "https://id.example/%2g",
        "https://id.example/#a",
        "https://id.example#a",
        "https://id.example/\"<>^`{|}",
        "http://id.example/",
        "http://localhost:9/",
    ] {
        assert!(!is_allowed(url), "{url}");
    }
    for authority in unfit {
        assert!(!is_allowed(&format!("https://{authority}/")), "{authority}");
    }
    let long = |length: usize| format!("https://id.example/{}", "a".repeat(length - 19));
    assert!(is_allowed(&long(2048)) && !is_allowed(&long(2049)));
}

#[test]
fn a_trials_own_provider_is_on_this_machine_by_http() {
    let mut provider = provider();
    provider.is_of_trial = true;
    provider.authorities.extend(["localhost:9", "127.0.0.1:9"].map(String::from));
    for url in ["http://localhost:9/a", "http://127.0.0.1:9/a", "https://id.example/a"] {
        assert!(endpoint::is_allowed(url, &provider), "{url}");
    }
    for url in ["http://id.example/a", "http://localhost/a", "http://localhost:90/a", "http://127.0.0.2:9/a"] {
        assert!(!endpoint::is_allowed(url, &provider), "{url}");
    }
}
