//! Cases in lines, and what of them supports a check.

use serde::Deserialize;
use serde_json::Value;

use crate::cli::output;
use crate::verification::account::Account;
use crate::verification::method::document::dossier::{self, Verdict};
use crate::verification::method::document::{DocumentKind, Reviewed, Selfie};
use crate::verification::time::Timestamp;

#[derive(Deserialize)]
struct Row {
    number: u64,
    tenant: String,
    subject: String,
    state: String,
    since: Timestamp,
    document: DocumentKind,
    round: u8,
    /// Not for everybody.
    two_decide: Option<bool>,
    claimed_by: Option<Reviewer>,
    is_on_hold: bool,
}

#[derive(Deserialize)]
struct Reviewer {
    account: Account,
    says: Option<String>,
}

#[derive(Deserialize)]
struct Case {
    revision: u32,
    selfie: Selfie,
    cue: String,
    consent: Consent,
    by_phone: bool,
    reported: bool,
    hold: Option<Hold>,
    asked_for: Option<Vec<(String, String)>>,
    delivered_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    photos: Vec<Photo>,
    decoy: Option<String>,
    questions: Vec<String>,
    earlier: Vec<Given>,
    verdicts: Vec<Given>,
}

#[derive(Deserialize)]
struct Consent {
    at: Timestamp,
}

#[derive(Deserialize)]
struct Hold {
    by: Reviewer,
    at: Timestamp,
    reason: String,
}

#[derive(Deserialize)]
struct Photo {
    slot: String,
    width: u16,
    height: u16,
}

#[derive(Deserialize)]
struct Given {
    by: Reviewer,
    at: Timestamp,
    verdict: String,
    reasons: Option<Value>,
    inner: Vec<String>,
    note: Option<String>,
}

/// Prints a case of a list.
pub(super) fn print_row(case: Value) -> anyhow::Result<()> {
    Ok(output::line(&row(&output::read(case)?))?)
}

fn row(row: &Row) -> String {
    let Row { number, tenant, subject, state, since, document, round, two_decide, claimed_by, is_on_hold } = row;
    let mut line = format!(
        "{number}  {}  since {since}  {}  round {round}  {subject} at {tenant}",
        spaced(state),
        name(*document)
    );
    let claimed = claimed_by.as_ref().map(|by| format!("claimed by {}", who(&by.account, by.says.as_deref())));
    let two_decide = (*two_decide == Some(true)).then(|| "two decide".to_owned());
    for told in [two_decide, claimed, is_on_hold.then(|| "on hold".to_owned())].into_iter().flatten() {
        line = format!("{line}  {told}");
    }
    line
}

/// Prints all of a case.
pub(super) fn print_case(case: Value) -> anyhow::Result<()> {
    print_row(case.clone())?;
    let Case { revision, selfie, cue, consent, by_phone, reported, asked_for, decoy, .. } = output::read(case.clone())?;
    let Case { hold, delivered_at, due_at, photos, questions, earlier, verdicts, .. } = output::read(case)?;
    let tell = |text: String| output::line(&format!("  {text}"));
    tell(format!("revision {revision}"))?;
    if let Some(decoy) = decoy {
        let truth = if decoy == "right" { "to approve is right" } else { "to reject is right" };
        tell(format!("a decoy, of which nobody at the console is to know: {truth}"))?;
    }
    tell(format!("agreed at {}", consent.at))?;
    tell(match selfie {
        Selfie::CodeOnPaper => format!("selfie with {cue} on paper"),
        Selfie::DocumentInHand => "selfie with the document in hand".into(),
        Selfie::Pose => "two selfies, the second in the pose that was drawn".into(),
        Selfie::Plain => "selfie".into(),
        Selfie::None => "no selfie: nobody to compare the document with".into(),
    })?;
    if by_phone {
        tell("photos came by a phone that was handed over to".into())?;
    }
    if reported {
        tell("somebody said of a phone that this was not theirs".into())?;
    }
    for Photo { slot, width, height } in photos {
        tell(format!("photo: {slot}, {width} x {height}"))?;
    }
    for (slot, reason) in asked_for.into_iter().flatten() {
        tell(format!("asked for: {slot} ({})", spaced(&reason)))?;
    }
    for given in earlier {
        tell(format!("came to nothing: {}", verdict(&given)))?;
    }
    for given in verdicts {
        tell(verdict(&given))?;
    }
    if let Some(at) = delivered_at {
        tell(format!("taken, or over, at {at}"))?;
    }
    match hold {
        Some(Hold { by, at, reason }) => {
            tell(format!("on hold since {at} by {}: {reason}", who(&by.account, by.says.as_deref())))?;
        }
        None => due_at.into_iter().try_for_each(|at| tell(format!("next by itself at {at}")))?,
    }
    Ok(tell(format!("questions: {}", questions.join(", ")))?)
}

