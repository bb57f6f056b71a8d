//! The person's language, and every text that they read in it.
//!
//! Texts stand in Fluent catalogues, compiled in: those that pages share under `locales/`, those of a method in a folder of
//! its own. Those without arguments are rendered once, at the first use.

use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_langneg::{LanguageIdentifier, parse_accepted_languages};
use hyper::HeaderMap;
use hyper::header;

use crate::verification::session::Session;

/// Tag and direction of writing. The first is the language of who asks for none of them.
const LANGUAGES: [(&str, &str); 10] = [
    ("en", "ltr"),
    ("de", "ltr"),
    ("fr", "ltr"),
    ("es", "ltr"),
    ("pt", "ltr"),
    ("it", "ltr"),
    ("nl", "ltr"),
    ("pl", "ltr"),
    ("ja", "ltr"),
    ("ar", "rtl"),
];
/// The most of an `Accept-Language` that is looked at, in bytes.
const ACCEPT_LIMIT: usize = 256;

/// The catalogues of a folder, which is named from the file that asks, in the order of [`LANGUAGES`].
macro_rules! catalogues {
    ($folder:literal) => {
        [
            include_str!(concat!($folder, "en.ftl")),
            include_str!(concat!($folder, "de.ftl")),
            include_str!(concat!($folder, "fr.ftl")),
            include_str!(concat!($folder, "es.ftl")),
            include_str!(concat!($folder, "pt.ftl")),
            include_str!(concat!($folder, "it.ftl")),
            include_str!(concat!($folder, "nl.ftl")),
            include_str!(concat!($folder, "pl.ftl")),
            include_str!(concat!($folder, "ja.ftl")),
            include_str!(concat!($folder, "ar.ftl")),
        ]
    };
}
pub(super) use catalogues;

/// What pages share.
static SHARED: LazyLock<Texts> = LazyLock::new(|| Texts::read(catalogues!("locales/")));
static AVAILABLE: LazyLock<[LanguageIdentifier; LANGUAGES.len()]> =
    LazyLock::new(|| LANGUAGES.map(|(tag, _)| tag.parse().expect("our tags are language tags")));

/// Texts in all of our languages.
pub(super) struct Texts([Catalogue; LANGUAGES.len()]);

impl Texts {
    pub(super) fn read(sources: [&str; LANGUAGES.len()]) -> Self {
        Self(std::array::from_fn(|index| Catalogue::read(LANGUAGES[index].0, sources[index])))
    }

    /// Those in `language`.
    pub(super) fn of(&self, language: Language) -> &Catalogue {
        &self.0[language.0]
    }
}

/// Texts in one language.
pub(crate) struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    plain: HashMap<String, String>,
}

impl Catalogue {
    pub(crate) fn read(tag: &str, source: &str) -> Self {
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let plural_rules = tag.parse().expect("our tags are language tags");
        let mut bundle = FluentBundle::new_concurrent(vec![plural_rules]);
        // The pages isolate what they insert themselves (<bdi>).
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        let names = message_names(source);
        let plain = names.filter_map(|name| Some((name.to_owned(), render(&bundle, name, None)?))).collect();
        Self { bundle, plain }
    }

    /// The text `name`. A test sees to it that every text that is asked for exists.
    pub(crate) fn say(&self, name: &'static str) -> &str {
        self.plain.get(name).map_or(name, String::as_str)
    }

    /// The text `name` with a number in it, in the plural that the language wants.
    pub(crate) fn count(&self, name: &str, argument: &str, number: u64) -> String {
        self.fill(name, argument, FluentValue::from(number))
    }

    /// The text `name` with words of somebody else in it, which keep their own direction of writing.
    pub(crate) fn say_with(&self, name: &'static str, argument: &str, words: &str) -> String {
        self.fill(name, argument, FluentValue::from(format!("\u{2068}{words}\u{2069}")))
    }

    fn fill(&self, name: &str, argument: &str, value: FluentValue<'_>) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set(argument, value);
        render(&self.bundle, name, Some(&arguments)).unwrap_or_else(|| name.to_owned())
    }
}

/// The tags of our languages, the most preferred first.
pub(crate) fn tags() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(tag, _)| *tag)
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

/// One of our languages, by its place among them.
#[derive(Clone, Copy)]
pub(super) struct Language(usize);

impl Language {
    /// That of who asks for none of them.
    pub(super) const FIRST: Self = Self(0);

