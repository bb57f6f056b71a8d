//! Whether a scan holds what it claims to: its codes are read and its blocks counted, with nothing made of them.
//!
//! T.81: F.2 for blocks that are whole, G.1.2 and G.2 for those that come in several scans.

use super::bits::Bits;
use super::frame::{Coding, Frame};
use super::huffman::Table;
use crate::picture::Refused;

/// A coefficient that no scan had yet.
const UNSEEN: u8 = u8::MAX;

/// What a scan's header says (T.81, B.2.3).
pub(super) struct Scan {
    pub(super) components: Vec<Part>,
    /// Coefficients from and to.
    first: u8,
    last: u8,
    /// The lowest bit that earlier scans had, and that this one has.
    high: u8,
    low: u8,
}

/// A component in a scan: its position in the frame, and its tables.
pub(super) struct Part {
    position: usize,
    dc: usize,
    ac: usize,
}

/// What the scans of a frame had until here, and the tables for the next.
#[derive(Default)]
pub(super) struct Scans {
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
    /// Units between two restarts; 0 for none.
    interval: usize,
    /// By component and coefficient: the lowest bit that was seen.
    seen: Vec<[u8; 64]>,
    /// By component and block, where a picture is progressive: a bit for each coefficient that is not zero.
    history: Vec<Vec<u64>>,
}

impl Scan {
    /// The scan that `content` describes.
    pub(super) fn read(frame: &Frame, content: &[u8]) -> Result<Self, Refused> {
        let [count, rest @ .., first, last, bits] = content else { return Err(Refused::Incomplete) };
        if !(1..=frame.components.len()).contains(&usize::from(*count)) || rest.len() != 2 * usize::from(*count) {
            return Err(Refused::Incomplete);
        }
        let parts = rest.chunks_exact(2).map(|part| Part::read(frame, part[0], part[1]));
        let components = parts.collect::<Result<Vec<_>, _>>()?;
        let scan = Self { components, first: *first, last: *last, high: bits >> 4, low: bits & 0xf };
        let is_sound = match (frame.coding, scan.first) {
            // A sequential scan has no choice; some encoders write zeros.
            (Coding::Sequential, _) => true,
            (Coding::Progressive, 0) => scan.last == 0,
            (Coding::Progressive, first) => (first..64).contains(&scan.last) && scan.components.len() == 1,
        };
        if is_sound { Ok(scan) } else { Err(Refused::Incomplete) }
    }
}

impl Part {
    fn read(frame: &Frame, id: u8, tables: u8) -> Result<Self, Refused> {
        let position = frame.components.iter().position(|component| component.id == id);
        let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 0xf));
        Ok(Self { position: position.ok_or(Refused::Incomplete)?, dc, ac })
    }
}

impl Scans {
    /// Has seen nothing of `frame` yet.
    pub(super) fn begin(&mut self, frame: &Frame) {
        self.seen = vec![[UNSEEN; 64]; frame.components.len()];
        self.history = vec![Vec::new(); frame.components.len()];
    }

