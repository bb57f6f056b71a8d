//! `[review] pairs`: what whoever is new learns from.

use std::fs;
use std::path::Path;

use hyper::StatusCode;
use idv::verification::operator::Role;
use tempfile::TempDir;

use super::specimens::{pictures, problems};
use crate::support::cases::Cases;
use crate::support::photo::photo;

fn small(width: u16) -> Vec<u8> {
    photo(width, 600, |_| {})
}

/// Two pairs: of one person, and of two.
fn learning() -> Cases {
    Cases::showing(&[
        ("pairs/1-same-document.jpg", small(640)),
        ("pairs/1-same-selfie.jpg", small(648)),
        ("pairs/2-fraud-different-document.jpg", small(656)),
        ("pairs/2-fraud-different-selfie.jpg", small(664)),
    ])
}

#[test]
fn document_stands_beside_selfie_and_the_truth_behind_a_question() {
    let cases = learning();
    let mut rita = cases.reviewer("rita");
    let page = rita.get("/pairs");
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script") && !page.body.contains("fraud") && !page.body.contains(" open"));
    let pairs: Vec<_> = page.body.split("<section class=\"pair\"").skip(1).collect();
    assert_eq!(pairs.len(), 2);
    let truths = ["It is the same person.", "They are two people."];
    for (pair, truth) in pairs.iter().zip(truths) {
        let (seen, hidden) = pair.split_once("<details>").unwrap();
        assert_eq!(seen.matches("<div class=\"frame\"").count(), 2);
        for told in truths {
            assert!(!seen.contains(told) && hidden.contains(told) == (told == truth), "{pair}");
        }
    }
    let shown = pictures(&page);
    assert_eq!(shown.len(), 4);
    for address in &shown {
        let picture = rita.get(address);
        assert_eq!((picture.status, picture.header("content-type")), (StatusCode::OK, Some("image/jpeg")));
    }
    assert!(page.body.contains("<a class=\"button\" href=\"/\">"), "and on to the cases");
    assert!(rita.get("/").body.contains("href=\"/pairs\""), "and back");
}

#[test]
fn without_pairs_there_is_no_page_of_them_and_nothing_leads_to_one() {
    let cases = Cases::new();
    let mut rita = cases.signed_in_by_link("rita", &[Role::Reviewer]);
    assert!(!rita.get("/").body.contains("/pairs"));
    let missing = rita.get("/nothing");
    let page = rita.get("/pairs");
    assert_eq!((page.status, page.body), (StatusCode::NOT_FOUND, missing.body));
}

#[test]
fn only_who_is_to_review_and_was_never_here_is_led_to_them() {
    let cases = learning();
    let lead = |link: String| cases.sign_in_by_link(&link).1;
    for (name, roles, first) in [
        ("rita", &[Role::Reviewer][..], "/pairs"),
        ("susan", &[Role::Supervisor], "/pairs"),
        ("both", &[Role::Desk, Role::Reviewer], "/pairs"),
        ("dora", &[Role::Desk], "/me"),
    ] {
        assert_eq!(lead(cases.add_operator(name, roles)), first, "{name}");
        assert_eq!(lead(cases.link_operator(name)), "/me", "{name}, who was here");
    }
}

fn read(directory: &Path) -> Result<(), Vec<(String, String, String)>> {
    problems("pairs", directory)
}

#[test]
fn a_file_that_is_of_no_pair_refuses_all_and_is_named() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("pairs");
    assert_eq!(read(&path).unwrap_err().len(), 1, "there is none");
    fs::create_dir(&path).unwrap();
    assert!(read(&path).is_ok(), "an empty one shows nothing");
    let put = |name: &str, bytes: &[u8]| fs::write(path.join(name), bytes).unwrap();
    put("1-same-document.jpg", &small(640));
    put("1-same-selfie.jpg", &small(640));
    assert!(read(&path).is_ok());
    for (name, bytes, told) in [
        ("1-same-face.jpg", small(640), "not named as pairs are"),
        ("passport.jpg", small(640), "not named as pairs are"),
        ("2-same-selfie.jpg", b"GIF89a".to_vec(), "not a JPEG"),
        ("2-same-selfie.jpg", small(640)[..9000].to_vec(), "incomplete"),
        ("2-same-selfie.jpg", small(640), "has no 2-same-document.jpg beside it"),
        ("2-same-document.jpg", small(640), "has no 2-same-selfie.jpg beside it"),
        ("1-different-document.jpg", small(640), "has no 1-different-selfie.jpg beside it"),
    ] {
        put(name, &bytes);
        let problems = read(&path).unwrap_err();
        let [(place, problem, remedy)] = &problems[..] else { panic!("{name}: {problems:?}") };
        assert!(place.ends_with(name) && problem.contains(told) && !remedy.is_empty(), "{name}: {problems:?}");
        fs::remove_file(path.join(name)).unwrap();
    }
    assert!(read(&path).is_ok(), "what was wrong is gone");
}

#[test]
fn there_are_eight_at_the_most() {
    let directory = TempDir::new().unwrap();
    let file = small(640);
    let put = |n: usize, what: &str| fs::write(directory.path().join(format!("{n}-same-{what}.jpg")), &file).unwrap();
    for n in 1..=8 {
        put(n, "document");
        put(n, "selfie");
    }
    assert!(read(directory.path()).is_ok());
    put(9, "document");
    put(9, "selfie");
    assert!(read(directory.path()).unwrap_err()[0].1.contains("more than 16"));
}
