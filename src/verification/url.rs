//! Where something is asked.

use std::fmt;
use std::net::Ipv6Addr;

use super::tenant::Host;

/// The longest URL, in bytes.
const LIMIT: usize = 2048;

/// A URL that has one reading: scheme, host, port, path and query (RFC 3986), the host in lower case, an internationalised
/// name in its `xn--` form. What different readers take apart differently is none: a name or password, a fragment, an
/// escape in the host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Url {
    is_https: bool,
    /// An IPv6 address without its brackets.
    host: String,
    port: u16,
    /// Path and query, with the first slash.
    target: String,
}

impl Url {
    /// The URL that `text` is, if it begins with `https://`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_with_loopback(text).filter(Self::is_https)
    }

    /// As [`parse`](Self::parse), or a URL that begins with `http://localhost` or `http://127.0.0.1`: for the trial's own
    /// provider, and for the doctor.
    #[must_use]
    pub fn parse_with_loopback(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://").filter(|_| text.len() <= LIMIT)?;
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = split(authority)?;
        let is_loopback = matches!(host, "localhost" | "127.0.0.1");
        let is_https = match scheme {
            "https" => true,
            "http" if is_loopback => false,
            _ => return None,
        };
        let is_host = is_loopback || host.parse::<Ipv6Addr>().is_ok() || Host::try_from(host.to_owned()).is_ok();
        let port = port.map_or(Some(if is_https { 443 } else { 80 }), |port| {
            port.parse().ok().filter(|_| !port.starts_with(['0', '+']))
        })?;
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        (is_host && is_target(&target)).then(|| Self { is_https, host: host.to_owned(), port, target })
    }

    /// Whether it is asked with TLS.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host: a name, or an address without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the scheme's where none was named.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Path and query.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Host, and port where it is not the scheme's, as in a `Host` header (RFC 9110 §7.2).
    #[must_use]
    pub fn authority(&self) -> String {
        let host = bracketed(&self.host);
        let usual = if self.is_https { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_https { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.target)
    }
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

/// `host` and `port` as the target of a CONNECT (RFC 9112 §3.2.3).
pub(crate) fn destination(host: &str, port: u16) -> String {
    format!("{}:{port}", bracketed(host))
}

fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

/// Host, without brackets, and port of an authority.
pub(crate) fn split(authority: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return match rest {
            "" => Some((host, None)),
            rest => Some((host, Some(rest.strip_prefix(':')?))),
        };
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((host, Some(port))),
        None => Some((authority, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_told_apart_into_what_is_asked_where() {
        for (text, host, port, target, authority) in [
            ("https://id.example", "id.example", 443, "/", "id.example"),
            ("https://id.example:443/a?b=c", "id.example", 443, "/a?b=c", "id.example"),
            ("https://id.example:8443?q", "id.example", 8443, "/?q", "id.example:8443"),
            ("https://localhost:1/x", "localhost", 1, "/x", "localhost:1"),
            ("https://[::1]/", "::1", 443, "/", "[::1]"),
            ("https://[fc00::1]:8443/", "fc00::1", 8443, "/", "[fc00::1]:8443"),
            ("https://10.0.0.1/", "10.0.0.1", 443, "/", "10.0.0.1"),
        ] {
            let url = Url::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((url.host(), url.port(), url.target()), (host, port, target), "{text}");
            assert_eq!((url.authority().as_str(), url.is_https()), (authority, true), "{text}");
            assert_eq!(url.to_string(), format!("https://{authority}{target}"));
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_no_url() {
        for text in [
            "",
            "https://",
            "id.example",
            "https:/id.example",
            "ftp://id.example/",
            "http://id.example/",
            "HTTPS://id.example/",
            "https://ID.example/",
            "https://name@id.example/",
            "https://name:word@id.example/",
            "https://id.example\\@other.example/",
            "https://id.example#fragment",
            "https://id.example/a#b",
            "https://id.example:/",
            "https://id.example:0/",
            "https://id.example:065/",
            "https://id.example:+65/",
            "https://id.example:65536/",
            "https://id.example:1:2/",
            "https://single/",
            "https://id.example./",
            "https://id..example/",
            "https://[::1/",
            "https://[::1]443/",
            "https://[id.example]:x/",
            "https://[127.0.0.1]:x/",
            "https://::1/",
            "https://id.example/a b",
            "https://id.example/%2",
            "https://id.example/[a]",
            "https://id.example/\r\nHost: x",
            "https://bücher.example/",
        ] {
            assert_eq!(Url::parse(text), None, "{text}");
        }
        let long = |length: usize| format!("https://id.example/{}", "a".repeat(length - 19));
        assert!(Url::parse(&long(LIMIT)).is_some() && Url::parse(&long(LIMIT + 1)).is_none());
    }

    #[test]
    fn plain_http_is_for_this_machine_and_for_who_says_so() {
        for text in ["http://localhost:8080/a", "http://127.0.0.1/"] {
            assert!(Url::parse(text).is_none());
            assert!(!Url::parse_with_loopback(text).unwrap().is_https());
        }
        for text in ["http://id.example/", "http://localhost.example/", "http://[::1]/", "http://127.0.0.2/"] {
            assert_eq!(Url::parse_with_loopback(text), None, "{text}");
        }
        assert_eq!(Url::parse_with_loopback("http://localhost/").unwrap().port(), 80);
    }
}
