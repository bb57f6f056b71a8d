//! `[review] specimens`: the organisation's own pictures of genuine documents, which stand beside the checklist of a case of
//! their kind.

use std::path::Path;

use super::directory::{Directory, Exhibit, is_plain};
use crate::config::Problem;
use crate::verification::method::document::DocumentKind;

/// What they are named by in the configuration.
pub(super) const KEY: &str = "review.specimens";
const DIRECTORY: Directory<(DocumentKind, String)> = Directory {
    key: KEY,
    what: "specimens",
    names: "name it by its kind, such as passport.jpg or identity_card-de-back.jpg: passport, identity_card, \
            residence_permit or driving_licence, and behind a - up to 40 of a-z, 0-9 and -",
    called,
};

/// All of them, in the order of their names.
#[derive(Clone, Default)]
pub(super) struct Specimens(Vec<Specimen>);

/// One of them.
#[derive(Clone)]
pub(in crate::review) struct Specimen {
    kind: DocumentKind,
    /// What tells it from others of its kind.
    pub(in crate::review) words: String,
    pub(in crate::review) picture: Exhibit,
}

impl Specimens {
    /// Those in `directory`, if there is one.
    pub(super) fn read(directory: Option<&Path>) -> Result<Self, Vec<Problem>> {
        let files = directory.map(|directory| DIRECTORY.read(directory)).transpose()?.unwrap_or_default();
        let specimens = files.into_iter().map(|((kind, words), picture)| Specimen { kind, words, picture });
        Ok(Self(specimens.collect()))
    }

    /// Those of `kind`.
    pub(super) fn of(&self, kind: DocumentKind) -> impl Iterator<Item = &Specimen> {
        self.0.iter().filter(move |specimen| specimen.kind == kind)
    }

    pub(super) fn pictures(&self) -> impl Iterator<Item = &Exhibit> {
        self.0.iter().map(|specimen| &specimen.picture)
    }

    /// By what each is told from what it was before.
    pub(super) fn prints(&self) -> Vec<Option<Vec<u8>>> {
        let print = |Specimen { kind, words, picture }: &Specimen| {
            Some([kind.as_str().as_bytes(), words.as_bytes(), &picture.digest].concat())
        };
        self.0.iter().map(print).collect()
    }
}

/// The kind, and what else a file's name says.
fn called(name: &str) -> Option<(DocumentKind, String)> {
    let stem = name.strip_suffix(".jpg")?;
    let (kind, words) = stem.split_once('-').map_or((stem, None), |(kind, words)| (kind, Some(words)));
    words.is_none_or(is_plain).then_some((DocumentKind::parse(kind)?, words.unwrap_or_default().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::directory::WORDS;
    use super::*;

    #[test]
    fn a_name_says_the_kind_and_what_tells_it_from_others() {
        for (name, read) in [
            ("passport.jpg", Some((DocumentKind::Passport, ""))),
            ("identity_card-de-back.jpg", Some((DocumentKind::IdentityCard, "de-back"))),
            ("driving_licence-2.jpg", Some((DocumentKind::DrivingLicence, "2"))),
            ("passport.jpeg", None),
            ("passport.JPG", None),
            ("Passport.jpg", None),
            ("passport-.jpg", None),
            ("passport-DE.jpg", None),
            ("passport de.jpg", None),
            ("passport-\u{202e}.jpg", None),
            ("passports.jpg", None),
            (".jpg", None),
            (".DS_Store", None),
            ("", None),
        ] {
            assert_eq!(called(name), read.map(|(kind, words)| (kind, words.to_owned())), "{name}");
        }
        let longest = format!("passport-{}.jpg", "x".repeat(WORDS));
        assert!(called(&longest).is_some() && called(&longest.replace(".jpg", "x.jpg")).is_none());
    }
}
