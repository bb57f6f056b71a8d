//! What a person is shown on the way to a provider, and how they go on who come back twice or too late.

use std::time::Duration;

use crate::oidc::scene::{Scene, Setting};

const BUTTON: &str = "name=\"continue\"";

#[test]
fn who_has_no_time_for_the_way_is_offered_the_return_and_no_button_that_fails() {
    // The page said to return to the login, and its one main button was the way that had just been refused.
    let scene = Scene::new(Setting::USUAL);
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("late"));
    let page = format!("{}/oidc/liar", session.trim_end_matches("/oidc/liar"));
    scene.world.pass(Duration::from_mins(40));
    let body = browser.get(&page).body;
    assert!(body.contains(BUTTON) && !body.contains("role=\"alert\""), "{body}");
    scene.world.pass(Duration::from_secs(1));
    assert!(browser.post(&page, "continue=").location().ends_with("/oidc/liar?notice=too-late"));
    for address in [page.clone(), format!("{page}?notice=too-late"), format!("{page}?notice=denied")] {
        let body = browser.get(&address).body;
        assert!(body.contains("Too little time is left"), "{body}");
        assert!(!body.contains(BUTTON) && body.matches("/cancel\"").count() == 1, "{body}");
    }
}

#[test]
fn no_address_says_that_it_is_too_late() {
    let scene = Scene::new(Setting::USUAL);
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("early"));
    let page = format!("{}/oidc/liar", session.trim_end_matches("/oidc/liar"));
    for notice in ["too-late", "nothing-that-there-is", "denied&x", ""] {
        let body = browser.get(&format!("{page}?notice={notice}")).body;
        assert!(body.contains(BUTTON) && !body.contains("role=\"alert\""), "{notice}: {body}");
    }
}

#[test]
fn what_came_of_an_answer_is_told_once_more_to_who_brings_it_once_more() {
    // They were told that this is not the browser in which they logged in.
    let scene = Scene::new(Setting::USUAL);
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("twice"));
    let session = session.trim_end_matches("/oidc/liar").to_owned();
    let state = scene.liar.visit(browser.post(&format!("{session}/oidc/liar"), "continue=").location());
    let state = state.split(['?', '&']).find(|part| part.starts_with("state=")).unwrap().to_owned();
    let issuer: String = form_urlencoded::byte_serialize(scene.liar.issuer.as_bytes()).collect();
    let denied = format!("/oidc/liar/callback?error=access_denied&iss={issuer}&{state}");
    let later = format!("/oidc/liar/callback?code=another&iss={issuer}&{state}");
    for callback in [&denied, &denied, &later] {
        assert_eq!(browser.get(callback).location(), format!("{session}/oidc/liar?notice=denied"));
    }
}

#[test]
fn who_has_ended_in_another_tab_is_sent_back_and_not_to_the_provider() {
    // They proved there who they are, for nothing.
    let scene = Scene::new(Setting::USUAL);
    let mut came = scene.log_in("ended");
    came.assert_success(&scene.liar);
    let back = came.page.location().split_once('?').unwrap().0.to_owned();
    let again = came.browser.post(&format!("{}/oidc/liar", came.session), "continue=");
    assert!(again.location().starts_with(&back), "{}", again.location());
}
