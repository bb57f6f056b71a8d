//! Which documents there are, and which pictures are taken of them and of their holder.

use serde::{Deserialize, Serialize};

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A passport: the page with the portrait.
    Passport,
    /// An identity card.
    IdentityCard,
    /// A residence permit.
    ResidencePermit,
    /// A driving licence.
    DrivingLicence,
}

impl DocumentKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Passport, Self::IdentityCard, Self::ResidencePermit, Self::DrivingLicence];

    /// Its name in the configuration, in forms and in the evidence.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::IdentityCard => "identity_card",
            Self::ResidencePermit => "residence_permit",
            Self::DrivingLicence => "driving_licence",
        }
    }

    /// The kind called `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether it has a back that says something.
    #[must_use]
    pub const fn has_back(self) -> bool {
        !matches!(self, Self::Passport)
    }
}

/// A picture that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The side of the document with the portrait.
    Front,
    /// Its other side.
    Back,
    /// The applicant, as the policy has it.
    Selfie,
    /// The applicant once more, in the pose that was drawn.
    Pose,
}

impl Slot {
    /// All of them, in the order in which they are asked for.
    pub const ALL: [Self; 4] = [Self::Front, Self::Back, Self::Selfie, Self::Pose];

    /// Its name, as in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Back => "back",
            Self::Selfie => "selfie",
            Self::Pose => "pose",
        }
    }

    /// The slot called `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.as_str() == name)
    }

    /// Whether the applicant is in it, and not their document alone.
    #[must_use]
    pub const fn is_of_person(self) -> bool {
        matches!(self, Self::Selfie | Self::Pose)
    }
}

/// What the applicant's own picture has to show. None of it proves that they were there: each is a hurdle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selfie {
    /// None is taken.
    None,
    /// Their face.
    Plain,
    /// Their face, and beside it a paper with the organisation's name and the cue.
    CodeOnPaper,
    /// Their face, and beside it the document.
    DocumentInHand,
    /// Their face, and once more in the pose that was drawn.
    Pose,
}

impl Selfie {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::None, Self::Plain, Self::CodeOnPaper, Self::DocumentInHand, Self::Pose];

    /// Its name in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Plain => "plain",
            Self::CodeOnPaper => "code_on_paper",
            Self::DocumentInHand => "document_in_hand",
            Self::Pose => "pose",
        }
    }

    /// The one called `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|selfie| selfie.as_str() == name)
    }

    /// The slots that it asks for.
    #[must_use]
    pub const fn slots(self) -> &'static [Slot] {
        match self {
            Self::None => &[],
            Self::Plain | Self::CodeOnPaper | Self::DocumentInHand => &[Slot::Selfie],
            Self::Pose => &[Slot::Selfie, Slot::Pose],
        }
    }
}

/// What nobody can tell before a round, so that no picture of before will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue([u8; 4]);

/// How the applicant holds their head in the second picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pose {
    /// Turned to their left.
    Left,
    /// Turned to their right.
    Right,
    /// Raised.
    Up,
    /// Straight, with a hand at the cheek.
    HandAtCheek,
}

impl Pose {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Up, Self::HandAtCheek];

    /// Its name, in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Up => "up",
            Self::HandAtCheek => "hand_at_cheek",
        }
    }

    /// The one called `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pose| pose.as_str() == name)
    }
}

impl Cue {
    /// Symbols that nobody takes for another one.
    const DIGITS: &[u8; 8] = b"23456789";
    const LETTERS: &[u8; 16] = b"ACDEFHJKLMNPRTXY";

    /// The cue of `random` bits.
    #[must_use]
    pub const fn from_random(random: [u8; 4]) -> Self {
        Self(random)
    }

    /// What is written on paper beside the organisation's name, such as `47-KD`.
    #[must_use]
    pub fn code(self) -> String {
        let digit = |byte: u8| char::from(Self::DIGITS[usize::from(byte) % Self::DIGITS.len()]);
        let letter = |byte: u8| char::from(Self::LETTERS[usize::from(byte) % Self::LETTERS.len()]);
        let [first, second, third, fourth] = self.0;
        [digit(first), digit(second), '-', letter(third), letter(fourth)].iter().collect()
    }

    /// The cue that is written as `code`, in letters of any case; none if nothing is.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let &[first, second, b'-', third, fourth] = code.as_bytes() else { return None };
        let place = |symbols: &[u8], symbol: u8| {
            let place = symbols.iter().position(|known| known.eq_ignore_ascii_case(&symbol))?;
            u8::try_from(place).ok()
        };
        let [first, second] = [first, second].map(|digit| place(Self::DIGITS, digit));
        let [third, fourth] = [third, fourth].map(|letter| place(Self::LETTERS, letter));
        Some(Self([first?, second?, third?, fourth?]))
    }

    /// One of which `pose` is asked for.
    #[must_use]
    pub const fn of_pose(pose: Pose) -> Self {
        Self([pose as u8, 0, 0, 0])
    }

    /// The pose that is asked for.
    #[must_use]
    pub const fn pose(self) -> Pose {
        match self.0[0] % 4 {
            0 => Pose::Left,
            1 => Pose::Right,
            2 => Pose::Up,
            _ => Pose::HandAtCheek,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_read_by_the_name_that_it_has_and_by_no_other() {
        for kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::parse(kind.as_str()), Some(kind));
        }
        for slot in Slot::ALL {
            assert_eq!(Slot::parse(slot.as_str()), Some(slot));
        }
        for selfie in Selfie::ALL {
            assert_eq!(Selfie::parse(selfie.as_str()), Some(selfie));
        }
        for bad in ["", "Passport", "passport ", "visa", "front/", "none."] {
            assert_eq!((DocumentKind::parse(bad), Slot::parse(bad), Selfie::parse(bad)), (None, None, None), "{bad}");
        }
    }

    #[test]
    fn a_cue_is_two_digits_and_two_letters_that_nobody_takes_for_others() {
        assert_eq!(Cue::from_random([0, 1, 2, 3]).code(), "23-DE");
        for byte in 0..=255 {
            let code = Cue::from_random([byte; 4]).code();
            assert!(!code.contains(['0', 'O', '1', 'I', 'Q', 'S', 'B', 'Z', 'G', 'U', 'V', 'W']), "{code}");
            assert_eq!(code.len(), 5);
        }
    }

    #[test]
    fn a_cue_is_known_by_what_is_written_on_paper_and_by_its_pose() {
        for byte in 0..=255 {
            let code = Cue::from_random([byte, byte / 3, byte / 5, byte / 7]).code();
            assert_eq!(Cue::parse(&code).map(Cue::code), Some(code.clone()));
            assert_eq!(Cue::parse(&code.to_lowercase()).map(Cue::code), Some(code));
        }
        for bad in ["", "47-K", "47-KDE", "47KDX", "17-KD", "47-KO", "47-K\u{e9}", "ab-cd"] {
            assert_eq!(Cue::parse(bad), None, "{bad}");
        }
        for pose in Pose::ALL {
            assert_eq!(Cue::of_pose(pose).pose(), pose);
            assert_eq!(Pose::parse(pose.as_str()), Some(pose));
        }
        assert_eq!(Pose::parse("down"), None);
    }
}
