//! Sample eID: who is verified by the trial's own provider, and what comes of everything that its page lets go wrong.

use std::time::Duration;
use std::{fs, thread};

use serde_json::{Value, json};

use super::{Page, Trial, claims, status};

/// What a person answers on the provider's page.
const ADA: &str = "answer=confirm&holder=0&level=high";
const CHARLES: &str = "answer=confirm&holder=1&level=high";

impl Trial {
    /// From idv's page of `session` to the provider's; what it asks there.
    fn ask_eid(&mut self, session: &str) -> String {
        let asked = self.send("POST", &format!("{session}/oidc/sample"), "continue=1");
        let (address, page) = self.follow(asked);
        assert!(address.starts_with(&format!("{}/eid/authorize?", self.origin)), "{address}: {}", page.body);
        page.body.split_once("name=\"request_uri\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
    }

    /// The same, and back with an answer: to a page of idv, or to the application.
    fn by_eid(&mut self, session: &str, answer: &str) -> (String, Page) {
        let request_uri = self.ask_eid(session);
        let answered = self.send("POST", "/eid/authorize", &format!("request_uri={request_uri}&{answer}"));
        self.follow(answered)
    }
}

/// What the timeline of a result page tells, without its markup.
fn timeline(page: &Page) -> String {
    page.body.split_once("What happened</h2>").unwrap().1.replace("&#34;", "\"")
}

#[test]
fn a_person_is_verified_by_the_sample_eid_and_the_timeline_tells_how() {
    let mut trial = Trial::start(&[]);
    let (session, page) = trial.log_in("payroll", 0);
    assert!(page.body.contains("/oidc/sample\">Continue with \u{2068}Sample eID\u{2069}</a>"), "{}", page.body);
    let request_uri = trial.ask_eid(&session);
    let answered = trial.send("POST", "/eid/authorize", &format!("request_uri={request_uri}&{ADA}"));
    let back = answered.location.clone().unwrap();
    let (_, page) = trial.follow(answered);
    let claims = claims(&page);
    assert_eq!(claims["https://id-verification/status"], "valid");
    assert_eq!(claims["https://id-verification/method"], "oidc:sample");
    let timeline = timeline(&page);
    let told = [
        "idv pushes a request to Sample eID",
        "\"code_challenge_method\": \"S256\"",
        "You are Ada Lovelace there, at the level high",
        "\"alg\": \"ES256\"",
        "\"birthdate\": \"1815-12-10\"",
        "idv checks the ID token",
        "\"status\": \"success\"",
        "The browser is back at /continue",
    ];
    let places: Vec<_> =
        told.iter().map(|what| timeline.find(what).unwrap_or_else(|| panic!("{what}: {timeline}"))).collect();
    assert!(places.is_sorted(), "in the order in which it happened: {places:?}");
    let (_, code) = back.split_once("?code=").unwrap();
    assert!(!page.body.contains(code.split_once('&').unwrap().0), "a code is for idv alone");
    let evidence = timeline.split_once("idv checks the ID token").unwrap().1.split_once("</pre>").unwrap().0;
    assert!(!evidence.contains("Lovelace") && !evidence.contains("eid-"), "{evidence}");
}

#[test]
fn a_level_below_what_is_asked_verifies_nobody_and_leaves_the_login_open() {
    let mut trial = Trial::start(&[]);
    let (session, _) = trial.log_in("payroll", 0);
    let (address, page) = trial.by_eid(&session, "answer=confirm&holder=0&level=substantial");
    assert_eq!(address, format!("{session}/oidc/sample?notice=level"));
    assert!(page.body.contains("less certain than is needed here"), "{}", page.body);
    let (_, page) = trial.by_eid(&session, ADA);
    assert_eq!(status(&page), "valid");
    assert!(timeline(&page).contains("at the level substantial"), "the first time is told of too");
}

#[test]
fn who_refuses_at_the_sample_eid_chooses_anew() {
    let mut trial = Trial::start(&[]);
    let (session, _) = trial.log_in("payroll", 0);
    let (address, page) = trial.by_eid(&session, "answer=refuse");
    assert_eq!(address, format!("{session}/oidc/sample?notice=denied"));
    assert!(page.body.contains("did not confirm who you are"), "{}", page.body);
    assert_eq!(status(&trial.act(&session, "simulated", "outcome=success")), "valid");
}

#[test]
fn a_broken_signature_is_the_providers_fault_and_has_its_line_in_the_log() {
    let directory = tempfile::TempDir::new().unwrap();
    let log = directory.path().join("log");
    let mut trial = Trial::start_with_log(&[], fs::File::create(&log).unwrap().into());
    let (session, _) = trial.log_in("payroll", 0);
    let (address, page) = trial.by_eid(&session, &format!("{ADA}&is_broken=true"));
    assert_eq!(address, format!("{session}/oidc/sample?notice=broken"));
    assert!(page.body.contains("It is not your fault"), "{}", page.body);
    let read = || fs::read_to_string(&log).unwrap();
    // A thread of its own writes the log.
    let is_told = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(20));
        read().contains("id_token_signature")
    });
    let told = read();
    assert!(is_told, "{told}");
    let line: Value =
        serde_json::from_str(told.lines().find(|line| line.contains("id_token_signature")).unwrap()).unwrap();
    assert_eq!((&line["level"], &line["method"]), (&json!("ERROR"), &json!("oidc:sample")), "{line}");
    assert!(!told.contains("Lovelace") && !told.contains("eid-"), "{told}");
}

