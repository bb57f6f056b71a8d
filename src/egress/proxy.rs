//! What `idv egress` does: it takes CONNECT (RFC 9110 §9.3.6) on a unix socket, and nothing else, and joins the connection
//! with one through the [`Door`]. It sees host names and TLS.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{self, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixListener, UnixStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::door::Door;
use super::tunnel;
use super::unreached::Unreached;
use crate::ops::noise::Noise;
use crate::ops::report::Report;
use crate::verification::url;

/// For what is under way once it is told to leave: a little less than whoever asks meanwhile waits for a word.
const LEAVE: Duration = Duration::from_secs(4);
/// How much is moved at once, in bytes.
const CHUNK: usize = 16 * 1024;

/// What one who asks may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once. Further ones wait to be accepted.
    pub connections: usize,
    /// For the head of a request to come.
    pub head: Duration,
    /// For the connection to stand: a little less than who asks waits for a word, so that they learn why it does not.
    pub connect: Duration,
    /// Between two movements in a tunnel. It is seen after twice that time at the latest.
    pub idle: Duration,
    /// For a tunnel in all.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 128,
            head: Duration::from_secs(5),
            connect: Duration::from_millis(4_500),
            idle: Duration::from_secs(15),
            total: Duration::from_mins(1),
        }
    }
}

/// Serves who connects to `listener`, until there was nothing to do for `rest`, or for ever if that is none; or until it is
/// to `leave`: then who connects waits for the next, and what is under way has a little time.
///
/// # Errors
/// If no connection can be had any more.
pub async fn serve(
    listener: &UnixListener,
    door: &Door,
    limits: Limits,
    rest: Option<Duration>,
    noise: &Arc<Noise>,
    leave: impl Future<Output = ()>,
) -> io::Result<()> {
    let (mut tunnels, mut leave) = (JoinSet::new(), pin!(leave));
    loop {
        let is_at_rest = tunnels.is_empty();
        tokio::select! {
            accepted = listener.accept(), if tunnels.len() < limits.connections => {
                let (stream, _) = accepted?;
                tunnels.spawn(attend(stream, door.clone(), limits, noise.clone()));
            }
            Some(_) = tunnels.join_next() => {}
            () = sleep(rest.unwrap_or_default()), if is_at_rest && rest.is_some() => return Ok(()),
            () = &mut leave => break,
        }
    }
    // Whoever takes longer asks again.
    let _ = timeout(LEAVE, async { while tunnels.join_next().await.is_some() {} }).await;
    Ok(())
}

/// What is refused, and how.
enum Refusal {
    /// No request that can be understood.
    Malformed,
    /// It came too slowly.
    Late,
    /// It asks for something else than a tunnel.
    Method,
    /// There is no way.
    Unreached(Unreached),
}

async fn attend(mut client: UnixStream, door: Door, limits: Limits, noise: Arc<Noise>) {
    match open(&mut client, &door, limits, &noise).await {
        Ok(server) => {
            if client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.is_ok() {
                join(client, server, limits).await;
            }
        }
        Err(refusal) => {
            // Who asks may be gone.
            let _ = client.write_all(refusal.answer().as_bytes()).await;
            let _ = client.shutdown().await;
        }
    }
}

async fn open(client: &mut UnixStream, door: &Door, limits: Limits, noise: &Noise) -> Result<TcpStream, Refusal> {
    let head = timeout(limits.head, tunnel::read_head(client)).await.map_err(|_| Refusal::Late)?;
    let head = head.map_err(|_| Refusal::Malformed)?;
    let (host, port) = destination(&head)?;
    door.connect(host, port, limits.connect).await.map_err(|unreached| {
        let (_, cause) = unreached.told();
        if noise.has_line(cause) {
            Report::NotLedOut { destination: &url::destination(host, port), cause }.tell();
        }
        Refusal::Unreached(unreached)
    })
}

