//! A clock that is wrong: set back or ahead while logins are under way, and then right again.

use std::time::Duration;

use hyper::StatusCode;
use idv::verification::outcome::Status;
use idv::verification::spent::Use;
use idv::verification::time::Timestamp;
use idv::verification::token::UntrustedToken;
use serde_json::json;

use crate::support::browser::Page;
use crate::support::figure;
use crate::support::token::{self, SECRET, SUBJECT};
use crate::support::world::{BEGINNING, POLICY, World, block_on, subject, tenant};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// How wrong the clock is, in seconds: around every boundary of a token's and a session's life and of what is kept.
const OFFSETS: [i64; 35] = [
    -365 * DAY,
    -DAY - 1,
    -DAY,
    -HOUR - 61,
    -HOUR - 60,
    -HOUR - 1,
    -HOUR,
    -HOUR + 1,
    -961,
    -960,
    -901,
    -900,
    -61,
    -60,
    -1,
    0,
    1,
    60,
    61,
    899,
    900,
    959,
    960,
    961,
    HOUR,
    HOUR + 59,
    HOUR + 60,
    HOUR + 61,
    DAY,
    DAY + 1,
    25 * HOUR,
    27 * HOUR,
    28 * HOUR,
    31 * DAY,
    365 * DAY,
];
const AGES: [u64; 14] = [0, 1, 59, 60, 61, 899, 900, 959, 960, 961, 3599, 3600, 3660, 4559];
/// The life of a token in these tests, with the leeway, in seconds.
const LIFE: u64 = 900 + 60;

fn wrong_by(offset: i64) -> u64 {
    BEGINNING.checked_add_signed(offset).unwrap()
}

/// A token that Auth0 made `age` seconds ago by the right time.
fn made_ago(age: u64, name: &str) -> String {
    token::sign(&token::with(token::claims(BEGINNING - age), &json!({ "jti": name, "sub": format!("auth0|{name}") })))
}

/// Sweeps until nothing is left to forget. Returns how much that was.
fn sweep(world: &World) -> usize {
    let done = || block_on(world.app.store.sweep(world.app.clock.now())).unwrap();
    std::iter::from_fn(|| Some(done()).filter(|done| *done > 0)).sum()
}

fn type_code(world: &World, name: &str, code: &str) -> Page {
    let mut browser = world.browser();
    let session = browser.begin(&world.token(name));
    browser.post(&format!("{session}/desk"), &format!("code={code}"))
}

#[test]
fn a_token_is_never_good_after_its_end_by_the_clock_of_the_moment_nor_is_a_result_of_one_by_the_right_clock() {
    let world = World::new();
    let (mut tried, mut accepted) = (0, 0);
    for offset in OFFSETS {
        world.set_clock(wrong_by(offset));
        for age in AGES {
            let mut browser = world.browser();
            let page = browser.start(&made_ago(age, &format!("{offset}-{age}")));
            let is_good = (BEGINNING - age - 60..BEGINNING - age + LIFE).contains(&world.now());
            assert_eq!(page.status == StatusCode::SEE_OTHER, is_good, "{offset} s wrong, a token of {age} s");
            tried += 1;
            // Only a clock that is behind takes a token that has ended by the right time. What comes of it has ended too,
            // where the difference is more than a result lives.
            if is_good && age >= LIFE && offset < -300 {
                let back = browser.post(&format!("{}/cancel", page.location()), "");
                let result = token::open(&back.parameter("token"), SECRET);
                assert!(result["exp"].as_u64().unwrap() < BEGINNING, "{offset} s wrong, a token of {age} s");
                accepted += 1;
            }
        }
    }
    assert!(accepted > 0, "the case exists");
    figure::report(
        "fault-clock",
        "the clock wrong by a second to a year, back and ahead",
        format!("{tried} starts at {} offsets", OFFSETS.len()),
        "0 after the token's end",
        format!("of {accepted} taken by a clock behind, 0 results that Auth0 takes"),
    );
}

#[test]
fn a_used_token_is_never_taken_again_nor_forgotten_too_early_whatever_the_clock_did() {
    let mut replays = 0;
    for offset in OFFSETS {
        let world = World::new();
        let used = world.token("used");
        let mut browser = world.browser();
        let session = browser.begin(&used);
        browser.post(&format!("{session}/cancel"), "");
        for clock in [wrong_by(offset), BEGINNING, BEGINNING + LIFE - 1, wrong_by(-HOUR), BEGINNING + 1] {
            world.set_clock(clock);
            assert_eq!(sweep(&world), 0, "nothing is a day old by the right time");
            assert_ne!(world.browser().start(&used).status, StatusCode::SEE_OTHER, "{offset} s wrong, then {clock}");
            replays += 1;
        }
        assert_eq!(world.browser().start(&used).status, StatusCode::CONFLICT, "right again, and still used");
    }
    figure::report(
        "fault-clock-replay",
        "a used token once more, after sweeps by a wrong clock",
        format!("{replays} replays"),
        "0 taken",
        "0 forgotten early",
    );
}

