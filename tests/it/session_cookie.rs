//! The cookies of sessions: beside those of others, of many logins, of a long one, and of one that has ended.

use std::time::Duration;

use data_encoding::HEXLOWER;
use http_body_util::Full;
use hyper::header::HeaderValue;
use hyper::{Request, StatusCode};
use idv::store::master_key::MasterKey;
use idv::verification::asks::Asks;
use idv::verification::session::Sealer;
use idv::verification::session::id::SessionId;
use idv::verification::tenant::Tenants;
use serde_json::json;

use crate::support::browser::{Browser, Page, respond};
use crate::support::process::Installation;
use crate::support::token::{self, SECRET, SUBJECT, TENANT};
use crate::support::wire;
use crate::support::world::{World, tenant};

/// What all cookies of a browser may have in bytes, so that proxies take its requests.
const ROOM: usize = 7 * 1024;

#[test]
fn what_other_sites_set_for_the_whole_domain_hides_no_session() {
    // `prefs=café` of a sibling made the whole header unreadable, and "Your browser did not recognise this login" came for
    // ever.
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("sibling"));
    let (name, value) = browser.cookies.first_key_value().unwrap();
    let ours = format!("{name}={value}").into_bytes();
    let other = session.replace("/session/", "__Host-idv-").into_bytes();
    let siblings: [&[u8]; 16] = [
        b"prefs=caf\xe9",
        "prefs=café".as_bytes(),
        b"prefs=\xff\xfe\x80",
        b"\xe9=1",
        b"__Host-idv-\xe9=1",
        b"__Host-idv-=1",
        b"__Host-idv-AAAAAAAAAAAAAAAAAAAAA\xe9=1",
        b"=",
        b"=nameless",
        b"valueless",
        b"quoted=\"a; b=\\\"; c\"",
        b"tab=\t\t",
        b";;; ;",
        b"a=1; a=2; a=3",
        &[&other[..], b"=caf\xe9"].concat(),
        &[&other[..], b"=AAAA; ", &other[..], b"="].concat(),
    ];
    let open = |cookies: &[&[u8]]| {
        let mut request = Request::builder().uri(&session).header("host", "idv.example.test");
        for line in cookies {
            request = request.header("cookie", HeaderValue::from_bytes(line).unwrap());
        }
        respond(&world.app, request.body(Full::default()).unwrap()).body.contains("/desk")
    };
    for sibling in siblings {
        let told = sibling.escape_ascii();
        assert!(open(&[&[sibling, b"; ", &ours].concat()]), "before it: {told}");
        assert!(open(&[&[&ours, b"; ".as_slice(), sibling].concat()]), "after it: {told}");
        // HTTP/2 sends them one by one (RFC 9113 §8.2.3).
        assert!(open(&[sibling, &ours, sibling]), "on lines of their own: {told}");
        assert!(!open(&[sibling]), "{told}");
    }
}

#[test]
fn a_siblings_cookie_beyond_ascii_passes_the_whole_service() {
    let installation = Installation::new();
    let service = installation.serve();
    let login = service.begin(SUBJECT, "sibling");
    let page = service.exchange(&wire::get(&login.path, &format!("prefs=café; {}", login.cookie))).unwrap();
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("/desk"), "{page}");
}

#[test]
fn a_login_that_has_ended_lets_its_cookie_go_within_a_quarter_of_an_hour() {
    // Contract 26: until then a result that did not arrive can be had once more. Cookies of logins that were over lived on
    // for an hour, and the nineteenth login of a browser died at the proxy.
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("ended"));
    let name = session.replace("/session/", "__Host-idv-");
    let back = browser.post(&format!("{session}/cancel"), "");
    let life = |page: &Page| {
        let cookie = page.header("set-cookie").unwrap();
        assert!(cookie.starts_with(&format!("{name}=")), "{cookie}");
        let (_, rest) = cookie.split_once("; Path=/; Max-Age=").unwrap();
        rest.strip_suffix("; HttpOnly; SameSite=Lax; Secure").unwrap().parse::<u64>().unwrap()
    };
    assert_eq!(life(&back), 900);
    world.pass(Duration::from_secs(899));
    let page = browser.get(&session);
    assert!(page.body.contains("You left the verification"), "{}", page.body);
    assert_eq!(life(&browser.get(&format!("{session}/return"))), 1, "it counts from the end");
    world.pass(Duration::from_secs(1));
    assert_eq!(life(&browser.post(&format!("{session}/cancel"), "")), 0);
    assert!(browser.cookies.is_empty());
}

