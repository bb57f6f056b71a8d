//! Attackers with more than a browser: who leads others to finish what they began, a provider against its people and against
//! other providers, a tenant against another, and people who would be several or nobody.

use std::collections::BTreeSet;
use std::time::Duration;

use hyper::StatusCode;
use idv::egress::Patience;
use idv::verification::method::oidc::names::Name;
use idv::verification::method::oidc::provider::Provider;
use idv::verification::method::oidc::{Bindings, Order};
use idv::verification::outcome::Status;
use idv::verification::subject::Subject;
use serde_json::{Value, json};

use super::scene::{Came, Known, Scene, Setting, directly, lines, logged, window};
use crate::support::acts::Acts;
use crate::support::liar::lies::{Lie, named};
use crate::support::liar::tells::Tells;
use crate::support::liar::{Liar, Par};
use crate::support::token::{self, HEADER, SECRET, SUBJECT};
use crate::support::world::{OTHER_SECRET, OTHER_TENANT, World, block_on, other_tenant, subject, tenant};

const PLAIN: Setting = Setting { par: Par::Absent, ..Setting::USUAL };

fn token_of(world: &World, user_id: &str, more: &Value) -> String {
    let jti = format!("{user_id} {}", random());
    let claims = token::with(token::claims(world.now()), &json!({ "sub": user_id, "jti": jti }));
    token::sign(&token::with(claims, more))
}

fn random() -> u64 {
    u64::from_ne_bytes(idv::ops::random::bytes())
}

/// A login of `user_id` as the person whom the provider knows at present.
fn log_in_as(scene: &Scene, user_id: &str) -> Came {
    scene.log_in_by(&token_of(&scene.world, user_id, &json!({})))
}

/// How the session ended, if it did.
fn status(came: &Came) -> Option<String> {
    let location = came.page.header("location").filter(|location| location.contains("/continue?"))?;
    assert!(location.starts_with("https://"), "{location}");
    let result = token::open(&came.page.parameter("token"), SECRET);
    Some(result["status"].as_str().unwrap().to_owned())
}

fn bindings(scene: &Scene, user_id: &str) -> Bindings {
    scene.world.app.store.bindings(&subject(user_id)).unwrap()
}

fn order(
    scene: &Scene,
    subject: Subject,
    order: impl FnOnce(idv::verification::method::oidc::name::ProviderName) -> Order,
) {
    let provider = scene.world.app.methods.oidc[0].name;
    assert!(block_on(scene.world.app.store.order_bindings(subject, order(provider))).unwrap());
}

/// The victim follows the sender's way to the provider, ends at a refusal, and is asked to read out the address there.
#[test]
fn who_finishes_what_another_began_ends_at_an_address_that_is_worth_nothing() {
    let scene = Scene::new(PLAIN);
    let mut sender = scene.world.browser();
    let session = sender.begin(&scene.world.token("sender"));
    let back = scene.back(&Scene::click(&mut sender, &session));
    let mut victim = scene.world.browser();
    let page = victim.get(&back);
    let ended_at = page.location().to_owned();
    assert_eq!((page.status, page.body.as_str()), (StatusCode::SEE_OTHER, ""));
    let code = form_urlencoded::parse(back.split_once('?').unwrap().1.as_bytes()).find(|(name, _)| name == "code");
    let (_, code) = code.unwrap();
    assert!(!ended_at.contains(&*code), "{ended_at}");
    let told = victim.get(&ended_at);
    assert_eq!(told.status, StatusCode::BAD_REQUEST);
    assert!(told.body.contains("did not recognise this login") && !told.body.contains(&*code), "{}", told.body);
    // What the victim reads out.
    let page = sender.come_back(&ended_at);
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.body);
    assert_eq!((scene.checks(), scene.liar.asked("/token").len()), (vec![], 0));
}

#[test]
fn no_refusal_of_an_answer_leaves_its_code_in_the_address() {
    for (cause, name) in [("id_token_nonce", "nonce is another"), ("answer_iss_missing", "iss is missing")] {
        let scene = Scene::new(PLAIN);
        scene.liar.tell(named(cause, name));
        let mut browser = scene.world.browser();
        let session = browser.begin(&scene.world.token("one"));
        let back = scene.back(&Scene::click(&mut browser, &session));
        let (place, query) = back.split_once('?').unwrap();
        let (ended_at, log) = logged(|| browser.get(&back).location().to_owned());
        assert!(ended_at.starts_with(&format!("{place}?state=")) && !ended_at.contains("code"), "{ended_at}");
        assert_eq!(log, "", "it is told of once, where it is refused");
        let (page, log) = logged(|| browser.get(&ended_at));
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(lines(&log).all(|line| line["cause"] == format!("answer of a provider: {cause}")), "{log}");
        let malformed = browser.get(&format!("{back}&state=x"));
        assert_eq!(malformed.location(), format!("{place}?state&state"), "{query}");
    }
}

