//! The profile of an account: from the request token into a cookie beside the session's, and away with it.

use std::sync::Arc;
use std::time::Duration;

use hyper::header::{COOKIE, HeaderValue};
use hyper::{HeaderMap, StatusCode};
use idv::verification::profile::Profile;
use idv::verification::session::id::SessionId;
use idv::verification::tenant::TokenKey;
use idv::verification::token::{TokenError, UntrustedToken};
use serde_json::{Value, json};

use crate::support::browser::{Browser, Page};
use crate::support::process::Installation;
use crate::support::token::{self, HEADER, SECRET, STATE};
use crate::support::wire;
use crate::support::world::{OTHER_SECRET, World, other_tenant, tenant};

/// What all cookies of a browser may have in bytes, so that proxies take its requests.
const ROOM: usize = 7 * 1024;
const ADA: &str =
    r#"{"given_name":"Ada","family_name":"Lovelace","birthdate":"1815-12-10","email":"ada@acme.example"}"#;

fn token_with(world: &World, jti: &str, profile: &Value) -> String {
    token::sign(&token::with(token::claims(world.now()), &json!({ "jti": jti, "profile": profile })))
}

fn token_of_ada(world: &World, jti: &str) -> String {
    token_with(world, jti, &token::seal_profile(ADA, SECRET).into())
}

/// The names of the cookies with session and profile.
fn names(session: &str) -> [String; 2] {
    ["__Host-idv-", "__Host-idv-p-"].map(|prefix| session.replace("/session/", prefix))
}

fn id(session: &str) -> SessionId {
    SessionId::parse(&session.replace("/session/", "")).unwrap()
}

fn texts(profile: &Profile) -> [Option<&str>; 4] {
    [profile.given_name(), profile.family_name(), profile.birthdate(), profile.email()]
}

/// The profile of `session` that the browser brings.
fn opened(world: &World, browser: &Browser, session: &str) -> Option<Profile> {
    world.app.sealer.open_profile(id(session), browser.cookies.get(&names(session)[1])?)
}

fn cookies(page: &Page) -> Vec<String> {
    page.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}

#[test]
fn a_profile_comes_into_a_cookie_of_its_own_for_as_long_as_the_sessions() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.start(&token_of_ada(&world, "ada"));
    let [name, name_of_profile] = names(page.location());
    let [ours, profile] = &cookies(&page)[..] else { panic!("{page:?}") };
    assert!(ours.starts_with(&format!("{name}=")), "{ours}");
    assert!(profile.starts_with(&format!("{name_of_profile}=")), "{profile}");
    let attributes = |cookie: &String| cookie.split_once("; ").unwrap().1.to_owned();
    assert_eq!(attributes(profile), "Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure");
    assert_eq!(attributes(profile), attributes(ours));
    let profile = opened(&world, &browser, page.location()).unwrap();
    assert_eq!(texts(&profile), [Some("Ada"), Some("Lovelace"), Some("1815-12-10"), Some("ada@acme.example")]);
    for text in texts(&profile).into_iter().flatten().skip(1) {
        assert!(!format!("{page:?}").contains(text), "{text}");
    }
    // It is no matter of the hour or of the process.
    world.pass(Duration::from_secs(3599));
    assert!(opened(&world, &browser, page.location()).is_some());
    let value = browser.cookies.remove(&name_of_profile).unwrap();
    drop(browser);
    assert!(world.restarted().app.sealer.open_profile(id(page.location()), &value).is_some());
}

