//! Whether what the account says of a person and what a provider says is the same.
//!
//! Two registers rarely spell a name alike: with marks and without, in capitals, or as the machine-readable zone of a
//! passport has it. So names are compared by their letters and digits, without marks and letter case, in each of the
//! spellings that ICAO Doc 9303-3 (8th edition), section 6.A, has for the letters of Latin script. Its tables for Cyrillic
//! and Arabic are not here: what a letter becomes in them depends on the language, so a name is compared within its script.

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::verification::profile::{self, Profile};

/// The longest text that is compared, in bytes. A longer one equals nothing.
const LIMIT: usize = 1024;

/// A member of a [`Profile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// The given names.
    GivenName,
    /// The family name.
    FamilyName,
    /// The birthdate.
    Birthdate,
    /// The address for mail.
    Email,
}

impl Name {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::GivenName, Self::FamilyName, Self::Birthdate, Self::Email];

    /// As OpenID Connect calls it (Core §5.1), in configurations and claims alike.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Birthdate => "birthdate",
            Self::Email => "email",
        }
    }

    /// What the account says.
    #[must_use]
    pub fn of(self, profile: &Profile) -> Option<&str> {
        match self {
            Self::GivenName => profile.given_name(),
            Self::FamilyName => profile.family_name(),
            Self::Birthdate => profile.birthdate(),
            Self::Email => profile.email(),
        }
    }
}

/// Whether `ours`, what the account says of `name`, and `theirs`, what the provider says, are the same. Of given names the
/// first is enough, unless it is an initial. What has neither letter nor digit equals nothing.
#[must_use]
pub fn are_equal(name: Name, ours: &str, theirs: &str) -> bool {
    if ours.len() > LIMIT || theirs.len() > LIMIT {
        return false;
    }
    match name {
        Name::GivenName => is_same(ours, theirs) || is_same_first(ours, theirs),
        Name::FamilyName => is_same(ours, theirs),
        Name::Birthdate => profile::is_date(ours) && ours == theirs,
        Name::Email => is_address(ours) && ours.eq_ignore_ascii_case(theirs),
    }
}

/// Auth0 keeps addresses in lower case, however they were entered. Beyond ASCII nothing is folded: a dotless ı must not pass
/// for an i.
fn is_address(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(account, domain)| !account.is_empty() && !domain.is_empty())
}

/// Whether a spelling of the one is a spelling of the other.
fn is_same(ours: &str, theirs: &str) -> bool {
    let theirs = Spelling::ALL.map(|spelling| spell(theirs, spelling));
    Spelling::ALL
        .into_iter()
        .map(|spelling| spell(ours, spelling))
        .any(|ours| !ours.is_empty() && theirs.contains(&ours))
}

fn is_same_first(ours: &str, theirs: &str) -> bool {
    first(ours).zip(first(theirs)).is_some_and(|(ours, theirs)| is_same(ours, theirs))
}

/// The first of given names: it has two letters or more, and hyphens are of it.
fn first(names: &str) -> Option<&str> {
    let first = names.split_whitespace().find(|name| name.contains(char::is_alphanumeric))?;
    (spell(first, Spelling::Bare).chars().nth(1).is_some()).then_some(first)
}

/// How letters with marks are spelled that have more than one spelling.
#[derive(Clone, Copy)]
enum Spelling {
    /// Without the mark: Ü is U.
    Bare,
    /// With a second letter: Ü is UE, Å is AA.
    Digraph,
    /// With two of them that stand for the mark: Ü is UXX, Ñ is NXX.
    Marked,
}

impl Spelling {
    const ALL: [Self; 3] = [Self::Bare, Self::Digraph, Self::Marked];

    /// What `mark` adds to the `letter` before it.
    const fn of(self, letter: Option<char>, mark: char) -> &'static str {
        match (self, letter, mark) {
            (Self::Digraph, Some('a' | 'o' | 'u'), '\u{308}') => "e",
            (Self::Digraph, Some('a'), '\u{30a}') => "a",
            (Self::Marked, Some('u'), '\u{308}') | (Self::Marked, Some('n'), '\u{303}') => "xx",
            _ => "",
        }
    }
}

/// The letters and digits of `text` in lower case, without marks. Compatibility forms are one (UAX #15, NFKD), and so is what
/// upper case makes one: ı is I, ς is Σ.
fn spell(text: &str, spelling: Spelling) -> Zeroizing<String> {
    let classes = CanonicalCombiningClassMapBorrowed::new();
    // Room for any spelling of usual text, so that none of it is left behind where it would be moved.
    let mut spelled = Zeroizing::new(String::with_capacity(3 * text.len() + 16));
    for c in DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(text.chars()) {
        match classes.get_u8(c) {
            class if is_mark(class) => {
                let added = spelling.of(spelled.chars().next_back(), c);
                spelled.push_str(added);
            }
            // Apostrophes and their kind, some of which Unicode has for letters.
            0 if !c.is_alphanumeric() || matches!(c, '\u{2b0}'..='\u{2ff}') => {}
            _ => c.to_uppercase().flat_map(char::to_lowercase).for_each(|letter| spell_letter(letter, &mut spelled)),
        }
    }
    spelled
}

