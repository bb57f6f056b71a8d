//! Every check of what an applicant does, and what its failure does: R, they may try again, with a word and nothing written;
//! Q, the same, and the slot stays as it was; X, a refusal with a reference; B, our fault, and said so.

use std::collections::BTreeMap;
use std::fs;
use std::panic;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Waker};
use std::time::Duration;

use data_encoding::HEXLOWER;
use hyper::StatusCode;
use idv::evidence::{Keeper, Place};
use idv::picture::Pool;
use idv::verification::method::document::review::Deed;
use idv::verification::method::document::{Policy, Stage, Standing};
use idv::verification::ticket::Ticket;
use idv::web::App;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::{status_of, world};
use crate::oidc::scene::{lines, logged};
use crate::support::album::everything_below;
use crate::support::applicant::{Applicant, order, photo, photo_of, rules, standing, value};
use crate::support::browser::Page;
use crate::support::log::told;
use crate::support::world::World;

/// That `page` is a refusal with a reference, and says nothing of why.
fn is_refused(page: &Page) {
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.body);
    assert!(page.body.contains("Reference for support") && !page.body.contains("photo"), "{}", page.body);
}

#[test]
fn p1_another_site_begins_nothing() {
    let world = world();
    let mut applicant = Applicant::new(&world, "origin");
    let notice = value(&applicant.get("/begin"), "notice");
    applicant.browser.came_from = Some("cross-site".into());
    let form = format!("consent=yes&kind=passport&notice={notice}");
    assert_eq!(applicant.post("/begin", &form).status, StatusCode::FORBIDDEN);
    assert_eq!(standing(&world), Standing::default());
}

#[test]
fn p1_with_less_than_ten_minutes_nobody_begins_and_hears_to_log_in_again_first() {
    let world = world();
    let mut applicant = Applicant::new(&world, "late");
    let notice = value(&applicant.get("/begin"), "notice");
    let form = format!("consent=yes&kind=passport&notice={notice}");
    // Sessions are open for 50 minutes.
    world.pass(Duration::from_secs(40 * 60 + 1));
    let late = applicant.post("/begin", &form);
    let told = applicant.follow(&late, "/begin?problem=late");
    assert!(told.body.contains("Go back and log in again first.") && !told.body.contains("consent"), "{}", told.body);
    assert_eq!(standing(&world), Standing::default());
    world.set_clock(world.now() - 1);
    let begun = applicant.post("/begin", &form);
    applicant.follow(&begun, "/front");
}

#[test]
fn p2_where_the_method_is_not_offered_it_has_no_page() {
    let world = world();
    let mut applicant = Applicant::with(&world, "desk", &json!({ "methods": "desk" }));
    for step in ["", "/begin", "/front", "/front/check", "/front/picture", "/send", "/state", "/withdraw", "/otherwise"]
    {
        assert_eq!(applicant.get(step).status, StatusCode::NOT_FOUND, "{step}");
    }
    assert_eq!(applicant.post("/begin", "consent=yes&kind=passport").status, StatusCode::NOT_FOUND);
    assert_eq!(applicant.send("front", &photo(1)).status, StatusCode::NOT_FOUND);
}

