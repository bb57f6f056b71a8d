//! One connection: handshake, protocol, requests, end.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Version};
use hyper_util::rt::TokioIo;
use rustls::HandshakeKind;
use tokio::io::AsyncWrite;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::admission::Admission;
use super::answer::Answering;
use super::any_site::AnySite;
use super::limits::{CONNECTION_WINDOW, HEAD_BYTES, HEADER_LIST_BYTES, RESETS, STREAMS, TLS_BUFFER};
use super::pace::{Order, Pace};
use super::seats::Seat;
use super::stream::{AnySocket, Paced, Socket};
use super::tls::HTTP2;
use crate::ops::count;
use crate::ops::count::label::Handshake;
use crate::web::Handled;

/// What connections of a core share.
pub(super) struct Served {
    pub(super) site: Arc<dyn AnySite>,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) admission: Admission,
    /// Dropped with the last connection.
    pub(super) _in_use: oneshot::Sender<Infallible>,
}

impl Served {
    fn handle(&self, request: Request<Incoming>, pace: &Rc<Pace>) -> Answering {
        if pace.is_turned_away() {
            return self.turn_away(request, pace);
        }
        let handled = self.site.handle(request, self.admission.waiting());
        if let Handled::TurnedAway(_) = handled {
            self.admission.note_turned_away();
        }
        // Of what comes later, the answer tells.
        if !matches!(handled, Handled::Later(_) | Handled::Slowly(..)) {
            pace.note_purpose(matches!(handled, Handled::Login(_)));
        }
        let under_way = match &handled {
            Handled::Slowly(_, intake) => pace.ask().slowly(intake.clone()),
            _ => pace.ask(),
        };
        Answering::new(handled, under_way)
    }

    /// Answers that there is no seat for the connection, and ends it.
    fn turn_away(&self, request: Request<Incoming>, pace: &Rc<Pace>) -> Answering {
        let (head, _) = request.into_parts();
        let mut answer = self.site.turn_away(&head);
        if head.version < Version::HTTP_2 {
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        let under_way = pace.ask();
        pace.leave();
        Answering::new(Handled::TurnedAway(answer), under_way)
    }
}

/// Serves `socket` to its end. It holds its `seat` until then.
pub(super) async fn serve(socket: AnySocket, served: Rc<Served>, pace: Rc<Pace>, seat: Seat) {
    // Boxed, so that a connection does not hold room for its other stages while it is in one.
    match &served.tls {
        None => Box::pin(serve_http1(Paced::new(socket, pace.clone()), &served, &pace)).await,
        Some(acceptor) => {
            // Whoever does not finish a handshake gets no line in the log: there would be millions.
            let shaken = Box::pin(shake_hands(acceptor, socket, &pace)).await;
            count::handshake(shaken.as_ref().map_or(Handshake::Failed, |stream| handshake(stream)));
            let Some(stream) = shaken else { return };
            // The protocol is what ALPN agreed on, not what the first bytes look like.
            let is_http2 = stream.get_ref().1.alpn_protocol() == Some(HTTP2);
            let stream = Paced::new(stream, pace.clone());
            if is_http2 {
                Box::pin(serve_http2(stream, &served, &pace)).await;
            } else {
                Box::pin(serve_http1(stream, &served, &pace)).await;
            }
        }
    }
    drop(seat);
}

async fn shake_hands(acceptor: &TlsAcceptor, socket: AnySocket, pace: &Pace) -> Option<Box<TlsStream<AnySocket>>> {
    let accepted = acceptor.accept_with(socket, |connection| connection.set_buffer_limit(Some(TLS_BUFFER)));
    let mut accepted = pin!(accepted);
    loop {
        match pace.order_or(|context| accepted.as_mut().poll(context)).await {
            Ok(accepted) => {
                pace.rest();
                return accepted.ok().map(Box::new);
            }
            Err(Order::Park) => {}
            Err(Order::Leave | Order::Abort) => return None,
        }
    }
}

fn handshake(stream: &TlsStream<AnySocket>) -> Handshake {
    match stream.get_ref().1.handshake_kind() {
        Some(HandshakeKind::Resumed) => Handshake::Resumed,
        _ => Handshake::Full,
    }
}

async fn serve_http1<S: Socket>(mut stream: Paced<S>, served: &Served, pace: &Rc<Pace>) {
    while park(&mut stream, pace).await {
        let service = service_fn(|request| served.handle(request, pace));
        let connection = http1::Builder::new().max_buf_size(HEAD_BYTES).serve_connection(TokioIo::new(stream), service);
        let mut connection = Box::pin(connection);
        loop {
            match pace.order_or(|context| connection.as_mut().poll(context)).await {
                Ok(_) | Err(Order::Abort) => return,
                Err(Order::Leave) => connection.as_mut().graceful_shutdown(),
                Err(Order::Park) => break,
            }
        }
        let parts = Pin::into_inner(connection).into_parts();
        stream = parts.io.into_inner();
        stream.put_back(&parts.read_buf);
    }
}

/// Holds a connection without requests until the other side says more. False when it has ended.
async fn park<S: Socket>(stream: &mut Paced<S>, pace: &Pace) -> bool {
    let mut leaves = false;
    loop {
        let next = pace.order_or(|context| {
            if leaves { Pin::new(&mut *stream).poll_shutdown(context) } else { stream.poll_readable(context) }
        });
        match next.await {
            Ok(end) => return !leaves && end.is_ok(),
            Err(Order::Abort) => return false,
            Err(Order::Leave) => leaves = true,
            Err(Order::Park) => {}
        }
    }
}

async fn serve_http2(mut stream: Paced<Box<TlsStream<AnySocket>>>, served: &Served, pace: &Rc<Pace>) {
    if !park(&mut stream, pace).await {
        return;
    }
    let connection = http2::Builder::new(LocalExecutor)
        .max_concurrent_streams(STREAMS)
        .max_local_error_reset_streams(RESETS)
        .max_header_list_size(HEADER_LIST_BYTES)
        .initial_stream_window_size(CONNECTION_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .serve_connection(TokioIo::new(stream), service_fn(|request| served.handle(request, pace)));
    let mut connection = Box::pin(connection);
    loop {
        match pace.order_or(|context| connection.as_mut().poll(context)).await {
            Ok(_) | Err(Order::Abort) => return,
            Err(Order::Leave) => connection.as_mut().graceful_shutdown(),
            // Its header tables and streams must be kept.
            Err(Order::Park) => {}
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