/// Host and port of a CONNECT, which names both (RFC 9112 §3.2.3).
fn destination(head: &[u8]) -> Result<(&str, u16), Refusal> {
    let line = head.split(|b| *b == b'\r').next().unwrap_or_default();
    let line = std::str::from_utf8(line).map_err(|_| Refusal::Malformed)?;
    let (method, rest) = line.split_once(' ').ok_or(Refusal::Malformed)?;
    let authority = rest.strip_suffix(" HTTP/1.1").ok_or(Refusal::Malformed)?;
    if method != "CONNECT" {
        return Err(Refusal::Method);
    }
    let (host, port) = url::split(authority).ok_or(Refusal::Malformed)?;
    let port = port.and_then(|port| port.parse().ok()).ok_or(Refusal::Malformed)?;
    let is_host = |b: u8| b.is_ascii_alphanumeric() || b"-.:".contains(&b);
    if host.is_empty() || host.len() > 253 || !host.bytes().all(is_host) {
        Err(Refusal::Malformed)
    } else {
        Ok((host, port))
    }
}

impl Refusal {
    fn answer(&self) -> String {
        let (status, told) = match self {
            Self::Malformed => (400, "http_request_error"),
            Self::Late => (408, "http_request_error"),
            Self::Method => (405, "http_request_denied"),
            Self::Unreached(unreached) => unreached.told(),
        };
        let received = match self {
            Self::Unreached(Unreached::ProxyRefused(status)) => format!("; received-status={status}"),
            _ => String::new(),
        };
        let allow = if matches!(self, Self::Method) { "Allow: CONNECT\r\n" } else { "" };
        format!(
            "HTTP/1.1 {status} \r\nProxy-Status: idv-egress; error={told}{received}\r\n{allow}Content-Length: 0\r\nConnection: close\r\n\r\n"
        )
    }
}

/// Moves bytes both ways until both sides have ended, or one has failed, or nothing moves any more.
async fn join(client: UnixStream, server: TcpStream, limits: Limits) {
    let has_moved = AtomicBool::new(false);
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let both =
        async { tokio::try_join!(pump(from_client, to_server, &has_moved), pump(from_server, to_client, &has_moved)) };
    let stalled = async {
        loop {
            sleep(limits.idle).await;
            if !has_moved.swap(false, Ordering::Relaxed) {
                return;
            }
        }
    };
    tokio::select! {
        _ = timeout(limits.total, both) => {}
        () = stalled => {}
    }
}

async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    has_moved: &AtomicBool,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = from.read(&mut chunk).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&chunk[..length]).await?;
        has_moved.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(head: &str) -> Result<(&str, u16), u16> {
        destination(head.as_bytes()).map_err(|refusal| refusal.answer()[9..12].parse().unwrap())
    }

    #[test]
    fn only_a_connect_to_a_host_and_a_port_is_understood() {
        assert_eq!(read("CONNECT id.example:443 HTTP/1.1\r\nHost: other\r\n\r\n"), Ok(("id.example", 443)));
        assert_eq!(read("CONNECT [::1]:443 HTTP/1.1\r\n\r\n"), Ok(("::1", 443)));
        for head in [
            "GET / HTTP/1.1\r\n\r\n",
            "GET http://id.example/ HTTP/1.1\r\n\r\n",
            "connect id.example:443 HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(read(head), Err(405), "{head}");
        }
        for head in [
            "\r\n\r\n",
            "CONNECT\r\n\r\n",
            "CONNECT id.example:443\r\n\r\n",
            "CONNECT id.example:443 HTTP/1.0\r\n\r\n",
            "CONNECT id.example:443 HTTP/2\r\n\r\n",
            "CONNECT id.example HTTP/1.1\r\n\r\n",
            "CONNECT id.example:x HTTP/1.1\r\n\r\n",
            "CONNECT id.example:65536 HTTP/1.1\r\n\r\n",
            "CONNECT id.example:443/ HTTP/1.1\r\n\r\n",
            "CONNECT https://id.example:443 HTTP/1.1\r\n\r\n",
            "CONNECT a@id.example:443 HTTP/1.1\r\n\r\n",
            "CONNECT :443 HTTP/1.1\r\n\r\n",
            "CONNECT id .example:443 HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(read(head), Err(400), "{head}");
        }
    }

    #[test]
    fn a_refusal_tells_its_cause() {
        let told = Refusal::Unreached(Unreached::ProxyRefused(407)).answer();
        assert!(told.starts_with(
            "HTTP/1.1 502 \r\nProxy-Status: idv-egress; error=destination_unavailable; received-status=407\r\n"
        ));
        assert!(Refusal::Method.answer().contains("\r\nAllow: CONNECT\r\n"));
        assert!(
            Refusal::Unreached(Unreached::Prohibited)
                .answer()
                .contains("403 \r\nProxy-Status: idv-egress; error=destination_ip_prohibited\r\n")
        );
    }
}
