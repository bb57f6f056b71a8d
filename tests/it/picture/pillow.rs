//! The JPEGs with which others test their decoder: Pillow's, of the source archive that `tests/picture/install` brings.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use idv::picture::Refused;
use idv::picture::develop::develop;
use idv::picture::gate::admit;

use super::developed;
use crate::support::figure;

/// Nearly all are smaller than a photo.
const ANY: RangeInclusive<u16> = 1..=12_000;

/// Those that are refused. All others are taken.
const REFUSED: [(&str, Refused); 14] = [
    // Its description is shorter than it says, and what follows is read as markers.
    ("hopper_bad_exif.jpg", Refused::Incomplete),
    ("pil_sample_cmyk.jpg", Refused::NotAPhoto),
    ("truncated_jpeg.jpg", Refused::Incomplete),
    // It was cut to be kept.
    ("ultrahdr.jpg", Refused::Incomplete),
    // One colour, or a few pixels that are nearly one.
    ("broken_exif_dpi.jpg", Refused::Flat),
    ("empty_gps_ifd.jpg", Refused::Flat),
    ("exif_gps.jpg", Refused::Flat),
    ("icc-after-SOF.jpg", Refused::Flat),
    ("jfif_unit_cm.jpg", Refused::Flat),
    ("multiple_exif.jpg", Refused::Flat),
    ("orientation_rectangle.jpg", Refused::Flat),
    ("truncated_exif_dpi.jpg", Refused::Flat),
    ("xmp_no_prefix.jpg", Refused::Flat),
    ("xmp_padded.jpg", Refused::Flat),
];

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "jpg") {
            files.push(path);
        }
    }
}

#[test]
fn each_of_pillows_photos_has_the_verdict_that_is_right() {
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pillow/Tests/images");
    if !images.exists() {
        println!("skipped: Pillow's photos are not here (tests/picture/install)");
        return;
    }
    let mut files = Vec::new();
    collect(&images, &mut files);
    assert_eq!(files.len(), 56);
    let mut hoppers = Vec::new();
    for path in &files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let file = fs::read(path).unwrap();
        let result = admit(&file, &ANY).and_then(|admitted| develop(&file, admitted));
        let expected = REFUSED.iter().find(|(refused, _)| *refused == name).map(|(_, refused)| *refused);
        assert_eq!(result.as_ref().err().copied(), expected, "{name}");
        if name.starts_with("hopper_orientation_") {
            hoppers.push(result.unwrap().difference_hash);
        }
    }
    assert_eq!(hoppers.len(), 7);
    assert!(hoppers.iter().all(|hash| *hash == hoppers[0]), "orientations 2 to 8 are one picture: {hoppers:?}");
    let of_size = files.iter().filter(|path| developed(&fs::read(path).unwrap()).err() != Some(Refused::TooSmall));
    let of_size = of_size.count();
    figure::report(
        "picture-pillow",
        "the JPEGs of Pillow's tests as uploads",
        files.len(),
        format!("{} taken, {} refused, each as it should be", files.len() - REFUSED.len(), REFUSED.len()),
        format!("{of_size} are no smaller than a photo, or not known to be"),
    );
}
