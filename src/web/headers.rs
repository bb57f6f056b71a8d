//! What every request must have, and what every response gets.

use hyper::body::Body;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Version};

use super::error::Refusal;
use super::{Answer, App};

/// The longest path and query that is looked at: room for the longest token and state, percent-encoded.
const URI_LIMIT: usize = 12 * 1024;
/// The most header bytes that are looked at: room for the cookies of a dozen logins at once.
const HEADERS_LIMIT: usize = 32 * 1024;

/// Refuses what no browser sends and proxies disagree about.
pub(super) fn check(parts: &Parts) -> Result<(), Refusal> {
    let headers = &parts.headers;
    if parts.uri.path_and_query().is_some_and(|path| path.as_str().len() > URI_LIMIT) {
        return Err(Refusal::UriTooLong);
    }
    if headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > HEADERS_LIMIT {
        return Err(Refusal::HeadersTooLong);
    }
    // No path, as in CONNECT: idv is no proxy.
    if parts.uri.path_and_query().is_none() {
        return Err(Refusal::Ambiguous("no path"));
    }
    // RFC 9112 §3.2: exactly one Host, in HTTP/1.1. Health checks of HTTP/1.0 have none, and HTTP/2 has it in the target.
    let hosts = headers.get_all(header::HOST).iter().count();
    let may_miss = parts.version == Version::HTTP_10 || parts.uri.authority().is_some();
    if hosts > 1 || (hosts == 0 && !may_miss) {
        return Err(Refusal::Ambiguous("not exactly one host"));
    }
    check_coding(parts)
}

/// Proxies pass a form on in chunks where its length was not known to them. Everything else is how requests are smuggled
/// (RFC 9112 §6.1). Where a length stands beside the chunks, hyper has taken it away by now, reads the chunks, and ends
/// the connection.
fn check_coding(parts: &Parts) -> Result<(), Refusal> {
    let mut codings = parts.headers.get_all(header::TRANSFER_ENCODING).iter();
    let Some(coding) = codings.next() else { return Ok(()) };
    let is_alone = codings.next().is_none() && !parts.headers.contains_key(header::CONTENT_LENGTH);
    let is_chunked = coding.as_bytes().eq_ignore_ascii_case(b"chunked");
    if is_alone && is_chunked && parts.version == Version::HTTP_11 {
        Ok(())
    } else {
        Err(Refusal::Ambiguous("a transfer coding that is not chunked alone"))
    }
}

/// Whether `body` comes in chunks.
pub(super) fn is_in_chunks(parts: &Parts, body: &impl Body) -> bool {
    !body.is_end_stream() && parts.headers.contains_key(header::TRANSFER_ENCODING)
}

static STATIC: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // The start's URL carries tokens; nobody is told where a person came from.
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    ),
];

/// For everything but pages with a form: nothing loads from elsewhere, nothing is embedded, nothing is submitted.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// For pages with a form. Without `form-action`: a browser applies it to every redirect that follows a submission
/// (contract 13), and the last of those leads to the application, whose address idv does not know and which may be an
/// app's own scheme. The templates escape whatever they show, so that nothing can aim a form elsewhere.
const FORM_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Two years, and whatever hosts there are below this one, as the preload lists ask.
const TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
const CLOSE: HeaderValue = HeaderValue::from_static("close");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Lets the forms of a page lead out.
pub(super) fn allow_forms(answer: &mut Answer) {
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, FORM_POLICY);
}

/// Ends the connection after `answer`: what follows on it may be of the same request to whoever passed it on. HTTP/2 has
/// frames, and no such header.
pub(super) fn end_connection(parts: &Parts, answer: &mut Answer) {
    if parts.version < Version::HTTP_2 {
        answer.headers_mut().insert(header::CONNECTION, CLOSE);
    }
}

/// Completes the response to the request of `parts`: the security headers, no body where none may be, and the end of the
/// connection after a request `in_chunks`. Of where those end, readers have differed, so nothing is ever taken for the next
/// request.
pub(super) fn complete(app: &App, parts: &Parts, in_chunks: bool, mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.reserve(10);
    for (name, value) in &STATIC {
        headers.insert(name, value.clone());
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY);
    headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
    if app.is_https && !is_loopback(app) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY);
    }
    if in_chunks {
        end_connection(parts, &mut answer);
    }
    if parts.method == Method::HEAD {
        *answer.body_mut() = http_body_util::Full::default();
    }
    answer
}

/// There a browser would hold every other program of this machine to HTTPS too, on whatever port (RFC 6797 §8.3).
fn is_loopback(app: &App) -> bool {
    matches!(app.authority.split(':').next(), Some("localhost" | "127.0.0.1"))
}
