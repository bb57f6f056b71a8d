//! The file of an export: JSON Lines, of four kinds ([`Line`]), which systemd/README.md has for auditors.
//!
//! Entries are numbered from 0 on, and every export begins with the first: whatever is left out of it, it can be verified
//! against the checkpoint of the whole log and against every earlier one. The hashes stand beside the entries so that what
//! was changed can be told by its number. What belongs to a tenant that was not asked for is left out, and so is what is
//! of another time than was asked for; entries that name a key are never.

use std::num::NonZeroU64;

use data_encoding::BASE64;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::tree::{Hash, LENGTH, leaf};
use crate::verification::time::Timestamp;

/// How many entries a block has at the most.
pub const BLOCK: usize = 256;
/// The longest line that is read, in bytes: several times a block's hashes.
pub const LINE_LIMIT: usize = 64 * 1024;

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'l> {
    /// A block begins, of entries with these hashes.
    Leaves(Vec<Hash>),
    /// An entry.
    Entry(&'l [u8]),
    /// So many entries are not shown.
    LeftOut(u64),
    /// The end.
    End(End),
}

/// The last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// The signed head of the log, as a note.
    pub checkpoint: String,
    /// In PEM what verifies it, if one trusts the file.
    pub public_key: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Leaves {
    leaves: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    left_out: NonZeroU64,
}

impl<'l> Line<'l> {
    /// The line `line`, without its end. What is of no other kind is an entry, or should be.
    #[must_use]
    pub fn parse(line: &'l [u8]) -> Self {
        let leaves = || Some(Self::Leaves(hashes(&as_written::<Leaves>(line)?.leaves)?));
        let left_out = || Some(Self::LeftOut(as_written::<LeftOut>(line)?.left_out.get()));
        let end = || Some(Self::End(as_written(line)?));
        match line {
            line if line.starts_with(b"{\"leaves\"") => leaves(),
            line if line.starts_with(b"{\"left_out\"") => left_out(),
            line if line.starts_with(b"{\"checkpoint\"") => end(),
            _ => None,
        }
        .unwrap_or(Self::Entry(line))
    }
}

/// What `line` is, which is written in one way alone: nothing else hides in it that somebody reads.
fn as_written<T: Serialize + DeserializeOwned>(line: &[u8]) -> Option<T> {
    let parsed = serde_json::from_slice(line).ok()?;
    (line_of(&parsed).strip_suffix(b"\n") == Some(line)).then_some(parsed)
}

fn hashes(encoded: &str) -> Option<Vec<Hash>> {
    let bytes = BASE64.decode(encoded.as_bytes()).ok()?;
    let (hashes, rest) = bytes.as_chunks::<LENGTH>();
    let fits = rest.is_empty() && (1..=BLOCK).contains(&hashes.len());
    fits.then(|| hashes.to_vec())
}

/// Which entries are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Those from this instant on.
    pub from: Option<Timestamp>,
    /// Those before this instant.
    pub to: Option<Timestamp>,
    /// Those of this tenant, and of no tenant.
    pub tenant: Option<String>,
}

impl Selection {
    /// Whether `entry` is shown.
    #[must_use]
    pub fn shows(&self, entry: &Entry) -> bool {
        let is_of_time = self.from.is_none_or(|from| entry.at >= from) && self.to.is_none_or(|to| entry.at < to);
        let is_of_tenant = match (&self.tenant, &entry.tenant) {
            (Some(asked), Some(tenant)) => asked == tenant,
            _ => true,
        };
        entry.key.is_some() || (is_of_time && is_of_tenant)
    }
}

/// Makes the file of the entries in order, block by block.
#[derive(Default)]
pub struct Exporter {
    leaves: Vec<Hash>,
    shown: Vec<u8>,
    left_out: u64,
}

impl Exporter {
    /// Adds the next entry. Returns the bytes of a block, once one is whole.
    pub fn add(&mut self, line: &[u8], is_shown: bool) -> Option<Vec<u8>> {
        self.leaves.push(leaf(line));
        if is_shown {
            self.flush_left_out();
            self.shown.extend_from_slice(line);
            self.shown.push(b'\n');
        } else {
            self.left_out += 1;
        }
        (self.leaves.len() == BLOCK).then(|| self.block())
    }