/// What somebody may try to have taken for `{"trust_framework": "liar_tf", "assurance_level": "high"}`.
#[test]
fn verified_claims_that_only_look_like_it_count_for_nothing() {
    let scene = Scene::new(Setting::USUAL);
    let time = jiff::Timestamp::from_second(scene.world.now().cast_signed()).unwrap().to_string();
    let verification = |framework: Value, level: Value| json!({ "trust_framework": framework, "assurance_level": level, "time": time });
    let entry =
        |framework: Value, level: Value| json!({ "verification": verification(framework, level), "claims": {} });
    let good = || entry("liar_tf".into(), "high".into());
    let mut told = vec![
        json!([[good()]]),
        json!({ "verified_claims": good() }),
        json!([{ "verified_claims": [good()] }]),
        json!({ "0": good() }),
        json!(good().to_string()),
        json!({ "verification": [verification("liar_tf".into(), "high".into())], "claims": {} }),
        json!({ "verification": verification("liar_tf".into(), "high".into()).to_string(), "claims": {} }),
        json!({ "claims": { "verification": verification("liar_tf".into(), "high".into()) } }),
        json!({ "Verification": verification("liar_tf".into(), "high".into()) }),
        json!([good(), entry("liar_tf".into(), Value::Null)]),
        json!([entry("liar_tf".into(), "low".into()), good()]),
        json!([good(), entry("liar_tf".into(), json!(["high"]))]),
        json!([]),
        json!({}),
        json!(true),
    ];
    for level in [json!(["high"]), json!({ "value": "high" }), json!(1), json!(true)] {
        told.push(entry("liar_tf".into(), level));
    }
    for level in
        ["High", "high ", " high", "high\u{0}", "h\u{456}gh", "\u{ff48}igh", "hi\u{ad}gh", "high,low", "MATCHED"]
    {
        told.push(entry("liar_tf".into(), level.into()));
    }
    for framework in [json!(["liar_tf"]), json!("LIAR_TF"), json!("liar_tf/"), json!("liar\u{ff3f}tf"), json!(null)] {
        told.push(entry(framework, "high".into()));
    }
    for verified_claims in told {
        scene.liar.change_person(|person| {
            person["id_token"]["verified_claims"] = verified_claims.clone();
            // What the ID token says, userinfo does not say better.
            person["userinfo"]["verified_claims"] = good();
            person["id_token"]["_claim_names"] = json!({ "verified_claims": "src" });
            person["id_token"]["_claim_sources"] = json!({ "src": { "JWT": "e30.e30." } });
        });
        let came = log_in_as(&scene, SUBJECT);
        assert!(came.page.location().contains("?notice="), "{verified_claims}: {}", came.page.location());
    }
    assert_eq!(scene.checks(), []);
    scene.liar.change_person(|person| {
        person["id_token"]["verified_claims"] = json!([good(), entry("other".into(), "low".into())]);
    });
    assert_eq!(status(&log_in_as(&scene, SUBJECT)).as_deref(), Some("success"), "the scene can succeed");
}

#[test]
fn a_pointer_leads_where_it_says_and_a_value_is_of_its_own_type() {
    let values = |pointer: &str, value: Value| (pointer.to_owned(), vec![value]);
    for (pointer, value, claims) in [
        ("/a~1b", json!(true), json!({ "a": { "b": true } })),
        ("/a/b", json!(true), json!({ "a/b": true })),
        ("/a~01", json!(true), json!({ "a/": true, "a~0": true, "a": [false, true] })),
        ("/a/1", json!("x"), json!({ "a": ["x"] })),
        ("/a/01", json!("x"), json!({ "a": ["y", "x"] })),
        ("/a/-", json!("x"), json!({ "a": ["x"] })),
        ("/a", json!("x"), json!({ "a": ["x"] })),
        ("/a", json!("x"), json!({ "a": { "value": "x" } })),
        ("/a", json!(2), json!({ "a": "2" })),
        ("/a", json!("2"), json!({ "a": 2 })),
        ("/a", json!(2), json!({ "a": 2.0 })),
        ("/a", json!(true), json!({ "a": "true" })),
        ("/a", json!(true), json!({ "a": 1 })),
        ("/a", json!("é"), json!({ "a": "e\u{301}" })),
        ("/A", json!("x"), json!({ "a": "x" })),
    ] {
        let scene =
            Scene::with(Setting::USUAL, |provider| provider.accept.values = vec![values(pointer, value.clone())]);
        scene.liar.change_person(|person| {
            person["userinfo"].as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        });
        let mut came = log_in_as(&scene, SUBJECT);
        assert_eq!(came.complaints("values"), Vec::<String>::new(), "{pointer} {value} {claims}");
    }
}

