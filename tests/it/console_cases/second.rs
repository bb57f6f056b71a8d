//! V7: where two people decide, they are two. A link is read by whoever made it, so that it proves who somebody is only where
//! nobody has another sign-in.

use hyper::StatusCode;
use idv::review::Console;
use idv::verification::operator::Role;

use crate::support::browser::Browser;
use crate::support::cases::Cases;

const PROVIDER: &str = "[review.oidc]\nissuer = \"https://op.example.test\"\nclient_id = \"console\"\n\
                        client_secret = { env = \"NONE\" }\nclaim = \"https://acme.example/idv\"\nreviewer = [\"reviews\"]";

fn with_provider(second: &str) -> Cases {
    Cases::with(&format!("second = \"{second}\"\n{PROVIDER}"))
}

/// `browser` claims case 1 and approves it: how that ends.
fn approve(cases: &Cases, browser: &mut Browser<Console>) -> StatusCode {
    browser.post("/case/1/claim", "");
    browser.post("/case/1/verdict", &cases.approval(1)).status
}

#[test]
fn where_there_is_a_provider_who_came_by_a_link_is_none_of_the_two() {
    let cases = with_provider("always");
    cases.send(1);
    let mut by_link = cases.signed_in_by_link("bob", &[Role::Reviewer]);
    by_link.post("/case/1/claim", "");
    let refused = by_link.post("/case/1/verdict", &format!("{}&note=kept", cases.approval(1)));
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused.body.contains("You came by a link") && refused.body.contains(">kept</textarea>"),
        "{}",
        refused.body
    );
    assert!(cases.dossier(1).verdicts().is_empty());
    by_link.post("/case/1/release", "");
    assert_eq!(approve(&cases, &mut cases.reviewer("rita")), StatusCode::SEE_OTHER);
    assert_eq!(approve(&cases, &mut by_link), StatusCode::CONFLICT, "nor the second");
    assert_eq!(cases.is_decided(1), None);
    by_link.post("/case/1/release", "");
    assert_eq!(approve(&cases, &mut cases.reviewer("zora")), StatusCode::SEE_OTHER);
    assert_eq!(cases.is_decided(1), Some(true));
}

#[test]
fn who_came_by_a_link_does_what_one_person_may() {
    let cases = with_provider("never");
    cases.send(1);
    assert_eq!(approve(&cases, &mut cases.signed_in_by_link("bob", &[Role::Reviewer])), StatusCode::SEE_OTHER);
    assert_eq!(cases.is_decided(1), Some(true));
    let cases = with_provider("always");
    cases.send(1);
    let mut by_link = cases.signed_in_by_link("bob", &[Role::Reviewer]);
    assert_eq!(by_link.post("/case/1/verdict", &cases.asking(1)).status, StatusCode::CONFLICT, "without a claim");
    by_link.post("/case/1/claim", "");
    assert_eq!(by_link.post("/case/1/verdict", &cases.asking(1)).location(), "/");
}

#[test]
fn who_came_by_a_link_settles_nothing_between_two() {
    let cases = with_provider("always");
    cases.send(1);
    assert_eq!(approve(&cases, &mut cases.reviewer("rita")), StatusCode::SEE_OTHER);
    let mut zora = cases.reviewer("zora");
    zora.post("/case/1/claim", "");
    assert_eq!(zora.post("/case/1/verdict", &cases.rejection(1)).location(), "/");
    let mut by_link = cases.signed_in_by_link("bob", &[Role::Supervisor]);
    assert_eq!(approve(&cases, &mut by_link), StatusCode::CONFLICT);
    by_link.post("/case/1/release", "");
    assert_eq!(approve(&cases, &mut cases.supervisor("susan")), StatusCode::SEE_OTHER);
    assert_eq!(cases.is_decided(1), Some(true));
}

/// What is refused would have said that a first was in doubt.
#[test]
fn who_came_by_a_link_does_not_hear_whether_a_second_was_wished_for() {
    let told = [false, true].map(|is_second| {
        let cases = with_provider("doubt");
        cases.send(1);
        if is_second {
            let mut rita = cases.reviewer("rita");
            rita.post("/case/1/claim", "");
            let wish = format!("{}&wants_second=on", cases.approval(1));
            assert_eq!(rita.post("/case/1/verdict", &wish).location(), "/");
            assert_eq!(cases.dossier(1).verdicts().len(), 1);
        }
        let mut by_link = cases.signed_in_by_link("bob", &[Role::Reviewer]);
        by_link.post("/case/1/claim", "");
        let page = by_link.post("/case/1/verdict", &cases.approval(1));
        (page.status, page.body.contains("You came by a link"))
    });
    assert_eq!(told, [(StatusCode::CONFLICT, true); 2]);
}

#[test]
fn where_there_is_no_provider_two_links_are_two_people() {
    let cases = Cases::with("second = \"always\"");
    cases.send(1);
    for name in ["ada", "bob"] {
        let mut browser = cases.signed_in_by_link(name, &[Role::Reviewer]);
        assert_eq!(approve(&cases, &mut browser), StatusCode::SEE_OTHER, "{name}");
        assert_eq!(approve(&cases, &mut browser), StatusCode::CONFLICT, "{name}, again");
    }
    assert_eq!(cases.is_decided(1), Some(true));
}
