//! One connection: handshake, protocol, requests, end.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;

use super::limits::{HANDSHAKE, HEAD, HEAD_BYTES, HEADER_LIST_BYTES, STALL, STREAMS};
use super::tls::HTTP2;
use crate::web::{Answer, Handled, Site};

/// What connections of a core share.
pub(super) struct Served<W> {
    pub(super) site: Arc<W>,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) shutdown: watch::Receiver<bool>,
}

/// Serves `stream` to its end. It holds its `place` among the connections until then.
pub(super) async fn serve<S, W: Site>(stream: S, served: Rc<Served<W>>, place: OwnedSemaphorePermit)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let mut stream = TimeoutStream::new(stream);
    stream.set_read_timeout(Some(STALL));
    stream.set_write_timeout(Some(STALL));
    let stream = Box::pin(stream);
    match &served.tls {
        None => serve_http1(stream, &served).await,
        Some(acceptor) => {
            // Whoever does not finish a handshake gets no line in the log: there would be millions.
            let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await else { return };
            // The protocol is what ALPN agreed on, not what the first bytes look like.
            if stream.get_ref().1.alpn_protocol() == Some(HTTP2) {
                serve_http2(stream, &served).await;
            } else {
                serve_http1(stream, &served).await;
            }
        }
    }
    drop(place);
}

async fn serve_http1<S: AsyncRead + AsyncWrite + Unpin + 'static, W: Site>(stream: S, served: &Served<W>) {
    let site = served.site.clone();
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_header_size(HEAD_BYTES)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service_fn(move |request| respond(&site, request)));
    let mut connection = pin!(connection);
    let mut shutdown = served.shutdown.clone();
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = shutdown.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn serve_http2<S: AsyncRead + AsyncWrite + Unpin + 'static, W: Site>(stream: S, served: &Served<W>) {
    let site = served.site.clone();
    let connection = http2::Builder::new(LocalExecutor)
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEADER_LIST_BYTES)
        .serve_connection(TokioIo::new(stream), service_fn(move |request| respond(&site, request)));
    let mut connection = pin!(connection);
    let mut shutdown = served.shutdown.clone();
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = shutdown.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

fn respond<W: Site>(site: &Arc<W>, request: Request<Incoming>) -> Responding {
    match site.handle(request) {
        Handled::Now(answer) => Responding::Now(ready(Ok(answer))),
        Handled::Later(answer) => Responding::Later(answer),
    }
}

/// A response that is there, or one that will be.
enum Responding {
    Now(Ready<Result<Answer, Infallible>>),
    Later(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

impl Future for Responding {
    type Output = Result<Response<http_body_util::Full<hyper::body::Bytes>>, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Now(answer) => Pin::new(answer).poll(context),
            Self::Later(answer) => answer.as_mut().poll(context).map(Ok),
        }
    }
}

/// Runs HTTP/2 streams on the connection's own core.
#[derive(Clone, Copy)]
struct LocalExecutor;

impl<F: Future<Output = ()> + 'static> hyper::rt::Executor<F> for LocalExecutor {
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}
