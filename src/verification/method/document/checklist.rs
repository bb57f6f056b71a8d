//! What a reviewer answers before they decide, each yes, no or cannot tell, with no default.

use serde::{Deserialize, Serialize};

use super::dossier::Dossier;
use super::kind::Selfie;

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Does it look like a genuine specimen of its kind?
    Genuine,
    /// Was the portrait left as it was?
    PortraitUntouched,
    /// Is the text even?
    TextEven,
    /// Is it no screen, print or copy?
    NoCopy,
    /// Is it in force by its dates?
    InForce,
    /// Does the name fit the account?
    NameFits,
    /// Does the selfie show a person, and not a picture of one?
    Person,
    /// Was what was asked for done?
    CueDone,
    /// Is it the same person?
    SamePerson,
    /// Is the applicant nobody whom the reviewer knows?
    Unknown,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It cannot be told.
    CannotTell,
}

/// The questions with their answers.
pub type Checklist = Vec<(Item, Response)>;

impl Item {
    /// All of them, in the order in which they are asked.
    pub const ALL: [Self; 10] = [
        Self::Genuine,
        Self::PortraitUntouched,
        Self::TextEven,
        Self::NoCopy,
        Self::InForce,
        Self::NameFits,
        Self::Person,
        Self::CueDone,
        Self::SamePerson,
        Self::Unknown,
    ];

    /// Its name, as in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::PortraitUntouched => "portrait_untouched",
            Self::TextEven => "text_even",
            Self::NoCopy => "no_copy",
            Self::InForce => "in_force",
            Self::NameFits => "name_fits",
            Self::Person => "person",
            Self::CueDone => "cue_done",
            Self::SamePerson => "same_person",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it is asked where the applicant's own picture shows `selfie`.
    const fn is_asked(self, selfie: Selfie) -> bool {
        match self {
            Self::Person | Self::SamePerson => !matches!(selfie, Selfie::None),
            Self::CueDone => matches!(selfie, Selfie::CodeOnPaper | Selfie::DocumentInHand | Selfie::Pose),
            _ => true,
        }
    }
}

impl Response {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::CannotTell];

    /// Its name, as in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::CannotTell => "cannot_tell",
        }
    }

    /// The answer called `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|response| response.as_str() == name)
    }
}

/// The questions that are asked of `dossier`.
pub fn questions(dossier: &Dossier) -> impl Iterator<Item = Item> + use<> {
    let selfie = dossier.selfie;
    Item::ALL.into_iter().filter(move |item| item.is_asked(selfie))
}
