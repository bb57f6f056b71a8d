//! `/livez`, `/readyz` and `/metrics`: over plain HTTP, for this machine alone, beside the logins and not on their cores.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::uri::Authority;
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
        let next = async move || Ok(boxed(listener.accept().await?.0));
        tokio::spawn(accept(watched.clone(), Way::Address, next));
    }
    for listener in paths {
        listener.set_nonblocking(true)?;
        let listener = UnixListener::from_std(listener)?;
        let next = async move || Ok(boxed(listener.accept().await?.0));
        tokio::spawn(accept(watched.clone(), Way::Path, next));
    }
    Ok(())
}

/// By what a connection came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Address,
    Path,
}

/// What a connection comes over, of whatever kind: so there is the protocol once in the binary.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

fn boxed(stream: impl Stream + 'static) -> Box<dyn Stream> {
    Box::new(stream)
}

async fn accept(watched: Arc<Watched>, way: Way, next: impl AsyncFn() -> io::Result<Box<dyn Stream>>) {
    let mut open: VecDeque<AbortHandle> = VecDeque::new();
    loop {
        match next().await {
            Ok(stream) => {
                open.retain(|connection| !connection.is_finished());
                if open.len() == CONNECTIONS {
                    open.pop_front().iter().for_each(AbortHandle::abort);
                }
                open.push_back(tokio::spawn(serve(stream, way, watched.clone())).abort_handle());
            }
            Err(error) => {
                Report::WatcherNotAccepted(&error).tell();
                sleep(PAUSE).await;
            }
        }
    }
}

async fn serve(stream: Box<dyn Stream>, way: Way, watched: Arc<Watched>) {
    let service = service_fn(|request| {
        let watched = watched.clone();
        async move {
            let is_meant = way == Way::Path || is_for_this_machine(request.headers());
            Ok::<_, Infallible>(if is_meant { answer(&watched, &request).await } else { misdirected() })
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE).keep_alive(false).max_buf_size(HEAD_BYTES);
    // Who does not keep to it is not answered, and need not be.
    let _ = timeout(PATIENCE, builder.serve_connection(TokioIo::new(stream), service)).await;
}

/// Whether the host that is asked for is an address, or this machine by its own name. A page of anybody's could have a
/// browser on this machine ask under the page's name, once that leads here, and read the answer (DNS rebinding).
fn is_for_this_machine(headers: &HeaderMap) -> bool {
    headers.get_all(header::HOST).iter().all(|host| {
        let Ok(authority) = Authority::try_from(host.as_bytes()) else { return false };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        host.parse::<IpAddr>().is_ok() || host.eq_ignore_ascii_case("localhost")
    })
}

fn misdirected() -> Answer {
    text(StatusCode::MISDIRECTED_REQUEST, "ask by an address, or by localhost\n")
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A page under a name that was made to lead here read what is counted.
    #[test]
    fn who_asks_by_a_name_that_is_not_this_machines_is_not_answered() {
        let asks = |hosts: &[&'static str]| {
            let hosts = hosts.iter().map(|host| (header::HOST, HeaderValue::from_static(host)));
            is_for_this_machine(&hosts.collect())
        };
        for host in ["127.0.0.1:9464", "127.0.0.1", "[::1]:9464", "localhost", "LocalHost:9464"] {
            assert!(asks(&[host]), "{host}");
        }
        assert!(asks(&[]), "HTTP/1.0 has none");
        for host in
            ["evil.example:9464", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", ""]
        {
            assert!(!asks(&[host]), "{host}");
        }
        assert!(!asks(&["localhost", "evil.example"]));
    }
}
