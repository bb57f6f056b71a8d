//! The members of what is asked, each of which stands there once, and is wiped once it was read.

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::Deserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde_json::{Map, Value};
use zeroize::Zeroize;

/// The members of an object.
pub(super) fn read<'de, D: Deserializer<'de>>(wire: D) -> Result<Wiped, D::Error> {
    wire.deserialize_map(Members)
}

/// Members that are wiped once they were read: those of a [`Reload`](super::Request::Reload) are secrets.
pub(super) struct Wiped(Map<String, Value>);

impl Deref for Wiped {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Wiped {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.values_mut().for_each(wipe);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        _ => {}
    }
}

/// Reads the members of an object, each of which stands there once.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Wiped;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with an operation")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut wire: A) -> Result<Self::Value, A::Error> {
        let mut wiped = Wiped(Map::new());
        let Wiped(members) = &mut wiped;
        while let Some((name, value)) = wire.next_entry::<String, Value>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            members.insert(name, value);
        }
        Ok(wiped)
    }
}
