//! Asking others by HTTP: in bounded time, through `HTTPS_PROXY` where there is one, names looked up without glibc.

use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use jiff::fmt::rfc2822;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error, Proxy, Timeout};

use super::finding::Finding;
use crate::ops::clock::Clock;
use crate::verification::time::Timestamp;

/// For a name to be resolved, and for a connection with its TLS to stand.
const CONNECT: Duration = Duration::from_secs(5);
/// For everything.
const TOTAL: Duration = Duration::from_secs(10);
/// How much of a body is read, in bytes; discovery documents have some 3 KiB.
const BODY_LIMIT: u64 = 256 * 1024;

/// What is needed to ask others.
pub(super) struct Network {
    agent: Agent,
    clock: Clock,
}

/// What another side answered.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: String,
    /// Its clock (RFC 9110 §6.6.1), if it told.
    pub(super) date: Option<Timestamp>,
    /// Our clock, just before and just after.
    pub(super) between: (Timestamp, Timestamp),
}

/// Why there was no answer.
pub(super) struct Unreached {
    pub(super) why: String,
    pub(super) remedy: &'static str,
}

impl Network {
    /// Trusts the authorities that this machine trusts: those in the file `SSL_CERT_FILE`, else the system's.
    pub(super) fn open(clock: Clock) -> Result<Self, Finding> {
        let trusted = rustls_native_certs::load_native_certs().certs;
        if trusted.is_empty() {
            let remedy = "install ca-certificates, or name a file of authorities in SSL_CERT_FILE";
            return Err(Finding::problem("network", "this machine trusts no certificate authority", remedy));
        }
        let names = Names::open().map_err(|error| {
            Finding::problem("network", format!("names cannot be looked up: {error}"), "mend /etc/resolv.conf")
        })?;
        let trusted: Vec<_> = trusted.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .root_certs(RootCerts::Specific(Arc::new(trusted)))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(Proxy::try_from_env())
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(TOTAL))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("idv-doctor/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: Agent::with_parts(config, DefaultConnector::default(), names), clock })
    }

    /// Which proxy is asked for `url`, in place of its host. Plain HTTP is of this machine alone, and needs none.
    pub(super) fn proxy(&self, url: &str) -> Option<String> {
        let url: Uri = url.parse().ok()?;
        let is_for = |proxy: &&Proxy| url.scheme_str() == Some("https") && !proxy.is_no_proxy(&url);
        let proxy = self.agent.config().proxy().filter(is_for)?;
        Some(format!("{}:{}", proxy.host(), proxy.port()))
    }

    /// What `GET url` is answered, whatever the status. Redirects are not followed.
    pub(super) fn fetch(&self, url: &str) -> Result<Reply, Unreached> {
        let request = match self.proxy(url) {
            Some(_) => self.agent.get(url),
            None => self.agent.get(url).config().proxy(None).build(),
        };
        let before = self.clock.now();
        let mut response = request.call().map_err(|error| unreached(&error))?;
        let after = self.clock.now();
        let date = response.headers().get("date").and_then(|date| instant(date.to_str().ok()?));
        let status = response.status().as_u16();
        let mut body = Vec::new();
        let read = response.body_mut().as_reader().take(BODY_LIMIT).read_to_end(&mut body);
        read.map_err(|error| unreached(&error.into()))?;
        Ok(Reply { status, body: String::from_utf8_lossy(&body).into_owned(), date, between: (before, after) })
    }
}

/// The instant that an HTTP date names.
fn instant(date: &str) -> Option<Timestamp> {
    let instant = rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    u64::try_from(instant.as_second()).ok().map(Timestamp::from_unix)
}

fn unreached(error: &Error) -> Unreached {
    let (why, remedy) = match error {
        Error::HostNotFound => {
            ("its name does not resolve".to_owned(), "mend its DNS record, or this machine's resolver")
        }
        Error::Timeout(Timeout::Resolve) => ("its name did not resolve in time".into(), "mend this machine's resolver"),
        Error::Timeout(_) => (
            format!("it did not answer in time ({error})"),
            "let this machine reach it: firewall, routing, or HTTPS_PROXY",
        ),
        Error::ConnectProxyFailed(why) => {
            (format!("the proxy refused: {why}"), "let the proxy reach it, or name it in NO_PROXY")
        }
        Error::Rustls(error) => of_tls(error),
        Error::Io(io) => match io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(error) => of_tls(error),
            None => (io.to_string(), "let this machine reach it: firewall, routing, or HTTPS_PROXY"),
        },
        error => (error.to_string(), "look at what answers there"),
    };
    Unreached { why, remedy }
}

fn of_tls(error: &rustls::Error) -> (String, &'static str) {
    let remedy = "serve a valid certificate with its full chain; a private authority goes into SSL_CERT_FILE";
    (format!("its TLS is not sound: {error}"), remedy)
}

/// Looks names up by this machine's resolver settings and hosts file, without glibc.
#[derive(Debug)]
struct Names {
    resolver: TokioResolver,
    runtime: tokio::runtime::Runtime,
}

impl Names {
    fn open() -> Result<Self, Box<dyn std::error::Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let resolver = runtime.block_on(async { TokioResolver::builder_tokio()?.build() })?;
        Ok(Self { resolver, runtime })
    }

    fn look_up(&self, host: &str, within: Duration) -> Result<Vec<IpAddr>, Error> {
        let host = host.trim_matches(['[', ']']);
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let found = self.runtime.block_on(async { tokio::time::timeout(within, self.resolver.lookup_ip(host)).await });
        match found {
            Err(_) => Err(Error::Timeout(Timeout::Resolve)),
            Ok(Err(_)) => Err(Error::HostNotFound),
            Ok(Ok(addresses)) => Ok(addresses.iter().collect()),
        }
    }
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, _: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().ok_or(Error::HostNotFound)?;
        let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(usual);
        let within = if timeout.after.is_not_happening() { CONNECT } else { CONNECT.min(*timeout.after) };
        let mut addresses = self.empty();
        // As many as ureq takes.
        for address in self.look_up(host, within)?.into_iter().take(16) {
            addresses.push(SocketAddr::new(address, port));
        }
        if addresses.is_empty() { Err(Error::HostNotFound) } else { Ok(addresses) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_http_are_read() {
        assert_eq!(instant("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Timestamp::from_unix(784_111_777)));
        assert_eq!(instant("yesterday"), None);
    }
}
