//! V3: who has a case to themselves, and for how long.

use std::time::Duration;

use hyper::StatusCode;

use crate::support::cases::Cases;

const SECOND: Duration = Duration::from_secs(1);
const CLAIM: Duration = Duration::from_mins(15);
const ALMOST: Duration = Duration::from_secs(15 * 60 - 1);

#[test]
fn a_claim_ends_after_fifteen_minutes_to_the_second_and_every_act_prolongs_it() {
    let cases = Cases::new();
    cases.send(1);
    let (mut rita, mut rob) = (cases.reviewer("rita"), cases.reviewer("zora"));
    assert_eq!(rita.post("/case/1/claim", "").location(), "/case/1");
    cases.pass(ALMOST);
    let refused = rob.post("/case/1/claim", "");
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let since = "since \u{2068}2027-01-15 08:00 UTC\u{2069}";
    assert!(refused.body.contains("rita") && refused.body.contains(since), "{}", refused.body);
    assert_eq!(rita.post("/case/1/claim", "").location(), "/case/1", "her own second tab");
    cases.pass(ALMOST);
    assert_eq!(rob.post("/case/1/claim", "").status, StatusCode::CONFLICT, "she acted");
    assert_eq!(rita.post("/case/1/turn", "turn=front").location(), "/case/1");
    cases.pass(ALMOST);
    assert_eq!(rob.post("/case/1/claim", "").status, StatusCode::CONFLICT, "she turned a picture");
    cases.pass(SECOND);
    assert_eq!(rob.post("/case/1/claim", "").location(), "/case/1", "it is over");
    let late = rita.post("/case/1/verdict", &cases.approval(1));
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("zora"), "{}", late.body);
    assert_eq!(cases.is_decided(1), None);
}

#[test]
fn what_was_ticked_outlives_a_claim_and_comes_back_with_the_next() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    cases.pass(CLAIM);
    let late = rita.post("/case/1/verdict", &format!("{}&note=a+note", cases.approval(1)));
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("name=\"note\" value=\"a note\""), "{}", late.body);
    assert!(!late.body.contains("<img"), "pictures are for who has the case");
    let again = rita.post("/case/1/claim", &format!("{}&note=a+note", cases.approval(1)));
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.body.contains(">a note</textarea>"), "{}", again.body);
    assert!(again.body.contains("value=\"approve\" checked"), "{}", again.body);
    assert_eq!(rita.post("/case/1/verdict", &cases.approval(1)).location(), "/");
    assert_eq!(cases.is_decided(1), Some(true));
}

#[test]
fn who_lets_a_case_go_has_it_no_more_and_a_supervisor_may_take_one_over() {
    let cases = Cases::new();
    cases.send(1);
    let (mut rita, mut rob, mut susan) = (cases.reviewer("rita"), cases.reviewer("zora"), cases.supervisor("susan"));
    rita.post("/case/1/claim", "");
    assert_eq!(rob.post("/case/1/release", "").status, StatusCode::CONFLICT);
    assert_eq!(rob.post("/case/1/claim", "take_over=yes").status, StatusCode::CONFLICT, "reviewers do not");
    assert_eq!(susan.post("/case/1/claim", "").status, StatusCode::CONFLICT, "not by accident");
    assert_eq!(susan.post("/case/1/claim", "take_over=yes").location(), "/case/1");
    assert_eq!(rita.post("/case/1/verdict", &cases.approval(1)).status, StatusCode::CONFLICT);
    assert_eq!(susan.post("/case/1/release", "").location(), "/");
    assert_eq!(rob.post("/case/1/claim", "").location(), "/case/1");
    assert_eq!(cases.is_decided(1), None);
}

#[test]
fn of_sixty_four_verdicts_at_once_one_counts() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let (approval, rejection) = (cases.approval(1), cases.rejection(1));
    let given = std::thread::scope(|scope| {
        let tabs: Vec<_> = (0..64)
            .map(|tab| {
                let body = if tab % 2 == 0 { &approval } else { &rejection };
                let mut browser = cases.signed_in("rita", &[idv::verification::operator::Role::Reviewer]);
                scope.spawn(move || browser.post("/case/1/verdict", body).status)
            })
            .collect();
        tabs.into_iter().map(|tab| tab.join().unwrap()).filter(|status| *status == StatusCode::SEE_OTHER).count()
    });
    assert_eq!(given, 1);
    assert!(cases.is_decided(1).is_some());
    assert_eq!(cases.entries("case-decided").len(), 1);
}

#[test]
fn of_sixty_four_claims_at_once_one_counts() {
    let cases = Cases::new();
    cases.send(1);
    let browsers: Vec<_> = (0..64).map(|n| cases.reviewer(&format!("reviewer {n}"))).collect();
    let claimed = std::thread::scope(|scope| {
        let tabs: Vec<_> = browsers
            .into_iter()
            .map(|mut browser| scope.spawn(move || browser.post("/case/1/claim", "").status))
            .collect();
        tabs.into_iter().map(|tab| tab.join().unwrap()).filter(|status| *status == StatusCode::SEE_OTHER).count()
    });
    assert_eq!(claimed, 1);
    assert_eq!(cases.entries("case-claimed").len(), 1);
}
