//! Starts that nobody should send, each refused with 4xx, without a redirect, a cookie or an echo.

use data_encoding::{BASE64URL, BASE64URL_NOPAD};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::browser::{Browser, respond};
use crate::support::token::{self, CUSTOM_DOMAIN, HEADER, SECRET, STATE, TENANT};
use crate::support::world::World;
use http_body_util::Full;
use hyper::Request;

/// Stands in every hostile value that can hold it, and must not come back.
const MARK: &str = "zq7hostile";

fn query(token: &str) -> String {
    format!("token={token}&state={STATE}")
}

/// Headers that are not exactly HS256's, each with a tag that would be right.
fn headers(payload: &str) -> Vec<(String, String)> {
    let headers = [
        r#"{"alg":"none","typ":"JWT"}"#,
        r#"{"alg":"None","typ":"JWT"}"#,
        r#"{"alg":"NONE","typ":"JWT"}"#,
        r#"{"alg":"","typ":"JWT"}"#,
        r#"{"alg":"hs256","typ":"JWT"}"#,
        r#"{"alg":"HS384","typ":"JWT"}"#,
        r#"{"alg":"HS512","typ":"JWT"}"#,
        r#"{"alg":"RS256","typ":"JWT"}"#,
        r#"{"alg":"ES256","typ":"JWT"}"#,
        r#"{"alg":"PS256","typ":"JWT"}"#,
        r#"{"alg":"EdDSA","typ":"JWT"}"#,
        r#"{"alg":"HS256 ","typ":"JWT"}"#,
        r#"{"alg":["HS256"],"typ":"JWT"}"#,
        r#"{"alg":null,"typ":"JWT"}"#,
        r#"{"alg":256,"typ":"JWT"}"#,
        r#"{"typ":"JWT"}"#,
        r"{}",
        r"[]",
        r"null",
        "",
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","typ":"jwt+x"}"#,
        r#"{"alg":"HS256","typ":"at+jwt"}"#,
        r#"{"alg":"HS256","typ":"JWE"}"#,
        r#"{"alg":"none","alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"HS256","alg":"none","typ":"JWT"}"#,
        r#"{"alg":"HS256","alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"HS256","typ":"JWT","typ":"JWT"}"#,
        r#"{"alg":"HS256","typ":"JWT","crit":["exp"]}"#,
        r#"{"alg":"HS256","typ":"JWT","crit":[]}"#,
        r#"{"alg":"HS256","typ":"JWT","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"HS256","typ":"JWT","zip":"DEF"}"#,
        r#"{"alg":"HS256","typ":"JWT","cty":"JWT"}"#,
        r#"{"alg":"HS256","typ":"JWT","jku":"https://evil.example/jwks"}"#,
        r#"{"alg":"HS256","typ":"JWT","jwk":{"kty":"oct","k":"AA"}}"#,
        r#"{"alg":"HS256","typ":"JWT","x5u":"https://evil.example/x"}"#,
        r#"{"alg":"dir","enc":"A128GCM","typ":"JWT"}"#,
        r#"{"\u0061lg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"HS256","typ":"JWT"} x"#,
        r#"{"alg":"HS256","typ":"JWT",}"#,
    ];
    headers
        .into_iter()
        .map(|header| (format!("header {header}"), query(&token::sign_raw(header, payload.as_bytes(), SECRET))))
        .collect()
}

