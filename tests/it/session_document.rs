//! `/session/ID/document` and what is below: the applicant's photos, from their consent to what comes of them.

use std::time::Duration;

use hyper::StatusCode;
use idv::verification::command::Done;
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::kind::Selfie;
use idv::verification::method::document::reason::{AskReason, RejectReason};
use idv::verification::method::document::review::Deed;
use idv::verification::method::document::{Policy, Slot, Stage, Standing};
use serde_json::json;

use crate::support::applicant::{Applicant, ask_again, decide, order, photo, photo_of, reject, rules, standing, value};
use crate::support::browser::Page;
use crate::support::bureau::rejected;
use crate::support::token::{self, SECRET};
use crate::support::world::World;

mod checks;
mod decoy;
mod meanwhile;
mod pages;
mod phone;

fn world() -> World {
    World::with_document(rules())
}

fn status_of(back: &Page) -> String {
    token::open(&back.parameter("token"), SECRET)["status"].as_str().unwrap().to_owned()
}

#[test]
fn a_card_is_sent_page_by_page_and_approved_while_the_login_waits() {
    let world = world();
    let mut applicant = Applicant::new(&world, "card");
    let begun = applicant.agree("identity_card");
    let front = applicant.follow(&begun, "/front");
    assert!(front.body.contains("Photo of the front of your identity card"), "{}", front.body);
    let kept = applicant.take("front", 1);
    let back = applicant.follow(&kept, "/back");
    assert!(back.body.contains("Photo of the back of your identity card"), "{}", back.body);
    let kept = applicant.take("back", 2);
    let selfie = applicant.follow(&kept, "/selfie");
    let code = applicant.dossier().unwrap().cue.code();
    assert!(selfie.body.contains("Photo of you with a note") && selfie.body.contains(&code), "{}", selfie.body);
    let kept = applicant.take("selfie", 3);
    let summary = applicant.follow(&kept, "/send");
    assert!(summary.body.contains("All photos are there"), "{}", summary.body);
    let sent = applicant.post("/send", "");
    let waiting = applicant.follow(&sent, "");
    assert!(waiting.body.contains("<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>"));
    assert!(waiting.body.contains("That usually takes less than a working day."), "{}", waiting.body);
    assert_eq!(decide(&world, Verdict::Approve), Done::Changed);
    let decided = applicant.get("");
    assert_eq!(decided.location(), applicant.session);
    let session = applicant.session.clone();
    assert!(applicant.browser.get(&session).body.contains("You are verified"));
    let back = applicant.browser.post(&format!("{session}/accept"), "");
    assert_eq!(status_of(&back), "success");
    let delivered = applicant.dossier().unwrap();
    assert!(matches!(delivered.stage, Stage::Decided { closed_at: Some(_), .. }), "{delivered:?}");
}

#[test]
fn of_time_nothing_is_said_to_who_waits_behind_somebody_who_waits_longer_than_is_usual() {
    for (later, is_said) in [(Duration::from_hours(24), true), (Duration::from_secs(24 * 60 * 60 + 1), false)] {
        let world = world();
        Applicant::new(&world, "first").send_passport(1);
        world.pass(later);
        let mut second = Applicant::with(&world, "second", &json!({ "sub": "auth0|second" }));
        second.send_passport(2);
        let waiting = second.get("");
        assert_eq!(waiting.body.contains("That usually takes less than"), is_said, "{later:?}: {}", waiting.body);
    }
}

#[test]
fn who_goes_back_finds_the_decision_at_the_next_login_with_the_ticket_and_not_without() {
    let world = world();
    let mut applicant = Applicant::new(&world, "first");
    applicant.send_passport(1);
    let waiting = applicant.get("");
    assert!(waiting.body.contains(&format!("action=\"{}/accept\"", applicant.session)), "{}", waiting.body);
    let ticket = applicant.leave("accept");
    let mut later = Applicant::with(&world, "later", &json!({ "ticket": ticket }));
    let session = later.session.clone();
    assert_eq!(later.browser.get(&session).location(), later.address(""));
    assert!(later.get("").body.contains("Your photos are with your organisation"));
    assert_eq!(decide(&world, Verdict::Approve), Done::Changed);
    let mut without = Applicant::new(&world, "without");
    assert!(without.get("").body.contains("Which document do you have?"), "they begin anew");
    assert_eq!(later.get("").location(), session);
    assert_eq!(status_of(&later.browser.post(&format!("{session}/accept"), "")), "success");
}

