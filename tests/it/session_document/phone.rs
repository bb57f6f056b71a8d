//! A computer hands over to a phone: `/session/ID/document/handoff` and `/h/CODE`.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::thread;
use std::time::Duration;

use hyper::StatusCode;
use idv::ops::allowance::Allowances;
use idv::store::Store;
use idv::verification::method::Kind;
use idv::verification::method::document::hand_off::Phase;
use idv::verification::method::document::{Policy, Stage};
use idv::web::{App, HandOffs};

use super::{status_of, world};
use crate::oidc::scene::logged;
use crate::support::applicant::{Applicant, photo, rules, standing, value};
use crate::support::browser::{Browser, Page};
use crate::support::disk::Disk;
use crate::support::ledger;
use crate::support::log::entries;
use crate::support::token::{SUBJECT, TENANT};
use crate::support::world::{World, subject};

/// The code that `page` shows, as an address.
pub(super) fn link(page: &Page) -> String {
    let (_, rest) =
        page.body.split_once("<code dir=\"ltr\">https://idv.example.test").unwrap_or_else(|| panic!("{}", page.body));
    rest.split_once('<').unwrap().0.to_owned()
}

/// The word that it shows.
fn word(page: &Page) -> String {
    let (_, rest) = page.body.split_once("<p class=\"paper\"><bdi>").unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

/// The words that the phone shows, in their order.
fn words(page: &Page) -> Vec<String> {
    let buttons = page.body.split("class=\"secondary word\"><bdi>").skip(1);
    buttons.map(|rest| rest.split_once('<').unwrap().0.to_owned()).collect()
}

/// A passport's owner who shows a code, with their page.
pub(super) fn offer<'w>(world: &'w World, jti: &str) -> (Applicant<'w>, Page) {
    let mut applicant = Applicant::new(world, jti);
    applicant.agree("passport");
    let offered = applicant.post("/handoff", "");
    let page = applicant.follow(&offered, "/handoff");
    (applicant, page)
}

/// What a phone is answered that opens `link` and taps the word that `page` shows.
pub(super) fn tap(phone: &mut Browser, page: &Page) -> Page {
    let opened = phone.get(&link(page));
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    let right = words(&opened).iter().position(|shown| *shown == word(page)).unwrap();
    phone.post(&link(page), &format!("word={right}"))
}

/// The photo for `slot`, sent by `phone` and wanted so.
fn take(phone: &mut Browser, session: &str, slot: &str, seed: u8) -> Page {
    let sent = phone.upload(&format!("{session}/document/{slot}"), &photo(seed));
    assert_eq!(sent.location(), format!("{session}/document/{slot}/check"));
    let check = phone.get(sent.location());
    phone.post(&format!("{session}/document/{slot}/keep"), &format!("object={}", value(&check, "object")))
}

#[test]
fn a_phone_takes_the_photos_and_the_computer_sends_them() {
    let world = world();
    let (mut applicant, page) = offer(&world, "phone");
    assert!(page.body.contains("<svg viewBox=\"0 0 "), "{}", page.body);
    let mut phone = world.browser();
    let connected = tap(&mut phone, &page);
    let session = applicant.session.clone();
    assert_eq!(connected.location(), format!("{session}/document"));
    let first = phone.get(&format!("{session}/document"));
    assert_eq!(first.location(), format!("{session}/document/front"));
    let front = phone.get(first.location());
    assert!(front.body.contains("Photo of the page with your portrait"), "{}", front.body);
    // Nothing on it leads where the phone may not go.
    for nowhere in ["/otherwise", "/cancel", "/accept", "/withdraw", "/handoff"] {
        assert!(!front.body.contains(nowhere), "{nowhere} in {}", front.body);
    }
    let waiting = applicant.get("/handoff");
    assert!(waiting.body.contains("A phone is connected."), "{}", waiting.body);
    assert_eq!(applicant.get("").location(), applicant.address("/handoff"));
    let kept = take(&mut phone, &session, "front", 1);
    assert_eq!(kept.location(), format!("{session}/document/selfie"));
    assert!(applicant.get("/handoff").body.contains("We have this one."));
    let kept = take(&mut phone, &session, "selfie", 2);
    let done = phone.get(kept.location());
    assert!(done.body.contains("Done. Look at your computer"), "{}", done.body);
    assert_eq!(applicant.get("/handoff").location(), applicant.address("/send"));
    let sent = applicant.post("/send", "");
    applicant.follow(&sent, "");
    let dossier = applicant.dossier().unwrap();
    assert!(dossier.by_phone && dossier.hand_off.is_none() && matches!(dossier.stage, Stage::Waiting { .. }));
    let after = phone.get(&format!("{session}/document"));
    assert!(after.body.contains("This phone was disconnected"), "{}", after.body);
}

