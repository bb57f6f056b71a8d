//! What every request must have, and what every response gets.

use hyper::body::Body;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Version};

use super::error::Refusal;
use super::terms::{NO_PERMISSIONS, Terms};
use super::{Answer, App};

/// The longest path and query that is looked at: room for the longest token and state, percent-encoded.
const URI_LIMIT: usize = 12 * 1024;
/// The most header bytes that are looked at: room for the cookies of a dozen logins at once.
const HEADERS_LIMIT: usize = 32 * 1024;

/// Refuses what no browser sends and proxies disagree about.
pub(crate) fn check(parts: &Parts) -> Result<(), Refusal> {
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
pub(crate) fn is_in_chunks(parts: &Parts, body: &impl Body) -> bool {
    !body.is_end_stream() && parts.headers.contains_key(header::TRANSFER_ENCODING)
}

static STATIC: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // The start's URL carries tokens; nobody is told where a person came from.
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// For everything but pages with a form: nothing loads from elsewhere, nothing is embedded, nothing is submitted.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// Two years, and whatever hosts there are below this one, as the preload lists ask.
const TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
const CLOSE: HeaderValue = HeaderValue::from_static("close");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Gives the page of a route what its `terms` allow.
pub(super) fn grant(answer: &mut Answer, terms: &Terms) {
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, terms.policy.clone());
    headers.insert(PERMISSIONS_POLICY, terms.permissions.clone());
}

/// Ends the connection after `answer`: what follows on it may be of the same request to whoever passed it on. HTTP/2 has
/// frames, and no such header.
pub(crate) fn end_connection(parts: &Parts, answer: &mut Answer) {
    if parts.version < Version::HTTP_2 {
        answer.headers_mut().insert(header::CONNECTION, CLOSE);
    }
}

/// Completes the response to the request of `parts`: the security headers, no body where none may be, and the end of the
/// connection after a request `in_chunks`. Of where those end, readers have differed, so nothing is ever taken for the next
/// request.
pub(super) fn complete(app: &App, parts: &Parts, in_chunks: bool, answer: Answer) -> Answer {
    finish(&app.authority, app.is_https, parts, in_chunks, answer)
}

/// The same, of a site that browsers reach at `authority`, by HTTPS or not. What it has set itself stands.
pub(crate) fn finish(authority: &str, is_https: bool, parts: &Parts, in_chunks: bool, mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    secure(headers);
    if is_https && !is_loopback(authority) {
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

/// What nothing was granted in place of is as strict as it can be.
fn secure(headers: &mut HeaderMap) {
    for (name, value) in &STATIC {
        headers.insert(name, value.clone());
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY);
    headers.entry(PERMISSIONS_POLICY).or_insert_with(|| NO_PERMISSIONS.clone());
    headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
}

/// There a browser would hold every other program of this machine to HTTPS too, on whatever port (RFC 6797 §8.3).
fn is_loopback(authority: &str) -> bool {
    matches!(authority.split(':').next(), Some("localhost" | "127.0.0.1"))
}

#[cfg(test)]
mod tests {
    use super::super::terms::USUAL;
    use super::*;

    /// The policies of content and of permissions that an answer leaves with.
    fn policies(granted: Option<&Terms>) -> [String; 2] {
        let mut answer = Answer::default();
        if let Some(terms) = granted {
            grant(&mut answer, terms);
        }
        secure(answer.headers_mut());
        [header::CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY].map(|name| {
            let all: Vec<_> = answer.headers().get_all(name).iter().map(|value| value.to_str().unwrap()).collect();
            all.join(" and ")
        })
    }

    #[test]
    fn a_page_has_what_the_terms_of_its_route_allow_and_what_has_none_is_as_strict_as_ever() {
        static CAMERA: HeaderValue = HeaderValue::from_static("camera=(self), geolocation=(), microphone=()");
        static POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; img-src blob:");
        let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
        let granted = policies(Some(&Terms { permissions: &CAMERA, policy: &POLICY, ..USUAL }));
        assert_eq!(granted, [text(&POLICY), text(&CAMERA)]);
        let [usual, none] = [policies(Some(&USUAL)), policies(None)];
        assert_eq!([&usual[1], &none[1]], ["camera=(), geolocation=(), microphone=()"; 2]);
        assert!(!usual[0].contains("form-action") && none[0].contains("form-action 'none'"), "{usual:?} {none:?}");
    }
}
