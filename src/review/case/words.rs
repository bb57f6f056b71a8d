//! The words for what cases are made of.

use std::time::Duration;

use super::picture::Look;
use super::ticked::Outcome;
use crate::review::words::{say, say_with, when};
use crate::verification::method::document::DocumentKind;
use crate::verification::method::document::checklist::{Item, Response};
use crate::verification::method::document::kind::{Pose, Selfie, Slot};
use crate::verification::method::document::reason::{AskReason, InnerReason, RejectReason};
use crate::verification::method::document::seen::{Alike, Likeness};
use crate::verification::outcome::Status;
use crate::verification::time::Timestamp;

/// How long ago `then` is, as far as it matters.
pub(in crate::review) fn age(then: Timestamp, now: Timestamp) -> String {
    lasting(then.until(now))
}

/// A time in its largest unit.
pub(in crate::review) fn lasting(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60) {
        (2.., _) => format!("{} {}", minutes / (24 * 60), say("days")),
        (_, 2..) => format!("{} {}", minutes / 60, say("hours")),
        _ => format!("{minutes} {}", say("minutes")),
    }
}

/// Since when somebody has a case.
pub(in crate::review) fn since(at: Timestamp) -> String {
    say_with("claimed-since", "since", &when(at))
}

pub(in crate::review) fn claimed_by(name: &str) -> String {
    say_with("claimed-by", "name", name)
}

pub(in crate::review) fn document(kind: DocumentKind) -> &'static str {
    say(match kind {
        DocumentKind::Passport => "kind-passport",
        DocumentKind::IdentityCard => "kind-identity-card",
        DocumentKind::ResidencePermit => "kind-residence-permit",
        DocumentKind::DrivingLicence => "kind-driving-licence",
    })
}

pub(in crate::review) fn slot(slot: Slot) -> &'static str {
    say(match slot {
        Slot::Front => "slot-front",
        Slot::Back => "slot-back",
        Slot::Selfie => "slot-selfie",
        Slot::Pose => "slot-pose",
    })
}

pub(in crate::review) fn pose(pose: Pose) -> &'static str {
    say(match pose {
        Pose::Left => "pose-left",
        Pose::Right => "pose-right",
        Pose::Up => "pose-up",
        Pose::HandAtCheek => "pose-hand",
    })
}

pub(in crate::review) fn selfie(selfie: Selfie) -> &'static str {
    say(match selfie {
        Selfie::None => "selfie-none",
        Selfie::Plain => "selfie-plain",
        Selfie::CodeOnPaper => "selfie-code-on-paper",
        Selfie::DocumentInHand => "selfie-document-in-hand",
        Selfie::Pose => "selfie-pose",
    })
}

pub(in crate::review) fn item(item: Item) -> &'static str {
    say(match item {
        Item::Genuine => "check-genuine",
        Item::PortraitUntouched => "check-portrait-untouched",
        Item::TextEven => "check-text-even",
        Item::NoCopy => "check-no-copy",
        Item::InForce => "check-in-force",
        Item::NameFits => "check-name-fits",
        Item::Person => "check-person",
        Item::CueDone => "check-cue-done",
        Item::SamePerson => "check-same-person",
        Item::Unknown => "check-unknown",
    })
}

pub(in crate::review) fn response(response: Response) -> &'static str {
    say(match response {
        Response::Yes => "answer-yes",
        Response::No => "answer-no",
        Response::CannotTell => "answer-cannot-tell",
    })
}

pub(in crate::review) fn outcome(outcome: Outcome) -> &'static str {
    say(match outcome {
        Outcome::Approve => "outcome-approve",
        Outcome::AskAgain => "outcome-ask-again",
        Outcome::Reject => "outcome-reject",
    })
}