    /// The bytes of the rest, whose end is `end`.
    #[must_use]
    pub fn finish(mut self, end: &End) -> Vec<u8> {
        let mut rest = if self.leaves.is_empty() { Vec::new() } else { self.block() };
        rest.extend(line_of(end));
        rest
    }

    fn block(&mut self) -> Vec<u8> {
        self.flush_left_out();
        let leaves = BASE64.encode(std::mem::take(&mut self.leaves).as_flattened());
        [line_of(&Leaves { leaves }), std::mem::take(&mut self.shown)].concat()
    }

    fn flush_left_out(&mut self) {
        if let Some(left_out) = NonZeroU64::new(std::mem::take(&mut self.left_out)) {
            self.shown.extend(line_of(&LeftOut { left_out }));
        }
    }
}

fn line_of(line: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(line).expect("texts and numbers are JSON");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::entry::EventOutcome;
    use super::*;

    fn end() -> End {
        End { checkpoint: "a\n1\nb\n\n— a b\n".into(), public_key: "key\n".into() }
    }

    #[test]
    fn what_is_left_out_is_counted_and_its_hash_stands_in_the_block() {
        let mut exporter = Exporter::default();
        let entries: Vec<_> = (0..5).map(|number| format!("{{\"@timestamp\":{number}}}")).collect();
        for (entry, is_shown) in entries.iter().zip([false, false, true, true, false]) {
            assert_eq!(exporter.add(entry.as_bytes(), is_shown), None);
        }
        let file = exporter.finish(&end());
        let lines: Vec<_> = file.split(|byte| *byte == b'\n').map(Line::parse).collect();
        let leaves = entries.iter().map(|entry| leaf(entry.as_bytes())).collect();
        let shown = |number: usize| Line::Entry(entries[number].as_bytes());
        let expected = [Line::Leaves(leaves), Line::LeftOut(2), shown(2), shown(3), Line::LeftOut(1), Line::End(end())];
        assert_eq!(lines[..6], expected);
    }

    #[test]
    fn a_block_is_whole_with_its_last_entry_and_none_is_empty() {
        let mut exporter = Exporter::default();
        let blocks: Vec<_> = (0..2 * BLOCK).filter_map(|_| exporter.add(b"{}", true)).collect();
        assert_eq!(blocks.len(), 2);
        let [first, ..] = blocks[0].split(|byte| *byte == b'\n').collect::<Vec<_>>()[..] else { panic!("lines") };
        assert!(
            matches!(Line::parse(first), Line::Leaves(leaves) if leaves.len() == BLOCK) && first.len() < LINE_LIMIT
        );
        assert!(exporter.finish(&end()).starts_with(b"{\"checkpoint\""));
    }

    #[test]
    fn a_line_that_is_of_no_other_kind_is_taken_for_an_entry() {
        let empty = r#"{"checkpoint":""}"#;
        for line in ["", "{", r#"{"leaves":""}"#, r#"{"leaves":"AAAA"}"#, r#"{"left_out":-1}"#, empty]
            .into_iter()
            .chain([r#"{"left_out":0}"#, r#"{"left_out": 3}"#, r#"{"left_out":3} "#, r#"{"left_out":3,"a":1}"#])
        {
            assert_eq!(Line::parse(line.as_bytes()), Line::Entry(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_selection_shows_what_is_of_its_time_and_its_tenant_or_of_none_and_every_key() {
        let at = |second| Timestamp::from_unix(second);
        let entry = |second| Entry::new(at(second), "check-concluded", EventOutcome::Success);
        let of = |tenant: &str| Entry { tenant: Some(tenant.into()), ..entry(15) };
        let selection = Selection { from: Some(at(10)), to: Some(at(20)), tenant: Some("a".into()) };
        assert_eq!([9, 10, 19, 20].map(|second| selection.shows(&entry(second))), [false, true, true, false]);
        assert_eq!([of("a"), of("b"), entry(15)].map(|entry| selection.shows(&entry)), [true, false, true]);
        assert!(selection.shows(&Entry { key: Some("key".into()), ..entry(99) }));
        assert!(Selection::default().shows(&of("b")));
    }
}
