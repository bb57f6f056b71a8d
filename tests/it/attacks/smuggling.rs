//! Requests in requests: whatever two readers of a connection could disagree about, no part of one request is ever
//! answered as another.
//!
//! The ways to write a header so that some server reads it and some does not are those of the tools that look for such
//! servers: `smuggler` by Evan Custodio (MIT licence) and HTTP Request Smuggler by `PortSwigger` (Apache-2.0), by the names
//! and bytes that they list.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::process::{Installation, Login, Service};
use crate::support::wire::{self, HOST};
use crate::support::{figure, framing};

/// The request that is smuggled, and the one that really follows.
const HIDDEN: &str = "/health";
const NEXT: &str = "/well-known-to-nobody";
/// For an answer, where the service rightly waits for more.
const PATIENCE: Duration = Duration::from_millis(500);
const AT_ONCE: usize = 16;

/// Bytes that some parser takes for a space, a line's end or nothing; in the long run all there are.
fn odd_bytes() -> Vec<u8> {
    if figure::is_long() {
        return (0..=255).collect();
    }
    vec![0x00, 0x01, 0x04, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1f, 0x20, 0x7f, 0x85, 0xa0, 0xad, 0xff]
}

/// Header lines that may or may not be `Transfer-Encoding: chunked`.
fn encodings() -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = [
        "Transfer-Encoding: chunked",
        "Transfer-Encoding:chunked",
        "Transfer-Encoding:  chunked",
        "Transfer-Encoding:\tchunked",
        "Transfer-Encoding\t:\tchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding x: chunked",
        "Transfer Encoding: chunked",
        "Transfer Encoding:chunked",
        "Transfer_Encoding: chunked",
        "Transfer\\Encoding: chunked",
        " Transfer-Encoding: chunked",
        "X: X\r\n Transfer-Encoding: chunked",
        "X: X\r\n\tTransfer-Encoding: chunked",
        "Transfer-Encoding:\n chunked",
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding:\r\n\tchunked",
        "Transfer-Encoding:\r\n \r\n chunked",
        "Transfer-Encoding\n : chunked",
        "Transfer\r-Encoding: chunked",
        "X: X\rTransfer-Encoding: chunked",
        "X: X\nTransfer-Encoding: chunked",
        "X: X\n\rTransfer-Encoding: chunked",
        "X\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, cow",
        "Transfer-Encoding: cow, chunked",
        "Transfer-Encoding: cow chunked bar",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: chunk",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: 'chunked'",
        "Transfer-Encoding:",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: =?iso-8859-1?B?Y2h1bmtlZA==?=",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow",
        "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "TRANSFER-ENCODING: CHUNKED",
        "TrAnSFer-EnCODinG: cHuNkeD",
        "Content-Encoding: chunked",
        "TE: chunked",
        "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
        "Connection: Content-Length",
        "Foo: bar\r\n\rTransfer-Encoding: chunked",
    ]
    .iter()
    .map(|line| line.as_bytes().to_vec())
    .collect();
    lines.push(b"Transfer-Encoding: ch\x96nked".to_vec());
    lines.push(b"Transf\x82r-Encoding: chunked".to_vec());
    for odd in odd_bytes() {
        // `%` stands for the byte.
        for form in [
            "Transfer-Encoding:%chunked",
            "Transfer-Encoding%: chunked",
            "%Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked%",
            "X: X%Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked%X: X",
            "X: X\r%Transfer-Encoding: chunked",
            "X: X%\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r%X: X",
            "Transfer-Encoding: chunked%\nX: X",
            "%Transfer-Encoding%: chunked",
            "%Transfer-Encoding:%chunked",
            "Transfer-Encoding:%chunked%",
        ] {
            lines.push(form.bytes().map(|byte| if byte == b'%' { odd } else { byte }).collect());
        }
    }
    lines
}

