//! `/case/N/picture/SLOT?OBJECT`: to whom pictures are shown, and what is recorded of it.

use std::time::Duration;

use hyper::StatusCode;

use crate::support::cases::{Cases, pictures};

#[test]
fn pictures_are_for_who_has_the_case_as_long_as_they_have_it() {
    let cases = Cases::new();
    cases.send(1);
    let (mut rita, mut rob) = (cases.reviewer("rita"), cases.reviewer("zora"));
    assert!(pictures(&rita.get("/case/1")).is_empty(), "before the claim");
    rita.post("/case/1/claim", "");
    let shown = pictures(&rita.get("/case/1"));
    assert_eq!(shown.len(), 2);
    let status = |browser: &mut crate::support::browser::Browser<idv::review::Console>| {
        let statuses: Vec<_> = shown.iter().map(|picture| browser.get(picture).status.as_u16()).collect();
        statuses
    };
    assert_eq!((status(&mut rita), status(&mut rob)), (vec![200; 2], vec![404; 2]));
    cases.pass(Duration::from_mins(15));
    assert_eq!(status(&mut rita), [404; 2], "the claim is over");
    rita.post("/case/1/claim", "");
    assert_eq!(status(&mut rita), [200; 2]);
    rita.post("/case/1/release", "");
    assert_eq!(status(&mut rita), [404; 2], "she let it go");
    rita.post("/case/1/claim", "");
    assert_eq!(rita.post("/case/1/verdict", &cases.approval(1)).location(), "/");
    assert_eq!((status(&mut rita), status(&mut rob)), (vec![404; 2], vec![404; 2]), "it is decided");
}

#[test]
fn a_picture_is_a_jpeg_that_is_kept_nowhere_and_does_nothing() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let shown = pictures(&rita.get("/case/1"));
    let picture = rita.get(&shown[0]);
    let header = |name| picture.header(name).unwrap();
    assert_eq!(picture.status, StatusCode::OK);
    assert!(picture.body.ends_with("frontphoto of 1"), "{}", picture.body);
    assert_eq!(header("content-type"), "image/jpeg");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(header("cross-origin-resource-policy"), "same-origin");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let elsewhere = shown[0].replace("/front?", "/selfie?");
    assert_eq!(rita.get(&elsewhere).status, StatusCode::NOT_FOUND, "another's place");
}

#[test]
fn each_picture_that_is_shown_is_an_entry_of_who_case_slot_and_when() {
    let cases = Cases::new();
    cases.send(1);
    let (mut rita, mut susan) = (cases.reviewer("rita"), cases.supervisor("susan"));
    rita.post("/case/1/claim", "");
    for picture in pictures(&rita.get("/case/1")) {
        rita.get(&picture);
    }
    cases.pass(Duration::from_mins(20));
    assert!(pictures(&susan.get("/case/1")).is_empty(), "without a reason");
    let shown = pictures(&susan.get("/case/1?for=complaint"));
    assert_eq!(susan.get(&shown[1]).status, StatusCode::OK);
    assert_eq!(susan.get(&shown[1].replace("&for=complaint", "")).status, StatusCode::NOT_FOUND);
    assert_eq!(rita.get(&shown[1]).status, StatusCode::NOT_FOUND, "a reason is a supervisor's");
    let entries: Vec<_> = cases.entries("case-viewed");
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.actor.as_deref(), entry.case, entry.slot.as_deref(), entry.reason.as_deref()))
        .collect();
    // The page is one too: it says whose they are.
    let of_rita = |slot| (Some("operator:rita"), Some(1), slot, None);
    let of_susan = |slot| (Some("operator:susan"), Some(1), slot, Some("complaint"));
    let pictures = [of_rita(None), of_rita(Some("front")), of_rita(Some("selfie"))];
    assert_eq!(told, [&pictures[..], &[of_susan(None), of_susan(Some("selfie"))]].concat());
    assert!(entries.iter().all(|entry| entry.user.is_some() && entry.tenant.is_some()));
    assert_eq!(entries[4].at, cases.now());
}

#[test]
fn a_supervisor_sees_the_pictures_of_a_decided_case_with_a_reason_and_no_reviewer_does() {
    let cases = Cases::new();
    cases.send(1);
    let (mut rita, mut susan) = (cases.reviewer("rita"), cases.supervisor("susan"));
    rita.post("/case/1/claim", "");
    rita.post("/case/1/verdict", &cases.approval(1));
    let page = susan.get("/case/1?for=quality");
    let shown = pictures(&page);
    assert_eq!(shown.len(), 2);
    assert_eq!(susan.get(&shown[0]).status, StatusCode::OK);
    assert!(page.body.contains("Verdicts") && page.body.contains("rita"), "{}", page.body);
    assert_eq!(rita.get("/case/1?for=quality").status, StatusCode::NOT_FOUND);
}

/// Elsewhere what came out of a cache, or was a preview, was no entry (openEQUELLA #3931, nextcloud/server #73).
#[test]
fn whichever_way_a_picture_is_asked_for_it_is_whole_and_an_entry() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let shown = pictures(&rita.get("/case/1"))[0].clone();
    let whole = rita.get(&shown).bytes;
    for (name, value) in [
        ("range", "bytes=0-1"),
        ("if-none-match", "*"),
        ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"),
        ("cache-control", "only-if-cached"),
        ("accept", "text/html"),
    ] {
        rita.headers = vec![(name.into(), value.into())];
        let picture = rita.get(&shown);
        assert_eq!((picture.status, &picture.bytes), (StatusCode::OK, &whole), "{name}");
        assert_eq!(picture.header("etag").or(picture.header("last-modified")), None, "{name}");
    }
    rita.headers.clear();
    let head = rita.send("HEAD", &shown, "");
    assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0));
    assert_eq!(cases.entries("case-viewed").len(), 8, "with the page that led there");
    for method in ["POST", "PUT", "OPTIONS"] {
        assert_eq!(rita.send(method, &shown, "").status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert_eq!(cases.entries("case-viewed").len(), 8, "nothing was shown");
}
