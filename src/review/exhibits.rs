//! What the organisation shows its reviewers: genuine documents, beside the questions of cases of their kind, and pairs to
//! learn from. Each is a directory that `[review]` names.

use self::directory::Exhibit;
pub(super) use self::pairs::Pair;
use self::pairs::Pairs;
pub(super) use self::specimens::Specimen;
use self::specimens::Specimens;
use super::gate::Visit;
use super::refusal::Refusal;
use crate::config::Problem;
use crate::config::review::Review;
use crate::verification::method::document::DocumentKind;
use crate::web::error::Refusal as Malformed;
use crate::web::{Answer, jpeg};

mod directory;
mod pairs;
mod specimens;

/// All of it.
#[derive(Clone, Default)]
pub struct Exhibits {
    specimens: Specimens,
    pairs: Pairs,
}

/// Names one picture, by a digest of what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ExhibitName([u8; 32]);

impl ExhibitName {
    pub(super) fn parse(text: &str) -> Option<Self> {
        data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }
}

impl Exhibits {
    /// Those of `review`.
    ///
    /// # Errors
    /// A directory, or a file in it, is not what it has to be. There is none that is left out.
    pub fn read(review: Option<&Review>) -> Result<Self, Vec<Problem>> {
        let Some(review) = review else { return Ok(Self::default()) };
        match (Specimens::read(review.specimens.as_deref()), Pairs::read(review.pairs.as_deref())) {
            (Ok(specimens), Ok(pairs)) => Ok(Self { specimens, pairs }),
            (specimens, pairs) => Err([specimens.err(), pairs.err()].into_iter().flatten().flatten().collect()),
        }
    }

    /// By what all that each key names is told from what it was before.
    pub fn prints(&self) -> impl Iterator<Item = (&'static str, Vec<Option<Vec<u8>>>)> {
        [(specimens::KEY, self.specimens.prints()), (pairs::KEY, self.pairs.prints())].into_iter()
    }

    /// Genuine documents of `kind`.
    pub(super) fn specimens(&self, kind: DocumentKind) -> impl Iterator<Item = &Specimen> {
        self.specimens.of(kind)
    }

    /// Pairs to learn from.
    pub(super) fn pairs(&self) -> &[Pair] {
        self.pairs.as_slice()
    }

    fn pictures(&self) -> impl Iterator<Item = &Exhibit> {
        self.specimens.pictures().chain(self.pairs.pictures())
    }
}

/// `GET /exhibit/NAME`.
pub(super) fn exhibit(visit: &Visit<'_>, name: ExhibitName) -> Result<Answer, Refusal> {
    let mut pictures = visit.console.exhibits.pictures();
    let picture = pictures.find(|picture| picture.digest == name.0).ok_or(Malformed::NotFound)?;
    Ok(jpeg::answer(picture.jpeg.clone()))
}