#[test]
fn what_is_missing_in_the_profile_is_missing_in_the_cookie() {
    let world = World::new();
    for (json, expected) in [
        ("{}", [None; 4]),
        (r#"{"family_name":"Müller"}"#, [None, Some("Müller"), None, None]),
        (r#"{"email":"a@b","given_name":"Ann"}"#, [Some("Ann"), None, None, Some("a@b")]),
    ] {
        let mut browser = world.browser();
        let session = browser.begin(&token_with(&world, json, &token::seal_profile(json, SECRET).into()));
        assert_eq!(texts(&opened(&world, &browser, &session).unwrap()), expected);
    }
}

#[test]
fn without_a_profile_there_is_one_cookie() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.start(&world.token("plain"));
    assert_eq!(cookies(&page).len(), 1);
    let back = browser.post(&format!("{}/cancel", page.location()), "");
    assert_eq!(cookies(&back).len(), 1);
}

#[test]
fn on_plain_http_the_cookie_has_no_prefix_that_browsers_would_refuse() {
    let mut world = World::new();
    Arc::get_mut(&mut world.app).unwrap().is_https = false;
    let mut browser = world.browser();
    let page = browser.start(&token_of_ada(&world, "plain"));
    let name = page.location().replace("/session/", "idv-p-");
    assert!(cookies(&page)[1].starts_with(&format!("{name}=")));
    assert!(cookies(&page)[1].ends_with("; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"));
    let back = browser.post(&format!("{}/cancel", page.location()), "");
    assert_eq!((back.status, cookies(&back).len()), (StatusCode::SEE_OTHER, 2));
    assert!(!browser.cookies.contains_key(&name));
}

#[test]
fn the_longest_profile_has_room_in_its_cookie() {
    let world = World::new();
    let longest = |names: [&str; 2]| {
        let (before, after) = (format!(r#"{{"{}":"{}","{}":""#, names[0], "x".repeat(256), names[1]), r#""}"#);
        format!("{before}{}{after}", "y".repeat(512 - before.len() - after.len()))
    };
    for names in [["family_name", "email"], ["email", "given_name"], ["given_name", "family_name"]] {
        let json = longest(names);
        let page = world.browser().start(&token_with(&world, names[0], &token::seal_profile(&json, SECRET).into()));
        let cookies = cookies(&page);
        let value = cookies[1].split_once(';').unwrap().0.split_once('=').unwrap().1;
        assert!((680..=700).contains(&value.len()), "{}", value.len());
    }
}

#[test]
fn a_profile_opens_in_no_other_session() {
    let world = World::new();
    let mut browser = world.browser();
    let [one, other] = ["one", "other"].map(|jti| browser.begin(&token_of_ada(&world, jti)));
    let [[name, profile], [other_name, other_profile]] = [&one, &other].map(|session| names(session));
    let value = |name: &String| browser.cookies[name].as_str();
    let opens = |session: &String, value: &str| world.app.sealer.open_profile(id(session), value).is_some();
    assert!(opens(&one, value(&profile)) && opens(&other, value(&other_profile)));
    for foreign in [value(&other_profile), value(&name), value(&other_name), "", "AAAA", &value(&profile)[1..]] {
        assert!(!opens(&one, foreign), "{foreign}");
    }
    // Nor is a profile a session.
    assert!(world.app.sealer.open(id(&one), value(&profile), &world.app.tenants).is_none());
    let elsewhere = World::new();
    assert!(elsewhere.app.sealer.open_profile(id(&one), value(&profile)).is_none());
}

/// Profiles that a token may not have.
fn hostile() -> Vec<(&'static str, Value)> {
    let good = token::seal_profile(ADA, SECRET);
    let seal = |json: &str| Value::from(token::seal_profile(json, SECRET));
    vec![
        ("another tenant's secret", token::seal_profile(ADA, OTHER_SECRET).into()),
        ("no secret", token::seal_profile(ADA, b"").into()),
        ("plain", ADA.into()),
        ("an object", json!({ "family_name": "Lovelace" })),
        ("a list", json!([good])),
        ("a number", 7.into()),
        ("true", true.into()),
        ("empty", "".into()),
        ("its first half", good[..good.len() / 2].into()),
        ("its second half", good[good.len() / 2..].into()),
        ("all but its last symbol", good[..good.len() - 1].into()),
        ("padded", format!("{good}=").into()),
        ("twice", format!("{good}{good}").into()),
        ("of 2,800 symbols", "A".repeat(2800).into()),
        ("a member twice", seal(r#"{"family_name":"Doe","family_name":"Doe"}"#)),
        ("an unknown member", seal(r#"{"family_name":"Doe","sub":"auth0|1"}"#)),
        ("a member that is null", seal(r#"{"family_name":null}"#)),
        ("an empty text", seal(r#"{"family_name":""}"#)),
        ("a control", seal(r#"{"family_name":"Do\u0000e"}"#)),
        ("a text too long", seal(&format!(r#"{{"family_name":"{}"}}"#, "x".repeat(257)))),
        ("no day", seal(r#"{"birthdate":"1990-02-30"}"#)),
        ("no JSON", seal("Lovelace")),
        ("no object", seal(r#"["Lovelace"]"#)),
        ("spaces up to 513 bytes", seal(&format!("{ADA}{}", " ".repeat(513 - ADA.len())))),
    ]
}

#[test]
fn a_profile_that_does_not_open_is_refused() {
    let world = World::with_tenants(vec![tenant(), other_tenant()]);
    for (name, profile) in hostile() {
        let token = token_with(&world, name, &profile);
        let checked = UntrustedToken::parse(&token).unwrap().authenticate(&world.app.tenants, world.app.clock.now());
        assert_eq!(checked.unwrap_err(), TokenError::Claim("profile"), "{name}");
        let page = world.browser().start(&token);
        assert_eq!((page.status, page.header("set-cookie")), (StatusCode::BAD_REQUEST, None), "{name}");
        assert!(!page.body.contains("profile") && !page.body.contains("Lovelace"), "{name}: {}", page.body);
    }
    assert!(world.browser().start(&token_of_ada(&world, "good")).status == StatusCode::SEE_OTHER);
}

#[test]
fn a_token_of_4_kib_is_too_long_before_anything_is_opened() {
    let world = World::new();
    let token = token_with(&world, "long", &"A".repeat(4096).into());
    assert_eq!(UntrustedToken::parse(&token).unwrap_err(), TokenError::TooLong);
    assert_eq!(world.browser().start(&token).status, StatusCode::URI_TOO_LONG);
}

#[test]
fn a_token_with_two_profiles_is_malformed() {
    let world = World::new();
    let sealed = token::seal_profile(ADA, SECRET);
    let payload = Value::Object(token::claims(world.now())).to_string();
    for (member, is_taken) in [("\"profile\"", true), ("\"profile\":null,\"profile\"", false)] {
        let payload = payload.replacen('{', &format!("{{{member}:\"{sealed}\","), 1);
        let token = token::sign_raw(HEADER, payload.as_bytes(), SECRET);
        let request = UntrustedToken::parse(&token).unwrap().authenticate(&world.app.tenants, world.app.clock.now());
        assert_eq!(request.is_ok(), is_taken, "{member}");
    }
}

#[test]
fn a_profile_is_opened_by_the_secret_that_signed_its_token() {
    let old = b"the secret before this one, 32 bytes+".as_slice();
    let mut tenant = tenant();
    tenant.keys.push(TokenKey::new(old));
    let world = World::with_tenant(tenant);
    for (signed, sealed, status) in [(SECRET, SECRET, 303), (old, old, 303), (SECRET, old, 400), (old, SECRET, 400)] {
        let profile = token::seal_profile(ADA, sealed);
        let claims = token::with(token::claims(world.now()), &json!({ "jti": profile, "profile": profile }));
        let token = token::sign_raw(HEADER, Value::Object(claims).to_string().as_bytes(), signed);
        assert_eq!(world.browser().start(&token).status.as_u16(), status);
    }
}

#[test]
fn whoever_ends_a_session_leaves_no_profile_in_the_browser() {
    let world = World::new();
    let mut browser = world.browser();
    let open = browser.begin(&token_of_ada(&world, "open"));
    let ended = browser.begin(&token_of_ada(&world, "ended"));
    let [name, profile] = names(&ended);
    let back = browser.post(&format!("{ended}/cancel"), "");
    assert!(cookies(&back)[0].starts_with(&format!("{name}=")));
    assert_eq!(cookies(&back)[1], format!("{profile}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"));
    assert!(browser.cookies.contains_key(&name) && !browser.cookies.contains_key(&profile));
    // The way back is there once more, and has nothing to take away.
    assert_eq!(cookies(&browser.get(&format!("{ended}/return"))).len(), 1);
    assert!(opened(&world, &browser, &open).is_some(), "that of another session stays");
    let code = world.issue();
    assert_eq!(browser.post(&format!("{open}/desk"), &format!("code={code}")).status, StatusCode::SEE_OTHER);
    assert!(opened(&world, &browser, &open).is_none());
}

/// What a browser sends as its `Cookie`.
fn line(browser: &Browser) -> String {
    let pairs: Vec<_> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

#[test]
fn who_forgets_sessions_that_have_ended_forgets_their_profiles() {
    let world = World::new();
    let mut browser = world.browser();
    let open = browser.begin(&token_of_ada(&world, "open"));
    let ended = browser.begin(&token_of_ada(&world, "ended"));
    let before = HeaderValue::try_from(line(&browser)).unwrap();
    browser.post(&format!("{ended}/cancel"), "");
    let gone = world.app.forget_ended(&HeaderMap::from_iter([(COOKIE, before)]));
    let gone: Vec<_> = gone.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(gone.len(), 2);
    assert!(names(&ended).iter().all(|name| gone.iter().any(|cookie| cookie.starts_with(&format!("{name}=;")))));
    assert!(!gone.iter().any(|cookie| names(&open).iter().any(|name| cookie.starts_with(name))));
}

#[test]
fn many_logins_with_profiles_are_not_too_much_for_a_proxy() {
    let world = World::new();
    let mut browser = world.browser();
    browser.cookies.insert("others".to_owned(), "x".repeat(500));
    let mut sessions = Vec::new();
    for index in 0..20 {
        world.pass(Duration::from_secs(1));
        sessions.push(browser.begin(&token_of_ada(&world, &index.to_string())));
        assert!(line(&browser).len() <= ROOM, "{} bytes after {index}", line(&browser).len());
    }
    let kept: Vec<_> = sessions.iter().filter(|session| browser.cookies.contains_key(&names(session)[0])).collect();
    let profiles: Vec<_> = sessions.iter().filter(|session| opened(&world, &browser, session).is_some()).collect();
    assert_eq!(kept, profiles, "each has its profile");
    assert!(kept.len() >= 6, "{}", kept.len());
    assert_eq!(kept, sessions[20 - kept.len()..].iter().collect::<Vec<_>>(), "the last ones");
    assert_eq!(browser.cookies.len(), 1 + 2 * kept.len());
}

#[test]
fn a_profile_without_its_session_goes_first() {
    let world = World::new();
    let mut browser = world.browser();
    let [living, lost] = ["living", "lost"].map(|jti| browser.begin(&token_of_ada(&world, jti)));
    browser.cookies.remove(&names(&lost)[0]);
    let new = world.browser().start(&world.token("new")).header("set-cookie").unwrap().len();
    // One byte more than there is room for.
    let fill = ROOM + 1 - new - line(&browser).len() - "; others=".len();
    browser.cookies.insert("others".to_owned(), "x".repeat(fill));
    browser.begin(&world.token("new"));
    assert!(names(&living).iter().all(|name| browser.cookies.contains_key(name)));
    assert!(!browser.cookies.contains_key(&names(&lost)[1]));
}

#[test]
fn headers_that_are_too_long_lose_profiles_too() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&token_of_ada(&world, "long"));
    browser.cookies.insert("others".to_owned(), "x".repeat(32 * 1024));
    let page = browser.get(&session);
    assert_eq!(page.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["others"]);
}

#[test]
fn planted_cookies_of_profiles_hide_no_session_and_cost_a_start_little() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&token_of_ada(&world, "planted"));
    for name in [
        "__Host-idv-p-",
        "__Host-idv-p-é",
        "__Host-idv-p-p-AAAAAAAAAAAAAAAAAAAAAA",
        "__Host-idv-q-AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        browser.cookies.insert(name.to_owned(), "x".to_owned());
    }
    assert_eq!(browser.get(&session).status, StatusCode::OK);
    let planted = |index: u32| {
        let id = data_encoding::BASE64URL_NOPAD.encode(&index.to_be_bytes().repeat(4)[..15]);
        format!("__Host-idv-p-{id}AA")
    };
    browser.cookies.extend((0..500).map(|index| (planted(index), "A".repeat(20))));
    let new = browser.begin(&token_of_ada(&world, "new"));
    assert!(names(&session).iter().chain(&names(&new)).all(|name| browser.cookies.contains_key(name)));
    assert!(!browser.cookies.contains_key(&planted(0)) && !browser.cookies.contains_key(&planted(499)));
}

#[test]
fn the_log_has_nothing_of_a_profile() {
    let installation = Installation::new();
    let mut service = installation.serve();
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let good = token::seal_profile(ADA, SECRET);
    let bad = token::seal_profile(&ADA.replace("birthdate", "birthday"), SECRET);
    let ask = |profile: &str| {
        let token = token::sign(&token::with(token::claims(now), &json!({ "jti": profile, "profile": profile })));
        service.exchange(&wire::get(&format!("/id-verification?token={token}&state={STATE}"), "")).unwrap()
    };
    let (taken, refused) = (ask(&good), ask(&bad));
    assert!(taken.starts_with("HTTP/1.1 303") && taken.contains("__Host-idv-p-"), "{taken}");
    assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
    let cookie = taken.split_once("__Host-idv-p-").unwrap().1.split_once([';']).unwrap().0.to_owned();
    let cookie = cookie.split_once('=').unwrap().1.to_owned();
    service.signal("TERM");
    assert!(service.child.wait().unwrap().success());
    let log = service.log_once("\"stopped\"");
    assert!(log.contains("the token's claim `profile` is missing or invalid"), "{log}");
    for hidden in ["Lovelace", "1815-12", "ada@acme", "birthday", &good, &bad, &cookie] {
        assert!(!log.contains(hidden), "{hidden} in {log}");
    }
}
