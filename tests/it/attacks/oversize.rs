//! Too much of something: refused early, and without taking it in.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt, split};

use crate::support::http2::{self, DATA, END_HEADERS, HEADERS, block, frame};
use crate::support::process::{Installation, Service};
use crate::support::wire::{self, HOST};
use crate::support::{branded, figure, peer, usage};

const GIBIBYTE: usize = 1024 * 1024 * 1024;
const CHUNK: usize = 16 * 1024;
/// By how much the memory may have grown.
const GROWTH: u64 = 5 * 1024 * 1024;
/// Refused early: the kernels on both sides hold this much of what was sent by then.
const SENT: usize = 32 * 1024 * 1024;

#[test]
fn oversize_heads_are_refused_with_their_status() {
    let installation = Installation::new();
    let service = installation.serve();
    let long = |length| "x".repeat(length);
    let cases = [
        (414, format!("GET /{} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n", long(13 * 1024))),
        // Over the limit of the whole head.
        (431, format!("GET /{} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n", long(70 * 1024))),
        (431, format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nX: {}\r\n\r\n", long(33 * 1024))),
        (431, format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nX: {}\r\n\r\n", long(200 * 1024))),
        (431, format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{}\r\n", "x: y\r\n".repeat(100))),
        (431, format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{}: y\r\n\r\n", long(70 * 1024))),
        (413, post(&service, &format!("Content-Length: {}\r\n", 8 * 1024 + 1))),
    ];
    let count = cases.len();
    for (status, request) in cases {
        let mut wire = wire::connect(service.address, &service.tls).unwrap();
        // The service may have closed before all is sent.
        let _ = wire.write_all(request.as_bytes());
        let answer = wire::read_to_end(&mut wire);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "not {status}: {answer}");
    }
    figure::report(
        "attack-oversize-head",
        "URL, header, header count, length over the limit",
        count,
        "all refused",
        "-",
    );
}

/// A form for a session that is open.
fn post(service: &Service, fields: &str) -> String {
    let login = service.begin("auth0|large", &format!("large-{}", fields.len()));
    wire::post(&format!("{}/desk", login.path), &login.cookie, "").replace("Content-Length: 0\r\n", fields)
}

#[test]
fn a_body_without_end_on_http1_is_refused_early() {
    let installation = Installation::new();
    let service = installation.serve();
    let chunk = [format!("{CHUNK:x}\r\n").into_bytes(), vec![b'x'; CHUNK], b"\r\n".to_vec()].concat();
    let login = service.begin("auth0|large", "large");
    let path = format!("{}/desk", login.path);
    let chunked = wire::post(&path, &login.cookie, "").replace("Content-Length: 0", "Transfer-Encoding: chunked");
    let sized =
        wire::post(&path, &login.cookie, "").replace("Content-Length: 0", &format!("Content-Length: {GIBIBYTE}"));
    let unread = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {GIBIBYTE}\r\n\r\n");
    let before = usage::memory(service.child.id());
    let mut most = 0;
    for (request, status) in [(chunked, "413"), (sized, "413"), (unread, "200")] {
        let (sent, answer) = peer::run(pour(&service, &request, &chunk));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "not {status}: {answer}");
        assert!(sent < SENT, "{sent} bytes were taken");
        most = most.max(sent);
    }
    let grown = usage::memory(service.child.id()).saturating_sub(before);
    figure::report(
        "attack-body-http1",
        "body of 1 GiB, HTTP/1.1",
        3,
        "answered early, closed",
        format!("at most {} KiB sent until then, memory +{} KiB", most / 1024, grown / 1024),
    );
    assert!(grown < GROWTH, "{grown}");
}

/// Sends `request`, then `chunk` until the connection ends or a gibibyte is through: how much was, and the answer.
async fn pour(service: &Service, request: &str, chunk: &[u8]) -> (usize, String) {
    let (mut reader, mut writer) = split(peer::connect(service.address, &service.tls).await.unwrap());
    let (mut sent, mut answer) = (0, Vec::new());
    let write = async {
        writer.write_all(request.as_bytes()).await?;
        while sent < GIBIBYTE {
            writer.write_all(chunk).await?;
            sent += chunk.len();
        }
        std::io::Result::Ok(())
    };
    let read = async { while reader.read_buf(&mut answer).await.is_ok_and(|length| length > 0) {} };
    let _ = tokio::join!(write, read);
    (sent, String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn data_without_end_on_http2_is_refused_early() {
    let installation = Installation::new();
    let service = installation.serve();
    let tls = wire::client_config(&installation.certificate, &[b"h2"]);
    let login = service.begin("auth0|large", "large");
    let before = usage::memory(service.child.id());
    let sent = peer::run(async {
        let form = [
            block("POST", &format!("{}/desk", login.path)),
            http2::literal("cookie", login.cookie.as_bytes()),
            http2::literal("content-type", b"application/x-www-form-urlencoded"),
        ];
        let respectful = endless(&service, &tls, &form.concat(), true).await;
        respectful.max(endless(&service, &tls, &form.concat(), false).await)
    });
    let grown = usage::memory(service.child.id()).saturating_sub(before);
    figure::report(
        "attack-body-http2",
        "DATA without end, HTTP/2",
        2,
        "refused early",
        format!("at most {} KiB sent until then, memory +{} KiB", sent / 1024, grown / 1024),
    );
    assert!(sent < SENT, "{sent} bytes were taken");
    assert!(grown < GROWTH, "{grown}");
}

/// Sends a request with `head` and DATA without end: how much, until the stream or the connection is refused. Who
/// `respects` the answer stops at that; who does not goes on until the connection is closed.
async fn endless(service: &Service, tls: &Arc<ClientConfig>, head: &[u8], respects: bool) -> usize {
    let peer = peer::connect(service.address, tls).await.unwrap();
    let (mut reader, mut writer) = split(peer);
    let mut sent = 0;
    let write = async {
        let begun = [http2::beginning(&[]), frame(HEADERS, END_HEADERS, 1, head)].concat();
        writer.write_all(&begun).await?;
        while sent < GIBIBYTE {
            writer.write_all(&frame(DATA, 0, 1, &[b'x'; 1000])).await?;
            sent += 1000;
        }
        std::io::Result::Ok(())
    };
    let read = async {
        let mut all = Vec::new();
        while reader.read_buf(&mut all).await.is_ok_and(|length| length > 0) {
            let is_refused = http2::frames(&all).iter().any(|frame| frame.kind == HEADERS && frame.stream == 1);
            if respects && is_refused {
                break;
            }
        }
    };
    tokio::select! {
        _ = write => {}
        () = read => {}
    }
    sent
}

#[test]
fn pipelined_requests_are_answered_in_order_and_not_gathered() {
    let count = if figure::is_long() { 10_000 } else { 1_000 };
    let installation = Installation::new();
    let service = branded::serve(&installation);
    let logo = branded::logo(&service);
    let before = usage::memory(service.child.id());
    let (received, peak) = peer::run(async {
        let peer = peer::connect(service.address, &service.tls).await.unwrap();
        let (mut reader, mut writer) = split(peer);
        // Two kinds by turns, told apart by their length.
        let requests = [peer::get("/health"), peer::get(&logo)].concat().repeat(count / 2);
        let write = async { writer.write_all(requests.as_bytes()).await.unwrap() };
        let read = async {
            // By now the service has taken in what it will.
            tokio::time::sleep(Duration::from_secs(1)).await;
            let peak = usage::memory(service.child.id());
            let (mut lengths, mut bytes) = (Vec::new(), Vec::new());
            while lengths.len() < count {
                assert!(reader.read_buf(&mut bytes).await.unwrap() > 0);
                while let Some(length) = peer::take_answer(&mut bytes) {
                    lengths.push(length);
                }
            }
            (lengths, peak.max(usage::memory(service.child.id())))
        };
        let ((), read) = tokio::join!(write, read);
        read
    });
    let in_order = received.iter().enumerate().all(|(index, length)| *length == [6, branded::LOGO_BYTES][index % 2]);
    assert!(in_order, "an answer is out of its place");
    let grown = peak.saturating_sub(before);
    figure::report(
        "attack-pipelining",
        "pipelined requests, half for 64 KiB",
        count,
        "all answered, in order",
        format!("memory +{} KiB", grown / 1024),
    );
    assert!(grown < GROWTH, "{grown}");
}
