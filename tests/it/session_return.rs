//! The way back to Auth0 (contract 8 to 13).

use std::time::Duration;

use hyper::StatusCode;
use idv::verification::tenant::{ResultSubject, ReturnMethod, TokenKey};

use crate::support::token::{self, SECRET, STATE, SUBJECT, TENANT};
use crate::support::world::{World, subject, tenant};

#[test]
fn the_result_token_has_what_auth0_asks_for() {
    // Contract 8 to 12.
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("result"));
    let back = browser.post(&format!("{session}/desk"), &format!("code={}", world.issue()));
    assert!(
        back.location().starts_with(&format!("https://{TENANT}/continue?state={STATE}&token=")),
        "{}",
        back.location()
    );
    let claims = token::open(&back.parameter("token"), SECRET);
    let record = world.app.store.subject(&subject(SUBJECT)).unwrap().unwrap();
    assert_eq!(
        serde_json::Value::Object(claims),
        serde_json::json!({
            "iss": "idv.example.test", "sub": SUBJECT, "iat": world.now(), "exp": world.now() + 300, "state": STATE,
            "status": "success", "idv_id": record.idv_id.to_string(), "last_check": world.now(),
            "method": "desk",
        })
    );
}

#[test]
fn iat_is_the_time_of_the_check_and_exp_counts_from_now() {
    // Contract 11.
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("iat"));
    browser.post(&format!("{session}/desk"), &format!("code={}", world.issue()));
    let checked_at = world.now();
    world.pass(Duration::from_mins(20));
    let claims = token::open(&browser.get(&format!("{session}/return")).parameter("token"), SECRET);
    assert_eq!((claims["iat"].as_u64(), claims["exp"].as_u64()), (Some(checked_at), Some(world.now() + 300)));
}

#[test]
fn the_identifier_is_made_once_and_is_not_the_auth0_id() {
    let world = World::new();
    let mut browser = world.browser();
    let mut ids = Vec::new();
    for act in ["one", "two"] {
        let session = browser.begin(&world.token(act));
        let back = browser.post(&format!("{session}/cancel"), "");
        ids.push(token::open(&back.parameter("token"), SECRET)["idv_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(ids[0].len(), 32);
    assert!(!ids[0].contains("65f0c0ffee"));
}

#[test]
fn the_secret_that_signed_the_request_signs_the_result() {
    // While a secret is rotated, Auth0 knows one of the two.
    let old = b"the secret before this one, 32 bytes+";
    let mut tenant = tenant();
    tenant.keys.push(TokenKey::new(old));
    let world = World::with_tenant(tenant);
    let payload = serde_json::Value::Object(token::claims(world.now())).to_string();
    for secret in [SECRET, old] {
        let mut browser = world.browser();
        let session = browser.begin(&token::sign_raw(token::HEADER, payload.as_bytes(), secret));
        let back = browser.post(&format!("{session}/cancel"), "");
        token::open(&back.parameter("token"), secret);
    }
}

#[test]
fn a_template_that_reads_its_own_id_from_sub_gets_it() {
    // Contract 10: result_subject = "idv_id".
    let world =
        World::with_tenant(idv::verification::tenant::Tenant { result_subject: ResultSubject::IdvId, ..tenant() });
    let mut browser = world.browser();
    let session = browser.begin(&world.token("sub"));
    let claims = token::open(&browser.post(&format!("{session}/cancel"), "").parameter("token"), SECRET);
    assert_eq!(claims["sub"], claims["idv_id"]);
}

#[test]
fn form_post_is_a_form_with_a_button_and_a_script_of_its_own() {
    // Contract 8 and 13: a page whose submission leads through redirects to an application that idv does not know must
    // not carry form-action, which browsers apply to all of them.
    let world = World::with_tenant(idv::verification::tenant::Tenant {
        return_method: ReturnMethod::FormPost,
        token_parameter: "session_token".into(),
        ..tenant()
    });
    let mut browser = world.browser();
    let session = browser.begin(&world.token("form"));
    let page = browser.post(&format!("{session}/desk"), &format!("code={}", world.issue()));
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains(&format!("<form method=\"post\" action=\"https://{TENANT}/continue?state={STATE}\">")),
        "{}",
        page.body
    );
    assert!(page.body.contains("<button type=\"submit\">"));
    assert!(!page.header("content-security-policy").unwrap().contains("form-action"));
    let (_, rest) = page.body.split_once("name=\"session_token\" value=\"").unwrap();
    assert_eq!(token::open(rest.split_once('"').unwrap().0, SECRET)["status"], "success");
    let (_, rest) = page.body.split_once("<script src=\"").unwrap();
    let script = browser.get(rest.split_once('"').unwrap().0);
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert!(script.body.contains("submit()"));
}
