//! A strict reader of JSON (RFC 8259): one object in place, or a whole tree.
//!
//! Whoever checks a signed text must see what parsers hide: a member that stands twice (RFC 7515 §4 forbids it in headers,
//! RFC 8725 warns of it in claims). What `serde_json` reads is refused here if a name stands twice in one object, at any
//! depth, and if it is nested too deeply or has too many members. Nothing is skipped unread, since `serde_json` looks less
//! closely at what it skips.

use serde::de::Error;
use serde_json::Deserializer;
use serde_json::de::StrRead;

mod object;
mod tree;

pub(super) use object::{Value, read_object};
pub use tree::tree;
pub(super) use tree::tree_of;

/// Not one value of JSON, or one with a name twice, or beyond a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// How many more arrays and objects may stand one in another.
#[derive(Clone, Copy)]
struct Depth(usize);

impl Depth {
    /// In a member of the outermost object.
    const IN_A_MEMBER: Self = Self(8);

    /// What may still stand in an array or object at this depth, if one may stand here.
    fn inner<E: Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or_else(|| E::custom("nested too deeply"))
    }
}

/// All of `text` as the one value that `read` takes from it.
fn read_whole<'a, T>(
    text: &'a [u8],
    read: impl FnOnce(&mut Deserializer<StrRead<'a>>) -> serde_json::Result<T>,
) -> Result<T, Malformed> {
    let text = std::str::from_utf8(text).map_err(|_| Malformed)?;
    let mut reader = Deserializer::from_str(text);
    read(&mut reader).and_then(|value| reader.end().map(|()| value)).map_err(|_| Malformed)
}
