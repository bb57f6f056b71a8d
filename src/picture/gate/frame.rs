//! What a frame's header claims (T.81, B.2.2), and what that would take.

use std::ops::RangeInclusive;

use super::scan::Scan;
use super::{MEMORY, PIXELS, PIXELS_HELD, PIXELS_PER_BYTE};
use crate::picture::{LONG_SIDE, Refused};

/// Bytes of a block that the decoder holds: 64 coefficients, or samples, of 16 bits.
const BLOCK: usize = 128;
/// What is made of the pixels, and turned: at most two pictures of what is kept, in three colours.
const KEPT: usize = 2 * 3 * LONG_SIDE as usize * LONG_SIDE as usize;

/// How the blocks of a frame are coded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Each whole: SOF0 and SOF1.
    Sequential,
    /// In several scans, coarse before fine: SOF2.
    Progressive,
}

/// A colour, or the brightness.
pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks of it in a unit, across and down.
    across: usize,
    down: usize,
}

pub(super) struct Frame {
    pub(super) coding: Coding,
    pub(super) width: u16,
    pub(super) height: u16,
    /// One, or three.
    pub(super) components: Vec<Component>,
    /// Whether the decoder keeps all blocks until it has seen the last scan.
    held: bool,
}

impl Frame {
    /// The frame that `content` describes.
    pub(super) fn read(coding: Coding, content: &[u8]) -> Result<Self, Refused> {
        let [bits, h1, h2, w1, w2, count, components @ ..] = content else { return Err(Refused::Incomplete) };
        if *bits != 8 || !matches!(count, 1 | 3) {
            return Err(Refused::NotAPhoto);
        }
        if components.len() != 3 * usize::from(*count) {
            return Err(Refused::Incomplete);
        }
        let components = components.chunks_exact(3).map(Component::read).collect::<Result<Vec<_>, _>>()?;
        let (width, height) = (u16::from_be_bytes([*w1, *w2]), u16::from_be_bytes([*h1, *h2]));
        let held = coding == Coding::Progressive;
        let frame = Self { coding, width, height, components, held };
        frame.check_components()?;
        Ok(frame)
    }

    /// Names are there once, and brightness is as fine as colour, or twice as fine in a direction, or four times across. Of
    /// others the decoder makes a wrong picture, and says nothing.
    fn check_components(&self) -> Result<(), Refused> {
        let is_known = match self.components.as_slice() {
            [first, others @ ..] => {
                matches!((first.across, first.down), (1 | 2 | 4, 1) | (1 | 2, 2))
                    && others.iter().all(|other| other.blocks() == 1)
            }
            [] => false,
        };
        let is_named =
            |position: usize| self.components[..position].iter().any(|other| other.id == self.components[position].id);
        if !is_known || (0..self.components.len()).any(is_named) { Err(Refused::NotAPhoto) } else { Ok(()) }
    }

    /// Whether it may be decoded, with its `sides`, of a file of `size` bytes.
    pub(super) fn check(&self, sides: &RangeInclusive<u16>, size: usize) -> Result<(), Refused> {
        let most = if self.held { PIXELS_HELD } else { PIXELS };
        if self.width.min(self.height) < *sides.start() {
            return Err(Refused::TooSmall);
        }
        if self.width.max(self.height) > *sides.end() || self.pixels() > most || self.memory(size) > MEMORY {
            return Err(Refused::TooLarge);
        }
        if self.pixels() > PIXELS_PER_BYTE * size {
            return Err(Refused::NotAPhoto);
        }
        Ok(())
    }

    /// A first scan of some components alone has the decoder hold the blocks of all.
    pub(super) fn hold_for(&mut self, scan: &Scan) {
        self.held |= scan.components.len() < self.components.len();
    }

    fn pixels(&self) -> usize {
        usize::from(self.width) * usize::from(self.height)
    }

    /// The most that developing it takes at once, in bytes: the clean copy of a file of `size` bytes, the pixels, and then
    /// first the blocks that the decoder holds, and when they are gone what is kept.
    pub(super) fn memory(&self, size: usize) -> usize {
        let (across, down) = self.units();
        let blocks: usize = self.components.iter().map(|component| across * down * component.blocks()).sum();
        let held = if self.held { blocks * BLOCK } else { 0 };
        size + self.pixels() * self.components.len() + held.max(KEPT)
    }

    /// Units of all components in a scan, across and down (T.81, A.2.3).
    fn units(&self) -> (usize, usize) {
        let first = &self.components[0];
        (usize::from(self.width).div_ceil(8 * first.across), usize::from(self.height).div_ceil(8 * first.down))
    }

    /// Units of a scan of all that are named by `positions`, and blocks of each component in one. Where there is one
    /// component, a unit is a block, and there are as many as the picture needs (T.81, A.2.2).
    pub(super) fn units_of(&self, positions: &[usize]) -> (usize, Vec<usize>) {
        let first = &self.components[0];
        if let [position] = positions {
            let component = &self.components[*position];
            let across = (usize::from(self.width) * component.across).div_ceil(8 * first.across);
            let down = (usize::from(self.height) * component.down).div_ceil(8 * first.down);
            return (across * down, vec![1]);
        }
        let (across, down) = self.units();
        (across * down, positions.iter().map(|position| self.components[*position].blocks()).collect())
    }
}

impl Component {
    fn read(bytes: &[u8]) -> Result<Self, Refused> {
        let (across, down) = (usize::from(bytes[1] >> 4), usize::from(bytes[1] & 0xf));
        if !matches!((across, down), (1..=4, 1..=4)) {
            return Err(Refused::Incomplete);
        }
        Ok(Self { id: bytes[0], across, down })
    }

    fn blocks(&self) -> usize {
        self.across * self.down
    }
}
