//! How a camera was held: the one thing of EXIF that is read.

/// The tag of Orientation (EXIF 2.32, 4.6.4 A).
const ORIENTATION: u16 = 0x0112;
/// A number of 16 bits.
const SHORT: u16 = 3;

/// The orientation that the content of an APP1 segment names, 1 to 8.
pub(super) fn read(content: &[u8]) -> Option<u8> {
    let tiff = content.strip_prefix(b"Exif\0\0")?;
    let number: fn([u8; 2]) -> u16 = match tiff {
        [b'I', b'I', 42, 0, ..] => u16::from_le_bytes,
        [b'M', b'M', 0, 42, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let at = |offset: usize| Some(number(*tiff.get(offset..)?.first_chunk()?));
    let [low, high] = if tiff[0] == b'I' { [4, 6] } else { [6, 4] };
    let directory = usize::from(at(high)?) << 16 | usize::from(at(low)?);
    let entries = usize::from(at(directory)?);
    let entry = (0..entries).map(|n| directory + 2 + 12 * n).find(|entry| at(*entry) == Some(ORIENTATION))?;
    if at(entry + 2)? != SHORT {
        return None;
    }
    u8::try_from(at(entry + 8)?).ok().filter(|orientation| (1..=8).contains(orientation))
}