#[test]
fn who_leaves_in_any_way_while_it_is_decided_has_the_ticket() {
    for way in ["cancel", "accept"] {
        let world = world();
        let mut applicant = Applicant::new(&world, way);
        applicant.send_passport(1);
        applicant.leave(way);
    }
    let world = world();
    let mut applicant = Applicant::new(&world, "late");
    applicant.send_passport(1);
    world.pass(Duration::from_mins(50));
    assert_eq!(status_of(&applicant.post("/send", "")), "pending");
}

/// The page was shut in between, or the button pressed in the second after.
#[test]
fn a_decision_that_falls_while_somebody_is_away_waits_for_them_whether_they_come_late_or_cancel() {
    for (verdict, then) in [(Verdict::Approve, "success"), (rejected(), "failed")] {
        for is_late in [false, true] {
            let world = world();
            let mut applicant = Applicant::new(&world, "away");
            applicant.send_passport(1);
            assert_eq!(decide(&world, verdict.clone()), Done::Changed);
            if is_late {
                world.pass(Duration::from_mins(51));
            }
            let ticket = applicant.leave("cancel");
            let mut later = Applicant::with(&world, "later", &json!({ "ticket": ticket }));
            let session = later.session.clone();
            assert_eq!(status_of(&later.browser.post(&format!("{session}/accept"), "")), then, "{is_late}");
        }
    }
}

/// The browser went from the page of the method to that of the session and back, for ever.
#[test]
fn who_was_verified_too_long_ago_for_the_application_is_told_so_and_begins_anew() {
    let world = world();
    let mut applicant = Applicant::new(&world, "first");
    applicant.send_passport(1);
    let ticket = applicant.leave("accept");
    assert_eq!(decide(&world, Verdict::Approve), Done::Changed);
    world.pass(Duration::from_hours(2));
    let mut asks = json!({ "ticket": ticket, "max_age": 7201 });
    let mut in_time = Applicant::with(&world, "in time", &asks);
    let session = in_time.session.clone();
    assert_eq!(in_time.get("").location(), session);
    assert!(in_time.browser.get(&session).body.contains("You are verified"));
    asks["max_age"] = json!(7200);
    let mut outdated = Applicant::with(&world, "outdated", &asks);
    let session = outdated.session.clone();
    let page = outdated.get("");
    assert!(page.body.contains("too long ago for this application"), "{}", page.body);
    assert!(page.body.contains("Which document do you have?"), "{}", page.body);
    outdated.send_passport(5);
    assert_eq!(decide(&world, Verdict::Approve), Done::Changed);
    assert_eq!(status_of(&outdated.browser.post(&format!("{session}/accept"), "")), "success");
}