/// What a browser sends as its `Cookie`.
fn line(browser: &Browser) -> usize {
    let pairs = browser.cookies.iter().map(|(name, value)| name.len() + 1 + value.len());
    pairs.map(|length| length + 2).sum::<usize>().saturating_sub(2)
}

fn is_open(browser: &mut Browser, session: &str) -> bool {
    browser.get(session).status == StatusCode::OK
}

#[test]
fn the_nineteenth_login_of_a_browser_is_not_too_much_for_a_proxy() {
    // nginx and Apache refuse a line of more than 8 KiB.
    let world = World::new();
    let mut browser = world.browser();
    browser.cookies.insert("others".to_owned(), "x".repeat(500));
    let mut sessions = Vec::new();
    for index in 0..40 {
        world.pass(Duration::from_secs(1));
        sessions.push(browser.begin(&world.token(&index.to_string())));
        assert!(line(&browser) <= ROOM, "{} bytes after {index}", line(&browser));
    }
    let open: Vec<_> = sessions.iter().map(|session| is_open(&mut browser, session)).collect();
    let kept = open.iter().filter(|open| **open).count();
    assert!(kept >= 8, "{kept}");
    assert!(open[40 - kept..].iter().all(|open| *open), "the last ones: {open:?}");
    assert!(browser.cookies.contains_key("others"));
}

#[test]
fn a_login_under_way_outlives_those_that_have_ended() {
    let world = World::new();
    let mut browser = world.browser();
    let living = browser.begin(&world.token("living"));
    for index in 0..40 {
        world.pass(Duration::from_secs(1));
        let ended = browser.begin(&world.token(&index.to_string()));
        browser.post(&format!("{ended}/cancel"), "");
        assert!(is_open(&mut browser, &ended), "the last one has its way back");
    }
    assert!(is_open(&mut browser, &living));
}

#[test]
fn what_is_over_goes_first() {
    let world = World::new();
    let mut browser = world.browser();
    let (over, garbage) = (browser.begin(&world.token("over")), "__Host-idv-AAAAAAAAAAAAAAAAAAAAAA");
    world.pass(Duration::from_mins(61));
    let ended = browser.begin(&world.token("ended"));
    browser.post(&format!("{ended}/cancel"), "");
    let living = browser.begin(&world.token("living"));
    browser.cookies.insert(garbage.to_owned(), "x".to_owned());
    browser.cookies.insert("others".to_owned(), "x".repeat(ROOM - 1200));
    let new = browser.begin(&world.token("new"));
    let is_there = |session: &String| browser.cookies.contains_key(&session.replace("/session/", "__Host-idv-"));
    assert_eq!([&over, &ended, &living, &new].map(is_there), [false, false, true, true]);
    assert!(!browser.cookies.contains_key(garbage));
    assert!(browser.cookies.contains_key("others"));
}

#[test]
fn where_there_is_room_nothing_is_taken_away() {
    let world = World::new();
    for (excess, gone) in [(0, 0), (1, 1)] {
        let mut browser = world.browser();
        let first = browser.start(&world.token("first")).header("set-cookie").unwrap().len();
        // The second start sends a cookie as long as the first one's.
        let fill = ROOM + excess - first - line(&browser) - "; a=".len();
        browser.cookies.insert("a".to_owned(), "x".repeat(fill));
        let page = browser.start(&world.token("other"));
        assert_eq!(page.headers.get_all("set-cookie").iter().count(), 1 + gone, "{excess} more than there is room for");
    }
}

#[test]
fn a_flood_of_planted_cookies_costs_a_start_little() {
    let world = World::new();
    let mut browser = world.browser();
    let planted = |index: u32| {
        format!("__Host-idv-{}A", data_encoding::BASE64URL_NOPAD.encode(&index.to_be_bytes().repeat(4)[..15]) + "A")
    };
    browser.cookies.extend((0..500).map(|index| (planted(index), "A".repeat(20))));
    assert_eq!(browser.start(&world.token("planted")).status, StatusCode::SEE_OTHER);
    assert_eq!(browser.cookies.len(), 1, "all that opens nothing is gone");
}

