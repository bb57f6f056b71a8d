//! What a file is, by its first bytes.

/// A kind of file that people choose where a photo is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What is taken.
    Jpeg,
    /// HEIC or AVIF, what phones write where nothing asks them for JPEG.
    Heic,
    /// PNG, as screenshots are.
    Png,
    /// WebP.
    WebP,
    /// A PDF.
    Pdf,
    /// GIF.
    Gif,
    /// A film of any container.
    Video,
    /// Nothing of these.
    Unknown,
}

/// Brands of the ISO container that are still pictures (ISO 23008-12, AVIF 1.1).
const STILL: [&[u8; 4]; 12] =
    [b"avif", b"avis", b"heic", b"heim", b"heis", b"heix", b"hevc", b"hevm", b"hevs", b"hevx", b"mif1", b"msf1"];

impl Kind {
    /// The kind of file that begins with `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', ..] => Self::Png,
            [b'%', b'P', b'D', b'F', b'-', ..] => Self::Pdf,
            [b'G', b'I', b'F', b'8', ..] => Self::Gif,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::WebP,
            [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if is_still(brand) => Self::Heic,
            // MP4, QuickTime of any age, Matroska and WebM, AVI.
            [_, _, _, _, b'f', b't', b'y', b'p', ..]
            | [_, _, _, _, b'm', b'o', b'o', b'v', ..]
            | [_, _, _, _, b'm', b'd', b'a', b't', ..]
            | [0x1a, 0x45, 0xdf, 0xa3, ..]
            | [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => Self::Video,
            _ => Self::Unknown,
        }
    }
}

fn is_still(brand: &[u8]) -> bool {
    STILL.iter().any(|still| brand.starts_with(*still))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        let heads: [(&[u8], Kind); 18] = [
            (b"\xff\xd8\xff\xe0", Kind::Jpeg),
            (b"\x00\x00\x00\x24ftypheic\0\0\0\0mif1heic", Kind::Heic),
            (b"\x00\x00\x00\x18ftypmif1\0\0\0\0", Kind::Heic),
            (b"\x00\x00\x00\x1cftypavif\0\0\0\0", Kind::Heic),
            (b"\x89PNG\r\n\x1a\n", Kind::Png),
            (b"RIFF\x24\x00\x00\x00WEBPVP8 ", Kind::WebP),
            (b"%PDF-1.7\n", Kind::Pdf),
            (b"GIF89a", Kind::Gif),
            (b"GIF87a", Kind::Gif),
            (b"\x00\x00\x00\x18ftypmp42", Kind::Video),
            (b"\x00\x00\x00\x14ftypqt  ", Kind::Video),
            (b"\x00\x00\x00\x08mdat", Kind::Video),
            (b"\x1a\x45\xdf\xa3\x01", Kind::Video),
            (b"RIFF\x24\x00\x00\x00AVI LIST", Kind::Video),
            (b"RIFF\x24\x00\x00\x00WAVEfmt ", Kind::Unknown),
            (b"", Kind::Unknown),
            (b"\xff\xd8", Kind::Unknown),
            (b"<!doctype html>", Kind::Unknown),
        ];
        for (head, kind) in heads {
            assert_eq!(Kind::of(head), kind, "{head:?}");
        }
    }
}
