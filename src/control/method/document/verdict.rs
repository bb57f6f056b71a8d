//! A verdict as it is typed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::control::error::OperationError;
use crate::ops::random;
use crate::verification::method::document::checklist::{self, Checklist, Item, Response};
use crate::verification::method::document::dossier::{Dossier, Verdict};
use crate::verification::method::document::kind::{Cue, Slot};
use crate::verification::method::document::reason::{AskReason, InnerReason, RejectReason};
use crate::verification::method::document::review::Conclusion;

/// A verdict without its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// The applicant is verified.
    Approve,
    /// They are not.
    Reject,
    /// Better pictures are wanted.
    AskAgain,
}

/// What somebody comes to of `dossier` who was shown it as of `revision`, where its pictures
/// `are_whole` or not.
pub(super) fn conclude(
    dossier: &Dossier,
    revision: u32,
    wanted: Wanted,
    reasons: &[String],
    answers: &BTreeMap<String, String>,
    are_whole: bool,
) -> Result<Conclusion, OperationError> {
    let unknown = |what, text: &str| OperationError::Unknown(what, text.to_owned());
    let mut inner = Vec::new();
    let verdict = match wanted {
        Wanted::Approve => Verdict::Approve,
        Wanted::AskAgain => {
            let asked = reasons.iter().map(|text| {
                let (slot, reason) = text.split_once('=').ok_or_else(|| unknown("SLOT=REASON", text))?;
                let slot = Slot::parse(slot).ok_or_else(|| unknown("slot", slot))?;
                Ok((slot, AskReason::parse(reason).ok_or_else(|| unknown("reason to ask again", reason))?))
            });
            Verdict::AskAgain(asked.collect::<Result<_, OperationError>>()?)
        }
        Wanted::Reject => {
            let mut told = Vec::new();
            for code in reasons {
                match (RejectReason::parse(code), InnerReason::parse(code)) {
                    (Some(reason), _) => told.push(reason),
                    (None, Some(reason)) => inner.push(reason),
                    (None, None) => return Err(unknown("reason to reject", code)),
                }
            }
            // What is never told is told so.
            if !inner.is_empty() && !told.contains(&RejectReason::OtherEvidence) {
                told.push(RejectReason::OtherEvidence);
            }
            Verdict::Reject(told)
        }
    };
    Ok(Conclusion {
        verdict,
        checklist: answered(dossier, answers)?,
        inner,
        note: None,
        wants_second: false,
        revision,
        digests: dossier.digests(),
        are_whole,
        cue: Cue::from_random(random::bytes()),
    })
}

/// The questions of `dossier` that have an answer, with it.
fn answered(dossier: &Dossier, answers: &BTreeMap<String, String>) -> Result<Checklist, OperationError> {
    let mut given = BTreeMap::new();
    for (question, answer) in answers {
        let unknown = |what, text: &str| OperationError::Unknown(what, text.to_owned());
        let response = Response::parse(answer).ok_or_else(|| unknown("answer", answer))?;
        let item = Item::ALL.into_iter().find(|item| item.as_str() == question);
        if item.is_none() && question != "all" {
            return Err(unknown("question", question));
        }
        given.insert(item, response);
    }
    let answer = |item| Some((item, *given.get(&Some(item)).or_else(|| given.get(&None))?));
    Ok(checklist::questions(dossier).filter_map(answer).collect())
}