pub(in crate::review) fn ask(reason: AskReason) -> &'static str {
    say(match reason {
        AskReason::Blurred => "ask-blurred",
        AskReason::Dark => "ask-dark",
        AskReason::Glare => "ask-glare",
        AskReason::CutOff => "ask-cut-off",
        AskReason::Covered => "ask-covered",
        AskReason::TooSmall => "ask-too-small",
        AskReason::WrongSide => "ask-wrong-side",
        AskReason::SideMissing => "ask-side-missing",
        AskReason::WrongDocument => "ask-wrong-document",
        AskReason::NotAcceptedKind => "ask-not-accepted-kind",
        AskReason::CopyOrScreen => "ask-copy-or-screen",
        AskReason::FaceNotVisible => "ask-face-not-visible",
        AskReason::SeveralFaces => "ask-several-faces",
        AskReason::CueNotDone => "ask-cue-not-done",
        AskReason::ExpiredHaveAnother => "ask-expired",
        AskReason::DamagedHaveAnother => "ask-damaged",
        AskReason::Restored => "ask-restored",
    })
}

pub(in crate::review) fn reject(reason: RejectReason) -> &'static str {
    say(match reason {
        RejectReason::Expired => "reject-expired",
        RejectReason::NotAccepted => "reject-not-accepted",
        RejectReason::DifferentPerson => "reject-different-person",
        RejectReason::NameDoesNotFit => "reject-name",
        RejectReason::TooYoung => "reject-too-young",
        RejectReason::UnusableAfterRounds => "reject-unusable",
        RejectReason::OtherEvidence => "reject-other",
    })
}

pub(in crate::review) fn inner(reason: InnerReason) -> &'static str {
    say(match reason {
        InnerReason::Altered => "inner-altered",
        InnerReason::Counterfeit => "inner-counterfeit",
        InnerReason::PortraitReplaced => "inner-portrait-replaced",
        InnerReason::PrintedOrScreenDeceit => "inner-deceit",
        InnerReason::SeenForAnother => "inner-seen",
        InnerReason::PressedByOthers => "inner-pressed",
        InnerReason::KnownSpecimen => "inner-specimen",
        InnerReason::Supervisor => "inner-supervisor",
    })
}

pub(in crate::review) fn look(look: Look) -> &'static str {
    say(match look {
        Look::Complaint => "look-complaint",
        Look::Dispute => "look-dispute",
        Look::Quality => "look-quality",
        Look::Authority => "look-authority",
    })
}

pub(in crate::review) fn status(status: Status) -> &'static str {
    say(match status {
        Status::Success => "status-success",
        Status::Failed => "status-failed",
        Status::Pending | Status::Canceled | Status::Expired => "status-other",
    })
}

/// "A very similar picture in case 4711", and of whom.
pub(in crate::review) fn alike(alike: &Alike) -> String {
    let name = match (alike.likeness, alike.is_of_subject) {
        (Likeness::Same, false) => "alike-same-other",
        (Likeness::Same, true) => "alike-same-own",
        (Likeness::Similar, false) => "alike-similar-other",
        (Likeness::Similar, true) => "alike-similar-own",
    };
    format!("{}: {}", slot(alike.slot), say_with(name, "case", &alike.number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_and_every_question_has_a_sentence_of_its_own() {
        let mut said: Vec<_> = AskReason::ALL.iter().map(|reason| ask(*reason)).collect();
        said.extend(RejectReason::ALL.iter().map(|reason| reject(*reason)));
        said.extend(InnerReason::ALL.iter().map(|reason| inner(*reason)));
        said.extend(Item::ALL.map(item));
        said.extend(Response::ALL.map(response));
        said.extend(Slot::ALL.map(slot));
        said.extend(DocumentKind::ALL.map(document));
        said.extend(Selfie::ALL.map(selfie));
        said.extend(Pose::ALL.map(pose));
        said.extend(Look::ALL.map(look));
        said.extend(Outcome::ALL.map(outcome));
        let names = [
            "ask-", "reject-", "inner-", "check-", "answer-", "slot-", "kind-", "selfie-", "pose-", "look-", "outcome-",
        ];
        for text in &said {
            assert!(!names.iter().any(|name| text.starts_with(name)), "{text} is no sentence");
        }
        let mut once = said.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), said.len());
    }

    #[test]
    fn a_time_is_told_in_its_largest_unit() {
        let told = |minutes: u64| lasting(Duration::from_secs(minutes * 60 + 59));
        assert_eq!([0, 119, 120, 2879, 2880].map(told), ["0 min", "119 min", "2 h", "47 h", "2 d"]);
    }
}
