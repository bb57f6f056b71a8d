//! `POST /session/ID/desk`: the person types a code of the desk.

use std::thread;
use std::time::Duration;

use hyper::StatusCode;
use idv::store::record::Evidence;
use idv::verification::outcome::Status;

use crate::support::browser::Browser;
use crate::support::token::{self, SECRET, SUBJECT};
use crate::support::world::{POLICY, WRONG_CODE, World, subject};

fn answer(browser: &mut Browser, session: &str, code: &str) -> crate::support::browser::Page {
    let code: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
    browser.post(&format!("{session}/desk"), &format!("code={code}"))
}

fn checks(world: &World) -> Vec<idv::store::record::CheckRecord> {
    let record = world.app.store.subject(&subject(SUBJECT)).unwrap().unwrap();
    world.app.store.checks(&record, 100).unwrap()
}

#[test]
fn the_right_code_verifies_and_is_recorded_with_its_evidence() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("right"));
    let back = answer(&mut browser, &session, &world.issue());
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "success");
    let checks = checks(&world);
    assert_eq!(checks.len(), 1);
    assert_eq!((checks[0].status, checks[0].at.as_unix()), (Status::Success, world.now()));
    assert!(
        matches!(&checks[0].evidence, Evidence::Vouch(vouch) if vouch.by == "desk" && vouch.issued_at.as_unix() == world.now())
    );
}

#[test]
fn spaces_dashes_and_letter_case_are_forgiven() {
    let world = World::new();
    for (index, spell) in [
        |c: &str| c.to_lowercase(),
        |c: &str| c.replace('-', ""),
        |c: &str| format!("  {} ", c.replace('-', " – ")),
        |c: &str| c.replace('-', "\u{2011}"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut browser = world.browser();
        let session = browser.begin(&world.token(&index.to_string()));
        let code = world.issue();
        assert_eq!(answer(&mut browser, &session, &spell(&code)).status, StatusCode::SEE_OTHER, "{index}");
    }
}

#[test]
fn what_is_no_code_is_told_and_costs_no_attempt() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("typing"));
    for typed in ["", "AAAA", "AAAA-AAAA-AAAA-A", "AAAA-AAAA-AAA0", "<script>", "ÄÄÄÄ-AAAA-AAAA", &"A".repeat(5000)]
    {
        let page = answer(&mut browser, &session, typed);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(page.body.contains("role=\"alert\"") && page.body.contains("aria-invalid=\"true\""));
        assert!(!page.body.contains("AAAA"), "what was typed is not echoed");
    }
    assert!(answer(&mut browser, &session, WRONG_CODE).body.contains("4 attempts left"));
}