#[test]
fn p3_consent_is_given_to_the_very_words_that_were_read() {
    let world = world();
    let mut applicant = Applicant::new(&world, "consent");
    let page = applicant.get("/begin");
    let notice = value(&page, "notice");
    for (form, problem, text) in [
        (format!("kind=passport&notice={notice}"), "consent", "Please tick that you agree."),
        (format!("consent=no&kind=passport&notice={notice}"), "consent", "Please tick that you agree."),
        (format!("consent=yes&notice={notice}"), "kind", "Please choose one of these documents."),
        (format!("consent=yes&kind=visa&notice={notice}"), "kind", "Please choose one of these documents."),
        (format!("consent=yes&kind=passport&notice={}", "0".repeat(64)), "reworded", "it has changed"),
        ("consent=yes&kind=passport".to_owned(), "reworded", "it has changed"),
    ] {
        let again = applicant.post("/begin", &form);
        let told = applicant.follow(&again, &format!("/begin?problem={problem}"));
        assert!(told.body.contains(text) && told.body.contains("role=\"alert\""), "{form}: {}", told.body);
        assert_eq!(standing(&world), Standing::default(), "{form}");
    }
    // In another language it is another text.
    applicant.browser.headers.push(("accept-language".into(), "de".into()));
    let german = value(&applicant.get("/begin"), "notice");
    assert_ne!(german, notice);
    assert!(
        applicant
            .post("/begin", &format!("consent=yes&kind=passport&notice={notice}"))
            .location()
            .ends_with("reworded")
    );
    let begun = applicant.post("/begin", &format!("consent=yes&kind=passport&notice={german}"));
    applicant.follow(&begun, "/front");
    let consent = applicant.dossier().unwrap().consent;
    assert_eq!(HEXLOWER.encode(&consent.notice), german);
    assert_eq!(consent.at.as_unix(), world.now());
}

#[test]
fn p3_a_kind_that_is_not_accepted_is_not_begun_whoever_asks() {
    let kinds = vec![idv::verification::method::document::DocumentKind::Passport];
    let world = World::with_document(Policy { kinds, ..rules() });
    let mut applicant = Applicant::new(&world, "kind");
    assert!(!applicant.get("/begin").body.contains("identity_card"));
    let again = applicant.agree("identity_card");
    applicant.follow(&again, "/begin?problem=kind");
    assert_eq!(standing(&world), Standing::default());
}

