//! 128 random bits as text: in unpadded base64url, in its one spelling.

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