    /// Reads the tables of a DHT segment.
    pub(super) fn define_tables(&mut self, mut content: &[u8]) -> Result<(), Refused> {
        while let [target, rest @ ..] = content {
            let (table, rest) = Table::read(rest)?;
            let tables = match target >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(Refused::Incomplete),
            };
            *tables.get_mut(usize::from(target & 0xf)).ok_or(Refused::Incomplete)? = Some(table);
            content = rest;
        }
        Ok(())
    }

    /// Reads a DRI segment.
    pub(super) fn set_interval(&mut self, content: &[u8]) -> Result<(), Refused> {
        let interval = <[u8; 2]>::try_from(content).map_err(|_| Refused::Incomplete)?;
        self.interval = u16::from_be_bytes(interval).into();
        Ok(())
    }

    /// Whether every coefficient of every component came, to its lowest bit.
    pub(super) fn are_complete(&self) -> bool {
        self.seen.iter().flatten().all(|low| *low == 0)
    }

    /// Where the data ends of `scan`, which begins at `at` in `upload`.
    pub(super) fn walk(&mut self, frame: &Frame, scan: &Scan, upload: &[u8], at: usize) -> Result<usize, Refused> {
        self.note(frame, scan)?;
        let positions: Vec<_> = scan.components.iter().map(|part| part.position).collect();
        let (units, blocks) = frame.units_of(&positions);
        let history = self.history.get_mut(positions[0]).ok_or(Refused::Incomplete)?;
        if frame.coding == Coding::Progressive && scan.first > 0 {
            history.resize(units, 0);
        }
        let mut blocks_of_unit = Vec::new();
        for (part, count) in scan.components.iter().zip(blocks) {
            let (dc, ac) = (self.dc.get(part.dc), self.ac.get(part.ac));
            let tables = Tables { dc: dc.and_then(Option::as_ref), ac: ac.and_then(Option::as_ref) };
            blocks_of_unit.extend(std::iter::repeat_n(tables, count));
        }
        let mut reader = Reader { bits: Bits::new(upload, at), coding: frame.coding, scan, run: 0 };
        for unit in 0..units {
            // Nothing is a multiple of 0, which stands for none.
            if unit > 0 && unit.is_multiple_of(self.interval) {
                reader.restart(unit / self.interval - 1)?;
            }
            for tables in &blocks_of_unit {
                reader.block(tables, history.get_mut(unit))?;
            }
        }
        Ok(reader.bits.end())
    }

    /// Notes which coefficients come, and to which bit: each once, coarse before fine, the average before the rest.
    fn note(&mut self, frame: &Frame, scan: &Scan) -> Result<(), Refused> {
        let is_progressive = frame.coding == Coding::Progressive;
        let (range, before, now) = match is_progressive {
            false => (0..=63, UNSEEN, 0),
            true if scan.high == 0 => (scan.first..=scan.last, UNSEEN, scan.low),
            true if scan.high == scan.low + 1 => (scan.first..=scan.last, scan.high, scan.low),
            true => return Err(Refused::Incomplete),
        };
        for part in &scan.components {
            let seen = &mut self.seen[part.position];
            if is_progressive && scan.first > 0 && seen[0] == UNSEEN {
                return Err(Refused::Incomplete);
            }
            for coefficient in range.clone() {
                let low = &mut seen[usize::from(coefficient)];
                if *low != before {
                    return Err(Refused::Incomplete);
                }
                *low = now;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Tables<'a> {
    dc: Option<&'a Table>,
    ac: Option<&'a Table>,
}

struct Reader<'a> {
    bits: Bits<'a>,
    coding: Coding,
    scan: &'a Scan,
    /// Blocks that end where they begin, and are not written.
    run: u16,
}

impl Reader<'_> {
    fn restart(&mut self, number: usize) -> Result<(), Refused> {
        self.run = 0;
        self.bits.restart(number)
    }

    fn block(&mut self, tables: &Tables, history: Option<&mut u64>) -> Result<(), Refused> {
        let dc = || tables.dc.ok_or(Refused::Incomplete);
        let ac = || tables.ac.ok_or(Refused::Incomplete);
        match (self.coding, self.scan.first, self.scan.high) {
            (Coding::Sequential, _, _) => {
                self.average(dc()?)?;
                self.rest(ac()?)
            }
            (Coding::Progressive, 0, 0) => self.average(dc()?),
            (Coding::Progressive, 0, _) => self.bits.skip(1),
            (Coding::Progressive, _, 0) => self.coarse(ac()?, history.ok_or(Refused::Incomplete)?),
            (Coding::Progressive, _, _) => self.fine(ac()?, history.ok_or(Refused::Incomplete)?),
        }
    }

    /// The first coefficient: how it differs from the last block's.
    fn average(&mut self, table: &Table) -> Result<(), Refused> {
        let size = self.bits.symbol(table)?;
        if size > 15 {
            return Err(Refused::Incomplete);
        }
        self.bits.skip(size.into())
    }

    /// The other 63 of a block that is whole.
    fn rest(&mut self, table: &Table) -> Result<(), Refused> {
        let mut next = 1;
        while next < 64 {
            let (zeros, size) = halves(self.bits.symbol(table)?);
            match (zeros, size) {
                (15, 0) => next += 16,
                (_, 0) => return Ok(()),
                _ => {
                    next += zeros + 1;
                    self.bits.skip(size)?;
                }
            }
        }
        if next == 64 { Ok(()) } else { Err(Refused::Incomplete) }
    }

    /// The upper bits of some coefficients.
    fn coarse(&mut self, table: &Table, history: &mut u64) -> Result<(), Refused> {
        if let Some(run) = self.run.checked_sub(1) {
            self.run = run;
            return Ok(());
        }
        let mut next = u32::from(self.scan.first);
        while next <= self.scan.last.into() {
            let (zeros, size) = halves(self.bits.symbol(table)?);
            match (zeros, size) {
                (15, 0) => next += 16,
                (_, 0) => {
                    self.run = self.run_of(zeros)?;
                    return Ok(());
                }
                _ => {
                    next += zeros;
                    if next > self.scan.last.into() {
                        return Err(Refused::Incomplete);
                    }
                    *history |= 1 << next;
                    next += 1;
                    self.bits.skip(size)?;
                }
            }
        }
        Ok(())
    }

    /// One more bit of some coefficients: of those that are not zero, and of those that no longer are.
    fn fine(&mut self, table: &Table, history: &mut u64) -> Result<(), Refused> {
        let mut next = u32::from(self.scan.first);
        if self.run == 0 {
            while next <= self.scan.last.into() {
                let (zeros, size) = halves(self.bits.symbol(table)?);
                match (zeros, size) {
                    (15, 0) => next = self.pass(next, 15, *history)? + 1,
                    (_, 0) => {
                        self.run = self.run_of(zeros)? + 1;
                        break;
                    }
                    (_, 1) => {
                        self.bits.skip(1)?;
                        next = self.pass(next, zeros, *history)?;
                        if next > self.scan.last.into() {
                            return Err(Refused::Incomplete);
                        }
                        *history |= 1 << next;
                        next += 1;
                    }
                    _ => return Err(Refused::Incomplete),
                }
            }
        }
        if let Some(run) = self.run.checked_sub(1) {
            self.run = run;
            self.pass(next, u32::MAX, *history)?;
        }
        Ok(())
    }

    /// The coefficient behind the next `zeros` that are zero, each that is not having its bit on the way.
    fn pass(&mut self, mut next: u32, mut zeros: u32, history: u64) -> Result<u32, Refused> {
        while next <= self.scan.last.into() {
            if history & (1 << next) != 0 {
                self.bits.skip(1)?;
            } else if zeros == 0 {
                break;
            } else {
                zeros -= 1;
            }
            next += 1;
        }
        Ok(next)
    }

    /// How many blocks after this one end where they begin.
    fn run_of(&mut self, size: u32) -> Result<u16, Refused> {
        Ok(if size == 0 { 0 } else { (1 << size) - 1 + self.bits.take(size)? })
    }
}

/// The two numbers of a symbol.
fn halves(symbol: u8) -> (u32, u32) {
    (u32::from(symbol >> 4), u32::from(symbol & 0xf))
}
