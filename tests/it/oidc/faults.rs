//! A provider that is dead, slow, or answers what nobody asked for: the person reads so, nothing is half done, and as soon as
//! the provider is there again they are verified.

use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use hyper::StatusCode;
use idv::egress::{Destinations, Door, Names, Onward, Patience, Way};
use idv::verification::outcome::Status;
use serde_json::json;
use tempfile::TempDir;

use super::scene::{Came, Scene, Setting, directly};
use crate::support::figure;
use crate::support::liar::lies::Lie;
use crate::support::liar::tells::Tells;
use crate::support::liar::{Manner, Par};

pub(super) const METADATA: &str = "/.well-known/openid-configuration";
/// Where the provider is asked, and what it is called if it does not answer there.
const ENDPOINTS: [(&str, &str); 5] = [
    (METADATA, "metadata_unreachable"),
    ("/par", "push_unreachable"),
    ("/token", "token_unreachable"),
    ("/jwks", "keys_unreachable"),
    ("/userinfo", "userinfo_unreachable"),
];
/// Patience that tests can wait for.
const HASTE: Patience = Patience { connect: Duration::from_secs(2), total: Duration::from_secs(3) };
/// How often a provider that is down is asked whether it still is, in seconds.
const PAUSE: u64 = 30;
/// For so long what a provider says of itself holds, if it does not say for how long.
const FRESH: u64 = 300;
const DAY: u64 = 86_400;

/// That `came` was refused by this cause, and nothing came of it; and that an honest provider verifies the same person in
/// the same session.
fn end_well(scene: &Scene, mut came: Came, cause: &str, what: &str) {
    assert_eq!(came.complaints(cause), Vec::<String>::new(), "{what}");
    assert_eq!(scene.checks(), [], "{what}");
    scene.liar.be_honest();
    scene.liar.be_prompt();
    assert_eq!(scene.go(came.browser, came.session, || {}).failure(&scene.liar), None, "{what}");
    assert_eq!(scene.checks(), [Status::Success], "{what}");
}

#[test]
fn whoever_does_not_answer_wherever_it_is_asked_is_told_of_and_is_believed_once_it_does() {
    let manners = [Manner::Never, Manner::Drip(Duration::from_millis(100)), Manner::Gone];
    thread::scope(|scope| {
        for manner in manners {
            for (path, cause) in ENDPOINTS {
                scope.spawn(move || {
                    let scene = Scene::by(Setting::USUAL, HASTE, directly);
                    scene.liar.be(path, manner);
                    let came = scene.log_in("one");
                    end_well(&scene, came, cause, &format!("{path}: {manner:?}"));
                });
            }
        }
    });
}

#[test]
fn one_who_is_slow_and_in_time_is_heard() {
    let scene = Scene::by(Setting::USUAL, HASTE, directly);
    for (path, _) in ENDPOINTS {
        scene.liar.be(path, Manner::Late(Duration::from_millis(500)));
    }
    scene.succeed("one");
    assert_eq!(scene.checks(), [Status::Success]);
}

/// What others are given in seconds.
#[test]
fn eight_seconds_are_the_limit() {
    if !figure::is_long() {
        return;
    }
    for (path, cause) in ENDPOINTS {
        let scene = Scene::new(Setting::USUAL);
        scene.liar.be(path, Manner::Late(Duration::from_millis(8100)));
        let came = scene.log_in("one");
        end_well(&scene, came, cause, path);
        let scene = Scene::new(Setting::USUAL);
        scene.liar.be(path, Manner::Late(Duration::from_millis(7900)));
        scene.succeed("one");
    }
}

