//! What the header is refused for, before anything is decoded.

use idv::picture::gate::{MEMORY, PIXELS, PIXELS_HELD, SIDES, admit};
use idv::picture::{Kind, Refused};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::refusal;
use crate::support::photo::{Rows, claiming, exif, frame, photo, scene, segment, with_segment};

/// Refused by what comes after the header: the scans hold less than it claims.
const BY_ITS_SCANS: Refused = Refused::Incomplete;

/// The same with bytes enough behind it for `pixels`.
fn with_room(file: &[u8], pixels: usize) -> Vec<u8> {
    [file, &vec![0; pixels / 256]].concat()
}

fn small() -> Vec<u8> {
    photo(640, 600, |_| {})
}

#[test]
fn other_kinds_of_files_are_told_by_their_names() {
    for (head, kind) in [
        (b"\0\0\0\x24ftypheic\0\0\0\0mif1heic".as_slice(), Kind::Heic),
        (b"\0\0\0\x1cftypavif\0\0\0\0", Kind::Heic),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Kind::Png),
        (b"RIFF\x24\0\0\0WEBPVP8 ", Kind::WebP),
        (b"%PDF-1.7\n", Kind::Pdf),
        (b"GIF89a", Kind::Gif),
        (b"\0\0\0\x18ftypmp42", Kind::Video),
        (b"<!doctype html>", Kind::Unknown),
        (b"", Kind::Unknown),
    ] {
        assert_eq!(refusal(head), Some(Refused::NotJpeg(kind)), "{head:?}");
    }
}

#[test]
fn sides_are_from_600_to_12000_pixels() {
    assert_eq!(refusal(&photo(600, 600, |_| {})), None);
    let file = with_room(&small(), 12_000 * 600);
    for (width, height, refused) in [
        (12_000, 600, BY_ITS_SCANS),
        (600, 12_000, BY_ITS_SCANS),
        (599, 600, Refused::TooSmall),
        (600, 599, Refused::TooSmall),
        (640, 0, Refused::TooSmall),
        (12_001, 600, Refused::TooLarge),
        (600, 12_001, Refused::TooLarge),
    ] {
        assert_eq!(refusal(&claiming(&file, width, height)), Some(refused), "{width} × {height}");
    }
}

#[test]
fn a_header_of_2_kb_that_claims_all_there_is_takes_no_memory() {
    let mut file = claiming(&small()[..2000], u16::MAX, u16::MAX);
    let mut refused = None;
    let taken = allocation_counter::measure(|| refused = refusal(&file)).bytes_max;
    assert_eq!(refused, Some(Refused::TooLarge));
    assert!(taken < 64 * 1024, "{taken} bytes");
    file = claiming(&file, 8000, 6000);
    let taken = allocation_counter::measure(|| refused = refusal(&file)).bytes_max;
    assert_eq!(refused, Some(Refused::NotAPhoto));
    assert!(taken < 64 * 1024, "{taken} bytes");
}

#[test]
fn a_photo_has_at_most_50_megapixels_and_half_of_that_where_the_decoder_holds_it_twice() {
    assert_eq!((8192 * 6400, 5120 * 5120), (PIXELS, PIXELS_HELD));
    let grey = Rows { width: 640, height: 600, has_colours: false };
    let held = with_room(&grey.written(|encoder| encoder.set_progressive(true)), PIXELS);
    assert_eq!(refusal(&claiming(&held, 5120, 5120)), Some(BY_ITS_SCANS));
    assert_eq!(refusal(&claiming(&held, 5120, 5121)), Some(Refused::TooLarge));

    let plain = with_room(&small(), PIXELS);
    assert_eq!(refusal(&claiming(&plain, 8192, 6400)), Some(BY_ITS_SCANS));
    assert_eq!(refusal(&claiming(&plain, 8192, 6401)), Some(Refused::TooLarge));
}

#[test]
fn colours_in_scans_apart_are_held_as_a_progressive_photo_is() {
    let apart = |width, height| {
        // Four samples of brightness across for one of colour: this encoder writes that apart.
        Rows { width, height, has_colours: true }.written(|encoder| encoder.set_sampling_factor(SamplingFactor::F_4_1))
    };
    assert_eq!(refusal(&apart(1200, 800)), None);
    let file = with_room(&apart(1200, 800), PIXELS);
    assert_eq!(refusal(&claiming(&file, 5120, 5120)), Some(BY_ITS_SCANS));
    assert_eq!(refusal(&claiming(&file, 8192, 6400)), Some(Refused::TooLarge));
}

#[test]
fn what_would_take_more_memory_than_there_is_for_pictures_is_too_large() {
    // Held twice, in full colours: 9 bytes a pixel.
    let file = photo(640, 600, |encoder| {
        encoder.set_progressive(true);
        encoder.set_sampling_factor(SamplingFactor::F_1_1);
    });
    let file = with_room(&file, PIXELS_HELD);
    let rows = |height: u16| usize::from(height) * 3 + usize::from(height + 8 * 8) * 6;
    let fits = |height: u16| rows(height) * 5120 + file.len() <= MEMORY;
    let height = (600..5120).rev().find(|height| fits(*height) && height % 8 == 0).unwrap();
    assert_eq!(refusal(&claiming(&file, 5120, height + 8)), Some(Refused::TooLarge));
    let mut file = claiming(&file, 5120, height);
    file.resize(MEMORY - rows(height) * 5120, 0);
    assert_eq!(refusal(&file), Some(BY_ITS_SCANS), "exactly as much as there is");
    file.push(0);
    assert_eq!(refusal(&file), Some(Refused::TooLarge), "a byte more");
}

