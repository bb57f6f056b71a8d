//! Whether an export is what was written: offline, by a key that one has from elsewhere.

use data_encoding::BASE64;
use thiserror::Error;

use super::checkpoint::{Checkpoint, UnverifiedNote};
use super::entry::Entry;
use super::export::{End, Line};
use super::key::PublicKey;
use super::tree::{Edge, Hash, leaf};

/// What an export is, when all of it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The head of the log.
    pub checkpoint: Checkpoint,
    /// How many of its entries are shown.
    pub shown: u64,
}

/// What is wrong with an export. Entries are numbered from 0 on.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Finding {
    /// An entry is none that was written there.
    #[error("entry {0} is not what was written")]
    Changed(u64),
    /// An entry stands where another was written.
    #[error("where entry {place} was written, entry {stands} stands: entries were dropped, doubled or swapped")]
    Misplaced {
        /// Where.
        place: u64,
        /// Which stands there.
        stands: u64,
    },
    /// Entries are not there.
    #[error("entries {from} to {to} are missing")]
    Missing {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// Some program saved it as a text of its own kind.
    #[error(
        "the file was saved by a program that changes texts, {0}: nothing may open it on its way from where it was printed"
    )]
    Saved(&'static str),
    /// There is something beyond what was written.
    #[error("what stands as entry {0} and after it was not written there")]
    Beyond(u64),
    /// The file has no end.
    #[error("the file is cut off after {0} entries: it does not end with a checkpoint")]
    Cut(u64),
    /// The last line is no checkpoint.
    #[error("the last line has no checkpoint that can be read")]
    Unreadable,
    /// The checkpoint is another's, or was made up.
    #[error("the checkpoint of {0} was not signed by this key: it is of another log, or forged")]
    NotSigned(String),
    /// The hashes beside the entries are not those that were signed, and the entries are.
    #[error("the entries are what was written, but the hashes beside them are not")]
    Hashes,
    /// Some entry was changed; which, nobody can tell.
    #[error("the entries are not what was signed{}", between(*.since, *.until))]
    Tree {
        /// Up to here it is as at an earlier checkpoint.
        since: u64,
        /// By here it is not.
        until: u64,
    },
    /// An earlier checkpoint is of something else.
    #[error("an earlier checkpoint, of {0}, is of another log, or forged")]
    Foreign(String),
    /// The log had more entries.
    #[error("this log was set back: at an earlier checkpoint it had {was} entries, and it has {is}")]
    SetBack {
        /// So many.
        was: u64,
        /// And has so many.
        is: u64,
    },
    /// The log had other entries.
    #[error("this log was set back and went on, or was changed: its first {until} entries are not those of an earlier checkpoint{}", between(*.since, *.until))]
    Rewritten {
        /// Up to here it is as at a still earlier checkpoint.
        since: u64,
        /// By here it is not.
        until: u64,
    },
}

fn between(since: u64, until: u64) -> String {
    if since == 0 { String::new() } else { format!("; the difference is among entries {since} to {}", until - 1) }
}

/// How a program saved `line`, where one did that changes texts: no line that was printed begins or ends so.
fn saved(line: &[u8]) -> Option<&'static str> {
    match line {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("in UTF-16"),
        [0xef, 0xbb, 0xbf, ..] => Some("with a byte order mark"),
        [.., b'\r'] => Some("with line ends of its own"),
        _ => None,
    }
}

/// Reads an export line by line.
pub struct Verifier {
    trusted: Vec<PublicKey>,
    /// All keys that the log names.
    named: Vec<PublicKey>,
    earlier: Vec<Earlier>,
    /// The tree of what stands there, and of the hashes of what is left out or missing.
    tree: Edge,
    /// The block, and how many of its entries were read.
    block: Vec<Hash>,
    read: usize,
    shown: u64,
    /// The first entry that does not fit.
    misfit: Option<Finding>,
    end: Option<End>,
}

/// An earlier checkpoint, and the root that the file has for its size.
struct Earlier {
    note: UnverifiedNote,
    root: Option<Hash>,
}

impl Verifier {
    /// One that trusts `key`, and holds what it reads against the checkpoints `earlier`.
    #[must_use]
    pub fn new(key: PublicKey, earlier: Vec<UnverifiedNote>) -> Self {
        let mut earlier: Vec<_> = earlier.into_iter().map(|note| Earlier { note, root: None }).collect();
        earlier.sort_by_key(|earlier| earlier.note.claim().size);
        let mut verifier = Self {
            trusted: vec![key],
            named: vec![key],
            earlier,
            tree: Edge::default(),
            block: Vec::new(),
            read: 0,
            shown: 0,
            misfit: None,
            end: None,
        };
        verifier.note_root();
        verifier
    }

    /// Reads the next line, without its end.
    pub fn line(&mut self, line: &[u8]) {
        if self.end.is_some() {
            return self.misfits(Finding::Beyond(self.tree.size()));
        }
        if let Some(how) = saved(line) {
            self.misfits(Finding::Saved(how));
        }
        match Line::parse(line) {
            Line::Leaves(leaves) => self.begin(leaves),
            Line::LeftOut(count) => self.leave_out(count),
            Line::Entry(entry) => self.entry(entry),
            Line::End(end) => {
                self.begin(Vec::new());
                self.end = Some(end);
            }
        }
    }