    /// The language that the browser asks for.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let accepted = accepted.filter(|text| text.len() <= ACCEPT_LIMIT).unwrap_or_default();
        Self::negotiate(&parse_accepted_languages(accepted)).unwrap_or(Self(0))
    }

    /// The language that the application asks for with `ui_locales`, else the one that the browser asks for.
    pub(super) fn of_session(session: &Session<'_>, headers: &HeaderMap) -> Self {
        let tags = |locales: &str| locales.split(' ').filter_map(|tag| tag.parse().ok()).collect::<Vec<_>>();
        let asked = session.ui_locales.as_deref().and_then(|locales| Self::negotiate(&tags(locales)));
        asked.unwrap_or_else(|| Self::of(headers))
    }

    /// The first of `requested` that we speak, wherever and in whichever script it is spoken: each of ours stands for all.
    fn negotiate(requested: &[LanguageIdentifier]) -> Option<Self> {
        let ours = |asked: &LanguageIdentifier| AVAILABLE.iter().position(|ours| ours.language == asked.language);
        requested.iter().find_map(ours).map(Self)
    }

    /// All of them.
    #[cfg(test)]
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..LANGUAGES.len()).map(Self)
    }

    /// The one of this `tag`.
    pub(super) fn tagged(tag: &str) -> Option<Self> {
        LANGUAGES.iter().position(|(ours, _)| *ours == tag).map(Self)
    }

    /// The language's tag, for `lang`.
    pub(super) fn tag(self) -> &'static str {
        LANGUAGES[self.0].0
    }

    /// The direction of writing, for `dir`.
    pub(super) fn direction(self) -> &'static str {
        LANGUAGES[self.0].1
    }

    /// The text `name` of those that pages share.
    pub(super) fn say(self, name: &'static str) -> &'static str {
        SHARED.of(self).say(name)
    }

    /// The text `name` of those that pages share, with a number in it.
    pub(super) fn count(self, name: &str, argument: &str, number: u64) -> String {
        SHARED.of(self).count(name, argument, number)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    /// A folder of catalogues.
    struct Folder {
        path: PathBuf,
        /// What is in it, in the order of the languages.
        sources: Vec<String>,
        texts: Texts,
    }

    impl Folder {
        fn read(path: PathBuf) -> Self {
            let read = |(tag, _)| fs::read_to_string(path.join(format!("{tag}.ftl"))).unwrap();
            let sources = LANGUAGES.map(read);
            let texts = Texts::read(sources.each_ref().map(String::as_str));
            Self { path, sources: sources.to_vec(), texts }
        }

        fn english(&self) -> BTreeSet<&str> {
            message_names(&self.sources[0]).collect()
        }

        /// Those names that stand in the code and the templates whose texts these are: what is beside the folder, and the
        /// file of the same name above.
        fn asked(&self) -> BTreeSet<String> {
            let owner = self.path.parent().unwrap();
            let mut files = vec![owner.with_extension("rs")];
            gather(owner, &mut files);
            let is_read = |path: &Path| ["rs", "html"].iter().any(|end| path.extension().is_some_and(|is| is == *end));
            let sources = files.into_iter().filter(|path| is_read(path)).map(|path| fs::read_to_string(path).unwrap());
            let quoted = sources.flat_map(|text| text.split('"').map(str::to_owned).collect::<Vec<_>>());
            quoted.filter(|text| self.english().contains(text.as_str())).collect()
        }

        /// The messages with a number in them, and what they call it.
        fn counted(&self) -> Vec<(&str, &str)> {
            let messages = self.sources[0].lines().filter_map(|line| line.split_once(" = { $"));
            messages.filter_map(|(name, rest)| Some((name, rest.strip_suffix(" ->")?))).collect()
        }

        /// The messages with words in them, and what they call those.
        fn filled(&self) -> Vec<(&str, &str)> {
            let messages = self.sources[0].lines().filter_map(|line| line.split_once(" = "));
            messages.filter_map(|(name, text)| Some((name, text.split_once("{ $")?.1.split_once(" }")?.0))).collect()
        }
    }

    /// Every file below `folder`.
    fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { gather(&path, files) } else { files.push(path) }
        }
    }

    /// What pages share, and each method's.
    fn every_folder() -> Vec<Folder> {
        let mut files = Vec::new();
        gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut files);
        let folders: BTreeSet<_> =
            files.iter().filter_map(|path| path.parent()).filter(|path| path.ends_with("locales")).collect();
        assert!(folders.len() > 2);
        folders.into_iter().map(|path| Folder::read(path.to_owned())).collect()
    }

    #[test]
    fn every_catalogue_has_the_same_messages_and_no_page_misses_one() {
        for folder in every_folder() {
            let expected = folder.english();
            let place = folder.path.display();
            let asked = folder.asked();
            assert_eq!(
                asked.iter().map(String::as_str).collect::<BTreeSet<_>>(),
                expected,
                "asked for, and in {place}"
            );
            for ((tag, _), source) in LANGUAGES.iter().zip(&folder.sources) {
                assert!(FluentResource::try_new(source.clone()).is_ok(), "{tag} of {place} parses");
                assert_eq!(message_names(source).collect::<BTreeSet<_>>(), expected, "{tag} of {place}");
            }
            assert_eq!(fs::read_dir(&folder.path).unwrap().count(), LANGUAGES.len(), "nothing else is in {place}");
        }
    }

    #[test]
    fn no_two_folders_have_a_message_of_the_same_name() {
        let folders = every_folder();
        let names: Vec<_> = folders.iter().flat_map(Folder::english).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }

    #[test]
    fn every_language_is_said_in_its_own_texts() {
        let shared = every_folder().into_iter().find(|folder| folder.path.ends_with("web/locales")).unwrap();
        assert_eq!(catalogues!("locales/").to_vec(), shared.sources);
    }

    #[test]
    fn every_text_renders_in_every_language() {
        for folder in every_folder() {
            let (counted, filled) = (folder.counted(), folder.filled());
            for ((tag, _), catalogue) in LANGUAGES.iter().zip(&folder.texts.0) {
                for (name, argument) in &counted {
                    for number in [0, 1, 2, 3, 5, 11, 21, 100] {
                        assert_ne!(catalogue.count(name, argument, number), *name, "{tag}");
                    }
                }
                for (name, argument) in &filled {
                    let mut arguments = FluentArgs::new();
                    arguments.set(*argument, FluentValue::from("Acme"));
                    let text = render(&catalogue.bundle, name, Some(&arguments)).unwrap();
                    assert!(text.contains("Acme") && !text.contains(['{', '}', '$']), "{tag}: {text}");
                }
                let texts = catalogue.plain.values();
                assert!(texts.clone().all(|text| !text.is_empty() && !text.contains(['{', '}', '$'])), "{tag}");
                let others = counted.len() + filled.len();
                assert_eq!(catalogue.plain.len() + others, folder.english().len(), "{tag}");
            }
        }
        let counted: Vec<_> = every_folder().iter().map(|folder| folder.counted().len()).collect();
        assert_eq!(counted.iter().sum::<usize>(), 8, "eight texts take a number: {counted:?}");
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
        for folder in every_folder() {
            for (name, argument) in folder.counted() {
                for (index, (tag, _)) in LANGUAGES.iter().enumerate() {
                    let categories = plural_categories(tag);
                    let source = format!("\n{}", folder.sources[index]);
                    let (_, rest) = source.split_once(&format!("\n{name} = {{")).unwrap();
                    let (block, _) = rest.split_once("\n}").unwrap();
                    let written: Vec<_> =
                        block.split('[').skip(1).map(|variant| variant.split_once(']').unwrap().0).collect();
                    let expected: Vec<_> = categories.iter().map(|(category, _)| *category).collect();
                    assert_eq!(written, expected, "{tag} {name}");
                    // In Polish, whole numbers are never `other`.
                    let counted = categories.iter().map(|(_, number)| *number).filter(|number| *number != u64::MAX);
                    let catalogue = &folder.texts.0[index];
                    let texts: Vec<_> =
                        counted.map(|number| (number, catalogue.count(name, argument, number))).collect();
                    for (number, text) in &texts {
                        assert!(*number <= 2 || text.contains(&number.to_string()), "{tag}: {text}");
                    }
                    let shapes = texts.iter().map(|(_, text)| text.replace(|c: char| c.is_ascii_digit(), ""));
                    assert_eq!(shapes.collect::<BTreeSet<_>>().len(), texts.len(), "{tag} {name}: {texts:?}");
                }
            }
        }
    }

    #[test]
    fn only_right_to_left_scripts_run_from_right_to_left() {
        let rightward = LANGUAGES.iter().filter(|(_, direction)| *direction == "rtl").map(|(tag, _)| *tag);
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
