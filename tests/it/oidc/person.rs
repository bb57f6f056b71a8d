//! The person is the adversary: they have the browser, its cookies and every address in it, and gain nothing by them.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use hyper::StatusCode;
use idv::egress::Patience;
use idv::ops::random;
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::method::oidc::names::Name;
use idv::verification::method::oidc::provider::Provider;
use idv::verification::method::oidc::transaction::{KEY, Seed, Transaction, TransactionId, Transactions};
use idv::verification::outcome::Status;
use idv::verification::session::id::SessionId;
use idv::verification::time::Timestamp;
use serde_json::{Value, json};

use super::scene::{Known, SITE, Scene, Setting, directly, lines, logged, window};
use crate::support::acts::Acts;
use crate::support::browser::{Browser, Page};
use crate::support::liar::lies::named;
use crate::support::liar::{Manner, Par};
use crate::support::token::{self, SECRET, SUBJECT, TENANT};
use crate::support::world::{World, subject};

/// Requests are in the address, where the person can change them.
const PLAIN: Setting = Setting { par: Par::Absent, ..Setting::USUAL };

fn token_of(world: &World, user_id: &str, jti: &str, more: &Value) -> String {
    let claims = token::with(token::claims(world.now()), &json!({ "sub": user_id, "jti": jti }));
    token::sign(&token::with(claims, more))
}

#[track_caller]
fn assert_success(page: &Page) {
    assert!(page.location().starts_with(&format!("https://{TENANT}/continue?")), "{}", page.location());
    assert_eq!(token::open(&page.parameter("token"), SECRET)["status"], "success");
}

/// That the browser is refused by a page that says nothing, and the log has the cause.
#[track_caller]
fn assert_refused(browser: &mut Browser, back: &str, cause: &str) {
    let (page, log) = logged(|| browser.come_back(back));
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.body);
    assert_eq!(page.header("location"), None);
    let causes: Vec<_> = lines(&log).map(|line| line["cause"].as_str().unwrap().to_owned()).collect();
    assert_eq!(causes, [format!("answer of a provider: {cause}")]);
    for value in form_urlencoded::parse(back.split_once('?').unwrap().1.as_bytes()).map(|(_, value)| value) {
        assert!(value.len() < 20 || !page.body.contains(&*value) && !log.contains(&*value), "{value} is seen again");
    }
}

/// That the browser is sent to the page of the method with this notice.
#[track_caller]
fn assert_notice(page: &Page, notice: &str) {
    assert!(page.location().ends_with(&format!("/oidc/liar?notice={notice}")), "{}", page.location());
}

