//! Forms in chunks, as they come from proxies that were told no length: Cloudflare's tunnel, HTTP/2 through `HAProxy`.

use std::fmt::Write as _;

use crate::support::process::{Installation, Login, Service};
use crate::support::token::{SUBJECT, TENANT};
use crate::support::wire;

/// `chunks` in the place of the body of a form for `login`.
fn submit(service: &Service, login: &Login, coding: &str, chunks: &str) -> String {
    let form = wire::post(&format!("{}/desk", login.path), &login.cookie, "");
    let form = form.replace("Content-Length: 0", coding).replace("Connection: close\r\n", "");
    service.exchange(&(form + chunks)).unwrap()
}

/// `body` in pieces of `size`, with what stands behind the size of each and in the end.
fn chunks(body: &str, size: usize, extension: &str, trailers: &str) -> String {
    let mut text = String::new();
    for piece in body.as_bytes().chunks(size) {
        write!(text, "{:x}{extension}\r\n{}\r\n", piece.len(), str::from_utf8(piece).unwrap()).unwrap();
    }
    text + "0\r\n" + trailers + "\r\n"
}

#[test]
fn a_form_in_chunks_is_a_form() {
    // Nobody behind such a proxy could submit: 400.
    let installation = Installation::new();
    let service = installation.serve();
    for (index, (coding, size, extension, trailers)) in [
        ("Transfer-Encoding: chunked", 1000, "", ""),
        ("transfer-encoding: Chunked", 7, "", ""),
        ("TRANSFER-ENCODING:\tCHUNKED ", 1, "", ""),
        ("Transfer-Encoding: chunked", 5, ";name=value", ""),
        ("Transfer-Encoding: chunked\r\nTrailer: X", 5, "", "X: y\r\n"),
        ("Transfer-Encoding: chunked\r\nExpect: 100-continue", 5, "", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let code = installation.json(&["desk", "issue", "--tenant", TENANT, "--subject", SUBJECT])["code"].clone();
        let login = service.begin(SUBJECT, &format!("chunks {index}"));
        let body = chunks(&format!("code={}", code.as_str().unwrap()), size, extension, trailers);
        let answer = submit(&service, &login, coding, &body);
        let answer = answer.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&answer);
        assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("/continue?state="), "{coding}: {answer}");
        assert_eq!(wire::header(answer, "connection"), Some("close"));
    }
}

#[test]
fn a_form_in_chunks_is_as_small_as_any() {
    let installation = Installation::new();
    let service = installation.serve();
    let login = service.begin(SUBJECT, "small");
    let form = |length: usize| format!("code=x{}", "&".repeat(length - 6));
    let long = "x".repeat(16 * 1024);
    for (status, body) in [
        (422, chunks(&form(8192), 8192, "", "")),
        (422, chunks(&form(8192), 1, "", "")),
        (413, chunks(&form(8193), 8193, "", "")),
        (413, chunks(&form(8193), 1, "", "")),
        (413, "ffffffffffffffff\r\n".to_owned() + &"&".repeat(8193)),
        (400, chunks(&form(100), 100, &format!(";{long}"), "")),
        (400, chunks(&form(100), 100, "", &format!("X: {long}\r\n"))),
        (400, chunks(&form(100), 100, "", &"X: y\r\n".repeat(101))),
        (400, "10000000000000000\r\nx".to_owned()),
        (400, "x\r\n".to_owned()),
    ] {
        let answer = submit(&service, &login, "Transfer-Encoding: chunked", &body);
        let told = &body[..body.len().min(60)];
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "not {status} for {told}: {answer}");
        assert!(answer.contains("<h1>"), "a page for {told}: {answer}");
    }
}

#[test]
fn a_form_with_both_a_length_and_chunks_is_read_by_the_chunks_and_ends_the_connection() {
    // RFC 9112 §6.3. The one who passed it on may have read the length.
    let installation = Installation::new();
    let service = installation.serve();
    let login = service.begin(SUBJECT, "both");
    for coding in
        ["Content-Length: 500\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 500"]
    {
        let next = wire::get("/health", "");
        let answer = submit(&service, &login, coding, &(chunks("code=AAAA", 100, "", "") + &next));
        assert!(answer.starts_with("HTTP/1.1 422") && !answer.contains("ready\n"), "{answer}");
        assert_eq!(wire::header(&answer, "connection"), Some("close"));
    }
}
