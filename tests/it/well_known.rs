//! `GET /.well-known/idv-doctor/WORD`: this process proves that it is the one, to whoever has a word from it.

use std::time::Duration;

use hyper::StatusCode;

use crate::support::world::World;

#[test]
fn a_word_is_answered_once() {
    let world = World::new();
    let appointment = world.app.presence.appoint(world.app.clock.now());
    let path = format!("/.well-known/idv-doctor/{}", appointment.word);
    let page = world.browser().get(&path);
    assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, appointment.answer.as_str()));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(world.browser().get(&path).status, StatusCode::NOT_FOUND);
}

#[test]
fn without_a_word_of_ours_there_is_nothing() {
    let world = World::new();
    let old = world.app.presence.appoint(world.app.clock.now()).word;
    world.pass(Duration::from_mins(1));
    let answer = world.app.presence.appoint(world.app.clock.now()).answer;
    for word in ["", "word", &"0".repeat(32), &"0".repeat(4096), &old, &answer, "..%2f", &format!("{answer}/")] {
        assert_eq!(world.browser().get(&format!("/.well-known/idv-doctor/{word}")).status, StatusCode::NOT_FOUND);
    }
    for path in
        ["/.well-known", "/.well-known/idv-doctor", "/.well-known/idv-jwks.json", "/.well-known/openid-configuration"]
    {
        assert_eq!(world.browser().get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
}
