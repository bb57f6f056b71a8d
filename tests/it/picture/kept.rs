//! What is kept of a photo: its picture, upright and no larger than somebody needs, and nothing else.

use idv::picture::develop::develop;
use idv::picture::gate::{MEMORY, admit};
use idv::picture::{LONG_SIDE, Picture, Refused, SIZE};
use jpeg_encoder::SamplingFactor;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

use super::{ANY, developed};
use crate::support::chance::Chance;
use crate::support::figure;
use crate::support::photo::{Rows, exif, frame, photo, scene, segment, with_segment, written};

fn pixels(jpeg: &[u8]) -> Vec<u8> {
    JpegDecoder::new(ZCursor::new(jpeg)).decode().unwrap()
}

/// The mean difference of two pictures' values.
fn difference(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let sum: u32 = one.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(*other))).sum();
    f64::from(sum) / f64::from(u32::try_from(one.len()).unwrap())
}

/// The value at `x` and `y` of what somebody sees, as the file has it whose EXIF says `orientation` (EXIF 2.32, table 6).
fn lying(upright: &[u8], width: usize, height: usize, orientation: u16) -> (Vec<u8>, usize, usize) {
    let (columns, rows) = if orientation < 5 { (width, height) } else { (height, width) };
    let mut file = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            // The 0th row and the 0th column are the visual …
            let (x, y) = match orientation {
                1 => (column, row),                          // top, left
                2 => (width - 1 - column, row),              // top, right
                3 => (width - 1 - column, height - 1 - row), // bottom, right
                4 => (column, height - 1 - row),             // bottom, left
                5 => (row, column),                          // left, top
                6 => (width - 1 - row, column),              // right, top
                7 => (width - 1 - row, height - 1 - column), // right, bottom
                _ => (row, height - 1 - column),             // left, bottom
            };
            file.extend_from_slice(&upright[(y * width + x) * 3..][..3]);
        }
    }
    (file, columns, rows)
}

#[test]
fn eight_orientations_are_one_picture() {
    let upright = scene(320, 240);
    let mut hash = None;
    for orientation in 1..=8 {
        let (lying, width, height) = lying(&upright, 320, 240, orientation);
        let file = written(&lying, u16::try_from(width).unwrap(), u16::try_from(height).unwrap(), |encoder| {
            encoder.set_quality(100);
            encoder.set_sampling_factor(SamplingFactor::F_1_1);
        });
        let file = with_segment(&file, 0xe1, &exif(orientation));
        let picture = developed(&file).unwrap();
        assert_eq!((picture.width, picture.height), (320, 240), "{orientation}");
        assert!(difference(&pixels(&picture.jpeg), &upright) < 3.0, "{orientation}");
        assert!((picture.difference_hash ^ *hash.get_or_insert(picture.difference_hash)).count_ones() <= 1);
    }
}

