//! `/`: what waits, and what was seen before.

use std::time::Duration;

use idv::verification::method::document::applicant::{Act, Told, Via};
use idv::verification::method::document::hand_off::CodeHash;
use idv::verification::method::document::kind::Slot;

use crate::support::cases::Cases;

#[test]
fn the_oldest_comes_first_and_next_is_mine_or_the_oldest_that_nobody_has() {
    let cases = Cases::new();
    let mut rita = cases.reviewer("rita");
    assert!(rita.get("/").body.contains("No case waits for you"));
    assert_eq!(rita.get("/next").location(), "/");
    let first = cases.send(1);
    cases.pass(Duration::from_hours(3));
    let second = cases.send(2);
    let (mut rita, mut rob) = (cases.reviewer("rita"), cases.reviewer("zora"));
    let queue = rita.get("/").body;
    let place = |number| queue.find(&format!("/case/{number}\"")).unwrap();
    assert!(place(first) < place(second), "{queue}");
    assert!(queue.contains("<td data-label=\"Waits\">3 h</td>") && queue.contains("passport"), "{queue}");
    assert_eq!(rita.get("/next").location(), format!("/case/{first}"));
    rita.post(&format!("/case/{first}/claim"), "");
    assert_eq!(rita.get("/next").location(), format!("/case/{first}"));
    assert_eq!(rob.get("/next").location(), format!("/case/{second}"));
    assert!(rob.get("/").body.contains("\u{2068}rita\u{2069} has it"));
    assert!(rita.get("/").body.contains("yours"));
}

#[test]
fn a_case_that_was_asked_again_says_so_and_one_that_lapses_soon_does_too() {
    let cases = Cases::with("second = \"always\"\nanswer_within_days = 2");
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    let marks = |queue: &str| {
        ["two people decide", "asked again before", "lapses within a day"].map(|mark| queue.contains(mark))
    };
    assert_eq!(marks(&rita.get("/").body), [true, false, false]);
    rita.post("/case/1/claim", "");
    rita.post("/case/1/verdict", &cases.asking(1));
    assert!(!rita.get("/").body.contains("/case/1\""), "it waits for the applicant");
    cases.put(1, Slot::Front, b"better", 7);
    assert_eq!(cases.apply(1, Act::Send), Told::Sent);
    cases.pass(Duration::from_hours(24) - Duration::from_secs(1));
    let mut rita = cases.reviewer("rita");
    assert_eq!(marks(&rita.get("/").body), [true, true, false]);
    cases.pass(Duration::from_secs(1));
    assert_eq!(marks(&rita.get("/").body), [true, true, true]);
}

#[test]
fn the_same_picture_or_a_very_similar_one_of_another_case_is_a_line_and_no_verdict() {
    let cases = Cases::new();
    let (front, selfie) = (0x0f0f_0f0f_0f0f_0f0f, 0x3333_3333_3333_3333);
    let send = |n, photo: &str, front, selfie| {
        cases.begin(n);
        cases.put(n, Slot::Front, photo.as_bytes(), front);
        cases.put(n, Slot::Selfie, photo.as_bytes(), selfie);
        assert_eq!(cases.apply(n, Act::Send), Told::Sent);
        cases.dossier(n).number
    };
    let original = send(1, "one", front, selfie);
    let similar = send(2, "two", front ^ 0b1111, selfie ^ 0b11_1111);
    let other = send(3, "three", !front, selfie ^ 0b111_1111);
    let copy = send(4, "one", !front, !selfie);
    let mut rita = cases.reviewer("rita");
    let mut lines = |number: u64| {
        assert_eq!(rita.post(&format!("/case/{number}/claim"), "").location(), format!("/case/{number}"));
        let page = rita.get(&format!("/case/{number}")).body;
        let mut lines: Vec<_> =
            page.split("<li>").skip(1).map(|line| line.split("</li>").next().unwrap().to_owned()).collect();
        lines.retain(|line| line.contains("picture in case"));
        lines
    };
    let line = |slot: &str, what: &str, number: u64| {
        format!("{slot}: {what} in case \u{2068}{number}\u{2069}, of another person")
    };
    let (portrait, person) = ("Side with the portrait", "Person");
    assert_eq!(
        lines(original),
        [
            line(portrait, "the same picture", copy),
            line(person, "the same picture", copy),
            line(person, "a very similar picture", similar),
        ]
    );
    // 4 signs of a document are too many, 6 of a person are not; 7 are, and 1 is what lies between those two.
    assert_eq!(
        lines(similar),
        [line(person, "a very similar picture", original), line(person, "a very similar picture", other)]
    );
    assert_eq!(cases.is_decided(1), None);
    assert_eq!(cases.apply(4, Act::Withdraw), Told::Withdrawn);
    assert_eq!(
        lines(original),
        [line(person, "a very similar picture", similar)],
        "nothing is kept of what is withdrawn"
    );
}

