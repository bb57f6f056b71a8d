//! V1, V2, V15.3: what comes in is decoded once, taken from one place, and stays data wherever it goes out.

use hyper::StatusCode;
use serde_json::json;

use crate::support::process::Installation;
use crate::support::token::{self, SECRET, STATE, SUBJECT, TENANT};
use crate::support::world::{World, subject};

fn percent_encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[test]
fn what_was_encoded_twice_is_decoded_once() {
    let world = World::new();
    let mut browser = world.browser();
    let token = world.token("twice").replace('.', "%2E");
    let page = browser.get(&format!("/id-verification?token={token}&state=a%2541"));
    let back = browser.post(&format!("{}/cancel", page.location()), "");
    assert_eq!(back.parameter("state"), "a%41");
    let twice = world.token("again").replace('.', "%252E");
    assert_eq!(browser.get(&format!("/id-verification?token={twice}&state={STATE}")).status, StatusCode::BAD_REQUEST);
}

#[test]
fn a_state_stays_one_parameter_whatever_is_in_it() {
    let world = World::new();
    let mut browser = world.browser();
    let state = "x#y?token=forged;token=forged,../..//%26%00+=";
    let page =
        browser.get(&format!("/id-verification?token={}&state={}", world.token("parameter"), percent_encode(state)));
    let back = browser.post(&format!("{}/cancel", page.location()), "");
    let (path, query) = back.location().split_once('?').unwrap();
    assert!(path.ends_with("/continue") && !query.contains(['#', '?', ';']), "{}", back.location());
    let parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    assert_eq!(parameters, ["state", "token"]);
    assert_eq!(back.parameter("state"), state);
}

#[test]
fn markup_in_a_hint_stays_text() {
    let world = World::new();
    let mut browser = world.browser();
    let hint = "</dd><script>alert('1')</script>\"&{{7*7}}${7}";
    let claims = token::with(token::claims(world.now()), &json!({ "account_hint": hint }));
    let session = browser.begin(&token::sign(&claims));
    let page = browser.get(&session);
    let shown = "&#60;/dd&#62;&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62;&#34;&#38;{{7*7}}${7}";
    assert!(page.body.contains(shown), "{}", page.body);
    assert!(!page.body.contains(hint));
}

#[test]
fn a_subject_full_of_json_comes_back_as_it_was() {
    let world = World::new();
    let mut browser = world.browser();
    let subject = "samlp|corp|\",\"status\":\"success\",\"x\":\"\\\u{2028}é😀";
    let claims = token::with(token::claims(world.now()), &json!({ "sub": subject }));
    let session = browser.begin(&token::sign(&claims));
    let claims = token::open(&browser.post(&format!("{session}/cancel"), "").parameter("token"), SECRET);
    assert_eq!((claims["sub"].as_str(), claims["status"].as_str()), (Some(subject), Some("canceled")));
    assert_eq!(claims.len(), 7, "{claims:?}");
}

#[test]
fn a_form_that_says_more_than_it_is_asked_changes_nothing_more() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("more"));
    let more = "status=success&outcome=success&sub=auth0%7Cother&tenant=other&idv_id=0&last_check=1&attempts=99";
    let page = browser.post(&format!("{session}/desk"), &format!("{more}&code=AAAA-AAAA-AAAA&{more}"));
    assert!(page.body.contains("4 attempts left"), "{}", page.body);
    let back = browser.post(&format!("{session}/cancel"), more);
    let claims = token::open(&back.parameter("token"), SECRET);
    assert_eq!((claims["sub"].as_str(), claims["status"].as_str()), (Some(SUBJECT), Some("canceled")));
    assert_eq!(world.app.store.subject(&subject(SUBJECT)).unwrap().unwrap().last_check, None);
}

