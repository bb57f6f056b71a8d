//! `[review] specimens`: the organisation's own pictures of genuine documents, which stand beside the checklist of a case of
//! their kind. They come from a directory, and through the gate of everybody's pictures all the same: what is in them goes to
//! the browser of who decides.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use bytes::Bytes;

use super::gate::Visit;
use super::refusal::Refusal;
use crate::config::Problem;
use crate::config::review::Review;
use crate::picture::gate::{self, SIDES};
use crate::picture::{Refused, develop};
use crate::verification::method::document::DocumentKind;
use crate::web::error::Refusal as Malformed;
use crate::web::{Answer, jpeg};

/// What they are named by in the configuration.
const KEY: &str = "review.specimens";
/// The most files: all of them are held in memory.
const FILES: usize = 16;
/// The largest file, in bytes: that of an upload.
const FILE_SIZE: u64 = 12 * 1024 * 1024;
/// The longest part of a name behind that of the kind, in bytes.
const WORDS: usize = 40;
const NAMES: &str = "name it by its kind, such as passport.jpg or identity_card-de-back.jpg: passport, identity_card, \
                     residence_permit or driving_licence, and behind a - up to 40 of a-z, 0-9 and -";

/// All of them, in the order of their names.
#[derive(Clone, Default)]
pub struct Specimens(Vec<Specimen>);

/// One of them.
#[derive(Clone)]
pub(super) struct Specimen {
    pub(super) kind: DocumentKind,
    /// What tells it from others of its kind.
    pub(super) words: String,
    jpeg: Bytes,
    digest: [u8; 32],
}

/// Names one, by a digest of what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SpecimenName([u8; 32]);

impl SpecimenName {
    pub(super) fn parse(text: &str) -> Option<Self> {
        data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }
}

impl Specimens {
    /// Those of `review`.
    ///
    /// # Errors
    /// The directory, or a file in it, is not what it has to be. There is none that is left out.
    pub fn read(review: Option<&Review>) -> Result<Self, Vec<Problem>> {
        let Some(directory) = review.and_then(|review| review.specimens.as_deref()) else { return Ok(Self::default()) };
        let listed = fs::read_dir(directory).and_then(|entries| {
            let names = entries.take(FILES + 1).map(|entry| entry.map(|entry| entry.file_name()));
            names.collect::<io::Result<Vec<_>>>()
        });
        let mut names = match listed {
            Ok(names) if names.len() > FILES => {
                let remedy = format!("leave the {FILES} that help most");
                return Err(vec![problem(directory, format!("has more than {FILES} files"), &remedy)]);
            }
            Ok(names) => names,
            Err(error) => {
                let remedy = "name a directory that the service may read, or remove the key";
                return Err(vec![problem(directory, error.to_string(), remedy)]);
            }
        };
        names.sort();
        let (mut specimens, mut problems) = (Vec::new(), Vec::new());
        for name in names {
            let path = directory.join(&name);
            match Specimen::read(&path, name.to_str()) {
                Ok(specimen) => specimens.push(specimen),
                Err((what, remedy)) => problems.push(problem(&path, what, remedy)),
            }
        }
        if problems.is_empty() { Ok(Self(specimens)) } else { Err(problems) }
    }

    /// Those of `kind`.
    pub(super) fn of(&self, kind: DocumentKind) -> impl Iterator<Item = &Specimen> {
        self.0.iter().filter(move |specimen| specimen.kind == kind)
    }

    /// By what each is told from what it was before.
    #[must_use]
    pub fn prints(&self) -> Vec<Option<Vec<u8>>> {
        self.0
            .iter()
            .map(|Specimen { kind, words, digest, .. }| {
                Some([kind.as_str().as_bytes(), words.as_bytes(), digest].concat())
            })
            .collect()
    }
}

impl Specimen {
    /// The picture at `path`, called `name` if that is a text, or what is wrong with it and what to do.
    fn read(path: &Path, name: Option<&str>) -> Result<Self, (String, &'static str)> {
        let (kind, words) = name.and_then(called).ok_or_else(|| ("is not named as specimens are".to_owned(), NAMES))?;
        let upload = contents(path)?;
        let picture = gate::admit(&upload, &SIDES).and_then(|admitted| develop::develop(&upload, admitted));
        let picture = picture.map_err(|refused| (format!("is {refused}"), remedy(refused)))?;
        let jpeg = Bytes::copy_from_slice(&picture.jpeg);
        Ok(Self { kind, words: words.to_owned(), jpeg, digest: picture.digest })
    }

    /// Where pages find it.
    pub(super) fn address(&self) -> String {
        format!("/specimen/{}", data_encoding::HEXLOWER.encode(&self.digest))
    }
}

/// The kind, and what else a file's name says.
fn called(name: &str) -> Option<(DocumentKind, &str)> {
    let stem = name.strip_suffix(".jpg")?;
    let (kind, words) = stem.split_once('-').map_or((stem, None), |(kind, words)| (kind, Some(words)));
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_fine = |words: &str| (1..=WORDS).contains(&words.len()) && words.bytes().all(is_plain);
    words.is_none_or(is_fine).then_some((DocumentKind::parse(kind)?, words.unwrap_or_default()))
}

fn contents(path: &Path) -> Result<Vec<u8>, (String, &'static str)> {
    const PLAIN: &str = "let the directory have nothing but JPEG files, which the service may read";
    const SMALLER: &str = "save it smaller: nothing beyond 2200 pixels is shown";
    let failed = |error: io::Error| (error.to_string(), PLAIN);
    // Before it is opened: a pipe would wait for whoever writes.
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(("is no file".into(), PLAIN));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(FILE_SIZE + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > FILE_SIZE { Err(("is larger than 12 MiB".into(), SMALLER)) } else { Ok(bytes) }
}

const fn remedy(refused: Refused) -> &'static str {
    match refused {
        Refused::NotJpeg(_) => "save it as a JPEG",
        Refused::TooSmall => "take one whose shorter side has 600 pixels or more",
        Refused::TooLarge => "save it smaller: nothing beyond 2200 pixels is shown",
        Refused::NotAPhoto | Refused::Incomplete | Refused::Flat => {
            "save it anew, as a JPEG of three colours or of grey"
        }
    }
}

fn problem(place: &Path, problem: String, remedy: &str) -> Problem {
    Problem { place: place.display().to_string(), key: KEY.into(), problem, remedy: remedy.to_owned() }
}

/// `GET /specimen/NAME`.
pub(super) fn specimen(visit: &Visit<'_>, name: SpecimenName) -> Result<Answer, Refusal> {
    let mut all = visit.console.specimens.0.iter();
    let specimen = all.find(|specimen| specimen.digest == name.0).ok_or(Malformed::NotFound)?;
    Ok(jpeg::answer(specimen.jpeg.clone()))
}

#[cfg(test)]
mod tests {
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
            assert_eq!(called(name), read, "{name}");
        }
        let longest = format!("passport-{}.jpg", "x".repeat(WORDS));
        assert!(called(&longest).is_some() && called(&longest.replace(".jpg", "x.jpg")).is_none());
    }
}