/// Whether a character of such a canonical combining class is a mark that names are written with or without: above, below,
/// through or attached, and the points of Hebrew and Arabic. The others tell letters apart: the voicing of kana, nukta and
/// virama (7 to 9), and the vowels and tones of Telugu, Thai, Lao and Tibetan (84 to 132).
const fn is_mark(class: u8) -> bool {
    matches!(class, 1 | 10..=36 | 200..)
}

/// The letters of ICAO's table that are no letter with a mark to Unicode.
fn spell_letter(letter: char, spelled: &mut String) {
    spelled.push_str(match letter {
        'æ' => "ae",
        'ð' | 'đ' => "d",
        'ħ' => "h",
        'ł' => "l",
        'ŋ' => "n",
        'ø' | 'œ' => "oe",
        'ß' => "ss",
        'þ' => "th",
        'ŧ' => "t",
        other => return spelled.push(other),
    });
}

#[cfg(test)]
mod tests {
    use super::Name::{Birthdate, Email, FamilyName, GivenName};
    use super::*;

    const SAME: &[(Name, &str, &str)] = &[
        (FamilyName, "Müller", "Müller"),
        (FamilyName, "Müller", "Mu\u{308}ller"),
        (FamilyName, "Müller", "MUELLER"),
        (FamilyName, "Müller", "MUXXLLER"),
        (FamilyName, "Müller", "Muller"),
        (FamilyName, "müller", "ＭÜＬＬＥＲ"),
        (FamilyName, "Goethe", "Göthe"),
        (FamilyName, "Jäger", "JAEGER"),
        (FamilyName, "Jäger", "JAGER"),
        (FamilyName, "Strauß", "STRAUSS"),
        (FamilyName, "Strauß", "STRAUẞ"),
        (FamilyName, "Weiß-Groß", "WEISS GROSS"),
        (FamilyName, "Øyen", "OEYEN"),
        (FamilyName, "Øyen", "øyen"),
        (FamilyName, "Ødegård", "OEDEGAARD"),
        (FamilyName, "Ødegård", "Ødegard"),
        (FamilyName, "Åberg", "AABERG"),
        (FamilyName, "Åberg", "Aberg"),
        (FamilyName, "Åberg", "A\u{30a}berg"),
        (FamilyName, "Ångström", "\u{212b}NGSTROEM"),
        (FamilyName, "Sæther", "SAETHER"),
        (FamilyName, "Þórsson", "THORSSON"),
        (FamilyName, "Guðmundsdóttir", "GUDMUNDSDOTTIR"),
        (FamilyName, "Đặng", "DANG"),
        (FamilyName, "Đorđević", "DORDEVIC"),
        (FamilyName, "Łukasiewicz", "LUKASIEWICZ"),
        (FamilyName, "Wałęsa", "WALESA"),
        (FamilyName, "Muñoz", "MUNOZ"),
        (FamilyName, "Muñoz", "MUNXXOZ"),
        (FamilyName, "Lœb", "LOEB"),
        (FamilyName, "İnönü", "INONU"),
        (FamilyName, "Işık", "ISIK"),
        (FamilyName, "Yıldız", "YILDIZ"),
        (FamilyName, "Şahin", "SAHIN"),
        (FamilyName, "Ċaħħar", "CAHHAR"),
        (FamilyName, "Dvořák", "DVORAK"),
        (FamilyName, "Nguyễn", "NGUYEN"),
        (FamilyName, "Gonçalves", "GONCALVES"),
        (FamilyName, "O'Brien", "O’Brien"),
        (FamilyName, "O'Brien", "OBRIEN"),
        (FamilyName, "Oʼahu", "O'AHU"),
        (FamilyName, "Smith-Jones", "SMITH JONES"),
        (FamilyName, "van der Berg", "VANDERBERG"),
        (FamilyName, "d\u{2010}Arc", "d-Arc"),
        (FamilyName, "García  Márquez", " GARCIA MARQUEZ "),
        (FamilyName, "Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ"),
        (FamilyName, "Ковалёв", "КОВАЛЕВ"),
        (FamilyName, "مُحَمَّد", "محمد"),
        (FamilyName, "שָׁלוֹם", "שלום"),
        (FamilyName, "김", "\u{1100}\u{1175}\u{11b7}"),
        (FamilyName, "ﬁsher", "Fisher"),
        (FamilyName, "Smith III", "SMITH Ⅲ"),
        (GivenName, "Øyvind", "OEYVIND"),
        (GivenName, "Anna", "Anna Maria"),
        (GivenName, "Anna Maria", "ANNA"),
        (GivenName, "Anna Luise", "Anna Maria"),
        (GivenName, "Anna-Maria", "ANNA MARIA"),
        (GivenName, "Anna-Maria", "Annamaria"),
        (GivenName, "Jörg Peter", "JOERG"),
        (GivenName, "- Anna", "Anna Maria"),
        (GivenName, "J. Robert", "J ROBERT"),
        (GivenName, "伟", "伟"),
        (GivenName, "José", "Jose\u{301} María"),
        (Birthdate, "1990-02-28", "1990-02-28"),
        (Birthdate, "2000-02-29", "2000-02-29"),
        (Email, "jane.doe@acme.example", "jane.doe@acme.example"),
        (Email, "jane.doe@acme.example", "Jane.Doe@ACME.example"),
        (Email, "jörg@acme.example", "jörg@Acme.example"),
    ];

