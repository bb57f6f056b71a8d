//! Bytes that can be read but not written, made to look as if they could: what the engine writes stays in memory.
//!
//! The engine repairs a file before it reads from it. On a disk that takes no more writes it repairs this instead, and
//! look-ups go on.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};

use redb::StorageBackend;

/// As the engine's pages, so that it nearly always writes whole blocks.
const BLOCK: u64 = 4096;

/// What lies over the bytes `below`.
pub(super) struct Overlay<B> {
    below: B,
    over: Mutex<Over>,
}

struct Over {
    length: u64,
    /// How many of the bytes below are still to be seen: those that were ever cut off are not.
    seen: u64,
    /// Whole blocks, by number.
    blocks: BTreeMap<u64, Vec<u8>>,
}

impl<B: StorageBackend> Overlay<B> {
    pub(super) fn new(below: B) -> io::Result<Self> {
        let length = below.len()?;
        let over = Mutex::new(Over { length, seen: length, blocks: BTreeMap::new() });
        Ok(Self { below, over })
    }

    /// Reads block `number` as it is below, as far as it is `seen`; what lies beyond that is zero.
    fn block_below(&self, number: u64, seen: u64) -> io::Result<Vec<u8>> {
        let mut block = vec![0; usize_of(BLOCK)];
        let start = number * BLOCK;
        let there = usize_of(seen.saturating_sub(start).min(BLOCK));
        if there > 0 {
            self.below.read(start, &mut block[..there])?;
        }
        Ok(block)
    }

    /// Calls `visit` with each block that `length` bytes from `offset` touch: its number, where they begin in it, and
    /// where they stand among the bytes.
    fn each_block(
        offset: u64,
        length: usize,
        mut visit: impl FnMut(u64, usize, std::ops::Range<usize>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut done = 0;
        while done < length {
            let at = offset + done as u64;
            let within = usize_of(at % BLOCK);
            let part = (usize_of(BLOCK) - within).min(length - done);
            visit(at / BLOCK, within, done..done + part)?;
            done += part;
        }
        Ok(())
    }
}

impl<B: StorageBackend> StorageBackend for Overlay<B> {
    fn len(&self) -> io::Result<u64> {
        Ok(self.over.lock().unwrap_or_else(PoisonError::into_inner).length)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        if offset + out.len() as u64 > over.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Self::each_block(offset, out.len(), |number, within, part| {
            let out = &mut out[part];
            match over.blocks.get(&number) {
                Some(block) => out.copy_from_slice(&block[within..within + out.len()]),
                None => out.copy_from_slice(&self.block_below(number, over.seen)?[within..within + out.len()]),
            }
            Ok(())
        })
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        if length < over.length {
            over.seen = over.seen.min(length);
            over.blocks.retain(|number, _| number * BLOCK < length);
            if let Some(block) = over.blocks.get_mut(&(length / BLOCK)) {
                block[usize_of(length % BLOCK)..].fill(0);
            }
        }
        over.length = length;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = over.seen;
        Self::each_block(offset, data.len(), |number, within, part| {
            let block = match over.blocks.entry(number) {
                std::collections::btree_map::Entry::Occupied(block) => block.into_mut(),
                std::collections::btree_map::Entry::Vacant(place) => place.insert(self.block_below(number, seen)?),
            };
            let data = &data[part];
            block[within..within + data.len()].copy_from_slice(data);
            Ok(())
        })
    }

    fn close(&self) -> io::Result<()> {
        self.below.close()
    }
}

impl<B> fmt::Debug for Overlay<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Overlay")
    }
}

fn usize_of(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use redb::backends::InMemoryBackend;

    #[test]
    fn writes_are_read_back_and_leave_what_is_below_as_it_was() {
        let below = InMemoryBackend::new();
        below.set_len(10_000).unwrap();
        below.write(0, &[1; 10_000]).unwrap();
        let overlay = Overlay::new(below).unwrap();
        overlay.set_len(20_000).unwrap();
        overlay.write(4000, &[2; 5000]).unwrap();
        overlay.write(19_000, &[3; 1000]).unwrap();
        let mut read = vec![9; 20_000];
        overlay.read(0, &mut read).unwrap();
        let expected = [vec![1; 4000], vec![2; 5000], vec![1; 1000], vec![0; 9000], vec![3; 1000]].concat();
        assert_eq!(read, expected);
        overlay.below.read(0, &mut read[..10_000]).unwrap();
        assert_eq!(read[..10_000], [1; 10_000]);
        assert!(overlay.read(19_001, &mut [0; 1000]).is_err(), "beyond the end");
    }

    /// The engine makes a file smaller too, as it does where an older store gets its new tables: who only looked could not.
    #[test]
    fn what_is_cut_off_is_gone_and_what_is_below_stays() {
        let below = InMemoryBackend::new();
        below.set_len(20_000).unwrap();
        below.write(0, &vec![1; 20_000]).unwrap();
        let overlay = Overlay::new(below).unwrap();
        overlay.write(8_000, &[2; 5_000]).unwrap();
        for length in [10_000, 9_000] {
            overlay.set_len(length).unwrap();
            assert!(overlay.len().unwrap() == length && overlay.read(length, &mut [0]).is_err());
        }
        overlay.set_len(20_000).unwrap();
        let mut read = vec![9; 20_000];
        overlay.read(0, &mut read).unwrap();
        assert_eq!(read, [vec![1; 8_000], vec![2; 1_000], vec![0; 11_000]].concat());
        overlay.below.read(0, &mut read).unwrap();
        assert!(read.iter().all(|byte| *byte == 1) && read.len() == 20_000);
    }
}
