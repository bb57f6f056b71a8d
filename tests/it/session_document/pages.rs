//! What every page of the method has, in every language.

use std::time::Duration;

use hyper::StatusCode;
use idv::verification::method::document::kind::Selfie;
use idv::verification::method::document::reason::{AskReason, RejectReason};
use idv::verification::method::document::{DocumentKind, Policy, Slot};

use super::world;
use crate::support::applicant::{Applicant, ask_again, photo, reject, rules};
use crate::support::browser::Page;
use crate::support::world::World;

const TAGS: [&str; 10] = ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "ar"];

/// Every page that an applicant comes by, by its name.
fn every_page(world: &World, tag: &str) -> Vec<(&'static str, Page)> {
    let mut applicant = Applicant::new(world, &format!("pages {tag}"));
    applicant.browser.headers.push(("accept-language".into(), tag.into()));
    let mut pages = vec![("consent", applicant.get("")), ("otherwise", applicant.get("/otherwise"))];
    applicant.agree("identity_card");
    pages.push(("front", applicant.get("/front")));
    pages.push(("a problem", applicant.get("/front?problem=heic")));
    applicant.send("front", &photo(1));
    pages.push(("check", applicant.get("/front/check")));
    applicant.take("front", 2);
    pages.push(("back", applicant.get("/back")));
    applicant.take("back", 3);
    pages.push(("selfie", applicant.get("/selfie")));
    applicant.take("selfie", 4);
    pages.push(("summary", applicant.get("/send")));
    pages.push(("withdraw", applicant.get("/withdraw")));
    applicant.post("/send", "");
    pages.push(("waiting", applicant.get("")));
    let mut other = Applicant::new(world, &format!("other {tag}"));
    other.browser.headers.push(("accept-language".into(), tag.into()));
    pages.push(("other open", other.get("")));
    pages.push(("anew", other.get("/begin")));
    let _ = ask_again(world, &[(Slot::Front, AskReason::Glare)]);
    pages.push(("asked", applicant.get("")));
    pages.push(("have", applicant.get("/back")));
    pages.push(("front again", applicant.get("/front")));
    applicant.take("front", 5);
    applicant.post("/send", "");
    let _ = reject(world, &[RejectReason::Expired]);
    pages.push(("rejected", applicant.get("")));
    pages
}

#[test]
fn every_page_has_its_language_one_heading_a_way_for_who_cannot_and_a_way_out() {
    for tag in TAGS {
        let world = world();
        for (name, page) in every_page(&world, tag) {
            assert_eq!(page.status, StatusCode::OK, "{tag} {name}: {}", page.body);
            assert!(page.body.contains(&format!("<html lang=\"{tag}\"")), "{tag} {name}");
            assert_eq!(page.body.matches("<h1").count(), 1, "{tag} {name}");
            let cannot = page.body.matches("/document/otherwise\"").count();
            assert_eq!(cannot, usize::from(name != "otherwise"), "{tag} {name}");
            let ways_out = ["/cancel\"", "/accept\""].map(|way| page.body.matches(way).count());
            assert_eq!(ways_out.iter().sum::<usize>(), 1, "{tag} {name}");
            assert!(!page.body.contains("document-") && !page.body.contains("{ $"), "{tag} {name}: {}", page.body);
            assert!(!page.body.contains("style=") && !page.body.contains("onclick"), "{tag} {name}");
            for label in page.body.split("<label for=\"").skip(1) {
                let id = label.split('"').next().unwrap();
                assert_eq!(page.body.matches(&format!("id=\"{id}\"")).count(), 1, "{tag} {name} {id}");
            }
        }
    }
}