    const DIFFERENT: &[(Name, &str, &str)] = &[
        (FamilyName, "", ""),
        (FamilyName, "-", "-"),
        (FamilyName, "'", "’"),
        (FamilyName, "\u{301}", "\u{301}"),
        (FamilyName, "Li", "Lin"),
        (FamilyName, "Lin", "Li"),
        (FamilyName, "Li", ""),
        (FamilyName, "Mueller", "Muller"),
        (FamilyName, "Müller", "Miller"),
        (FamilyName, "Møller", "Mueller"),
        (FamilyName, "García", "García Márquez"),
        (FamilyName, "Smith Jones", "Jones Smith"),
        (FamilyName, "Smith", "Smith II"),
        (FamilyName, "Smith II", "Smith III"),
        (FamilyName, "Иванов", "Ivanov"),
        (FamilyName, "Аnna", "Anna"),
        (FamilyName, "Παπας", "Papas"),
        (FamilyName, "محمد", "Muhammad"),
        (FamilyName, "田中", "Tanaka"),
        (FamilyName, "たけだ", "たけた"),
        (FamilyName, "राम", "रम"),
        (FamilyName, "สุ", "สู"),
        (FamilyName, "Nuñez", "NUXXEZ"),
        (FamilyName, "Bäcker", "BACKXXER"),
        (GivenName, "Ann", "Anna"),
        (GivenName, "Anna", "Ann Marie"),
        (GivenName, "Jo", "John"),
        (GivenName, "Maria Anna", "Anna Maria"),
        (GivenName, "Maria", "Anna Maria"),
        (GivenName, "J. Robert", "J. Paul"),
        (GivenName, "J.", "John"),
        (GivenName, "Anna-Maria", "Anna"),
        (GivenName, " ", " "),
        (GivenName, "Jan", "Ян"),
        (Birthdate, "", ""),
        (Birthdate, "1990-02-28", "1990-02-27"),
        (Birthdate, "1990-02-28", "1990-2-28"),
        (Birthdate, "1990-02-30", "1990-02-30"),
        (Birthdate, "0000-02-28", "0000-02-28"),
        (Birthdate, "1990", "1990"),
        (Birthdate, "1990-02-28", "28.02.1990"),
        (Birthdate, "1990-02-28", "1990-02-28T00:00:00Z"),
        (Birthdate, "1990-02-28", "1990-02-28 "),
        (Email, "", ""),
        (Email, "@", "@"),
        (Email, "jane", "jane"),
        (Email, "jane@acme.example", "jane@acme.example "),
        (Email, "jane@acme.example", "jane+x@acme.example"),
        (Email, "jane.doe@acme.example", "janedoe@acme.example"),
        (Email, "mike@acme.example", "mıke@acme.example"),
        (Email, "jörg@acme.example", "jo\u{308}rg@acme.example"),
        (Email, "jane@acme.example", "jane@acme.example.evil.example"),
    ];

    #[test]
    fn two_spellings_of_one_name_are_the_same_either_way_round() {
        for (name, ours, theirs) in SAME {
            assert!(are_equal(*name, ours, theirs), "{ours:?} {theirs:?}");
            assert!(are_equal(*name, theirs, ours), "{theirs:?} {ours:?}");
        }
    }

    #[test]
    fn two_names_are_not_the_same_either_way_round() {
        for (name, ours, theirs) in DIFFERENT {
            assert!(!are_equal(*name, ours, theirs), "{ours:?} {theirs:?}");
            assert!(!are_equal(*name, theirs, ours), "{theirs:?} {ours:?}");
        }
    }

    #[test]
    fn the_longest_text_is_compared_and_one_byte_more_is_not() {
        let (longest, longer) = ("x".repeat(LIMIT), "x".repeat(LIMIT + 1));
        assert!(are_equal(FamilyName, &longest, &longest));
        assert!(!are_equal(FamilyName, &longer, &longer));
        let longer = format!("{}@acme.example", "x".repeat(LIMIT));
        assert!(!are_equal(Email, &longer, &longer));
    }
}