/// The ID token is signed and userinfo is not: neither may say otherwise than the other.
#[test]
fn what_the_two_answers_say_differently_counts_by_neither() {
    for (claim, cause) in [("eid", "identity_missing"), ("level", "values")] {
        let scene = Scene::new(Setting::USUAL);
        scene.liar.change_person(|person| match claim {
            "eid" => person["userinfo"]["eid"] = "eid-of-another".into(),
            _ => person["id_token"]["level"] = json!({ "proofed": false }),
        });
        let mut came = log_in_as(&scene, SUBJECT);
        assert_eq!(came.complaints(cause), Vec::<String>::new());
    }
}

/// One person is one account's, however a provider writes who they are; and no two people are one.
#[test]
fn who_somebody_is_counts_letter_by_letter() {
    let same = [json!(4711), json!("4711")];
    let others =
        ["4711 ", " 4711", "04711", "4711\u{0}", "\u{ff14}711", "4711.0", "4_711", "Eid", "eid", "e\u{301}", "\u{e9}"];
    let scene = Scene::new(Setting::USUAL);
    let log_in = |eid: &Value, user_id: &str| {
        scene.liar.change_person(|person| person["id_token"]["eid"] = eid.clone());
        status(&log_in_as(&scene, user_id))
    };
    assert_eq!(log_in(&same[0], "auth0|first").as_deref(), Some("success"));
    assert_eq!(log_in(&same[1], "auth0|second").as_deref(), Some("failed"));
    assert_eq!(log_in(&same[1], "auth0|first").as_deref(), Some("success"));
    for (number, eid) in others.into_iter().enumerate() {
        assert_eq!(log_in(&eid.into(), &format!("auth0|{number}")).as_deref(), Some("success"), "{eid:?}");
        assert_eq!(log_in(&eid.into(), "auth0|first").as_deref(), Some("failed"), "{eid:?}");
    }
    let mut all: BTreeSet<String> = (0..others.len())
        .map(|number| format!("{:?}", bindings(&scene, &format!("auth0|{number}")).iter().next().unwrap().identity))
        .collect();
    all.insert(format!("{:?}", bindings(&scene, "auth0|first").iter().next().unwrap().identity));
    assert_eq!(all.len(), others.len() + 1);
    for nobody in [json!(4711.5), json!(1e300), json!(["4711"]), json!({ "value": "4711" }), json!(true), json!("")] {
        assert_eq!(log_in(&nobody, "auth0|nobody"), None, "{nobody}");
    }
    assert_eq!(scene.checks_of("auth0|nobody"), []);
}

/// Two organisations at one installation: what the one does to its people does nothing to the other's.
#[test]
fn who_somebody_is_in_a_tenant_is_nothing_in_another() {
    let world = World::with_tenants(vec![tenant(), other_tenant()]);
    let (known, liar) = Known::new(&world, "liar", Setting::USUAL, Patience::default(), directly);
    let scene = Scene { world: known.to(world), liar };
    let there = |user_id: &str, secret: &[u8]| {
        let claims = json!({ "iss": OTHER_TENANT, "sub": user_id, "jti": random().to_string() });
        let claims = Value::Object(token::with(token::claims(scene.world.now()), &claims));
        token::sign_raw(HEADER, claims.to_string().as_bytes(), secret)
    };
    assert_eq!(status(&log_in_as(&scene, SUBJECT)).as_deref(), Some("success"));
    // The same user id, the same person.
    let came = scene.log_in_by(&there(SUBJECT, OTHER_SECRET));
    assert!(came.page.location().starts_with(&format!("https://{OTHER_TENANT}/continue?")), "{:?}", came.page);
    assert_eq!(token::open(&came.page.parameter("token"), OTHER_SECRET)["status"], "success");
    let theirs = Subject { tenant: OTHER_TENANT.to_owned().try_into().unwrap(), ..subject(SUBJECT) };
    let store = &scene.world.app.store;
    let identity = |subject: &Subject| store.bindings(subject).unwrap().iter().next().map(|binding| binding.identity);
    let (here, elsewhere) = (identity(&subject(SUBJECT)).unwrap(), identity(&theirs).unwrap());
    assert_ne!(here, elsewhere);
    let hints: BTreeSet<_> =
        scene.liar.asked("/par").iter().map(|asked| asked.parameter("login_hint").unwrap().to_owned()).collect();
    assert_eq!(hints.len(), 2, "the provider cannot tell that they are one");
    order(&scene, theirs.clone(), Order::Unbind);
    assert_eq!((identity(&subject(SUBJECT)), identity(&theirs)), (Some(here), None));
    assert_eq!(store.holder(&here).unwrap(), Some(subject(SUBJECT)));
    // A tenant's own secret opens nothing of the other's.
    assert_eq!(scene.world.browser().start(&there(SUBJECT, SECRET)).status, StatusCode::UNAUTHORIZED);
}

