//! Any bytes at all.

use hyper::Uri;
use idv::verification::method::oidc::answer::Answer;
use idv::verification::method::oidc::metadata::Metadata;
use idv::verification::method::oidc::token::TokenResponse;
use idv::verification::method::oidc::{endpoint, pushed, userinfo};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::exchange::{Exchange, provider, set};

/// Bytes, and what looks like JSON.
fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let names = r#"\{"(id_token|sub|error|issuer|request_uri|token_type)":["\[\]{}:,0-9a-z]{0,20}\}?"#;
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), names.prop_map(String::into_bytes)]
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4).prop_map(|members| json!(members)),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(body in any_body(), status in 0..700_u16) {
        let json = Some("application/json");
        prop_assert!(Metadata::read(&body, &provider()).is_err());
        let _ = TokenResponse::read(status, json, &body);
        let _ = TokenResponse::read(200, json, &body);
        let _ = pushed::read(201, json, &body);
        let _ = pushed::read(status, json, &body);
        prop_assert!(userinfo::check(200, json, &body, "a-person").is_err());
    }

    #[test]
    fn no_query_makes_a_reader_panic(query in r"(state=[A-Za-z0-9_-]{22}&)?[a-z=&%+0-9\PC]{0,60}") {
        if let Ok(answer) = Answer::read(&query) {
            let state = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state").unwrap().1;
            prop_assert_eq!(&state, &answer.state);
            let _ = answer.check(&provider(), false);
        }
    }

    #[test]
    fn no_text_is_an_id_token_by_chance(text in r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,40}){0,5}") {
        prop_assert!(Exchange::honest().check_id_token("a", &text).is_err());
    }

    #[test]
    fn no_payload_that_is_signed_makes_the_check_panic(payload in any_value()) {
        let mut exchange = Exchange::honest();
        exchange.payload = payload.to_string();
        prop_assert!(exchange.run().is_err());
    }

    #[test]
    fn no_other_value_of_a_claim_that_has_one_is_taken(
        claim in prop::sample::select(vec!["/iss", "/nonce", "/at_hash", "/azp", "/ial"]),
        value in any_value(),
    ) {
        let mut exchange = Exchange::honest();
        set(&mut exchange.payload, claim, value);
        prop_assert!(exchange.run().is_err());
    }

    #[test]
    fn no_verified_claims_of_chance_count(value in any_value()) {
        let mut exchange = Exchange::honest();
        set(&mut exchange.payload, "/verified_claims", value);
        prop_assert!(exchange.run().is_err());
    }

    #[test]
    fn an_address_that_may_be_asked_is_the_same_to_another_reader(
        rest in r"(id\.example|keys\.example:8443|a|@|:443|:1|\.|\\)[a-z0-9/?#@:%\\. ]{0,20}",
    ) {
        let url = format!("https://{rest}");
        if endpoint::is_allowed(&url, &provider()) {
            let uri: Uri = url.parse().unwrap();
            prop_assert_eq!(uri.scheme_str(), Some("https"));
            let place = (uri.host().unwrap(), uri.port_u16().unwrap_or(443));
            prop_assert!([("id.example", 443), ("keys.example", 8443)].contains(&place), "{}", url);
            prop_assert!(!uri.authority().unwrap().as_str().contains('@'));
        }
    }
}

#[test]
fn nothing_that_a_provider_sends_is_printed() {
    let exchange = Exchange::honest();
    let answer = Answer::read(&exchange.query).unwrap();
    assert_eq!(format!("{answer:?}"), "Answer(…)");
    assert_eq!(format!("{:?}", answer.check(&exchange.provider, true).unwrap()), "Code(…)");
    assert_eq!(format!("{:?}", exchange.checked()), "Object(…)");
    assert!(!format!("{:?}", exchange.run()).contains("a-person"));
}