/// Claims that are missing, of the wrong type, or at the wrong side of a boundary.
fn claims(now: u64) -> Vec<(String, String)> {
    let foreign_hosts = [
        "evil.example",
        "acme.eu.auth0.test.evil.example",
        "evil.acme.eu.auth0.test",
        "ACME.eu.auth0.test",
        "acme.eu.auth0.test.",
        " acme.eu.auth0.test",
        "acme.eu.auth0.test:443",
        "https://acme.eu.auth0.test",
        "https://acme.eu.auth0.test/",
        "user@acme.eu.auth0.test",
        "acme.eu.auth0.test/x",
        "xn--cme-0na.eu.auth0.test",
        "аcme.eu.auth0.test",
        "acme。eu.auth0.test",
        "idv.example.test",
        "",
        "acme.eu.auth0.test\u{0}",
        "localhost",
    ];
    let foreign_returns = [
        "https://evil.example/continue",
        "http://acme.eu.auth0.test/continue",
        "https://acme.eu.auth0.test/continue/",
        "https://acme.eu.auth0.test/continue?x=1",
        "https://acme.eu.auth0.test/continue#x",
        "https://acme.eu.auth0.test/",
        "https://acme.eu.auth0.test@evil.example/continue",
        "https://evil.example@acme.eu.auth0.test/continue",
        "https://acme.eu.auth0.test:8443/continue",
        "https://acme.eu.auth0.test:443/continue",
        "HTTPS://acme.eu.auth0.test/continue",
        "https://ACME.eu.auth0.test/continue",
        "//acme.eu.auth0.test/continue",
        "/continue",
        "continue",
        "https:/acme.eu.auth0.test/continue",
        "https:acme.eu.auth0.test/continue",
        "https://acme.eu.auth0.test\\@evil.example/continue",
        "https://acme.eu.auth0.test%2f@evil.example/continue",
        "https://acme.eu.auth0.test./continue",
        "https://acme.eu.auth0.test/x/../continue",
        "javascript:alert(1)//https://acme.eu.auth0.test/continue",
        "data:text/html,x",
        "https://xn--cme-0na.eu.auth0.test/continue",
        "https://аcme.eu.auth0.test/continue",
        "https://acme.eu.auth0.test/continue\r\nX: y",
        " https://acme.eu.auth0.test/continue",
        "https://acme.eu.auth0.test/continue ",
        "",
        "https://login.acme.test.evil.example/continue",
        "https://evil.example/https://login.acme.test/continue",
        "https:///continue",
        "https://",
    ];
    let numbers = [
        json!("1800000000"),
        json!(-1),
        json!(1.5),
        json!(1e99),
        json!(true),
        json!([1]),
        json!({}),
        json!(9_007_199_254_740_992_u64),
    ];
    let texts = [json!(1), json!(true), json!(["x"]), json!({"x": MARK})];
    let mut changes: Vec<Value> = Vec::new();
    changes.extend(["iss", "sub", "iat", "exp"].map(|claim| json!({ claim: null })));
    changes.extend(
        ["iat", "exp", "nbf"].into_iter().flat_map(|claim| numbers.iter().map(move |value| json!({ claim: value }))),
    );
    changes.extend(
        ["iss", "sub", "continue_uri", "account_hint", "ui_locales"]
            .into_iter()
            .flat_map(|claim| texts.iter().map(move |value| json!({ claim: value }))),
    );
    changes.extend(foreign_hosts.map(|host| json!({ "iss": host })));
    changes.extend(foreign_returns.map(|address| json!({ "continue_uri": address })));
    changes.extend([
        json!({ "sub": "" }),
        json!({ "sub": "s".repeat(1025) }),
        json!({ "sub": format!("{MARK}\u{0}") }),
        json!({ "sub": format!("{MARK}\r\n") }),
        json!({ "account_hint": format!("{MARK}{}", "h".repeat(129)) }),
        json!({ "account_hint": "a\nb" }),
        json!({ "ui_locales": "l".repeat(257) }),
        json!({ "exp": now }),
        json!({ "exp": now - 1 }),
        json!({ "iat": now - 1000, "exp": now - 60 }),
        json!({ "iat": now + 61, "exp": now + 900 }),
        json!({ "nbf": now + 61 }),
        json!({ "iat": now - 3660, "exp": now + 900 }),
        json!({ "iat": 0, "exp": 1 }),
        json!({ "state": STATE }),
        json!({ "state": null, "iss": "idv.example.test", "status": "success" }),
    ]);
    let sign = |change: &Value| token::sign(&token::with(token::claims(now), change));
    changes.iter().map(|change| (format!("claims {change}"), query(&sign(change)))).collect()
}