#[test]
fn what_is_asked_again_is_asked_with_its_reason_and_what_was_fine_is_not() {
    let world = world();
    let mut applicant = Applicant::new(&world, "asked");
    applicant.agree("identity_card");
    for (slot, seed) in [("front", 1), ("back", 2), ("selfie", 3)] {
        applicant.take(slot, seed);
    }
    applicant.post("/send", "");
    let wanted = [(Slot::Back, AskReason::Glare), (Slot::Selfie, AskReason::CueNotDone)];
    assert_eq!(ask_again(&world, &wanted), Done::Changed);
    let asked = applicant.get("");
    for text in [
        "Please send better photos",
        "<strong>Photo of the back of your identity card</strong><br>Something reflects in it.",
        "<strong>Photo of you with a note</strong><br>What was asked for is not in the picture",
        "Photo of the front of your identity card<br><span class=\"quiet\">We have this one.</span>",
        "Go back now, log in again later",
    ] {
        assert!(asked.body.contains(text), "{text} in {}", asked.body);
    }
    assert!(applicant.get("/front").body.contains("We have this one."), "the front is fine");
    let back = applicant.get("/back");
    assert!(
        back.body.contains("Something reflects in it.") && back.body.contains("Photo \u{2068}1/2\u{2069}"),
        "{}",
        back.body
    );
    let new_code = applicant.dossier().unwrap().cue.code();
    assert!(applicant.get("/selfie").body.contains(&new_code));
    // The very photo that a reviewer could not use.
    let same = applicant.send("back", &photo(2));
    let told = applicant.follow(&same, "/back?problem=unusable");
    assert!(told.body.contains("This very photo could not be used."), "{}", told.body);
    let kept = applicant.take("back", 12);
    applicant.follow(&kept, "/selfie");
    let kept = applicant.take("selfie", 13);
    let summary = applicant.follow(&kept, "/send");
    assert!(summary.body.contains("We have this one."), "{}", summary.body);
    let sent = applicant.post("/send", "");
    applicant.follow(&sent, "");
    assert_eq!(applicant.dossier().unwrap().round, 2);
    // Every photo opens as what it is, whichever round it is of.
    assert_eq!(ask_again(&world, &[(Slot::Selfie, AskReason::Blurred)]), Done::Changed);
    assert_eq!(applicant.send("selfie", &photo(23)).status, StatusCode::SEE_OTHER);
    assert_eq!(applicant.get("/selfie/picture").status, StatusCode::OK);
}

#[test]
fn what_is_asked_again_may_be_sent_at_a_later_login_with_the_ticket() {
    let world = world();
    let mut applicant = Applicant::new(&world, "asked");
    applicant.send_passport(1);
    assert_eq!(ask_again(&world, &[(Slot::Front, AskReason::CutOff)]), Done::Changed);
    let ticket = applicant.leave("accept");
    let mut later = Applicant::with(&world, "later", &json!({ "ticket": ticket }));
    assert!(later.get("").body.contains("A part is missing at the edge."));
    later.take("front", 9);
    let sent = later.post("/send", "");
    later.follow(&sent, "");
    assert_eq!(decide(&world, Verdict::Approve), Done::Changed);
    let session = later.session.clone();
    assert_eq!(status_of(&later.browser.post(&format!("{session}/accept"), "")), "success");
}