    /// What the whole of it is.
    ///
    /// # Errors
    /// [`Finding`]: the first thing that does not fit.
    pub fn end(mut self) -> Result<Verified, Finding> {
        let size = self.tree.size();
        let Some(end) = self.end.take() else { return Err(self.misfit.unwrap_or(Finding::Cut(size))) };
        let note = UnverifiedNote::parse(&end.checkpoint).map_err(|_| Finding::Unreadable)?;
        let Some(checkpoint) = note.verified(&self.trusted) else {
            return Err(self.misfit.unwrap_or_else(|| Finding::NotSigned(note.claim().origin.clone())));
        };
        if let Some(misfit) = self.misfit.take() {
            let is_of_hash = matches!(misfit, Finding::Changed(_) | Finding::Misplaced { .. });
            let are_written = is_of_hash && self.tree.size() == checkpoint.size && self.tree.root() == checkpoint.root;
            return Err(if are_written { Finding::Hashes } else { misfit });
        }
        if checkpoint.size > size {
            return Err(Finding::Missing { from: size, to: checkpoint.size - 1 });
        }
        if checkpoint.size < size {
            return Err(Finding::Beyond(checkpoint.size));
        }
        let held = self.hold_earlier(checkpoint);
        if self.tree.root() != checkpoint.root {
            return Err(match held {
                Ok(since) => Finding::Tree { since, until: size },
                Err(Finding::Rewritten { since, until }) => Finding::Tree { since, until },
                Err(_) => Finding::Tree { since: 0, until: size },
            });
        }
        held?;
        Ok(Verified { checkpoint: checkpoint.clone(), shown: self.shown })
    }

    /// Holds the log of `checkpoint` against those of before. Returns how far they go.
    fn hold_earlier(&self, checkpoint: &Checkpoint) -> Result<u64, Finding> {
        let mut since = 0;
        for Earlier { note, root } in &self.earlier {
            let Some(was) = note.verified(&self.named).filter(|was| was.origin == checkpoint.origin) else {
                return Err(Finding::Foreign(note.claim().origin.clone()));
            };
            match root {
                None => return Err(Finding::SetBack { was: was.size, is: checkpoint.size }),
                Some(root) if *root != was.root => return Err(Finding::Rewritten { since, until: was.size }),
                Some(_) => since = was.size,
            }
        }
        Ok(since)
    }

    fn misfits(&mut self, finding: Finding) {
        self.misfit.get_or_insert(finding);
    }

    /// Begins a block. The one before it must be whole.
    fn begin(&mut self, leaves: Vec<Hash>) {
        let rest = self.block.split_off(self.read.min(self.block.len()));
        if !rest.is_empty() {
            let from = self.tree.size();
            self.misfits(Finding::Missing { from, to: from + rest.len() as u64 - 1 });
            for hash in rest {
                self.add(hash);
            }
        }
        (self.block, self.read) = (leaves, 0);
    }

    fn leave_out(&mut self, count: u64) {
        for _ in 0..count {
            let Some(hash) = self.block.get(self.read).copied() else {
                return self.misfits(Finding::Beyond(self.tree.size()));
            };
            self.read += 1;
            self.add(hash);
        }
    }

    fn entry(&mut self, line: &[u8]) {
        let (number, hash) = (self.tree.size(), leaf(line));
        let Some(listed) = self.block.get(self.read).copied() else {
            let is_half_an_end = line.starts_with(b"{\"checkpoint\"");
            return self.misfits(if is_half_an_end { Finding::Cut(number) } else { Finding::Beyond(number) });
        };
        if listed != hash {
            let start = number - self.read as u64;
            let stands = self.block.iter().position(|other| *other == hash);
            self.misfits(match stands {
                Some(stands) => Finding::Misplaced { place: number, stands: start + stands as u64 },
                None => Finding::Changed(number),
            });
        }
        self.read += 1;
        self.shown += 1;
        match Entry::parse(line) {
            Some(entry) => self.learn_key(&entry),
            None => self.misfits(Finding::Changed(number)),
        }
        self.add(hash);
    }

    /// A key that another names which is trusted is trusted too. It is the last one, most likely: of all before it, each
    /// would be tried for each.
    fn learn_key(&mut self, entry: &Entry) {
        let Some((verifier, key)) = entry.key.as_ref().and_then(|key| Some((key, PublicKey::parse(key)?))) else {
            return;
        };
        self.named.push(key);
        let signature = entry.key_signature.as_ref().and_then(|signature| BASE64.decode(signature.as_bytes()).ok());
        let is_signed = |signature: Vec<u8>| {
            self.trusted.iter().rev().any(|trusted| trusted.has_signed(verifier.as_bytes(), &signature))
        };
        if signature.is_some_and(is_signed) {
            self.trusted.push(key);
        }
    }

    fn add(&mut self, hash: Hash) {
        self.tree.push(hash);
        self.note_root();
    }

    fn note_root(&mut self) {
        let size = self.tree.size();
        for earlier in self.earlier.iter_mut().filter(|earlier| earlier.note.claim().size == size) {
            earlier.root = Some(self.tree.root());
        }
    }
}
