//! What is kept of a photo: its picture, upright and no larger than somebody needs, and nothing else.

use std::ops::RangeInclusive;

use idv::picture::develop::develop;
use idv::picture::gate::{MEMORY, PIXELS, admit};
use idv::picture::{LONG_SIDE, Picture, Refused, SIZE};
use jpeg_encoder::SamplingFactor;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

use super::developed;
use crate::support::chance::Chance;
use crate::support::photo::{Rows, exif, photo, scene, with_segment, written};

const ANY: RangeInclusive<u16> = 1..=12_000;

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
        let picture = develop(&file, admit(&file, &ANY).unwrap()).unwrap();
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
        ((2200, 650), (2200, 650)),
        ((2201, 700), (2200, 700)),
        ((3000, 601), (2200, 441)),
        ((700, 2500), (616, 2200)),
        ((600, 600), (600, 600)),
    ] {
        let picture = developed(&photo(taken.0, taken.1, |_| {})).unwrap();
        assert_eq!((picture.width, picture.height), kept);
        assert!(picture.width.max(picture.height) <= LONG_SIDE);
    }
}

#[test]
fn a_smaller_picture_shows_the_same() {
    let picture = developed(&photo(2640, 720, |_| {})).unwrap();
    assert!(difference(&pixels(&picture.jpeg), &scene(2200, 600)) < 3.0);
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
    let first = hash(&photo(1200, 900, |_| {}));
    let smaller = hash(&photo(800, 600, |encoder| encoder.set_quality(40)));
    assert!((first ^ smaller).count_ones() <= 3);
    let mut other = scene(1200, 900);
    other.reverse();
    let other = hash(&written(&other, 1200, 900, |_| {}));
    assert!((first ^ other).count_ones() > 12);
}

#[test]
fn one_flat_colour_is_no_picture_and_a_deviation_of_4_is_one() {
    let of = |low: u8, high: u8| {
        // Rows of 16, so that they come back as they were.
        let pixels: Vec<_> =
            (0..640 * 640).flat_map(|at| [if at / 640 / 16 % 2 == 0 { low } else { high }; 3]).collect();
        written(&pixels, 640, 640, |encoder| {
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
    let mut chance = Chance::new(7);
    let noise: Vec<_> = (0..2200 * 2200 * 3 / 8 + 1).flat_map(|_| chance.next().to_le_bytes()).collect();
    let file = written(&noise[..2200 * 2200 * 3], 2200, 2200, |_| {});
    let picture = developed(&file).unwrap();
    assert!(picture.jpeg.len() <= SIZE);
    assert_eq!((picture.width, picture.height), (2200, 2200));
}

#[test]
fn every_way_of_an_encoder_shows_the_same() {
    let shown = |set_up: fn(&mut jpeg_encoder::Encoder<&mut Vec<u8>>)| {
        pixels(&developed(&photo(650, 610, set_up)).unwrap().jpeg)
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
        assert!(difference < 1.0, "{difference}");
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
        let picture = develop(&file, admit(&file, &ANY).unwrap()).unwrap();
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
fn developing_takes_the_memory_that_the_gate_says() {
    let large = Rows { width: 8000, height: 6000, has_colours: true };
    assert!(usize::from(large.width) * usize::from(large.height) <= PIXELS);
    let held = Rows { width: 5000, height: 4000, has_colours: true };
    for file in [large.written(|_| {}), held.written(|encoder| encoder.set_progressive(true))] {
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
        println!("{taken} bytes of {said}");
        assert!(taken <= said && said <= MEMORY, "{taken} bytes of {said}");
    }
}
