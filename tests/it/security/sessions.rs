//! V7, V8, V11, V14: sessions, tenants, and what a cookie gives away.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use hyper::StatusCode;
use serde_json::json;

use crate::support::token::{self, SECRET, STATE, SUBJECT, TENANT};
use crate::support::world::{OTHER_SECRET, OTHER_TENANT, World, other_tenant, subject, tenant};

/// A start of the usual subject at the other tenant.
fn other_token(world: &World, jti: &str) -> String {
    let claims = token::with(token::claims(world.now()), &json!({ "iss": OTHER_TENANT, "jti": jti }));
    token::sign_raw(token::HEADER, serde_json::Value::Object(claims).to_string().as_bytes(), OTHER_SECRET)
}

#[test]
fn every_start_is_a_session_of_its_own_whatever_the_browser_brings() {
    let world = World::new();
    let mut victim = world.browser();
    let mut attacker = world.browser();
    let planted = attacker.begin(&world.token("attacker"));
    let token = world.token("victim");
    let ids = (0..200).map(|_| {
        victim.cookies.clone_from(&attacker.cookies);
        victim.begin(&token)
    });
    let ids: BTreeSet<_> = ids.chain([planted]).collect();
    assert_eq!(ids.len(), 201, "the same token begins anew until somebody acts");
    for id in ids {
        let id = BASE64URL_NOPAD.decode(id.strip_prefix("/session/").unwrap().as_bytes()).unwrap();
        assert_eq!(id.len() * 8, 128);
    }
}

#[test]
fn a_session_that_has_ended_decides_nothing_more() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("ended"));
    let first = browser.post(&format!("{session}/cancel"), "");
    let code = world.issue();
    let back = browser.post(&format!("{session}/desk"), &format!("code={code}"));
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "canceled");
    assert_eq!(back.parameter("state"), first.parameter("state"));
    assert_eq!(world.app.store.subject(&subject(SUBJECT)).unwrap().unwrap().last_check, None);
    // The code still waits, for a session that lives.
    let session = browser.begin(&world.token("alive"));
    assert_eq!(browser.post(&format!("{session}/desk"), &format!("code={code}")).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_cookie_shows_nothing_of_the_person() {
    let world = World::new();
    let hint = "j•••@acme.test";
    let claims = token::with(token::claims(world.now()), &json!({ "account_hint": hint, "ui_locales": "de-AT" }));
    let page = world.browser().start(&token::sign(&claims));
    let cookie = page.header("set-cookie").unwrap();
    let value = cookie.split_once(';').unwrap().0.split_once('=').unwrap().1;
    let sealed = BASE64URL_NOPAD.decode(value.as_bytes()).unwrap();
    for open in [SUBJECT, STATE, TENANT, hint, "de-AT"] {
        let part = &open.as_bytes()[..5];
        assert!(!sealed.windows(part.len()).any(|window| window == part) && !cookie.contains(open), "{open}");
    }
}

#[test]
fn no_two_cookies_share_a_nonce() {
    // The first four bytes name the hour, the next twelve are the nonce of AES-GCM.
    let world = World::new();
    let token = world.token("nonce");
    let nonces: BTreeSet<_> = (0..2000)
        .map(|_| {
            let page = world.browser().start(&token);
            let value = page.header("set-cookie").unwrap().split_once(';').unwrap().0.split_once('=').unwrap().1;
            BASE64URL_NOPAD.decode(value.as_bytes()).unwrap()[4..16].to_vec()
        })
        .collect();
    assert_eq!(nonces.len(), 2000);
}

#[test]
fn a_cookie_of_another_installation_opens_nothing() {
    let (here, there) = (World::new(), World::new());
    let mut browser = there.browser();
    let session = browser.begin(&there.token("elsewhere"));
    let mut here = here.browser();
    here.cookies = browser.cookies.clone();
    assert_eq!(browser.get(&session).status, StatusCode::OK);
    assert_eq!(here.get(&session).status, StatusCode::BAD_REQUEST);
}

#[test]
fn a_tenant_that_is_gone_takes_its_sessions_along() {
    let world = World::with_tenants(vec![tenant(), other_tenant()]);
    let mut browser = world.browser();
    let (stays, goes) = (browser.begin(&world.token("stays")), browser.begin(&other_token(&world, "goes")));
    assert_eq!(browser.get(&goes).status, StatusCode::OK);
    let cookies = browser.cookies.clone();
    drop(browser);
    let world = world.restarted();
    let mut browser = world.browser();
    browser.cookies = cookies;
    assert_eq!(browser.get(&stays).status, StatusCode::OK);
    assert_eq!(browser.get(&goes).status, StatusCode::BAD_REQUEST);
}

#[test]
fn one_user_id_at_two_tenants_is_two_people() {
    let world = World::with_tenants(vec![tenant(), other_tenant()]);
    let code = world.issue();
    let mut browser = world.browser();
    let session = browser.begin(&other_token(&world, "namesake"));
    let page = browser.post(&format!("{session}/desk"), &format!("code={code}"));
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "the code is another tenant's");
    let back = browser.post(&format!("{session}/cancel"), "");
    assert!(back.location().starts_with(&format!("https://{OTHER_TENANT}/continue?")), "{}", back.location());
    let there = token::open(&back.parameter("token"), OTHER_SECRET);
    let session = browser.begin(&world.token("here"));
    let here =
        token::open(&browser.post(&format!("{session}/desk"), &format!("code={code}")).parameter("token"), SECRET);
    assert_eq!((here["sub"].as_str(), here["status"].as_str()), (there["sub"].as_str(), Some("success")));
    assert_ne!(here["idv_id"], there["idv_id"]);
    let known =
        idv::verification::subject::Subject { tenant: OTHER_TENANT.to_owned().try_into().unwrap(), ..subject(SUBJECT) };
    assert_eq!(world.app.store.subject(&known).unwrap().unwrap().last_check, None);
}

#[test]
fn a_page_shows_the_hint_and_neither_the_user_id_nor_the_state() {
    let world = World::new();
    let mut browser = world.browser();
    let claims = token::with(token::claims(world.now()), &json!({ "account_hint": "j•••@acme.test" }));
    let session = browser.begin(&token::sign(&claims));
    let mut pages = vec![browser.get(&session), browser.post(&format!("{session}/desk"), "code=AAAA-AAAA-AAAA")];
    browser.post(&format!("{session}/cancel"), "");
    pages.push(browser.get(&session));
    assert!(pages[0].body.contains("j•••@acme.test"));
    let record = world.app.store.subject(&subject(SUBJECT)).unwrap().unwrap();
    for page in pages {
        for hidden in [SUBJECT, "65f0c0ffee", STATE, "203.0.113.7", "eyJ", &record.idv_id.to_string()] {
            assert!(!page.body.contains(hidden), "{hidden} in {}", page.body);
        }
    }
}

#[test]
fn every_symbol_of_a_code_is_drawn_at_every_place() {
    use idv::ops::random;
    use idv::verification::method::desk::Code;
    // Twelve of 23 symbols are 54 bits. Of 2,000 codes, one symbol misses one place with a chance below 10⁻³⁶.
    let mut drawn = [(); 12].map(|()| BTreeSet::new());
    for _ in 0..2000 {
        let code = Code::from_random(random::bytes()).display().replace('-', "");
        assert_eq!(code.len(), 12);
        for (place, symbol) in drawn.iter_mut().zip(code.chars()) {
            place.insert(symbol);
        }
    }
    assert!(drawn.iter().all(|symbols| symbols.len() == 23), "{drawn:?}");
}