/// Header lines that may or may not say that a body has `length` bytes.
fn lengths(length: usize) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = [
        format!("Content-Length: {length}"),
        format!("Content-Length: +{length}"),
        format!("Content-Length: -{length}"),
        format!("Content-Length: 0{length}"),
        format!("Content-Length: 00000000000{length}"),
        format!("Content-Length: 0 {length}"),
        format!("Content-Length: {length} 0"),
        format!("Content-Length: {length}e0"),
        format!("Content-Length: {length}.0"),
        format!("Content-Length: 0x{length:x}"),
        format!("Content-Length: {length}_"),
        format!("Content-Length: 0, {length}"),
        format!("Content-Length: {length}, 0"),
        format!("Content-Length: {length}, {length}"),
        format!("Content-Length: {length}\r\nContent-Length: 0"),
        format!("Content-Length: 0\r\nContent-Length: {length}"),
        format!("Content-Length: {length}\r\nContent-Length: {length}"),
        format!("Content-Length: {}", (1u128 << 64) + length as u128),
        format!("Content-Length: {}{length}", "9".repeat(40)),
        format!("Content-Length: \"{length}\""),
        format!("Content-Length: '{length}'"),
        format!("Content-Length:\r\n {length}"),
        format!("Content-Length:\n {length}"),
        format!("Content-Length : {length}"),
        format!("Content_Length: {length}"),
        format!("Content Length: {length}"),
        format!(" Content-Length: {length}"),
        format!("X: X\rContent-Length: {length}"),
        format!("X: X\nContent-Length: {length}"),
        format!("X-Invalid Y: \r\nContent-Length: {length}"),
        format!("Content-Length:\r\nX: {length}"),
        format!("Content-Length: {length}\r\nExpect: 100-continue"),
        format!("Content-Length: {length}\r\nExpect: x 100-continue"),
        "Content-Length:".to_owned(),
    ]
    .map(String::into_bytes)
    .to_vec();
    for odd in odd_bytes() {
        for form in
            ["Content-Length:%LENGTH", "Content-Length%: LENGTH", "%Content-Length: LENGTH", "Content-Length: LENGTH%"]
        {
            let line = form.replace("LENGTH", &length.to_string());
            lines.push(line.bytes().map(|byte| if byte == b'%' { odd } else { byte }).collect());
        }
    }
    lines
}

fn hidden() -> String {
    format!("GET {HIDDEN} HTTP/1.1\r\nHost: {HOST}\r\nX: ")
}

fn next() -> String {
    format!("GET {NEXT} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n")
}

/// Requests that begin the same way and go on with `lines`, an empty line and `body`; behind them the next request.
fn cases(login: &Login, lines: &[u8], body: &str) -> Vec<Vec<u8>> {
    let form = "Content-Type: application/x-www-form-urlencoded";
    [
        format!("POST /nowhere HTTP/1.1\r\nHost: {HOST}\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n"),
        format!("POST {}/desk HTTP/1.1\r\nHost: {HOST}\r\nCookie: {}\r\n{form}\r\n", login.path, login.cookie),
        format!("POST {}/desk HTTP/1.0\r\nHost: {HOST}\r\nCookie: {}\r\n{form}\r\n", login.path, login.cookie),
    ]
    .iter()
    .map(|head| [head.as_bytes(), lines, b"\r\n\r\n", body.as_bytes(), next().as_bytes()].concat())
    .collect()
}

/// Each odd encoding beside a length of the whole, beside a length of the first line, and alone.
fn encoded(login: &Login) -> Vec<Vec<u8>> {
    let whole = format!("0\r\n\r\n{}", hidden());
    let chunk = format!("GET {HIDDEN} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 5\r\n\r\n");
    let first = format!("{:x}\r\n", chunk.len());
    let chunks = format!("{first}{chunk}\r\n0\r\n\r\n");
    let mut requests = Vec::new();
    for line in encodings() {
        let with = |length: usize| [line.clone(), format!("\r\nContent-Length: {length}").into_bytes()].concat();
        let before = [format!("Content-Length: {}\r\n", whole.len()).into_bytes(), line.clone()].concat();
        requests.extend(cases(login, &with(whole.len()), &whole));
        requests.extend(cases(login, &before, &whole));
        requests.extend(cases(login, &with(first.len()), &chunks));
        requests.extend(cases(login, &line, &chunks));
    }
    requests
}

/// Each odd length, of a body that is a request.
fn measured(login: &Login) -> Vec<Vec<u8>> {
    let body = format!("{}x\r\n\r\n", hidden());
    lengths(body.len()).iter().flat_map(|line| cases(login, line, &body)).collect()
}

