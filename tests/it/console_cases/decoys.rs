//! Decoys: supervisors load cases of which is known who is in them.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use hyper::StatusCode;
use idv::control::method::document::Request as CaseRequest;
use idv::review::Console;
use idv::verification::command::Done;
use idv::verification::erasure::{Erased, Erasure};
use idv::verification::method;
use idv::verification::method::document::review::{Deed, Refused};
use idv::verification::operator::{Role, SignedInBy};
use jpeg_encoder::Encoder;

use crate::support::browser::{Browser, Page};
use crate::support::cases::{Cases, pictures};
use crate::support::ledger::subject_of;
use crate::support::photo::photo;

mod blind;
mod figures;
mod photos;

/// What tells no decoy from a case by itself: no phone took any photo, and there is no code.
const RULES: &str = "selfie = \"plain\"\nhandoff = false";
/// After so long one is in the queue at the latest.
const LATEST: Duration = Duration::from_mins(8);
/// What whoever loaded one reads.
const LOADED: &str = "in the queue within ten minutes";

fn camera() -> Vec<u8> {
    photo(800, 640, |_: &mut Encoder<&mut Vec<u8>>| {})
}

/// The fields of a passport of applicant `n`, who is who it says or is not.
fn fields(n: usize, truth: &str) -> Vec<(&'static str, String)> {
    let subject = subject_of(n);
    vec![
        ("tenant", subject.tenant.to_string()),
        ("subject", subject.user_id.as_str().to_owned()),
        ("document", "passport".into()),
        ("truth", truth.into()),
        ("agreed", "on".into()),
    ]
}

