//! Percent-encoding (RFC 3986 §2.1), undone strictly: what does not decode to text is refused, not repaired.

use std::borrow::Cow;

/// The text that `value` is; why not, where it is none.
pub fn decode(value: &str) -> Result<Cow<'_, str>, &'static str> {
    if !value.contains('%') {
        return Ok(Cow::Borrowed(value));
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' { escaped(&mut rest)? } else { byte });
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| "a parameter is not UTF-8")
}

fn escaped(rest: &mut impl Iterator<Item = u8>) -> Result<u8, &'static str> {
    let mut digit =
        || rest.next().and_then(|digit| char::from(digit).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
    match (digit(), digit()) {
        (Some(high), Some(low)) => Ok(high * 16 + low),
        _ => Err("a percent sign without its two digits"),
    }
}