#[test]
fn p4_while_another_case_is_open_one_goes_on_with_its_ticket_or_begins_anew_knowingly() {
    let world = world();
    let mut first = Applicant::new(&world, "first");
    first.send_passport(1);
    let number = first.dossier().unwrap().number;
    let mut other = Applicant::new(&world, "other");
    let page = other.get("");
    for text in ["You have sent photos already", "log in again later", "Begin anew", "I cannot do this"] {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    // Whoever did not read that they begin anew does not.
    let notice = value(&other.get("/begin"), "notice");
    let form = format!("consent=yes&kind=passport&notice={notice}");
    let refused = other.post("/begin", &form);
    other.follow(&refused, "");
    assert_eq!(first.dossier().unwrap().number, number);
    assert_eq!(value(&other.get("/begin"), "anew"), "yes");
    let begun = other.post("/begin", &format!("{form}&anew=yes"));
    other.follow(&begun, "/front");
    assert_ne!(first.dossier().unwrap().number, number);
    assert_eq!(standing(&world).sent.len(), 2, "it counts as a submission");
    // The first session has nothing to go on with any more.
    assert!(first.get("").body.contains("Which document do you have?"));
    let gone = first.send("front", &photo(1));
    let told = first.follow(&gone, "?problem=gone");
    assert!(told.body.contains("it was begun anew elsewhere"), "{}", told.body);
}

#[test]
fn p5_who_sent_photos_as_often_as_they_may_hears_when_they_may_again_and_of_other_ways() {
    let world = World::with_document(Policy { submissions: 2, ..rules() });
    let mut applicant = Applicant::new(&world, "often");
    for seed in [1, 11] {
        applicant.send_passport(seed);
        applicant.post("/withdraw", "");
    }
    for step in ["", "/begin"] {
        let page = applicant.get(step);
        assert!(page.body.contains("In 6 hours you can send some again."), "{}", page.body);
        assert!(page.body.contains("With a code from my organisation"), "{}", page.body);
    }
    let before = standing(&world);
    for _ in 0..10 {
        applicant.get("");
        applicant.get("/state?seen=1");
        applicant.send("front", &photo(1));
    }
    assert_eq!(standing(&world), before, "reading counts nothing");
    world.pass(Duration::from_hours(4) + Duration::from_secs(1));
    let mut later = Applicant::new(&world, "later");
    assert!(later.get("").body.contains("In 120 minutes you can send some again."), "{}", later.get("").body);
    world.pass(Duration::from_hours(2) - Duration::from_secs(1));
    let mut again = Applicant::new(&world, "again");
    assert!(again.get("").body.contains("Which document do you have?"));
}

#[test]
fn p5_at_sending_the_limit_holds_too_and_the_photos_stay() {
    let world = World::with_document(Policy { submissions: 1, ..rules() });
    let mut applicant = Applicant::new(&world, "draft");
    applicant.agree("passport");
    applicant.take("front", 1);
    applicant.take("selfie", 2);
    applicant.post("/send", "");
    assert_eq!(standing(&world).sent.len(), 1);
    let asked = crate::support::applicant::ask_again(
        &world,
        &[(
            idv::verification::method::document::Slot::Front,
            idv::verification::method::document::reason::AskReason::Dark,
        )],
    );
    assert_eq!(asked, idv::verification::command::Done::Changed);
    let kept = applicant.take("front", 3);
    let summary = applicant.follow(&kept, "/send");
    assert!(
        summary.body.contains("you can send some again") && !summary.body.contains("Send the photos"),
        "{}",
        summary.body
    );
    let refused = applicant.post("/send", "");
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert!(matches!(applicant.dossier().unwrap().stage, Stage::AskedAgain { .. }));
    world.pass(Duration::from_hours(6));
    let session = applicant.session.clone();
    assert_eq!(applicant.browser.get(&session).status, StatusCode::GONE, "the login is over");
}

#[test]
fn p7_a_ticket_of_somebody_else_or_of_nothing_is_as_none() {
    let world = world();
    let mut first = Applicant::new(&world, "first");
    first.send_passport(1);
    for ticket in ["", "x", &"A".repeat(22), &"0".repeat(32)] {
        let mut other = Applicant::with(&world, &format!("other {ticket}"), &json!({ "ticket": ticket }));
        assert!(other.get("").body.contains("You have sent photos already"), "{ticket}");
    }
    let line = "a ticket was of no case of its person";
    let lines_of = |name: &str, asks: &Value| {
        let mut applicant = Applicant::with(&world, name, asks);
        let page = applicant.session.clone();
        told(|| drop(applicant.browser.get(&page)))
    };
    let foreign = Ticket::from_random([9; 16]).to_string();
    let lines = lines_of("foreign", &json!({ "ticket": foreign }));
    assert_eq!(lines.matches(line).count(), 1, "{lines}");
    assert!(!lines.contains(&foreign), "the ticket is in no line");
    for asks in [json!({}), json!({ "ticket": "x" })] {
        assert!(!lines_of(&asks.to_string(), &asks).contains(line), "{asks}: what is no ticket was not brought");
    }
}

#[test]
fn u1_a_photo_that_is_not_asked_for_is_refused_and_nothing_of_it_kept() {
    let world = world();
    let mut applicant = Applicant::new(&world, "slot");
    let gone = applicant.send("front", &photo(1));
    applicant.follow(&gone, "?problem=gone");
    applicant.agree("passport");
    for slot in ["back", "pose"] {
        assert_eq!(applicant.get(&format!("/{slot}")).status, StatusCode::NOT_FOUND, "{slot}");
        is_refused(&applicant.send(slot, &photo(1)));
    }
    applicant.take("front", 1);
    applicant.take("selfie", 2);
    applicant.post("/send", "");
    is_refused(&applicant.send("front", &photo(3)));
    is_refused(&applicant.post("/front/keep", "object=x"));
    assert_eq!(world.app.evidence.space().unwrap().files, 2);
    let mut stranger = world.browser();
    let address = applicant.address("/front");
    assert_eq!(stranger.upload(&address, &photo(1)).status, StatusCode::BAD_REQUEST, "without its cookie");
}

#[test]
fn u2_a_file_that_is_too_large_is_told_with_what_to_do() {
    let world = world();
    let mut applicant = Applicant::new(&world, "large");
    applicant.agree("passport");
    let sent = applicant.send("front", &vec![0xff; 12 * 1024 * 1024]);
    let told = applicant.follow(&sent, "/front?problem=too-large");
    assert!(told.body.contains("12 megabytes at the most"), "{}", told.body);
    assert!(applicant.dossier().unwrap().pictures.is_empty());
}

/// What keeps whoever develops it, until it is let go.
struct Held {
    begins: mpsc::Sender<()>,
    gone: Arc<Mutex<mpsc::Receiver<()>>>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        let _ = self.begins.send(());
        let _ = self.gone.lock().unwrap().recv();
        b""
    }
}