/// Whoever opened a code saw the photo of the person that the computer had taken.
#[test]
fn a_phone_sees_the_photos_that_it_took_and_none_of_anybody_elses() {
    let world = world();
    let (mut applicant, page) = offer(&world, "whose");
    let session = applicant.session.clone();
    let (check, picture) = (format!("{session}/document/front/check"), format!("{session}/document/front/picture"));
    applicant.send("front", &photo(1));
    let (mut first, mut second) = (world.browser(), world.browser());
    tap(&mut first, &page);
    let hidden = |phone: &mut Browser| {
        for address in [&check, &picture] {
            assert_eq!(phone.get(address).location(), format!("{session}/document"), "{address}");
        }
        let next = phone.get(&format!("{session}/document"));
        assert_eq!(next.location(), format!("{session}/document/front"));
        assert!(!phone.get(next.location()).body.contains(&check), "nor is it led there");
    };
    hidden(&mut first);
    // The very same photo is its own once it sent it.
    let sent = first.upload(&format!("{session}/document/front"), &photo(1));
    assert_eq!(sent.location(), check);
    assert!(first.get(&check).body.contains(&picture));
    assert_eq!(first.get(&picture).status, StatusCode::OK);
    assert_eq!(applicant.get("/front/picture").status, StatusCode::OK, "the computer sees all");
    let offered = applicant.post("/handoff", "");
    let page = applicant.follow(&offered, "/handoff");
    tap(&mut second, &page);
    hidden(&mut second);
    take(&mut second, &session, "front", 3);
    assert_eq!(second.get(&picture).location(), format!("{session}/document"), "nor what it is done with");
}

#[test]
fn a_phone_is_cut_off_once_there_is_one_and_before_that_people_go_on_without_it() {
    let world = world();
    let (mut applicant, page) = offer(&world, "none yet");
    let (here, cut) = (format!("href=\"{}\"", applicant.address("")), "/handoff/cut\"");
    assert!(!page.body.contains(cut) && page.body.contains(&here), "{}", page.body);
    let overview = applicant.get("");
    assert_eq!(overview.location(), applicant.address("/front"));
    tap(&mut world.browser(), &page);
    let connected = applicant.get("/handoff");
    assert!(connected.body.contains(cut), "{}", connected.body);
}

#[test]
fn looking_at_a_code_uses_nothing_up() {
    let world = world();
    let (applicant, page) = offer(&world, "look");
    let before = standing(&world);
    for _ in 0..100 {
        let mut scanner = world.browser();
        scanner.came_from = Some("none".into());
        assert_eq!(scanner.get(&link(&page)).status, StatusCode::OK);
        assert_eq!(scanner.send("HEAD", &link(&page), "").status, StatusCode::OK);
        assert!(scanner.cookies.is_empty());
    }
    assert_eq!(standing(&world), before);
    let mut phone = world.browser();
    let capitals = link(&page).to_uppercase();
    assert_eq!(words(&phone.get(&capitals)), words(&phone.get(&link(&page))), "as the drawing has it");
    assert_eq!(tap(&mut phone, &page).location(), applicant.address(""));
}