/// A lie in all that is answered at `path`.
fn answering(cause: &'static str, path: &'static str, tells: fn(&'static str) -> Tells) -> &'static Lie {
    Box::leak(Box::new(Lie { cause, name: "all of it", tells: Box::leak(Box::new([tells(path)])) }))
}

#[test]
fn a_mebibyte_is_not_read() {
    for (path, cause) in ENDPOINTS {
        let scene = Scene::new(Setting::USUAL);
        scene.liar.tell(answering(cause, path, |path| {
            Tells::Answer(path, |mut reply, _| {
                reply.body = [&reply.body[..], &vec![b' '; 1 << 20]].concat().into();
                reply
            })
        }));
        let came = scene.log_in("one");
        end_well(&scene, came, cause, path);
    }
}

#[test]
fn ten_thousand_keys_are_not_read() {
    let scene = Scene::new(Setting::USUAL);
    scene.liar.tell(answering("keys_unreachable", "/jwks", |_| {
        Tells::Keys(|keys, facts| {
            keys["keys"] = (0..10_000).map(|number| json!({ "kid": number.to_string(), "x": facts.jwk })).collect();
        })
    }));
    let came = scene.log_in("one");
    end_well(&scene, came, "keys_unreachable", "keys");
}

/// A code or a secret would go to wherever the provider says.
#[test]
fn a_redirect_is_not_followed() {
    let causes =
        ["metadata_unreachable", "push_malformed", "token_malformed", "keys_unreachable", "userinfo_malformed"];
    for ((path, _), cause) in ENDPOINTS.into_iter().zip(causes) {
        let scene = Scene::new(Setting::USUAL);
        // The one that has a request sent again with all that is in it (RFC 9110 §15.4.8).
        scene.liar.tell(answering(cause, path, |path| {
            Tells::Answer(path, |mut reply, facts| {
                reply.status = 307;
                reply.headers.push(("location", format!("{}/elsewhere", facts.issuer)));
                reply
            })
        }));
        let came = scene.log_in("one");
        assert_eq!(scene.liar.asked("/elsewhere").len(), 0, "{path}");
        end_well(&scene, came, cause, path);
    }
}

/// The name leads to this very machine, and nobody said that it may.
#[test]
fn a_name_that_leads_to_this_machine_is_not_followed_there() {
    let scene = Scene::by(Setting::USUAL, HASTE, |port| {
        let nowhere_private: [&str; 0] = [];
        let destinations = Destinations::new([("localhost".to_owned(), port)], nowhere_private);
        Way::Direct(Door::of(destinations, Names::of_machine().unwrap(), Onward::default()))
    });
    let mut came = scene.log_in("one");
    assert_eq!(came.complaints("metadata_unreachable"), Vec::<String>::new());
    assert!(came.log.contains("its address is not one of the internet"), "{}", came.log);
    assert_eq!(scene.liar.asked(METADATA).len(), 0);
}

fn pass(scene: &Scene, seconds: u64) {
    scene.world.pass(Duration::from_secs(seconds));
}

/// Has the provider fail `count` times, each in a login of its own.
fn fail(scene: &Scene, count: usize, cause: &str) {
    for number in 0..count {
        let complaints = scene.log_in(&format!("{cause} {number} {}", scene.world.now())).complaints(cause);
        assert_eq!(complaints, Vec::<String>::new(), "{number}");
    }
}

/// Whether who may choose is told that the provider is not there.
fn is_told(scene: &Scene) -> bool {
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token(&format!("choice {}", scene.world.now())));
    let page = browser.get(&session);
    assert!(page.body.contains("/oidc/liar"), "{}", page.body);
    page.body.contains("cannot be reached at the moment")
}

#[test]
fn one_who_fails_three_times_is_left_alone_and_asked_every_half_minute() {
    for (par, path, cause) in
        [(Par::Absent, METADATA, "metadata_unreachable"), (Par::Required, "/par", "push_unreachable")]
    {
        let scene = Scene::new(Setting { par, ..Setting::USUAL });
        let asked = || scene.liar.asked(path).len();
        scene.liar.be(path, Manner::Gone);
        fail(&scene, 2, cause);
        assert!(!is_told(&scene), "{path}: it may come back");
        fail(&scene, 1, cause);
        assert!(is_told(&scene), "{path}");
        assert_eq!(asked(), 3);
        fail(&scene, 5, "provider_down");
        pass(&scene, PAUSE - 1);
        fail(&scene, 1, "provider_down");
        assert_eq!(asked(), 3, "{path}: nobody asks");
        pass(&scene, 1);
        fail(&scene, 1, cause);
        fail(&scene, 3, "provider_down");
        assert_eq!(asked(), 4, "{path}: one asks");
        scene.liar.be_prompt();
        pass(&scene, PAUSE);
        scene.succeed("again");
        assert!(!is_told(&scene), "{path}");
    }
}

#[test]
fn what_it_said_of_itself_serves_a_day_longer_where_it_cannot_be_asked() {
    for (path, cause) in [(METADATA, "metadata_unreachable"), ("/jwks", "keys_unreachable")] {
        // That of the person's verification is not the age that this is about.
        let scene = Scene::with(Setting::USUAL, |provider| provider.accept.verified_claims = None);
        scene.succeed("first");
        scene.liar.be(path, Manner::Gone);
        pass(&scene, FRESH - 1);
        scene.succeed("fresh");
        assert_eq!(scene.liar.asked(path).len(), 1, "{path}: nobody asks before");
        pass(&scene, 1);
        scene.succeed("stale");
        pass(&scene, PAUSE - 1);
        scene.succeed("still stale");
        assert_eq!(scene.liar.asked(path).len(), 2, "{path}: nobody else waits for it");
        pass(&scene, 1);
        scene.succeed("asked again");
        assert_eq!(scene.liar.asked(path).len(), 3, "{path}");
        pass(&scene, DAY - PAUSE - 1);
        scene.succeed("for the last time");
        pass(&scene, 1);
        assert_eq!(scene.log_in("too old").complaints(cause), Vec::<String>::new());
    }
}

#[test]
fn keys_that_change_with_every_answer_are_asked_for_once_a_minute() {
    let scene = Scene::new(Setting { algorithm: "ES256", ..Setting::USUAL });
    scene.succeed("first");
    let asked = || scene.liar.asked("/jwks").len();
    assert_eq!(asked(), 1);
    scene.liar.rotate();
    scene.succeed("rotated");
    assert_eq!(asked(), 2, "a key that is not known");
    for number in 0..5 {
        scene.liar.rotate();
        let complaints = scene.log_in(&format!("storm {number}")).complaints("id_token_key_unknown");
        assert_eq!(complaints, Vec::<String>::new());
    }
    assert_eq!(asked(), 2);
    pass(&scene, 59);
    assert_eq!(scene.log_in("a second before").complaints("id_token_key_unknown"), Vec::<String>::new());
    pass(&scene, 1);
    scene.succeed("a minute later");
    assert_eq!(asked(), 3);
}

/// Providers that publish one key have changed it under its name, and nobody was verified for as long as the old one held.
#[test]
fn a_key_that_changes_under_its_name_is_asked_for_anew() {
    let scene = Scene::new(Setting { algorithm: "ES256", ..Setting::USUAL });
    scene.succeed("first");
    scene.liar.rotate_in_place();
    scene.succeed("another key of the same name");
    assert_eq!(scene.liar.asked("/jwks").len(), 2);
}

/// A socket on which somebody listens who never answers.
fn hanging() -> (TempDir, UnixListener, PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("proxy.sock");
    (directory, UnixListener::bind(&path).unwrap(), path)
}

#[test]
fn a_way_out_that_is_not_there_is_told_of_at_once() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("proxy.sock");
    let scene = Scene::by(Setting::USUAL, Patience::default(), |_| Way::Socket(path));
    let mut came = scene.log_in("one");
    assert_eq!(came.complaints("metadata_unreachable"), Vec::<String>::new());
    assert!(came.log.contains("the way out is closed"), "{}", came.log);
    assert_eq!(scene.checks(), []);
}