#[test]
fn who_is_not_verified_hears_why_in_words_that_accuse_nobody() {
    let world = World::with_document(Policy { contact: Some("privacy@acme.test".into()), ..rules() });
    let mut applicant = Applicant::new(&world, "rejected");
    applicant.send_passport(1);
    let reasons = [RejectReason::DifferentPerson, RejectReason::Expired];
    assert_eq!(reject(&world, &reasons), Done::Changed);
    let session = applicant.session.clone();
    let shown = applicant.browser.get(&session);
    assert_eq!(shown.location(), applicant.address(""));
    let page = applicant.get("");
    for text in [
        "You could not be verified",
        "The person in the photo and in the document could not be taken for the same.",
        "The document has expired.",
        "privacy@acme.test",
        "Begin anew",
    ] {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    assert_eq!(status_of(&applicant.browser.post(&format!("{session}/accept"), "")), "failed");
}

#[test]
fn who_is_not_verified_may_begin_anew_in_the_same_login() {
    let world = world();
    let mut applicant = Applicant::new(&world, "anew");
    applicant.send_passport(1);
    assert_eq!(reject(&world, &[RejectReason::UnusableAfterRounds]), Done::Changed);
    let sent = applicant.send_passport(5);
    applicant.follow(&sent, "");
    assert_eq!(decide(&world, Verdict::Approve), Done::Changed);
    let session = applicant.session.clone();
    assert_eq!(status_of(&applicant.browser.post(&format!("{session}/accept"), "")), "success");
}

#[test]
fn whose_time_was_over_hears_that_nobody_could_look_and_begins_anew() {
    for (was_asked, text) in [(false, "Nobody could look at your photos in time."), (true, "the time for that is over")]
    {
        let world = world();
        let mut applicant = Applicant::new(&world, "lapsed");
        applicant.send_passport(1);
        if was_asked {
            assert_eq!(ask_again(&world, &[(Slot::Front, AskReason::Dark)]), Done::Changed);
        }
        world.pass(Duration::from_hours(24));
        assert_eq!(order(&world, Deed::Age), Done::Changed);
        let mut later = Applicant::new(&world, "later");
        let page = later.get("");
        assert!(page.body.contains("Your photos were not decided") && page.body.contains(text), "{}", page.body);
        let begun = later.agree("passport");
        later.follow(&begun, "/front");
    }
}

#[test]
fn withdrawing_is_asked_once_more_and_then_leaves_nothing() {
    for is_sent in [false, true] {
        let world = world();
        let mut applicant = Applicant::new(&world, "withdrawn");
        applicant.agree("passport");
        applicant.take("front", 1);
        if is_sent {
            applicant.take("selfie", 2);
            applicant.post("/send", "");
        }
        let object = applicant.dossier().unwrap().pictures[0].picture.object;
        let page = applicant.get("/withdraw");
        assert!(page.body.contains("Delete everything?") && applicant.dossier().is_some(), "{}", page.body);
        let withdrawn = applicant.post("/withdraw", "");
        let told = applicant.follow(&withdrawn, "?problem=withdrawn");
        assert!(told.body.contains("Everything was deleted."), "{}", told.body);
        assert!(applicant.dossier().is_none());
        assert!(world.app.store.object(&object).unwrap().unwrap().deleted_at.is_some());
        let session = applicant.session.clone();
        assert_eq!(status_of(&applicant.browser.post(&format!("{session}/cancel"), "")), "canceled", "{is_sent}");
    }
}

#[test]
fn what_was_decided_before_stays_when_a_draft_of_later_is_withdrawn() {
    let world = world();
    let mut applicant = Applicant::new(&world, "first");
    applicant.send_passport(1);
    let ticket = applicant.leave("accept");
    assert_eq!(decide(&world, Verdict::Approve), Done::Changed);
    let mut without = Applicant::new(&world, "without");
    without.agree("passport");
    without.post("/withdraw", "");
    let mut with = Applicant::with(&world, "with", &json!({ "ticket": ticket }));
    let session = with.session.clone();
    assert_eq!(status_of(&with.browser.post(&format!("{session}/accept"), "")), "success");
}

#[test]
fn the_same_photo_once_more_writes_nothing_and_another_takes_its_place() {
    let world = world();
    let mut applicant = Applicant::new(&world, "same");
    applicant.agree("passport");
    let sent = applicant.send("front", &photo(1));
    applicant.follow(&sent, "/front/check");
    let before = standing(&world);
    let files = world.app.evidence.space().unwrap().files;
    let sent = applicant.send("front", &photo(1));
    applicant.follow(&sent, "/front/check");
    assert_eq!((standing(&world), world.app.evidence.space().unwrap().files), (before.clone(), files));
    let sent = applicant.send("front", &photo(2));
    let check = applicant.follow(&sent, "/front/check");
    let after = standing(&world);
    assert_ne!(after, before);
    let object = after.dossier.unwrap().pictures[0].picture.object;
    assert_eq!(value(&check, "object"), object.to_string());
    // The one that was looked at before is another.
    let old = before.dossier.unwrap().pictures[0].picture.object;
    let kept = applicant.post("/front/keep", &format!("object={old}"));
    let told = applicant.follow(&kept, "/front/check?problem=changed");
    assert!(told.body.contains("This is another photo than the one that you looked at."), "{}", told.body);
}

#[test]
fn the_picture_is_the_applicants_own_and_runs_nothing() {
    let world = world();
    let mut applicant = Applicant::new(&world, "picture");
    applicant.agree("passport");
    assert_eq!(applicant.get("/front/picture").status, StatusCode::NOT_FOUND, "there is none yet");
    applicant.send("front", &photo_of(1, 3000, 2000));
    let picture = applicant.get("/front/picture");
    assert_eq!(picture.status, StatusCode::OK);
    assert!(picture.bytes.starts_with(&[0xff, 0xd8, 0xff]));
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("cache-control", "no-store"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ] {
        assert_eq!(picture.header(name), Some(value), "{name}");
    }
    let check = applicant.get("/front/check");
    let image = format!("src=\"{}\" width=\"2200\" height=\"1467\"", applicant.address("/front/picture"));
    assert!(check.body.contains(&image), "{}", check.body);
    // Another login of the same person has none of it.
    let mut other = Applicant::new(&world, "other");
    assert_eq!(other.get("/front/picture").status, StatusCode::NOT_FOUND);
    applicant.take("selfie", 2);
    let object = value(&check, "object");
    applicant.post("/front/keep", &format!("object={object}"));
    applicant.post("/send", "");
    assert_eq!(applicant.get("/front/picture").status, StatusCode::NOT_FOUND, "it was sent");
}

#[test]
fn the_state_tells_whether_anything_changed_and_writes_nothing() {
    let world = world();
    let mut applicant = Applicant::new(&world, "state");
    let none = applicant.get("/state?seen=0");
    assert_eq!((none.status, none.body.as_str()), (StatusCode::OK, r#"{"revision":0,"phase":"none"}"#));
    applicant.send_passport(1);
    let revision = applicant.dossier().unwrap().revision;
    let before = standing(&world);
    for _ in 0..20 {
        let same = applicant.get(&format!("/state?seen={revision}"));
        assert_eq!((same.status, same.body.as_str()), (StatusCode::NO_CONTENT, ""));
    }
    assert_eq!(standing(&world), before);
    for seen in ["?seen=0", "", "?seen=", "?seen=x", "?other=1"] {
        let page = applicant.get(&format!("/state{seen}"));
        assert_eq!(page.body, format!(r#"{{"revision":{revision},"phase":"waiting"}}"#), "{seen}");
        assert_eq!(page.header("content-type"), Some("application/json"));
    }
    assert_eq!(ask_again(&world, &[(Slot::Front, AskReason::Dark)]), Done::Changed);
    let asked = applicant.get(&format!("/state?seen={revision}"));
    assert!(asked.status == StatusCode::OK && asked.body.contains(r#""phase":"asked""#), "{}", asked.body);
    assert_eq!(applicant.browser.send("HEAD", &applicant.address("/state"), "").status, StatusCode::OK);
}

#[test]
fn a_start_and_a_look_write_nothing() {
    let world = world();
    let mut applicant = Applicant::new(&world, "look");
    for step in ["", "/begin", "/otherwise", "/state", "/front", "/send", "/withdraw"] {
        applicant.get(step);
    }
    assert_eq!(standing(&world), Standing::default());
    let session = applicant.session.clone();
    assert_eq!(status_of(&applicant.browser.post(&format!("{session}/cancel"), "")), "canceled");
}

#[test]
fn a_document_without_a_photo_of_the_person_and_one_with_two_are_taken_as_the_rules_say() {
    for (selfie, slots) in [
        (Selfie::None, vec!["front"]),
        (Selfie::Plain, vec!["front", "selfie"]),
        (Selfie::DocumentInHand, vec!["front", "selfie"]),
        (Selfie::Pose, vec!["front", "selfie", "pose"]),
    ] {
        let world = World::with_document(Policy { selfie, ..rules() });
        let mut applicant = Applicant::new(&world, "selfie");
        let mut next = applicant.agree("passport");
        for (index, slot) in slots.iter().enumerate() {
            applicant.follow(&next, &format!("/{slot}"));
            next = applicant.take(slot, u8::try_from(index).unwrap());
        }
        applicant.follow(&next, "/send");
    }
}
