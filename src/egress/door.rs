//! The door: looks a name up, refuses addresses that its host may not have, and connects to the very address that it judged.
//!
//! Nobody looks the name up once more in between, so a name that leads elsewhere the next time gains nothing.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::destinations::Destinations;
use super::names::Names;
use super::onward::{Onward, Proxy};
use super::tunnel;
use super::unreached::Unreached;

/// Opens connections to [`Destinations`]. Clones share it.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    destinations: Destinations,
    names: Names,
    onward: Onward,
}

impl Door {
    /// The door to `destinations`, by this machine's resolver and through the proxy that its environment names.
    ///
    /// # Errors
    /// In words, if either cannot be understood.
    pub fn open(destinations: Destinations) -> Result<Self, String> {
        Ok(Self::of(destinations, Names::of_machine()?, Onward::of_environment()?))
    }

    /// The door to `destinations` by `names` and `onward`.
    #[must_use]
    pub fn of(destinations: Destinations, names: Names, onward: Onward) -> Self {
        Self(Arc::new(Inner { destinations, names, onward }))
    }

    /// Where it leads.
    #[must_use]
    pub fn destinations(&self) -> &Destinations {
        &self.0.destinations
    }

    /// The proxy that is asked for `host`, as host and port.
    #[must_use]
    pub fn proxy(&self, host: &str) -> Option<(&str, u16)> {
        self.0.onward.to(host).map(|proxy| (proxy.host.as_str(), proxy.port))
    }

    /// A connection to `host` at `port`, which stands `within` that time.
    ///
    /// # Errors
    /// [`Unreached`], above all [`Unreached::NotListed`] and [`Unreached::Prohibited`].
    pub async fn connect(&self, host: &str, port: u16, within: Duration) -> Result<TcpStream, Unreached> {
        let Inner { destinations, names, onward } = &*self.0;
        if !destinations.lists(host, port) {
            return Err(Unreached::NotListed);
        }
        // Plain HTTP is of this machine alone, and needs no proxy.
        let is_plain = destinations.lists_plain(host, port);
        if let Some(proxy) = onward.to(host).filter(|_| !is_plain) {
            // An address is judged here; a name is looked up by the proxy.
            if host.parse().is_ok_and(|address| !destinations.allow(host, address)) {
                return Err(Unreached::Prohibited);
            }
            let through = through(proxy, names, host, port);
            return timeout(within, through).await.unwrap_or(Err(Unreached::ConnectedTooLate));
        }
        let found = timeout(within, names.look_up(host)).await.unwrap_or(Err(Unreached::ResolvedTooLate))?;
        let may_be = |address: &IpAddr| destinations.allow(host, *address) && (!is_plain || address.is_loopback());
        let allowed: Vec<_> = found.into_iter().filter(may_be).collect();
        if allowed.is_empty() {
            return Err(Unreached::Prohibited);
        }
        any_of(&allowed, port, within).await
    }
}

/// A tunnel through the proxy, which the administrator names and which may be anywhere.
async fn through(proxy: &Proxy, names: &Names, host: &str, port: u16) -> Result<TcpStream, Unreached> {
    let addresses = names.look_up(&proxy.host).await.map_err(|_| Unreached::ProxyNotReached)?;
    let share = Duration::from_secs(2);
    let stream = any_of(&addresses, proxy.port, share).await;
    let mut stream = stream.map_err(|_| Unreached::ProxyNotReached)?;
    match tunnel::ask(&mut stream, host, port, proxy.authorization.as_ref().map(|authorization| authorization.as_str()))
        .await
    {
        Ok(said) if said.is_tunnel() => Ok(stream),
        Ok(said) => Err(Unreached::ProxyRefused(said.status)),
        Err(_) => Err(Unreached::ProxyRefused(0)),
    }
}

/// The first of `addresses` that takes the connection: each is given an even share of the time, so that one that is silent
/// leaves some for the others. At least one.
async fn any_of(addresses: &[IpAddr], port: u16, within: Duration) -> Result<TcpStream, Unreached> {
    let share = within / u32::try_from(addresses.len()).unwrap_or(u32::MAX);
    let mut failure = Unreached::NotConnected(ErrorKind::NotFound);
    for address in addresses {
        failure = match timeout(share, TcpStream::connect(SocketAddr::new(*address, port))).await {
            Ok(Ok(stream)) => {
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => Unreached::NotConnected(error.kind()),
            Err(_) => Unreached::ConnectedTooLate,
        };
    }
    Err(failure)
}
