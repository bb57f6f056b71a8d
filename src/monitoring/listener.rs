//! `/livez`, `/readyz` and `/metrics`: over plain HTTP, for this machine alone, beside the logins and not on their cores.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::scrape::{Format, Watched};
use crate::ops::report::Report;
use crate::server::bind::Listeners;

/// Connections at once. One more takes the place of the oldest: each has one request, which takes some milliseconds, so
/// that the oldest is one that does not come to its end.
const CONNECTIONS: usize = 32;
/// For all of a connection, the head of its request included.
const PATIENCE: Duration = Duration::from_secs(10);
/// For every core to answer.
const PULSE: Duration = Duration::from_secs(5);
/// The head of a request, in bytes.
const HEAD_BYTES: usize = 16 * 1024;
/// After a connection that could not be had. A line in the log each time must not be a flood.
const PAUSE: Duration = Duration::from_secs(1);

const TEXT: &str = "text/plain; charset=utf-8";

type Answer = Response<Full<Bytes>>;

/// Answers on `listeners` for `watched`, for as long as the runtime runs that this is called in.
///
/// # Errors
/// When a listener cannot be used at all.
pub fn start(listeners: Listeners, watched: &Arc<Watched>) -> io::Result<()> {
    let (addresses, paths) = listeners.into_parts();
    for listener in addresses {
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        tokio::spawn(accept(watched.clone(), async move || Ok(boxed(listener.accept().await?.0))));
    }
    for listener in paths {
        listener.set_nonblocking(true)?;
        let listener = UnixListener::from_std(listener)?;
        tokio::spawn(accept(watched.clone(), async move || Ok(boxed(listener.accept().await?.0))));
    }
    Ok(())
}

/// What a connection comes over, of whatever kind: so there is the protocol once in the binary.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

fn boxed(stream: impl Stream + 'static) -> Box<dyn Stream> {
    Box::new(stream)
}

async fn accept(watched: Arc<Watched>, next: impl AsyncFn() -> io::Result<Box<dyn Stream>>) {
    let mut open: VecDeque<AbortHandle> = VecDeque::new();
    loop {
        match next().await {
            Ok(stream) => {
                open.retain(|connection| !connection.is_finished());
                if open.len() == CONNECTIONS {
                    open.pop_front().iter().for_each(AbortHandle::abort);
                }
                open.push_back(tokio::spawn(serve(stream, watched.clone())).abort_handle());
            }
            Err(error) => {
                Report::WatcherNotAccepted(&error).tell();
                sleep(PAUSE).await;
            }
        }
    }
}

async fn serve(stream: Box<dyn Stream>, watched: Arc<Watched>) {
    let service = service_fn(|request| {
        let watched = watched.clone();
        async move { Ok::<_, Infallible>(answer(&watched, &request).await) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE).keep_alive(false).max_buf_size(HEAD_BYTES);
    // Who does not keep to it is not answered, and need not be.
    let _ = timeout(PATIENCE, builder.serve_connection(TokioIo::new(stream), service)).await;
}

async fn answer<B>(watched: &Watched, request: &Request<B>) -> Answer {
    let path = request.uri().path();
    if !matches!(path, "/livez" | "/readyz" | "/metrics") {
        return text(StatusCode::NOT_FOUND, "not found\n");
    }
    if request.method() != "GET" && request.method() != "HEAD" {
        let mut answer = text(StatusCode::METHOD_NOT_ALLOWED, "GET or HEAD\n");
        answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return answer;
    }
    match path {
        "/livez" => live(watched).await,
        "/readyz" => ready(watched, request.uri().query()),
        _ => metrics(watched, request),
    }
}

/// Whether every core answers, and nothing else: a full disk is no reason to end the process.
async fn live(watched: &Watched) -> Answer {
    if timeout(PULSE, watched.cores.are_alive()).await.unwrap_or(false) {
        text(StatusCode::OK, "ok\n")
    } else {
        text(StatusCode::SERVICE_UNAVAILABLE, "a core does not answer\n")
    }
}

/// Says what fails, asked for or not.
fn ready(watched: &Watched, query: Option<&str>) -> Answer {
    let checks = watched.readiness.checks();
    let is_verbose =
        query.is_some_and(|query| form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "verbose"));
    match (checks.are_passed(), is_verbose) {
        (true, false) => text(StatusCode::OK, "ok\n"),
        (true, true) => text(StatusCode::OK, checks.lines()),
        (false, _) => text(StatusCode::SERVICE_UNAVAILABLE, checks.lines()),
    }
}

fn metrics<B>(watched: &Watched, request: &Request<B>) -> Answer {
    let accept = request.headers().get_all(header::ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    let format = Format::accepted(&accept.collect::<Vec<_>>().join(","));
    match watched.scrape(format) {
        Ok(scraped) => respond(StatusCode::OK, scraped, format.media_type()),
        Err(_) => text(StatusCode::INTERNAL_SERVER_ERROR, "nothing could be written\n"),
    }
}

fn text(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    respond(status, body, TEXT)
}

fn respond(status: StatusCode, body: impl Into<Bytes>, media_type: &'static str) -> Answer {
    let mut answer = Answer::new(Full::new(body.into()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}
