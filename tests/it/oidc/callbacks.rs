//! Callbacks all at once, twice, from a browser that is gone, and with a clock that was set: one answer is dealt with once,
//! and what was decided is not lost.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use idv::verification::outcome::Status;
use idv::web::{Handled, Site};

use super::faults::METADATA;
use super::scene::{Scene, Setting, lines, logged, window};
use crate::support::browser::{Browser, Page};
use crate::support::liar::{Manner, Par};
use crate::support::token::{self, SECRET, TENANT};

const CROWD: usize = 64;

/// Somebody who stands before the door with what the provider gave them.
struct Returning {
    browser: Browser,
    session: String,
    /// The address that they come back by.
    back: String,
}

fn returning(scene: &Scene, jti: &str) -> Returning {
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token(jti));
    let page = Scene::click(&mut browser, &session);
    Returning { browser, session, back: scene.back(&page) }
}

/// That `page` sends the browser home with a success.
#[track_caller]
fn assert_success(page: &Page) {
    assert!(page.location().starts_with(&format!("https://{TENANT}/continue?")), "{}", page.location());
    assert_eq!(token::open(&page.parameter("token"), SECRET)["status"], "success");
}

/// That `page` sends the browser back to the method's page, which says so.
#[track_caller]
fn assert_notice(browser: &mut Browser, page: &Page, session: &str, notice: &str, says: &str) {
    assert_eq!(page.location(), format!("{session}/oidc/liar?notice={notice}"));
    let page = browser.get(page.location());
    assert!(page.status == StatusCode::OK && page.body.contains(says), "{}", page.body);
}

#[test]
fn sixty_four_callbacks_at_once_are_sixty_four_verifications() {
    let scene = Scene::new(Setting::USUAL);
    // Half of them find no turn, and wait for one.
    scene.liar.be("/token", Manner::Late(Duration::from_millis(200)));
    let crowd: Vec<_> = (0..CROWD).map(|number| returning(&scene, &number.to_string())).collect();
    let start = Barrier::new(CROWD);
    thread::scope(|scope| {
        for Returning { mut browser, back, .. } in crowd {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                assert_success(&browser.get(&back));
            });
        }
    });
    assert_eq!(scene.checks(), [Status::Success; CROWD]);
    assert_eq!((scene.liar.asked("/token").len(), scene.liar.complaints()), (CROWD, vec![]));
}

#[test]
fn one_callback_sixty_four_times_at_once_is_one_verification() {
    let scene = Scene::new(Setting::USUAL);
    let one = returning(&scene, "one");
    let start = Barrier::new(CROWD);
    thread::scope(|scope| {
        for _ in 0..CROWD {
            let (start, back) = (&start, &one.back);
            let mut browser = window(&scene.world, &one.browser.cookies);
            scope.spawn(move || {
                start.wait();
                assert_success(&browser.get(back));
            });
        }
    });
    assert_eq!(scene.checks(), [Status::Success]);
    assert_eq!((scene.liar.asked("/token").len(), scene.liar.asked("/userinfo").len()), (1, 1));
}

#[test]
fn whoever_comes_twice_while_the_first_is_dealt_with_waits_for_what_comes_of_it() {
    let scene = Scene::new(Setting::USUAL);
    scene.liar.be("/token", Manner::Late(Duration::from_millis(500)));
    let Returning { browser, back, .. } = returning(&scene, "one");
    thread::scope(|scope| {
        let come = || assert_success(&window(&scene.world, &browser.cookies).get(&back));
        let first = scope.spawn(come);
        scene.liar.wait_for("/token", 1);
        assert!(!first.is_finished());
        come();
    });
    assert_eq!((scene.checks(), scene.liar.asked("/token").len()), (vec![Status::Success], 1));
}

/// The cookie of the way there used to go at once, and with the back button everybody met a refusal.
#[test]
fn whoever_comes_once_more_afterwards_has_the_same_outcome() {
    let scene = Scene::new(Setting::USUAL);
    let Returning { mut browser, back, .. } = returning(&scene, "one");
    let first = browser.get(&back);
    assert_success(&first);
    for pass in [0, 60, 600] {
        scene.world.pass(Duration::from_secs(pass));
        let again = browser.get(&back);
        assert_success(&again);
        let id = |page: &Page| token::open(&page.parameter("token"), SECRET)["idv_id"].clone();
        assert_eq!(id(&again), id(&first));
    }
    assert_eq!((scene.checks(), scene.liar.asked("/token").len()), (vec![Status::Success], 1));
}

#[test]
fn whoever_repeats_a_callback_that_failed_is_told_the_same_and_the_code_is_not_sent_again() {
    let scene = Scene::new(Setting::USUAL);
    let Returning { browser, session, back } = returning(&scene, "one");
    scene.liar.be("/token", Manner::Gone);
    for _ in 0..3 {
        let mut window = window(&scene.world, &browser.cookies);
        let page = window.get(&back);
        assert_notice(&mut window, &page, &session, "unavailable", "try again");
    }
    scene.liar.be_prompt();
    let mut browser = window(&scene.world, &browser.cookies);
    let page = browser.get(&back);
    assert_notice(&mut browser, &page, &session, "unavailable", "try again");
    assert_eq!((scene.checks(), scene.liar.asked("/token").len()), (vec![], 1));
    assert_eq!(scene.go(browser, session, || {}).failure(&scene.liar), None);
}

