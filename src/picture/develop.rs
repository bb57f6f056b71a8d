//! From a photo to what is kept of it: decoded to the end, no larger than somebody needs to read it, upright, and written
//! anew, so that no byte of what was uploaded is kept, and nothing beside the picture.

use std::io::Cursor;

use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder};
use ring::digest::{SHA256, digest};
use zeroize::Zeroizing;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::Refused;
use super::gate::{Admitted, SIDES};
use super::pixels::Pixels;

/// The most that is kept of a picture, in pixels along its longer side.
pub const LONG_SIDE: u16 = 2200;
/// The most that a kept picture takes, in bytes.
pub const SIZE: usize = 2 * 1024 * 1024;
/// Qualities to write it at, the next where it takes more than [`SIZE`]. Noise fits at the last.
const QUALITIES: [u8; 5] = [85, 70, 50, 30, 10];

/// What is kept of an upload.
pub struct Picture {
    /// A JPEG of our own making.
    pub jpeg: Zeroizing<Vec<u8>>,
    /// In pixels.
    pub width: u16,
    /// In pixels.
    pub height: u16,
    /// SHA-256 of the bytes that were uploaded.
    pub upload_digest: [u8; 32],
    /// SHA-256 of `jpeg`.
    pub digest: [u8; 32],
    /// Pictures that look alike differ in few of its bits.
    pub difference_hash: u64,
}

/// What is kept of `upload`, of which the gate made `admitted`.
///
/// # Panics
/// Where the decoder does: it is somebody else's, and the file is a stranger's.
pub fn develop(upload: &[u8], admitted: Admitted) -> Result<Picture, Refused> {
    let orientation = admitted.orientation;
    let pixels = decode(&admitted)?;
    drop(admitted);
    let pixels = pixels.shrunk(LONG_SIDE.into()).upright(orientation);
    if pixels.is_flat() {
        return Err(Refused::Flat);
    }
    let (width, height) = (side(pixels.width), side(pixels.height));
    let jpeg = encode(&pixels, width, height)?;
    Ok(Picture {
        width,
        height,
        upload_digest: sha256(upload),
        digest: sha256(&jpeg),
        difference_hash: pixels.difference_hash(),
        jpeg,
    })
}

fn decode(admitted: &Admitted) -> Result<Pixels, Refused> {
    let (colours, channels) = if admitted.has_colours { (ColorSpace::RGB, 3) } else { (ColorSpace::Luma, 1) };
    let most = usize::from(*SIDES.end());
    let options = DecoderOptions::new_safe()
        .set_strict_mode(true)
        .set_use_unsafe(false)
        .set_max_width(most)
        .set_max_height(most)
        .jpeg_set_out_colorspace(colours);
    let (width, height) = (admitted.width.into(), admitted.height.into());
    let mut pixels = Pixels { bytes: vec![0; width * height * channels], width, height, channels };
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(admitted.clean.as_slice()), options);
    decoder.decode_into(&mut pixels.bytes).map_err(|_| Refused::Incomplete)?;
    Ok(pixels)
}

/// The best that fits, and [`Refused::TooLarge`] if nothing does.
fn encode(pixels: &Pixels, width: u16, height: u16) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let colours = if pixels.channels == 3 { ColorType::Rgb } else { ColorType::Luma };
    // As large as may be from the start: growing would leave what it held behind.
    let mut room = Zeroizing::new(vec![0; SIZE]);
    for quality in QUALITIES {
        let mut to = Cursor::new(room.as_mut_slice());
        let mut encoder = Encoder::new(&mut to, quality);
        encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
        if encoder.encode(&pixels.bytes, width, height, colours).is_ok() {
            let end = usize::try_from(to.position()).expect("within the room");
            return Ok(Zeroizing::new(room[..end].to_vec()));
        }
    }
    Err(Refused::TooLarge)
}

fn side(length: usize) -> u16 {
    u16::try_from(length).expect("no longer than LONG_SIDE")
}

/// SHA-256 of `bytes`.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
}
