//! The parameters behind an address.

use std::borrow::Cow;

use super::error::Refusal;
use crate::verification::percent;

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

/// Undoes percent-encoding.
fn decode(value: &str) -> Result<Cow<'_, str>, Refusal> {
    percent::decode(value).map_err(Refusal::Malformed)
}