#[test]
fn wrong_codes_count_against_the_subject_across_sessions() {
    let world = World::new();
    let code = world.issue();
    for (index, left) in ["4 attempts left", "3 attempts left", "2 attempts left", "1 attempt left"].iter().enumerate()
    {
        let mut browser = world.browser();
        let session = browser.begin(&world.token(&index.to_string()));
        let page = answer(&mut browser, &session, WRONG_CODE);
        assert!(page.body.contains(left), "{left} in {}", page.body);
    }
    let mut browser = world.browser();
    let session = browser.begin(&world.token("last"));
    let back = answer(&mut browser, &session, WRONG_CODE);
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "failed");
    assert_eq!(checks(&world)[0].status, Status::Failed);
    // The code is dead, even for who has it.
    let session = browser.begin(&world.token("after"));
    assert_eq!(answer(&mut browser, &session, &code).status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn nobody_learns_whether_a_code_waits() {
    let (with, without) = (World::new(), World::new());
    with.issue();
    let mut pages = Vec::new();
    for world in [with, without] {
        let mut browser = world.browser();
        let session = browser.begin(&world.token("probe"));
        pages.push(
            (0..5).map(|_| answer(&mut browser, &session, WRONG_CODE).body.replace(&session, "")).collect::<Vec<_>>(),
        );
    }
    assert_eq!(pages[0], pages[1]);
}

#[test]
fn a_code_is_bound_to_its_subject() {
    let world = World::new();
    let code = world.issue_for("auth0|somebody-else");
    let mut browser = world.browser();
    let session = browser.begin(&world.token("bound"));
    assert_eq!(answer(&mut browser, &session, &code).status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_code_is_good_once() {
    let world = World::new();
    let code = world.issue();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("once"));
    assert_eq!(answer(&mut browser, &session, &code).status, StatusCode::SEE_OTHER);
    let session = browser.begin(&world.token("twice"));
    assert_eq!(answer(&mut browser, &session, &code).status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_code_is_good_until_the_instant_it_expires() {
    let world = World::new();
    let code = world.issue();
    world.pass(POLICY.code_lifetime);
    let mut browser = world.browser();
    let session = browser.begin(&world.token("late"));
    let page = answer(&mut browser, &session, &code);
    assert!(page.body.contains("This code has expired"), "{}", page.body);
    assert!(answer(&mut browser, &session, WRONG_CODE).body.contains("4 attempts left"), "and that cost no attempt");

    let code = world.issue();
    world.pass(POLICY.code_lifetime.checked_sub(Duration::from_secs(1)).unwrap());
    let session = browser.begin(&world.token("in time"));
    assert_eq!(answer(&mut browser, &session, &code).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_new_code_replaces_the_one_before_and_brings_all_attempts_back() {
    let world = World::new();
    let old = world.issue();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("replace"));
    for _ in 0..4 {
        answer(&mut browser, &session, WRONG_CODE);
    }
    let new = world.issue();
    assert!(answer(&mut browser, &session, &old).body.contains("4 attempts left"));
    assert_eq!(answer(&mut browser, &session, &new).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_wrong_code_claims_the_token_for_its_browser() {
    // Design: the first browser that acts wins.
    let world = World::new();
    let (mut first, mut second) = (world.browser(), world.browser());
    let token = world.token("claim");
    let (session, late) = (first.begin(&token), second.begin(&token));
    answer(&mut first, &session, WRONG_CODE);
    assert_eq!(second.get(&late).status, StatusCode::CONFLICT);
    assert_eq!(answer(&mut second, &late, &world.issue()).status, StatusCode::CONFLICT);
    assert_eq!(answer(&mut first, &session, &world.issue()).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_double_click_is_one_check_with_one_answer() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("double"));
    let code = world.issue();
    let (one, two) = (answer(&mut browser, &session, &code), answer(&mut browser, &session, &code));
    assert_eq!(one.location(), two.location());
    assert_eq!(checks(&world).len(), 1);
}

#[test]
fn many_submissions_at_once_are_one_check() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("race"));
    let code = world.issue();
    let answers: Vec<_> = thread::scope(|scope| {
        (0..32)
            .map(|_| {
                let mut tab = world.browser();
                tab.cookies.clone_from(&browser.cookies);
                let (session, code) = (session.clone(), code.clone());
                scope.spawn(move || answer(&mut tab, &session, &code).location().to_owned())
            })
            .collect::<Vec<_>>()
            .into_iter()
            .map(|submission| submission.join().unwrap())
            .collect()
    });
    assert!(answers.iter().all(|location| *location == answers[0]), "one answer");
    assert_eq!(checks(&world).len(), 1, "one check");
}

#[test]
fn many_browsers_with_one_token_are_one_success() {
    let world = World::new();
    let (token, code) = (world.token("many"), world.issue());
    let statuses: Vec<_> = thread::scope(|scope| {
        let browsers: Vec<_> = (0..32)
            .map(|_| {
                let mut browser = world.browser();
                let session = browser.begin(&token);
                (browser, session)
            })
            .collect();
        let submissions: Vec<_> = browsers
            .into_iter()
            .map(|(mut browser, session)| {
                let code = code.clone();
                scope.spawn(move || answer(&mut browser, &session, &code).status)
            })
            .collect();
        submissions.into_iter().map(|submission| submission.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::CONFLICT).count(), 31, "{statuses:?}");
    assert_eq!(checks(&world).len(), 1);
}

#[test]
fn what_is_not_a_small_form_is_refused() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("form"));
    assert_eq!(browser.post(&format!("{session}/desk"), &"x".repeat(8193)).status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(browser.send("PUT", &format!("{session}/desk"), "").status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        browser.get(&format!("{session}/simulated")).status,
        StatusCode::NOT_FOUND,
        "a trial's method is none here"
    );
    assert_eq!(browser.post(&format!("{session}/simulated"), "outcome=success").status, StatusCode::NOT_FOUND);
}