/// By the order in which they end, since no time is short enough on a busy machine.
#[test]
fn while_the_way_out_hangs_nobody_else_waits() {
    let (_directory, _listener, path) = hanging();
    let scene = Scene::by(Setting::USUAL, HASTE, |_| Way::Socket(path));
    let code = scene.world.issue();
    let set_out = Barrier::new(2);
    thread::scope(|scope| {
        let waits = scope.spawn(|| {
            set_out.wait();
            scene.log_in("waits").complaints("metadata_unreachable")
        });
        set_out.wait();
        let mut browser = scene.world.browser();
        let session = browser.begin(&scene.world.token("desk"));
        assert!(browser.get(&session).body.contains("/oidc/liar"));
        let page = browser.post(&format!("{session}/desk"), &format!("code={code}"));
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        assert!(!waits.is_finished(), "others have long ended");
        assert_eq!(waits.join().unwrap(), Vec::<String>::new());
    });
    assert_eq!(scene.checks(), [Status::Success]);
}

#[test]
fn an_address_that_is_too_long_to_get_there_is_no_fault_of_an_endpoint() {
    let long = |length: usize| {
        Scene::with(Setting { par: Par::Absent, ..Setting::USUAL }, |provider| {
            provider.parameters = (0..4).map(|n| (format!("purpose_{n}"), "x".repeat(length))).collect();
        })
    };
    assert_eq!(long(1024).log_in("one").complaints("request_too_long"), Vec::<String>::new());
    long(512).succeed("one");
}
