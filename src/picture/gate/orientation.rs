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

#[cfg(test)]
mod tests {
    use super::*;

    /// EXIF with one entry, of either order.
    fn exif(is_little: bool, tag: u16, kind: u16, value: u16) -> Vec<u8> {
        let two = |number: u16| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let four = |number: u32| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let order = if is_little { b"II" } else { b"MM" };
        let entry = [two(tag).as_slice(), &two(kind), &four(1), &two(value), &two(0)].concat();
        [b"Exif\0\0".as_slice(), order, &two(42), &four(8), &two(1), &entry, &four(0)].concat()
    }

    #[test]
    fn orientations_are_read_in_both_orders_of_bytes() {
        for is_little in [false, true] {
            for orientation in 1..=8 {
                assert_eq!(read(&exif(is_little, 0x0112, 3, orientation.into())), Some(orientation));
            }
            for nonsense in [0, 9, 0x0101, 0xffff] {
                assert_eq!(read(&exif(is_little, 0x0112, 3, nonsense)), None);
            }
            assert_eq!(read(&exif(is_little, 0x0113, 3, 6)), None, "another tag");
            assert_eq!(read(&exif(is_little, 0x0112, 4, 6)), None, "another type");
        }
    }

    #[test]
    fn what_is_cut_or_leads_elsewhere_says_nothing() {
        let whole = exif(true, 0x0112, 3, 6);
        for length in 0..26 {
            assert_eq!(read(&whole[..length]), None, "cut at {length}");
        }
        for elsewhere in [[0xff; 4], [8, 0, 1, 0], [8, 0, 0, 1]] {
            let mut far = whole.clone();
            far[10..14].copy_from_slice(&elsewhere);
            assert_eq!(read(&far), None, "{elsewhere:?}");
        }
    }
}
