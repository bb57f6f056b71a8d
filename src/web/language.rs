//! The person's language, and every text that they read in it.
//!
//! Texts stand in Fluent catalogues under `locales/`, compiled in. Those without arguments are rendered once, at the
//! first use.

use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_langneg::{LanguageIdentifier, NegotiationStrategy, negotiate_languages, parse_accepted_languages};
use hyper::HeaderMap;
use hyper::header;

use crate::verification::session::Session;

/// Tag, direction of writing, catalogue. The first is the language of who asks for none of them.
const LANGUAGES: [(&str, &str, &str); 10] = [
    ("en", "ltr", include_str!("locales/en.ftl")),
    ("de", "ltr", include_str!("locales/de.ftl")),
    ("fr", "ltr", include_str!("locales/fr.ftl")),
    ("es", "ltr", include_str!("locales/es.ftl")),
    ("pt", "ltr", include_str!("locales/pt.ftl")),
    ("it", "ltr", include_str!("locales/it.ftl")),
    ("nl", "ltr", include_str!("locales/nl.ftl")),
    ("pl", "ltr", include_str!("locales/pl.ftl")),
    ("ja", "ltr", include_str!("locales/ja.ftl")),
    ("ar", "rtl", include_str!("locales/ar.ftl")),
];
/// The most of an `Accept-Language` that is looked at, in bytes.
const ACCEPT_LIMIT: usize = 256;

static CATALOGUES: LazyLock<Vec<Catalogue>> = LazyLock::new(|| LANGUAGES.iter().map(Catalogue::read).collect());
static AVAILABLE: LazyLock<Vec<LanguageIdentifier>> =
    LazyLock::new(|| CATALOGUES.iter().map(|catalogue| catalogue.id.clone()).collect());

struct Catalogue {
    tag: &'static str,
    direction: &'static str,
    id: LanguageIdentifier,
    bundle: FluentBundle<FluentResource>,
    plain: HashMap<String, String>,
}

impl Catalogue {
    fn read(&(tag, direction, source): &(&'static str, &'static str, &'static str)) -> Self {
        let id: LanguageIdentifier = tag.parse().expect("our tags are language tags");
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let names: Vec<_> = message_names(source).map(str::to_owned).collect();
        let plural_rules = tag.parse().expect("our tags are language tags");
        let mut bundle = FluentBundle::new_concurrent(vec![plural_rules]);
        // The pages isolate what they insert themselves (<bdi>).
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        let plain = names.into_iter().filter_map(|name| Some((name.clone(), render(&bundle, &name, None)?))).collect();
        Self { tag, direction, id, bundle, plain }
    }
}

/// The tags of our languages, the most preferred first.
pub(super) fn tags() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(tag, ..)| *tag)
}

/// The names of the messages of a catalogue.
fn message_names(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter_map(|line| Some(line.split_once('=')?.0.trim()))
}

/// The text of a message; none if it is missing, or needs other arguments.
fn render(bundle: &FluentBundle<FluentResource>, name: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
    let mut errors = Vec::new();
    let pattern = bundle.get_message(name)?.value()?;
    let text = bundle.format_pattern(pattern, arguments, &mut errors).into_owned();
    errors.is_empty().then_some(text)
}

