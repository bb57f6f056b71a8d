//! Photos, made here: a scene, as an encoder writes it, and what is done to its bytes.

use jpeg_encoder::{ColorType, Encoder, ImageBuffer, JpegColorType};

use super::chance::Chance;

/// Red, green and blue of something that looks like something: a slope of colours, a light card, a dark disc, lines and
/// noise.
pub(crate) fn scene(width: usize, height: usize) -> Vec<u8> {
    let mut chance = Chance::new(19);
    let mut noise = chance.next();
    let mut pixels = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (x * 256 / width, y * 256 / height);
            let distance = u.abs_diff(180).pow(2) + v.abs_diff(170).pow(2);
            let [red, green, blue] = match () {
                () if distance < 60 * 60 => [60, 34, 24],
                () if (40..140).contains(&u) && (50..130).contains(&v) && v % 16 < 3 => [24, 24, 32],
                () if (40..140).contains(&u) && (50..130).contains(&v) => [236, 230, 216],
                () => [u * 7 / 8, v * 7 / 8, (u + v) * 7 / 16],
            };
            noise = noise.rotate_left(7).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (noise >> 31);
            let grain = usize::try_from(noise & 7).unwrap();
            pixels.extend([red, green, blue].map(|value| u8::try_from(value + grain).unwrap()));
        }
    }
    pixels
}

/// The scene as a file, by an encoder that was set up so.
pub(crate) fn photo(width: u16, height: u16, set_up: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    written(&scene(width.into(), height.into()), width, height, set_up)
}

/// Those pixels as a file, of quality 90.
pub(crate) fn written(
    pixels: &[u8],
    width: u16,
    height: u16,
    set_up: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    set_up(&mut encoder);
    encoder.encode(pixels, width, height, ColorType::Rgb).unwrap();
    file
}

/// A picture of any size whose pixels are made row by row: no room is needed for all of them.
pub(crate) struct Rows {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) has_colours: bool,
}

impl ImageBuffer for Rows {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        if self.has_colours { JpegColorType::Ycbcr } else { JpegColorType::Luma }
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let value = u8::try_from(y / 64 % 256).unwrap();
        let values: &[u8] = if self.has_colours { &[value, 128, 128] } else { &[value] };
        for (buffer, value) in buffers.iter_mut().zip(values) {
            buffer.resize(buffer.len() + usize::from(self.width), *value);
        }
    }
}

impl Rows {
    /// As a file.
    pub(crate) fn written(self, set_up: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 50);
        set_up(&mut encoder);
        encoder.encode_image(self).unwrap();
        file
    }
}

/// Where the content begins of the first segment of `marker`.
pub(crate) fn segment(file: &[u8], marker: u8) -> usize {
    let mut at = 2;
    while file[at + 1] != marker {
        at += 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
    }
    at + 4
}

/// Where the frame's header begins: its bits, then its height and width.
pub(crate) fn frame(file: &[u8]) -> usize {
    let at = file.windows(2).position(|pair| matches!(pair, [0xff, 0xc0..=0xc2])).unwrap();
    segment(file, file[at + 1])
}

/// The same file with a header that claims another size.
pub(crate) fn claiming(file: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut file = file.to_vec();
    let at = frame(&file);
    file[at + 1..at + 3].copy_from_slice(&height.to_be_bytes());
    file[at + 3..at + 5].copy_from_slice(&width.to_be_bytes());
    file
}

/// The same file with a segment of `marker` put in front.
pub(crate) fn with_segment(file: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&file[..2], &[0xff, marker], &length, content, &file[2..]].concat()
}

/// EXIF as a camera writes it: how it was held, its maker, and where that was.
pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let [high, low] = orientation.to_be_bytes();
    [
        b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x03".as_slice(),
        &entry(0x010f, 2, 12, [0, 0, 0, 50]),
        &entry(0x0112, 3, 1, [high, low, 0, 0]),
        &entry(0x8825, 4, 1, [0, 0, 0, 62]),
        &[0; 4],
        b"a-camera-co\0",
        b"\0\x01",
        &entry(0x0002, 5, 3, [0, 0, 0, 80]),
        &[0; 4],
        b"LATITUDE-52.5163-N------",
    ]
    .concat()
}
