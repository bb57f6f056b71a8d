//! The proxy that this machine's environment names: `HTTPS_PROXY`, and `NO_PROXY` for hosts that are reached without.

use data_encoding::BASE64;

use super::url;

/// A proxy for CONNECT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its host, a name or an address.
    pub(super) host: String,
    /// Its port.
    pub(super) port: u16,
    /// What it wants to know of us (RFC 7617), if anything.
    pub(super) authorization: Option<String>,
}

/// Which proxy is asked for which host.
#[derive(Clone, Debug, Default)]
pub struct Onward {
    proxy: Option<Proxy>,
    without: Vec<String>,
}

impl Onward {
    /// As the environment says: `HTTPS_PROXY`, else `ALL_PROXY`, each in lower case too.
    ///
    /// # Errors
    /// In words, if a variable names a proxy that cannot be asked. To go without would be against what was said.
    pub fn of_environment() -> Result<Self, String> {
        let proxy = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].into_iter().find_map(variable);
        let without = ["NO_PROXY", "no_proxy"].into_iter().find_map(variable).unwrap_or_default();
        Self::parse(proxy.as_deref(), &without)
    }

    /// The proxy that `proxy` names, as `HTTPS_PROXY` does, but for hosts of `without`, which is as `NO_PROXY`.
    ///
    /// # Errors
    /// In words.
    pub fn parse(proxy: Option<&str>, without: &str) -> Result<Self, String> {
        let refused = "HTTPS_PROXY is not of the form http://HOST:PORT";
        let proxy = proxy.map(|text| Proxy::parse(text).ok_or(refused)).transpose()?;
        let without = without.split([',', ' ']).filter(|entry| !entry.is_empty()).map(str::to_ascii_lowercase);
        Ok(Self { proxy, without: without.collect() })
    }

    /// The proxy to ask for `host`, by its name: what it leads to is the proxy's to say.
    #[must_use]
    pub fn to(&self, host: &str) -> Option<&Proxy> {
        let is_without = self.without.iter().any(|entry| covers(entry, host));
        self.proxy.as_ref().filter(|_| !is_without)
    }
}

impl Proxy {
    fn parse(text: &str) -> Option<Self> {
        let rest = match text.split_once("://") {
            Some(("http", rest)) => rest,
            Some(_) => return None,
            None => text,
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let (user, place) = authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
        let (host, port) = url::split(place)?;
        let port = port.map_or(Some(80), |port| port.parse().ok().filter(|port| *port > 0))?;
        let is_host = |b: u8| b.is_ascii_alphanumeric() || b"-._:".contains(&b);
        let authorization = match user {
            Some(user) => Some(format!("Basic {}", BASE64.encode(&decoded(user)?))),
            None => None,
        };
        (!host.is_empty() && host.bytes().all(is_host)).then(|| Self { host: host.to_owned(), port, authorization })
    }
}

/// Whether an entry of `NO_PROXY` is for `host`: `*` for all, `.example` and `*.example` for what is below, else the host and
/// what is below, as curl has it.
fn covers(entry: &str, host: &str) -> bool {
    match entry.strip_prefix('*').unwrap_or(entry) {
        "" => entry == "*",
        suffix if suffix.starts_with('.') => host.ends_with(suffix),
        name => host.strip_suffix(name).is_some_and(|above| above.is_empty() || above.ends_with('.')),
    }
}

/// `user:password` with its `%xx` read.
fn decoded(user: &str) -> Option<Vec<u8>> {
    let (mut decoded, mut rest) = (Vec::new(), user.as_bytes());
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            decoded.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(after.get(..2)?).ok()?;
        decoded.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &after[2..];
    }
    Some(decoded)
}

#[expect(clippy::disallowed_methods, reason = "this is the adapter for the proxy's variables")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(text: &str) -> Option<(String, u16, Option<String>)> {
        Proxy::parse(text).map(|Proxy { host, port, authorization }| (host, port, authorization))
    }

    #[test]
    fn a_proxy_is_named_by_host_and_port_and_who_asks_it() {
        let basic = Some("Basic YTpiQGM=".to_owned());
        for (text, expected) in [
            ("http://proxy.internal:3128", ("proxy.internal".to_owned(), 3128, None)),
            ("http://proxy.internal:3128/", ("proxy.internal".into(), 3128, None)),
            ("proxy:8080", ("proxy".into(), 8080, None)),
            ("http://10.0.0.1", ("10.0.0.1".into(), 80, None)),
            ("http://[::1]:3128", ("::1".into(), 3128, None)),
            ("http://a:b%40c@proxy:1", ("proxy".into(), 1, basic)),
        ] {
            assert_eq!(proxy(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "http://",
            "https://proxy:1",
            "socks5://proxy:1",
            "http://proxy:0",
            "http://proxy:x",
            "http://a%4@proxy:1",
            "a b:1",
        ] {
            assert_eq!(proxy(text), None, "{text}");
            assert!(Onward::parse(Some(text), "").is_err());
        }
    }

    #[test]
    fn a_host_of_no_proxy_is_reached_without() {
        let onward = Onward::parse(Some("proxy:1"), "localhost, .internal,*.Corp.example,10.0.0.1,a.example").unwrap();
        for host in
            ["localhost", "a.internal", "b.a.internal", "x.corp.example", "10.0.0.1", "a.example", "b.a.example"]
        {
            assert_eq!(onward.to(host), None, "{host}");
        }
        for host in
            ["internal", "corp.example", "xcorp.example", "localhost.example", "10.0.0.11", "id.example", "xa.example"]
        {
            assert!(onward.to(host).is_some(), "{host}");
        }
        assert_eq!(Onward::parse(Some("proxy:1"), "*").unwrap().to("id.example"), None);
        assert_eq!(Onward::parse(None, "").unwrap().to("id.example"), None);
    }
}
