//! The words of the console, in a catalogue of their own: what is not translated here blocks no other page.

use std::sync::LazyLock;

use crate::verification::time::Timestamp;
use crate::web::language::Catalogue;

const ENGLISH: &str = include_str!("locales/en.ftl");

static WORDS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read("en", ENGLISH));

/// All of them.
pub(super) fn catalogue() -> &'static Catalogue {
    &WORDS
}

/// The text `name`.
pub(super) fn say(name: &'static str) -> &'static str {
    WORDS.say(name)
}

/// The text `name` with words of somebody else in it, which keep their own direction of writing.
pub(super) fn say_with(name: &'static str, argument: &str, words: &str) -> String {
    WORDS.say_with(name, argument, words)
}

/// An instant as operators read it: to the minute, in UTC.
pub(super) fn when(at: Timestamp) -> String {
    let text = at.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute} UTC"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn gather(folder: &Path, texts: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, texts);
            } else if path.extension().is_some_and(|end| end == "rs" || end == "html") {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn the_catalogue_has_every_text_that_a_page_asks_for_and_no_other() {
        let names = ENGLISH.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
        let names: BTreeSet<_> = names.filter_map(|line| Some(line.split_once('=')?.0.trim())).collect();
        let mut texts = Vec::new();
        gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/review"), &mut texts);
        let quoted: BTreeSet<_> = texts.iter().flat_map(|text| text.split('"')).collect();
        let unasked: Vec<_> = names.iter().filter(|name| !quoted.contains(**name)).collect();
        assert_eq!(unasked, [&""; 0], "nobody asks for");
        let asks = ["say(\"", "word: \""];
        for text in &texts {
            for asked in asks.iter().flat_map(|ask| text.split(ask).skip(1)) {
                let name = asked.split('"').next().unwrap();
                assert!(names.contains(name) || name.is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn an_instant_is_read_to_the_minute_in_utc() {
        assert_eq!(when(Timestamp::from_unix(1_784_000_000)), "2026-07-14 03:33 UTC");
    }
}
