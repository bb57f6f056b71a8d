//! The URLs under which browsers reach us.

use std::fmt;

use super::reader::Findings;
use super::spelling;
use crate::verification::tenant::Host;

/// Scheme, host and port under which people reach the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    is_https: bool,
    authority: String,
}

impl PublicUrl {
    /// Whether browsers reach the service by HTTPS.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.is_https
    }

    /// Host, and port where it is not the scheme's: `iss` of the result tokens, `IDV_DOMAIN` of the Action.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The host alone.
    #[must_use]
    pub fn host(&self) -> &str {
        self.authority.rsplit_once(':').map_or(&self.authority, |(host, _)| host)
    }

    /// The URL that `text` is, which stands at `key` and is what `purpose` says.
    pub(super) fn of(text: &str, key: &str, purpose: &str, findings: &Findings<'_>) -> Option<Self> {
        let url = Self::parse(text);
        if url.is_none() {
            let spelling = spelling::of_url(text, |text| Self::parse(text).is_some());
            let remedy = spelling.unwrap_or_else(|| {
                "write https://HOST or https://HOST:PORT, without a path (http only for localhost)".into()
            });
            findings.add(key, format!("is not a URL that {purpose}"), remedy);
        }
        url
    }

    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        let is_loopback = matches!(host, "localhost" | "127.0.0.1");
        let is_https = match scheme {
            "https" => true,
            "http" if is_loopback => false,
            _ => return None,
        };
        let has_port = port.is_none_or(|port| !port.starts_with(['0', '+']) && port.parse::<u16>().is_ok());
        let has_host = is_loopback || Host::try_from(host.to_owned()).is_ok();
        let usual = if is_https { ":443" } else { ":80" };
        let authority = authority.strip_suffix(usual).unwrap_or(authority).to_owned();
        (has_port && has_host).then_some(Self { is_https, authority })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_https { "https" } else { "http" }, self.authority)
    }
}