/// Payloads that are not one JSON object of distinct members, and tags and encodings that are not right.
fn forms(good: &str, payload: &str, now: u64) -> Vec<(String, String)> {
    let (signed, tag) = good.rsplit_once('.').unwrap();
    let (header, body) = signed.split_once('.').unwrap();
    let flipped = |text: &str, index: usize| {
        text.char_indices()
            .map(|(i, c)| if i == index { if c == 'A' { 'B' } else { 'A' } } else { c })
            .collect::<String>()
    };
    let raw_tag = BASE64URL_NOPAD.decode(tag.as_bytes()).unwrap();
    let encode = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    let deep = format!("{}{}", r#"{"a":"#.repeat(1000), "1".to_owned() + &"}".repeat(1000));
    let many = format!("{{{},{}", (0..40).map(|i| format!("\"m{i}\":1")).collect::<Vec<_>>().join(","), &payload[1..]);
    let twice = |name: &str, value: &str| format!("{},{name}:{value}}}", payload.strip_suffix('}').unwrap());
    let payloads: Vec<Vec<u8>> = [
        "",
        "null",
        "[]",
        "\"x\"",
        "1",
        "{",
        "}",
        "{}",
        &deep,
        &many,
        &twice("\"sub\"", "\"evil\""),
        &twice("\"iss\"", "\"evil.example\""),
        &twice("\"exp\"", "9999999999"),
        &twice("\"jti\"", "\"two\""),
        &twice("\"\\u0073ub\"", "\"evil\""),
        &format!("{payload}{payload}"),
        &format!("{payload} x"),
        &payload.replace(':', "="),
        &payload.replace('"', "'"),
        &format!("\u{feff}{payload}"),
    ]
    .into_iter()
    .map(|text| text.as_bytes().to_vec())
    .chain([b"{\"iss\":\"\xff\"}".to_vec(), [payload.as_bytes(), b"\0"].concat(), b"\xfe\xff".to_vec()])
    .collect();
    let mut tokens: Vec<String> = payloads.iter().map(|payload| token::sign_raw(HEADER, payload, SECRET)).collect();
    tokens.extend([
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        header.into(),
        signed.into(),
        format!("{signed}."),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}.{tag}"),
        format!("{header}..{tag}"),
        format!(".{body}.{tag}"),
        format!("{signed}.{}", encode(&[0; 32])),
        format!("{signed}.{}", encode(&raw_tag[..31])),
        format!("{signed}.{}", encode(&raw_tag[..16])),
        format!("{signed}.{}", encode(&[&raw_tag[..], &[0]].concat())),
        format!("{signed}.{}", flipped(tag, 0)),
        format!("{signed}.{}", flipped(tag, 20)),
        format!("{signed}.{tag}A"),
        format!("{signed}.{}", &tag[..42]),
        format!("{header}.{}.{tag}", flipped(body, 30)),
        format!("{signed}.{}", BASE64URL.encode(&raw_tag)),
        format!("{signed}.{}", tag.replace(['-', '_'], "+").clone() + "+"),
        format!("{header}=.{body}.{tag}"),
        format!("{header}.{body}==.{tag}"),
        format!("{header}.{body}.{tag}="),
        format!(" {good}"),
        format!("{good} "),
        format!("{header}. {body}.{tag}"),
        good.replace('.', ":"),
        good.to_uppercase(),
        format!("Bearer {good}"),
        "\u{1f600}.\u{1f600}.\u{1f600}".into(),
        stray_bits(signed, tag),
        token::sign_raw(HEADER, payload.as_bytes(), b"another secret of thirty-two bytes!!"),
        token::sign_raw(HEADER, payload.as_bytes(), b""),
        token::sign_parts(&format!("{}.{body}", encode(b"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"x\":1}")), SECRET),
        format!("{}.{body}.", encode(b"{\"alg\":\"none\"}")),
        format!("{}.{body}.{tag}", encode(b"{\"alg\":\"none\"}")),
        token::sign(&token::with(token::claims(now), &json!({ "padding": "x".repeat(4096) }))),
        "A".repeat(4097),
        format!("{}.{}", "A".repeat(4000), "A".repeat(5000)),
        "A".repeat(1_000_000),
        token::sign_raw(
            &format!("{{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"{}\"}}", "k".repeat(300)),
            payload.as_bytes(),
            SECRET,
        ),
    ]);
    tokens
        .into_iter()
        .enumerate()
        .map(|(index, token)| (format!("form {index}"), query(&percent_encode(&token))))
        .collect()
}