/// One of our languages.
#[derive(Clone, Copy)]
pub(super) struct Language(&'static Catalogue);

impl Language {
    /// The language that the browser asks for.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let accepted = accepted.filter(|text| text.len() <= ACCEPT_LIMIT).unwrap_or_default();
        Self::negotiate(&parse_accepted_languages(accepted)).unwrap_or(Self(&CATALOGUES[0]))
    }

    /// The language that the application asks for with `ui_locales`, else the one that the browser asks for.
    pub(super) fn of_session(session: &Session<'_>, headers: &HeaderMap) -> Self {
        let asked = session.ui_locales.iter().flat_map(|locales| locales.split(' ')).filter_map(|tag| tag.parse().ok());
        Self::negotiate(&asked.collect::<Vec<_>>()).unwrap_or_else(|| Self::of(headers))
    }

    fn negotiate(requested: &[LanguageIdentifier]) -> Option<Self> {
        let chosen = *negotiate_languages(requested, &AVAILABLE, None, NegotiationStrategy::Filtering).first()?;
        CATALOGUES.iter().find(|catalogue| catalogue.id == *chosen).map(Self)
    }

    /// The language's tag, for `lang`.
    pub(super) fn tag(self) -> &'static str {
        self.0.tag
    }

    /// The direction of writing, for `dir`.
    pub(super) fn direction(self) -> &'static str {
        self.0.direction
    }

    /// The text `name`. A test sees to it that every text that is asked for exists.
    pub(super) fn say(self, name: &'static str) -> &'static str {
        self.0.plain.get(name).map_or(name, String::as_str)
    }

    /// The text `name` with a number in it, in the plural that the language wants.
    pub(super) fn count(self, name: &'static str, argument: &'static str, number: u64) -> String {
        self.with(name, argument, FluentValue::from(number))
    }

    fn with(self, name: &'static str, argument: &'static str, value: FluentValue<'_>) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set(argument, value);
        render(&self.0.bundle, name, Some(&arguments)).unwrap_or_else(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every name that a page or a template asks for.
    fn asked() -> BTreeSet<String> {
        let sources = [
            include_str!("page.rs"),
            include_str!("refused.rs"),
            include_str!("visit.rs"),
            include_str!("templates/base.html"),
            include_str!("templates/desk.html"),
            include_str!("templates/concluded.html"),
            include_str!("templates/late.html"),
            include_str!("templates/handoff.html"),
            include_str!("templates/arrival.html"),
            include_str!("templates/refusal.html"),
            include_str!("templates/home.html"),
            include_str!("templates/choose.html"),
            include_str!("templates/simulated.html"),
            include_str!("templates/for_whom.html"),
            include_str!("templates/way_out.html"),
        ];
        let quoted = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
        let (_, _, english) = LANGUAGES[0];
        let known: BTreeSet<_> = message_names(english).collect();
        quoted.filter(|text| known.contains(text)).map(str::to_owned).collect()
    }

    #[test]
    fn every_catalogue_has_the_same_messages_and_no_page_misses_one() {
        let (_, _, english) = LANGUAGES[0];
        let expected: BTreeSet<_> = message_names(english).collect();
        assert_eq!(
            asked().iter().map(String::as_str).collect::<BTreeSet<_>>(),
            expected,
            "asked for by pages, and in en.ftl"
        );
        for (tag, _, source) in LANGUAGES {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{tag} parses");
            assert_eq!(message_names(source).collect::<BTreeSet<_>>(), expected, "{tag}");
        }
    }

    #[test]
    fn every_text_renders_in_every_language() {
        for catalogue in CATALOGUES.iter() {
            let language = Language(catalogue);
            for (name, argument) in [("time-left", "minutes"), ("desk-wrong", "attempts"), ("desk-too-late", "none")] {
                for number in [0, 1, 2, 3, 5, 11, 21, 100] {
                    let text = language.count(name, argument, number);
                    assert_ne!(text, name, "{}", catalogue.tag);
                }
            }
            let texts = catalogue.plain.values();
            assert!(texts.clone().all(|text| !text.is_empty() && !text.contains(['{', '}', '$'])), "{}", catalogue.tag);
            assert_eq!(
                catalogue.plain.len() + 2,
                message_names(LANGUAGES[0].2).count(),
                "{}: two texts take a number",
                catalogue.tag
            );
        }
    }

    /// The plural categories of a language (CLDR) with a number of each. The `many` of French, Spanish, Portuguese and
    /// Italian is for millions, which no page counts; it falls to `other`.
    fn plural_categories(tag: &str) -> &'static [(&'static str, u64)] {
        match tag {
            "ja" => &[("other", 5)],
            "pl" => &[("one", 1), ("few", 22), ("many", 5), ("other", u64::MAX)],
            "ar" => &[("zero", 0), ("one", 1), ("two", 2), ("few", 3), ("many", 11), ("other", 100)],
            _ => &[("one", 1), ("other", 5)],
        }
    }

    #[test]
    fn every_plural_category_of_a_language_has_a_text_of_its_own() {
        for (tag, _, source) in LANGUAGES {
            let language = Language(CATALOGUES.iter().find(|catalogue| catalogue.tag == tag).unwrap());
            for (name, argument) in [("time-left", "minutes"), ("desk-wrong", "attempts")] {
                let categories = plural_categories(tag);
                let (_, rest) = source.split_once(&format!("\n{name} = {{")).unwrap();
                let (block, _) = rest.split_once("\n}").unwrap();
                let written: Vec<_> =
                    block.split('[').skip(1).map(|variant| variant.split_once(']').unwrap().0).collect();
                assert_eq!(
                    written,
                    categories.iter().map(|(category, _)| *category).collect::<Vec<_>>(),
                    "{tag} {name}"
                );
                // In Polish, whole numbers are never `other`.
                let counted = categories.iter().filter(|(_, number)| *number != u64::MAX);
                let texts: Vec<_> =
                    counted.map(|(_, number)| (*number, language.count(name, argument, *number))).collect();
                for (number, text) in &texts {
                    assert!(*number <= 2 || text.contains(&number.to_string()), "{tag}: {text}");
                }
                let mut shapes: Vec<_> =
                    texts.iter().map(|(_, text)| text.replace(|c: char| c.is_ascii_digit(), "")).collect();
                shapes.sort();
                shapes.dedup();
                assert_eq!(shapes.len(), texts.len(), "{tag} {name}: {texts:?}");
            }
        }
    }

    #[test]
    fn only_right_to_left_scripts_run_from_right_to_left() {
        let rightward = LANGUAGES.iter().filter(|(_, direction, _)| *direction == "rtl").map(|(tag, ..)| *tag);
        assert_eq!(rightward.collect::<Vec<_>>(), ["ar"]);
    }

    #[test]
    fn the_browser_chooses_among_our_languages() {
        let of = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
            Language::of(&headers).tag()
        };
        assert_eq!(of("de-AT,de;q=0.9,en;q=0.8"), "de");
        assert_eq!(of("tlh, en-GB;q=0.5"), "en");
        assert_eq!(of("*"), "en");
        for (accept, tag) in [
            ("pt-BR", "pt"),
            ("pt-PT, en;q=0.5", "pt"),
            ("fr-CA", "fr"),
            ("es-419", "es"),
            ("ar-EG", "ar"),
            ("ja-JP", "ja"),
            ("nl-BE", "nl"),
            ("pl-PL", "pl"),
            ("it-CH", "it"),
            ("zh", "en"),
            ("zh-Hant-TW, fr;q=0.1", "fr"),
        ] {
            assert_eq!(of(accept), tag, "{accept}");
        }
        assert_eq!(of(""), "en");
        assert_eq!(of(&"de,".repeat(100)), "en");
    }
}