/// Odd chunks, first lines and hosts.
fn framed(login: &Login) -> Vec<Vec<u8>> {
    let request = format!("GET {HIDDEN} HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    let size = request.len();
    let form = "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked";
    // Whether the body is read, thrown away, or nobody's.
    let chunked = [
        format!("POST {}/desk HTTP/1.1\r\nHost: {HOST}\r\nCookie: {}\r\n{form}\r\n\r\n", login.path, login.cookie),
        format!("POST /nowhere HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n"),
        format!("GET /nowhere HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ];
    let beginnings = [
        format!("0x{size:x}\r\n"),
        format!("+{size:x}\r\n"),
        format!("-{size:x}\r\n"),
        format!(" {size:x}\r\n"),
        format!("{size:x} \r\n"),
        format!("{size:x}\n"),
        format!("{size:x}\r"),
        format!("{size:x};x\n"),
        format!("{size:x};\r\n"),
        format!("{size:x};x=\"\r\n\"\r\n"),
        format!("1{size:016x}\r\n"),
        format!("{}{size:x}\r\n", "0".repeat(100)),
        format!("{size:x};x\ry\r\n"),
        format!("{size:x};{}\r\n", "x".repeat(17_000)),
        format!("{size:x}\u{b}\r\n"),
        format!("{size:X}\r\n"),
        "0\r\n\r\n".to_owned(),
        "00000\r\n\r\n".to_owned(),
        "0\r\nX: Y\r\n\r\n".to_owned(),
        "0\r\nX: Y\n\n".to_owned(),
        "0\r\nX: Y\r\n\n".to_owned(),
        "0\r\nX\r\n\r\n".to_owned(),
        "0\r\n\n".to_owned(),
        "0\r\n\rX".to_owned(),
        "0\r\nContent-Length: 100\r\n\r\n".to_owned(),
        "0\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
        "1\r\nxx\r\n0\r\n\r\n".to_owned(),
        "1\r\nx0\r\n\r\n".to_owned(),
        "1\nx\n0\n\n".to_owned(),
        "0\n\n".to_owned(),
        "0\r\n".to_owned(),
        "\r\n".to_owned(),
    ];
    let chunks = chunked.iter().flat_map(|head| {
        beginnings.iter().map(|first| format!("{head}{first}{request}\r\n0\r\n\r\n")).collect::<Vec<_>>()
    });
    let heads = [
        format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nHost: evil.example\r\n\r\n{request}"),
        format!("GET / HTTP/1.1\r\nHost : {HOST}\r\n\r\n{request}"),
        format!("GET / HTTP/1.1\r\n Host: {HOST}\r\n\r\n{request}"),
        format!("GET / HTTP/1.1\r\n\r\n{request}"),
        format!("GET / HTTP/1.0\r\n\r\n{request}"),
        format!("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n{request}"),
        format!("GET / HTTP/1.0\r\nConnection: keep-alive\r\nHost: {HOST}\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET  / HTTP/1.1\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET /  HTTP/1.1\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET\t/\tHTTP/1.1\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET / HTTP/1.1 \r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET / HTTP/1.10\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET / HTTP/2.0\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET / http/1.1\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET / HTTP/1.1\r\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET / HTTP/1.1\rHost: {HOST}\r\n\r\n{request}"),
        format!("GET /\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET /\r\n{request}"),
        format!("GET / HTTP/1.1 GET {HIDDEN} HTTP/1.1\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("GET / HTTP/1.1\r\nHost: {HOST}\0\r\n\r\n{request}"),
        format!("GET / HTTP/1.1\0\r\nHost: {HOST}\r\n\r\n{request}"),
        format!("CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}\r\n\r\n{request}"),
        format!(
            "GET / HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n{request}"
        ),
        format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{request}"),
    ];
    chunks.chain(heads).map(|request| (request + &next()).into_bytes()).collect()
}

/// The answers to the hidden request and to the next one, in their order, and how many others there are.
fn answers(service: &Service, request: &[u8]) -> (Vec<&'static str>, usize) {
    let mut wire = wire::connect(service.address, &service.tls).unwrap();
    wire.sock.set_read_timeout(Some(PATIENCE)).unwrap();
    // The service may have closed before all is sent.
    let _ = wire.write_all(request);
    let text = wire::read_to_end(&mut wire);
    let (mut ours, mut others) = (Vec::new(), 0);
    for answer in text.split("HTTP/1.").skip(1).filter(|answer| !answer.starts_with("1 100")) {
        if answer.ends_with("\r\n\r\nready\n") {
            ours.push(HIDDEN);
        } else if answer.starts_with("1 404") || answer.starts_with("0 404") {
            ours.push(NEXT);
        } else {
            others += 1;
        }
    }
    (ours, others)
}

#[test]
fn no_part_of_a_request_is_ever_answered_as_another() {
    let installation = Installation::new();
    let service = installation.serve();
    let login = service.begin("auth0|smuggled", "smuggled");
    let requests = [encoded(&login), measured(&login), framed(&login)].concat();
    let (taken, refused, place) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(request) = requests.get(place.fetch_add(1, Ordering::SeqCst)) {
                    let is_right = check(&service, request);
                    if is_right { &taken } else { &refused }.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    let (taken, refused) = (taken.into_inner(), refused.into_inner());
    assert!(taken > 0 && refused > taken, "{taken} taken, {refused} refused");
    figure::report(
        "attack-smuggling",
        "requests in requests, HTTP/1.1: lengths, encodings, chunks, lines, hosts",
        format!("{} connections", requests.len()),
        "0 desynchronized",
        format!("{taken} read as RFC 9112 reads them, {refused} refused or closed"),
    );
}

/// Fails the test unless what is answered is what a strict reader sees, or less. Whether it is all of that.
fn check(service: &Service, request: &[u8]) -> bool {
    let expected: Vec<_> = framing::requests(request);
    // A 404 is for two targets alike.
    let expected: Vec<_> = expected
        .iter()
        .filter_map(|target| match target.as_str() {
            HIDDEN => Some(HIDDEN),
            NEXT | "/nowhere" => Some(NEXT),
            _ => None,
        })
        .collect();
    let (ours, _) = answers(service, request);
    assert!(expected.starts_with(&ours), "{ours:?}, not {expected:?}: {}", request.escape_ascii());
    !expected.is_empty() && ours == expected
}
