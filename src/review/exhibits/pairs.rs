//! `[review] pairs`: documents and selfies of which the organisation knows whether they are of one person. Whoever is new looks
//! at them before their first case: examples that say what they are make people better at it than years of doing it.

use std::collections::BTreeMap;
use std::path::Path;

use super::directory::{Directory, Exhibit, is_plain};
use crate::config::Problem;

/// What they are named by in the configuration.
pub(super) const KEY: &str = "review.pairs";
const DIRECTORY: Directory<Half> = Directory {
    key: KEY,
    what: "pairs",
    names: "name both files of a pair alike, such as 1-same-document.jpg and 1-same-selfie.jpg: up to 40 of a-z, 0-9 and -, \
            then -same or -different, then -document.jpg or -selfie.jpg",
    called,
};
/// How files end, by what they show.
const SIDES: [&str; 2] = ["document", "selfie"];

/// All of them, in the order of their names.
#[derive(Clone, Default)]
pub(super) struct Pairs(Vec<Pair>);

/// A document and a selfie.
#[derive(Clone)]
pub(in crate::review) struct Pair {
    pub(in crate::review) document: Exhibit,
    pub(in crate::review) selfie: Exhibit,
    /// Whether they are of one person.
    pub(in crate::review) is_same: bool,
}

/// What the name of a file says.
#[derive(Debug, PartialEq, Eq)]
struct Half {
    of: Named,
    is_selfie: bool,
}

/// What both files of a pair are called.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    words: String,
    is_same: bool,
}

impl Pairs {
    /// Those in `directory`, if there is one.
    pub(super) fn read(directory: Option<&Path>) -> Result<Self, Vec<Problem>> {
        let Some(directory) = directory else { return Ok(Self::default()) };
        let mut halves = BTreeMap::<Named, [Option<Exhibit>; 2]>::new();
        for (half, picture) in DIRECTORY.read(directory)? {
            halves.entry(half.of).or_default()[usize::from(half.is_selfie)] = Some(picture);
        }
        let (mut pairs, mut problems) = (Vec::new(), Vec::new());
        for (named, sides) in halves {
            match sides {
                [Some(document), Some(selfie)] => pairs.push(Pair { document, selfie, is_same: named.is_same }),
                [there, _] => problems.push(alone(directory, &named, there.is_none())),
            }
        }
        if problems.is_empty() { Ok(Self(pairs)) } else { Err(problems) }
    }

    pub(super) fn as_slice(&self) -> &[Pair] {
        &self.0
    }

    pub(super) fn pictures(&self) -> impl Iterator<Item = &Exhibit> {
        self.0.iter().flat_map(|pair| [&pair.document, &pair.selfie])
    }

    /// By what each is told from what it was before.
    pub(super) fn prints(&self) -> Vec<Option<Vec<u8>>> {
        let print = |Pair { document, selfie, is_same }: &Pair| {
            Some([&[u8::from(*is_same)][..], &document.digest, &selfie.digest].concat())
        };
        self.0.iter().map(print).collect()
    }
}

impl Named {
    fn file(&self, is_selfie: bool) -> String {
        let truth = if self.is_same { "same" } else { "different" };
        format!("{}-{truth}-{}.jpg", self.words, SIDES[usize::from(is_selfie)])
    }
}

/// Half of a pair is in `directory`: the selfie, or the document.
fn alone(directory: &Path, named: &Named, is_selfie: bool) -> Problem {
    let problem = format!("has no {} beside it", named.file(!is_selfie));
    DIRECTORY.problem(&directory.join(named.file(is_selfie)), problem, "add that one, or remove this one")
}

fn called(name: &str) -> Option<Half> {
    let (of, side) = name.strip_suffix(".jpg")?.rsplit_once('-')?;
    let (words, truth) = of.rsplit_once('-')?;
    let is_same = match truth {
        "same" => true,
        "different" => false,
        _ => return None,
    };
    let is_selfie = SIDES.iter().position(|known| *known == side)? == 1;
    is_plain(words).then(|| Half { of: Named { words: words.to_owned(), is_same }, is_selfie })
}

#[cfg(test)]
mod tests {
    use super::super::directory::WORDS;
    use super::*;

    #[test]
    fn a_name_says_which_pair_it_is_of_whether_that_is_one_person_and_what_it_shows() {
        for (name, read) in [
            ("1-same-document.jpg", Some(("1", true, false))),
            ("1-same-selfie.jpg", Some(("1", true, true))),
            ("two-brothers-different-selfie.jpg", Some(("two-brothers", false, true))),
            ("1-same-same-document.jpg", Some(("1-same", true, false))),
            ("1-same-document.jpeg", None),
            ("1-same-document", None),
            ("1-same-picture.jpg", None),
            ("1-document.jpg", None),
            ("1-similar-document.jpg", None),
            ("1-Same-document.jpg", None),
            ("-same-document.jpg", None),
            ("same-document.jpg", None),
            ("A-same-document.jpg", None),
            ("1 -same-document.jpg", None),
            (".jpg", None),
            ("", None),
        ] {
            let half = read.map(|(words, is_same, is_selfie): (&str, _, _)| Half {
                of: Named { words: words.to_owned(), is_same },
                is_selfie,
            });
            if let Some(half) = &half {
                assert_eq!(half.of.file(half.is_selfie), name);
            }
            assert_eq!(called(name), half, "{name}");
        }
        let longest = format!("{}-same-selfie.jpg", "x".repeat(WORDS));
        assert!(called(&longest).is_some() && called(&format!("x{longest}")).is_none());
    }
}