/// The same tag with bits set that no byte holds: a second spelling of one token.
fn stray_bits(signed: &str, tag: &str) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = tag.split_at(42);
    let value = alphabet.find(last).unwrap();
    format!("{signed}.{rest}{}", &alphabet[value + 1..value + 2])
}

fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b".-_=:".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// States and queries.
fn queries(good: &str) -> Vec<(String, String)> {
    let states = [
        "",
        "%0d%0aLocation:%20https://evil.example",
        "a%0ab",
        "a%0db",
        "a%00b",
        "<script>alert(1)</script>",
        "%3Cscript%3E",
        "%22onload%3D",
        "%27x",
        "a%20b",
        "a+b%20c",
        "%26amp;",
        "%60x",
        "%5Cx",
        "%C3%A9",
        "%FF",
        "%E2%80%AE",
        "%",
        "%4",
        "%zz",
        "%u0041",
        "%7F",
        "{zq7hostile\"}",
        "zq7hostile%0d%0aSet-Cookie:x=y",
    ];
    let mut queries: Vec<String> = states.iter().map(|state| format!("token={good}&state={state}")).collect();
    queries.extend([
        String::new(),
        format!("token={good}"),
        format!("state={STATE}"),
        format!("token={good}&state={STATE}&state={STATE}"),
        format!("token={good}&token={good}&state={STATE}"),
        format!("token={good}&st%61te=evil&state={STATE}"),
        format!("%74oken={good}&token={good}&state={STATE}"),
        format!("Token={good}&state={STATE}"),
        format!("token={good};state={STATE}"),
        format!("token={good}&state={}", "s".repeat(2049)),
        format!("token={good}&state={}", "s".repeat(20_000)),
        format!("token={good}&state[]={STATE}"),
        format!("token=%FF{good}&state={STATE}"),
        format!("session_token={good}&state={STATE}"),
        format!("token={good}&state={STATE}&token="),
        "&&&".into(),
        "=&=".into(),
    ]);
    queries.into_iter().map(|query| (format!("query {}", &query[query.len().saturating_sub(60)..]), query)).collect()
}

#[test]
fn every_hostile_start_is_refused_without_redirect_cookie_or_echo() {
    let world = World::new();
    let now = world.now();
    let payload = Value::Object(token::claims(now)).to_string();
    let good = world.token("good");
    let mut starts = headers(&payload);
    starts.extend(claims(now));
    starts.extend(forms(&good, &payload, now));
    starts.extend(queries(&good));
    let mut refused = 0;
    for (name, query) in &starts {
        // What no URI can hold does not reach the router; the server's own parser refuses it.
        let Ok(request) = Request::builder()
            .uri(format!("/id-verification?{query}"))
            .header("host", "idv.example.test")
            .body(Full::default())
        else {
            continue;
        };
        let page = respond(&world.app, request);
        assert!(page.status.is_client_error(), "{name}: {}", page.status);
        assert!(page.header("location").is_none() && page.header("set-cookie").is_none(), "{name}");
        for value in ["evil", MARK, "<script>", STATE, TENANT, CUSTOM_DOMAIN, "eyJ", "65f0c0ffee"] {
            assert!(!page.body.contains(value), "{name} echoes {value}");
        }
        refused += 1;
    }
    assert!(refused >= 150, "{refused}");
    println!("{refused} hostile starts refused");
    assert_eq!(world.browser().start(&good).status.as_u16(), 303, "and the good one still passes");
}

