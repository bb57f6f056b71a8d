//! Text from elsewhere: what in it nobody would see, and how it is printed all the same.
//!
//! A terminal obeys escape sequences, follows directions and leaves out what has no shape, so that what an operator reads
//! is not what stands there. Every script passes. What shapes it, such as the joiners of Persian, Indic names and emoji or
//! the variants of Japanese names, passes only directly behind a character that it can shape, and once: elsewhere it
//! makes two texts look like one, or hides another text.

use std::borrow::Cow;
use std::fmt::Write;

/// The first character of `text` that nobody would see, or that changes how the rest is read.
#[must_use]
pub fn unseen(text: &str) -> Option<char> {
    characters(text).find_map(|(character, is_seen)| (!is_seen).then_some(character))
}

/// What of `text` is seen.
pub fn seen(text: &str) -> impl Iterator<Item = char> {
    characters(text).filter_map(|(character, is_seen)| is_seen.then_some(character))
}

/// Whether some letters of `text` are read from left to right and others from right to left: in which order they are seen
/// depends on what stands beside them.
#[must_use]
pub fn is_read_both_ways(text: &str) -> bool {
    let is_leftward = |letter: char| matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    let mut letters = text.chars().filter(|character| character.is_alphabetic()).map(is_leftward);
    letters.next().is_some_and(|first| letters.any(|other| other != first))
}

/// `text` for a terminal: what nobody would see is written as its number, such as `\u{202e}`.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    escape_with(text, |escaped, character| escaped.extend(character.escape_unicode()))
}

/// The same JSON, with the same meaning, for a terminal. Only within strings can there be anything to escape.
#[must_use]
pub fn escape_json(json: &str) -> Cow<'_, str> {
    escape_with(json, |escaped, character| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    })
}

fn escape_with(text: &str, write: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if unseen(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for (character, is_seen) in characters(text) {
        if is_seen {
            escaped.push(character);
        } else {
            write(&mut escaped, character);
        }
    }
    Cow::Owned(escaped)
}

/// What may stand behind a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// A variation selector, or a joiner.
    Shape,
    /// A joiner.
    Variant,
    /// Neither.
    Other,
}

/// Every character of `text`, with whether it is seen.
fn characters(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut behind = Behind::Other;
    text.chars().map(move |character| {
        let is_seen = match character {
            _ if is_joiner(character) => behind != Behind::Other,
            _ if is_variation_selector(character) => behind == Behind::Shape,
            _ => !is_hidden(character),
        };
        behind = match character {
            _ if !is_seen || is_joiner(character) || character.is_ascii() || character.is_whitespace() => Behind::Other,
            _ if is_variation_selector(character) => Behind::Variant,
            _ => Behind::Shape,
        };
        (character, is_seen)
    })
}

fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Those of Mongolian, of signs and emoji, and of ideographs.
fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Controls, also those of hieroglyphs, line and paragraph separators, annotations, the blank of Braille, a note of music
/// without a head, and what Unicode calls ignorable (`DerivedCoreProperties.txt`, `Default_Ignorable_Code_Point`), where all
/// that sets directions is among.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{13430}'..='\u{1343f}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d159}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_is_seen_as_it_stands() {
        for text in [
            "",
            "Ada Lovelace, passport L01X00T47",
            "Zoë Nguyễn Thị",
            "e\u{301} with a mark of its own",
            "محمد بن راشد",
            "דוד בן־גוריון",
            "שָׁלוֹם",
            "می\u{200c}خواهم",
            "क्\u{200d}ष ශ්\u{200d}රී",
            "ന്\u{200d}",
            "山田太郎\u{3000}葛\u{e0100}飾",
            "김철수",
            "ᠮᠣᠩᠭᠣᠯ\u{180e}ᠠ",
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f} ❤\u{fe0f}\u{200d}🔥 👍🏽",
            "ad|corp|DOMAIN\\ada",
        ] {
            assert_eq!(unseen(text), None, "{text}");
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_nobody_would_see_is_written_as_its_number() {
        for hidden in [
            '\0',
            '\t',
            '\n',
            '\r',
            '\u{7}',
            '\u{1b}',
            '\u{7f}',
            '\u{80}',
            '\u{85}',
            '\u{9b}',
            '\u{9f}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{180e}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{206f}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{13430}',
            '\u{1343f}',
            '\u{1d159}',
            '\u{e0000}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{e0100}',
            '\u{e01ef}',
            '\u{e0fff}',
        ] {
            let text = format!("a{hidden}b");
            assert_eq!(unseen(&text), Some(hidden), "{}", hidden.escape_unicode());
            assert_eq!(escape(&text), format!("a{}b", hidden.escape_unicode()));
        }
    }

    #[test]
    fn the_neighbours_of_what_is_hidden_are_seen() {
        for seen in [
            '\u{a0}',
            '\u{ac}',
            '\u{ae}',
            '\u{34e}',
            '\u{61b}',
            '\u{200a}',
            '\u{2010}',
            '\u{2027}',
            '\u{202f}',
            '\u{205f}',
            '\u{2070}',
            '\u{27ff}',
            '\u{2801}',
            '\u{fffc}',
            '\u{1342f}',
            '\u{13440}',
            '\u{1d158}',
            '\u{1d15a}',
        ] {
            assert_eq!(unseen(&format!("a{seen}b")), None, "{}", seen.escape_unicode());
        }
    }

    #[test]
    fn what_shapes_a_character_stands_behind_one_and_once() {
        for (text, hidden) in [
            ("\u{200d}می", '\u{200d}'),
            ("می\u{200c}\u{200c}خواهم", '\u{200c}'),
            ("می \u{200c}خواهم", '\u{200c}'),
            ("ada\u{200d}", '\u{200d}'),
            ("😀\u{e0101}\u{e0102}", '\u{e0102}'),
            ("😀\u{200d}\u{fe0f}", '\u{fe0f}'),
            ("🏴\u{e0067}\u{e0062}\u{e007f}", '\u{e0067}'),
        ] {
            assert_eq!(unseen(text), Some(hidden), "{}", text.escape_unicode());
        }
    }

    #[test]
    fn what_is_read_both_ways_is_told_from_every_name_of_one_script() {
        for text in ["", "12", "Ada Lovelace 2", "محمد بن راشد 3", "דוד בן־גוריון", "山田太郎", "Zoë Nguyễn", "Ада (1)"]
        {
            assert!(!is_read_both_ways(text), "{text}");
        }
        for text in ["Ada דוד", "محمد a", "дוד", "山田 דוד"] {
            assert!(is_read_both_ways(text), "{text}");
        }
    }

    #[test]
    fn json_is_escaped_and_means_the_same() {
        let value = serde_json::json!({ "note": "\u{202e}\u{9b}31m \u{e0041} \u{1b} 山田\n", "by": "می\u{200c}خواهم" });
        let json = value.to_string();
        let escaped = escape_json(&json);
        assert_eq!(unseen(&escaped), None);
        assert!(escaped.contains("\\u202e\\u009b31m \\udb40\\udc41 \\u001b 山田\\n"), "{escaped}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), value);
    }
}
