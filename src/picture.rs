//! A picture that somebody uploads: what kind of file it is, whether it may be decoded at all, and what is kept of it.
//!
//! A photo comes from whoever wants to pass, so nothing of its bytes is believed: the [`gate`] walks them before a pixel is
//! made, [`develop`](develop::develop) decodes what the gate let through and writes a picture of its own, and the [`pool`]
//! does both on threads of their own, within a budget. It knows bytes alone.

use thiserror::Error;

pub use self::develop::{LONG_SIDE, Picture, SIZE};
pub use self::kind::Kind;
pub use self::pool::{Fault, Pool};

mod budget;
pub mod develop;
pub mod gate;
pub mod kind;
mod pixels;
pub mod pool;

/// What is wrong with an upload, as far as whoever took it can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// It is a file of another kind.
    #[error("not a JPEG")]
    NotJpeg(Kind),
    /// A side is shorter than [`gate::SIDES`] allow.
    #[error("too small")]
    TooSmall,
    /// A side is longer, or it has more pixels, than are decoded.
    #[error("too large")]
    TooLarge,
    /// A JPEG as no camera and no browser writes it.
    #[error("not a photo")]
    NotAPhoto,
    /// It is cut, changed on its way, or not what its header says.
    #[error("incomplete")]
    Incomplete,
    /// It shows one colour: what a browser hands out whose canvas failed.
    #[error("one flat colour")]
    Flat,
}
