//! Names to addresses: by this machine's resolver settings and hosts file, without glibc, which a static binary cannot use.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::system_conf::read_system_conf;

use super::unreached::Unreached;

const SETTINGS: &str = "/etc/resolv.conf";
const HOSTS: &str = "/etc/hosts";
/// For one name server to answer, so that there is time for a second.
const PATIENCE: Duration = Duration::from_secs(2);
const ATTEMPTS: usize = 2;
/// Addresses of one name that are tried.
const ADDRESSES: usize = 8;

/// Looks names up. Clones share what was found.
#[derive(Clone)]
pub struct Names {
    resolver: TokioResolver,
    /// What `/etc/hosts` said.
    hosts: Arc<str>,
}

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
        // A name that is there is known without a word of a server, which would still be asked for its IPv6 address.
        options.use_hosts_file = ResolveHosts::Never;
        let hosts = fs::read(HOSTS).unwrap_or_default();
        let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        let resolver = builder.with_options(options).build().map_err(|error| error.to_string())?;
        Ok(Self { resolver, hosts: String::from_utf8_lossy(&hosts).into() })
    }

    /// The addresses of `host`, at least one: itself, if it is one.
    pub(super) async fn look_up(&self, host: &str) -> Result<Vec<IpAddr>, Unreached> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let known: Vec<_> = known(&self.hosts, host).take(ADDRESSES).collect();
        if !known.is_empty() {
            return Ok(known);
        }
        match self.resolver.lookup_ip(host).await {
            Ok(found) => Some(found.iter().take(ADDRESSES).collect::<Vec<_>>())
                .filter(|found| !found.is_empty())
                .ok_or(Unreached::Unresolved),
            Err(NetError::Timeout) => Err(Unreached::ResolvedTooLate),
            Err(_) => Err(Unreached::Unresolved),
        }
    }
}

/// The addresses that `hosts`, as hosts(5) has it, knows of `host`.
fn known(hosts: &str, host: &str) -> impl Iterator<Item = IpAddr> {
    hosts.lines().filter_map(move |line| {
        let mut words = line.split('#').next()?.split_ascii_whitespace();
        let address = words.next()?.parse().ok()?;
        words.any(|name| name.eq_ignore_ascii_case(host)).then_some(address)
    })
}

/// Whether a line of `settings` begins with `nameserver`.
fn names_a_server(settings: &[u8]) -> bool {
    settings.split(|b| *b == b'\n').any(|line| line.trim_ascii_start().starts_with(b"nameserver"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_file_knows_addresses_by_all_of_their_names() {
        let hosts = "127.0.0.1\tlocalhost\n# 10.0.0.9 id.example\n10.0.0.1 other.example Id.example # id.example\n\n\
                     fd00::1 id.example\nfe80::1%lo id.example\n10.0.0.2 #id.example\n10.0.0.3 xid.example id.example.\n";
        let known = |host| known(hosts, host).map(|address| address.to_string()).collect::<Vec<_>>();
        assert_eq!(known("id.example"), ["10.0.0.1", "fd00::1"]);
        assert_eq!(known("localhost"), ["127.0.0.1"]);
        for host in ["example", "10.0.0.1", "absent.example"] {
            assert!(known(host).is_empty(), "{host}");
        }
    }

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