#[test]
fn u3_where_there_is_too_much_to_do_a_page_says_to_try_again_and_the_slot_stays_as_it_was() {
    let world = world();
    let mut applicant = Applicant::new(&world, "busy");
    applicant.agree("passport");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pool = world.app.pictures.clone().unwrap();
    let ((begins, begun), (go, gone)) = (mpsc::channel(), mpsc::channel::<()>());
    let gone = Arc::new(Mutex::new(gone));
    let develop = || {
        let held = Held { begins: begins.clone(), gone: gone.clone() };
        let mut held = Box::pin(pool.develop(held));
        let _inside = runtime.enter();
        let polled = held.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        polled.is_pending().then_some(held)
    };
    let mut held = vec![develop().unwrap()];
    begun.recv_timeout(Duration::from_mins(1)).unwrap();
    held.extend((0..100).map_while(|_| develop()));
    assert!(held.len() < 100, "only so many may wait");
    let before = standing(&world);
    let (busy, log) = logged(|| applicant.send("front", &photo(1)));
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE, "{}", busy.body);
    assert_eq!(busy.header("retry-after"), Some("5"));
    assert!(busy.header("content-type").unwrap().starts_with("text/html"));
    assert!(busy.body.contains("We cannot take your photo just now"), "{}", busy.body);
    assert!(log.is_empty(), "it is counted: {log}");
    assert_eq!(standing(&world), before);
    assert_eq!(world.app.evidence.space().unwrap().files, 0);
    drop((held, go));
    let sent = applicant.send("front", &photo(1));
    applicant.follow(&sent, "/front/check");
}

#[test]
fn u5_without_room_for_photos_none_is_asked_for_and_other_ways_are_offered() {
    let world = world();
    world.app.evidence.limit_to(0);
    let mut applicant = Applicant::new(&world, "full");
    let page = applicant.get("");
    assert!(page.body.contains("No photos can be taken in just now."), "{}", page.body);
    assert!(page.body.contains("With a code from my organisation"), "{}", page.body);
    world.app.evidence.limit_to(1 << 30);
    applicant.agree("passport");
    world.app.evidence.limit_to(0);
    assert!(applicant.get("/front").body.contains("No photos can be taken in just now."));
    let sent = applicant.send("front", &photo(1));
    applicant.follow(&sent, "/front?problem=no-room");
    assert!(applicant.dossier().unwrap().pictures.is_empty());
    world.app.evidence.limit_to(1 << 30);
    let sent = applicant.send("front", &photo(1));
    applicant.follow(&sent, "/front/check");
}

