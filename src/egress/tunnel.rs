//! Asking a proxy for a tunnel: CONNECT (RFC 9110 §9.3.6).

use std::io::{self, ErrorKind};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::verification::url;

/// The longest head, in bytes.
const LIMIT: usize = 4096;

/// What a proxy said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// Its status; 2xx is a tunnel.
    pub(super) status: u16,
    /// The error of its `Proxy-Status` (RFC 9209), if it told one.
    pub(super) error: Option<String>,
    /// The status that it was given itself, likewise.
    pub(super) received: Option<u16>,
}

impl Said {
    /// Whether what follows on the connection is the destination's.
    pub(super) fn is_tunnel(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Asks the proxy at the other end of `stream` for `host` and `port`.
pub(super) async fn ask<S>(stream: &mut S, host: &str, port: u16, authorization: Option<&str>) -> io::Result<Said>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let destination = url::destination(host, port);
    let authorization = authorization.map(|it| format!("Proxy-Authorization: {it}\r\n")).unwrap_or_default();
    let head = format!("CONNECT {destination} HTTP/1.1\r\nHost: {destination}\r\n{authorization}\r\n");
    stream.write_all(head.as_bytes()).await?;
    let head = read_head(stream).await?;
    parse(&head).ok_or_else(|| ErrorKind::InvalidData.into())
}

/// The head of a request or of its answer. Nothing follows it before the other side has spoken.
pub(super) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(512);
    loop {
        if head.ends_with(b"\r\n\r\n") {
            return Ok(head);
        }
        if head.len() >= LIMIT {
            return Err(ErrorKind::InvalidData.into());
        }
        let room = LIMIT - head.len();
        if (&mut *stream).take(room as u64).read_buf(&mut head).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
}

fn parse(head: &[u8]) -> Option<Said> {
    let text = std::str::from_utf8(head).ok()?;
    let mut lines = text.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
    let status = status.parse().ok().filter(|_| status.len() == 3)?;
    let told =
        lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("proxy-status"));
    let parameter = |wanted: &str| {
        let parts =
            told.into_iter().flat_map(|(_, value)| value.split(';')).filter_map(|part| part.trim().split_once('='));
        parts.filter(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned()).next()
    };
    let received = parameter("received-status").and_then(|status| status.parse().ok());
    Some(Said { status, error: parameter("error"), received })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(head: &str) -> Option<(u16, Option<String>, Option<u16>)> {
        parse(head.as_bytes()).map(|Said { status, error, received }| (status, error, received))
    }

    #[test]
    fn an_answer_is_a_status_and_a_cause() {
        assert_eq!(said("HTTP/1.1 200 OK\r\n\r\n"), Some((200, None, None)));
        assert_eq!(said("HTTP/1.0 407 Proxy Authentication Required\r\nX: y\r\n\r\n"), Some((407, None, None)));
        let told = "HTTP/1.1 502 Bad Gateway\r\nproxy-status: idv; error=dns_error; received-status=407\r\n\r\n";
        assert_eq!(said(told), Some((502, Some("dns_error".into()), Some(407))));
        for head in [
            "",
            "SSH-2.0-OpenSSH\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1\r\n\r\n",
            "HTTP/1.1 abc\r\n\r\n",
            "HTTP/2 200\r\n\r\n",
        ] {
            assert_eq!(said(head), None, "{head}");
        }
        assert_eq!(parse(b"\xff"), None);
    }

    #[test]
    fn a_head_that_does_not_end_is_given_up() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let read = |text: Vec<u8>| runtime.block_on(read_head(&mut text.as_slice())).map_err(|error| error.kind());
        let head = |length: usize| [vec![b'a'; length - 4], b"\r\n\r\n".to_vec()].concat();
        assert_eq!(read(head(LIMIT)), Ok(head(LIMIT)));
        assert_eq!(read(head(LIMIT + 1)), Err(ErrorKind::InvalidData));
        assert_eq!(read(b"HTTP/1.1 200 OK\r\n".to_vec()), Err(ErrorKind::UnexpectedEof));
    }
}
