//! Uploads: which are photos, whether they came whole, and what is kept of them.

use idv::picture::develop::develop;
use idv::picture::gate::{SIDES, admit};
use idv::picture::{Picture, Refused};

mod header;
mod kept;
mod pillow;
mod pool;
mod whole;

/// What is kept of `upload`, or why nothing is.
fn developed(upload: &[u8]) -> Result<Picture, Refused> {
    develop(upload, admit(upload, &SIDES)?)
}

/// Why the gate refuses `upload`, if it does.
fn refusal(upload: &[u8]) -> Option<Refused> {
    admit(upload, &SIDES).err()
}