#[test]
fn u6_no_file_an_empty_one_and_what_is_no_form_are_no_photo() {
    let world = world();
    let mut applicant = Applicant::new(&world, "none");
    applicant.agree("passport");
    let sent = applicant.send("front", b"");
    let told = applicant.follow(&sent, "/front?problem=none");
    assert!(told.body.contains("No photo came."), "{}", told.body);
    assert_eq!(applicant.post("/front", "photo=x").status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(applicant.dossier().unwrap().pictures.is_empty());
}

#[test]
fn u7_to_u10_every_file_that_is_no_whole_photo_has_its_sentence_and_the_slot_stays_empty() {
    let world = world();
    let mut applicant = Applicant::new(&world, "files");
    applicant.agree("passport");
    let jpeg = photo(1);
    let huge = {
        let mut jpeg = jpeg.clone();
        let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
        jpeg
    };
    let flat = {
        let mut flat = Vec::new();
        let black = vec![0; 800 * 600 * 3];
        jpeg_encoder::Encoder::new(&mut flat, 85).encode(&black, 800, 600, jpeg_encoder::ColorType::Rgb).unwrap();
        flat
    };
    for (file, problem, text) in [
        (b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), "heic", "Most Compatible"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "format", "such as a screenshot"),
        (b"RIFF\0\0\0\0WEBPVP8 ".to_vec(), "format", "such as a screenshot"),
        (b"GIF89a\x01\0\x01\0".to_vec(), "format", "such as a screenshot"),
        (b"%PDF-1.7\n".to_vec(), "pdf", "This is a PDF."),
        (b"\0\0\0\x18ftypmp42\0\0\0\0".to_vec(), "video", "This is a film."),
        (b"MZ\x90\0 something else".to_vec(), "unknown", "This is no photo."),
        (photo_of(1, 599, 800), "too-small", "too small to be read"),
        (huge, "pixels", "more pixels than we can take"),
        (jpeg[..jpeg.len() / 2].to_vec(), "incomplete", "did not come whole"),
        (flat, "flat", "one colour only"),
    ] {
        let sent = applicant.send("front", &file);
        let told = applicant.follow(&sent, &format!("/front?problem={problem}"));
        assert!(told.body.contains(text) && told.body.contains("<title>Problem: "), "{problem}: {}", told.body);
        assert!(applicant.dossier().unwrap().pictures.is_empty(), "{problem}");
    }
    assert_eq!(world.app.evidence.space().unwrap().files, 0);
    // What was there before stays.
    applicant.send("front", &jpeg);
    let before = standing(&world);
    applicant.send("front", b"%PDF-1.7\n");
    assert_eq!(standing(&world), before);
}

/// A bug of the decoder's. No file is known to have it.
#[test]
fn u9_where_the_decoder_fails_the_person_hears_whose_fault_it_is_and_the_log_has_the_files_digest_alone() {
    let pool = Pool::over(1, |_, _| panic::resume_unwind(Box::new("a bug"))).unwrap();
    let world = world().with(|app| App { pictures: Some(Arc::new(pool)), ..app });
    let mut applicant = Applicant::new(&world, "panic");
    applicant.agree("passport");
    let file = photo(1);
    let (sent, log) = logged(|| applicant.send("front", &file));
    let told = applicant.follow(&sent, "/front?problem=fault");
    assert!(told.body.contains("that is our fault") && told.body.contains("role=\"alert\""), "{}", told.body);
    let [line] = &lines(&log).collect::<Vec<_>>()[..] else { panic!("one line: {log}") };
    let told: BTreeMap<_, _> = line.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value)).collect();
    assert_eq!(told["level"], "ERROR");
    assert_eq!(told["sha256"], &HEXLOWER.encode(digest(&SHA256, &file).as_ref()));
    assert_eq!(told.into_keys().collect::<Vec<_>>(), ["level", "message", "sha256", "target", "timestamp"]);
    assert!(applicant.dossier().unwrap().pictures.is_empty());
    assert_eq!(world.app.evidence.space().unwrap().files, 0);
    assert!(applicant.get("/front").body.contains("id=\"take\""), "the next try is one");
}

#[test]
fn u12_where_the_disk_fails_the_slot_stays_and_the_person_hears_whose_fault_it_is() {
    let world = world();
    let mut applicant = Applicant::new(&world, "disk");
    applicant.agree("passport");
    let directory = world.directory.path().join("evidence/new");
    fs::remove_dir(&directory).unwrap();
    fs::write(&directory, b"in the way").unwrap();
    let (sent, log) = logged(|| applicant.send("front", &photo(1)));
    let told = applicant.follow(&sent, "/front?problem=fault");
    assert!(told.body.contains("that is our fault"), "{}", told.body);
    let [line] = &lines(&log).collect::<Vec<_>>()[..] else { panic!("one line: {log}") };
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["message"], "a photo could not be kept, and its sender was told so");
    assert!(applicant.dossier().unwrap().pictures.is_empty());
    assert_eq!(world.app.evidence.space().unwrap().files, 0);
    fs::remove_file(&directory).unwrap();
    fs::create_dir(&directory).unwrap();
    let sent = applicant.send("front", &photo(1));
    applicant.follow(&sent, "/front/check");
}

