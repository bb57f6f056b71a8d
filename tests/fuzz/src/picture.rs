//! Uploads: what the gate makes of them, and what is kept.

use std::ops::RangeInclusive;

use idv::picture::develop::develop;
use idv::picture::gate::{Admitted, MEMORY, admit};
use idv::picture::{LONG_SIDE, SIZE};

/// Small ones too: they are found sooner, and take no time.
const SIDES: RangeInclusive<u16> = 1..=1024;

/// Any bytes as an upload: what is let through is no more than came, is let through again the same, and keeps to the limits.
pub(super) fn gate(data: &[u8]) {
    let Ok(admitted) = admit(data, &SIDES) else { return };
    assert!(admitted.clean.len() <= data.len());
    assert!(admitted.memory <= MEMORY);
    assert!(SIDES.contains(&admitted.width) && SIDES.contains(&admitted.height));
    assert!((1..=8).contains(&admitted.orientation));
    let again = admit(&admitted.clean, &SIDES);
    // What was left out may be why there were bytes enough for the pixels.
    let Some(again) = again.ok() else { return };
    assert_eq!((again.width, again.height, again.orientation), (admitted.width, admitted.height, 1));
    assert_eq!(*again.clean, *admitted.clean);
}

/// Any bytes that the gate lets through as a photo: what is kept is a photo of the same room, within its limits.
pub(super) fn upload(data: &[u8]) {
    let Ok(admitted) = admit(data, &SIDES) else { return };
    let Admitted { width, height, orientation, .. } = admitted;
    let Ok(picture) = develop(data, admitted) else { return };
    let upright = if orientation < 5 { (width, height) } else { (height, width) };
    assert_eq!((picture.width, picture.height), upright);
    assert!(picture.width.max(picture.height) <= LONG_SIDE && picture.jpeg.len() <= SIZE);
    let kept = admit(&picture.jpeg, &SIDES).expect("what is kept may be decoded");
    assert_eq!((kept.width, kept.height, kept.orientation), (picture.width, picture.height, 1));
}
