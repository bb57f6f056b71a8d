//! Decoys: supervisors load them, and nothing tells whoever decides that one is none of the others.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::{Request, StatusCode};
use idv::review::Console;
use idv::verification::erasure::{Erased, Erasure};
use idv::verification::method::document::checklist::Response;
use idv::verification::operator::tally::Tally;
use idv::verification::operator::{Role, SignedInBy};
use idv::web::{Handled, Site};
use jpeg_encoder::Encoder;

use crate::support::browser::{Browser, Page};
use crate::support::cases::{Cases, pictures};
use crate::support::ledger::subject_of;
use crate::support::photo::photo;
use crate::support::world::block_on;

/// What tells no decoy from a case by itself: no phone took any photo, and there is no code.
const RULES: &str = "selfie = \"plain\"\nhandoff = false";

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

fn load(cases: &Cases, n: usize, truth: &str) {
    let loaded = submit(&mut cases.supervisor("susan"), &fields(n, truth), &both());
    assert_eq!(loaded.location(), "/decoys?loaded", "{}", loaded.body);
}

#[test]
fn a_supervisor_loads_a_decoy_and_it_is_looked_at_in_the_queue() {
    let cases = Cases::with(RULES);
    let mut susan = cases.supervisor("susan");
    let page = susan.get("/decoys");
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("enctype=\"multipart/form-data\"") && !page.body.contains("It is in the queue"));
    assert_eq!(submit(&mut susan, &fields(1, "wrong"), &both()).location(), "/decoys?loaded");
    assert!(susan.get("/decoys?loaded").body.contains("It is in the queue"));
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

/// A page: its status, its headers, how long it is, and what it says.
type Neutral = (StatusCode, Vec<(String, String)>, usize, String);

/// `page` without what differs between any two cases: number, whose it is, when, and what the photos are called.
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
            assert_eq!(cases.send(1), 1);
            load(&cases, 2, if is_right { "right" } else { "wrong" });
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

#[test]
fn a_decoy_began_after_the_attempt_of_the_number_before_it_that_is_there() {
    let cases = Cases::with(RULES);
    cases.pass(Duration::from_hours(1));
    cases.begin(1);
    cases.pass(Duration::from_secs(40));
    load(&cases, 2, "right");
    let took = cases.dossier(2).consent.at.until(cases.now());
    assert_eq!((cases.dossier(2).number, took), (2, Duration::from_secs(40)));
    cases.pass(Duration::from_mins(30));
    load(&cases, 3, "right");
    let took = cases.dossier(3).consent.at.until(cases.now());
    assert!(took >= Duration::from_mins(2), "{took:?}: as people take");
}

/// A body of which is counted how much is read.
struct Counted(Full<Bytes>, Arc<AtomicUsize>);

impl Body for Counted {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let polled = Pin::new(&mut self.0).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.1.fetch_add(frame.data_ref().map_or(0, Bytes::len), Ordering::Relaxed);
        }
        polled
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

/// A browser that still sent photos showed no answer.
#[test]
fn who_signed_in_too_long_ago_has_their_photos_read_to_the_end_and_who_never_did_has_not() {
    const SIZE: usize = 1 << 20;
    let cases = Cases::with(RULES);
    let stale = cases.signed_in_by(SignedInBy::Provider, "sven", &[Role::Supervisor], None);
    let (name, token) = stale.cookies.iter().next().unwrap();
    let answered = |cookie: &str| {
        let read = Arc::new(AtomicUsize::new(0));
        let body = Counted(Full::new(Bytes::from(vec![0; SIZE])), read.clone());
        let request = Request::post("/decoys")
            .header("host", stale.host)
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=edge");
        let answer = match stale.site.handle(request.body(body).unwrap(), Duration::ZERO) {
            Handled::Later(answer) | Handled::Slowly(answer, _) => block_on(answer),
            _ => panic!("it is answered at once"),
        };
        (answer.status(), read.load(Ordering::Relaxed))
    };
    assert_eq!(answered(&format!("{name}={token}")), (StatusCode::FORBIDDEN, SIZE));
    assert_eq!(answered(&format!("{name}={}", "A".repeat(token.len()))), (StatusCode::UNAUTHORIZED, 0));
}

/// By a form of photos it was found out who is known here, and no entry said that anybody had asked; and the photos lay about.
#[test]
fn that_somebody_is_known_is_told_with_an_entry_and_leaves_no_photo() {
    let cases = Cases::with(RULES);
    cases.send(3);
    let mut susan = cases.supervisor("susan");
    let (before, searched) = (cases.files(), || cases.entries("case-searched").len());
    let known = submit(&mut susan, &fields(3, "right"), &both());
    assert!(known.body.contains("Something is known of this account"), "{}", known.body);
    assert_eq!((cases.files(), searched()), (before, 1));
    let unsaid = submit(&mut susan, &fields(1, ""), &both());
    assert_eq!((unsaid.status, searched()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "nothing was told of anybody");
    assert_eq!(submit(&mut susan, &fields(1, "right"), &both()).location(), "/decoys?loaded");
    assert_eq!((cases.files(), searched()), (before + 2, 1));
}

#[test]
fn of_two_fields_of_a_name_neither_counts_and_nobody_types_as_much_as_photos_have() {
    let cases = Cases::with(RULES);
    let mut susan = cases.supervisor("susan");
    for (name, value) in [("truth", "wrong"), ("subject", "auth0|9"), ("agreed", "on")] {
        let twice: Vec<_> = fields(1, "right").into_iter().chain([(name, value.to_owned())]).collect();
        let page = submit(&mut susan, &twice, &both());
        assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{name}: {}", page.body);
    }
    let twice = [both(), vec![("front", camera())]].concat();
    assert_eq!(submit(&mut susan, &fields(1, "right"), &twice).status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for (length, status) in [(8000, StatusCode::UNPROCESSABLE_ENTITY), (9 << 20, StatusCode::PAYLOAD_TOO_LARGE)] {
        let mut long = fields(1, "right");
        long[1].1 = "<".repeat(length);
        let page = submit(&mut susan, &long, &both());
        assert_eq!(page.status, status, "{length}");
        assert!(page.body.len() < 60_000, "{length}: {}", page.body.len());
    }
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

#[test]
fn a_photo_that_is_too_large_is_said_and_more_than_all_may_have_is_not_read() {
    let cases = Cases::with(RULES);
    let mut susan = cases.supervisor("susan");
    let large = [camera(), vec![0; 12 * 1024 * 1024]].concat();
    let one = submit(&mut susan, &fields(1, "right"), &[("front", large.clone()), ("selfie", camera())]);
    assert!(one.body.contains("Side with the portrait: a photo may have 12 MB"), "{}", one.body);
    let all = ["front", "selfie", "back", "posing"].map(|name| (name, large.clone()));
    let all = submit(&mut susan, &fields(1, "right"), &all);
    assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(all.body.contains("a photo may have 12 MB"), "{}", all.body);
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