#[test]
fn a_parameter_counts_in_its_own_place_alone() {
    let world = World::new();
    let mut browser = world.browser();
    let token = world.token("place");
    // A start's parameters are those of the query, not of a header, a cookie or a body.
    browser.cookies.extend([("token".to_owned(), token.clone()), ("state".to_owned(), "x".to_owned())]);
    browser.headers.extend([("token".to_owned(), token.clone()), ("state".to_owned(), "x".to_owned())]);
    assert_eq!(browser.get("/id-verification").status, StatusCode::BAD_REQUEST);
    assert_eq!(
        browser.send("GET", "/id-verification", &format!("token={token}&state=x")).status,
        StatusCode::BAD_REQUEST
    );
    // A form's is that of the body, not of the query.
    let session = browser.begin(&token);
    let code = world.issue();
    let page = browser.post(&format!("{session}/desk?code={code}"), "code=");
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Nor does a query turn a GET into a submission.
    assert_eq!(browser.get(&format!("{session}/desk?code={code}&_method=POST")).status, StatusCode::OK);
    assert_eq!(world.app.store.subject(&subject(SUBJECT)).unwrap(), None);
}

#[test]
fn what_a_proxy_could_say_of_a_request_is_not_believed() {
    let world = World::new();
    let claims: Vec<(String, String)> = [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-port", "1"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-real-ip", "203.0.113.9"),
        ("x-original-url", "/health"),
        ("x-rewrite-url", "/health"),
        ("x-http-method-override", "POST"),
        ("x-user-id", "auth0|other"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let (mut plain, mut claiming) = (world.browser(), world.browser());
    claiming.headers = claims;
    let (one, two) = (plain.start(&world.token("plain")), claiming.start(&world.token("claiming")));
    assert_eq!(one.status, two.status);
    let attributes =
        |page: &crate::support::browser::Page| page.header("set-cookie").unwrap().split_once(';').unwrap().1.to_owned();
    assert_eq!(attributes(&one), attributes(&two));
    let (one, two) = (one.location().to_owned(), two.location().to_owned());
    let page = claiming.get(&format!("{two}/desk"));
    assert_eq!(plain.get(&format!("{one}/desk")).body, page.body.replace(&two, &one));
    let back = claiming.post(&format!("{two}/cancel"), "");
    let claims = token::open(&back.parameter("token"), SECRET);
    assert_eq!((claims["iss"].as_str(), claims["sub"].as_str()), (Some("idv.example.test"), Some(SUBJECT)));
}

#[test]
fn an_operators_words_are_short_and_on_one_line() {
    let installation = Installation::new();
    let issue = |option: &str, words: &str| {
        installation.command(&["desk", "issue", "--tenant", TENANT, "--subject", SUBJECT, option, words])
    };
    for option in ["--note", "--by"] {
        for (words, told) in [
            ("", "has 1 to 500 bytes"),
            (&*"x".repeat(501), "has 1 to 500 bytes"),
            ("two\nlines", "nobody sees, \\u{a}"),
            ("a bell\u{7}", "nobody sees, \\u{7}"),
        ] {
            let output = issue(option, words);
            assert_eq!(output.status.code(), Some(1), "{option} {words:?}");
            assert!(String::from_utf8_lossy(&output.stderr).contains(told), "{output:?}");
        }
        assert!(issue(option, &"x".repeat(500)).status.success());
    }
}

#[test]
fn no_path_leads_to_a_file() {
    let world = World::new();
    for file in ["/etc/passwd", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")] {
        assert!(std::path::Path::new(file).exists(), "{file} is what those paths could mean");
    }
    for path in [
        "/.git/config",
        "/.git/HEAD",
        "/.env",
        "/idv.toml",
        "/Cargo.toml",
        "/assets",
        "/assets/",
        "/assets/.",
        "/assets/..",
        "/assets/../Cargo.toml",
        "/assets/../../../../etc/passwd",
        "/assets/%2e%2e%2fCargo.toml",
        "/assets/..%2f..%2fetc%2fpasswd",
        "/assets/..%5c..%5cCargo.toml",
        "/assets/idv.css",
        "/assets//etc/passwd",
        "//etc/passwd",
        "/../../etc/passwd",
        "/.well-known/../idv.toml",
        "/assets/%00",
    ] {
        let page = world.browser().get(path);
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!page.body.contains("root:") && !page.body.contains("[package]"), "{path}");
    }
}
