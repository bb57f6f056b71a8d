//! Where a provider may be asked: addresses that have one reading, on hosts that the configuration names.

use super::provider::Provider;

/// The longest address, in bytes.
const LENGTH_LIMIT: usize = 2048;

/// Whether `url` may be asked on behalf of `provider`: https, on one of its authorities, without a user part or a fragment.
/// A trial's own provider may be on this very machine by plain HTTP.
///
/// What different readers take apart differently is refused: anything but the characters of RFC 3986, an escape in the
/// host, upper case there. An internationalised name stands in its `xn--` form.
#[must_use]
pub fn is_allowed(url: &str, provider: &Provider) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_of_scheme = match scheme {
        "https" => true,
        "http" => provider.is_of_trial && matches!(host, "localhost" | "127.0.0.1"),
        _ => false,
    };
    // No authority of a configuration has https's own port.
    let authority = if port == Some("443") { host } else { authority };
    url.len() <= LENGTH_LIMIT
        && is_of_scheme
        && host.split('.').all(is_label)
        && port.is_none_or(is_port)
        && is_target(target)
        && provider.authorities.iter().any(|known| known == authority)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn is_port(port: &str) -> bool {
    port.starts_with(|first: char| matches!(first, '1'..='9')) && port.parse::<u16>().is_ok()
}

/// Path and query (RFC 3986 §3.3, §3.4): each escape is whole, and there is no fragment.
fn is_target(target: &str) -> bool {
    let is_escape =
        |rest: &[u8]| matches!(rest, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
    let bytes = target.as_bytes();
    bytes.iter().enumerate().all(|(index, byte)| match byte {
        b'%' => is_escape(&bytes[index + 1..]),
        _ => byte.is_ascii_alphanumeric() || b"-._~/?:@!$&'()*+,;=".contains(byte),
    })
}