#[test]
fn a_token_has_one_spelling_only() {
    // A second spelling of the same bytes would be a second token to the table of used ones.
    let world = World::new();
    let good = world.token("one spelling");
    let (signed, tag) = good.rsplit_once('.').unwrap();
    assert_eq!(world.browser().start(&good).status.as_u16(), 303);
    assert_eq!(world.browser().start(&stray_bits(signed, tag)).status.as_u16(), 400);
    assert_eq!(world.browser().start(&format!("{good}=")).status.as_u16(), 400);
}

proptest! {
    #[test]
    fn no_text_makes_the_token_check_panic(text in ".{0,300}") {
        let world = idv::verification::tenant::Tenants::new(vec![crate::support::world::tenant()]);
        if let Ok(token) = idv::verification::token::UntrustedToken::parse(&text) {
            prop_assert!(token.authenticate(&world, idv::verification::time::Timestamp::from_unix(1_800_000_000)).is_err());
        }
    }

    #[test]
    fn no_authentic_payload_makes_it_panic(payload in prop::collection::vec(any::<u8>(), 0..400)) {
        let world = idv::verification::tenant::Tenants::new(vec![crate::support::world::tenant()]);
        let token = token::sign_raw(HEADER, &payload, SECRET);
        if let Ok(token) = idv::verification::token::UntrustedToken::parse(&token) {
            prop_assert!(token.authenticate(&world, idv::verification::time::Timestamp::from_unix(1_800_000_000)).is_err());
        }
    }

    #[test]
    fn no_cookie_makes_a_session_but_ours(value in "[A-Za-z0-9_-]{0,400}") {
        let tenants = idv::verification::tenant::Tenants::new(vec![crate::support::world::tenant()]);
        let sealer = idv::verification::session::Sealer::new(ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"root"));
        let id = idv::verification::session::id::SessionId::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap();
        prop_assert!(sealer.open(id, &value, &tenants).is_none());
    }
}

#[test]
fn a_flood_of_cookies_is_refused_and_cleared() {
    let world = World::new();
    let mut browser = Browser::new(world.app.clone());
    let ours = |index| format!("__Host-idv-AAAAAAAAAAAAAAAAAAAA{index}A");
    browser.cookies.extend((0..10).map(|index| (ours(index), "x".repeat(3500))));
    let others =
        ["junk", "__Host-idv-short", "idv-AAAAAAAAAAAAAAAAAAAAAA"].map(|name| (name.to_owned(), "x".repeat(9)));
    browser.cookies.extend(others.clone());
    let page = browser.start(&world.token("cookies"));
    assert_eq!(page.status.as_u16(), 431);
    let gone: Vec<_> = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let expected = |index| format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure", ours(index));
    assert_eq!(gone, (0..10).map(expected).collect::<Vec<_>>(), "ours, and none that another site of the host's set");
    assert_eq!(page.header("clear-site-data"), None, "which would sign the person out of the whole domain");
}

#[test]
fn a_flood_of_small_cookies_is_answered_by_a_head_that_proxies_take_and_is_cleared() {
    // Each had a header of its own: 160 KiB of them for one request of 58.
    let world = World::new();
    let mut browser = Browser::new(world.app.clone());
    let ours = |index| (format!("__Host-idv-AAAAAAAAAAAAAAAAAA{index:03}A"), String::new());
    browser.cookies.extend((0..1000).map(ours));
    let page = browser.start(&world.token("cookies"));
    assert_eq!(page.status.as_u16(), 431);
    let head: usize = page.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    assert!(head < 16 * 1024, "{head}");
    let visits = (1..20).find(|_| browser.start(&world.token("cookies")).status.as_u16() == 303);
    assert!(visits.is_some(), "they go, some at each visit");
}
