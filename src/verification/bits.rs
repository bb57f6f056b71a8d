//! 128 random bits as text: in unpadded base64url, in its one spelling; and what is named by them.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;

/// So many.
pub(super) type Bits = [u8; 16];

/// The length of their text in bytes.
pub(super) const TEXT_LENGTH: usize = 22;

/// Reads them as [`write()`] writes them; none if it is anything else.
pub(super) fn parse(text: &str) -> Option<Bits> {
    let mut bits = Bits::default();
    if text.len() != TEXT_LENGTH {
        return None;
    }
    BASE64URL_NOPAD.decode_mut(text.as_bytes(), &mut bits).ok()?;
    Some(bits)
}

pub(super) fn write(bits: &Bits, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0; TEXT_LENGTH];
    BASE64URL_NOPAD.encode_mut(bits, &mut text);
    f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
}

/// Declares a name of so many: made of random ones, read in its one spelling, and shown by no log.
macro_rules! named {
    ($(#[$of:meta])* pub struct $name:ident;) => {
        $(#[$of])*
        pub struct $name($crate::verification::bits::Bits);

        impl $name {
            /// The one that is made of `random` bits.
            #[must_use]
            pub const fn from_random(random: [u8; 16]) -> Self {
                Self(random)
            }

            /// Reads one as [`Display`](std::fmt::Display) writes it; none if it is anything else.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                $crate::verification::bits::parse(text).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::verification::bits::write(&self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

pub(super) use named;