#[test]
fn the_capture_page_has_two_forms_and_nothing_else_to_choose_files() {
    let world = world();
    let mut applicant = Applicant::new(&world, "two");
    applicant.agree("passport");
    let front = applicant.get("/front");
    for text in [
        "<label for=\"take\">Take a photo</label>",
        "<input id=\"take\" type=\"file\" name=\"photo\" accept=\"image/jpeg\" capture=\"environment\" required>",
        "<label for=\"choose\">Choose a photo you have</label>",
        "<input id=\"choose\" type=\"file\" name=\"photo\" accept=\"image/jpeg\">",
    ] {
        assert!(front.body.contains(text), "{text} in {}", front.body);
    }
    assert_eq!(front.body.matches("enctype=\"multipart/form-data\"").count(), 2);
    applicant.take("front", 1);
    assert!(applicant.get("/selfie").body.contains("capture=\"user\" required"));
    let world = World::with_document(Policy { choose_photo: false, ..rules() });
    let mut applicant = Applicant::new(&world, "one");
    applicant.agree("passport");
    assert!(!applicant.get("/front").body.contains("id=\"choose\""));
}

#[test]
fn the_photo_as_it_is_kept_is_read_out_from_its_heading_on_and_a_problem_comes_before() {
    let world = world();
    let mut applicant = Applicant::new(&world, "heading");
    applicant.agree("passport");
    applicant.send("front", &photo(1));
    for (step, focused) in [
        ("/front/check", "<h1 tabindex=\"-1\" autofocus>"),
        ("/front/check?problem=changed", "<p class=\"problem\" role=\"alert\" tabindex=\"-1\" autofocus>"),
    ] {
        let page = applicant.get(step);
        assert!(page.body.contains(focused), "{step}: {}", page.body);
        assert_eq!(page.body.matches("autofocus").count(), 1, "{step}");
    }
}

#[test]
fn the_camera_of_a_page_is_the_one_that_the_photo_needs_and_is_nothing_to_who_cannot_see() {
    let world = World::with_document(Policy { selfie: Selfie::Pose, ..rules() });
    let mut applicant = Applicant::new(&world, "camera");
    applicant.agree("passport");
    let front = applicant.get("/front").body;
    applicant.take("front", 1);
    let selfie = applicant.get("/selfie").body;
    applicant.take("selfie", 2);
    for (page, facing, class) in [
        (front, "environment", "viewfinder environment"),
        (selfie, "user", "viewfinder user face"),
        (applicant.get("/pose").body, "user", "viewfinder user face"),
    ] {
        // Without the script that switches it on, there is nothing of it.
        assert!(
            page.contains(&format!("<div id=\"camera\" class=\"camera\" hidden data-facing=\"{facing}\"")),
            "{page}"
        );
        assert!(page.contains(&format!("<div class=\"{class}\" aria-hidden=\"true\" hidden>")), "{page}");
    }
}

#[test]
fn who_sends_one_photo_after_the_other_is_shown_the_way_around() {
    let world = world();
    let mut applicant = Applicant::new(&world, "stuck");
    applicant.agree("passport");
    let is_offered = |page: &Page| {
        assert_eq!(page.body.matches("/document/otherwise\"").count(), 1, "{}", page.body);
        page.body.contains("This photo need not be perfect.") && page.body.contains("Verify yourself in another way<")
    };
    for seed in [1, 2, 2, 2] {
        applicant.send("front", &photo(seed));
        assert!(!is_offered(&applicant.get("/front/check")), "a photo that came twice is one: {seed}");
    }
    applicant.send("front", &photo(3));
    for step in ["/front", "/front/check"] {
        assert!(is_offered(&applicant.get(step)), "{step}");
    }
    assert!(!is_offered(&applicant.get("/selfie")), "it is of the front alone");
    applicant.take("front", 4);
    assert!(!is_offered(&applicant.get("/front")), "they are content");
    for seed in [5, 6, 7] {
        applicant.send("front", &photo(seed));
    }
    world.pass(Duration::from_secs(599));
    assert!(is_offered(&applicant.get("/front")));
    world.pass(Duration::from_secs(1));
    assert!(!is_offered(&applicant.get("/front")));
}

#[test]
fn whose_files_are_no_photos_is_shown_another_way_and_not_the_photo_that_there_is_none_of() {
    let world = world();
    let mut applicant = Applicant::new(&world, "no photos");
    applicant.agree("passport");
    let text = "It does not seem to work with these photos.";
    for file in ["%PDF-1.7", "\u{0}\u{0}\u{0}\u{18}ftypheic", ""] {
        applicant.send("front", format!("{file:\0<600}").as_bytes());
    }
    let page = applicant.get("/front");
    assert!(page.body.contains(text) && !page.body.contains("need not be perfect"), "{}", page.body);
    assert!(!applicant.get("/selfie").body.contains(text));
    assert_eq!(applicant.get("/front/check").location(), applicant.address("/front"));
}

