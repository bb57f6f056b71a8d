//! Specimens: documents of a state that does not exist, and selfies of the sample people, drawn here and printed over as what
//! they are. Whoever tries the trial chooses them as files where others take photos.

use jpeg_encoder::{ColorType, Encoder};

use self::canvas::Canvas;
use self::holder::Holder;

mod canvas;
mod card;
mod face;
mod holder;
mod letters;
pub(super) mod page;
mod passport;
mod print;
mod selfie;
mod zone;

/// What is printed over each.
const NOTICE: &str = "SPECIMEN · NOT A DOCUMENT";
/// The state that issues them: the specimens' own, by ICAO Doc 9303.
const STATE: &str = "UTO";
/// The quality at which they are written. They have few colours.
const QUALITY: u8 = 85;
/// How many characters fit on the paper, in each line.
const ON_PAPER: usize = 12;

/// A picture that somebody may choose instead of taking a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Specimen {
    /// The page of a passport with the portrait.
    Passport,
    /// The side of an identity card with the portrait.
    CardFront,
    /// Its other side.
    CardBack,
    /// The person.
    Selfie,
}

impl Specimen {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Passport, Self::CardFront, Self::CardBack, Self::Selfie];

    /// Its name, in addresses and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::CardFront => "card-front",
            Self::CardBack => "card-back",
            Self::Selfie => "selfie",
        }
    }

    /// The same for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Passport => "Passport",
            Self::CardFront => "Identity card, front",
            Self::CardBack => "Identity card, back",
            Self::Selfie => "Selfie",
        }
    }

    /// The one called `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|specimen| specimen.as_str() == name)
    }

    /// It as a JPEG, of the person with this number and name; in a selfie they hold a paper with these words, if there are any.
    #[must_use]
    pub fn jpeg(self, number: usize, name: &str, on_paper: &str) -> Vec<u8> {
        let holder = Holder::of(number, name);
        let mut canvas = match self {
            Self::Passport => holder.photographed(passport::SIZE, |page| passport::draw(page, &holder)),
            Self::CardFront => holder.photographed(card::SIZE, |side| card::draw_front(side, &holder)),
            Self::CardBack => holder.photographed(card::SIZE, |side| card::draw_back(side, &holder)),
            Self::Selfie => selfie::draw(&holder, &lines(on_paper)),
        };
        print::over(&mut canvas);
        encode(&canvas)
    }
}

/// What fits on the paper: a word a line, three at most.
fn lines(words: &str) -> Vec<String> {
    words.split_whitespace().take(3).map(|word| word.chars().take(ON_PAPER).collect()).collect()
}

fn encode(canvas: &Canvas) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let encoded = Encoder::new(&mut jpeg, QUALITY).encode(&canvas.pixels, canvas.width, canvas.height, ColorType::Rgb);
    encoded.expect("memory takes what is written, and a canvas has its size in pixels");
    jpeg
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_person_has_specimens_of_their_own_that_are_whole_and_small() {
        let mut seen = HashSet::new();
        for number in 0..3 {
            for specimen in Specimen::ALL {
                let jpeg = specimen.jpeg(number, "Ada Lovelace", "");
                assert!(jpeg.starts_with(&[0xff, 0xd8]) && jpeg.ends_with(&[0xff, 0xd9]));
                assert!((20_000..200_000).contains(&jpeg.len()), "{specimen:?} takes {}", jpeg.len());
                assert!(seen.insert(jpeg), "{specimen:?} of {number} is another's");
            }
        }
    }

    #[test]
    fn a_specimen_is_the_same_whenever_it_is_drawn_and_a_paper_shows_its_words() {
        let selfie = |words| Specimen::Selfie.jpeg(0, "Ada Lovelace", words);
        assert_eq!(selfie("Acme 47-KD"), selfie("Acme 47-KD"));
        let all: HashSet<_> = ["", "Acme", "Acme 47-KD", "Acme 47-KC"].map(selfie).into();
        assert_eq!(all.len(), 4);
    }

    #[test]
    fn what_somebody_wants_on_the_paper_is_cut_to_it() {
        assert_eq!(lines(" Acme  47-KD "), ["Acme", "47-KD"]);
        assert_eq!(lines(&"ä".repeat(100)), ["ä".repeat(ON_PAPER)]);
        assert_eq!(lines("1 2 3 4"), ["1", "2", "3"]);
        assert!(lines("").is_empty());
    }

    #[test]
    fn a_specimen_is_known_by_its_name_alone() {
        for specimen in Specimen::ALL {
            assert_eq!(Specimen::parse(specimen.as_str()), Some(specimen));
        }
        assert_eq!(Specimen::parse("Passport"), None);
    }
}