fn verdict(given: &Given) -> String {
    let Given { by, at, verdict, reasons, inner, note } = given;
    let by = who(&by.account, by.says.as_deref());
    let reasons = reasons.as_ref().map(|reasons| format!(" {reasons}")).unwrap_or_default();
    let inner = if inner.is_empty() { String::new() } else { format!(" (not told: {})", inner.join(", ")) };
    let note = note.as_ref().map(|note| format!("; notes: {note}")).unwrap_or_default();
    format!("{} by {by} at {at}{reasons}{inner}{note}", spaced(verdict))
}

/// What a check rests on that people made; none if it is none of theirs.
pub(in crate::cli::method) fn tell_evidence(evidence: &Value) -> Option<String> {
    let reviewed = Reviewed::deserialize(evidence.get("reviewed")?).ok()?;
    let earlier = reviewed.earlier.iter().map(|given| format!("came to nothing: {}", came_to(given)));
    let verdicts = reviewed.verdicts.iter().map(came_to);
    let undone = reviewed.is_undone.then(|| "taken back by a supervisor".to_owned());
    let phone = reviewed.by_phone.then(|| "photos by a phone that was handed over to".to_owned());
    let Reviewed { trust_framework, number, round, .. } = &reviewed;
    let case = format!("{} in case {number}, round {round}, by {trust_framework}", name(reviewed.document));
    let told = undone.into_iter().chain([case]).chain(earlier).chain(verdicts).chain(phone);
    Some(told.collect::<Vec<_>>().join("; "))
}

/// What somebody came to of a case, as a check has it.
fn came_to(given: &dossier::Given) -> String {
    let by = who(&given.by.account, given.by.claimed.as_deref());
    let (what, reasons) = match &given.verdict {
        Verdict::Approve => ("approved", vec![]),
        Verdict::Reject(reasons) => ("rejected", reasons.iter().map(|reason| reason.as_str()).collect()),
        Verdict::AskAgain(_) => ("better photos asked for", vec![]),
    };
    let codes: Vec<_> = reasons.into_iter().chain(given.inner.iter().map(|reason| reason.as_str())).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) };
    format!("{what} by {by} at {}{codes}", given.at)
}

/// First what the machine or the sign-in proves, then what they say.
fn who(account: &Account, says: Option<&str>) -> String {
    says.map_or_else(|| account.to_string(), |says| format!("{account}, who says {says}"))
}

fn name(document: DocumentKind) -> String {
    spaced(document.as_str())
}

/// A code as words.
fn spaced(code: &str) -> String {
    code.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn evidence(is_undone: bool, earlier: &Value, verdicts: &Value) -> Value {
        json!({ "reviewed": {
            "trust_framework": "urn:acme:policy", "number": 7, "document": "identity_card", "selfie": "plain", "round": 2, "by_phone": true,
            "consent": { "at": 0, "notice": "ab".repeat(32) }, "digests": ["cd".repeat(32)], "earlier": earlier,
            "verdicts": verdicts, "is_undone": is_undone,
        } })
    }

    #[test]
    fn a_check_by_document_is_told_by_who_decided_and_why() {
        let by = json!({ "account": "root", "claimed": "ada" });
        let approved = json!([{
            "by": by, "at": 60, "verdict": "Approve", "checklist": [["genuine", "yes"]], "inner": [], "note": null,
        }]);
        let told = "identity card in case 7, round 2, by urn:acme:policy; approved by root, who says ada at 1970-01-01T00:01:00Z; photos by a phone that was handed over to";
        assert_eq!(tell_evidence(&evidence(false, &json!([]), &approved)).as_deref(), Some(told));
        let told = format!("taken back by a supervisor; {told}");
        assert_eq!(tell_evidence(&evidence(true, &json!([]), &approved)), Some(told));
        let rejected = json!([{
            "by": by, "at": 60, "verdict": { "Reject": ["other_evidence"] }, "checklist": [], "inner": ["altered"],
            "note": null,
        }]);
        let told = tell_evidence(&evidence(false, &rejected, &approved)).unwrap();
        let overtaken = "; came to nothing: rejected by root, who says ada at 1970-01-01T00:01:00Z (other_evidence, altered); approved";
        assert!(told.contains(overtaken), "{told}");
        assert_eq!(tell_evidence(&json!("wrong_codes")), None);
    }
}
