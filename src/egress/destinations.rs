//! Where the way out leads: what the configuration names, and nothing else.

use std::collections::HashSet;
use std::net::IpAddr;

use super::address::{self, Standing};
use crate::verification::url::Url;

/// Hosts and ports that may be reached, and which of the hosts may be on private addresses. Names are exact, in lower case.
#[derive(Clone, Debug, Default)]
pub struct Destinations {
    listed: HashSet<(String, u16)>,
    private: HashSet<String>,
    plain: HashSet<(String, u16)>,
}

impl Destinations {
    /// Those of a configuration: `listed` by host and port, of which those hosts that are among `private` too may have
    /// addresses of a private network. By TLS alone.
    pub fn new(
        listed: impl IntoIterator<Item = (String, u16)>,
        private: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let private = private.into_iter().map(Into::into).collect();
        Self { listed: listed.into_iter().collect(), private, plain: HashSet::new() }
    }

    /// The hosts and ports of `urls`, be they where they may; plain HTTP where a URL says so, which is then of this machine.
    /// For the doctor, whom an administrator runs, and for a trial's own model of a provider: no configuration makes the
    /// service one of these.
    pub fn anywhere<'u>(urls: impl IntoIterator<Item = &'u Url>) -> Self {
        let mut destinations = Self::default();
        for url in urls {
            let place = (url.host().to_owned(), url.port());
            if !url.is_https() {
                destinations.plain.insert(place.clone());
            }
            destinations.private.insert(place.0.clone());
            destinations.listed.insert(place);
        }
        destinations
    }

    /// Whether `host` may be reached at `port`.
    #[must_use]
    pub fn lists(&self, host: &str, port: u16) -> bool {
        self.listed.contains(&(host.to_owned(), port))
    }

    /// Whether it may be asked without TLS.
    #[must_use]
    pub fn lists_plain(&self, host: &str, port: u16) -> bool {
        self.plain.contains(&(host.to_owned(), port))
    }

    /// Whether `host` may be at `address`.
    #[must_use]
    pub fn allow(&self, host: &str, address: IpAddr) -> bool {
        match address::standing(address) {
            Standing::Internet => true,
            Standing::Private => self.private.contains(host),
            Standing::Never => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_listed_by_its_exact_name_and_port() {
        let destinations = Destinations::new([("id.example".to_owned(), 443)], [""; 0]);
        assert!(destinations.lists("id.example", 443));
        for (host, port) in [("id.example", 8443), ("a.id.example", 443), ("ID.example", 443), ("id.example.", 443)] {
            assert!(!destinations.lists(host, port), "{host}:{port}");
        }
        assert!(!destinations.lists_plain("id.example", 443));
    }

    #[test]
    fn a_private_address_is_for_a_host_that_may_have_one() {
        let listed = [("id.example".to_owned(), 443), ("keycloak.internal".to_owned(), 443)];
        let destinations = Destinations::new(listed, ["keycloak.internal"]);
        let allowed = |host, address: &str| destinations.allow(host, address.parse().unwrap());
        for address in ["10.0.0.1", "127.0.0.1", "::1", "fd00::1", "100.64.0.1", "::ffff:10.0.0.1"] {
            assert!(allowed("keycloak.internal", address) && !allowed("id.example", address), "{address}");
        }
        for address in ["169.254.169.254", "0.0.0.0", "fe80::1", "224.0.0.1"] {
            assert!(!allowed("keycloak.internal", address), "{address}");
        }
        assert!(allowed("id.example", "93.184.216.34"));
    }

    #[test]
    fn plain_http_is_for_the_very_port_of_a_url_that_says_so() {
        let urls =
            ["http://localhost:8080/x", "https://localhost:8443/"].map(|url| Url::parse_with_loopback(url).unwrap());
        let destinations = Destinations::anywhere(&urls);
        assert!(destinations.lists("localhost", 8080) && destinations.lists_plain("localhost", 8080));
        assert!(destinations.lists("localhost", 8443) && !destinations.lists_plain("localhost", 8443));
        assert!(!destinations.lists("localhost", 8081));
        assert!(destinations.allow("localhost", "127.0.0.1".parse().unwrap()));
    }
}