/// A provider may say of a person whatever it likes, and whatever it says is of its own people alone.
#[test]
fn a_provider_that_calls_a_person_as_another_does_means_somebody_else() {
    let world = World::new();
    let (known, liar) = Known::new(&world, "liar", Setting::USUAL, Patience::default(), directly);
    let (other, evil) = Known::new(&world, "evil", Setting::USUAL, Patience::default(), directly);
    let world = other.to(known.to(world));
    let go = |liar: &Liar, name: &str, user_id: &str| {
        let mut browser = world.browser();
        let session = browser.begin(&token_of(&world, user_id, &json!({})));
        let page = browser.post(&format!("{session}/oidc/{name}"), "continue=");
        let back = liar.visit(page.location());
        let page = browser.come_back(back.strip_prefix("https://idv.example.test").unwrap());
        token::open(&page.parameter("token"), SECRET)["status"].clone()
    };
    assert_eq!(go(&liar, "liar", "auth0|victim"), "success");
    // It claims to have the very person, and takes neither their account nor their place.
    assert_eq!(go(&evil, "evil", "auth0|attacker"), "success");
    assert_eq!(go(&liar, "liar", "auth0|victim"), "success");
    assert_eq!(go(&liar, "liar", "auth0|attacker"), "failed", "the person has an account");
    assert_eq!(go(&evil, "evil", "auth0|victim"), "failed", "evil's person has one, too");
}

/// What a section calls its provider stays, and the provider becomes another, in which anybody may have anybody's name.
#[test]
fn a_section_that_leads_to_another_issuer_knows_nobody_by_their_old_name() {
    let scene = Scene::new(Setting::USUAL);
    scene.succeed("before");
    let Scene { world, liar: before } = scene;
    let world = world.restarted();
    let (known, liar) = Known::new(&world, "liar", Setting::USUAL, Patience::default(), directly);
    assert_ne!(before.issuer, liar.issuer);
    let scene = Scene { world: known.to(world), liar };
    assert_eq!(status(&log_in_as(&scene, SUBJECT)).as_deref(), Some("failed"), "the account is another person's");
    assert_eq!(status(&log_in_as(&scene, "auth0|new")).as_deref(), Some("success"));
}

/// Where several accounts were allowed to one person, and then one alone is.
#[test]
fn an_identity_that_served_several_accounts_serves_the_first_once_it_may_serve_one() {
    let world = World::new();
    let (mut known, liar) = Known::new(&world, "liar", Setting::USUAL, Patience::default(), directly);
    let strict = known.changed(|_| {});
    known.provider.identity.one_account = false;
    let scene = Scene { world: known.to(world), liar };
    for user_id in ["auth0|first", "auth0|second"] {
        assert_eq!(status(&log_in_as(&scene, user_id)).as_deref(), Some("success"));
    }
    let Scene { world, liar } = scene;
    let scene = Scene { world: strict.to(world.restarted()), liar };
    assert_eq!(status(&log_in_as(&scene, "auth0|second")).as_deref(), Some("failed"));
    assert_eq!(status(&log_in_as(&scene, "auth0|third")).as_deref(), Some("failed"));
    assert_eq!(status(&log_in_as(&scene, "auth0|first")).as_deref(), Some("success"));
}