#[test]
fn h1_a_code_that_is_used_late_replaced_or_none_has_its_page() {
    let world = world();
    let useless = |page: &Page| {
        assert_eq!(page.status, StatusCode::GONE, "{}", page.body);
        assert!(page.body.contains("Ask for a new one on your computer."), "{}", page.body);
    };
    let mut phone = world.browser();
    for none in ["/h/", "/h/x", "/h/0123456789ABCDEFGHJKMNPQRS", "/H/0123456789ABCDEFGHJKMNPQRST"] {
        useless(&phone.get(none));
        useless(&phone.post(none, "word=0"));
    }
    assert_eq!(phone.get("/h/x/y").status, StatusCode::NOT_FOUND);
    // Replaced.
    let (mut applicant, first) = offer(&world, "codes");
    let offered = applicant.post("/handoff", "");
    let second = applicant.follow(&offered, "/handoff");
    assert_ne!(link(&first), link(&second));
    let opened = phone.get(&link(&first));
    if opened.status == StatusCode::OK {
        useless(&phone.post(&link(&first), "word=0"));
    }
    assert_eq!(applicant.dossier().unwrap().misses, 0, "it was no wrong word");
    // Too late, to the second.
    world.pass(Duration::from_secs(299));
    assert_eq!(phone.get(&link(&second)).status, StatusCode::OK);
    world.pass(Duration::from_secs(1));
    useless(&phone.get(&link(&second)));
    useless(&phone.post(&link(&second), "word=0"));
    assert!(applicant.get("/handoff").body.contains("Show a code"), "another may be asked for");
    // Used.
    let offered = applicant.post("/handoff", "");
    let third = applicant.follow(&offered, "/handoff");
    tap(&mut phone, &third);
    let mut other = world.browser();
    useless(&other.get(&link(&third)));
    useless(&other.post(&link(&third), "word=0"));
    assert!(other.cookies.is_empty());
}

#[test]
fn h2_a_wrong_word_ends_the_code_and_two_end_the_hand_off() {
    let world = world();
    let (mut applicant, mut page) = offer(&world, "wrong");
    for miss in 1..=2 {
        let mut phone = world.browser();
        let opened = phone.get(&link(&page));
        let wrong = words(&opened).iter().position(|shown| *shown != word(&page)).unwrap();
        let refused = phone.post(&link(&page), &format!("word={wrong}"));
        assert_eq!(refused.status, StatusCode::GONE);
        assert!(refused.body.contains("That was not the word."), "{}", refused.body);
        assert!(phone.cookies.is_empty());
        assert_eq!(phone.get(&link(&page)).status, StatusCode::GONE);
        let told = applicant.get("/handoff");
        assert!(told.body.contains("On a phone the wrong word was tapped"), "{}", told.body);
        assert_eq!(told.body.contains("No phone can be connected any more."), miss == 2, "{}", told.body);
        if miss == 1 {
            let offered = applicant.post("/handoff", "");
            page = applicant.follow(&offered, "/handoff");
        }
    }
    let offered = applicant.post("/handoff", "");
    let over = applicant.follow(&offered, "/handoff");
    assert!(over.body.contains("No phone can be connected any more."), "{}", over.body);
    assert!(!applicant.get("/front").body.contains("/handoff"));
    // All goes on without a phone.
    let sent = applicant.send("front", &photo(1));
    applicant.follow(&sent, "/front/check");
}

