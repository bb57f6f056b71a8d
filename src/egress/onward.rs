//! The proxy that this machine's environment names: `HTTPS_PROXY`, and `NO_PROXY` for hosts that are reached without.

use std::fmt;

use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::verification::{percent, url};

/// A proxy for CONNECT. What it wants to know of us wipes itself, and is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Its host, a name or an address.
    pub(super) host: String,
    /// Its port.
    pub(super) port: u16,
    /// What it wants to know of us (RFC 7617), if anything.
    pub(super) authorization: Option<Zeroizing<String>>,
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
            Some(user) => Some(format!("Basic {}", BASE64.encode(percent::decode(user).ok()?.as_bytes())).into()),
            None => None,
        };
        (!host.is_empty() && host.bytes().all(is_host)).then(|| Self { host: host.to_owned(), port, authorization })
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
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

#[expect(clippy::disallowed_methods, reason = "this is the adapter for the proxy's variables")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(text: &str) -> Option<(String, u16, Option<String>)> {
        let as_text = |authorization: Zeroizing<String>| authorization.as_str().to_owned();
        Proxy::parse(text).map(|Proxy { host, port, authorization }| (host, port, authorization.map(as_text)))
    }

    #[test]
    fn what_a_proxy_wants_to_know_of_us_is_not_printed() {
        let onward = Onward::parse(Some("http://a:b%40c@proxy:1"), "").unwrap();
        let printed = format!("{onward:?}");
        assert!(printed.contains("proxy") && !printed.contains("YTpiQGM="), "{printed}");
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
            "http://a%+1@proxy:1",
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