#[test]
fn another_person_than_last_time_is_a_conflict_until_the_operator_unbinds() {
    let mut trial = Trial::start(&[]);
    let log_in_by_eid = |trial: &mut Trial, answer| {
        trial.send("POST", "/person", "person=0&change=forget");
        let (session, _) = trial.log_in("newsroom", 0);
        trial.by_eid(&session, answer).1
    };
    assert_eq!(status(&log_in_by_eid(&mut trial, ADA)), "valid");
    let page = log_in_by_eid(&mut trial, CHARLES);
    assert_eq!(status(&page), "failed");
    assert!(timeline(&page).contains("\"conflict\": \"other_person\""), "{}", timeline(&page));
    let desk = trial.send("GET", "/operator", "");
    assert_eq!(desk.body.matches("Unbind ").count(), 1, "{}", desk.body);
    let unbound = trial.send("POST", "/operator", "person=0&decision=unbind");
    assert!(!trial.follow(unbound).1.body.contains("Unbind "));
    assert_eq!(status(&log_in_by_eid(&mut trial, CHARLES)), "valid");
}

#[test]
fn one_person_for_two_accounts_is_a_conflict() {
    let mut trial = Trial::start(&[]);
    let (session, _) = trial.log_in("newsroom", 0);
    assert_eq!(status(&trial.by_eid(&session, ADA).1), "valid");
    let (session, _) = trial.log_in("newsroom", 1);
    let (_, page) = trial.by_eid(&session, ADA);
    assert_eq!(status(&page), "failed");
    assert!(timeline(&page).contains("\"conflict\": \"identity_in_use\""), "{}", timeline(&page));
}

#[test]
fn what_was_answered_at_the_sample_eid_is_asked_no_more() {
    let mut trial = Trial::start(&[]);
    let (session, _) = trial.log_in("payroll", 0);
    let request_uri = trial.ask_eid(&session);
    let answer = format!("request_uri={request_uri}&{ADA}");
    assert_eq!(trial.send("POST", "/eid/authorize", &answer).status, 303);
    let again = trial.send("POST", "/eid/authorize", &answer);
    assert_eq!(again.status, 400, "{}", again.body);
    assert_eq!(trial.send("GET", &format!("/eid/authorize?request_uri={request_uri}"), "").status, 400);
    for nobody in ["answer=confirm&holder=3&level=high", "answer=confirm&holder=0&level=low", "answer=", ""] {
        let request_uri = trial.ask_eid(&session);
        let page = trial.send("POST", "/eid/authorize", &format!("request_uri={request_uri}&{nobody}"));
        assert_eq!(page.status, 404, "{nobody}");
    }
}

#[test]
fn an_application_may_take_the_sample_eid_and_not_the_desk() {
    let mut trial = Trial::start(&[]);
    let (session, page) = trial.log_in("vault", 2);
    assert!(page.body.contains("/oidc/sample\"") && !page.body.contains("/desk\""), "{}", page.body);
    let (_, page) = trial.by_eid(&session, ADA);
    assert_eq!(
        (status(&page), &claims(&page)["https://id-verification/method"]),
        (json!("valid"), &json!("oidc:sample"))
    );
}
