//! What happens while a photo is on its way, and whoever presses, begins or sends twice.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::{Request, Response, StatusCode};
use idv::verification::method::document::kind::Selfie;
use idv::verification::method::document::{Policy, Stage};
use idv::web::{App, Handled, Site};
use tokio::sync::oneshot;

use super::phone::{link, offer, tap};
use super::world;
use crate::support::album::everything_below;
use crate::support::applicant::{Applicant, photo, rules, standing, value};
use crate::support::browser::{Browser, Page};
use crate::support::slowly::Slowly;
use crate::support::world::{World, block_on};

/// A photo from `browser` to `path`, which comes when it is told to.
fn upload(
    app: &Arc<App>,
    browser: &Browser,
    path: &str,
    file: &[u8],
) -> (oneshot::Sender<()>, impl Future<Output = Page> + use<>) {
    let head = "--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n";
    let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
    let cookies: Vec<_> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (tell, mut told) = oneshot::channel::<()>();
    let is_told = move |context: &mut Context<'_>| Pin::new(&mut told).poll(context).map(drop);
    let request = Request::post(path)
        .header("host", browser.host)
        .header("cookie", cookies.join("; "))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(Slowly::whole(body.into(), is_told));
    let Handled::Slowly(answer, _) = app.handle(request.unwrap(), Duration::ZERO) else {
        panic!("it waits for no body")
    };
    let page = async {
        let (parts, body) = Response::into_parts(answer.await);
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Page { status: parts.status, headers: parts.headers, body, bytes }
    };
    (tell, page)
}

/// What is answered to a photo, while the rest of which comes `act` is done.
fn while_it_comes(world: &World, browser: &Browser, path: &str, file: &[u8], act: impl FnOnce() + Send) -> Page {
    block_on(async {
        let (tell, page) = upload(&world.app, browser, path, file);
        let mut page = pin!(page);
        assert!(page.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        thread::scope(|scope| scope.spawn(act).join()).unwrap();
        tell.send(()).unwrap();
        page.await
    })
}

/// The same browser in another tab.
fn tab<'w>(applicant: &Applicant<'w>) -> Applicant<'w> {
    let mut browser = applicant.world.browser();
    browser.cookies.clone_from(&applicant.browser.cookies);
    Applicant { world: applicant.world, browser, session: applicant.session.clone() }
}

/// The files of photos that there are.
fn files(world: &World) -> usize {
    let evidence = world.directory.path().join("evidence");
    let files = ["objects", "new"].map(|below| everything_below(&evidence.join(below)).len());
    let files = files.iter().sum();
    assert_eq!(world.app.evidence.space().unwrap().files, files as u64);
    files
}

/// It would have been in a case to whose notice nobody had agreed with it, sealed to another, and opened for no reviewer.
#[test]
fn a_photo_on_its_way_while_all_is_begun_anew_comes_into_no_other_case() {
    for is_withdrawn in [true, false] {
        let world = world();
        let mut applicant = Applicant::new(&world, "anew");
        applicant.agree("passport");
        let mut other = tab(&applicant);
        let again = || {
            if is_withdrawn {
                other.post("/withdraw", "");
            }
            let begun = other.agree("identity_card");
            other.follow(&begun, "/front");
        };
        let sent = while_it_comes(&world, &applicant.browser, &applicant.address("/front"), &photo(1), again);
        let told = applicant.follow(&sent, "?problem=gone");
        assert_eq!(told.location(), applicant.address("/front"), "what was begun goes on");
        assert!(applicant.dossier().unwrap().pictures.is_empty());
        assert_eq!(files(&world), 0);
        let kept = applicant.take("front", 2);
        applicant.follow(&kept, "/back");
    }
}

#[test]
fn a_photo_on_its_way_while_the_case_is_sent_is_not_in_it() {
    let world = world();
    let mut applicant = Applicant::new(&world, "send");
    applicant.agree("passport");
    applicant.take("front", 1);
    applicant.take("selfie", 2);
    let before = applicant.dossier().unwrap().digests();
    let mut other = tab(&applicant);
    let send = || _ = other.post("/send", "");
    let told = while_it_comes(&world, &applicant.browser, &applicant.address("/front"), &photo(3), send);
    assert_eq!(told.status, StatusCode::BAD_REQUEST, "{}", told.body);
    let dossier = applicant.dossier().unwrap();
    assert!(matches!(dossier.stage, Stage::Waiting { .. }));
    assert_eq!((dossier.digests(), files(&world)), (before, 2));
}

#[test]
fn a_photo_on_its_way_while_its_phone_is_cut_off_is_not_taken() {
    let world = world();
    let (applicant, page) = offer(&world, "cut");
    let mut phone = world.browser();
    tap(&mut phone, &page);
    let mut other = tab(&applicant);
    let cut = || _ = other.post("/handoff/cut", "");
    let sent = while_it_comes(&world, &phone, &applicant.address("/front"), &photo(1), cut);
    assert!(sent.body.contains("This phone was disconnected"), "{} {}", sent.status, sent.body);
    assert!(applicant.dossier().unwrap().pictures.is_empty());
    assert_eq!(files(&world), 0);
    assert_eq!(world.browser().get(&link(&page)).status, StatusCode::GONE);
}

