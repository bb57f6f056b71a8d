//! Requests that are built before the clock runs and only copied while it does.

use crate::connection::Protocol;
use crate::product::HOST;
use crate::token::{Signer, TENANT};
use anyhow::Result;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, COOKIE, HOST as HOST_HEADER, LOCATION, SET_COOKIE};
use hyper::{Request, Response, StatusCode, http};

pub(crate) type Body = Full<Bytes>;

/// What an answer must be; the error says what it was instead.
pub(crate) type Check = fn(&Response<Incoming>) -> Result<(), String>;

/// So many starts, by different people.
pub(crate) fn starts(signer: &Signer, protocol: Protocol, count: usize) -> Result<Vec<Request<Body>>> {
    (0..count).map(|_| Ok(page(protocol, &signer.arrival()?.target, None)?)).collect()
}

/// A GET, with the cookie of a session where there is one.
pub(crate) fn page(protocol: Protocol, target: &str, cookie: Option<&str>) -> http::Result<Request<Body>> {
    let mut request = head(protocol, target);
    if let Some(cookie) = cookie {
        request = request.header(COOKIE, cookie);
    }
    request.body(Body::default())
}

/// A form that the browser sends from one of the service's own pages, over HTTP/1.1.
pub(crate) fn form(target: &str, cookie: &str, body: String) -> http::Result<Request<Body>> {
    head(Protocol::Http1, target)
        .method("POST")
        .header(COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
}

/// A photo that the browser sends likewise.
pub(crate) fn upload(protocol: Protocol, target: &str, cookie: &str, file: &[u8]) -> http::Result<Request<Body>> {
    let part = "--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n";
    head(protocol, target)
        .method("POST")
        .header(COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from([part.as_bytes(), file, b"\r\n--edge--\r\n"].concat()))
}

/// 303 with a cookie: the person's session has begun.
pub(crate) fn is_start(answer: &Response<Incoming>) -> Result<(), String> {
    has_status(answer, StatusCode::SEE_OTHER)?;
    let complete = answer.headers().contains_key(LOCATION) && answer.headers().contains_key(SET_COOKIE);
    if complete { Ok(()) } else { Err("a 303 without Location or Set-Cookie".to_owned()) }
}

/// 303 back to the tenant, with the result.
pub(crate) fn is_return(answer: &Response<Incoming>) -> Result<(), String> {
    has_status(answer, StatusCode::SEE_OTHER)?;
    let target = answer.headers().get(LOCATION).and_then(|target| target.to_str().ok()).unwrap_or_default();
    let rest = target.strip_prefix("https://").and_then(|rest| rest.strip_prefix(TENANT));
    if rest.is_some_and(|rest| rest.starts_with("/continue?")) { Ok(()) } else { Err(format!("a 303 to {target:?}")) }
}

/// 200.
pub(crate) fn is_page(answer: &Response<Incoming>) -> Result<(), String> {
    has_status(answer, StatusCode::OK)
}

fn has_status(answer: &Response<Incoming>, expected: StatusCode) -> Result<(), String> {
    if answer.status() == expected {
        return Ok(());
    }
    Err(format!("status {} instead of {}", answer.status().as_u16(), expected.as_u16()))
}

/// HTTP/1.1 names the host in a header, HTTP/2 in the address (RFC 9112 §3.2, RFC 9113 §8.3.1).
fn head(protocol: Protocol, target: &str) -> http::request::Builder {
    match protocol {
        Protocol::Http1 => Request::builder().uri(target).header(HOST_HEADER, HOST),
        Protocol::Http2 => Request::builder().uri(format!("https://{HOST}{target}")),
    }
}
