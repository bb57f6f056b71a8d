//! Vendors by Okta's contract: the account's names go there, are compared there, and come back as values, as `MATCHED`, or
//! not at all.

use idv::verification::method::oidc::names::Name;
use idv::verification::method::oidc::provider::{Provider, Shape, VerifiedClaims};
use serde_json::{Value, json};

use super::scene::{Came, Scene, Setting};
use crate::support::token::{self, SECRET, SUBJECT};

const ADA: &str =
    r#"{"given_name":"Ada","family_name":"Lovelace","birthdate":"1815-12-10","email":"ada@acme.example"}"#;

/// As a vendor's section is configured: it is sent both names.
fn vendor(provider: &mut Provider) {
    provider.claims = None;
    provider.acr_values = vec![];
    provider.max_age = None;
    provider.userinfo = false;
    provider.verified_claims_as = Shape::Array;
    provider.scopes = ["openid", "profile", "identity_assurance"].map(str::to_owned).to_vec();
    provider.accept.acr = vec![];
    provider.accept.values = vec![];
    provider.accept.verified_claims = Some(VerifiedClaims {
        trust_framework: vec!["IDV-DELEGATED".into(), "IDV_DELEGATED".into()],
        assurance_level: vec!["VERIFIED".into()],
        max_age: None,
    });
    provider.identity.pointer = "/sub".into();
    provider.identity.expected = vec![Name::GivenName, Name::FamilyName];
}

/// As [`vendor`], and what comes back is compared here too.
fn compared(provider: &mut Provider) {
    vendor(provider);
    provider.identity.matched = vec![Name::FamilyName];
}

/// A login of Ada's, after which the vendor says this of her.
fn log_in(scene: &Scene, level: &str, claims: &Value) -> Came {
    let verification = json!({ "trust_framework": "IDV-DELEGATED", "assurance_level": level });
    scene.liar.change_person(|person| {
        person["id_token"]["verified_claims"] = json!([{ "verification": verification, "claims": claims }]);
        person["id_token"]["family_name"] = "Lovelace".into();
    });
    let profile = token::seal_profile(ADA, SECRET);
    let claims = token::with(token::claims(scene.world.now()), &json!({ "profile": profile }));
    scene.log_in_by(&token::sign(&claims))
}

fn fuzzy(family_name: &str) -> Value {
    json!({ "given_name": { "value": "Ada", "fuzzy": true }, "family_name": { "value": family_name, "fuzzy": true } })
}

/// How the session ended.
fn status(came: &Came) -> Value {
    token::open(&came.page.parameter("token"), SECRET)["status"].clone()
}

#[test]
fn names_go_by_a_pushed_request_and_by_nothing_else() {
    let scene = Scene::with(Setting::USUAL, vendor);
    log_in(&scene, "VERIFIED", &json!({})).assert_success(&scene.liar);
    let [pushed] = &scene.liar.asked("/par")[..] else { panic!("one request is pushed") };
    let claims: Value = serde_json::from_str(pushed.parameter("claims").unwrap()).unwrap();
    let expected = &claims["id_token"]["verified_claims"][0];
    assert_eq!(expected["claims"], fuzzy("Lovelace"));
    assert_eq!(expected["verification"]["trust_framework"]["value"], "IDV-DELEGATED");
    assert_eq!(expected["verification"]["assurance_level"]["value"], "VERIFIED");
    let hint = pushed.parameter("login_hint").unwrap();
    assert!(!hint.is_empty() && hint != SUBJECT && !hint.contains('@'), "{hint}");
    let [address] = &scene.liar.asked("/authorize")[..] else { panic!("the browser comes once") };
    let names: Vec<_> = address.parameters.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["client_id", "request_uri"]);
}

#[test]
fn what_the_vendor_verified_counts_however_it_tells_the_names() {
    for claims in
        [fuzzy("Lovelace"), json!({ "given_name": "MATCHED", "family_name": "MATCHED" }), json!({}), Value::Null]
    {
        let scene = Scene::with(Setting::USUAL, vendor);
        assert_eq!(log_in(&scene, "VERIFIED", &claims).failure(&scene.liar), None, "{claims}");
    }
}

#[test]
fn what_it_could_not_verify_does_not_count() {
    for level in ["FAILED", "verified", ""] {
        let scene = Scene::with(Setting::USUAL, vendor);
        let mut came = log_in(&scene, level, &fuzzy("Lovelace"));
        assert_eq!(came.complaints("verified_claims"), Vec::<String>::new(), "{level}");
    }
}

#[test]
fn a_name_that_is_the_accounts_counts_and_another_ends_the_session() {
    let matched = json!({ "family_name": "MATCHED" });
    for (claims, expected) in [(fuzzy("LOVELACE"), "success"), (matched, "success"), (fuzzy("Byron"), "failed")] {
        let scene = Scene::with(Setting::USUAL, compared);
        assert_eq!(status(&log_in(&scene, "VERIFIED", &claims)), expected, "{claims}");
    }
}

#[test]
fn a_name_outside_what_was_verified_counts_for_nothing() {
    let scene = Scene::with(Setting::USUAL, compared);
    let mut came = log_in(&scene, "VERIFIED", &json!({ "given_name": "MATCHED" }));
    assert_eq!(came.complaints("match_unknown_there"), Vec::<String>::new());
}

#[test]
fn matched_counts_for_nothing_that_was_not_sent() {
    let scene = Scene::with(Setting::USUAL, |provider| {
        compared(provider);
        provider.identity.expected = vec![Name::GivenName];
    });
    let came = log_in(&scene, "VERIFIED", &json!({ "given_name": "MATCHED", "family_name": "MATCHED" }));
    assert_ne!(came.failure(&scene.liar), None);
}

#[test]
fn nobody_is_sent_to_be_compared_of_whom_nothing_is_known() {
    let scene = Scene::with(Setting::USUAL, vendor);
    let mut came = scene.log_in("one");
    assert_eq!(came.complaints("match_unknown_here"), Vec::<String>::new());
    assert!(scene.liar.asked("/par").is_empty());
}
