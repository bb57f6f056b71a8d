//! V5, V8: what goes with which verdict, and that nothing is lost of what was ticked.

use hyper::StatusCode;
use idv::verification::method::document::checklist::{Item, Response};
use idv::verification::method::document::dossier::{Stage, Verdict};
use idv::verification::method::document::kind::Slot;
use idv::verification::method::document::reason::{AskReason, InnerReason, RejectReason};

use crate::support::cases::Cases;

#[test]
fn a_form_has_nothing_chosen_before_somebody_chose() {
    let cases = Cases::with("second = \"doubt\"");
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let page = rita.get("/case/1").body;
    let form = page.split("id=\"verdict\"").nth(1).unwrap().split("</form>").next().unwrap();
    assert!(form.contains("type=\"radio\"") && form.contains("type=\"checkbox\""));
    assert!(!form.contains("checked") && !form.contains("selected"), "{form}");
}

#[test]
fn a_verdict_that_does_not_fit_its_answers_is_shown_again_with_all_that_was_ticked() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let (shown, yes, no) = (cases.shown(1), cases.checks(1, Response::Yes), cases.checks(1, Response::No));
    let unsure = yes.replacen("=yes", "=cannot_tell", 1);
    let missing = yes.replacen("&check.genuine=yes", "", 1);
    let rest = "&note=keep+me&ask.selfie.dark=on&inner.altered=on";
    for (ticked, told) in [
        (format!("{shown}{yes}"), "Choose an outcome"),
        (format!("{shown}{yes}&outcome=perhaps"), "Choose an outcome"),
        (format!("{shown}&outcome=approve"), "Answer every question"),
        (format!("{shown}{missing}&outcome=approve"), "Answer every question"),
        (format!("{shown}{no}&outcome=approve"), "An answer is no"),
        (format!("{shown}{unsure}&outcome=approve"), "An answer is cannot tell"),
        (format!("{shown}{yes}&outcome=reject&reject.expired=on"), "needs an answer that is no"),
        (format!("{shown}{no}&outcome=approve&step=back"), ""),
    ] {
        for step in ["", "&step=confirmed"] {
            let page = rita.post("/case/1/verdict", &format!("{ticked}{rest}{step}"));
            let status = if told.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            assert_eq!(page.status, status, "{ticked}");
            assert!(page.body.contains(told), "{told}: {}", page.body);
            assert!(page.body.contains(">keep me</textarea>"), "{ticked}");
            for name in ["ask.selfie.dark", "inner.altered"] {
                assert!(page.body.contains(&format!("name=\"{name}\" value=\"on\" checked")), "{name}");
            }
            let answers = page.body.matches("value=\"yes\" checked").count();
            assert_eq!(answers, ticked.matches("=yes").count(), "{ticked}");
        }
    }
    let without_reason = format!("{shown}{no}&outcome=reject&step=confirmed");
    assert!(rita.post("/case/1/verdict", &without_reason).body.contains("needs a reason"));
    let without_picture = format!("{shown}&outcome=ask_again&step=confirmed");
    assert!(rita.post("/case/1/verdict", &without_picture).body.contains("Say which picture"));
    for note in [format!("&note={}", "x".repeat(501)), "&note=a%E2%80%AEb".into()] {
        let page = rita.post("/case/1/verdict", &format!("{}{note}", cases.approval(1)));
        assert!(page.body.contains("The note is longer"), "{}", page.body);
    }
    assert_eq!((cases.is_decided(1), cases.dossier(1).verdicts().len()), (None, 0));
}

#[test]
fn nothing_is_decided_before_it_was_confirmed() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    for verdict in [cases.approval(1), cases.rejection(1), cases.asking(1)] {
        let page = rita.post("/case/1/verdict", &verdict.replace("&step=confirmed", ""));
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Is that your verdict?") && page.body.contains("value=\"confirmed\""));
    }
    assert_eq!((cases.is_decided(1), cases.dossier(1).verdicts().len()), (None, 0));
    assert!(matches!(cases.dossier(1).stage, Stage::Waiting { .. }));
}

