//! The engine's header names one of two slots as the last commit by a single bit. A commit in two phases trusts that bit,
//! so where it is damaged the commit before the last one would be taken for the last, silently.
//!
//! Here the slots' own numbers speak too. Where the one that is not named is newer and both are whole, either the bit is
//! damaged, or power went between the two phases of a commit that nobody was told of. Then the engine is told not to
//! trust the bit: it takes the newer one if all its pages are there, and the other one if not.
//!
//! The layout is redb's file format 3 (its `docs/design.md`).

use std::io;
use std::ops::Range;

use redb::StorageBackend;
use twox_hash::XxHash3_128;

const MAGIC: &[u8; 9] = b"redb\x1a\x0a\xa9\x0d\x0a";
/// The byte of flags.
const FLAGS: usize = MAGIC.len();
const SECOND_IS_LAST: u8 = 1;
const TWO_PHASES: u8 = 4;
/// Where the slots stand, and in a slot the commit's number and the checksum of all before it.
const SLOTS: [Range<usize>; 2] = [64..192, 192..320];
const NUMBER: Range<usize> = 104..112;
const CHECKSUM: Range<usize> = 112..128;
const HEADER: usize = SLOTS[1].end;

/// Has the engine choose by itself between the two commits in `backend`, if the one that is named is not the newer one.
pub(super) fn settle(backend: &impl StorageBackend) -> io::Result<()> {
    let mut header = [0; HEADER];
    if backend.len()? < HEADER as u64 {
        return Ok(());
    }
    backend.read(0, &mut header)?;
    if names_the_older(&header) {
        backend.write(FLAGS as u64, &[header[FLAGS] & !TWO_PHASES])?;
        backend.sync_data()?;
    }
    Ok(())
}

fn names_the_older(header: &[u8; HEADER]) -> bool {
    let flags = header[FLAGS];
    if !header.starts_with(MAGIC) || flags & TWO_PHASES == 0 {
        return false;
    }
    let [first, second] = SLOTS.map(|slot| number(&header[slot]));
    let (named, other) = if flags & SECOND_IS_LAST == 0 { (first, second) } else { (second, first) };
    named.zip(other).is_some_and(|(named, other)| other > named)
}

/// The number of the commit in `slot`, if that is whole.
fn number(slot: &[u8]) -> Option<u64> {
    let is_whole = XxHash3_128::oneshot(&slot[..CHECKSUM.start]).to_le_bytes() == slot[CHECKSUM];
    is_whole.then(|| slot[NUMBER].try_into().map(u64::from_le_bytes).ok())?
}
