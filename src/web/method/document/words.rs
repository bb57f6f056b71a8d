//! The sentences of documents, photos and reasons, by their names in the catalogues. Where the words of one kind of document
//! differ from those of another, each has a sentence of its own.

use crate::verification::method::document::kind::Pose;
use crate::verification::method::document::reason::{AskReason, RejectReason};
use crate::verification::method::document::waits::Usual;
use crate::verification::method::document::{DocumentKind, Selfie, Slot};
use crate::web::language::Catalogue;

/// What a kind of document is called.
pub(super) const fn kind(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Passport => "document-passport",
        DocumentKind::IdentityCard => "document-identity-card",
        DocumentKind::ResidencePermit => "document-residence-permit",
        DocumentKind::DrivingLicence => "document-driving-licence",
    }
}

/// What the photo of a slot shows.
pub(super) const fn photo(kind: DocumentKind, slot: Slot, selfie: Selfie) -> &'static str {
    match (slot, kind) {
        (Slot::Front | Slot::Back, DocumentKind::Passport) => "document-passport-page",
        (Slot::Front, DocumentKind::IdentityCard) => "document-identity-card-front",
        (Slot::Back, DocumentKind::IdentityCard) => "document-identity-card-back",
        (Slot::Front, DocumentKind::ResidencePermit) => "document-residence-permit-front",
        (Slot::Back, DocumentKind::ResidencePermit) => "document-residence-permit-back",
        (Slot::Front, DocumentKind::DrivingLicence) => "document-driving-licence-front",
        (Slot::Back, DocumentKind::DrivingLicence) => "document-driving-licence-back",
        (Slot::Selfie, _) => of_person(selfie),
        (Slot::Pose, _) => "document-pose",
    }
}

/// What the applicant's own photo shows.
pub(super) const fn of_person(selfie: Selfie) -> &'static str {
    match selfie {
        Selfie::CodeOnPaper => "document-selfie-paper",
        Selfie::DocumentInHand => "document-selfie-in-hand",
        Selfie::None | Selfie::Plain | Selfie::Pose => "document-selfie",
    }
}

/// What the applicant does in the photo of the pose.
pub(super) const fn pose(pose: Pose) -> &'static str {
    match pose {
        Pose::Left => "document-pose-left",
        Pose::Right => "document-pose-right",
        Pose::Up => "document-pose-up",
        Pose::HandAtCheek => "document-pose-hand",
    }
}

/// Why a photo is asked for again.
pub(super) const fn ask(reason: AskReason) -> &'static str {
    match reason {
        AskReason::Blurred => "document-ask-blurred",
        AskReason::Dark => "document-ask-dark",
        AskReason::Glare => "document-ask-glare",
        AskReason::CutOff => "document-ask-cut-off",
        AskReason::Covered => "document-ask-covered",
        AskReason::TooSmall => "document-ask-too-small",
        AskReason::WrongSide => "document-ask-wrong-side",
        AskReason::SideMissing => "document-ask-side-missing",
        AskReason::WrongDocument => "document-ask-wrong-document",
        AskReason::NotAcceptedKind => "document-ask-not-accepted",
        AskReason::CopyOrScreen => "document-ask-copy",
        AskReason::FaceNotVisible => "document-ask-face",
        AskReason::SeveralFaces => "document-ask-several-faces",
        AskReason::CueNotDone => "document-ask-cue",
        AskReason::ExpiredHaveAnother => "document-ask-expired",
        AskReason::DamagedHaveAnother => "document-ask-damaged",
        AskReason::Restored => "document-ask-restored",
    }
}

/// Why somebody is not verified.
pub(super) const fn reject(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::Expired => "document-reject-expired",
        RejectReason::NotAccepted => "document-reject-not-accepted",
        RejectReason::DifferentPerson => "document-reject-different-person",
        RejectReason::NameDoesNotFit => "document-reject-name",
        RejectReason::TooYoung => "document-reject-too-young",
        RejectReason::UnusableAfterRounds => "document-reject-unusable",
        RejectReason::OtherEvidence => "document-reject-other",
    }
}

/// The word `number` of those by which a phone is recognised.
pub(super) fn word(texts: &'static Catalogue, number: u8) -> &'static str {
    texts.say("document-words").split(", ").nth(number.into()).unwrap_or_default()
}

/// How long it usually takes.
pub(super) fn usual(usual: Usual) -> &'static str {
    match usual {
        Usual::Hour => "document-waiting-hour",
        Usual::Hours => "document-waiting-hours",
        Usual::Day => "document-waiting-usually",
        Usual::Days => "document-waiting-days",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::verification::method::document::hand_off::WORDS;
    use crate::web::language::Language;

    #[test]
    fn every_language_has_a_word_of_its_own_for_each_number() {
        for language in Language::all() {
            let texts = super::super::TEXTS.of(language);
            let words: BTreeSet<_> = (0..WORDS).map(|number| word(texts, number)).collect();
            assert_eq!((words.len(), words.contains("")), (WORDS.into(), false), "{}: {words:?}", language.tag());
            assert_eq!(word(texts, WORDS), "", "{}", language.tag());
        }
    }
}
