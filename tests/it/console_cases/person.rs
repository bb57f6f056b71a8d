//! `/case/N`: to whom it says whose case it is, and that this is an entry before it is shown.

use std::time::Duration;

use hyper::StatusCode;
use idv::verification::method::document::applicant::{Act, Told};
use idv::verification::method::document::kind::Slot;

use crate::support::browser::Page;
use crate::support::cases::Cases;
use crate::support::ledger::subject_of;

/// Whether `page` says that the case is of applicant 1, what was checked of them before, and in which case their photo was.
fn tells(page: &Page) -> [bool; 3] {
    let user_id = subject_of(1).user_id;
    [user_id.as_str(), "id=\"history\"", "the same picture in case"].map(|part| page.body.contains(part))
}

/// Cases of two who sent one photo.
fn alike() -> Cases {
    let cases = Cases::new();
    for n in [1, 2] {
        cases.begin(n);
        cases.put(n, Slot::Front, b"one and the same", 7);
        cases.put(n, Slot::Selfie, b"and this", 8);
        assert_eq!(cases.apply(n, Act::Send), Told::Sent);
    }
    cases
}

#[test]
fn whose_a_case_is_is_said_to_who_has_it_and_as_long_as_they_have_it() {
    let cases = alike();
    let (mut rita, mut zora, mut susan) = (cases.reviewer("rita"), cases.reviewer("zora"), cases.supervisor("susan"));
    for browser in [&mut rita, &mut zora, &mut susan] {
        let page = browser.get("/case/1");
        assert_eq!((page.status, tells(&page)), (StatusCode::OK, [false; 3]), "nobody has it");
        assert!(page.body.contains("passport") && page.body.contains("Whose case this is"), "{}", page.body);
    }
    rita.post("/case/1/claim", "");
    assert_eq!(tells(&rita.get("/case/1")), [true; 3]);
    assert_eq!([tells(&zora.get("/case/1")), tells(&susan.get("/case/1"))], [[false; 3]; 2]);
    cases.pass(Duration::from_secs(15 * 60 - 1));
    assert_eq!(tells(&rita.get("/case/1")), [true; 3]);
    cases.pass(Duration::from_secs(1));
    assert_eq!(tells(&rita.get("/case/1")), [false; 3], "the claim is over");
    let late = rita.post("/case/1/verdict", &cases.approval(1));
    assert_eq!((late.status, tells(&late)), (StatusCode::CONFLICT, [false; 3]));
}

#[test]
fn a_supervisor_says_why_and_a_reviewer_cannot() {
    let cases = alike();
    let (mut rita, mut susan) = (cases.reviewer("rita"), cases.supervisor("susan"));
    assert_eq!(tells(&susan.get("/case/1?for=dispute")), [true; 3]);
    assert_eq!(tells(&rita.get("/case/1?for=dispute")), [false; 3]);
    assert_eq!(susan.get("/case/1?for=curiosity").status, StatusCode::NOT_FOUND);
}

#[test]
fn each_time_it_is_said_is_an_entry_and_what_says_nothing_is_none() {
    let cases = alike();
    let (mut rita, mut susan) = (cases.reviewer("rita"), cases.supervisor("susan"));
    for browser in [&mut rita, &mut susan] {
        browser.get("/case/1");
    }
    rita.get("/case/1?for=complaint");
    assert!(cases.entries("case-viewed").is_empty());
    susan.get("/case/1?for=authority");
    rita.post("/case/1/claim", "");
    rita.get("/case/1");
    // A form that comes back shows it as well.
    assert_eq!(rita.post("/case/1/verdict", &cases.shown(1)).status, StatusCode::UNPROCESSABLE_ENTITY);
    rita.send("HEAD", "/case/1", "");
    let entries = cases.entries("case-viewed").into_iter();
    let told: Vec<_> = entries.map(|entry| (entry.actor, entry.slot, entry.reason)).collect();
    let of = |who: &str, why: Option<&str>| (Some(format!("operator:{who}")), None, why.map(str::to_owned));
    let of_rita = of("rita", None);
    assert_eq!(told, [of("susan", Some("authority")), of_rita.clone(), of_rita.clone(), of_rita]);
    assert!(cases.entries("case-viewed").iter().all(|entry| entry.user.is_some() && entry.case == Some(1)));
}
