//! Uploads: which are photos, whether they came whole, and what is kept of them.

use std::ops::RangeInclusive;

use idv::picture::develop::develop;
use idv::picture::gate::{SIDES, admit};
use idv::picture::{Picture, Refused};

mod header;
mod kept;
mod pillow;
mod pool;
mod scans;
mod whole;

/// Sides of pictures that are no photos only because they are small: most of a test needs no more, and takes no time.
const ANY: RangeInclusive<u16> = 1..=12_000;

/// What is kept of `upload`, however small it is, or why nothing is.
fn developed(upload: &[u8]) -> Result<Picture, Refused> {
    develop(upload, admit(upload, &ANY)?)
}

/// Why the gate refuses `upload`, if it does.
fn refusal(upload: &[u8]) -> Option<Refused> {
    admit(upload, &SIDES).err()
}
