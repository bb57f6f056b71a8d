//! Huffman tables (T.81, annexes C and F.2.2.3).

use crate::picture::Refused;

/// Bits that are looked up at once: most codes of a photo are no longer.
const SHORT: usize = 8;

/// Codes of 1 to 16 bits, and the symbols that they stand for.
pub(super) struct Table {
    /// By the next bits: the length of the code that they begin with and its symbol; length 0 where it is longer.
    short: [(u8, u8); 1 << SHORT],
    /// By length: behind the last code of this length, as the highest of 16 bits.
    ends: [u32; 17],
    /// By length: where the symbol of a code is, less the code.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Table {
    /// The table that `content` begins with, after its class and number, and what stands behind it.
    pub(super) fn read(content: &[u8]) -> Result<(Self, &[u8]), Refused> {
        let (counts, rest) = content.split_first_chunk::<16>().ok_or(Refused::Incomplete)?;
        let total = counts.iter().map(|count| usize::from(*count)).sum();
        let (symbols, rest) = rest.split_at_checked(total).ok_or(Refused::Incomplete)?;
        let mut table =
            Self { short: [(0, 0); 1 << SHORT], ends: [0; 17], offsets: [0; 17], symbols: symbols.to_vec() };
        table.number(counts)?;
        Ok((table, rest))
    }

    /// Gives the symbols their codes, which are numbered upwards within each length.
    fn number(&mut self, counts: &[u8; 16]) -> Result<(), Refused> {
        let (mut code, mut position) = (0_u32, 0_usize);
        for (length, count) in (1..=16_u8).zip(counts) {
            let (level, count) = (usize::from(length), usize::from(*count));
            self.offsets[level] = i32::try_from(position).expect("at most 4080 symbols") - code.cast_signed();
            for _ in 0..count {
                self.shorten(code, length, position);
                code += 1;
                position += 1;
            }
            if code > 1 << length {
                return Err(Refused::Incomplete);
            }
            self.ends[level] = code << (16 - length);
            code <<= 1;
        }
        Ok(())
    }

    /// Has the symbol at `position` found by all bits that begin with its code, if that is short.
    fn shorten(&mut self, code: u32, length: u8, position: usize) {
        let Some(free) = SHORT.checked_sub(usize::from(length)) else { return };
        let first = (code as usize) << free;
        if let Some(entries) = self.short.get_mut(first..first + (1 << free)) {
            entries.fill((length, self.symbols[position]));
        }
    }

    /// The length of the code that `next` begins with, and its symbol.
    pub(super) fn look_up(&self, next: u16) -> Option<(u32, u8)> {
        let (length, symbol) = self.short[usize::from(next >> (16 - SHORT))];
        if length > 0 { Some((length.into(), symbol)) } else { self.look_up_long(next) }
    }

    fn look_up_long(&self, next: u16) -> Option<(u32, u8)> {
        let length = (SHORT + 1..=16).find(|length| u32::from(next) < self.ends[*length])?;
        let position = i32::from(next).checked_shr(16 - u32::try_from(length).ok()?)? + self.offsets[length];
        let symbol = self.symbols.get(usize::try_from(position).ok()?)?;
        Some((u32::try_from(length).ok()?, *symbol))
    }
}
