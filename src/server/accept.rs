//! One core: accepts connections, and on shutdown lets them end.

use std::io;
use std::rc::Rc;
use std::sync::Arc;

use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use rustls::ServerConfig;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::LocalSet;
use tokio_rustls::TlsAcceptor;

use super::bind::CoreListeners;
use super::connection::{self, Served};
use super::limits::{self, Connections, DRAIN};
use crate::web::{Handled, Site};

/// Asks the core whether it answers.
type Pulses = mpsc::Receiver<oneshot::Sender<bool>>;

/// Serves until `shutdown`, then drains.
pub(super) async fn run<S: Site>(
    site: Arc<S>,
    listeners: CoreListeners,
    tls: Option<Arc<ServerConfig>>,
    limits: Connections,
    mut pulses: Pulses,
    mut shutdown: watch::Receiver<bool>,
) {
    let served = Rc::new(Served { site, tls: tls.map(TlsAcceptor::from), shutdown: shutdown.clone() });
    let local = LocalSet::new();
    for listener in listeners.addresses {
        let (served, limits) = (served.clone(), limits.clone());
        local.spawn_local(async move {
            if let Err(error) = accept_addresses(listener, served, limits).await {
                tracing::error!(%error, "a listener failed");
            }
        });
    }
    for listener in listeners.paths {
        let (served, limits) = (served.clone(), limits.clone());
        local.spawn_local(async move {
            if let Err(error) = accept_paths(listener, served, limits).await {
                tracing::error!(%error, "a listener failed");
            }
        });
    }
    let site = served.site.clone();
    local.spawn_local(async move {
        while let Some(answer) = pulses.recv().await {
            let _ = answer.send(answers(&site));
        }
    });
    drop(served);
    // An error means that the sender is gone, which is a shutdown too.
    let _ = local.run_until(shutdown.wait_for(|stop| *stop)).await;
    // Every task sees the shutdown too: listeners end at once, connections after their requests.
    let _ = tokio::time::timeout(DRAIN, local).await;
}

/// Whether the router answers a request for a page as it should.
fn answers<S: Site>(site: &Arc<S>) -> bool {
    let request = Request::builder().uri("https://localhost/").body(Full::<Bytes>::default());
    request.is_ok_and(|request| matches!(site.handle(request), Handled::Now(answer) if answer.status().is_success()))
}

async fn accept_addresses<S: Site>(
    listener: std::net::TcpListener,
    served: Rc<Served<S>>,
    limits: Connections,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let mut shutdown = served.shutdown.clone();
    loop {
        let Some(place) = limits.place().await else { return Ok(()) };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = shutdown.wait_for(|stop| *stop) => return Ok(()),
        };
        match accepted {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                tokio::task::spawn_local(connection::serve(stream, served.clone(), place));
            }
            Err(error) => pause(&error).await,
        }
    }
}

async fn accept_paths<S: Site>(
    listener: std::os::unix::net::UnixListener,
    served: Rc<Served<S>>,
    limits: Connections,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = UnixListener::from_std(listener)?;
    let mut shutdown = served.shutdown.clone();
    loop {
        let Some(place) = limits.place().await else { return Ok(()) };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = shutdown.wait_for(|stop| *stop) => return Ok(()),
        };
        match accepted {
            Ok((stream, _)) => {
                tokio::task::spawn_local(connection::serve(stream, served.clone(), place));
            }
            Err(error) => pause(&error).await,
        }
    }
}

async fn pause(error: &io::Error) {
    tracing::warn!(%error, "a connection was not accepted");
    tokio::time::sleep(limits::ACCEPT_PAUSE).await;
}