#[test]
fn a_used_token_stays_used_when_the_leeway_is_configured_anew() {
    // Spent tokens were filed under an instant that the leeway was part of.
    let world = World::new();
    let used = world.token("leeway");
    let mut browser = world.browser();
    let session = browser.begin(&used);
    browser.post(&format!("{session}/cancel"), "");
    drop(browser);
    let world =
        world.restarted_with(idv::verification::tenant::Tenant { clock_leeway: Duration::from_mins(5), ..tenant() });
    assert_eq!(world.browser().start(&used).status, StatusCode::CONFLICT);
}

#[test]
fn a_session_waits_for_a_clock_that_was_set_back_or_ahead_and_loses_nothing() {
    for (offset, status) in [
        (-61, StatusCode::SERVICE_UNAVAILABLE),
        (-HOUR, StatusCode::SERVICE_UNAVAILABLE),
        (-365 * DAY, StatusCode::SERVICE_UNAVAILABLE),
        (HOUR + 60, StatusCode::GONE),
        (DAY, StatusCode::GONE),
        (365 * DAY, StatusCode::GONE),
    ] {
        let world = World::new();
        let mut browser = world.browser();
        let request = world.token("waits");
        let session = browser.begin(&request);
        let code = world.issue();
        world.set_clock(wrong_by(offset));
        for page in [
            browser.get(&session),
            browser.get(&format!("{session}/desk")),
            browser.get(&format!("{session}/return")),
            browser.post(&format!("{session}/desk"), &format!("code={code}")),
            browser.post(&format!("{session}/cancel"), ""),
        ] {
            assert_eq!(page.status, status, "{offset}");
            assert_eq!(page.header("retry-after").is_some(), offset < 0);
        }
        let authentic =
            UntrustedToken::parse(&request).unwrap().authenticate(&world.app.tenants, Timestamp::from_unix(BEGINNING));
        let id = authentic.unwrap().token_id;
        assert_eq!(world.app.store.token_use(Timestamp::from_unix(BEGINNING), id), Ok(Use::Unused));
        world.set_clock(BEGINNING + 1);
        let back = browser.post(&format!("{session}/desk"), &format!("code={code}"));
        assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "success", "{offset}");
        let last = world.app.store.subject(&subject(SUBJECT)).unwrap().unwrap().last_check.unwrap();
        assert_eq!((last.status, last.at.as_unix()), (Status::Success, BEGINNING + 1), "at the right time");
    }
}

#[test]
fn a_session_lives_on_within_the_leeway() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("leeway"));
    world.set_clock(wrong_by(-60));
    assert_eq!(browser.get(&session).status, StatusCode::OK);
}

#[test]
fn a_code_of_the_right_clock_loses_nothing_while_the_clock_is_wrong() {
    let lifetime = POLICY.code_lifetime.as_secs();
    for offset in OFFSETS {
        for (left, status) in [(lifetime - 1, StatusCode::SEE_OTHER), (lifetime, StatusCode::UNPROCESSABLE_ENTITY)] {
            let world = World::new();
            let code = world.issue();
            world.set_clock(wrong_by(offset));
            assert_eq!(sweep(&world), 0, "{offset}");
            world.set_clock(BEGINNING + left);
            assert_eq!(type_code(&world, "right", &code).status, status, "{offset} s wrong, {left} s later");
        }
    }
}

#[test]
fn a_check_by_a_clock_that_was_ahead_does_not_hide_those_after_it() {
    let world = World::new();
    world.set_clock(wrong_by(600));
    let code = world.issue();
    let ahead = token::sign(&token::with(token::claims(BEGINNING), &json!({ "jti": "ahead" })));
    let mut browser = world.browser();
    let session = browser.begin(&ahead);
    browser.post(&format!("{session}/desk"), &format!("code={code}"));
    world.set_clock(BEGINNING + 60);
    let code = world.issue();
    assert_eq!(type_code(&world, "right", &code).status, StatusCode::SEE_OTHER);
    let record = world.app.store.subject(&subject(SUBJECT)).unwrap().unwrap();
    let times: Vec<_> = world.app.store.checks(&record, 10).unwrap().iter().map(|check| check.at.as_unix()).collect();
    assert_eq!(times, [BEGINNING + 60, BEGINNING + 600], "in the order in which they were made");
    assert_eq!(record.last_check.unwrap().at.as_unix(), BEGINNING + 60);
}

