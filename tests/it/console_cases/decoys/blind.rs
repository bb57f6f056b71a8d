//! Nothing tells whoever decides that a case is a decoy.

use std::time::Duration;

use hyper::StatusCode;
use hyper::body::Bytes;
use idv::control::Request;
use idv::control::method::document::Request as CaseRequest;
use idv::review::Console;
use idv::verification::account::Account;
use serde_json::{Value, json};

use super::{RULES, load};
use crate::support::browser::{Browser, Page};
use crate::support::cases::{Cases, pictures};
use crate::support::ledger::subject_of;

/// Before the revision that a form brings along.
const REVISION: &str = "name=\"revision\" value=\"";

/// A page: its status, its headers, how long it is, and what it says.
type Neutral = (StatusCode, Vec<(String, String)>, usize, String);

/// `page` without what differs between any two cases: number, whose it is, when, what the photos are called, and how often
/// anything was changed.
fn neutral(page: &Page, cases: &Cases, n: usize) -> Neutral {
    let dossier = cases.dossier(n);
    let number = dossier.number;
    let mut body = page.body.replace(&format!("/case/{number}"), "/case/N");
    for named in ["Case", "case"] {
        body = body
            .replace(&format!("{named} {number}"), "Case N")
            .replace(&format!("{named} \u{2068}{number}"), "Case N");
    }
    for filled in &dossier.pictures {
        body = body.replace(&filled.picture.object.to_string(), "OBJECT");
        body = body.replace(&data_encoding::HEXLOWER.encode(&filled.picture.digest), "DIGEST");
    }
    body = body.replace(subject_of(n).user_id.as_str(), "SUBJECT");
    while let Some(at) = body.find(" UTC") {
        body.replace_range(at - "2026-01-01 00:00".len()..at + " UTC".len(), "INSTANT");
    }
    let header = |value: &str| value.replace(&format!("/case/{number}"), "/case/N");
    let headers = page.headers.iter().map(|(name, value)| (name.to_string(), header(value.to_str().unwrap())));
    if let Some((before, after)) = page.body.split_once(REVISION) {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        assert_eq!(digits, 1, "{before}");
        let at = body.find(REVISION).unwrap() + REVISION.len();
        body.replace_range(at..=at, "R");
    }
    (page.status, headers.collect(), page.body.len(), body)
}

/// What is shown and answered in `browser` of the case of `n`, until its operator decides of it, and after that.
fn walk(cases: &Cases, browser: &mut Browser<Console>, n: usize, verdict: &str) -> Vec<Neutral> {
    let number = cases.dossier(n).number;
    let case = format!("/case/{number}");
    let mut pages = vec![browser.get(&case), browser.post(&format!("{case}/claim"), ""), browser.get(&case)];
    let shown: Vec<_> = pictures(&pages[2]).iter().map(|address| browser.get(address)).collect();
    assert_eq!(shown.len(), 2);
    pages.push(browser.post(&format!("{case}/turn"), "turn=front"));
    pages.push(browser.post(&format!("{case}/verdict"), &cases.shown(n)));
    pages.push(browser.post(&format!("{case}/verdict"), &verdict.replace("&step=confirmed", "")));
    pages.push(browser.post(&format!("{case}/verdict"), verdict));
    pages.push(browser.get(&case));
    pages.push(browser.post(&format!("{case}/claim"), ""));
    pages.push(browser.post(&format!("{case}/verdict"), verdict));
    // Of photos the headers count: what they show differs.
    let headers = |photo: Page| {
        let mut headers = photo.headers.clone();
        headers.remove("content-length");
        Page { status: photo.status, headers, body: String::new(), bytes: Bytes::default() }
    };
    pages.extend(shown.into_iter().map(headers));
    pages.iter().map(|page| neutral(page, cases, n)).collect()
}

#[test]
fn no_page_tells_a_decoy_from_a_case_to_who_decides_or_to_another_supervisor() {
    for second in ["never", "always", "doubt"] {
        for is_right in [true, false] {
            let cases = Cases::with(&format!("{RULES}\nsecond = \"{second}\""));
            load(&cases, 2, if is_right { "right" } else { "wrong" });
            assert_eq!(cases.send(1), 2);
            let (mut rita, mut sven) = (cases.reviewer("rita"), cases.supervisor("sven"));
            for browser in [&mut rita, &mut sven] {
                let queue = browser.get("/").body;
                let rows = queue.split("<tr>").skip(2).map(|row| row.split("</tr>").next().unwrap());
                let rows: Vec<_> = rows.zip(1..).map(|(row, n)| row.replace(&format!("ase {n}"), "ase N")).collect();
                let rows: Vec<_> =
                    rows.iter().zip(1..).map(|(row, n)| row.replace(&format!("ase/{n}"), "ase/N")).collect();
                assert_eq!((rows.len(), &rows[0]), (2, &rows[1]));
            }
            let by_rita = [1, 2].map(|n| walk(&cases, &mut rita, n, &cases.approval(n)));
            assert_eq!(by_rita[0], by_rita[1], "{second}");
            if second == "always" {
                let by_sven = [1, 2].map(|n| walk(&cases, &mut sven, n, &cases.approval(n)));
                assert_eq!(by_sven[0], by_sven[1], "{second}");
            }
        }
    }
}

/// A true case that a login took at once, as it does where the applicant waits.
#[test]
fn what_was_decided_of_a_decoy_is_overseen_as_of_a_case_that_was_taken() {
    let cases = Cases::with(RULES);
    cases.send(1);
    load(&cases, 2, "right");
    let mut rita = cases.reviewer("rita");
    for n in [1, 2] {
        rita.post(&format!("/case/{n}/claim"), "");
        assert_eq!(rita.post(&format!("/case/{n}/verdict"), &cases.approval(n)).location(), "/");
    }
    cases.take(1);
    cases.pass(Duration::from_hours(49));
    let mut sven = cases.supervisor("sven");
    let overseen = [1, 2].map(|n| {
        let paths = [format!("/case/{n}"), format!("/case/{n}?for=quality")];
        paths.map(|path| neutral(&sven.get(&path), &cases, n))
    });
    assert_eq!(overseen[0], overseen[1]);
    assert!(!sven.get("/").body.contains("/case/"), "neither waits for anything");
}

/// By `idv subject show` whoever belongs to the desk's group found that nobody had ever met the person.
#[test]
fn at_a_terminal_the_desk_cannot_tell_a_decoy_from_a_case_either() {
    let cases = Cases::with(RULES);
    load(&cases, 2, "wrong");
    cases.send(1);
    let desk = |request: Request| cases.asked_by(Account::Member, request);
    let tenant = subject_of(1).tenant.to_string();
    let shown = [1, 2].map(|n| {
        let subject = subject_of(n).user_id.as_str().to_owned();
        let mut shown = desk(Request::SubjectShow { tenant: tenant.clone(), subject: subject.clone() });
        assert_eq!(shown["subject"]["subject"].take(), subject);
        assert_eq!(shown["subject"]["idv_id"].take().as_str().map(str::len), Some(32), "idv has met them");
        shown
    });
    assert_eq!(shown[0], shown[1]);
    let listed = desk(Request::SubjectList { tenant, after: None });
    assert_eq!(listed["subjects"].as_array().unwrap().len(), 2);
    let listed = desk(Request::Method(CaseRequest::List { after: None }.into()));
    let rows = listed["cases"].as_array().unwrap().clone().into_iter().map(|mut row: Value| {
        row["number"].take();
        row["subject"].take();
        row
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!((rows.len(), &rows[0]), (2, &rows[1]));
    assert_ne!(rows[0]["since"], json!(null));
}
