//! When a provider verified somebody, as it writes that.

use crate::verification::time::Timestamp;

/// The longest text: nanoseconds and an offset are in it.
const LENGTH_LIMIT: usize = 40;

/// The instant that `text` is: date and time by RFC 3339. The seconds may be left out (OpenID Identity Assurance Schema
/// Definition 1.0 §5.4.2), and without a zone it is UTC's. A date alone is none, nor what was before 1970.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let is_of_instants =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b'+' | b'T' | b't' | b'Z' | b'z');
    if text.len() > LENGTH_LIMIT || !text.bytes().all(is_of_instants) {
        return None;
    }
    let (_, time) = text.split_once(['T', 't'])?;
    let zone = if time.contains(['Z', 'z', '+', '-']) { "" } else { "Z" };
    let instant: jiff::Timestamp = format!("{text}{zone}").parse().ok()?;
    instant.try_into().ok()
}