/// `address` with the parameter `name` as `value`; without it, if there is none.
fn edited(address: &str, name: &str, value: Option<&str>) -> String {
    let (place, query) = address.split_once('?').unwrap();
    let kept = form_urlencoded::parse(query.as_bytes()).filter_map(|(known, old)| match value {
        _ if known != name => Some((known.into_owned(), old.into_owned())),
        Some(value) => Some((known.into_owned(), value.to_owned())),
        None => None,
    });
    format!("{place}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish())
}

/// What a demand is, what the person makes of it, what an honest provider answers then, and what comes of that.
#[test]
fn a_demand_that_is_taken_from_the_request_is_missed_in_the_answer() {
    type Answers = fn(&Scene);
    let lower: Answers = |scene| scene.liar.change_person(|person| person["id_token"]["acr"] = "urn:liar:low".into());
    let stale: Answers = |scene| scene.liar.tell(named("id_token_auth_time_missing", "auth_time is missing"));
    let unasked: Answers =
        |scene| scene.liar.change_person(|person| _ = person["userinfo"].as_object_mut().unwrap().remove("level"));
    let cases: [(&str, Option<&str>, Answers, &str); 5] = [
        ("acr_values", None, lower, "acr"),
        ("acr_values", Some("urn:liar:low"), lower, "acr"),
        ("max_age", None, stale, "id_token_auth_time_missing"),
        ("claims", None, unasked, "values"),
        ("claims", Some(r#"{"userinfo":{"name":null}}"#), unasked, "values"),
    ];
    for (name, value, answers, cause) in cases {
        let scene = Scene::new(PLAIN);
        let mut browser = scene.world.browser();
        let session = browser.begin(&scene.world.token("one"));
        let page = Scene::click(&mut browser, &session);
        assert!(page.location().contains(&format!("{name}=")), "{}", page.location());
        answers(&scene);
        let back = scene.liar.visit(&edited(page.location(), name, value));
        let (page, log) = logged(|| browser.get(back.strip_prefix(SITE).unwrap()));
        assert!(page.location().starts_with(&format!("{session}/oidc/liar?notice=")), "{}", page.location());
        assert!(lines(&log).all(|line| line["cause"] == cause), "{log}");
        assert_eq!(scene.checks(), [], "{name}");
    }
}

/// The nonce of another login, which the attacker has a signed token of.
#[test]
fn state_and_nonce_that_are_changed_on_the_way_bring_nothing() {
    let scene = Scene::new(PLAIN);
    for (name, value) in [("nonce", "N".repeat(43)), ("state", "A".repeat(22))] {
        let mut browser = scene.world.browser();
        let session = browser.begin(&scene.world.token(name));
        let page = Scene::click(&mut browser, &session);
        let back = scene.liar.visit(&edited(page.location(), name, Some(&value)));
        let cause = if name == "nonce" { "id_token_nonce" } else { "state_unknown" };
        assert_refused(&mut browser, back.strip_prefix(SITE).unwrap(), cause);
    }
    assert_eq!(scene.checks(), []);
}

/// Somebody is led to finish what another began: their identity would be the other's.
#[test]
fn a_callback_that_is_forwarded_to_another_browser_is_worth_nothing() {
    let scene = Scene::new(Setting::USUAL);
    let mut sender = scene.world.browser();
    let session = sender.begin(&scene.world.token("sender"));
    let page = Scene::click(&mut sender, &session);
    let back = scene.back(&page);
    let mut stranger = scene.world.browser();
    assert_refused(&mut stranger, &back, "state_unknown");
    let mut victim = scene.world.browser();
    let theirs = victim.begin(&token_of(&scene.world, "auth0|victim", "victim", &json!({})));
    let _away = Scene::click(&mut victim, &theirs);
    assert_refused(&mut victim, &back, "state_unknown");
    assert_eq!((scene.checks(), scene.checks_of("auth0|victim")), (vec![], vec![]));
    assert_eq!(scene.liar.asked("/token").len(), 0, "the code is still the sender's");
    assert_success(&sender.get(&back));
}

/// The victim proves who they are, for the sender's account, and the sender gains no login by it.
#[test]
fn a_start_link_that_is_forwarded_gains_its_sender_nothing() {
    let scene = Scene::new(Setting::USUAL);
    let link = scene.world.token("sent on");
    let mut victim = scene.world.browser();
    let session = victim.begin(&link);
    assert_success(&scene.go(victim, session, || {}).page);
    let mut sender = scene.world.browser();
    assert_eq!(sender.start(&link).status, StatusCode::CONFLICT, "the link is used");
    // A login of the sender's own, which says that Auth0 knows of no check.
    let token = token_of(&scene.world, SUBJECT, "own", &json!({ "last_check": null }));
    let page = sender.begin(&token);
    let page = sender.get(&page);
    assert!(page.body.contains("/oidc/liar") && !page.body.contains("/accept"), "{}", page.body);
    let bindings = scene.world.app.store.bindings(&subject(SUBJECT)).unwrap();
    let liar = ProviderName::parse("liar").unwrap();
    assert!(!bindings.at(liar).unwrap().is_seen, "an operator sees that Auth0 never took it");
}

#[test]
fn a_code_of_another_transaction_brings_nothing() {
    let other = ProviderName::parse("other").unwrap();
    for case in ["the same session", "another session", "another account", "another provider"] {
        let world = World::new();
        let (known, liar) = Known::new(&world, "liar", Setting::USUAL, Patience::default(), directly);
        let (known_too, second) = Known::new(&world, "other", Setting::USUAL, Patience::default(), directly);
        let scene = Scene { world: known_too.to(known.to(world)), liar };
        let mut browser = scene.world.browser();
        let session = browser.begin(&scene.world.token("one"));
        let page = Scene::click(&mut browser, &session);
        let back = scene.back(&page);
        let mut elsewhere = scene.world.browser();
        let foreign = match case {
            "the same session" => {
                let page = Scene::click(&mut browser, &session);
                scene.back(&page)
            }
            "another provider" => {
                let page = browser.post(&format!("{session}/oidc/{other}"), "continue=");
                second.visit(page.location())
            }
            case => {
                let user_id = if case == "another session" { SUBJECT } else { "auth0|other" };
                let session = elsewhere.begin(&token_of(&scene.world, user_id, case, &json!({})));
                let page = Scene::click(&mut elsewhere, &session);
                scene.back(&page)
            }
        };
        let code = |address: &str| {
            let (_, query) = address.split_once('?').unwrap();
            form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code").unwrap().1.into_owned()
        };
        let (page, log) = logged(|| browser.get(&edited(&back, "code", Some(&code(&foreign)))));
        assert_notice(&page, "start-again");
        assert!(lines(&log).all(|line| line["cause"] == "token_invalid_grant"), "{case}: {log}");
        assert_eq!(scene.checks(), [], "{case}");
    }
}

#[test]
fn two_tabs_of_a_session_both_end_and_one_of_them_verified_the_person() {
    for at_once in [false, true] {
        let scene = Scene::new(Setting::USUAL);
        let mut browser = scene.world.browser();
        let session = browser.begin(&scene.world.token("one"));
        let tabs = [(); 2].map(|()| Scene::click(&mut browser, &session));
        let backs = tabs.map(|page| scene.back(&page));
        let cookies = browser.cookies.clone();
        let start = Barrier::new(2);
        let come = |back: &str| {
            let mut tab = window(&scene.world, &cookies);
            if at_once {
                start.wait();
            }
            assert_success(&tab.get(back));
        };
        if at_once {
            scene.liar.be("/token", Manner::Late(Duration::from_millis(200)));
            thread::scope(|scope| {
                backs.each_ref().map(|back| scope.spawn(|| come(back))).map(|tab| tab.join().unwrap())
            });
        } else {
            for back in &backs {
                come(back);
            }
            assert_eq!(scene.liar.asked("/token").len(), 1, "what is decided needs nobody's word");
        }
        assert_eq!(scene.checks(), [Status::Success]);
    }
}

#[test]
fn an_answer_to_a_section_that_was_changed_meanwhile_is_judged_by_todays() {
    type Change = fn(&mut Provider);
    let cases: [(Change, &str); 4] = [
        (|provider| provider.client_id.push('2'), "other_registration"),
        (|provider| provider.issuer.push('/'), "other_registration"),
        (|provider| provider.identity.pointer = "/sub".into(), "other_registration"),
        (|provider| provider.accept.acr = vec!["urn:liar:higher".into()], "acr"),
    ];
    for (change, cause) in cases {
        let world = World::new();
        let (known, liar) = Known::new(&world, "liar", PLAIN, Patience::default(), directly);
        let changed = known.changed(change);
        let scene = Scene { world: known.to(world), liar };
        let mut browser = scene.world.browser();
        let session = browser.begin(&scene.world.token("one"));
        let page = Scene::click(&mut browser, &session);
        let back = scene.back(&page);
        let cookies = std::mem::take(&mut browser.cookies);
        drop(browser);
        let Scene { world, liar } = scene;
        let scene = Scene { world: changed.to(world.restarted()), liar };
        let mut browser = window(&scene.world, &cookies);
        if cause == "acr" {
            let (page, log) = logged(|| browser.get(&back));
            assert_notice(&page, "level");
            assert!(lines(&log).all(|line| line["cause"] == cause), "{log}");
        } else {
            assert_refused(&mut browser, &back, cause);
            assert_eq!(scene.liar.asked("/token").len(), 0);
        }
        assert_eq!(scene.checks(), []);
    }
}

#[test]
fn an_answer_at_another_providers_address_is_refused_before_anybody_is_asked() {
    let world = World::new();
    let (known, liar) = Known::new(&world, "liar", Setting::USUAL, Patience::default(), directly);
    let (known_too, other) = Known::new(&world, "other", Setting::USUAL, Patience::default(), directly);
    let scene = Scene { world: known_too.to(known.to(world)), liar };
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("one"));
    let page = Scene::click(&mut browser, &session);
    let back = scene.back(&page);
    assert_refused(&mut browser, &back.replace("/oidc/liar/", "/oidc/other/"), "other_provider");
    assert_eq!((scene.liar.asked("/token").len(), other.asked("/token").len()), (0, 0));
    assert_eq!(browser.get(&back.replace("/oidc/liar/", "/oidc/nobody/")).status, StatusCode::NOT_FOUND);
    assert_success(&browser.get(&back));
}

/// The name of the one cookie of `browser` that begins with `prefix` and is not in `known`.
fn new_name(browser: &Browser, prefix: &str, known: &[String]) -> String {
    let new: Vec<_> = browser.cookies.keys().filter(|name| name.starts_with(prefix) && !known.contains(name)).collect();
    let [name] = new[..] else { panic!("one of {new:?}") };
    name.clone()
}

#[test]
fn cookies_under_each_others_names_are_nobodys() {
    let scene = Scene::new(PLAIN);
    let mut browser = scene.world.browser();
    let one = browser.begin(&scene.world.token("one"));
    let two = browser.begin(&token_of(&scene.world, "auth0|two", "two", &json!({})));
    let page = Scene::click(&mut browser, &one);
    let way_of_one = new_name(&browser, "__Host-idv-t-", &[]);
    let page_too = Scene::click(&mut browser, &two);
    let way_of_two = new_name(&browser, "__Host-idv-t-", std::slice::from_ref(&way_of_one));
    let (back, back_too) = (scene.back(&page), scene.back(&page_too));
    let name = |session: &str| session.replace("/session/", "__Host-idv-");
    for (names, is_session) in [([way_of_one, way_of_two], false), ([name(&one), name(&two)], true)] {
        let mut swapped = window(&scene.world, &browser.cookies);
        let [first, second] = names.clone().map(|name| swapped.cookies[&name].clone());
        swapped.cookies.extend(names.into_iter().zip([second, first]));
        for back in [&back, &back_too] {
            if is_session {
                assert_eq!(swapped.come_back(back).status, StatusCode::BAD_REQUEST);
            } else {
                assert_refused(&mut swapped, back, "state_unknown");
            }
        }
    }
    assert_eq!((scene.checks(), scene.checks_of("auth0|two"), scene.liar.asked("/token").len()), (vec![], vec![], 0));
}

/// Each transaction is of its session: what is verified is of the account that set out, whichever tab is in front.
#[test]
fn two_sessions_of_one_browser_end_each_for_its_own_account() {
    let scene = Scene::new(PLAIN);
    let mut browser = scene.world.browser();
    let one = browser.begin(&scene.world.token("one"));
    let two = browser.begin(&token_of(&scene.world, "auth0|two", "two", &json!({})));
    let (page, page_too) = (Scene::click(&mut browser, &one), Scene::click(&mut browser, &two));
    let back = scene.back(&page);
    assert_success(&browser.get(&back));
    assert_eq!((scene.checks(), scene.checks_of("auth0|two")), (vec![Status::Success], vec![]));
    // The same person, whose identity serves one account.
    let back = scene.back(&page_too);
    let page = browser.get(&back);
    assert_eq!(token::open(&page.parameter("token"), SECRET)["status"], "failed");
    assert_eq!(scene.checks_of("auth0|two"), [Status::Failed]);
}

#[test]
fn the_profile_of_another_account_is_not_compared_with() {
    let scene = Scene::with(Setting::USUAL, |provider| provider.identity.matched = vec![Name::FamilyName]);
    let token = |user_id: &str, name: &str| {
        let profile = token::seal_profile(&json!({ "family_name": name }).to_string(), SECRET);
        token_of(&scene.world, user_id, user_id, &json!({ "profile": profile }))
    };
    let mut browser = scene.world.browser();
    // The account is Byron's, and the person at the provider is Lovelace, who has an account too.
    let byron = browser.begin(&token(SUBJECT, "Byron"));
    let lovelace = browser.begin(&token("auth0|lovelace", "Lovelace"));
    let name = |session: &str| session.replace("/session/", "__Host-idv-p-");
    let hers = browser.cookies[&name(&lovelace)].clone();
    browser.cookies.insert(name(&byron), hers);
    let came = scene.go(browser, byron, || {});
    assert_notice(&came.page, "broken");
    assert!(lines(&came.log).all(|line| line["cause"] == "match_unknown_here"), "{}", came.log);
    assert_eq!(scene.checks(), []);
    // Her own account is hers.
    let mut browser = scene.world.browser();
    let lovelace = browser.begin(&token("auth0|lovelace", "Lovelace").clone());
    assert_success(&scene.go(browser, lovelace, || {}).page);
}

#[test]
fn nothing_but_one_get_with_each_parameter_once_is_an_answer() {
    let scene = Scene::new(PLAIN);
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("one"));
    let page = Scene::click(&mut browser, &session);
    let back = scene.back(&page);
    for method in ["POST", "HEAD", "PUT", "DELETE"] {
        let page = browser.send(method, &back, "");
        assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(page.header("allow"), Some("GET"));
    }
    let (place, query) = back.split_once('?').unwrap();
    for (query, cause) in [
        (format!("{query}&state=x"), "answer_malformed"),
        (format!("{query}&%73tate=x"), "answer_malformed"),
        (format!("{query}&c%6Fde=x"), "answer_malformed"),
        (format!("{query}&%63%6f%64%65=x"), "answer_malformed"),
        (format!("{query}&iss="), "answer_malformed"),
        (format!("{query}&%=x"), "answer_malformed"),
        (format!("{query}&error_description=%ff"), "answer_malformed"),
        (format!("{query}&more={}", "m".repeat(5 * 1024)), "answer_malformed"),
        (query.replace("state=", "state=%20"), "state_unknown"),
        (query.replace("state=", "State="), "state_unknown"),
        (query.replace("state=", "state[]="), "state_unknown"),
        (query.replace('&', ";"), "state_unknown"),
        (String::new(), "state_unknown"),
    ] {
        scene.world.app.noise.tell();
        assert_refused(&mut browser, &format!("{place}?{query}"), cause);
    }
    assert_eq!((scene.checks(), scene.liar.asked("/token").len()), (vec![], 0));
    // Names may be spelled as they like.
    assert_success(&browser.get(&format!("{place}?{}", query.replace("state=", "%73tat%65="))));
}

#[test]
fn a_notice_that_nobody_gave_says_nothing_of_its_own() {
    let scene = Scene::new(Setting::USUAL);
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("one"));
    let page = |browser: &mut Browser, query: &str| browser.get(&format!("{session}/oidc/liar{query}"));
    let plain = page(&mut browser, "").body;
    for forged in [
        "?notice=",
        "?notice=Denied",
        "?notice=denied%20",
        "?notice=%64enied",
        "?notice=denied&notice=level",
        "?x=1&notice=denied",
        "?notice=<script>alert(1)</script>",
        "?notice=call+0900-1234",
        "?notice=oidc-title",
    ] {
        assert_eq!(page(&mut browser, &forged.replace('<', "%3C").replace('>', "%3E")).body, plain, "{forged}");
    }
    assert_ne!(page(&mut browser, "?notice=denied").body, plain);
}