/// Whoever was at the provider while an operator released who they were is bound anew, by what the provider says now.
#[test]
fn whoever_comes_back_after_a_release_is_bound_by_who_they_are_now() {
    for forget in [false, true] {
        let scene = Scene::new(Setting::USUAL);
        scene.succeed("before");
        let before = *bindings(&scene, SUBJECT).iter().next().unwrap();
        scene.liar.change_person(|person| person["id_token"]["eid"] = "eid-of-another".into());
        scene.world.pass(Duration::from_secs(1));
        let mut browser = scene.world.browser();
        let session = browser.begin(&scene.world.token("meanwhile"));
        let came = scene.go(browser, session, || {
            order(&scene, subject(SUBJECT), if forget { Order::Forget } else { Order::Unbind });
        });
        assert_eq!(status(&came).as_deref(), Some("success"));
        let after = *bindings(&scene, SUBJECT).iter().next().unwrap();
        assert_ne!(before.identity, after.identity);
        assert!(!after.is_seen && after.bound_at > before.bound_at);
        let store = &scene.world.app.store;
        assert_eq!(store.holder(&before.identity).unwrap(), None);
        assert_eq!(store.holder(&after.identity).unwrap(), Some(subject(SUBJECT)));
    }
}

/// Another site of the same domain can have a browser send cookies by names that only look like ours.
#[test]
fn a_cookie_of_a_name_that_only_looks_like_ours_is_none() {
    let scene = Scene::new(Setting::USUAL);
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("one"));
    let back = scene.back(&Scene::click(&mut browser, &session));
    let honest = browser.cookies.clone();
    for disguise in ["\u{2000}", "\u{85}", "\u{a0}", "\u{3000}", "\u{feff}", "$", "%20", "\"", "x=", "x,"] {
        let disguised = honest.iter().map(|(name, value)| (format!("{disguise}{name}"), value.clone())).collect();
        let page = window(&scene.world, &disguised).come_back(&back);
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{disguise:?}");
    }
    for spelled in [str::to_lowercase, str::to_uppercase] {
        let respelled = honest.iter().map(|(name, value)| (spelled(name), value.clone())).collect();
        assert_eq!(window(&scene.world, &respelled).come_back(&back).status, StatusCode::BAD_REQUEST);
    }
    // A hundred that are nobody's hide neither session nor transaction.
    let mut crowded = honest.clone();
    let planted = |number: usize| (format!("__Host-idv-t-{number:0>22}"), "A".repeat(40));
    crowded.extend((0..100).map(planted));
    let page = window(&scene.world, &crowded).come_back(&back);
    assert!(page.location().contains("/continue?"), "{}", page.location());
    assert_eq!(scene.checks(), [Status::Success]);
}

const ADA: &str =
    r#"{"given_name":"Ada","family_name":"Lovelace","birthdate":"1815-12-10","email":"ada@acme.example"}"#;

/// A provider may say what it was sent, and the log had it.
#[test]
fn what_a_provider_repeats_of_code_and_names_is_not_in_the_log() {
    const REPEATED: &str = r#"{"error":"invalid_request","error_description":"LOVELACE, Ada <ada@acme.example>, 1815-12-10, the-code-of-ada"}"#;
    static AT_PUSH: Lie = Lie {
        cause: "push_refused",
        name: "the refusal of a pushed request repeats it",
        tells: &[Tells::Answer("/par", |mut reply, _| {
            (reply.status, reply.body) = (400, REPEATED.into());
            reply
        })],
    };
    static AT_TOKEN: Lie = Lie {
        cause: "token_error",
        name: "the refusal of a code repeats it",
        tells: &[
            Tells::Back(|back, _| back[0].1 = "the-code-of-ada".into()),
            Tells::Answer("/token", |mut reply, _| {
                (reply.status, reply.body) = (400, REPEATED.into());
                reply
            }),
        ],
    };
    for lie in [&AT_PUSH, &AT_TOKEN] {
        let scene = Scene::with(Setting::USUAL, |provider: &mut Provider| {
            provider.identity.expected = vec![Name::GivenName, Name::FamilyName];
        });
        scene.liar.tell(lie);
        let profile = token::seal_profile(ADA, SECRET);
        let came = scene.log_in_by(&token_of(&scene.world, SUBJECT, &json!({ "profile": profile })));
        assert!(came.log.contains(lie.cause) && came.log.contains("***"), "{}", came.log);
        for told in ["ovelace", "OVELACE", "Ada", "acme.example", "1815"] {
            assert!(!came.log.contains(told), "{told}: {}", came.log);
        }
        if lie.cause == "token_error" {
            assert!(!came.log.contains("the-code-of-ada"), "{}", came.log);
        }
    }
}