#[test]
fn what_lies_under_a_hold_is_not_deleted_by_who_withdraws() {
    let world = world();
    let mut applicant = Applicant::new(&world, "hold");
    applicant.send_passport(1);
    let held = order(&world, Deed::Hold { reason: "a complaint".into() });
    assert_eq!(held, idv::verification::command::Done::Changed);
    let refused = applicant.post("/withdraw", "");
    let told = applicant.follow(&refused, "?problem=held");
    assert!(told.body.contains("This cannot be deleted just now."), "{}", told.body);
    assert!(applicant.dossier().is_some());
}

#[test]
fn a_case_cannot_be_sent_before_every_photo_was_looked_at() {
    let world = world();
    let mut applicant = Applicant::new(&world, "unseen");
    applicant.agree("passport");
    let sent = applicant.post("/send", "");
    applicant.follow(&sent, "/front?problem=missing");
    applicant.take("front", 1);
    applicant.send("selfie", &photo(2));
    let sent = applicant.post("/send", "");
    let told = applicant.follow(&sent, "/selfie?problem=missing");
    assert_eq!(told.status, StatusCode::OK);
    let overview = applicant.get("/send");
    assert_eq!(overview.location(), applicant.address("/selfie/check"));
    assert!(matches!(applicant.dossier().unwrap().stage, Stage::Draft { .. }));
}

#[test]
fn after_the_end_nothing_is_taken_in() {
    let world = world();
    let mut applicant = Applicant::new(&world, "end");
    applicant.agree("passport");
    let session = applicant.session.clone();
    assert_eq!(status_of(&applicant.browser.post(&format!("{session}/cancel"), "")), "canceled");
    for page in [applicant.send("front", &photo(1)), applicant.post("/send", ""), applicant.get("/front")] {
        assert_eq!(page.location(), session);
    }
    assert!(applicant.dossier().unwrap().pictures.is_empty());
}

#[test]
fn without_the_keys_of_pictures_none_is_asked_for_and_logins_go_on() {
    let world = world();
    let place = Place {
        directory: world.directory.path().join("elsewhere"),
        store: world.directory.path().join("idv.redb"),
        may_be_in_memory: true,
    };
    // One that never began.
    let evidence = Arc::new(Keeper::new(world.app.store.clone(), place, 1 << 30));
    let world = world.with(|app| App { evidence, ..app });
    let mut applicant = Applicant::new(&world, "off");
    assert!(applicant.get("").body.contains("No photos can be taken in just now."));
    let session = applicant.session.clone();
    let back = applicant.browser.post(&format!("{session}/desk"), &format!("code={}", world.issue()));
    assert_eq!(status_of(&back), "success");
}

/// It was a page that is not there, and a line that nothing led to.
#[test]
fn e2_a_photo_that_does_not_open_is_our_fault_with_a_reference_and_one_line() {
    let world = world();
    let mut applicant = Applicant::new(&world, "damaged");
    applicant.agree("passport");
    assert_eq!(applicant.get("/front/picture").status, StatusCode::NOT_FOUND, "none was sent");
    applicant.send("front", &photo(1));
    assert_eq!(applicant.get("/front/picture").status, StatusCode::OK);
    for file in everything_below(&world.directory.path().join("evidence/objects")) {
        let mut bytes = fs::read(&file).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&file, bytes).unwrap();
    }
    let (picture, log) = logged(|| applicant.get("/front/picture"));
    assert_eq!(picture.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(picture.header("content-type").unwrap().starts_with("text/html"));
    assert!(picture.body.contains("Reference for support"), "{}", picture.body);
    let lines: Vec<_> = lines(&log).collect();
    assert_eq!((lines.len(), &lines[0]["level"]), (1, &json!("ERROR")), "{log}");
    assert_eq!(lines[0]["cause"], "photo: the picture is damaged");
    assert!(picture.body.contains(lines[0]["reference"].as_str().unwrap()));
}