/// A phone that loses its connection in a tunnel.
#[test]
fn whoever_is_gone_in_the_middle_is_verified_and_has_it_when_they_are_back() {
    let scene = Scene::new(Setting::USUAL);
    let Returning { mut browser, session, back } = returning(&scene, "one");
    let cookies: Vec<_> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::get(&back).header("host", "idv.example.test").header("cookie", cookies.join("; "));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    scene.liar.be("/token", Manner::Late(Duration::from_millis(300)));
    let Handled::Later(answer) =
        scene.world.app.handle(request.body(Full::<Bytes>::default()).unwrap(), Duration::ZERO)
    else {
        panic!("it waits for the provider")
    };
    let waiting = runtime.spawn(answer);
    scene.liar.wait_for("/token", 1);
    waiting.abort();
    assert!(runtime.block_on(waiting).unwrap_err().is_cancelled());
    // Nobody is there, and yet it goes on.
    scene.liar.wait_for("/userinfo", 1);
    assert_success(&browser.get(&back));
    assert_success(&browser.get(&format!("{session}/return")));
    assert_eq!((scene.checks(), scene.liar.asked("/token").len()), (vec![Status::Success], 1));
}

#[test]
fn a_login_that_is_canceled_meanwhile_stays_so() {
    let scene = Scene::new(Setting::USUAL);
    scene.liar.be("/token", Manner::Late(Duration::from_millis(500)));
    let Returning { browser, session, back } = returning(&scene, "one");
    thread::scope(|scope| {
        let first = scope.spawn(|| window(&scene.world, &browser.cookies).get(&back));
        scene.liar.wait_for("/token", 1);
        window(&scene.world, &browser.cookies).post(&format!("{session}/cancel"), "");
        let page = first.join().unwrap();
        assert_eq!(token::open(&page.parameter("token"), SECRET)["status"], "canceled");
    });
    assert_eq!(scene.checks(), []);
}

/// Without tolerance, a provider whose answer takes a second used to have made its token later than now.
#[test]
fn a_token_that_is_made_while_it_is_waited_for_is_of_now() {
    let scene = Scene::with(Setting { par: Par::Absent, ..Setting::USUAL }, |provider| {
        provider.clock_leeway = Duration::ZERO;
    });
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("one"));
    let page = Scene::click(&mut browser, &session);
    // What it says of itself is asked for anew, and that takes its time.
    scene.world.pass(Duration::from_mins(5));
    scene.liar.be(METADATA, Manner::Late(Duration::from_millis(500)));
    let back = scene.back(&page);
    thread::scope(|scope| {
        let first = scope.spawn(|| browser.get(&back));
        scene.liar.wait_for(METADATA, 2);
        scene.world.pass(Duration::from_secs(7));
        assert_success(&first.join().unwrap());
    });
}

#[test]
fn a_clock_that_is_set_between_click_and_callback_makes_no_check_of_a_wrong_time() {
    let hour = 3600;
    let cases = [
        (-hour, StatusCode::SERVICE_UNAVAILABLE, "behind"),
        (2 * hour, StatusCode::GONE, "over"),
        (30, StatusCode::SEE_OTHER, ""),
        (-30, StatusCode::SEE_OTHER, ""),
    ];
    for (set, status, cause) in cases {
        let scene = Scene::new(Setting::USUAL);
        let Returning { mut browser, back, .. } = returning(&scene, "one");
        let now = scene.world.now();
        scene.world.set_clock(now.checked_add_signed(set).unwrap());
        let (page, log) = logged(|| browser.get(&back));
        assert_eq!(page.status, status, "{set}: {}", page.body);
        if cause.is_empty() {
            assert_success(&page);
            continue;
        }
        assert!(lines(&log).any(|line| line["cause"].as_str().unwrap().contains(cause)), "{set}: {log}");
        assert_eq!((scene.checks(), scene.liar.asked("/token").len()), (vec![], 0), "{set}");
        // Once it is right again, so is the answer.
        scene.world.set_clock(now);
        assert_success(&browser.get(&back));
        assert_eq!(scene.checks(), [Status::Success], "{set}");
    }
}

/// From fifty minutes on nobody may act, and who was at the provider all the time comes back all the same.
#[test]
fn who_comes_back_late_is_verified_and_nobody_sets_out_then() {
    let scene = Scene::new(Setting { par: Par::Absent, ..Setting::USUAL });
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("one"));
    scene.world.pass(Duration::from_mins(40));
    let page = Scene::click(&mut browser, &session);
    scene.world.pass(Duration::from_secs(1));
    let too_late = Scene::click(&mut browser, &session);
    assert_notice(&mut browser, &too_late, &session, "too-late", "little time is left");
    scene.world.pass(Duration::from_mins(15));
    let back = scene.back(&page);
    assert_success(&browser.get(&back));
    assert_eq!(scene.checks(), [Status::Success]);
}
