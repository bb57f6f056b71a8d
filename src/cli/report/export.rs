//! An export of the audit log, read on whatever machine: whether it verifies, and what is in it.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::Context;

use crate::cli::audit::read_line;
use crate::report::{Checkpoint, Log, Proof, Tally};
use crate::verification::audit::checkpoint::{self, UnverifiedNote};
use crate::verification::audit::export::{End, LINE_LIMIT, Line};
use crate::verification::audit::key::PublicKey;
use crate::verification::audit::verify::Verifier;

/// Reads all of the export at `path` into `tally`. It is verified by `key`, or else by the one that stands in it, which
/// shows that it is whole, but not whose it is.
pub(super) fn read(path: &Path, key: Option<PublicKey>, tally: &mut Tally) -> anyhow::Result<Log> {
    let context = || format!("cannot read {}", path.display());
    let mut file = File::open(path).with_context(context)?;
    let end = end(&mut file).with_context(context)?;
    let own = end.as_ref().and_then(|end| PublicKey::parse(&end.public_key));
    let mut verifier = key.or(own).map(|key| Verifier::new(key, Vec::new()));
    file.rewind().with_context(context)?;
    let mut lines = BufReader::new(file);
    let mut line = Vec::new();
    while read_line(&mut lines, &mut line).with_context(context)? {
        if let Some(verifier) = &mut verifier {
            verifier.line(&line);
        }
        match Line::parse(&line) {
            Line::Entry(entry) => tally.add(entry),
            Line::LeftOut(count) => tally.leave_out(count),
            Line::Leaves(_) | Line::End(_) => {}
        }
    }
    let claim = end.and_then(|end| UnverifiedNote::parse(&end.checkpoint).ok()).map(|note| told(note.claim()));
    Ok(Log { source: format!("the file {}", path.display()), checkpoint: claim, proof: proof(verifier, key.is_some()) })
}

pub(super) fn told(checkpoint: &checkpoint::Checkpoint) -> Checkpoint {
    let root = data_encoding::BASE64.encode(&checkpoint.root);
    Checkpoint { origin: checkpoint.origin.clone(), entries: checkpoint.size, root }
}

fn proof(verifier: Option<Verifier>, is_given: bool) -> Proof {
    let by = if is_given {
        "the key that was given"
    } else {
        "the key in the file itself, which anybody could have put there"
    };
    match verifier.map(Verifier::end) {
        None => Proof::NotVerified { why: "the file does not end with a checkpoint and its key".into() },
        Some(Err(finding)) => Proof::NotVerified { why: finding.to_string() },
        Some(Ok(_)) => Proof::Verified { by: by.into() },
    }
}

/// The last line of the file, if that is the end of an export.
fn end(file: &mut File) -> io::Result<Option<End>> {
    let limit = u64::try_from(LINE_LIMIT).unwrap_or(u64::MAX);
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(limit)))?;
    let mut tail = Vec::new();
    file.take(limit).read_to_end(&mut tail)?;
    let last = tail.strip_suffix(b"\n").unwrap_or(&tail).rsplit(|byte| *byte == b'\n').next();
    Ok(last.and_then(|last| if let Line::End(end) = Line::parse(last) { Some(end) } else { None }))
}