#[test]
fn h3_a_phone_that_is_cut_off_or_replaced_or_whose_session_is_over_is_told() {
    let world = world();
    let (mut applicant, page) = offer(&world, "cut");
    let session = applicant.session.clone();
    let mut phone = world.browser();
    tap(&mut phone, &page);
    let gone = |phone: &mut Browser| {
        for page in [
            phone.get(&format!("{session}/document")),
            phone.get(&format!("{session}/document/front")),
            phone.upload(&format!("{session}/document/front"), &photo(1)),
            phone.post(&format!("{session}/document/front/keep"), "object=x"),
        ] {
            assert!(page.body.contains("This phone was disconnected"), "{} {}", page.status, page.body);
            assert_eq!(page.header("location"), None);
        }
    };
    let cut = applicant.post("/handoff/cut", "");
    applicant.follow(&cut, "/handoff");
    gone(&mut phone);
    let offered = applicant.post("/handoff", "");
    let again = applicant.follow(&offered, "/handoff");
    gone(&mut phone);
    let mut second = world.browser();
    tap(&mut second, &again);
    gone(&mut phone);
    assert_eq!(second.get(&format!("{session}/document")).status, StatusCode::SEE_OTHER);
    // The session ends at the computer.
    assert_eq!(status_of(&applicant.browser.post(&format!("{session}/cancel"), "")), "canceled");
    gone(&mut second);
    assert!(applicant.dossier().unwrap().pictures.is_empty());
}

#[test]
fn h3_when_the_time_is_over_the_phone_is_told_and_ends_nothing() {
    let world = world();
    let (mut applicant, page) = offer(&world, "late");
    let session = applicant.session.clone();
    let mut phone = world.browser();
    tap(&mut phone, &page);
    world.pass(Duration::from_mins(50));
    let late = phone.upload(&format!("{session}/document/front"), &photo(1));
    assert!(late.body.contains("This phone was disconnected"), "{}", late.body);
    assert!(applicant.browser.get(&session).body.contains("cancel"), "the computer still returns by itself");
}

#[test]
fn h4_the_right_of_a_phone_is_good_for_photos_alone() {
    let world = world();
    let (applicant, page) = offer(&world, "right");
    let session = applicant.session.clone();
    let mut phone = world.browser();
    tap(&mut phone, &page);
    assert_eq!(phone.cookies.len(), 1);
    let before = standing(&world);
    for step in ["/begin", "/send", "/state", "/withdraw", "/otherwise", "/handoff", "/handoff/cut"] {
        for method in ["GET", "POST"] {
            let page = phone.send(method, &format!("{session}/document{step}"), "");
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{method} {step}: {}", page.body);
        }
    }
    for path in ["", "/desk", "/cancel", "/accept", "/return"] {
        for method in ["GET", "POST"] {
            let page = phone.send(method, &format!("{session}{path}"), "");
            assert!(page.status.is_client_error(), "{method} {path}: {}", page.status);
            assert_eq!(page.header("location"), None);
        }
    }
    assert_eq!(standing(&world), before);
    // Nor is it that of another session, or a session.
    let mut other = Applicant::new(&world, "other");
    let (name, right) = phone.cookies.iter().next().map(|(name, right)| (name.clone(), right.clone())).unwrap();
    let mut thief = world.browser();
    let id = other.session.rsplit('/').next().unwrap().to_owned();
    for forged in [format!("__Host-idv-h-{id}"), format!("__Host-idv-{id}"), name.replace("-h-", "-")] {
        thief.cookies = [(forged.clone(), right.clone())].into();
        let session = if forged.contains(&id) { other.session.clone() } else { session.clone() };
        let page = thief.get(&format!("{session}/document/front"));
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{forged}");
    }
    other.get("");
}

#[test]
fn h5_not_mine_ends_the_code_and_the_computer_is_warned() {
    let world = world();
    let (mut applicant, page) = offer(&world, "mine");
    let mut phone = world.browser();
    let reported = phone.post(&link(&page), "word=none");
    assert_eq!(reported.status, StatusCode::GONE);
    assert!(reported.body.contains("Thank you."), "{}", reported.body);
    let told = applicant.get("/handoff");
    assert!(told.body.contains("Somebody opened your code and said that this is not theirs."), "{}", told.body);
    assert_eq!(told.body.matches("role=\"alert\"").count(), 1, "it is told once: {}", told.body);
    let dossier = applicant.dossier().unwrap();
    assert!(dossier.is_reported && dossier.misses == 1 && dossier.hand_off.is_none());
    assert_eq!(phone.post(&link(&page), "word=0").status, StatusCode::GONE);
}