#[test]
fn a_person_who_clicks_without_end_is_stopped_and_nobody_else_is() {
    let world = World::with_submissions_per_subject(5);
    let (known, liar) = Known::new(&world, "liar", PLAIN, Patience::default(), directly);
    let scene = Scene { world: known.to(world), liar };
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("one"));
    for _ in 0..5 {
        assert!(Scene::click(&mut browser, &session).location().starts_with(&scene.liar.issuer));
    }
    assert_eq!(Scene::click(&mut browser, &session).status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(browser.cookies.keys().filter(|name| name.contains("idv-t-")).count(), 2, "old ways are taken away");
    let mut other = scene.world.browser();
    let theirs = other.begin(&token_of(&scene.world, "auth0|other", "other", &json!({})));
    assert!(Scene::click(&mut other, &theirs).location().starts_with(&scene.liar.issuer));
}

#[test]
fn six_hundred_set_out_in_a_minute_and_no_more() {
    let scene = Scene::new(PLAIN);
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("one"));
    let mut sent = 0;
    for _ in 0..700 {
        let page = Scene::click(&mut browser, &session);
        if page.location().starts_with(&scene.liar.issuer) { sent += 1 } else { assert_notice(&page, "busy") }
    }
    assert_eq!(sent, 600);
    assert_eq!(browser.get(&session).status, StatusCode::OK, "the other methods are there");
    scene.world.pass(Duration::from_secs(1));
    assert!(Scene::click(&mut browser, &session).location().starts_with(&scene.liar.issuer));
}

