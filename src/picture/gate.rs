//! What may be decoded.

use zeroize::Zeroizing;

use super::Refused;

/// How long a side may be, in pixels.
pub const SIDES: std::ops::RangeInclusive<u16> = 600..=12_000;

/// An upload that may be decoded.
pub struct Admitted {
    /// What a decoder needs of it, and nothing else.
    pub clean: Zeroizing<Vec<u8>>,
    /// How it is to be turned: EXIF's tag 0x0112, 1 to 8.
    pub orientation: u8,
    /// What decoding takes, in bytes.
    pub memory: usize,
}

/// Walks an upload to its end, before any pixel is made of it.
pub fn admit(_bytes: &[u8]) -> Result<Admitted, Refused> {
    Err(Refused::Incomplete)
}