/// That `page` thanks who reported the code, that the computer is warned, and that it is recorded once.
fn is_heard(applicant: &mut Applicant<'_>, page: &Page) {
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.body.contains("Thank you."), "{}", page.body);
    let told = applicant.get("/handoff");
    assert!(told.body.contains("Somebody opened your code and said that this is not theirs."), "{}", told.body);
    let dossier = applicant.dossier().unwrap();
    assert!(dossier.is_reported && dossier.misses == 1 && dossier.hand_off.is_none());
    let entries = entries(&applicant.world.app.store);
    let reported: Vec<_> = entries.iter().filter(|entry| entry.action == "handoff-reported").collect();
    assert!(matches!(reported[..], [entry] if entry.case == Some(dossier.number)), "{reported:?}");
}

/// Whoever came after somebody else was told that the code works no more, and nobody heard that it was another's.
#[test]
fn h5_not_mine_is_heard_after_the_code_was_used_and_cuts_off_who_used_it() {
    let world = world();
    let (mut applicant, page) = offer(&world, "used");
    let session = applicant.session.clone();
    let (mut phone, mut other) = (world.browser(), world.browser());
    tap(&mut phone, &page);
    take(&mut phone, &session, "front", 1);
    let reported = other.post(&link(&page), "word=none");
    is_heard(&mut applicant, &reported);
    assert!(other.cookies.is_empty());
    let cut = phone.upload(&format!("{session}/document/selfie"), &photo(2));
    assert!(cut.body.contains("This phone was disconnected"), "{}", cut.body);
    // Said again it is nothing new.
    let again = other.post(&link(&page), "word=none");
    assert!(again.body.contains("Ask for a new one on your computer."), "{}", again.body);
    assert_eq!(applicant.dossier().unwrap().misses, 1);
}

#[test]
fn h5_not_mine_is_heard_from_who_read_for_longer_than_five_minutes() {
    let world = world();
    let (mut applicant, page) = offer(&world, "late");
    let mut phone = world.browser();
    assert_eq!(phone.get(&link(&page)).status, StatusCode::OK);
    world.pass(Duration::from_mins(5));
    assert_eq!(phone.get(&link(&page)).status, StatusCode::GONE);
    let reported = phone.post(&link(&page), "word=none");
    is_heard(&mut applicant, &reported);
}

/// It is the code of nobody's attempt any more.
#[test]
fn h5_not_mine_is_nothing_to_who_has_a_code_that_another_replaced() {
    let world = world();
    let (mut applicant, page) = offer(&world, "replaced");
    let offered = applicant.post("/handoff", "");
    let newer = applicant.follow(&offered, "/handoff");
    let mut phone = world.browser();
    let told = phone.post(&link(&page), "word=none");
    assert!(told.body.contains("Ask for a new one on your computer."), "{}", told.body);
    assert!(!applicant.dossier().unwrap().is_reported);
    assert_eq!(tap(&mut phone, &newer).location(), applicant.address(""), "the newer one is good");
}

