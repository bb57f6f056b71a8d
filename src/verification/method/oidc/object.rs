//! What a provider sends: an object of JSON.

use std::fmt;

use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use crate::verification::json;

/// An object of JSON that a provider sent, read strictly: no name stands twice in it. It may be about a person, so it wipes
/// its texts and prints nothing.
#[derive(PartialEq)]
pub struct Object(Zeroizing<Tree>);

/// What stands in JSON about a person.
#[derive(PartialEq)]
pub(super) struct Tree(pub(super) Value);

impl Object {
    /// The object that `text` is, if it is one.
    pub(in crate::verification) fn read(text: &[u8]) -> Option<Self> {
        let tree = Zeroizing::new(Tree(json::tree(text).ok()?));
        tree.0.is_object().then_some(Self(tree))
    }

    /// The object in the `body` of an answer, if its `content_type` says JSON.
    pub(super) fn answered(content_type: Option<&str>, body: &[u8]) -> Option<Self> {
        if content_type.is_some_and(is_json) { Self::read(body) } else { None }
    }

    /// Whether there is a member `name`, whatever it is.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.0.get(name).is_some()
    }

    /// The member `name`. One that is null is as good as none (OIDC Core §5.3.2).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.0.get(name).filter(|value| !value.is_null())
    }

    /// The member `name`, if it is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// What stands at `pointer` (RFC 6901). What is null is as good as not there.
    pub(super) fn at(&self, pointer: &str) -> Option<&Value> {
        self.0.0.pointer(pointer).filter(|value| !value.is_null())
    }
}

/// `application/json`, or what is built on it (RFC 6839 §3.1), with whatever parameters.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let subtype = essence.strip_prefix("application/");
    subtype.is_some_and(|subtype| subtype == "json" || subtype.len() > 5 && subtype.ends_with("+json"))
}

/// Wipes each text. Names of members and numbers stay.
impl Zeroize for Tree {
    fn zeroize(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        // Nesting is bounded by the reader.
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Object(…)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_text_is_wiped_however_deep() {
        let mut tree = Tree(json!({"a": "person", "b": [{"c": "person"}, ["person", 1, true, null]]}));
        tree.zeroize();
        assert_eq!(tree.0, json!({"a": "", "b": [{"c": ""}, ["", 1, true, null]]}));
    }
}
