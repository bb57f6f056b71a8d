//! HTTP/2 frames, byte by byte (RFC 9113), with header blocks that need no dynamic table (RFC 7541).

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::peer::Peer;
use super::wire::HOST;

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

pub(crate) const END_STREAM: u8 = 1;
pub(crate) const ACK: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

/// The reason that a client resets a stream for.
pub(crate) const CANCEL: [u8; 4] = [0, 0, 0, 8];

pub(crate) const INITIAL_WINDOW_SIZE: u16 = 4;

pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A frame.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// What a client begins with; `settings` are pairs of identifier and value.
pub(crate) fn beginning(settings: &[(u16, u32)]) -> Vec<u8> {
    let mut payload = Vec::new();
    for (identifier, value) in settings {
        payload.extend_from_slice(&identifier.to_be_bytes());
        payload.extend_from_slice(&value.to_be_bytes());
    }
    [PREFACE, &frame(SETTINGS, 0, 0, &payload)].concat()
}

/// A header field that stands for itself: no index, no Huffman coding.
pub(crate) fn literal(name: &str, value: &[u8]) -> Vec<u8> {
    let mut field = vec![0];
    string(&mut field, name.as_bytes());
    string(&mut field, value);
    field
}

/// RFC 7541 §5.1 and §5.2, with a prefix of seven bits.
fn string(field: &mut Vec<u8>, text: &[u8]) {
    if text.len() < 127 {
        field.push(u8::try_from(text.len()).unwrap());
    } else {
        field.push(127);
        let mut rest = text.len() - 127;
        while rest >= 128 {
            field.push(u8::try_from(rest % 128).unwrap() | 128);
            rest /= 128;
        }
        field.push(u8::try_from(rest).unwrap());
    }
    field.extend_from_slice(text);
}

/// The header block of a request.
pub(crate) fn block(method: &str, path: &str) -> Vec<u8> {
    [
        literal(":method", method.as_bytes()),
        literal(":scheme", b"https"),
        literal(":authority", HOST.as_bytes()),
        literal(":path", path.as_bytes()),
    ]
    .concat()
}

/// A whole GET.
pub(crate) fn get(stream: u32, path: &str) -> Vec<u8> {
    frame(HEADERS, END_STREAM | END_HEADERS, stream, &block("GET", path))
}

/// Lets the other side send `more` bytes on `stream`, or on the connection where that is 0.
pub(crate) fn window_update(stream: u32, more: u32) -> Vec<u8> {
    frame(WINDOW_UPDATE, 0, stream, &more.to_be_bytes())
}

/// A frame that came.
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

pub(crate) async fn read(peer: &mut Peer) -> std::io::Result<Frame> {
    let mut head = [0; 9];
    peer.read_exact(&mut head).await?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; length as usize];
    peer.read_exact(&mut payload).await?;
    let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
    Ok(Frame { kind: head[3], flags: head[4], stream, payload })
}

/// The whole frames of what came.
pub(crate) fn frames(mut bytes: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let Some((head, rest)) = bytes.split_at_checked(9) {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let Some((payload, rest)) = rest.split_at_checked(length) else { break };
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        frames.push(Frame { kind: head[3], flags: head[4], stream, payload: payload.to_vec() });
        bytes = rest;
    }
    frames
}

/// Begins, asks for `path` on stream 1, and reads until that is answered.
pub(crate) async fn ask(peer: &mut Peer, path: &str) {
    let request = [beginning(&[]), frame(SETTINGS, ACK, 0, &[]), get(1, path)].concat();
    peer.write_all(&request).await.unwrap();
    loop {
        let frame = read(peer).await.unwrap();
        if frame.stream == 1 && matches!(frame.kind, DATA | HEADERS) && frame.flags & END_STREAM != 0 {
            return;
        }
    }
}
