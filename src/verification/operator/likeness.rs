//! Names that people take for one another. Whoever gives themselves a name at the organisation's provider, or is added by one,
//! is not to be taken for somebody else in the console and in the audit log.
//!
//! A name comes down to what is seen of it: without the difference of capitals and of the accents of Western Europe, with the
//! letters of Greek, Cyrillic, Armenian, Cherokee and Lisu that look like Latin ones as those (the most common of Unicode's
//! `confusables.txt`), and with o and 0 as one. A capital I and a 1 are read as an i, or taken for an l, each by itself; a small
//! i has its dot, by which Lisa is told from Ilsa. Of other scripts only what is the same is alike.

use icu_normalizer::ComposingNormalizerBorrowed;

use super::OperatorName;

impl OperatorName {
    /// Whether people may take the one for the other. A name is like itself.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let [one, other] = [self, other].map(|name| likeness(name.as_str()).chars().collect::<Vec<_>>());
        one.len() == other.len() && one.into_iter().zip(other).all(|(one, other)| are_alike(one, other))
    }

    /// Whether people may take it for an account of the machine, or for somebody who decided from one: as the console shows those.
    #[must_use]
    pub fn is_like_account(&self) -> bool {
        let seen = likeness(self.as_str()).replace(EITHER, "i");
        let account = seen.rsplit_once('(').map_or(seen.as_str(), |(_, account)| account);
        let account = account.trim_matches([')', ' ']);
        account == "root" || account == "a member of the group" || account.starts_with("uid ")
    }
}

/// What is seen where an i is meant, or an l.
const EITHER: char = '|';

fn are_alike(one: char, other: char) -> bool {
    let may_be = |seen: char, letter: char| seen == EITHER && matches!(letter, 'i' | 'l');
    one == other || may_be(one, other) || may_be(other, one)
}

