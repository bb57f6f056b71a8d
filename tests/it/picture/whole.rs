//! Whether a photo came whole: to the last block that its header claims, and no byte further.

use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use idv::picture::Refused;
use idv::picture::gate::{SIDES, admit};
use jpeg_encoder::SamplingFactor;
use proptest::prelude::*;

use super::{developed, refusal};
use crate::support::photo::{claiming, frame, photo, with_segment};

const ANY: RangeInclusive<u16> = 1..=12_000;
const END: [u8; 2] = [0xff, 0xd9];

/// The fuzzer's seeds that are whole: small photos of 52 × 37 pixels as libjpeg writes them, in every way that it does.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds/picture");
    let files = fs::read_dir(seeds).unwrap().map(|entry| entry.unwrap());
    let named = files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()));
    let whole: Vec<_> = named.filter(|(_, file)| admit(file, &ANY).is_ok()).collect();
    let names = whole.iter().map(|(name, _)| name.as_str());
    assert_eq!(names.filter(|name| name.starts_with("baseline")).count(), 3);
    assert_eq!(whole.iter().filter(|(name, _)| name.starts_with("progressive")).count(), 2);
    whole
}

#[test]
fn a_photo_cut_at_any_byte_is_refused_with_and_without_an_end_behind_it() {
    for (name, file) in seeds() {
        let whole = admit(&file, &ANY).unwrap().clean;
        for length in 3..whole.len() - 2 {
            let cut = &whole[..length];
            assert!(admit(cut, &ANY).is_err(), "{name} cut at {length}");
            assert!(admit(&[cut, &END].concat(), &ANY).is_err(), "{name} cut at {length} and ended");
        }
    }
}

#[test]
fn photos_of_a_phone_cut_at_every_tenth_are_incomplete() {
    for progressive in [false, true] {
        let file = photo(1200, 900, |encoder| encoder.set_progressive(progressive));
        assert_eq!(refusal(&file), None);
        for tenth in 1..10 {
            let cut = &file[..file.len() * tenth / 10];
            assert_eq!(refusal(cut), Some(Refused::Incomplete), "at {tenth}0%");
            assert_eq!(refusal(&[cut, &END].concat()), Some(Refused::Incomplete), "at {tenth}0%, ended");
        }
    }
}

#[test]
fn a_header_that_claims_more_than_the_scans_hold_is_refused() {
    let file = photo(1600, 1200, |_| {});
    let file = [file.as_slice(), &vec![0; 8000 * 6000 / 256]].concat();
    assert_eq!(refusal(&file), None);
    assert_eq!(refusal(&claiming(&file, 8000, 8000)), Some(Refused::TooLarge));
    for (width, height) in [(8000, 6000), (1617, 1200), (1600, 1217)] {
        let lie = claiming(&file, width, height);
        assert_eq!(refusal(&lie), Some(Refused::Incomplete), "{width} × {height}");
    }
    for (name, file) in seeds() {
        assert!(admit(&claiming(&file, 52, 37), &ANY).is_ok(), "{name}");
        for (width, height) in [(52, 49), (65, 37), (800, 600)] {
            let lie = claiming(&[file.as_slice(), &[0; 2000]].concat(), width, height);
            assert_eq!(admit(&lie, &ANY).err(), Some(Refused::Incomplete), "{name} as {width} × {height}");
        }
    }
}

#[test]
fn a_progressive_photo_without_its_last_scans_is_incomplete() {
    let (_, file) = seeds().into_iter().find(|(name, _)| name == "progressive").unwrap();
    let scans: Vec<_> = file.windows(2).enumerate().filter(|(_, pair)| **pair == [0xff, 0xda]).collect();
    assert!(scans.len() > 6);
    for (at, _) in &scans[1..] {
        let ended = [&file[..*at], &END].concat();
        assert_eq!(admit(&ended, &ANY).err(), Some(Refused::Incomplete), "ended at {at}");
    }
}

