//! What the audit log has of cases.

use idv::verification::audit::entry::Entry;
use idv::verification::command::Done;
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::policy::{Policy, Second};
use idv::verification::method::document::reason::{AskReason, InnerReason, RejectReason};
use idv::verification::method::document::review::{self, ASKED_AGAIN, Conclusion, DISPUTED, Deed};
use idv::verification::method::document::{Act, DocumentKind, Slot, Told};

use crate::support::bureau::{Bureau, Who, rejected};

fn entries(bureau: &Bureau) -> Vec<Entry> {
    let lines = bureau.store.entries(0, 1000).unwrap();
    lines.iter().map(|(_, line)| Entry::parse(line).unwrap()).collect()
}

fn told(bureau: &Bureau) -> Vec<(String, Option<u64>, Option<String>)> {
    entries(bureau).into_iter().map(|entry| (entry.action, entry.case, entry.verdict)).collect()
}

fn expected(all: &[(&str, u64, Option<&str>)]) -> Vec<(String, Option<u64>, Option<String>)> {
    all.iter().map(|(action, case, verdict)| ((*action).into(), Some(*case), verdict.map(Into::into))).collect()
}

/// After somebody began anew nobody could tell which case an entry meant, nor to what anybody had come who was overruled.
#[test]
fn every_entry_about_a_case_names_it_and_a_verdict_says_what_it_came_to() {
    let bureau = Bureau::new(Policy { second: Second::Always, ..Policy::default() });
    let actor = bureau.sent(1);
    assert_eq!(bureau.decides(1, &Who::reviewer(1), Verdict::Approve), Done::Changed);
    assert_eq!(bureau.decides(1, &Who::reviewer(2), rejected()), Done::Changed);
    let supervisor = Who::supervisor(3);
    assert_eq!(bureau.orders(1, &supervisor, Deed::Hold { reason: "zq7reason".into() }), Done::Changed);
    assert_eq!(bureau.orders(1, &supervisor, Deed::Unhold), Done::Changed);
    let blurred = Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)]);
    assert_eq!(bureau.decides(1, &supervisor, blurred), Done::Changed);
    assert_eq!(bureau.begin(&actor, DocumentKind::Passport, true), Told::Begun);
    assert_eq!(bureau.does(&actor, Act::Withdraw), Told::Withdrawn);
    let expected = expected(&[
        ("case-begun", 1, None),
        ("case-sent", 1, None),
        ("case-claimed", 1, None),
        ("case-verdict", 1, Some("approve")),
        ("case-claimed", 1, None),
        ("case-verdict", 1, Some("reject")),
        ("case-held", 1, None),
        ("case-unheld", 1, None),
        ("case-claimed", 1, None),
        ("case-verdict", 1, Some("ask_again")),
        ("case-begun", 2, None),
        ("case-withdrawn", 2, None),
    ]);
    assert_eq!(told(&bureau), expected);
}

/// The log has it in words: what waits on for a third, or for better pictures, is called so, and nothing else is.
#[test]
fn of_a_verdict_it_is_told_what_it_brought_about() {
    const GIVEN: review::Told = ("a verdict was given", "case-verdict");
    let bureau = Bureau::new(Policy { second: Second::Always, ..Policy::default() });
    let _actor = bureau.sent(1);
    let blurred = || Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)]);
    let asked_again = Some((ASKED_AGAIN, "case-verdict"));
    let claims = |who: &Who| assert_eq!(bureau.orders(1, who, Deed::Claim { is_taken_over: false }), Done::Changed);
    let (ada, bob, supervisor) = (Who::reviewer(1), Who::reviewer(2), Who::supervisor(3));
    claims(&ada);
    assert_eq!(bureau.told_of(1, &ada, Verdict::Approve), Some(GIVEN), "the first of two");
    assert_eq!(bureau.told_of(1, &ada, blurred()), asked_again);
    assert_eq!(bureau.decides(1, &ada, Verdict::Approve), Done::Changed);
    claims(&bob);
    assert_eq!(bureau.told_of(1, &bob, Verdict::Approve), Some(GIVEN), "they agree");
    assert_eq!(bureau.told_of(1, &bob, rejected()), Some((DISPUTED, "case-verdict")));
    assert_eq!(bureau.decides(1, &bob, rejected()), Done::Changed);
    claims(&supervisor);
    assert_eq!(bureau.told_of(1, &supervisor, Verdict::Approve), Some(GIVEN), "the third settles it");
    assert_eq!(bureau.told_of(1, &supervisor, blurred()), asked_again);
}

#[test]
fn a_decision_and_what_time_does_name_their_case_too() {
    let bureau = Bureau::new(Policy::default());
    let [_first, _second] = [1, 2].map(|person| bureau.sent(person));
    assert_eq!(bureau.decides(1, &Who::terminal("ada"), Verdict::Approve), Done::Changed);
    bureau.set(bureau.now().later(bureau.rules.answer_within));
    assert_eq!(bureau.orders(2, &Who::terminal("clock"), Deed::Age), Done::Changed);
    let told = told(&bureau);
    assert_eq!(told[told.len() - 2..], expected(&[("case-decided", 1, None), ("case-lapsed", 2, None)]));
}

/// The log forgets nothing, and what is suspected of somebody is theirs to have forgotten.
#[test]
fn no_reason_note_or_suspicion_is_in_the_log() {
    let bureau = Bureau::new(Policy { second: Second::Always, ..Policy::default() });
    let _actor = bureau.sent(1);
    let reviewer = Who::reviewer(1);
    assert_eq!(bureau.orders(1, &Who::supervisor(3), Deed::Hold { reason: "zq7reason".into() }), Done::Changed);
    assert_eq!(bureau.orders(1, &reviewer, Deed::Claim { is_taken_over: false }), Done::Changed);
    let suspected = Conclusion {
        inner: vec![InnerReason::Altered],
        note: Some("zq7note".into()),
        ..bureau.conclusion(1, Verdict::Reject(vec![RejectReason::Expired, RejectReason::OtherEvidence]))
    };
    assert_eq!(bureau.orders(1, &reviewer, Deed::Decide(Box::new(suspected))), Done::Changed);
    let lines = entries(&bureau).iter().map(|entry| String::from_utf8(entry.line()).unwrap()).collect::<String>();
    assert!(lines.contains("\"idv.verdict\":\"reject\""), "{lines}");
    for kept_out in ["zq7", "altered", "expired", "other_evidence"] {
        assert!(!lines.contains(kept_out), "{kept_out}: {lines}");
    }
}
