//! Why pictures are asked for again, and why somebody is not verified: closed lists. Of the first two, each has a sentence
//! for the applicant in every language; the third is never told.

use serde::{Deserialize, Serialize};

/// Declares a closed list with its names.
macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its code, in records, forms and commands.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The reason whose code is `code`.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.as_str() == code)
            }
        }
    };
}

reasons! {
    /// Why a picture is asked for again.
    AskReason {
        /// It is not sharp.
        Blurred = "blurred",
        /// It is too dark.
        Dark = "dark",
        /// Something reflects.
        Glare = "glare",
        /// A part is missing at the border.
        CutOff = "cut_off",
        /// A part is covered.
        Covered = "covered",
        /// What matters is too small in it.
        TooSmall = "too_small",
        /// It shows the other side.
        WrongSide = "wrong_side",
        /// A side is missing.
        SideMissing = "side_missing",
        /// It shows another document than was chosen.
        WrongDocument = "wrong_document",
        /// Such a document is not accepted.
        NotAcceptedKind = "not_accepted_kind",
        /// It shows a copy or a screen.
        CopyOrScreen = "copy_or_screen",
        /// The face cannot be seen.
        FaceNotVisible = "face_not_visible",
        /// There are several people in it.
        SeveralFaces = "several_faces",
        /// What was asked for is not in it.
        CueNotDone = "cue_not_done",
        /// The document has expired, and another may do.
        ExpiredHaveAnother = "expired_have_another",
        /// The document is damaged, and another may do.
        DamagedHaveAnother = "damaged_have_another",
        /// The pictures were lost when a backup was restored.
        Restored = "restored",
    }
}

reasons! {
    /// Why somebody is not verified, as it may be told.
    RejectReason {
        /// The document has expired.
        Expired = "expired",
        /// Such a document is not accepted.
        NotAccepted = "not_accepted",
        /// The person in the picture and in the document could not be taken for the same.
        DifferentPerson = "different_person",
        /// The name does not fit the account.
        NameDoesNotFit = "name_does_not_fit",
        /// The person is too young.
        TooYoung = "too_young",
        /// No picture could be used, however often they were asked for.
        UnusableAfterRounds = "unusable_after_rounds",
        /// Something that is not told.
        OtherEvidence = "other_evidence",
    }
}

reasons! {
    /// What is behind [`RejectReason::OtherEvidence`]. Never told.
    InnerReason {
        /// Something was altered.
        Altered = "altered",
        /// It is a counterfeit.
        Counterfeit = "counterfeit",
        /// The portrait was replaced.
        PortraitReplaced = "portrait_replaced",
        /// A print or a screen was to pass for the original.
        PrintedOrScreenDeceit = "printed_or_screen_deceit",
        /// The same picture or document was seen for somebody else.
        SeenForAnother = "seen_for_another",
        /// Somebody else seems to press the applicant.
        PressedByOthers = "pressed_by_others",
        /// It is a specimen.
        KnownSpecimen = "known_specimen",
        /// A supervisor knows more.
        Supervisor = "supervisor",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_kept_by_its_code() {
        for reason in AskReason::ALL {
            let json = serde_json::to_value(reason).unwrap();
            assert_eq!(json, reason.as_str());
            assert_eq!(AskReason::parse(reason.as_str()), Some(*reason));
        }
        for reason in RejectReason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
        for reason in InnerReason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
        assert_eq!((AskReason::parse("Blurred"), RejectReason::parse(""), InnerReason::parse("x")), (None, None, None));
    }
}
