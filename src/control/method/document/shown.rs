//! A case as operators read it at a terminal.

use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::verification::method::document::checklist::questions;
use crate::verification::method::document::dossier::{Claim, Dossier, Given, Hold, Reviewer, Stage, Verdict};
use crate::verification::method::document::due::{due_at, stands_since};
use crate::verification::method::document::{Filled, Policy};
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// It in a list.
pub(super) fn listed(subject: &Subject, dossier: &Dossier, now: Timestamp) -> Value {
    let mut listed = listed_blind(subject, dossier, now);
    listed["state"] = json!(dossier.state());
    listed["two_decide"] = json!(dossier.wants_second);
    listed
}

/// The same for who may be the second to decide of it, and hears neither that somebody did nor that another is wished for.
pub(super) fn listed_blind(subject: &Subject, dossier: &Dossier, now: Timestamp) -> Value {
    let waits = dossier.waits_since().map(|_| "waiting");
    json!({
        "number": dossier.number,
        "tenant": subject.tenant,
        "subject": subject.user_id,
        "state": waits.unwrap_or(dossier.state()),
        "since": stands_since(dossier),
        "document": dossier.document,
        "round": dossier.round,
        "claimed_by": dossier.claim(now).map(|claim| reviewer(&claim.by)),
        "is_on_hold": dossier.hold.is_some(),
    })
}

/// All of it but pictures.
pub(super) fn shown(subject: &Subject, dossier: &Dossier, rules: &Policy, now: Timestamp) -> Value {
    let mut shown = listed(subject, dossier, now);
    let more = json!({
        "revision": dossier.revision,
        "selfie": dossier.selfie,
        "cue": dossier.cue.code(),
        "consent": { "at": dossier.consent.at, "notice": HEXLOWER.encode(&dossier.consent.notice) },
        "by_phone": dossier.by_phone,
        "reported": dossier.is_reported,
        "claim": dossier.claim(now).map(|Claim { by, since, until }| json!({ "by": reviewer(by), "since": since, "until": until })),
        "hold": dossier.hold.as_ref().map(|Hold { by, at, reason }| {
            json!({ "by": reviewer(by), "at": at, "reason": reason })
        }),
        "asked_for": match &dossier.stage {
            Stage::AskedAgain { wanted, .. } => json!(wanted),
            _ => Value::Null,
        },
        "delivered_at": match &dossier.stage {
            Stage::Decided { closed_at, .. } => json!(closed_at),
            _ => Value::Null,
        },
        "due_at": due_at(dossier, rules),
        "photos": dossier.pictures.iter().map(photo).collect::<Vec<_>>(),
        "questions": questions(dossier).collect::<Vec<_>>(),
        "earlier": dossier.earlier.iter().map(given).collect::<Vec<_>>(),
        "decoy": dossier.decoy.as_ref().map(|decoy| if decoy.is_right { "right" } else { "wrong" }),
        "verdicts": dossier.verdicts().iter().map(given).collect::<Vec<_>>(),
    });
    if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
        shown.extend(more);
    }
    shown
}

fn photo(filled: &Filled) -> Value {
    let picture = &filled.picture;
    json!({
        "slot": filled.slot,
        "width": picture.width,
        "height": picture.height,
        "digest": HEXLOWER.encode(&picture.digest),
        "turns": picture.turns,
    })
}

fn given(given: &Given) -> Value {
    let Given { by, at, claimed_at: _, verdict, checklist, inner, note } = given;
    let reasons = match verdict {
        Verdict::Approve => Value::Null,
        Verdict::Reject(reasons) => json!(reasons),
        Verdict::AskAgain(wanted) => json!(wanted),
    };
    json!({
        "by": reviewer(by),
        "at": at,
        "verdict": verdict.as_str(),
        "reasons": reasons,
        "inner": inner,
        "answers": checklist,
        "note": note,
    })
}

fn reviewer(reviewer: &Reviewer) -> Value {
    json!({ "account": reviewer.account, "says": reviewer.claimed })
}