fn submit(browser: &mut Browser<Console>, fields: &[(&'static str, String)], photos: &[(&str, Vec<u8>)]) -> Page {
    browser.submit_form("/decoys", fields, photos)
}

fn both() -> Vec<(&'static str, Vec<u8>)> {
    vec![("front", camera()), ("selfie", camera())]
}

/// Loads one, and has time pass until it is in the queue.
fn load(cases: &Cases, n: usize, truth: &str) {
    let loaded = submit(&mut cases.supervisor("susan"), &fields(n, truth), &both());
    assert_eq!(loaded.location(), "/decoys?loaded", "{}", loaded.body);
    cases.pass(cases.now().until(cases.dossier(n).waits_since().unwrap()));
}

#[test]
fn a_supervisor_loads_a_decoy_and_it_is_looked_at_in_the_queue() {
    let cases = Cases::with(RULES);
    let mut susan = cases.supervisor("susan");
    let page = susan.get("/decoys");
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("enctype=\"multipart/form-data\"") && !page.body.contains(LOADED));
    assert_eq!(submit(&mut susan, &fields(1, "wrong"), &both()).location(), "/decoys?loaded");
    assert!(susan.get("/decoys?loaded").body.contains(LOADED));
    cases.pass(LATEST);
    let decoy = cases.dossier(1).decoy.unwrap();
    assert!(!decoy.is_right && decoy.by.account.to_string().contains("susan"));
    assert_eq!(susan.get("/case/1").status, StatusCode::NOT_FOUND, "who loaded it looks at others");
    assert!(!susan.get("/").body.contains("/case/1\""));
    let mut rita = cases.reviewer("rita");
    assert_eq!(rita.get("/next").location(), "/case/1");
    rita.post("/case/1/claim", "");
    let shown = pictures(&rita.get("/case/1"));
    assert_eq!(shown.len(), 2);
    for address in shown {
        let picture = rita.get(&address);
        assert_eq!((picture.status, picture.header("content-type")), (StatusCode::OK, Some("image/jpeg")));
    }
    assert_eq!(rita.post("/case/1/verdict", &cases.rejection(1)).location(), "/");
    assert_eq!(cases.is_decided(1), Some(false));
    assert_eq!((cases.entries("decoy-loaded").len(), cases.entries("decoy-decided").len()), (1, 1));
    assert!(cases.entries("case-decided").is_empty(), "it is no verification");
    load(&cases, 2, "right");
    let said = cases.entries("decoy-loaded").into_iter().map(|entry| entry.verdict.unwrap());
    assert_eq!(said.collect::<Vec<_>>(), ["reject", "approve"], "what is right, for whoever audits");
}

/// Numbers rise with time: one whose attempt began before that of a lower number was a decoy, one that was sent as soon as it was
/// begun was, and so was one that nobody had begun when it was sent.
#[test]
fn a_decoy_begins_as_it_is_loaded_and_is_nowhere_until_somebody_might_have_sent_it() {
    let cases = Cases::with(RULES);
    cases.begin(1);
    cases.pass(Duration::from_secs(1));
    let began = cases.now();
    assert_eq!(submit(&mut cases.supervisor("susan"), &fields(2, "right"), &both()).location(), "/decoys?loaded");
    cases.begin(3);
    let decoy = cases.dossier(2);
    assert_eq!([1, 2, 3].map(|n| cases.dossier(n).number), [1, 2, 3]);
    assert_eq!(decoy.consent.at, began);
    let takes = began.until(decoy.waits_since().unwrap());
    assert!(takes >= Duration::from_mins(2) && takes <= LATEST, "{takes:?}: as people take");
    let (mut rita, mut sven) = (cases.reviewer("rita"), cases.supervisor("sven"));
    let is_there = |rita: &mut Browser<Console>, sven: &mut Browser<Console>| {
        let search = format!("tenant=acme.eu.auth0.test&who={}", subject_of(2).user_id.as_str());
        let listed = cases.ask(CaseRequest::List { after: None })["cases"].as_array().unwrap().len();
        [
            rita.get("/next").location() == "/case/2",
            rita.get("/").body.contains("/case/2\""),
            rita.get("/case/2").status == StatusCode::OK,
            rita.post("/case/2/claim", "").status != StatusCode::NOT_FOUND,
            sven.get("/case/2").status == StatusCode::OK,
            sven.post("/search", &search).status == StatusCode::SEE_OTHER,
            listed == 1,
        ]
    };
    let second = Duration::from_secs(1);
    cases.pass(takes.checked_sub(second).unwrap());
    assert_eq!(is_there(&mut rita, &mut sven), [false; 7]);
    let unseen = Deed::Claim { is_taken_over: false };
    assert_eq!(cases.order(2, "rita", unseen), Done::Refused(method::Refused::Document(Refused::NotNow)));
    cases.pass(second);
    assert_eq!(is_there(&mut rita, &mut sven), [true; 7]);
}

#[test]
fn what_keeps_a_decoy_from_being_loaded_is_said_and_what_was_typed_is_kept() {
    let cases = Cases::with("selfie = \"code_on_paper\"\nkinds = [\"passport\"]");
    cases.send(3);
    let mut susan = cases.supervisor("susan");
    let whole: Vec<_> = fields(1, "right").into_iter().chain([("code", "47-KD".to_owned())]).collect();
    let other = |name: &str, value: &str| -> Vec<_> {
        let changed = |(known, typed): &(&'static str, String)| {
            (*known, if *known == name { value.into() } else { typed.clone() })
        };
        whole.iter().map(changed).collect()
    };
    let small = photo(300, 300, |_| {});
    let of = |front: &[u8]| vec![("front", front.to_vec()), ("selfie", camera())];
    for (fields, photos, said) in [
        (other("tenant", "elsewhere.auth0.test"), both(), "no such tenant"),
        (other("subject", "nobody"), both(), "not an Auth0 user id"),
        (other("subject", subject_of(3).user_id.as_str()), both(), "Something is known of this account"),
        (other("document", "identity_card"), both(), "document that this tenant accepts"),
        (other("document", ""), both(), "document that this tenant accepts"),
        (other("code", "47KD"), both(), "no code as applicants write one"),
        (other("truth", ""), both(), "Say who is in the photos"),
        (other("truth", "perhaps"), both(), "Say who is in the photos"),
        (other("agreed", ""), both(), "Without the consent"),
        (whole.clone(), vec![("front", camera())], "Person: no photo was chosen"),
        (whole.clone(), of(b""), "Side with the portrait: no photo was chosen"),
        (whole.clone(), of(b"GIF89a"), "Side with the portrait: this is no JPEG"),
        (whole.clone(), of(&small), "Side with the portrait: this photo is too small"),
        (whole.clone(), of(&camera()[..9000]), "Side with the portrait: this is no photo that can be read"),
    ] {
        let page = submit(&mut susan, &fields, &photos);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}: {}", page.body);
        assert!(page.body.contains(said) && page.body.contains("Choose the photos once more"), "{said}: {}", page.body);
        for (name, value) in fields.iter().filter(|(name, _)| ["subject", "code"].contains(name)) {
            let kept = format!("value=\"{}\"", value.replace('|', "&#124;"));
            assert!(
                page.body.contains(&kept) || page.body.contains(&format!("value=\"{value}\"")),
                "{name}: {}",
                page.body
            );
        }
    }
    let left_out = both().into_iter().chain([("back", b"whatever".to_vec())]).collect::<Vec<_>>();
    assert_eq!(submit(&mut susan, &whole, &left_out).location(), "/decoys?loaded", "a passport has no back");
    assert_eq!((cases.dossier(1).number, cases.dossier(1).cue.code()), (2, "47-KD".into()));
}