#[test]
fn thirty_two_are_under_way_and_the_next_is_told_at_once_and_has_a_turn_later() {
    let scene = Scene::new(Setting::USUAL);
    scene.succeed("known");
    scene.liar.be("/par", Manner::Late(Duration::from_secs(3)));
    thread::scope(|scope| {
        for number in 0..32 {
            let scene = &scene;
            scope.spawn(move || {
                let mut browser = scene.world.browser();
                let session = browser.begin(&scene.world.token(&number.to_string()));
                assert!(Scene::click(&mut browser, &session).location().starts_with(&scene.liar.issuer));
            });
        }
        scene.liar.wait_for("/par", 33);
        let mut browser = scene.world.browser();
        let session = browser.begin(&scene.world.token("too many"));
        assert_notice(&Scene::click(&mut browser, &session), "busy");
        assert_eq!(scene.liar.asked("/par").len(), 33);
    });
    scene.liar.be_prompt();
    scene.succeed("later");
}

/// The application says which methods count. Only the installation's own key can make such a cookie.
#[test]
fn a_provider_that_does_not_count_for_the_application_is_none_by_click_nor_by_callback() {
    let scene = Scene::new(Setting::USUAL);
    let mut browser = scene.world.browser();
    let session = browser.begin(&token_of(&scene.world, SUBJECT, "one", &json!({ "methods": "desk" })));
    assert_eq!(Scene::click(&mut browser, &session).status, StatusCode::NOT_FOUND);
    let (known, _other) = Known::new(&scene.world, "liar", Setting::USUAL, Patience::default(), directly);
    let issuer = scene.liar.issuer.clone();
    let provider = Provider { issuer, ..known.provider };
    let id = TransactionId::from_random(random::bytes());
    let now = Timestamp::from_unix(scene.world.now());
    let transaction = Transaction {
        session: SessionId::parse(session.strip_prefix("/session/").unwrap()).unwrap(),
        provider: provider.name,
        registration: provider.registration(),
        asked_at: now,
        seed: Seed::from_random(random::bytes()),
        sent: vec![],
    };
    let sealed = Transactions::new(scene.world.app.store.key(KEY)).seal(id, &transaction, random::bytes(), now);
    browser.cookies.insert(format!("__Host-idv-t-{id}"), sealed);
    let page = browser.get(&format!("/oidc/liar/callback?state={id}&code=c"));
    assert_eq!(page.status, StatusCode::NOT_FOUND, "{}", page.body);
    assert_eq!(scene.liar.asked("/token").len(), 0);
}

/// What anybody can cause used to have the lines of what only who set out can.
#[test]
fn noise_of_strangers_hides_no_answer_with_anothers_nonce() {
    let scene = Scene::new(Setting::USUAL);
    scene.liar.tell(named("id_token_nonce", "nonce is another"));
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("one"));
    let page = Scene::click(&mut browser, &session);
    let back = scene.back(&page);
    for _ in 0..100 {
        scene.world.browser().get("/oidc/liar/callback?state=AAAAAAAAAAAAAAAAAAAAAA&code=c");
    }
    assert_refused(&mut browser, &back, "id_token_nonce");
}
