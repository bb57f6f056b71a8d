//! The bits of a scan, from one marker to the next.

use super::huffman::Table;
use crate::picture::Refused;

/// Reads bits, the highest first, with the zero left out that follows a byte of ones (T.81, F.1.2.3).
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits, from the highest on; zeros behind them.
    held: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, held: 0, count: 0 }
    }

    fn fill(&mut self) {
        while self.count <= 56 {
            let byte = match self.bytes.get(self.at..) {
                Some([0xff, 0, ..]) => {
                    self.at += 1;
                    0xff
                }
                Some([0xff, ..] | []) | None => return,
                Some([byte, ..]) => *byte,
            };
            self.at += 1;
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// Goes on by `count` bits, at most 32.
    ///
    /// # Errors
    /// [`Refused::Incomplete`] if there are fewer before the next marker.
    pub(super) fn skip(&mut self, count: u32) -> Result<(), Refused> {
        if self.count < count {
            self.fill();
        }
        self.count = self.count.checked_sub(count).ok_or(Refused::Incomplete)?;
        self.held <<= count;
        Ok(())
    }

    /// The next `count` bits, 1 to 16.
    pub(super) fn take(&mut self, count: u32) -> Result<u16, Refused> {
        if self.count < count {
            self.fill();
        }
        let taken = u16::try_from(self.held >> (64 - count)).expect("16 bits at most");
        self.skip(count)?;
        Ok(taken)
    }

    /// The symbol whose code of `table` is next.
    pub(super) fn symbol(&mut self, table: &Table) -> Result<u8, Refused> {
        if self.count < 16 {
            self.fill();
        }
        let [.., high, low] = (self.held >> 48).to_be_bytes();
        let (length, symbol) = table.look_up(u16::from_be_bytes([high, low])).ok_or(Refused::Incomplete)?;
        self.skip(length)?;
        Ok(symbol)
    }

    /// Passes the restart marker that must be here, the one whose number is `number` modulo 8.
    pub(super) fn restart(&mut self, number: usize) -> Result<(), Refused> {
        self.fill();
        let marker = 0xd0 + u8::try_from(number % 8).expect("less than 8");
        match self.bytes.get(self.at..) {
            Some([0xff, found, ..]) if self.count < 8 && *found == marker => {
                *self = Self::new(self.bytes, self.at + 2);
                Ok(())
            }
            _ => Err(Refused::Incomplete),
        }
    }

    /// Behind the last byte of which a bit was read.
    pub(super) fn end(self) -> usize {
        let mut at = self.at;
        for _ in 0..self.count / 8 {
            at -= if self.bytes[..at].ends_with(&[0xff, 0]) { 2 } else { 1 };
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stuffed_zero_is_no_bit_and_a_marker_is_the_end() {
        let bytes = [0b1010_0000, 0xff, 0x00, 0b0100_0000, 0xff, 0xd9];
        let mut bits = Bits::new(&bytes, 0);
        assert_eq!(bits.take(4), Ok(0b1010));
        assert_eq!(bits.take(16), Ok(0b0000_1111_1111_0100));
        assert_eq!(bits.take(4), Ok(0));
        assert_eq!(bits.take(1), Err(Refused::Incomplete));
    }

    #[test]
    fn the_end_is_behind_the_last_byte_that_was_begun() {
        let bytes = [0x80, 0xff, 0x00, 0xff, 0x00, 0x12, 0xff, 0xd9];
        for (read, end) in [(0, 0), (1, 1), (8, 1), (9, 3), (16, 3), (17, 5), (24, 5), (25, 6), (32, 6)] {
            let mut bits = Bits::new(&bytes, 0);
            assert_eq!(bits.skip(read), Ok(()));
            assert_eq!(bits.end(), end, "after {read} bits");
        }
        assert_eq!(Bits::new(&bytes, 0).skip(33), Err(Refused::Incomplete));
    }

    #[test]
    fn a_restart_is_the_one_that_is_due_and_right_behind_the_last_bits() {
        let bytes = [0x80, 0xff, 0xd1, 0x01];
        let mut bits = Bits::new(&bytes, 0);
        assert_eq!(bits.restart(1), Err(Refused::Incomplete), "a byte is left");
        assert_eq!(bits.skip(1), Ok(()));
        assert_eq!(bits.restart(0), Err(Refused::Incomplete), "another is due");
        assert_eq!(bits.restart(9), Ok(()));
        assert_eq!(bits.take(8), Ok(1));
        assert_eq!(bits.restart(2), Err(Refused::Incomplete), "there is none");
    }
}
