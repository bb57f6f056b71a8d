//! One thing passed off as another (RFC 8725 §2.6 to §2.8, §3): tokens, results, cookies, tenants, installations, keys.
//!
//! Beside these stand the starts that are hostile by their form alone, in `hostile_starts`.

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD};
use hyper::StatusCode;
use idv::verification::result::rehearsal;
use idv::verification::tenant::{Tenant, Whereabouts};
use idv::verification::time::Timestamp;
use idv::verification::token::{TokenError, UntrustedToken};
use ring::hmac;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::figure;
use crate::support::token::{self, HEADER, SECRET, STATE, SUBJECT, TENANT};
use crate::support::world::{OTHER_SECRET, OTHER_TENANT, World, other_tenant, subject, tenant};

fn payload(world: &World, changes: &Value) -> String {
    Value::Object(token::with(token::claims(world.now()), changes)).to_string()
}

/// Starts with `token`, as it stands in a query. True if that led on or gave a cookie.
fn passes(world: &World, token: &str) -> bool {
    let token: String = form_urlencoded::byte_serialize(token.as_bytes()).collect::<String>().replace('+', "%20");
    let page = world.browser().start(&token);
    assert!(page.status == StatusCode::SEE_OTHER || page.status.is_client_error(), "{}", page.status);
    page.status == StatusCode::SEE_OTHER || page.header("set-cookie").is_some()
}

/// Goes through a login to its end. Returns the browser, the session's address and the result token.
fn concluded(world: &World, request: &str) -> (Browser, String, String) {
    let mut browser = world.browser();
    let session = browser.begin(request);
    let result = browser.post(&format!("{session}/cancel"), "").parameter("token");
    (browser, session, result)
}

