//! From a photo to what is kept of it.

use zeroize::Zeroizing;

use super::Refused;
use super::gate::Admitted;

/// The most that is kept of a picture, in pixels along its longer side.
pub const LONG_SIDE: u16 = 2200;
/// The most that a kept picture takes, in bytes.
pub const SIZE: usize = 2 * 1024 * 1024;

/// What is kept of an upload.
pub struct Picture {
    /// A JPEG of our own making, upright, without anything beside its pixels.
    pub jpeg: Zeroizing<Vec<u8>>,
    /// In pixels.
    pub width: u16,
    /// In pixels.
    pub height: u16,
    /// SHA-256 of the bytes that were uploaded.
    pub upload_digest: [u8; 32],
    /// SHA-256 of `jpeg`.
    pub digest: [u8; 32],
    /// Alike for pictures that look alike: count the bits that differ.
    pub difference_hash: u64,
}

/// Decodes what the gate let through.
pub fn develop(_upload: &[u8], _admitted: Admitted) -> Result<Picture, Refused> {
    Err(Refused::Incomplete)
}