/// What is seen of `name`.
fn likeness(name: &str) -> String {
    // A letter with its mark, and one with the mark beside it, are drawn as the same; one that is wide, or slanted, is that letter.
    let composed = ComposingNormalizerBorrowed::new_nfkc().normalize(name);
    let words = composed.split_whitespace().map(|word| {
        let letters = word.chars().map(|letter| capital_seen_as(latin(letter)));
        let letters = letters.flat_map(char::to_lowercase);
        letters
            .filter(|letter| !is_mark(*letter))
            .map(seen_as)
            .collect::<String>()
            .replace("rn", "m")
            .replace("vv", "w")
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Accents and other marks that stand by themselves.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// The Latin letter that a letter of Cherokee or Lisu is to whoever reads neither.
fn latin(letter: char) -> char {
    let is_small = matches!(letter, '\u{ab70}'..='\u{abbf}' | '\u{13f8}'..='\u{13fd}');
    let capital = letter.to_uppercase().next().filter(|_| is_small).unwrap_or(letter);
    let at = LOOKS.chars().position(|known| known == capital);
    at.and_then(|at| LATIN.chars().nth(at)).unwrap_or(letter)
}

const LOOKS: &str = "ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏂᏃᏏᏒᏔᏕᏙᏚᏞᏟᏢᏦᏧᏳᏴꓐꓑꓒꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ";
const LATIN: &str = "DRTiYAJEWMHYGhZbRWSVSLCPKdGBBPdDTGKJCZFMNLSRVHWXYAEIOU";

/// What a capital, or a digit, is taken for whose small letter is taken for something else.
fn capital_seen_as(letter: char) -> char {
    match letter {
        'I' | 'І' | 'Ι' | '1' => EITHER,
        'Ӏ' => 'l',
        'Η' => 'H',
        'Μ' => 'M',
        'Ν' => 'N',
        'Υ' => 'Y',
        other => other,
    }
}

/// What a small letter, or a digit, is taken for.
fn seen_as(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'а' | 'α' | 'ɑ' => 'a',
        'в' | 'β' => 'b',
        'ç' | 'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'е' | 'ё' | 'ε' => 'e',
        'н' | 'һ' | 'հ' => 'h',
        'ì' | 'í' | 'î' | 'ï' | 'ı' | 'і' | 'ї' | 'ι' => 'i',
        'ӏ' => 'l',
        'ɡ' => 'g',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'ñ' | 'η' | 'ո' => 'n',
        '0' | 'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'о' | 'ο' | 'σ' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'υ' | 'μ' | 'ս' => 'u',
        'ν' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'ý' | 'ÿ' | 'γ' => 'y',
        'ζ' => 'z',
        '‐' | '‑' | '‒' | '–' | '−' => '-',
        '’' | 'ʼ' => '\'',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::account::Account;

    fn are_alike(one: &str, other: &str) -> bool {
        let name = |text: &str| OperatorName::try_from(text.to_owned()).unwrap();
        let alike = name(one).is_like(&name(other));
        assert_eq!(name(other).is_like(&name(one)), alike);
        alike
    }

    #[test]
    fn what_people_take_for_one_another_is_alike() {
        for (one, other) in [
            ("Ada Lovelace", "Ada Lovelace"),
            ("Ada Lovelace", "ada LOVELACE"),
            ("Ada Lovelace", "Ada\u{a0}Lovelace"),
            ("Ada Lovelace", "Ada  Lovelace"),
            ("Ada Lovelace", "Аdа Lоvеlасе"),
            ("Ada Lovelace", "Αda Lονelace"),
            ("Ada Lovelace", "Ada Iovelace"),
            ("Ada Lovelace", "Ada 1ovelace"),
            ("Ada Lovelace", "Ada L0velace"),
            ("Ada Lovelace", "Ａｄａ Lovelace"),
            ("Ada Lovelace", "Ada Lòvelace"),
            ("José", "Jose\u{301}"),
            ("Noor", "ΝΟΟR"),
            ("Вера", "BEPA"),
            ("Cameron", "Carneron"),
            ("Willow", "VVillow"),
            ("O'Neil", "O’Neil"),
            ("anne-marie", "anne‑marie"),
            ("Lisa", "lisa"),
            ("LISA", "lisa"),
            ("lisa", "Iisa"),
            ("lisa", "1isa"),
            ("Ilsa", "ilsa"),
            ("Rita", "R1ta"),
            ("Lily", "L1Iy"),
            ("Ilia", "lIia"),
            ("Ilia", "||ia"),
            ("Susan", "Sսsan"),
            ("Ada Lovelace", "𝐀𝑑a Lovelace"),
            ("Šimon", "S\u{30c}imon"),
            ("Андрей", "Андреи\u{306}"),
            ("Hưng", "Hu\u{31b}ng"),
            ("がく", "か\u{3099}く"),
            ("한나", "\u{1112}\u{1161}\u{11ab}\u{1102}\u{1161}"),
            ("İpek", "ipek"),
            ("Нина", "НИНА"),
            ("Іван", "іван"),
            ("Ivan", "Іvаn"),
            ("thibaud", "thᎥbaud"),
            ("Susan", "ꓢՍꓢꓮꓠ"),
            ("LISA", "ꓡꓲꓢꓮ"),
            ("Rita", "ꭱiTa"),
            ("Greta", "ɡretɑ"),
        ] {
            assert!(are_alike(one, other), "{one} {other}");
        }
    }

    /// What somebody had decided at a terminal was told from what they decided at the console by nothing.
    #[test]
    fn nobody_is_called_as_an_account_of_the_machine_is_shown() {
        let is_one = |text: &str| OperatorName::try_from(text.to_owned()).unwrap().is_like_account();
        let user = Account::User { uid: 1000, login: None };
        let known = Account::User { uid: 1000, login: Some("ada".into()) };
        for account in [Account::Root, user, known, Account::Member].map(|account| account.to_string()) {
            assert!(is_one(&account) && is_one(&format!("Ada ({account})")), "{account}");
        }
        for like in ["Root", "R00t", "Ada (rооt)", "Ada (root", "Ada ( root )", "UID 0"] {
            assert!(is_one(like), "{like}");
        }
        for other in ["Ada", "Ada Root", "Ada (she/her)", "Ruth (Berlin)", "root@acme.example", "uidelis", "rooted"] {
            assert!(!is_one(other), "{other}");
        }
    }

    #[test]
    fn what_people_tell_apart_is_not() {
        for (one, other) in [
            ("Ada Lovelace", "Ada"),
            ("Ada Lovelace", "AdaLovelace"),
            ("ada", "ada-1f"),
            ("reviewer 1", "reviewer 2"),
            ("Дина", "Нина"),
            ("山田太郎", "山田次郎"),
            ("محمد", "محمود"),
            ("anne-marie", "anne marie"),
            // An i has a dot.
            ("Lisa", "Ilsa"),
            ("Lisa", "ILSA"),
            ("Ilia", "liia"),
            ("Maria", "Marla"),
            ("Elia", "Ella"),
            ("Karl", "Kari"),
            ("Ilse", "Lise"),
            ("Anna", "Ana"),
            ("Hùng", "Hưng"),
            ("ᎠᎴᏂ", "ᎠᎴᏃ"),
            ("ꓡꓲ-ꓢꓴ", "ꓡꓲ-ꓢꓳ"),
        ] {
            assert!(!are_alike(one, other), "{one} {other}");
        }
    }
}
