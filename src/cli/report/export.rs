//! An export of the audit log, read on whatever machine: whether it verifies, and what is in it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::Context;

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
    while let Some(line) = next_line(&mut lines).with_context(context)? {
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

fn told(checkpoint: &checkpoint::Checkpoint) -> Checkpoint {
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

/// The next line, without its end; of one that is too long so much that it is no entry.
fn next_line(reader: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if reader.take(u64::try_from(LINE_LIMIT).unwrap_or(u64::MAX)).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else {
        reader.skip_until(b'\n')?;
    }
    Ok(Some(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_one_line() {
        let long = vec![b'x'; 3 * LINE_LIMIT];
        let mut bytes = &[b"one\n\n".as_slice(), &long, b"\nlast"].concat()[..];
        let mut lengths = Vec::new();
        while let Some(line) = next_line(&mut bytes).unwrap() {
            lengths.push(line.len());
        }
        assert_eq!(lengths, [3, 0, LINE_LIMIT, 4]);
    }
}