#[test]
fn what_follows_the_end_is_as_if_it_were_not_there() {
    let file = photo(640, 600, |_| {});
    let other = photo(800, 600, |_| {});
    let alone = admit(&file, &SIDES).unwrap();
    for junk in [
        b"PK\x03\x04\x14\0\0\0\0\0an archive".as_slice(),
        b"<!doctype html><script>alert(1)</script>",
        &[0; 4096],
        &other,
        &[0xff; 3],
    ] {
        let admitted = admit(&[file.as_slice(), junk].concat(), &SIDES).unwrap();
        assert_eq!((admitted.width, admitted.height), (640, 600));
        assert_eq!(*admitted.clean, *alone.clean);
    }
}

#[test]
fn ultra_hdr_is_its_first_picture() {
    // A photo that names its gain map (ISO 21496-1 and XMP) and where that lies (CIPA DC-007), and the map behind it.
    let gain_map = photo(320, 300, |_| {});
    let file = photo(640, 600, |_| {});
    let alone = developed(&file).unwrap();
    let file = with_segment(&file, 0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta hdrgm:Version='1.0'/>");
    let file = with_segment(&file, 0xe2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0");
    let file = with_segment(&file, 0xe2, b"MPF\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0");
    let both = developed(&[file, gain_map].concat()).unwrap();
    assert_eq!(both.digest, alone.digest);
    assert_ne!(both.upload_digest, alone.upload_digest);
}

#[test]
fn only_what_a_decoder_needs_is_passed_on() {
    let file = photo(640, 600, |_| {});
    let clean = admit(&file, &SIDES).unwrap().clean;
    let hidden = b"52.5163 N, 13.3777 E";
    let mut told = file.clone();
    for marker in [0xe0, 0xe1, 0xe2, 0xe5, 0xed, 0xee, 0xef, 0xfe, 0xf0] {
        told = with_segment(&told, marker, hidden);
    }
    // Between markers, before the end, and behind it.
    let at = frame(&told) - 4;
    let told = [&told[..at], hidden, &told[at..told.len() - 2], hidden, &END, hidden].concat();
    assert_eq!(*admit(&told, &SIDES).unwrap().clean, *clean);
    assert!(!clean.windows(4).any(|window| window == &hidden[..4] || window == b"JFIF"));
}

#[test]
fn restarts_are_counted() {
    for interval in [1, 7, 40, 1000] {
        for sampling in [SamplingFactor::F_1_1, SamplingFactor::F_2_2, SamplingFactor::F_4_1] {
            let file = photo(640, 600, |encoder| {
                encoder.set_restart_interval(interval);
                encoder.set_sampling_factor(sampling);
            });
            assert_eq!(refusal(&file), None, "every {interval} of {sampling:?}");
            let at = file.windows(2).rposition(|pair| matches!(pair, [0xff, 0xd0..=0xd7])).unwrap();
            let missing = [&file[..at], &file[at + 2..]].concat();
            assert_eq!(refusal(&missing), Some(Refused::Incomplete), "every {interval} of {sampling:?}, one missing");
        }
    }
}

#[test]
fn tables_that_no_code_fits_are_refused() {
    let file = photo(640, 600, |_| {});
    for (offset, value) in [(1, 3), (2, 255), (16, 255), (0, 0x20), (0, 0x04)] {
        let mut file = file.clone();
        let at = crate::support::photo::segment(&file, 0xc4);
        file[at + offset] = value;
        assert_eq!(refusal(&file), Some(Refused::Incomplete), "{value} at {offset}");
    }
}

proptest! {
    #[test]
    fn no_change_of_a_photo_passes_more_than_came(which in 0_usize..9, changes in prop::collection::vec((any::<u16>(), any::<u8>()), 1..4)) {
        let seeds = seeds();
        let (_, file) = &seeds[which % seeds.len()];
        let mut changed = file.clone();
        for (at, value) in changes {
            let length = changed.len();
            changed[usize::from(at) % length] = value;
        }
        if let Ok(admitted) = admit(&changed, &ANY) {
            prop_assert!(admitted.clean.len() <= changed.len());
            let again = admit(&admitted.clean, &ANY).unwrap();
            prop_assert_eq!(again.clean, admitted.clean);
        }
    }

    #[test]
    fn no_bytes_make_the_gate_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = admit(&bytes, &ANY);
        let _ = admit(&[&[0xff, 0xd8, 0xff], bytes.as_slice()].concat(), &ANY);
    }
}
