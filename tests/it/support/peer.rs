//! Many connections at once, by tokio.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::wire::HOST;

pub(crate) type Peer = TlsStream<TcpStream>;

/// Longer than any connection may live that does no more than it must.
pub(crate) const FOR_EVER: Duration = Duration::from_secs(150);

/// Runs `test` with sockets and timers.
pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

pub(crate) async fn connect(address: SocketAddr, config: &Arc<ClientConfig>) -> io::Result<Peer> {
    shake_hands(TcpStream::connect(address).await?, config).await
}

/// A connection whose kernel holds only `window` bytes that are not read yet.
pub(crate) async fn connect_small(address: SocketAddr, config: &Arc<ClientConfig>, window: u32) -> io::Result<Peer> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(window)?;
    shake_hands(socket.connect(address).await?, config).await
}

async fn shake_hands(stream: TcpStream, config: &Arc<ClientConfig>) -> io::Result<Peer> {
    stream.set_nodelay(true)?;
    TlsConnector::from(config.clone()).connect(ServerName::try_from(HOST).unwrap(), stream).await
}

/// A GET that keeps the connection.
pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n")
}

/// Sends `request`, whose answer has a body of `Content-Length`, and returns the answer.
pub(crate) async fn ask(peer: &mut Peer, request: &str) -> io::Result<Vec<u8>> {
    peer.write_all(request.as_bytes()).await?;
    read_answer(peer).await
}

async fn read_answer(peer: &mut Peer) -> io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    while answer_ends(&answer).is_none() {
        if peer.read_buf(&mut answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(answer)
}

/// Takes the first whole answer out of `bytes`; the length of its body.
pub(crate) fn take_answer(bytes: &mut Vec<u8>) -> Option<usize> {
    let (head, end) = answer_ends(bytes)?;
    bytes.drain(..end);
    Some(end - head)
}

/// Where head and body of the first answer end, once that is whole.
fn answer_ends(bytes: &[u8]) -> Option<(usize, usize)> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let fields = std::str::from_utf8(&bytes[..head]).unwrap();
    let length = super::wire::header(fields, "content-length").map_or(0, |length| length.parse().unwrap());
    (bytes.len() >= head + length).then_some((head, head + length))
}

/// How long it takes until the other side ends or resets the connection. [`FOR_EVER`] if it does not.
pub(crate) async fn until_closed(peer: &mut Peer) -> Duration {
    let start = Instant::now();
    let mut bytes = vec![0; 16 * 1024];
    let end = async { while peer.read(&mut bytes).await.is_ok_and(|length| length > 0) {} };
    match timeout(FOR_EVER, end).await {
        Ok(()) => start.elapsed(),
        Err(_) => FOR_EVER,
    }
}