#[test]
fn a_decoy_is_loaded_by_who_just_signed_in_as_a_supervisor_from_a_page_of_ours() {
    let cases = Cases::with(RULES);
    for (name, roles) in [("rita", Role::Reviewer), ("dora", Role::Desk)] {
        let mut browser = cases.signed_in(name, &[roles]);
        assert_eq!(browser.get("/decoys").status, StatusCode::NOT_FOUND);
        assert_eq!(submit(&mut browser, &fields(1, "right"), &both()).status, StatusCode::NOT_FOUND);
        assert!(!browser.get("/me").body.contains("/decoys"), "nothing leads there");
    }
    let mut stale = cases.signed_in_by(SignedInBy::Provider, "sven", &[Role::Supervisor], None);
    assert_eq!(stale.get("/decoys").status, StatusCode::FORBIDDEN);
    assert_eq!(submit(&mut stale, &fields(1, "right"), &both()).status, StatusCode::FORBIDDEN);
    let mut susan = cases.supervisor("susan");
    for elsewhere in [Some("cross-site"), Some("same-site"), None] {
        susan.came_from = elsewhere.map(str::to_owned);
        assert_eq!(submit(&mut susan, &fields(1, "right"), &both()).status, StatusCode::FORBIDDEN, "{elsewhere:?}");
    }
    susan.came_from = Some("same-origin".into());
    let urlencoded = susan.post("/decoys", "subject=auth0|1");
    assert_eq!(urlencoded.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}", urlencoded.body);
    assert_eq!(cases.store().next_number().unwrap(), 1, "nothing was loaded");
}

#[test]
fn decoys_and_cases_that_begin_at_once_have_a_number_each() {
    let cases = Cases::with(RULES);
    let loaded: Vec<_> = thread::scope(|scope| {
        let load = |n| {
            let (mut susan, cases) = (cases.supervisor(&format!("susan {n}")), &cases);
            scope.spawn(move || {
                let page = submit(&mut susan, &fields(n, "right"), &both());
                cases.send(10 + n);
                page.status
            })
        };
        let loading: Vec<_> = (1..=4).map(load).collect();
        loading.into_iter().map(|loading| loading.join().unwrap()).collect()
    });
    assert_eq!(loaded, [StatusCode::SEE_OTHER; 4]);
    let numbers = (1..=4).flat_map(|n| [n, 10 + n]).map(|n| cases.dossier(n).number);
    assert_eq!(numbers.collect::<BTreeSet<_>>(), (1..=8).collect());
    cases.pass(LATEST);
    let mut rita = cases.reviewer("rita");
    for n in 1..=4 {
        let number = cases.dossier(n).number;
        rita.post(&format!("/case/{number}/claim"), "");
        for address in pictures(&rita.get(&format!("/case/{number}"))) {
            assert_eq!(rita.get(&address).status, StatusCode::OK, "sealed to the number that it has");
        }
    }
}

#[test]
fn a_pose_that_was_asked_for_is_what_whoever_decides_reads_and_what_is_loaded() {
    let cases = Cases::with("selfie = \"pose\"");
    let typed = || fields(1, "right").into_iter().chain([("pose", "up".to_owned())]).collect::<Vec<_>>();
    let three = || both().into_iter().chain([("posing", camera())]).collect::<Vec<_>>();
    let mut susan = cases.supervisor("susan");
    let without = submit(&mut susan, &fields(1, "right"), &three());
    assert!(without.body.contains("Choose the pose"), "{}", without.body);
    assert_eq!(submit(&mut susan, &typed(), &three()).location(), "/decoys?loaded");
    cases.pass(LATEST);
    let mut rita = cases.reviewer("rita");
    assert!(rita.get("/case/1").body.contains("the chin raised"));
}

#[test]
fn whoever_a_decoy_seems_to_be_of_is_erased_as_anybody() {
    let cases = Cases::with(RULES);
    load(&cases, 1, "right");
    assert!(matches!(cases.erase(1), Erasure::Done(Erased { checks: 0, pictures: 2 })));
    assert_eq!(cases.reviewer("rita").get("/next").location(), "/", "it waits no more");
}