/// Tokens whose tag is by the right secret, or nearly, and that are none of Auth0's.
fn forgeries(world: &World) -> Vec<(String, String)> {
    let good = world.token("forged");
    let (signed, tag) = good.rsplit_once('.').unwrap();
    let (header, body) = signed.split_once('.').unwrap();
    let raw = BASE64URL_NOPAD.decode(tag.as_bytes()).unwrap();
    let mut forgeries = Vec::new();
    let mut add = |name: &str, token: String| forgeries.push((name.to_owned(), token));
    for length in (0..=64).filter(|length| *length != 32) {
        let tag: Vec<_> = raw.iter().copied().cycle().take(length).collect();
        add(&format!("a tag of {length} bytes"), format!("{signed}.{}", BASE64URL_NOPAD.encode(&tag)));
    }
    for (name, algorithm) in [("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)] {
        let tag = hmac::sign(&hmac::Key::new(algorithm, SECRET), signed.as_bytes());
        add(
            &format!("a tag of {name}, the header says HS256"),
            format!("{signed}.{}", BASE64URL_NOPAD.encode(tag.as_ref())),
        );
        add(
            &format!("a tag of {name}, cut to 32 bytes"),
            format!("{signed}.{}", BASE64URL_NOPAD.encode(&tag.as_ref()[..32])),
        );
        let header = format!(r#"{{"alg":"{name}","typ":"JWT"}}"#);
        let signed = format!("{}.{body}", BASE64URL_NOPAD.encode(header.as_bytes()));
        let tag = hmac::sign(&hmac::Key::new(algorithm, SECRET), signed.as_bytes());
        add(name, format!("{signed}.{}", BASE64URL_NOPAD.encode(tag.as_ref())));
    }
    for bit in 0..256 {
        let mut tag = raw.clone();
        tag[bit / 8] ^= 1 << (bit % 8);
        add(&format!("bit {bit} of the tag flipped"), format!("{signed}.{}", BASE64URL_NOPAD.encode(&tag)));
    }
    for index in 0..body.len() {
        let other = if body.as_bytes()[index] == b'A' { "B" } else { "A" };
        add(
            &format!("letter {index} of the payload"),
            format!("{header}.{}{other}{}.{tag}", &body[..index], &body[index + 1..]),
        );
    }
    for (name, token) in [
        ("the payload is a token", token::sign_raw(HEADER, good.as_bytes(), SECRET)),
        ("a token in a token", token::sign_raw(r#"{"alg":"HS256","typ":"JWT","cty":"JWT"}"#, good.as_bytes(), SECRET)),
        ("a nested one in a claim", token::sign_raw(HEADER, json!({ "token": good }).to_string().as_bytes(), SECRET)),
        ("an encrypted token's five parts", format!("{header}.{body}.{tag}.{body}.{tag}")),
        ("JSON serialization", json!({ "protected": header, "payload": body, "signature": tag }).to_string()),
        ("two tokens", format!("{good} {good}")),
        ("the key is the tag of nothing", token::sign_parts(signed, b"")),
        ("the key is the tenant's name", token::sign_parts(signed, TENANT.as_bytes())),
        ("the key is the header", token::sign_parts(signed, HEADER.as_bytes())),
        ("the secret, then a line end", token::sign_parts(signed, &[SECRET, b"\n"].concat())),
        ("the secret in base64", token::sign_parts(signed, BASE64.encode(SECRET).as_bytes())),
        (
            "only the payload is signed",
            format!("{signed}.{}", token::sign_parts(body, SECRET).rsplit_once('.').unwrap().1),
        ),
        ("the decoded parts are signed", {
            let tag = token::sign_parts(&format!("{HEADER}.{}", payload(world, &json!({}))), SECRET);
            format!("{signed}.{}", tag.rsplit_once('.').unwrap().1)
        }),
    ] {
        add(name, token);
    }
    // The same bytes in another spelling, signed as they are spelled.
    for (name, header, body) in [
        ("a padded header", BASE64URL.encode(HEADER.as_bytes()) + "=", body.to_owned()),
        ("a padded payload", header.to_owned(), BASE64URL.encode(payload(world, &json!({"x": "?"})).as_bytes()) + "="),
        ("the other alphabet", header.to_owned(), BASE64.encode(payload(world, &json!({"x": "???>>>"})).as_bytes())),
        ("a line end in the payload", header.to_owned(), format!("{}\n{}", &body[..8], &body[8..])),
        ("a space in the header", format!("{} {}", &header[..8], &header[8..]), body.to_owned()),
        ("hex", header.to_owned(), data_encoding::HEXLOWER.encode(b"{}")),
        ("not encoded", header.to_owned(), payload(world, &json!({}))),
        ("empty", String::new(), String::new()),
    ] {
        add(name, token::sign_parts(&format!("{header}.{body}"), SECRET));
    }
    forgeries
}

/// Payloads that JSON readers disagree about, or that are nobody's, signed as they should be.
fn payloads(world: &World) -> Vec<(String, String)> {
    let now = world.now();
    let texts = [
        format!(r#"{{"iss":"{TENANT}","iss":"{OTHER_TENANT}","sub":"a","iat":{now},"exp":{}}}"#, now + 900),
        format!(r#"{{"iss":"{TENANT}","sub":"a","s\u0075b":"b","iat":{now},"exp":{}}}"#, now + 900),
        format!(r#"{{"iss":"{TENANT}","sub":"\ud800","iat":{now},"exp":{}}}"#, now + 900),
        format!(r#"{{"iss":"{TENANT}","sub":"a\u0000b","iat":{now},"exp":{}}}"#, now + 900),
        format!(r#"{{"iss":"{TENANT}","sub":"a","iat":{now}.0,"exp":{}}}"#, now + 900),
        format!(r#"{{"iss":"{TENANT}","sub":"a","iat":1.8e9,"exp":{}}}"#, now + 900),
        format!(r#"{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":NaN}}"#),
        format!(r#"{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":Infinity}}"#),
        format!(r#"{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":1e999}}"#),
        format!(r#"{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":0x7fffffff}}"#),
        format!(r#"{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":{}}} // x"#, now + 900),
        format!(r#"{{/*x*/"iss":"{TENANT}","sub":"a","iat":{now},"exp":{}}}"#, now + 900),
        format!(r#"[{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":{}}}]"#, now + 900),
        format!(r#"{{"iss":["{TENANT}"],"sub":"a","iat":{now},"exp":{}}}"#, now + 900),
        format!(r#"{{"iss":{{"x":"{TENANT}"}},"sub":"a","iat":{now},"exp":{}}}"#, now + 900),
        format!(r#"{{"ISS":"{TENANT}","sub":"a","iat":{now},"exp":{}}}"#, now + 900),
        format!(r#"{{"iss":"{TENANT}","SUB":"a","iat":{now},"exp":{}}}"#, now + 900),
        format!(r#"{{"__proto__":{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":{}}}}}"#, now + 900),
        format!(r#"{{"payload":{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":{}}}}}"#, now + 900),
        format!(r#"{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":{},"state":null}}"#, now + 900),
        format!(r#"{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":{},"state":{{}}}}"#, now + 900),
        format!(
            r#"{{"iss":"{TENANT}","sub":"a","iat":{now},"exp":{},"continue_uri":"https://{OTHER_TENANT}/continue"}}"#,
            now + 900
        ),
    ];
    texts.into_iter().map(|text| (text.clone(), token::sign_raw(HEADER, text.as_bytes(), SECRET))).collect()
}

#[test]
fn no_forgery_passes_for_a_request_token() {
    let world = World::with_tenants(vec![tenant(), other_tenant()]);
    let mut forged = forgeries(&world);
    forged.extend(payloads(&world));
    for (name, token) in &forged {
        assert!(!passes(&world, token), "{name}");
    }
    assert!(passes(&world, &world.token("forged")), "the one that was forged is good");
    figure::report(
        "attack-token-forgery",
        "forged request tokens: tags, encodings, nesting, JSON that readers disagree about",
        format!("{} tokens", forged.len()),
        format!("{} refused", forged.len()),
        "0 redirects, 0 cookies",
    );
}

#[test]
fn a_name_for_the_key_chooses_nothing() {
    // RFC 8725 §3.10: `kid` is a wish of whoever made the token.
    let world = World::with_tenants(vec![tenant(), other_tenant()]);
    for (index, kid) in
        ["../../../dev/null", "' OR 1=1 --", OTHER_TENANT, "https://evil.example/jwks", ""].iter().enumerate()
    {
        let header = json!({ "alg": "HS256", "typ": "JWT", "kid": kid }).to_string();
        let payload = payload(&world, &json!({ "jti": index }));
        assert!(
            passes(&world, &token::sign_raw(&header, payload.as_bytes(), SECRET)),
            "{kid}: by the tenant's own secret"
        );
        for secret in [OTHER_SECRET, b"", kid.as_bytes()] {
            assert!(!passes(&world, &token::sign_raw(&header, payload.as_bytes(), secret)), "{kid}");
        }
    }
}

#[test]
fn members_that_nobody_asked_for_change_nothing() {
    let world = World::new();
    let changes = json!({
        "SUB": "auth0|evil", "Sub": "auth0|evil", "user_id": "auth0|evil", "__proto__": { "sub": "auth0|evil" },
        "constructor": { "prototype": {} }, "return_to": "https://evil.example",
        "redirect_uri": "https://evil.example/continue", "status": "success", "last_check": 1,
    });
    let (_, _, result) = concluded(&world, &token::sign(&token::with(token::claims(world.now()), &changes)));
    let claims = token::open(&result, SECRET);
    assert_eq!((claims["sub"].as_str(), claims["status"].as_str()), (Some(SUBJECT), Some("canceled")));
    assert_eq!(claims.get("last_check"), None);
}

#[test]
fn a_token_for_a_named_audience_is_for_somebody_else() {
    let world = World::new();
    for audience in [json!("https://evil.example"), json!(["a", "b"]), json!("idv.example.test"), json!("")] {
        let token = token::sign_raw(HEADER, payload(&world, &json!({ "aud": audience })).as_bytes(), SECRET);
        assert!(!passes(&world, &token), "{audience}");
    }
}

#[test]
fn neither_tenants_token_or_result_passes_for_the_others() {
    let world = World::with_tenants(vec![tenant(), other_tenant()]);
    let ours = world.token("ours");
    let theirs = token::sign_raw(HEADER, payload(&world, &json!({ "iss": OTHER_TENANT })).as_bytes(), OTHER_SECRET);
    assert!(passes(&world, &ours) && passes(&world, &theirs));
    for (issuer, secret) in [(TENANT, OTHER_SECRET), (OTHER_TENANT, SECRET)] {
        let token = token::sign_raw(HEADER, payload(&world, &json!({ "iss": issuer })).as_bytes(), secret);
        assert!(!passes(&world, &token), "{issuer}");
    }
    let (_, _, our_result) = concluded(&world, &ours);
    let (_, _, their_result) = concluded(&world, &theirs);
    assert!(!passes(&world, &our_result) && !passes(&world, &their_result));
    token::open(&our_result, SECRET);
    token::open(&their_result, OTHER_SECRET);
    // The same user id at two tenants is two people.
    assert_ne!(token::open(&our_result, SECRET)["idv_id"], token::open(&their_result, OTHER_SECRET)["idv_id"]);
}

#[test]
fn a_request_token_never_passes_for_a_result() {
    // Contract 9: Auth0 takes a result only with a `state`, equal to its own.
    let world = World::new();
    let now = Timestamp::from_unix(world.now());
    let tenants = &world.app.tenants;
    let link = rehearsal::sign_request(tenants.by_domain(TENANT).unwrap(), &subject(SUBJECT), "one", now);
    assert!(passes(&world, &link));
    assert_eq!(token::open(&link, SECRET).get("state"), None);
    assert_eq!(token::open(&world.token("request"), SECRET).get("state"), None);
}

#[test]
fn a_result_is_for_its_own_state_and_says_who_made_it() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.get(&format!("/id-verification?token={}&state=another", world.token("state")));
    let back = browser.post(&format!("{}/cancel", page.location()), "");
    let claims = token::open(&back.parameter("token"), SECRET);
    assert_eq!((claims["state"].as_str(), claims["iss"].as_str()), (Some("another"), Some("idv.example.test")));
    assert_eq!(back.parameter("state"), "another");
    assert!(!world.app.tenants.iter().flat_map(Tenant::hosts).any(|host| host.as_str() == claims["iss"]));
}

#[test]
fn a_cookie_is_no_token_and_a_token_is_no_cookie() {
    let world = World::new();
    let request = world.token("cookie");
    let (mut browser, session, result) = concluded(&world, &request);
    let (name, cookie) = browser.cookies.iter().next().map(|(name, value)| (name.clone(), value.clone())).unwrap();
    assert!(!passes(&world, &cookie));
    assert!(!passes(&world, &format!("{cookie}.{cookie}.{cookie}")));
    for value in [request, result, STATE.to_owned(), session.replace("/session/", "")] {
        browser.cookies.insert(name.clone(), value);
        assert_eq!(browser.get(&session).status, StatusCode::BAD_REQUEST);
    }
}

#[test]
fn a_session_of_another_installation_or_of_a_trial_is_none_here() {
    // The same tenant with the same secret, as when somebody tries the product beside the real one.
    let world = World::new();
    let trial =
        World::with_tenant(Tenant { whereabouts: Whereabouts::Loopback("http://localhost:8000".into()), ..tenant() });
    let request = world.token("elsewhere");
    let (mut here, mut there) = (world.browser(), trial.browser());
    let (session, other) = (here.begin(&request), there.begin(&request));
    std::mem::swap(&mut here.cookies, &mut there.cookies);
    assert_eq!(here.get(&other).status, StatusCode::BAD_REQUEST);
    assert_eq!(there.get(&session).status, StatusCode::BAD_REQUEST);
    // Nor does the name of a cookie that any neighbour can set for this host.
    let name = session.replace("/session/", "__Host-idv-");
    let value = there.cookies.remove(&name).unwrap();
    here.cookies = [(session.replace("/session/", "idv-"), value.clone())].into();
    assert_eq!(here.get(&session).status, StatusCode::BAD_REQUEST);
    here.cookies = [(name, value)].into();
    assert_eq!(here.get(&session).status, StatusCode::OK);
}

#[test]
fn a_trials_token_is_none_here() {
    let world = World::new();
    for secret in [BASE64URL_NOPAD.encode(&[7; 32]).into_bytes(), OTHER_SECRET.to_vec()] {
        assert!(!passes(&world, &token::sign_raw(HEADER, payload(&world, &json!({})).as_bytes(), &secret)));
    }
    for issuer in ["localhost", "localhost:8000", "127.0.0.1", idv::auth0::trial::model::DOMAIN] {
        assert!(!passes(&world, &token::sign(&token::with(token::claims(world.now()), &json!({ "iss": issuer })))));
    }
}

#[test]
fn a_token_counts_in_the_query_of_a_start_and_nowhere_else() {
    let world = World::new();
    let request = world.token("place");
    let mut browser = world.browser();
    browser.headers.push(("authorization".into(), format!("Bearer {request}")));
    browser.cookies.extend([("token".to_owned(), request.clone()), ("state".to_owned(), STATE.to_owned())]);
    assert_eq!(browser.get("/id-verification").status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get(&format!("/id-verification?state={STATE}#token={request}")).status, StatusCode::BAD_REQUEST);
    let body = format!("token={request}&state={STATE}");
    assert_eq!(browser.post("/id-verification", &body).status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(browser.get(&format!("/?{body}")).header("set-cookie"), None);
}

#[test]
fn nothing_of_a_token_is_left_once_the_person_is_on_the_page() {
    let world = World::new();
    let request = world.token("clean");
    let mut browser = world.browser();
    let start = browser.start(&request);
    assert_eq!((start.status, start.body.as_str()), (StatusCode::SEE_OTHER, ""));
    let (cookie, session) = (start.header("set-cookie").unwrap().to_owned(), start.location().to_owned());
    let pages = [browser.get(&session), browser.post(&format!("{session}/desk"), "code=x"), browser.start("x.y.z")];
    for page in std::iter::once(start).chain(pages) {
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        let place = page.header("location").unwrap_or_default();
        let parts = request.split('.').chain([STATE, SUBJECT, "65f0c0ffee"]);
        for part in parts {
            assert!(!page.body.contains(part) && !place.contains(part) && !cookie.contains(part), "{part}");
        }
    }
    assert_eq!(session.len(), "/session/".len() + 22, "an address and nothing else");
    assert_eq!(world.app.store.subject(&subject(SUBJECT)), Ok(None), "and nothing is written before they act");
}

#[test]
fn the_host_of_an_authentic_token_that_is_on_no_list_is_known_and_that_of_a_forged_one_is_not() {
    // The log said no more than that the issuer is on nobody's list; nothing named the custom domain that was missing.
    let world = World::with_tenants(vec![tenant(), other_tenant()]);
    let check = |changes: &Value, secret: &[u8]| {
        let token = token::sign_raw(HEADER, payload(&world, changes).as_bytes(), secret);
        let parsed = || UntrustedToken::parse(&token).unwrap();
        let refused = parsed().authenticate(&world.app.tenants, world.app.clock.now()).unwrap_err();
        (refused, parsed().unlisted_issuer(&world.app.tenants))
    };
    let host = |name: &str| name.to_owned().try_into().unwrap();
    let unlisted = |name: &str, tenant: &str| TokenError::UnlistedHost { host: host(name), tenant: host(tenant) };
    let new = json!({ "iss": "login.acme-new.test" });
    assert_eq!(check(&new, SECRET), (TokenError::Issuer, Some(unlisted("login.acme-new.test", TENANT))));
    assert_eq!(check(&new, OTHER_SECRET), (TokenError::Issuer, Some(unlisted("login.acme-new.test", OTHER_TENANT))));
    assert_eq!(check(&new, &[9; 32]), (TokenError::Issuer, None), "anybody's");
    for issuer in ["Login.acme.test", "https://login.acme.test/", "acme\nx.test", "", &"a.".repeat(200)] {
        assert_eq!(check(&json!({ "iss": issuer }), SECRET), (TokenError::Issuer, None), "{issuer}: no name of a host");
    }
    let result = json!({ "iss": "idv.example.test", "state": STATE });
    assert_eq!(check(&result, SECRET), (TokenError::Issuer, None), "no request");
    assert_eq!(check(&json!({ "iss": OTHER_TENANT }), SECRET), (TokenError::Signature, None), "the other tenant's");

    let elsewhere = json!({ "continue_uri": "https://login.acme-new.test/continue" });
    assert_eq!(check(&elsewhere, SECRET).0, unlisted("login.acme-new.test", TENANT));
    assert_eq!(check(&elsewhere, &[9; 32]).0, TokenError::Signature);
    for address in ["https://login.acme-new.test/", "https://a@b.test/continue", "x", "https:///continue"] {
        assert_eq!(
            check(&json!({ "continue_uri": address }), SECRET).0,
            TokenError::Claim("continue_uri"),
            "{address}"
        );
    }
}