#[test]
fn each_kind_of_document_has_words_of_its_own() {
    for tag in TAGS {
        let mut titles = Vec::new();
        for kind in DocumentKind::ALL {
            let world = world();
            let mut applicant = Applicant::new(&world, kind.as_str());
            applicant.browser.headers.push(("accept-language".into(), tag.into()));
            applicant.agree(kind.as_str());
            for step in ["/front", "/back"] {
                let page = applicant.get(step);
                if page.status == StatusCode::OK {
                    titles.push(page.body.split_once("<h1>").unwrap().1.split_once("</h1>").unwrap().0.to_owned());
                }
            }
        }
        assert_eq!(titles.len(), 7, "a passport has one page");
        titles.sort();
        titles.dedup();
        assert_eq!(titles.len(), 7, "{tag}: {titles:?}");
    }
}

#[test]
fn the_notice_says_what_the_rules_say() {
    let days = |days: u64| Duration::from_hours(24 * days);
    let page = |policy: Policy| {
        let world = World::with_document(policy);
        Applicant::new(&world, "notice").get("/begin").body
    };
    let usual = Policy {
        keep_approved: days(7),
        keep_rejected: days(30),
        answer_within: days(1),
        contact: Some("privacy@acme.test".into()),
        ..rules()
    };
    let body = page(usual.clone());
    for text in [
        "If you are verified: 7 days after the login that uses it.",
        "If you are not: 30 days after the decision.",
        "If nothing is decided: after 1 day, counted from when photos were last sent or asked for.",
        "counts no more; if it was in your favour, your photos are then deleted.",
        "privacy@acme.test",
        "You may cover what is not needed",
        "Have a sheet of paper and a pen ready.",
    ] {
        assert!(body.contains(text), "{text} in {body}");
    }
    let body = page(Policy { keep_approved: Duration::ZERO, may_cover: false, contact: None, ..usual });
    assert!(body.contains("If you are verified: with the login that uses it."), "{body}");
    assert!(!body.contains("You may cover") && !body.contains("privacy@"), "{body}");
}

#[test]
fn only_the_photo_may_be_large_and_only_its_page_may_use_the_camera() {
    let world = world();
    let mut applicant = Applicant::new(&world, "terms");
    applicant.agree("passport");
    applicant.send("front", &photo(1));
    let none = "camera=(), geolocation=(), microphone=()";
    for step in ["/begin", "/front/check", "/handoff", "/otherwise", "/send", "/state", "/withdraw", "/nowhere", ""] {
        let page = applicant.get(step);
        assert_eq!(page.header("permissions-policy"), Some(none), "{step}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{step}");
    }
    for step in ["/front", "/selfie", "/front?problem=heic"] {
        let page = applicant.get(step);
        let policy = page.header("permissions-policy");
        assert_eq!(policy, Some("camera=(self), geolocation=(), microphone=()"), "{step}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{step}");
    }
    let long = format!("object={}", "0".repeat(9000));
    for step in ["/begin", "/front/keep"] {
        assert_eq!(applicant.post(step, &long).status, StatusCode::PAYLOAD_TOO_LARGE, "{step}");
    }
}

#[test]
fn each_address_takes_the_methods_that_it_has_and_no_other() {
    let world = world();
    let mut applicant = Applicant::new(&world, "methods");
    for step in ["", "/state", "/otherwise", "/front/check", "/front/picture"] {
        let page = applicant.post(step, "");
        assert_eq!((page.status, page.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, Some("GET, HEAD")), "{step}");
    }
    let page = applicant.get("/front/keep");
    assert_eq!((page.status, page.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, Some("POST")));
    for step in ["/nowhere", "/front/", "/front/check/", "/front/nowhere", "/Front", "/begin/", "/begin/check", "/"] {
        assert_eq!(applicant.get(step).status, StatusCode::NOT_FOUND, "{step}");
        assert_eq!(applicant.post(step, "").status, StatusCode::NOT_FOUND, "{step}");
    }
}