#[test]
fn nothing_that_a_camera_tells_is_kept() {
    let file = with_segment(&photo(640, 600, |_| {}), 0xe1, &exif(1));
    let file = with_segment(&file, 0xfe, b"LATITUDE-52.5163-N------");
    assert!(holds(&file, b"LATITUDE") && holds(&file, b"a-camera-co"));
    let picture = developed(&file).unwrap();
    for told in [b"LATITUDE".as_slice(), b"a-camera-co", b"Exif", b"\xff\xe1", b"\xff\xfe"] {
        assert!(!holds(&picture.jpeg, told), "{}", told.escape_ascii());
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn the_longer_side_is_2200_pixels_at_most_and_no_picture_becomes_larger() {
    for (taken, kept) in [
        ((2200, 100), (2200, 100)),
        ((2201, 100), (2200, 100)),
        ((2500, 100), (2200, 88)),
        ((100, 2500), (88, 2200)),
        ((60, 60), (60, 60)),
    ] {
        let picture = developed(&photo(taken.0, taken.1, |_| {})).unwrap();
        assert_eq!((picture.width, picture.height), kept);
        assert!(picture.width.max(picture.height) <= LONG_SIDE);
    }
}

#[test]
fn a_smaller_picture_shows_the_same() {
    let picture = developed(&photo(2640, 240, |_| {})).unwrap();
    assert!(difference(&pixels(&picture.jpeg), &scene(2200, 200)) < 5.0);
}

#[test]
fn digests_are_of_what_came_and_of_what_is_kept() {
    let file = photo(640, 600, |_| {});
    let picture = developed(&file).unwrap();
    let sha256 = |bytes: &[u8]| ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().to_vec();
    assert_eq!(picture.upload_digest.to_vec(), sha256(&file));
    assert_eq!(picture.digest.to_vec(), sha256(&picture.jpeg));
}

#[test]
fn pictures_that_look_alike_have_hashes_that_are_alike() {
    let hash = |file: &[u8]| developed(file).unwrap().difference_hash;
    let first = hash(&photo(400, 300, |_| {}));
    let smaller = hash(&photo(240, 180, |encoder| encoder.set_quality(40)));
    assert!((first ^ smaller).count_ones() <= 3);
    let mut other = scene(400, 300);
    other.reverse();
    let other = hash(&written(&other, 400, 300, |_| {}));
    assert!((first ^ other).count_ones() > 12);
}

#[test]
fn one_flat_colour_is_no_picture_and_a_deviation_of_4_is_one() {
    let of = |low: u8, high: u8| {
        // Rows of 16, so that they come back as they were.
        let pixels: Vec<_> = (0..64 * 64).flat_map(|at| [if at / 64 / 16 % 2 == 0 { low } else { high }; 3]).collect();
        written(&pixels, 64, 64, |encoder| {
            encoder.set_quality(100);
            encoder.set_sampling_factor(SamplingFactor::F_1_1);
        })
    };
    for (low, high) in [(0, 0), (255, 255), (100, 100), (0, 6), (100, 107)] {
        assert_eq!(developed(&of(low, high)).err(), Some(Refused::Flat), "{low} and {high}");
    }
    for (low, high) in [(100, 108), (0, 8), (0, 255)] {
        assert!(developed(&of(low, high)).is_ok(), "{low} and {high}");
    }
}

#[test]
fn noise_is_written_worse_until_it_fits() {
    let height = if figure::is_long() { 2200 } else { 900 };
    let mut chance = Chance::new(7);
    let noise: Vec<_> = (0..=2200 * usize::from(height) * 3 / 8).flat_map(|_| chance.next().to_le_bytes()).collect();
    let file = written(&noise[..2200 * usize::from(height) * 3], 2200, height, |encoder| encoder.set_quality(85));
    assert!(file.len() > SIZE);
    let picture = developed(&file).unwrap();
    assert!(picture.jpeg.len() <= SIZE);
    assert_eq!((picture.width, picture.height), (2200, height));
}

#[test]
fn every_way_of_an_encoder_shows_the_same() {
    let shown = |set_up: fn(&mut jpeg_encoder::Encoder<&mut Vec<u8>>)| {
        pixels(&developed(&photo(130, 122, set_up)).unwrap().jpeg)
    };
    let plain = shown(|_| {});
    for set_up in [
        (|encoder| encoder.set_progressive(true)) as fn(&mut jpeg_encoder::Encoder<&mut Vec<u8>>),
        |encoder| encoder.set_restart_interval(5),
        |encoder| encoder.set_optimized_huffman_tables(true),
        |encoder| encoder.set_sampling_factor(SamplingFactor::F_2_1),
        |encoder| encoder.set_sampling_factor(SamplingFactor::F_1_2),
        |encoder| encoder.set_sampling_factor(SamplingFactor::F_2_2),
        |encoder| encoder.set_sampling_factor(SamplingFactor::F_4_1),
    ] {
        let difference = difference(&plain, &shown(set_up));
        assert!(difference < 2.0, "{difference}");
    }
}

#[test]
fn how_brightness_alone_is_sampled_means_nothing() {
    let file = Rows { width: 130, height: 122, has_colours: false }.written(|_| {});
    let plain = developed(&file).unwrap();
    for sampling in [0x21, 0x12, 0x22, 0x41] {
        let mut file = file.clone();
        let at = frame(&file);
        file[at + 7] = sampling;
        assert_eq!(developed(&file).unwrap().digest, plain.digest, "{sampling:02x}");
    }
}

#[test]
fn libjpegs_ways_show_the_same_colours() {
    let seeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds/picture");
    for name in [
        "baseline",
        "baseline-422-rows",
        "baseline-444-restart",
        "progressive",
        "progressive-444-restart",
        "rgb",
        "two",
    ] {
        let file = std::fs::read(seeds.join(name)).unwrap();
        let picture = developed(&file).unwrap();
        let shown = pixels(&picture.jpeg);
        let mean = |colour| {
            let values: Vec<_> = shown.iter().skip(colour).step_by(3).map(|value| f64::from(*value)).collect();
            values.iter().sum::<f64>() / f64::from(u32::try_from(values.len()).unwrap())
        };
        // As libjpeg reads them.
        for (colour, expected) in [115.0, 111.9, 106.8].into_iter().enumerate() {
            assert!((mean(colour) - expected).abs() < 2.0, "{name}: {} of {colour}", mean(colour));
        }
    }
}

#[test]
fn what_adobes_marker_calls_red_green_and_blue_is_shown_as_that() {
    let seeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds/picture");
    let rgb = std::fs::read(seeds.join("rgb")).unwrap();
    let plain = developed(&rgb).unwrap();
    // By their names a decoder would know them too, and those are of brightness and colour.
    let mut renamed = rgb;
    let (frame, scan) = (frame(&renamed), segment(&renamed, 0xda));
    for (position, name) in [1, 2, 3].into_iter().enumerate() {
        renamed[frame + 6 + 3 * position] = name;
        renamed[scan + 1 + 2 * position] = name;
    }
    assert_eq!(developed(&renamed).unwrap().digest, plain.digest);
    // Of a picture of brightness and colour the marker says nothing.
    let file = photo(130, 122, |_| {});
    let marked = with_segment(&file, 0xee, b"Adobe\0\x64\0\0\0\0\x01");
    assert_eq!(developed(&marked).unwrap().digest, developed(&file).unwrap().digest);
}

#[test]
fn developing_takes_the_memory_that_the_gate_says() {
    // 48 megapixels, 20 that are held twice, and the least of which as much as possible is kept.
    let part = if figure::is_long() { 1 } else { 10 };
    let plain = Rows { width: 8000, height: 6000 / part, has_colours: true };
    let held = Rows { width: 5000, height: 4000 / part, has_colours: true };
    let kept = Rows { width: LONG_SIDE + 1, height: LONG_SIDE + 1, has_colours: true };
    let kept = with_segment(&kept.written(|_| {}), 0xe1, &exif(6));
    for file in [plain.written(|_| {}), held.written(|encoder| encoder.set_progressive(true)), kept] {
        let mut said = 0;
        let mut result = None;
        let taken = allocation_counter::measure(|| {
            let admitted = admit(&file, &ANY).unwrap();
            said = admitted.memory;
            result = Some(develop(&file, admitted));
        });
        let result: Result<Picture, Refused> = result.unwrap();
        assert_eq!(result.err(), None);
        let taken = usize::try_from(taken.bytes_max).unwrap();
        assert!(taken <= said && said <= MEMORY, "{taken} bytes of {said}");
    }
}