#[test]
fn no_timeout_of_the_server_knows_the_time_of_day() {
    // Tokio's timers are monotonic; what has no clock at hand cannot be misled by one.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let web = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    files.extend(["form.rs", "terms.rs"].map(|file| web.join(file)));
    assert!(files.len() > 4);
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        for word in ["Clock", "Timestamp", "SystemTime", "clock.now"] {
            assert!(!source.contains(word), "{word} in {}", file.display());
        }
    }
}

const CLOCK: &str = "The clock of this service seems to be wrong";

#[test]
fn a_clock_that_is_behind_says_so_on_the_page_where_that_is_known() {
    // It said that the link does not work.
    let world = World::new();
    let start = |changes: &serde_json::Value, secret: &[u8]| {
        let claims = token::with(token::claims(BEGINNING), changes);
        let payload = serde_json::Value::Object(claims).to_string();
        world.browser().start(&token::sign_raw(token::HEADER, payload.as_bytes(), secret))
    };
    let ahead = |by: u64| json!({ "jti": by, "iat": BEGINNING + by, "exp": BEGINNING + by + 900 });
    for change in [ahead(61), ahead(3600), json!({ "nbf": BEGINNING + 61 })] {
        let page = start(&change, SECRET);
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert!(page.body.contains(CLOCK) && page.body.contains("Reference for support"), "{change}: {}", page.body);
        world.app.noise.tell();
        assert!(!start(&change, &[9; 32]).body.contains(CLOCK), "{change}: nobody's word");
    }
    assert_eq!(start(&ahead(60), SECRET).status, StatusCode::SEE_OTHER, "within the leeway");
    let old = start(&json!({ "iat": BEGINNING - 960, "exp": BEGINNING - 60 }), SECRET);
    assert!(old.body.contains("This login took too long"), "{}", old.body);
    let mut browser = world.browser();
    let session = browser.begin(&world.token("session"));
    world.set_clock(BEGINNING - 61);
    for page in [browser.get(&session), browser.post(&format!("{session}/cancel"), "")] {
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.body.contains(CLOCK), "{}", page.body);
    }
}

/// By session, and without end while something was wrong with the clock or the disk, one person wrote more lines than the
/// journal takes, and it lost those of others.
#[test]
fn one_person_has_no_more_lines_in_the_log_by_many_sessions() {
    let world = World::new();
    let mut browser = world.browser();
    let sessions: Vec<_> = (0..5).map(|n| browser.begin(&world.token(&format!("session {n}")))).collect();
    let mut with_line = |act: &str| {
        let asked = sessions.iter().flat_map(|session| std::iter::repeat_n(format!("{session}{act}"), 40));
        asked.filter(|path| browser.send("GET", path, "").body.contains("Reference for support")).count()
    };
    assert_eq!(with_line("/cancel"), 60, "a method that is none");
    world.set_clock(BEGINNING - 61);
    (0..30).for_each(|_| world.app.noise.tell());
    assert_eq!(with_line(""), 30, "half a minute later, with a clock that is behind");
    world.set_clock(BEGINNING);
    let claims = token::with(token::claims(BEGINNING), &json!({ "sub": "auth0|another", "jti": "another" }));
    let mut other = world.browser();
    let session = other.begin(&token::sign(&claims));
    let page = other.send("GET", &format!("{session}/cancel"), "");
    assert!(page.body.contains("Reference for support"), "another person has lines of their own");
}

#[test]
fn by_how_much_the_clock_and_a_token_differ_is_known() {
    let world = World::new();
    let check = |iat: u64, exp: u64| {
        let token = token::sign(&token::with(token::claims(0), &json!({ "iat": iat, "exp": exp })));
        let checked = UntrustedToken::parse(&token).unwrap().authenticate(&world.app.tenants, world.app.clock.now());
        checked.map(|request| request.issued_at.as_unix()).map_err(|error| error.to_string())
    };
    assert_eq!(check(BEGINNING + 60, BEGINNING + 61), Ok(BEGINNING + 60));
    let behind = check(BEGINNING + 61, BEGINNING + 900).unwrap_err();
    assert_eq!(behind, "the token is valid 61 s from now by this machine's clock, which is behind; set it right");
    assert_eq!(check(BEGINNING - 959, BEGINNING - 59), Ok(BEGINNING - 959));
    let late = check(BEGINNING - 960, BEGINNING - 60).unwrap_err();
    assert_eq!(late, "the token expired 60 s ago by this machine's clock");
    // A login lives an hour, whatever its token says.
    assert!(check(BEGINNING - 3659, BEGINNING + 9000).is_ok());
    assert_eq!(check(BEGINNING - 3660, BEGINNING + 9000).unwrap_err(), late);
}