#[test]
fn a_photo_on_its_way_while_the_session_ends_is_not_taken() {
    let world = world();
    let mut applicant = Applicant::new(&world, "end");
    applicant.agree("passport");
    let (mut other, session) = (tab(&applicant), applicant.session.clone());
    let leave = || _ = other.browser.post(&format!("{session}/cancel"), "");
    let sent = while_it_comes(&world, &applicant.browser, &applicant.address("/front"), &photo(1), leave);
    assert!(sent.location().contains("/continue?"), "it leads back, as the other tab did");
    assert!(applicant.dossier().is_none_or(|dossier| dossier.pictures.is_empty()));
    assert_eq!(files(&world), 0);
}

/// As a script sends it that heard nothing of the first try.
#[test]
fn the_same_photo_once_more_while_it_comes_is_one_file() {
    let world = world();
    let mut applicant = Applicant::new(&world, "twice");
    applicant.agree("passport");
    let path = applicant.address("/front");
    let pages = block_on(async {
        let (tell, first) = upload(&world.app, &applicant.browser, &path, &photo(1));
        let (tell_again, again) = upload(&world.app, &applicant.browser, &path, &photo(1));
        let (mut first, mut again) = (pin!(first), pin!(again));
        for page in [first.as_mut() as Pin<&mut dyn Future<Output = Page>>, again.as_mut()] {
            assert!(page.poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        tell.send(()).unwrap();
        tell_again.send(()).unwrap();
        tokio::join!(first, again)
    });
    for page in [pages.0, pages.1] {
        applicant.follow(&page, "/front/check");
    }
    assert_eq!((applicant.dossier().unwrap().revision, files(&world)), (1, 1));
}

#[test]
fn whoever_sends_twice_has_sent_once_and_hears_nothing_else() {
    let world = world();
    let mut applicant = Applicant::new(&world, "twice");
    applicant.send_passport(1);
    let before = standing(&world);
    let again = applicant.post("/send", "");
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let location = again.location().to_owned();
    let waiting = applicant.browser.get(&location);
    assert!(waiting.body.contains("http-equiv=\"refresh\""), "it waits: {}", waiting.body);
    assert!(!waiting.body.contains("role=\"alert\"") && !waiting.body.contains("<title>Problem"), "{}", waiting.body);
    assert_eq!(standing(&world), before);
}

/// Each stayed for up to an hour: a person who took one photo after the other had all room for themselves.
#[test]
fn a_photo_that_is_replaced_withdrawn_or_begun_anew_leaves_no_file() {
    let world = world();
    let mut applicant = Applicant::new(&world, "gone");
    applicant.agree("passport");
    for seed in 1..=5 {
        let sent = applicant.send("front", &photo(seed));
        applicant.follow(&sent, "/front/check");
        assert_eq!(files(&world), 1, "photo {seed}");
    }
    applicant.take("selfie", 9);
    assert_eq!(files(&world), 2);
    applicant.agree("passport");
    assert_eq!(files(&world), 0, "begun anew");
    applicant.take("front", 1);
    applicant.post("/withdraw", "");
    assert_eq!(files(&world), 0, "withdrawn as a draft");
    applicant.send_passport(1);
    assert_eq!(files(&world), 2);
    applicant.post("/withdraw", "");
    assert_eq!(files(&world), 0, "withdrawn once it was sent");
    applicant.send_passport(3);
    // Another login, which knows nothing of it.
    let mut other = Applicant::new(&world, "other");
    let notice = value(&other.get("/begin"), "notice");
    other.post("/begin", &format!("consent=yes&kind=passport&notice={notice}&anew=yes"));
    assert_eq!(files(&world), 0, "superseded");
}

/// Who began again until the pose was that of a photo they had needed no camera.
#[test]
fn nobody_draws_a_cue_until_it_fits() {
    for selfie in [Selfie::CodeOnPaper, Selfie::Pose] {
        let world = World::with_document(Policy { selfie, ..rules() });
        let mut applicant = Applicant::new(&world, "draw");
        applicant.agree("passport");
        let cue = applicant.dossier().unwrap().cue;
        for _ in 0..3 {
            applicant.agree("identity_card");
            assert_eq!(applicant.dossier().unwrap().cue, cue, "begun again");
            applicant.post("/withdraw", "");
            applicant.agree("passport");
            assert_eq!(applicant.dossier().unwrap().cue, cue, "withdrawn before");
        }
        let mut later = Applicant::new(&world, "later");
        later.agree("passport");
        assert_eq!(later.dossier().unwrap().cue, cue, "in another login");
        // What was sent counts, and so does a day.
        later.take("front", 1);
        later.take("selfie", 2);
        if selfie == Selfie::Pose {
            later.take("pose", 3);
        }
        later.post("/send", "");
        later.post("/withdraw", "");
        later.agree("passport");
        let sent = later.dossier().unwrap().cue;
        assert_ne!(sent, cue, "it was sent");
        world.pass(Duration::from_hours(24));
        let mut tomorrow = Applicant::new(&world, "tomorrow");
        tomorrow.agree("passport");
        let cue_of_tomorrow = tomorrow.dossier().unwrap().cue;
        assert!(![cue, sent].contains(&cue_of_tomorrow), "another day");
    }
}

/// Nor is it anybody else's.
#[test]
fn the_cues_of_two_people_differ() {
    let world = world();
    let cues = ["auth0|one", "auth0|other"].map(|user_id| {
        let mut applicant = Applicant::with(&world, user_id, &serde_json::json!({ "sub": user_id }));
        applicant.agree("passport");
        let kept = world
            .app
            .store
            .kept_of(idv::verification::method::Kind::Document, &crate::support::world::subject(user_id));
        kept.unwrap().into_document().dossier.unwrap().cue
    });
    assert_ne!(cues[0], cues[1]);
}
