//! The *limit*: a bare hyper and rustls server in the product's own frame, which answers any request with a constant 303.
//!
//! What it costs is what any answer costs that leaves through this frame; a ratio to it holds from machine to machine.

use crate::machine;
use crate::process::Process;
use crate::tls::{self, Identity};
use anyhow::{Context, Result, anyhow};
use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, HeaderValue, LOCATION, SET_COOKIE};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use socket2::{Domain, Socket, Type};
use std::convert::Infallible;
use std::env;
use std::io::{BufRead, BufReader, Read, stdin};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// Streams that one connection may have open, as the product allows.
const CONCURRENT_STREAMS: u32 = 128;
const BACKLOG: i32 = 1024;
/// What every constant answer says.
pub(crate) const TARGET: &str = "/session/AAAAAAAAAAAAAAAAAAAAAA";
pub(crate) const COOKIE: &str = concat!(
    "__Host-idv-AAAAAAAAAAAAAAAAAAAAAA=",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600",
);

/// Serves on a free port of loopback, names the address in one line on stdout, and ends when stdin does.
pub(crate) fn serve(certificate: &Path, private_key: &Path) -> Result<()> {
    let acceptor = TlsAcceptor::from(tls::server(certificate, private_key)?);
    let first = listen((Ipv4Addr::LOCALHOST, 0).into())?;
    let address = first.local_addr()?;
    let mut listeners = vec![first];
    for _ in 1..machine::cores() {
        listeners.push(listen(address)?);
    }
    for listener in listeners {
        let acceptor = acceptor.clone();
        thread::spawn(move || run_core(listener, &acceptor));
    }
    println!("{address}");
    stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// Starts the limit server as a process of its own, and gives its address.
pub(crate) fn spawn(identity: &Identity) -> Result<(Process, SocketAddr)> {
    let mut child = Command::new(env::current_exe()?)
        .arg("limit")
        .args([&identity.certificate, &identity.private_key])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = String::new();
    BufReader::new(child.stdout.take().context("the limit server has no output")?).read_line(&mut said)?;
    let process = Process::new(child);
    Ok((process, said.trim().parse().context("the limit server named no address")?))
}

fn listen(address: SocketAddr) -> Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// One runtime, one listener: nothing is shared with the other cores but the TLS configuration.
fn run_core(listener: TcpListener, acceptor: &TlsAcceptor) -> Result<()> {
    let runtime = machine::runtime()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(connection(stream, acceptor.clone()));
        }
    })
}

/// A connection that breaks is the load generator's to report.
async fn connection(stream: TcpStream, acceptor: TlsAcceptor) -> Result<()> {
    stream.set_nodelay(true)?;
    let stream = acceptor.accept(stream).await?;
    let answer = service_fn(|_: Request<Incoming>| async { Ok::<_, Infallible>(constant()) });
    match stream.get_ref().1.alpn_protocol() {
        Some(tls::HTTP2) => {
            let mut builder = http2::Builder::new(TokioExecutor::new());
            builder.max_concurrent_streams(CONCURRENT_STREAMS);
            builder.serve_connection(TokioIo::new(stream), answer).await?;
        }
        Some(tls::HTTP1) => http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await?,
        _ => return Err(anyhow!("no protocol was agreed on")),
    }
    Ok(())
}

/// About 400 bytes on the wire, with the headers of a start that every server must send.
fn constant() -> Response<Empty<Bytes>> {
    const UNCACHED: HeaderValue = HeaderValue::from_static("no-store");
    let mut response = Response::new(Empty::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    headers.insert(LOCATION, HeaderValue::from_static(TARGET));
    headers.insert(SET_COOKIE, HeaderValue::from_static(COOKIE));
    headers.insert(CACHE_CONTROL, UNCACHED);
    response
}
