//! `GET /id-verification`: Auth0 sends a person.

use std::time::Duration;

use hyper::StatusCode;
use idv::verification::tenant::TokenKey;
use serde_json::json;

use crate::support::token::{self, CUSTOM_DOMAIN, SECRET, STATE, TENANT};
use crate::support::world::{WRONG_CODE, World, tenant};

#[test]
fn both_spellings_of_the_path_work_identically() {
    // Contract 1.
    let world = World::new();
    for path in ["id-verification", "id-verfication"] {
        let page = world.browser().get(&format!("/{path}?token={}&state={STATE}", world.token(path)));
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert!(page.location().starts_with("/session/"));
    }
}

#[test]
fn the_clean_address_holds_neither_token_nor_state() {
    let world = World::new();
    let page = world.browser().start(&world.token("clean"));
    assert_eq!(page.location().len(), "/session/".len() + 22);
    assert_eq!(page.body, "");
}

#[test]
fn the_cookie_is_bound_to_the_host_and_hidden_from_scripts() {
    let world = World::new();
    let page = world.browser().start(&world.token("cookie"));
    let cookie = page.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-idv-"), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
}

#[test]
fn head_is_answered_like_get_without_a_body() {
    let world = World::new();
    let page =
        world.browser().send("HEAD", &format!("/id-verification?token={}&state={STATE}", world.token("head")), "");
    assert_eq!((page.status, page.body.as_str()), (StatusCode::SEE_OTHER, ""));
}

#[test]
fn other_methods_are_not_allowed() {
    let world = World::new();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        let page =
            world.browser().send(method, &format!("/id-verification?token={}&state={STATE}", world.token(method)), "");
        assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(page.header("allow"), Some("GET, HEAD"));
    }
}

#[test]
fn a_start_writes_nothing() {
    // Design: a started login costs the server nothing, so a flood leaves no trace.
    let world = World::new();
    let file = world.directory.path().join("idv.redb");
    let before = std::fs::read(&file).unwrap();
    for index in 0..50 {
        world.browser().begin(&world.token(&index.to_string()));
    }
    assert!(before == std::fs::read(&file).unwrap(), "the store's file is unchanged");
}

