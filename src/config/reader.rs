//! Reads typed values out of a table and remembers which keys it was asked for.
//!
//! So the keys that exist are written down once, where they are read: whatever else stands in the table is unknown, and
//! the nearest of those is what was probably meant.

use std::cell::RefCell;
use std::collections::BTreeSet;

use figment::value::{Dict, Tag, Value};
use figment::{Figment, Metadata};
use serde::de::DeserializeOwned;

use super::environment;
use super::problem::Problem;

/// How different a key may be from a known one for that to be worth a suggestion (Jaro–Winkler).
const LIKENESS: f64 = 0.7;

/// What is found while reading: problems, and every key that exists.
pub(super) struct Findings<'f> {
    figment: &'f Figment,
    default_place: String,
    problems: RefCell<Vec<Problem>>,
    keys: RefCell<BTreeSet<String>>,
    /// Those of them that a variable can name.
    nameable: RefCell<BTreeSet<String>>,
    strangers: RefCell<Vec<String>>,
}

impl<'f> Findings<'f> {
    pub(super) fn new(figment: &'f Figment, default_place: String) -> Self {
        Self {
            figment,
            default_place,
            problems: RefCell::default(),
            keys: RefCell::default(),
            nameable: RefCell::default(),
            strangers: RefCell::default(),
        }
    }

    /// The file that is read.
    pub(super) fn file(&self) -> &str {
        &self.default_place
    }

    pub(super) fn add(&self, key: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        let place = self.place(self.figment.find_value(key).ok().map(|value| value.tag()));
        self.add_at(place, key, problem.into(), remedy.into());
    }

    /// Whether something stands at `key`.
    pub(super) fn has(&self, key: &str) -> bool {
        self.figment.find_value(key).is_ok()
    }

    fn add_at(&self, place: String, key: &str, problem: String, remedy: String) {
        self.problems.borrow_mut().push(Problem { place, key: key.to_owned(), problem, remedy });
    }

    /// Whether a value came from a variable.
    fn is_variable(&self, tag: Tag) -> bool {
        self.figment.get_metadata(tag).is_some_and(is_environment)
    }

    /// The file or variable that a value came from.
    fn place(&self, tag: Option<Tag>) -> String {
        match tag.and_then(|tag| self.figment.get_metadata(tag)) {
            Some(metadata) if is_environment(metadata) => "environment".to_owned(),
            _ => self.default_place.clone(),
        }
    }

    /// The variables that are somebody else's, once everything was read.
    pub(super) fn strangers(&self) -> Vec<String> {
        self.strangers.borrow().clone()
    }

    pub(super) fn into_parts(self) -> (Vec<Problem>, BTreeSet<String>) {
        (self.problems.into_inner(), self.keys.into_inner())
    }
}

/// One table, being read.
pub(super) struct Reader<'f> {
    findings: &'f Findings<'f>,
    path: String,
    table: Dict,
    asked: RefCell<Vec<&'static str>>,
}

impl<'f> Reader<'f> {
    pub(super) fn new(findings: &'f Findings<'f>, table: Dict) -> Self {
        Self { findings, path: String::new(), table, asked: RefCell::default() }
    }

    /// The full name of `key` in this table.
    pub(super) fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Whether something stands at `key`, be it right or wrong.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn ask(&self, key: &'static str) -> Option<&Value> {
        self.asked.borrow_mut().push(key);
        let path = self.path(key);
        let name = path.split('.').filter(|part| part.parse::<usize>().is_err()).collect::<Vec<_>>().join(".");
        if name == path {
            self.findings.nameable.borrow_mut().insert(path);
        }
        self.findings.keys.borrow_mut().insert(name);
        self.table.get(key)
    }

    /// The value of `key`, if it stands there and has the type.
    pub(super) fn optional<T: DeserializeOwned>(&self, key: &'static str) -> Option<T> {
        let value = self.ask(key)?;
        match value.deserialize() {
            Ok(value) => Some(value),
            Err(error) => {
                let place = self.findings.place(Some(value.tag()));
                let problem = format!("has the wrong type: {}", error.kind);
                self.findings.add_at(place, &self.path(key), problem, "write it as in the sample idv.toml".into());
                None
            }
        }
    }

    /// The value of `key`, which must stand there.
    pub(super) fn required<T: DeserializeOwned>(&self, key: &'static str, remedy: &str) -> Option<T> {
        let value = self.optional(key);
        if value.is_none() && !self.table.contains_key(key) {
            self.findings.add(&self.path(key), "is missing", remedy);
        }
        value
    }

    /// The table at `key`; an empty one if there is none.
    pub(super) fn table(&self, key: &'static str) -> Reader<'f> {
        let table = match self.ask(key) {
            None => Dict::new(),
            Some(Value::Dict(_, table)) => table.clone(),
            Some(_) => {
                self.findings.add(&self.path(key), "is not a table", format!("write a section [{}]", self.path(key)));
                Dict::new()
            }
        };
        Reader { findings: self.findings, path: self.path(key), table, asked: RefCell::default() }
    }

    /// The tables of the array at `key`.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Reader<'f>> {
        let tables: Vec<_> = match self.ask(key) {
            None => return Vec::new(),
            Some(Value::Array(_, values)) => values.iter().map(Value::as_dict).collect(),
            Some(_) => vec![None],
        };
        if tables.contains(&None) {
            let path = self.path(key);
            self.findings.add(&path, "is not a list of sections", format!("write a section [[{path}]] for each"));
        }
        let readers = tables.into_iter().enumerate().filter_map(|(index, table)| {
            let path = format!("{}.{index}", self.path(key));
            Some(Reader { findings: self.findings, path, table: table?.clone(), asked: RefCell::default() })
        });
        readers.collect()
    }

    /// Tells of every key that nobody asked for, but those that `ignored` vouches for and variables of others.
    pub(super) fn finish(self, ignored: impl Fn(&str) -> bool) {
        let asked = self.asked.borrow();
        for (key, value) in self.table.iter().filter(|(key, _)| !asked.contains(&key.as_str()) && !ignored(key)) {
            let is_variable = self.findings.is_variable(value.tag());
            let nearest = if is_variable && self.path.is_empty() && value.as_dict().is_none() {
                let meant = environment::meant(key, &*self.findings.nameable.borrow()).map(str::to_owned);
                if meant.is_none() {
                    self.findings.strangers.borrow_mut().push(environment::variable(key));
                    continue;
                }
                meant
            } else {
                nearest(key, &asked).map(|known| self.path(known))
            };
            let remedy = match nearest {
                Some(known) if is_variable => format!("did you mean {}?", environment::variable(&known)),
                Some(known) => format!("did you mean {known}?"),
                None => format!("remove it; known here: {}", asked.join(", ")),
            };
            let place = self.findings.place(Some(value.tag()));
            self.findings.add_at(place, &self.path(key), "is not a known key".into(), remedy);
        }
    }
}

fn is_environment(metadata: &Metadata) -> bool {
    metadata.name.contains("environment")
}

/// The one of `known` that is most like `key`, if any is.
fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let likenesses = known.iter().map(|known| (strsim::jaro_winkler(key, known), *known));
    likenesses.filter(|(likeness, _)| *likeness > LIKENESS).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known)
}
