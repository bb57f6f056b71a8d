//! The parameters behind an address.

use std::borrow::Cow;

use super::error::Refusal;

/// The values of the parameters `names`, each of which must stand exactly once.
pub(super) fn parameters<'q, const N: usize>(query: &'q str, names: [&str; N]) -> Result<[Cow<'q, str>; N], Refusal> {
    let mut values = [const { None }; N];
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // A name has no second spelling that another reader sees and this one does not.
        let name = decode(name)?;
        let Some(index) = names.iter().position(|known| *known == name) else { continue };
        if values[index].replace(decode(value)?).is_some() {
            return Err(Refusal::Malformed("a parameter stands twice"));
        }
    }
    if values.iter().any(Option::is_none) {
        return Err(Refusal::Incomplete);
    }
    Ok(values.map(Option::unwrap_or_default))
}

/// Undoes percent-encoding. What does not decode to text is refused, not repaired.
fn decode(value: &str) -> Result<Cow<'_, str>, Refusal> {
    if !value.contains('%') {
        return Ok(Cow::Borrowed(value));
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' { escaped(&mut rest)? } else { byte });
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| Refusal::Malformed("a parameter is not UTF-8"))
}

fn escaped(rest: &mut impl Iterator<Item = u8>) -> Result<u8, Refusal> {
    let mut digit =
        || rest.next().and_then(|digit| char::from(digit).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
    match (digit(), digit()) {
        (Some(high), Some(low)) => Ok(high * 16 + low),
        _ => Err(Refusal::Malformed("a percent sign without its two digits")),
    }
}