/// A start by a subject with such an id, with a state of `length`.
fn start_long(world: &World, user_id: &str, length: usize) -> Page {
    let claims = json!({ "sub": user_id, "account_hint": "h".repeat(128), "ui_locales": "l".repeat(256) });
    let token = token::sign(&token::with(token::claims(world.now()), &claims));
    world.browser().get(&format!("/id-verification?token={token}&state={}", "s".repeat(length)))
}

#[test]
fn a_session_that_no_browser_would_keep_is_refused_at_the_start() {
    // A browser drops a cookie of more than 4,096 bytes without a word (RFC 6265bis §5.6).
    let world = World::new();
    let user_id = "u".repeat(1024);
    let fits = |length: &usize| start_long(&world, &user_id, *length).status == StatusCode::SEE_OTHER;
    let longest = (1..=2048).collect::<Vec<_>>().partition_point(fits);
    let page = start_long(&world, &user_id, longest);
    let (pair, _) = page.header("set-cookie").unwrap().split_once(';').unwrap();
    assert!((4094..=4096).contains(&pair.len()), "{}: base64 takes one or two bytes for one", pair.len());
    assert!((1200..2048).contains(&longest), "{longest}");
    let page = start_long(&world, &user_id, longest + 1);
    assert_eq!((page.status, page.header("set-cookie")), (StatusCode::URI_TOO_LONG, None));
    assert!(page.body.contains("This login is too long for your browser"), "{}", page.body);
    // Beside a usual id there is room for the longest state (contract 2).
    assert_eq!(start_long(&world, &"u".repeat(255), 2048).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_user_id_of_255_characters_of_any_script_passes_to_the_end() {
    let installation = Installation::new();
    let service = installation.serve();
    for user_id in ["auth0|".to_owned() + &"𐍈".repeat(249), "auth0|".to_owned() + &"u".repeat(1018)] {
        let code = installation.json(&["desk", "issue", "--tenant", TENANT, "--subject", &user_id])["code"].clone();
        let login = service.begin(&user_id, "long");
        let back = service.submit(&login, "desk", &format!("code={}", code.as_str().unwrap())).unwrap();
        let (_, token) = wire::header(&back, "location").unwrap().split_once("token=").unwrap();
        let claims = token::open(token, SECRET);
        assert_eq!((claims["sub"].as_str(), claims["status"].as_str()), (Some(user_id.as_str()), Some("success")));
        let shown = installation.json(&["subject", "show", "--tenant", TENANT, "--subject", &user_id]);
        assert_eq!(shown["subject"]["subject"], user_id);
    }
    let longer = "auth0|".to_owned() + &"u".repeat(1019);
    assert!(!installation.command(&["desk", "issue", "--tenant", TENANT, "--subject", &longer]).status.success());
    assert!(service.try_begin(&longer, "longer").is_err_and(|answer| answer.starts_with("HTTP/1.1 400")));
}

/// The cookie that the version before sealed, which knew nothing of what an application asks, and the key of its store.
const OLDER: (&str, &str) = (
    "AxXcXRS73sXsdB1-O0n75w",
    "Z5wHADAqd7mp11A8LFGeinEA8drtuvP1AJ8O0ae2VAno8EO2-LmEW1_L0nX3PqWYiyX5eR3jkcaKgZ0IzIC102cl_PJp-S4GrP6m4I3RH7i51gjAyuRb5\
     SM9gzh9H8oqGgA7nv3eUMG1XFQ21mBKwBCjj6UG67ErqbMi7bPPHEJkrSo",
);
const KEY_OF_OLDER: &str = "913db596513465a0b5c992d18b0b446420edd22e699a2dd8aadbf352c933accb";

#[test]
fn a_session_that_began_before_an_update_goes_on() {
    let key = HEXLOWER.decode(KEY_OF_OLDER.as_bytes()).unwrap();
    let sealer = Sealer::new(MasterKey::new(key.try_into().unwrap()).derive("session"));
    let tenants = Tenants::new(vec![tenant()]);
    let (id, cookie) = (SessionId::parse(OLDER.0).unwrap(), OLDER.1.replace(char::is_whitespace, ""));
    let session = sealer.open(id, &cookie, &tenants).expect("a session of the layout before");
    assert_eq!((session.subject.user_id.as_str(), &session.asks), (SUBJECT, &Asks::default()));
    let now = session.issued_at;
    let again = sealer.seal(&session, [7; 12], now);
    let session = sealer.open(id, &again, &tenants).expect("sealed anew as today");
    assert_eq!((session.issued_at, &session.asks), (now, &Asks::default()));
    assert!(again.len() > cookie.len());
}