#[test]
fn a_token_is_good_until_the_instant_of_exp_and_the_leeway() {
    // RFC 7519 §4.1.4, with the 60 s of the tenant.
    let world = World::new();
    let token = world.token("exp");
    world.pass(Duration::from_secs(900 + 59));
    assert_eq!(world.browser().start(&token).status, StatusCode::SEE_OTHER);
    world.pass(Duration::from_secs(1));
    assert_eq!(world.browser().start(&token).status, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_token_is_of_no_use_an_hour_after_it_was_made_whatever_exp_says() {
    // Contract 14.
    let world = World::new();
    let claims = token::with(token::claims(world.now()), &json!({ "exp": world.now() + 86_400 }));
    let token = token::sign(&claims);
    world.pass(Duration::from_secs(3600 + 59));
    assert_eq!(world.browser().start(&token).status, StatusCode::SEE_OTHER);
    world.pass(Duration::from_secs(1));
    assert_eq!(world.browser().start(&token).status, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_token_from_the_future_is_good_within_the_leeway_only() {
    let world = World::new();
    for (claim, ahead, status) in [("iat", 60, 303), ("iat", 61, 401), ("nbf", 60, 303), ("nbf", 61, 401)] {
        let claims = token::with(
            token::claims(world.now()),
            &json!({ claim: world.now() + ahead, "jti": format!("{claim}{ahead}") }),
        );
        assert_eq!(world.browser().start(&token::sign(&claims)).status.as_u16(), status, "{claim} {ahead} s ahead");
    }
}

#[test]
fn every_secret_of_the_tenant_is_accepted_and_no_other() {
    let mut tenant = tenant();
    let old = b"the secret before this one, 32 bytes+".as_slice();
    tenant.keys.push(TokenKey::new(old));
    let world = World::with_tenant(tenant);
    let payload = serde_json::Value::Object(token::claims(world.now())).to_string();
    for (secret, status) in [(SECRET, 303), (old, 303), (b"a secret that nobody configured, 32+", 401)] {
        let token = token::sign_raw(token::HEADER, payload.as_bytes(), secret);
        assert_eq!(world.browser().start(&token).status.as_u16(), status);
    }
}

#[test]
fn one_tenants_token_never_passes_for_anothers() {
    let mut other = tenant();
    other.domain = "other.eu.auth0.test".to_owned().try_into().unwrap();
    other.custom_domains = vec![];
    other.keys = vec![TokenKey::new(b"the other tenant's secret, 32 bytes")];
    let world = World::with_tenants(vec![tenant(), other]);
    let claims = token::with(token::claims(world.now()), &json!({ "iss": "other.eu.auth0.test" }));
    assert_eq!(world.browser().start(&token::sign(&claims)).status, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_result_token_never_passes_for_a_request() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("first"));
    let result = browser.post(&format!("{session}/desk"), &format!("code={}", world.issue())).parameter("token");
    assert_eq!(browser.start(&result).status, StatusCode::UNAUTHORIZED);
    // Nor one whose issuer a tenant's host would be.
    let claims = token::with(token::claims(world.now()), &json!({ "state": STATE, "status": "success" }));
    assert_eq!(browser.start(&token::sign(&claims)).status, StatusCode::BAD_REQUEST);
}

#[test]
fn the_issuer_may_be_any_host_of_the_tenant() {
    // Contract 4 and 5: without continue_uri, the person returns to the issuer's own host.
    let world = World::new();
    for host in [TENANT, CUSTOM_DOMAIN] {
        let mut browser = world.browser();
        let claims = token::with(token::claims(world.now()), &json!({ "iss": host, "jti": host }));
        let session = browser.begin(&token::sign(&claims));
        let back = browser.post(&format!("{session}/cancel"), "");
        assert!(back.location().starts_with(&format!("https://{host}/continue?state=")), "{}", back.location());
    }
}

#[test]
fn continue_uri_chooses_among_the_tenants_hosts() {
    // Contract 5.
    let world = World::new();
    let mut browser = world.browser();
    let claims = token::with(
        token::claims(world.now()),
        &json!({ "continue_uri": format!("https://{CUSTOM_DOMAIN}/continue") }),
    );
    let session = browser.begin(&token::sign(&claims));
    assert!(
        browser
            .post(&format!("{session}/cancel"), "")
            .location()
            .starts_with(&format!("https://{CUSTOM_DOMAIN}/continue?state="))
    );
}

#[test]
fn a_state_of_two_kibibytes_is_handed_back_unchanged_and_its_cookie_fits() {
    // Contract 2; every browser keeps cookies of 4,096 bytes (RFC 6265 §6.1).
    let world = World::new();
    let mut browser = world.browser();
    let state: String = "Aa0-_.~+/=:,;@!$()*|%".chars().cycle().take(2048).collect();
    let encoded = state.replace('%', "%25");
    let claims = json!({ "sub": "s".repeat(255), "account_hint": "h".repeat(128), "ui_locales": "l".repeat(256) });
    let token = token::sign(&token::with(token::claims(world.now()), &claims));
    let page = browser.get(&format!("/id-verification?token={token}&state={encoded}"));
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    let (pair, _) = page.header("set-cookie").unwrap().split_once(';').unwrap();
    assert!(pair.len() <= 4096, "{}", pair.len());
    let back = browser.post(&format!("{}/cancel", page.location()), "");
    assert_eq!(back.parameter("state"), state);
    assert_eq!(token::open(&back.parameter("token"), SECRET)["state"], state.as_str());
}

#[test]
fn a_state_too_long_for_a_cookie_is_refused_with_a_clear_page() {
    let world = World::new();
    let page =
        world.browser().get(&format!("/id-verification?token={}&state={}", world.token("long"), "s".repeat(2049)));
    assert_eq!(page.status, StatusCode::URI_TOO_LONG);
    assert!(page.body.contains("too long"));
}

#[test]
fn a_used_token_is_refused_elsewhere_and_goes_on_in_its_own_browser() {
    // Design: the first browser wins.
    let world = World::new();
    let (mut first, mut second) = (world.browser(), world.browser());
    let token = world.token("used");
    let session = first.begin(&token);
    let late = second.begin(&token);
    first.post(&format!("{session}/cancel"), "");
    assert_eq!(second.start(&token).status, StatusCode::CONFLICT);
    assert_eq!(second.get(&late).status, StatusCode::CONFLICT);
    assert_eq!(second.post(&format!("{late}/cancel"), "").status, StatusCode::CONFLICT);
    assert_eq!(first.start(&token).location(), session);
}

#[test]
fn the_page_of_a_refusal_speaks_the_persons_language_and_names_a_reference() {
    let world = World::new();
    let mut browser = world.browser();
    browser.headers.push(("accept-language".into(), "de-CH, en;q=0.5".into()));
    let page = browser.start("not.a.token");
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("lang=\"de\""));
    assert!(page.body.contains("Dieser Link funktioniert nicht"));
    let (_, reference) = page.body.split_once("<code dir=\"ltr\">").unwrap();
    assert_eq!(reference.split_once("</code>").unwrap().0.len(), 10);
}

#[test]
fn a_refusal_without_a_line_in_the_log_shows_no_reference() {
    let world = World::new();
    let refused = || world.browser().start("not.a.token").body.contains("<code dir=\"ltr\">");
    assert_eq!([(); 4].map(|()| refused()), [true, true, false, false]);
    let other = world.browser().get("/id-verification");
    assert!(other.body.contains("<code dir=\"ltr\">"), "another cause has its own: {}", other.body);
    world.app.noise.tell();
    assert!(refused(), "a second later");
    assert!(!world.browser().get("/nowhere").body.contains("<code"), "the page itself says it all");
}

#[test]
fn the_claim_id_is_used_for_nothing_and_refuses_nobody() {
    // Contract 5 has it in every token; from 129 bytes on it refused the login.
    let world = World::new();
    let ids = [json!("i".repeat(128)), json!("i".repeat(129)), json!("i".repeat(2000)), json!("two\nlines"), json!("")];
    let others = [json!(null), json!(1), json!(true), json!(["i"]), json!({ "id": 1 })];
    for (index, id) in ids.into_iter().chain(others).enumerate() {
        let mut claims = token::with(token::claims(world.now()), &json!({ "jti": index }));
        claims.insert("id".into(), id.clone());
        assert_eq!(world.browser().start(&token::sign(&claims)).status, StatusCode::SEE_OTHER, "{id}");
    }
}

#[test]
fn a_link_that_is_opened_twice_in_one_browser_is_one_session() {
    let world = World::new();
    let (mut browser, mut other) = (world.browser(), world.browser());
    let token = world.token("twice");
    let session = browser.begin(&token);
    assert_eq!(browser.start(&token).location(), session, "before anybody has acted");
    assert!(browser.start(&token).header("set-cookie").is_none());
    assert_ne!(browser.begin(&world.token("another")), session);
    assert_ne!(other.begin(&token), session);
    browser.post(&format!("{session}/desk"), &format!("code={WRONG_CODE}"));
    assert_eq!(browser.start(&token).location(), session, "in the middle of it");
    browser.post(&format!("{session}/cancel"), "");
    assert_eq!(browser.start(&token).location(), session, "and after its end");
}