#[test]
fn a_rejection_has_its_reasons_and_what_is_never_told_is_told_as_something_else() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let (shown, no) = (cases.shown(1), cases.checks(1, Response::No));
    let ticked = format!("{shown}{no}&outcome=reject&inner.counterfeit=on&note=see+the+seal&ask.front.dark=on");
    let confirm = rita.post("/case/1/verdict", &ticked);
    assert!(confirm.body.contains("It is a counterfeit") && !confirm.body.contains("too dark"), "{}", confirm.body);
    assert_eq!(rita.post("/case/1/verdict", &format!("{ticked}&step=confirmed")).location(), "/");
    let given = cases.dossier(1).verdicts()[0].clone();
    assert_eq!(given.verdict, Verdict::Reject(vec![RejectReason::OtherEvidence]));
    assert_eq!((given.inner, given.note.as_deref()), (vec![InnerReason::Counterfeit], Some("see the seal")));
    assert_eq!(given.checklist[0], (Item::Genuine, Response::No));
    assert_eq!(given.claimed_at, Some(cases.now()));
}

#[test]
fn better_pictures_are_asked_for_as_often_as_they_may_be() {
    let cases = Cases::with("rounds = 1");
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    assert!(rita.get("/case/1").body.contains("value=\"ask_again\" disabled"));
    let page = rita.post("/case/1/verdict", &cases.asking(1));
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("as often as they may be"), "{}", page.body);
}

#[test]
fn of_damaged_pictures_better_ones_can_be_asked_for_and_nothing_else() {
    let cases = Cases::new();
    cases.send(1);
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let pictures = crate::support::cases::pictures(&rita.get("/case/1"));
    cases.damage();
    let page = rita.get("/case/1");
    assert!(page.body.contains("This picture is damaged") && !page.body.contains("<img"), "{}", page.body);
    for picture in pictures {
        assert_eq!(rita.get(&picture).status, StatusCode::NOT_FOUND);
    }
    for verdict in [cases.approval(1), cases.rejection(1)] {
        let refused = rita.post("/case/1/verdict", &verdict);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("A picture is damaged"), "{}", refused.body);
    }
    assert_eq!(cases.is_decided(1), None);
    assert_eq!(rita.post("/case/1/verdict", &cases.asking(1)).location(), "/");
    assert_eq!(cases.dossier(1).asked_again(Slot::Front), Some(AskReason::Blurred));
}

/// E1: where the keys of photos are gone, open cases are asked again, and nothing is decided by what nobody sees.
#[test]
fn of_a_case_whose_photos_have_no_keys_any_more_better_ones_can_be_asked_for_and_nothing_else() {
    let cases = Cases::new();
    cases.send(1);
    let cases = cases.without_keys();
    let mut rita = cases.reviewer("rita");
    rita.post("/case/1/claim", "");
    let page = rita.get("/case/1");
    assert!(page.body.contains("This picture is damaged") && !page.body.contains("<img"), "{}", page.body);
    for verdict in [cases.approval(1), cases.rejection(1)] {
        assert_eq!(rita.post("/case/1/verdict", &verdict).status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(cases.is_decided(1), None);
    assert_eq!(rita.post("/case/1/verdict", &cases.asking(1)).location(), "/");
    assert_eq!(cases.dossier(1).asked_again(Slot::Front), Some(AskReason::Blurred));
}

#[test]
fn turning_a_picture_is_for_everybody_and_loses_nothing_that_was_ticked() {
    let cases = Cases::new();
    cases.send(1);
    let (mut rita, mut rob) = (cases.reviewer("rita"), cases.reviewer("zora"));
    assert_eq!(rita.post("/case/1/turn", "turn=front").status, StatusCode::CONFLICT, "who has not the case");
    rita.post("/case/1/claim", "");
    let page = rita.post("/case/1/turn", &format!("{}&note=kept&turn=front", cases.shown(1)));
    assert!(page.body.contains(">kept</textarea>") && page.body.contains("class=\"turned-1\""), "{}", page.body);
    rita.post("/case/1/release", "");
    rob.post("/case/1/claim", "");
    assert!(rob.get("/case/1").body.contains("class=\"turned-1\""));
    assert_eq!(rob.post("/case/1/turn", "turn=pose").status, StatusCode::CONFLICT, "a picture that is not there");
    let approval = cases.approval(1);
    rob.post("/case/1/turn", "turn=front");
    assert_eq!(rob.post("/case/1/verdict", &approval).location(), "/", "a turn is no other picture");
}
