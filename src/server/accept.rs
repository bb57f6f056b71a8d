//! One core: accepts connections, and on shutdown lets them end.

use std::io;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use rustls::ServerConfig;
use socket2::SockRef;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{LocalSet, unconstrained};
use tokio_rustls::TlsAcceptor;

use super::admission::Admission;
use super::bind::CoreListeners;
use super::connection::{self, Served};
use super::inbox::Inbox;
use super::limits::{self, Connections, DRAIN, SEND_BUFFER, UNACKNOWLEDGED};
use super::pace::Paces;
use super::stream::Socket;
use crate::web::{Handled, Site};

/// Asks the core whether it answers.
type Pulses = mpsc::Receiver<oneshot::Sender<bool>>;

/// Serves until `shutdown`, then drains.
pub(super) async fn run<S: Site>(
    site: Arc<S>,
    listeners: CoreListeners,
    tls: Option<Arc<ServerConfig>>,
    limits: Connections,
    admission: Admission,
    mut pulses: Pulses,
    mut shutdown: watch::Receiver<bool>,
) {
    let inbox = Arc::new(Inbox::default());
    let served = Rc::new(Served { site, tls: tls.map(TlsAcceptor::from), admission, inbox: inbox.clone() });
    let paces = Rc::new(Paces::default());
    let local = LocalSet::new();
    for listener in listeners.addresses {
        let core =
            Core { served: served.clone(), paces: paces.clone(), limits: limits.clone(), shutdown: shutdown.clone() };
        local.spawn_local(watch(core.accept_addresses(listener)));
    }
    for listener in listeners.paths {
        let core =
            Core { served: served.clone(), paces: paces.clone(), limits: limits.clone(), shutdown: shutdown.clone() };
        local.spawn_local(watch(core.accept_paths(listener)));
    }
    let keeping = served.clone();
    let keeper = local.spawn_local(async move { keeping.admission.keep().await });
    let site = served.site.clone();
    local.spawn_local(async move {
        while let Some(answer) = pulses.recv().await {
            let _ = answer.send(answers(&site));
        }
    });
    drop(served);
    tokio::select! {
        // An error means that the sender is gone, which is a shutdown too.
        _ = local.run_until(shutdown.wait_for(|stop| *stop)) => {}
        () = paces.keep() => {}
        () = inbox.keep() => {}
    }
    keeper.abort();
    // Listeners see the shutdown too and end at once, connections after their requests.
    paces.drain();
    tokio::select! {
        _ = tokio::time::timeout(DRAIN, local) => {}
        () = paces.keep() => {}
        () = inbox.keep() => {}
    }
}

/// Accepts until there is nothing to accept: what waits with the kernel would wait unseen.
async fn watch(accept: impl Future<Output = io::Result<()>>) {
    if let Err(error) = unconstrained(accept).await {
        tracing::error!(%error, "a listener failed");
    }
}

/// Whether the router answers a request for a page as it should.
fn answers<S: Site>(site: &Arc<S>) -> bool {
    let request = Request::builder().uri("https://localhost/").body(Full::<Bytes>::default());
    request.is_ok_and(
        |request| matches!(site.handle(request, Duration::ZERO), Handled::Now(answer) if answer.status().is_success()),
    )
}

/// What a listener needs.
struct Core<S> {
    served: Rc<Served<S>>,
    paces: Rc<Paces>,
    limits: Connections,
    shutdown: watch::Receiver<bool>,
}

impl<S: Site> Core<S> {
    async fn accept_addresses(self, listener: std::net::TcpListener) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        // The accepted sockets inherit both.
        let options = SockRef::from(&listener);
        options.set_send_buffer_size(SEND_BUFFER)?;
        options.set_tcp_user_timeout(Some(UNACKNOWLEDGED))?;
        let listener = TcpListener::from_std(listener)?;
        let has_handshakes = self.served.tls.is_some();
        self.accept(async || {
            let (stream, peer) = listener.accept().await?;
            let _ = stream.set_nodelay(true);
            Ok((stream, has_handshakes.then(|| peer.ip())))
        })
        .await
    }

    async fn accept_paths(self, listener: std::os::unix::net::UnixListener) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        let listener = UnixListener::from_std(listener)?;
        self.accept(async || Ok((listener.accept().await?.0, None))).await
    }

    async fn accept<T: Socket>(mut self, next: impl AsyncFn() -> io::Result<(T, Option<IpAddr>)>) -> io::Result<()> {
        for accepted in 1_u64.. {
            let Some(place) = self.limits.place().await else { break };
            let next = tokio::select! {
                next = next() => next,
                _ = self.shutdown.wait_for(|stop| *stop) => break,
            };
            match next {
                Ok((socket, address)) if self.served.admission.admits(address) => {
                    tokio::task::spawn_local(connection::serve(socket, self.served.clone(), self.paces.begin(), place));
                }
                Ok((socket, _)) => socket.reset_on_close(),
                Err(error) => pause(&error).await,
            }
            if accepted.is_multiple_of(limits::ACCEPTED_AT_ONCE) {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }
}

async fn pause(error: &io::Error) {
    tracing::warn!(%error, "a connection was not accepted");
    tokio::time::sleep(limits::ACCEPT_PAUSE).await;
}
