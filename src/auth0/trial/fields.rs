//! The fields of a form or a query.

use serde_json::{Map, Value};

/// Them by name. Of two with one name the later.
pub(super) type Fields = Map<String, Value>;

/// The fields that were encoded so.
pub(super) fn fields(encoded: &[u8]) -> Fields {
    form_urlencoded::parse(encoded).map(|(name, value)| (name.into_owned(), Value::from(value))).collect()
}

/// What is in the field `name`. Empty, if there is none.
pub(super) fn text<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The number in it, if there is one.
pub(super) fn number(fields: &Fields, name: &str) -> Option<usize> {
    text(fields, name).parse().ok()
}
