//! Names to addresses: by this machine's resolver settings and hosts file, without glibc, which a static binary cannot use.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::system_conf::read_system_conf;

use super::unreached::Unreached;

const SETTINGS: &str = "/etc/resolv.conf";
/// For one name server to answer, so that there is time for a second.
const PATIENCE: Duration = Duration::from_secs(2);
const ATTEMPTS: usize = 2;
/// Addresses of one name that are tried.
const ADDRESSES: usize = 8;

/// Looks names up. Clones share what was found.
#[derive(Clone)]
pub struct Names(TokioResolver);

impl Names {
    /// By `/etc/resolv.conf` and `/etc/hosts`. Names are whole: no search domain is put behind one. Where the first is not
    /// there or names no server, by the server of this machine (resolv.conf(5)).
    ///
    /// # Errors
    /// In words, if they cannot be read.
    pub fn of_machine() -> Result<Self, String> {
        if !fs::read(SETTINGS).is_ok_and(|settings| names_a_server(&settings)) {
            return Self::of_server((Ipv4Addr::LOCALHOST, 53).into());
        }
        let (config, options) = read_system_conf().map_err(|error| error.to_string())?;
        Self::by(ResolverConfig::from_name_servers(config.name_servers), options)
    }

    /// By the name server at `address` alone.
    ///
    /// # Errors
    /// In words.
    pub fn of_server(address: SocketAddr) -> Result<Self, String> {
        let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
        for connection in &mut connections {
            connection.port = address.port();
        }
        let server = NameServerConfig::new(address.ip(), true, connections);
        Self::by(ResolverConfig::from_name_servers(vec![server]), ResolverOpts::default())
    }

    fn by(config: ResolverConfig, mut options: ResolverOpts) -> Result<Self, String> {
        options.timeout = options.timeout.min(PATIENCE);
        options.attempts = options.attempts.min(ATTEMPTS);
        // Where IPv6 is there and leads nowhere, time is left for it alone.
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        builder.with_options(options).build().map(Self).map_err(|error| error.to_string())
    }

    /// The addresses of `host`, at least one: itself, if it is one.
    pub(super) async fn look_up(&self, host: &str) -> Result<Vec<IpAddr>, Unreached> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        match self.0.lookup_ip(host).await {
            Ok(found) => Some(found.iter().take(ADDRESSES).collect::<Vec<_>>())
                .filter(|found| !found.is_empty())
                .ok_or(Unreached::Unresolved),
            Err(NetError::Timeout) => Err(Unreached::ResolvedTooLate),
            Err(_) => Err(Unreached::Unresolved),
        }
    }
}

/// Whether a line of `settings` begins with `nameserver`.
fn names_a_server(settings: &[u8]) -> bool {
    settings.split(|b| *b == b'\n').any(|line| line.trim_ascii_start().starts_with(b"nameserver"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_line_that_names_a_server_does() {
        for settings in ["nameserver 10.0.0.1", "search example\n\tnameserver ::1\n"] {
            assert!(names_a_server(settings.as_bytes()), "{settings}");
        }
        for settings in ["", "# nameserver 10.0.0.1\n", "search nameserver\noptions edns0\n"] {
            assert!(!names_a_server(settings.as_bytes()), "{settings}");
        }
    }
}
