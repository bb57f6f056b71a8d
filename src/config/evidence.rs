//! `[evidence]`: where pictures are kept, and how much they may take, as typed and as meant.

use std::path::{Path, PathBuf};

use super::reader::{Findings, Reader};

/// The least that pictures may take: those of a few people.
const LEAST: u64 = 64 << 20;
/// The units that sizes are written in.
const UNITS: [(&str, u32); 3] = [("MiB", 20), ("GiB", 30), ("TiB", 40)];

/// Where pictures are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The directory.
    pub directory: PathBuf,
    /// The most that they may take, in bytes.
    pub space: u64,
}

/// The section as typed.
pub(super) struct Typed {
    /// Default: `evidence`, beside the store.
    directory: Option<String>,
    /// A number and its unit. Default: `20 GiB`.
    space: String,
}

impl Typed {
    /// Reads the section.
    pub(super) fn read(evidence: Reader<'_>) -> Self {
        let typed = Self {
            directory: evidence.optional("directory"),
            space: evidence.optional("space").unwrap_or_else(|| "20 GiB".into()),
        };
        evidence.finish(|_| false);
        typed
    }

    /// What it means beside the store at `store`; `findings` tells what is wrong.
    pub(super) fn convert(self, store: &Path, findings: &Findings<'_>) -> Evidence {
        let space = size(&self.space);
        if space.is_none_or(|space| space < LEAST) {
            let remedy = "write a number and MiB, GiB or TiB, such as \"20 GiB\", and 64 MiB at the least";
            findings.add("evidence.space", format!("{:?} is no size that pictures have room in", self.space), remedy);
        }
        let directory = self.directory.map_or_else(|| store.with_file_name("evidence"), PathBuf::from);
        Evidence { directory, space: space.unwrap_or_default() }
    }
}

/// The bytes that `text` says; none if it is not a whole number and a unit.
fn size(text: &str) -> Option<u64> {
    let (unit, shift) = UNITS.into_iter().find(|(unit, _)| text.ends_with(unit))?;
    let number = text.strip_suffix(unit)?.trim_end();
    let number: u64 = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok())??;
    number.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_whole_number_and_its_unit() {
        for (text, bytes) in [
            ("20 GiB", Some(20 << 30)),
            ("64MiB", Some(64 << 20)),
            ("1 TiB", Some(1 << 40)),
            ("0 MiB", Some(0)),
            ("16777215 TiB", Some(16_777_215 << 40)),
            ("16777216 TiB", None),
            ("20", None),
            ("20 GB", None),
            ("GiB", None),
            ("-1 GiB", None),
            ("+1 GiB", None),
            ("1.5 GiB", None),
            (" 1 GiB", None),
            ("20 gib", None),
        ] {
            assert_eq!(size(text), bytes, "{text}");
        }
    }
}
