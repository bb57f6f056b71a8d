//! What figures say of decoys, and what they do not.

use std::time::Duration;

use hyper::StatusCode;
use idv::review::Console;
use idv::verification::method::document::checklist::Response;
use idv::verification::operator::tally::Tally;

use super::{RULES, load};
use crate::support::browser::Browser;
use crate::support::cases::Cases;

#[test]
fn figures_have_what_each_made_of_decoys_but_for_who_looks() {
    let cases = Cases::with(RULES);
    load(&cases, 1, "wrong");
    load(&cases, 2, "wrong");
    let (mut rita, mut sven) = (cases.reviewer("rita"), cases.supervisor("sven"));
    for (n, browser) in [(1, &mut rita), (2, &mut sven)] {
        browser.post(&format!("/case/{n}/claim"), "");
        let verdict = if n == 1 { cases.rejection(n) } else { cases.approval(n) };
        assert_eq!(browser.post(&format!("/case/{n}/verdict"), &verdict).location(), "/");
    }
    cases.pass(Duration::from_hours(49));
    let figures = |browser: &mut Browser<Console>| {
        let page = browser.get("/figures").body;
        let row = |name: &str| {
            let row = page.split("<tr>").skip(1).find(|row| row.contains(&format!("<bdi>{name}</bdi>")))?;
            Some(row.rsplit("<td").next()?.split(['>', '<']).nth(1)?.to_owned())
        };
        [row("rita"), row("sven")]
    };
    let told = |text: &str| Some(text.to_owned());
    assert_eq!(figures(&mut cases.supervisor("susan")), [told("1/1"), told("0/1")]);
    let by_sven = figures(&mut cases.supervisor("sven"));
    assert_eq!(by_sven, [told("1/1"), told("–")], "who saw their own would know which one it was");
}

/// What `/figures` has of each, all columns.
fn rows(browser: &mut Browser<Console>) -> Vec<Vec<String>> {
    let page = browser.get("/figures").body;
    let cells = |row: &str| {
        let cells = row.split("<t").skip(1).map(|cell| cell.split_once('>').unwrap().1.split("</t").next().unwrap());
        cells.map(str::to_owned).collect::<Vec<_>>()
    };
    page.split("<tr>").skip(2).map(cells).collect()
}

/// Verdicts rose after a case and not after a decoy, and of the first reviewer it was told whether they were right of it before
/// the second decided.
#[test]
fn figures_move_by_a_decoy_as_by_a_case_while_anything_of_it_can_be_changed() {
    for second in ["never", "always"] {
        let moved = [false, true].map(|is_decoy| {
            let cases = Cases::with(&format!("{RULES}\nsecond = \"{second}\""));
            if is_decoy {
                load(&cases, 1, "wrong");
            } else {
                assert_eq!(cases.send(1), 1);
            }
            let (mut rita, mut sven) = (cases.reviewer("rita"), cases.supervisor("sven"));
            let mut told = vec![rows(&mut sven)];
            for browser in if second == "always" { vec![&mut rita, &mut sven] } else { vec![&mut sven] } {
                browser.post("/case/1/claim", "");
                assert_eq!(browser.post("/case/1/verdict", &cases.approval(1)).location(), "/");
                told.push(rows(&mut cases.supervisor("sven")));
                told.push(rows(&mut cases.supervisor("olga")));
            }
            assert_eq!(cases.is_decided(1), Some(true));
            told
        });
        assert_eq!(moved[0], moved[1], "{second}");
        assert!(moved[0].last().unwrap().iter().any(|row| row.iter().any(|cell| cell == "1")), "{:?}", moved[0]);
    }
}

#[test]
fn who_decided_of_a_decoy_is_told_what_the_other_made_of_it_once_it_is_gone() {
    let cases = Cases::with(&format!("{RULES}\nsecond = \"always\"\nkeep_approved_days = 1"));
    load(&cases, 1, "right");
    for mut browser in [cases.reviewer("rita"), cases.supervisor("sven")] {
        browser.post("/case/1/claim", "");
        assert_eq!(browser.post("/case/1/verdict", &cases.approval(1)).location(), "/");
    }
    let of_rita = |name: &str| rows(&mut cases.supervisor(name)).into_iter().find(|row| row[0].contains("rita"))?.pop();
    cases.pass(Duration::from_hours(49));
    assert_eq!([of_rita("sven"), of_rita("olga")].map(Option::unwrap), ["–", "1/1"]);
    cases.pass(Duration::from_hours(25));
    assert_eq!(cases.age(), 1);
    assert_eq!([of_rita("sven"), of_rita("olga")].map(Option::unwrap), ["1/1", "1/1"]);
}

/// How long people usually wait moved by every decision but those of decoys, in the sight of who had just decided.
#[test]
fn how_long_people_wait_moves_by_a_decoy_as_by_a_case() {
    let moved = [false, true].map(|is_decoy| {
        let cases = Cases::with(RULES);
        let decide = |n: usize| {
            let (mut rita, number) = (cases.reviewer("rita"), cases.dossier(n).number);
            rita.post(&format!("/case/{number}/claim"), "");
            let verdict = rita.post(&format!("/case/{number}/verdict"), &cases.rejection(n));
            assert_eq!(verdict.location(), "/");
            let page = rita.get("/").body;
            page.split("Half of the last").nth(1).map(|text| text.split('<').next().unwrap().to_owned())
        };
        if is_decoy {
            load(&cases, 1, "wrong");
        } else {
            cases.send(1);
        }
        // Ten wait for some minutes and nine for none; this one for an hour.
        cases.pass(Duration::from_mins(50));
        (2..=11).for_each(|n| assert_eq!(cases.send(n), n as u64));
        cases.pass(Duration::from_mins(10));
        (2..=11).for_each(|n| assert_eq!(decide(n), None));
        (12..=20).for_each(|n| {
            cases.send(n);
            assert_eq!(decide(n), None, "too few");
        });
        let of_this = decide(1);
        cases.send(21);
        [of_this, decide(21)]
    });
    assert_eq!(moved[0], moved[1]);
    assert!(moved[0].iter().all(Option::is_some), "{moved:?}");
}

#[test]
fn cannot_tell_and_better_photos_are_no_verdict_on_a_decoy() {
    let cases = Cases::with(RULES);
    load(&cases, 1, "right");
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let unsure = format!("{}{}&outcome=approve&step=confirmed", cases.shown(1), cases.checks(1, Response::CannotTell));
    assert_eq!(rita.post("/case/1/verdict", &unsure).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(rita.post("/case/1/verdict", &cases.asking(1)).location(), "/");
    let operators = cases.store().operators().unwrap();
    assert!(operators.iter().all(|(_, record)| record.tally == Tally::default()));
}