#[test]
fn that_somebody_said_of_a_phone_that_it_is_not_theirs_is_said_beside_the_case() {
    let cases = Cases::new();
    for (n, is_reported) in [(1, true), (2, false)] {
        cases.begin(n);
        let hash = CodeHash::from_bytes([7; 32]);
        assert_eq!(cases.apply(n, Act::OfferPhone(hash)), Told::PhoneOffered);
        if is_reported {
            assert_eq!(cases.apply_via(Via::Phone(hash), n, Act::Report), Told::Reported);
        }
        for slot in [Slot::Front, Slot::Selfie] {
            cases.put(n, slot, b"photo", n as u64);
        }
        assert_eq!(cases.apply(n, Act::Send), Told::Sent);
        let number = cases.dossier(n).number;
        let mut rita = cases.reviewer("rita");
        rita.post(&format!("/case/{number}/claim"), "");
        let page = rita.get(&format!("/case/{number}")).body;
        let text = "Somebody who opened the code on a phone said that it was not theirs.";
        assert_eq!(page.contains(text), is_reported, "{page}");
    }
}

#[test]
fn single_keys_can_be_switched_off_and_are_remembered() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    assert!(rita.get("/").body.contains("data-keys"));
    assert_eq!(rita.post("/keys", "keys=off").location(), "/");
    for path in ["/", "/case/1"] {
        let page = rita.get(path).body;
        assert!(!page.contains("data-keys") && page.contains("Switch them on"), "{page}");
    }
    rita.post("/keys", "keys=on");
    assert!(rita.get("/case/1").body.contains("data-keys"));
}

#[test]
fn after_forty_minutes_of_verdicts_a_break_is_suggested() {
    let cases = Cases::new();
    let mut rita = cases.reviewer("rita");
    for n in 1..=6 {
        cases.send(n);
        rita.post(&format!("/case/{n}/claim"), "");
        rita.post(&format!("/case/{n}/verdict"), &cases.approval(n));
        assert_eq!(rita.get("/").body.contains("A break of ten"), n == 6, "{n}");
        cases.pass(Duration::from_mins(8));
    }
    cases.pass(Duration::from_mins(2));
    assert!(!rita.get("/").body.contains("A break of ten"), "they had it");
}

#[test]
fn a_page_has_the_hundred_that_wait_longest_and_says_how_many_more_there_are() {
    let cases = Cases::new();
    let numbers: Vec<_> = (1..=102)
        .map(|n| {
            cases.pass(Duration::from_secs(1));
            cases.send(n)
        })
        .collect();
    let (mut rita, mut rob) = (cases.reviewer("rita"), cases.reviewer("zora"));
    let page = rita.get("/").body;
    assert_eq!(page.matches("<th scope=\"row\">").count(), 100);
    assert!(page.contains("beyond those of this page: 2"), "{page}");
    let has = |page: &str, number: u64| page.contains(&format!("/case/{number}\""));
    assert!(has(&page, numbers[0]) && has(&page, numbers[99]) && !has(&page, numbers[100]));
    // What is theirs comes first, wherever it stands.
    rob.post(&format!("/case/{}/claim", numbers[101]), "");
    assert_eq!(rob.get("/next").location(), format!("/case/{}", numbers[101]));
    assert_eq!(rita.get("/next").location(), format!("/case/{}", numbers[0]));
}

#[test]
fn how_long_people_waited_is_said_once_twenty_were_decided() {
    let cases = Cases::new();
    let mut susan = cases.supervisor("susan");
    for n in 1..=20 {
        assert!(!susan.get("/").body.contains("Half of the last people"), "{n}");
        cases.send(n);
        cases.pass(Duration::from_mins(n as u64));
        let mut rita = cases.reviewer("rita");
        rita.post(&format!("/case/{n}/claim"), "");
        assert_eq!(rita.post(&format!("/case/{n}/verdict"), &cases.approval(n)).location(), "/");
        susan = cases.supervisor("susan");
    }
    for path in ["/", "/figures"] {
        let page = susan.get(path).body;
        assert!(page.contains("Half of the last people waited \u{2068}11 min\u{2069} or less"), "{page}");
    }
}

/// They lapsed unseen: the terminal had them, and the console said that there were none.
#[test]
fn cases_of_before_are_there_to_be_decided_where_the_method_is_disabled() {
    let cases = Cases::new();
    cases.send(1);
    let approval = cases.approval(1);
    let cases = cases.disabled();
    let (mut rita, mut susan) = (cases.reviewer("rita"), cases.supervisor("susan"));
    assert!(rita.get("/").body.contains("/case/1"));
    assert_eq!(rita.get("/next").location(), "/case/1");
    let found = susan.post("/search", "tenant=acme.eu.auth0.test&who=auth0|000001");
    assert_eq!(found.location(), "/case/1");
    assert_eq!(rita.post("/case/1/claim", "").location(), "/case/1");
    assert!(rita.get("/case/1").body.contains("<img"));
    assert_eq!(rita.post("/case/1/verdict", &approval).location(), "/");
    assert_eq!(cases.is_decided(1), Some(true));
}
