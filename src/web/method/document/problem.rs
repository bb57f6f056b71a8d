//! What an applicant hears of what they did before. An address names it, by one of these names alone.

use hyper::http::request::Parts;

use crate::picture::{Kind, Refused};
use crate::web::language::Catalogue;

/// Declares the list: each with its name in addresses, and that of its sentence.
macro_rules! problems {
    ($($(#[$of:meta])* $variant:ident = $name:literal, $text:literal,)*) => {
        /// Something to hear of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Problem { $($(#[$of])* $variant,)* }

        impl Problem {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$variant,)*];

            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }

            pub(super) fn told_in(self, texts: &'static Catalogue) -> &'static str {
                texts.say(match self { $(Self::$variant => $text,)* })
            }
        }
    };
}

problems! {
    /// They did not agree.
    Consent = "consent", "document-problem-consent",
    /// They chose no document, or one that is not accepted.
    Kind = "kind", "document-problem-kind",
    /// What they agreed to was changed meanwhile.
    Reworded = "reworded", "document-problem-reworded",
    /// They were verified longer ago than the application takes.
    Outdated = "outdated", "document-problem-outdated",
    /// There is too little time left of the login.
    Late = "late", "document-problem-late",
    /// What they did it to is there no more.
    Gone = "gone", "document-problem-gone",
    /// Nothing may be deleted at present.
    Held = "held", "document-problem-held",
    /// Everything was deleted, as they wished.
    Withdrawn = "withdrawn", "document-problem-withdrawn",
    /// No file came.
    None = "none", "document-problem-none",
    /// The file is larger than is taken.
    TooLarge = "too-large", "document-problem-too-large",
    /// A photo is missing.
    Missing = "missing", "document-problem-missing",
    /// Another photo took the place of the one that they looked at.
    Changed = "changed", "document-problem-changed",
    /// A reviewer could not use this very photo.
    Unusable = "unusable", "document-problem-unusable",
    /// HEIC or AVIF.
    Heic = "heic", "document-problem-heic",
    /// Another kind of picture.
    Format = "format", "document-problem-format",
    /// A PDF.
    Pdf = "pdf", "document-problem-pdf",
    /// A film.
    Video = "video", "document-problem-video",
    /// No picture at all.
    Unknown = "unknown", "document-problem-unknown",
    /// Its sides are too short.
    TooSmall = "too-small", "document-problem-too-small",
    /// It has too many pixels.
    TooManyPixels = "pixels", "document-problem-pixels",
    /// A JPEG as no camera writes it.
    NotAPhoto = "no-photo", "document-problem-no-photo",
    /// It did not come whole.
    Incomplete = "incomplete", "document-problem-incomplete",
    /// It shows one colour.
    Flat = "flat", "document-problem-flat",
    /// There is no room for photos.
    NoRoom = "no-room", "document-problem-no-room",
    /// Something failed that is ours.
    Fault = "fault", "document-problem-fault",
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotJpeg(kind) => match kind {
                Kind::Heic => Self::Heic,
                Kind::Png | Kind::WebP | Kind::Gif => Self::Format,
                Kind::Pdf => Self::Pdf,
                Kind::Video => Self::Video,
                Kind::Jpeg | Kind::Unknown => Self::Unknown,
            },
            Refused::TooSmall => Self::TooSmall,
            Refused::TooLarge => Self::TooManyPixels,
            Refused::NotAPhoto => Self::NotAPhoto,
            Refused::Incomplete => Self::Incomplete,
            Refused::Flat => Self::Flat,
        }
    }
}

/// What the address of a request tells of.
pub(super) fn of_address(parts: &Parts) -> Option<Problem> {
    parts.uri.query()?.strip_prefix("problem=").and_then(Problem::parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_read_by_its_own_name_and_by_nothing_else() {
        for problem in Problem::ALL {
            assert_eq!(Problem::parse(problem.as_str()), Some(*problem));
        }
        assert_eq!(["", "Heic", "heic&x=1"].map(Problem::parse), [None; 3]);
    }
}