#[test]
fn a_byte_stands_for_at_most_256_pixels() {
    let file = small();
    assert_eq!(640 * 600, 256 * 1500);
    assert_eq!(refusal(&file[..1499]), Some(Refused::NotAPhoto));
    assert_eq!(refusal(&file[..1500]), Some(Refused::Incomplete));
}

#[test]
fn a_photo_has_at_most_64_scans() {
    // The averages in one, and 63 empty coefficients in another, whose data is the same for each of them alone.
    let file = Rows { width: 640, height: 600, has_colours: false };
    let file = file.written(|encoder| encoder.set_progressive_scans(2));
    let at = file.windows(2).rposition(|pair| pair == [0xff, 0xda]).unwrap();
    let (before, scan) = (&file[..at], &file[at..file.len() - 2]);
    assert_eq!(scan[7..10], [1, 63, 0]);
    let of = |coefficient: u8| [&scan[..7], &[coefficient, coefficient], &scan[9..]].concat();
    let most = [before, &(1..64).flat_map(of).collect::<Vec<_>>(), &[0xff, 0xd9]].concat();
    assert_eq!(refusal(&most), None);
    let one_more = [before, &(1..65).flat_map(of).collect::<Vec<_>>(), &[0xff, 0xd9]].concat();
    assert_eq!(refusal(&one_more), Some(Refused::NotAPhoto));
}

#[test]
fn what_no_camera_writes_is_no_photo() {
    let file = small();
    let changed = |offset: usize, value: u8| {
        let mut file = file.clone();
        let at = frame(&file);
        file[at + offset] = value;
        file
    };
    assert_eq!(refusal(&changed(0, 12)), Some(Refused::NotAPhoto), "12 bits");
    assert_eq!(refusal(&changed(5, 2)), Some(Refused::NotAPhoto), "two components");
    assert_eq!(refusal(&changed(9, file[frame(&file) + 6])), Some(Refused::NotAPhoto), "two of one name");
    assert_eq!(refusal(&changed(10, 0x41)), Some(Refused::NotAPhoto), "more colour than brightness");
    for sampling in [0x12 + 0x30, 0x14, 0x24, 0x31, 0x44] {
        assert_eq!(refusal(&changed(7, sampling)), Some(Refused::NotAPhoto), "sampled as {sampling:02x}");
    }
    for marker in [0xc3, 0xc5, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xcf, 0xcc, 0xdc, 0xde, 0xdf] {
        let mut file = file.clone();
        let at = frame(&file) - 3;
        file[at] = marker;
        assert_eq!(refusal(&file), Some(Refused::NotAPhoto), "{marker:02x}");
    }
    let mut cmyk = Vec::new();
    let pixels = vec![100; 640 * 600 * 4];
    Encoder::new(&mut cmyk, 90).encode(&pixels, 640, 600, ColorType::Cmyk).unwrap();
    assert_eq!(refusal(&cmyk), Some(Refused::NotAPhoto), "CMYK");
}

#[test]
fn brightness_alone_and_tables_of_16_bits_are_photos() {
    let grey: Vec<_> = scene(640, 600).chunks_exact(3).map(|pixel| pixel[1]).collect();
    let mut file = Vec::new();
    Encoder::new(&mut file, 90).encode(&grey, 640, 600, ColorType::Luma).unwrap();
    let admitted = admit(&file, &SIDES).unwrap();
    assert!(!admitted.has_colours);

    let file = small();
    let at = segment(&file, 0xdb) - 4;
    let after = at + 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
    let wide: Vec<u8> = file[at + 5..after].iter().take(64).flat_map(|value| [0, *value]).collect();
    let table = [&[0xff, 0xdb, 0, 131, 0x10], wide.as_slice()].concat();
    let file = [&file[..at], &table, &file[at..]].concat();
    assert_eq!(refusal(&file), None);
}

#[test]
fn only_the_orientation_is_read_and_only_one_that_there_is() {
    let file = small();
    for (told, orientation) in [(0, 1), (1, 1), (6, 6), (8, 8), (9, 1), (0x0106, 1)] {
        let admitted = admit(&with_segment(&file, 0xe1, &exif(told)), &SIDES).unwrap();
        assert_eq!(admitted.orientation, orientation, "{told}");
        assert_eq!(*admitted.clean, *admit(&file, &SIDES).unwrap().clean);
    }
    let twice = with_segment(&with_segment(&file, 0xe1, &exif(3)), 0xe1, &exif(6));
    assert_eq!(admit(&twice, &SIDES).unwrap().orientation, 6, "the first");
}
