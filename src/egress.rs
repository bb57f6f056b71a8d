//! The one way out: whatever this process asks of others, it asks here.
//!
//! TLS ends here and is verified always; how a connection comes about is [`Way`]'s: through `idv egress`, a process of its
//! own that reaches nothing but [`Destinations`], or by the same [`Door`] in this process.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

pub mod address;
mod ask;
mod destinations;
mod door;
mod exchange;
mod names;
mod onward;
pub mod proxy;
mod trust;
mod tunnel;
mod unreached;

pub use self::ask::{Ask, Method, Reply};
pub use self::destinations::Destinations;
pub use self::door::Door;
pub use self::names::Names;
pub use self::onward::Onward;
pub use self::trust::{Trust, TrustError};
pub use self::unreached::Unreached;
pub use crate::verification::url::Url;

/// How many are asked at once.
const SEATS: usize = 64;

/// How connections come about.
#[derive(Clone)]
pub enum Way {
    /// Through `idv egress`, which listens on this socket.
    Socket(PathBuf),
    /// In this process.
    Direct(Door),
}

/// How long is waited.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a turn, and then for a connection with its TLS to stand.
    pub connect: Duration,
    /// For everything.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(8) }
    }
}

/// The way out. Clones share it.
#[derive(Clone)]
pub struct Egress(Arc<Inner>);

struct Inner {
    way: Way,
    tls: TlsConnector,
    patience: Patience,
    seats: Semaphore,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Egress {
    /// The way out by `way`, to whom `trust` vouches for.
    #[must_use]
    pub fn new(way: Way, trust: Trust) -> Self {
        Self::with_patience(way, trust, Patience::default())
    }

    /// As [`new`](Self::new), with a `patience` of one's own.
    #[must_use]
    pub fn with_patience(way: Way, trust: Trust, patience: Patience) -> Self {
        let tls = TlsConnector::from(trust.client());
        Self(Arc::new(Inner { way, tls, patience, seats: Semaphore::new(SEATS) }))
    }

    /// What is answered, whatever its status. Redirects are not followed, and nothing is asked twice.
    ///
    /// # Errors
    /// [`Unreached`], at the latest when [`Patience::total`] is over.
    pub async fn ask(&self, ask: Ask) -> Result<Reply, Unreached> {
        let Inner { patience, seats, .. } = &*self.0;
        let asked = async {
            let _seat = timeout(patience.connect, seats.acquire()).await.map_err(|_| Unreached::Busy)?;
            let connecting = timeout(patience.connect, self.connect(&ask.url));
            let stream = connecting.await.unwrap_or(Err(Unreached::ConnectedTooLate))?;
            exchange::exchange(stream, ask).await
        };
        timeout(patience.total, asked).await.unwrap_or(Err(Unreached::AnsweredTooLate))
    }

    async fn connect(&self, url: &Url) -> Result<Box<dyn Stream>, Unreached> {
        let Inner { way, tls, patience, .. } = &*self.0;
        if !url.is_https() && !may_be_plain(way, url) {
            return Err(Unreached::Plain);
        }
        let stream: Box<dyn Stream> = match way {
            Way::Socket(path) => Box::new(through(path.clone(), url, patience.connect).await?),
            Way::Direct(door) => Box::new(door.connect(url.host(), url.port(), patience.connect).await?),
        };
        if !url.is_https() {
            return Ok(stream);
        }
        let name = ServerName::try_from(url.host().to_owned()).map_err(|_| Unreached::Unresolved)?;
        Ok(Box::new(tls.connect(name, stream).await.map_err(|error| of_tls(&error))?))
    }
}

fn may_be_plain(way: &Way, url: &Url) -> bool {
    match way {
        Way::Socket(_) => false,
        Way::Direct(door) => door.destinations().lists_plain(url.host(), url.port()),
    }
}

/// A tunnel through `idv egress`, which tells why there is none before a connection has to stand. If it does not, it hangs,
/// or does not start.
async fn through(path: PathBuf, url: &Url, within: Duration) -> Result<UnixStream, Unreached> {
    let closed = |error: io::Error| Unreached::NoWayOut(error.kind());
    let asked = async {
        let mut stream = UnixStream::connect(path).await?;
        let said = tunnel::ask(&mut stream, url.host(), url.port(), None).await?;
        Ok((stream, said))
    };
    let asked = timeout(within.mul_f32(0.95), asked).await.unwrap_or(Err(io::ErrorKind::TimedOut.into()));
    let (stream, said) = asked.map_err(closed)?;
    if said.is_tunnel() {
        return Ok(stream);
    }
    Err(Unreached::of_told(said.error.as_deref().unwrap_or_default(), said.received))
}

fn of_tls(error: &io::Error) -> Unreached {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(error) => Unreached::Tls(error.clone()),
        None => Unreached::BrokenOff,
    }
}
