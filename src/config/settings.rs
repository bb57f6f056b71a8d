//! What stands in a configuration, key by key, to tell in which two differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use figment::value::{Dict, Value};

/// A configuration as it was written. What it means is beside it, so that a debugger is shown that alone.
#[derive(Clone, Default)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Each key that something stands at, in the text or the environment, by its path as in `tenants.0.domain`.
    settings: BTreeMap<String, Value>,
}

impl Written {
    /// `text`, with those settings of `root` that are among `known`, whose names have no numbers. Whatever else there is may
    /// be a secret: the environment has other variables too.
    pub(super) fn of(text: &str, root: &Dict, known: &BTreeSet<String>) -> Self {
        let mut settings = BTreeMap::new();
        collect(&Path::default(), &Value::from(root.clone()), known, &mut settings);
        Self { text: text.to_owned(), settings }
    }

    /// The keys at which `other` has something else, or only one of the two has anything.
    #[must_use]
    pub fn changed(&self, other: &Self) -> BTreeSet<String> {
        let keys = self.settings.keys().chain(other.settings.keys());
        keys.filter(|key| self.settings.get(*key) != other.settings.get(*key)).cloned().collect()
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Written").finish_non_exhaustive()
    }
}

/// Where something stands: by its path, and by the name of its key.
#[derive(Default)]
struct Path {
    path: String,
    name: String,
}

impl Path {
    fn key(&self, key: &str) -> Self {
        let join = |before: &str| if before.is_empty() { key.to_owned() } else { format!("{before}.{key}") };
        Self { path: join(&self.path), name: join(&self.name) }
    }

    fn index(&self, index: usize) -> Self {
        Self { path: format!("{}.{index}", self.path), name: self.name.clone() }
    }
}

/// A table none of whose keys is known is the value of its own: `{ file = "…" }`.
fn collect(place: &Path, value: &Value, known: &BTreeSet<String>, settings: &mut BTreeMap<String, Value>) {
    match value {
        Value::Dict(_, table) if place.name.is_empty() || has_known(place, table, known) => {
            for (key, value) in table {
                let place = place.key(key);
                if known.contains(&place.name) {
                    collect(&place, value, known, settings);
                }
            }
        }
        Value::Array(_, values)
            if values.iter().any(|value| value.as_dict().is_some_and(|table| has_known(place, table, known))) =>
        {
            for (index, value) in values.iter().enumerate() {
                collect(&place.index(index), value, known, settings);
            }
        }
        // A section of which nothing is said.
        Value::Dict(_, table) if table.is_empty() => {}
        value => drop(settings.insert(place.path.clone(), value.clone())),
    }
}

fn has_known(place: &Path, table: &Dict, known: &BTreeSet<String>) -> bool {
    table.keys().any(|key| known.contains(&place.key(key).name))
}

#[cfg(test)]
mod tests {
    use crate::config::load::parse;

    const TEXT: &str = r#"
public_url = "https://idv.example.test"
branding.name = "Acme"
[limits]
starts_per_subject = 30
[[tenants]]
domain = "acme.eu.auth0.test"
token_secrets = [{ env = "ONE" }]
[[tenants]]
domain = "other.eu.auth0.test"
token_secrets = [{ env = "TWO" }]
"#;

    #[test]
    fn what_changed_is_told_by_table_and_key() {
        let before = parse(TEXT).0.unwrap().written;
        for (from, to, told) in [
            ("\"Acme\"", "\"Acme\" # a comment", &[][..]),
            ("\"Acme\"", "\"Other\"", &["branding.name"]),
            ("branding.name = \"Acme\"", "", &["branding.name"]),
            ("[limits]", "[log]\n[limits]", &[]),
            ("= 30", "= 31", &["limits.starts_per_subject"]),
            ("[{ env = \"TWO\" }]", "[{ env = \"TWO\" }, { env = \"THREE\" }]", &["tenants.1.token_secrets"]),
            ("{ env = \"ONE\" }", "{ file = \"/ONE\" }", &["tenants.0.token_secrets"]),
            ("\"acme.", "\"zacme.", &["tenants.0.domain"]),
            (
                "[[tenants]]\ndomain = \"other.eu.auth0.test\"\ntoken_secrets = [{ env = \"TWO\" }]",
                "",
                &["tenants.1.domain", "tenants.1.token_secrets"],
            ),
        ] {
            let after = parse(&TEXT.replace(from, to)).0.unwrap().written;
            let changed: Vec<_> = before.changed(&after).into_iter().collect();
            assert_eq!(changed, told, "{to}");
            assert_eq!(before.changed(&after), after.changed(&before), "{to}");
        }
    }
}