/// A stranger with an old code, or a phone that was cut off, submitted until its person could not.
#[test]
fn what_comes_of_a_code_that_is_over_takes_nothing_of_the_pace_of_its_person() {
    let rate = NonZeroU32::new(20);
    let submissions = || Allowances::new(rate, [TENANT.to_owned()]);
    let world = world().with(|app| App { submissions: submissions(), ..app });
    let (mut applicant, page) = offer(&world, "pace");
    let front = format!("{}/document/front", applicant.session);
    let (mut phone, mut other) = (world.browser(), world.browser());
    // While it is good, what says nothing neither uses it up nor takes anything of theirs.
    for _ in 0..20 {
        assert_eq!(other.post(&link(&page), "word=4").status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(other.post(&link(&page), "word=4").status, StatusCode::TOO_MANY_REQUESTS);
    tap(&mut phone, &page);
    for word in ["0", "4", ""].into_iter().cycle().take(40) {
        other.post(&link(&page), &format!("word={word}"));
    }
    assert_eq!(other.post(&link(&page), "word=none").status, StatusCode::TOO_MANY_REQUESTS, "it has its own");
    assert_eq!(applicant.post("/handoff/cut", "").status, StatusCode::SEE_OTHER);
    for _ in 0..40 {
        let told = phone.upload(&front, &photo(1));
        assert!(told.body.contains("This phone was disconnected"), "{}", told.body);
        assert_eq!(other.post(&link(&page), "word=none").status, StatusCode::GONE);
    }
    assert_eq!(applicant.post("/handoff", "").status, StatusCode::SEE_OTHER);
}

#[test]
fn another_site_taps_no_word() {
    let world = world();
    let (applicant, page) = offer(&world, "site");
    let mut phone = world.browser();
    phone.came_from = Some("cross-site".into());
    for word in ["0", "1", "2", "none"] {
        assert_eq!(phone.post(&link(&page), &format!("word={word}")).status, StatusCode::FORBIDDEN);
    }
    phone.came_from = Some("same-origin".into());
    for word in ["", "3", "-1", "00", "None"] {
        assert_eq!(phone.post(&link(&page), &format!("word={word}")).status, StatusCode::BAD_REQUEST, "{word}");
    }
    let hand_off = applicant.dossier().unwrap().hand_off.unwrap();
    assert!(matches!(hand_off.phase, Phase::Offered { .. }));
}

#[test]
fn opened_where_it_began_it_leads_back_there() {
    let world = world();
    let (mut applicant, page) = offer(&world, "same device");
    let opened = applicant.browser.get(&link(&page));
    assert!(opened.body.contains("Continue here") && words(&opened).is_empty(), "{}", opened.body);
    assert!(opened.body.contains(&format!("href=\"{}\"", applicant.address(""))));
}

#[test]
fn a_phone_sees_no_photo_that_is_kept_already() {
    let world = world();
    let mut applicant = Applicant::new(&world, "kept");
    applicant.agree("passport");
    applicant.take("front", 1);
    let offered = applicant.post("/handoff", "");
    let page = applicant.follow(&offered, "/handoff");
    let session = applicant.session.clone();
    let mut phone = world.browser();
    tap(&mut phone, &page);
    for step in ["front/check", "front/picture"] {
        let page = phone.get(&format!("{session}/document/{step}"));
        assert_eq!(page.header("location"), Some(applicant.address("").as_str()), "{step}");
    }
    phone.upload(&format!("{session}/document/selfie"), &photo(2));
    assert_eq!(phone.get(&format!("{session}/document/selfie/picture")).status, StatusCode::OK, "its own it does");
}

#[test]
fn a_computer_offers_a_phone_first_and_a_phone_another_last() {
    let world = world();
    let mut applicant = Applicant::new(&world, "first");
    applicant.agree("passport");
    let place = |page: &Page, text: &str| page.body.find(text).unwrap_or_else(|| panic!("{text} in {}", page.body));
    let computer = applicant.get("/front");
    assert!(place(&computer, "Take the photos with a phone") < place(&computer, "id=\"take\""));
    for (name, value) in [
        ("sec-ch-ua-mobile", "?1"),
        (
            "user-agent",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
        ),
        ("user-agent", "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"),
    ] {
        applicant.browser.headers = vec![(name.into(), value.into())];
        let phone = applicant.get("/front");
        assert!(place(&phone, "id=\"take\"") < place(&phone, "Take the photos with another phone"));
    }
    let world = World::with_document(Policy { hand_off: false, ..rules() });
    let mut applicant = Applicant::new(&world, "none");
    applicant.agree("passport");
    assert!(!applicant.get("/front").body.contains("handoff"));
    let refused = applicant.post("/handoff", "");
    assert!(applicant.follow(&refused, "/handoff").body.contains("No phone can be connected any more."));
    assert!(applicant.dossier().unwrap().hand_off.is_none());
}

#[test]
fn the_phone_speaks_the_language_of_the_computer() {
    let world = world();
    let mut applicant = Applicant::new(&world, "language");
    applicant.browser.headers.push(("accept-language".into(), "de".into()));
    applicant.agree("passport");
    let offered = applicant.post("/handoff", "");
    let page = applicant.follow(&offered, "/handoff");
    let mut phone = world.browser();
    phone.headers.push(("accept-language".into(), "fr".into()));
    let opened = phone.get(&link(&page));
    assert!(opened.body.contains("<html lang=\"de\"") && words(&opened).contains(&word(&page)), "{}", opened.body);
    tap(&mut phone, &page);
    assert!(phone.get(&applicant.address("/front")).body.contains("<html lang=\"de\""));
}

/// The same after a start anew, with browsers of these cookies.
fn begun_anew<const N: usize>(world: World, cookies: [BTreeMap<String, String>; N]) -> (World, [Browser; N]) {
    let world = world.with(|app| App { hand_offs: HandOffs::default(), ..app });
    let browsers = cookies.map(|cookies| {
        let mut browser = world.browser();
        browser.cookies = cookies;
        browser
    });
    (world, browsers)
}

#[test]
fn a_new_process_knows_no_code_and_the_phone_that_is_connected_goes_on() {
    let world = world();
    let (session, cookies) = {
        let (applicant, page) = offer(&world, "process");
        let mut phone = world.browser();
        tap(&mut phone, &page);
        (applicant.session, [applicant.browser.cookies, phone.cookies])
    };
    let (world, [mut computer, mut phone]) = begun_anew(world, cookies);
    assert_eq!(take(&mut phone, &session, "front", 1).location(), format!("{session}/document/selfie"));
    assert_eq!(computer.post(&format!("{session}/document/handoff"), "").status, StatusCode::SEE_OTHER);
    let shown = computer.get(&format!("{session}/document/handoff"));
    let cookies = computer.cookies.clone();
    drop((computer, phone));
    let (world, [mut computer]) = begun_anew(world, [cookies]);
    assert_eq!(world.browser().get(&link(&shown)).status, StatusCode::GONE);
    let page = computer.get(&format!("{session}/document/handoff"));
    assert!(page.body.contains("Show a code"), "{}", page.body);
}

#[test]
fn only_pages_that_ask_and_send_by_script_may_connect() {
    let world = world();
    let (mut applicant, page) = offer(&world, "policy");
    let connects = |page: &Page| page.header("content-security-policy").unwrap().contains("connect-src 'self'");
    assert!(connects(&page) && connects(&applicant.get("/front")));
    for step in ["/begin", "/otherwise", "/withdraw"] {
        assert!(!connects(&applicant.get(step)), "{step}");
    }
    let mut phone = world.browser();
    assert!(!connects(&phone.get(&link(&page))));
    applicant.take("front", 1);
    applicant.take("selfie", 2);
    assert!(!connects(&applicant.get("/send")));
    applicant.post("/send", "");
    assert!(connects(&applicant.get("")));
}

/// It was a code that does not work any more, and nothing was in the log.
#[test]
fn what_the_store_does_not_tell_is_no_fault_of_the_phone() {
    let disk = Disk::default();
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    let world = world().with(|app| App { store, ..app });
    let (mut applicant, page) = offer(&world, "faulty");
    let (subject, mut phone) = (subject(SUBJECT), world.browser());
    disk.refuse_writes(true);
    disk.refuse_reads(true);
    applicant.post("/handoff/cut", "");
    let fails = || world.app.store.kept_of(Kind::Document, &subject).is_err();
    let has_failed = (0..200).any(|_| {
        thread::sleep(Duration::from_millis(50));
        fails()
    });
    assert!(has_failed, "this test can fail");
    let (opened, log) = logged(|| phone.get(&link(&page)));
    assert_eq!(opened.status, StatusCode::SERVICE_UNAVAILABLE, "{}", opened.body);
    assert!(opened.body.contains("Reference for support"), "{}", opened.body);
    assert!(log.contains("store: "), "{log}");
}
