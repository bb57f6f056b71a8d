//! What is asked and what is answered.

use std::fmt;
use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use jiff::fmt::rfc2822;
use zeroize::Zeroizing;

use crate::verification::time::Timestamp;
use crate::verification::url::Url;

/// How something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// For what is there.
    Get,
    /// With what is brought.
    Post,
}

/// A request, to be asked once; a clone of it once more. `Host`, `User-Agent` and the body's length are not among its headers: they are the way out's own.
#[derive(Clone)]
pub struct Ask {
    /// How.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// With what in its head. Those that are secret are marked as sensitive by who puts them there.
    pub headers: HeaderMap,
    /// With what in its body.
    pub body: Bytes,
}

impl Ask {
    /// `GET url`.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self { method: Method::Get, url, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// `POST url` with `body`, which is of `content_type`.
    #[must_use]
    pub fn post(url: Url, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        Self { method: Method::Post, url, headers, body: body.into() }
    }

    /// `POST url` with `form`, as a client of OAuth, which is answered in JSON; `authorization` is shown where there is one.
    /// None if that is no header's value.
    #[must_use]
    pub fn form(url: Url, form: Zeroizing<String>, authorization: Option<&str>) -> Option<Self> {
        let mut ask = Self::post(url, "application/x-www-form-urlencoded", Bytes::from_owner(form));
        ask.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        match authorization {
            Some(authorization) => ask.authorized(authorization),
            None => Some(ask),
        }
    }

    /// With `authorization`, which is marked as secret. None if that is no header's value.
    #[must_use]
    pub fn authorized(mut self, authorization: &str) -> Option<Self> {
        let mut value = HeaderValue::try_from(authorization).ok()?;
        value.set_sensitive(true);
        self.headers.insert(header::AUTHORIZATION, value);
        Some(self)
    }
}

/// An answer, whatever its status. A redirect is one too, and nobody follows it. Its body may be about a person, or tokens,
/// and is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Of what type its body is, in lower case and without parameters.
    pub content_type: Option<String>,
    /// How long it may be kept (RFC 9111 §5.2.2), if it tells; no time at all, if it may not.
    pub max_age: Option<Duration>,
    /// The other side's clock (RFC 9110 §6.6.1), if it tells.
    pub date: Option<Timestamp>,
    /// Its whole body.
    pub body: Bytes,
}

impl Reply {
    /// The answer of `status` with what `headers` say and `body`.
    pub(super) fn of(status: u16, headers: &HeaderMap, body: Bytes) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let content_type = text(header::CONTENT_TYPE)
            .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        Self {
            status,
            content_type,
            max_age: text(header::CACHE_CONTROL).and_then(max_age),
            date: text(header::DATE).and_then(instant),
            body,
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, content_type, body, .. } = self;
        f.debug_tuple("Reply").field(status).field(content_type).field(&body.len()).finish()
    }
}

/// How long a `Cache-Control` lets an answer be kept.
fn max_age(control: &str) -> Option<Duration> {
    let directives = || control.split(',').map(|part| part.trim().to_ascii_lowercase());
    if directives().any(|part| part == "no-store" || part == "no-cache") {
        return Some(Duration::ZERO);
    }
    let age = directives().find_map(|part| part.strip_prefix("max-age=").map(str::to_owned))?;
    age.trim_matches('"').parse().ok().map(Duration::from_secs)
}

/// The instant that an HTTP date names.
fn instant(date: &str) -> Option<Timestamp> {
    let instant = rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    instant.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_http_are_read() {
        assert_eq!(instant("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Timestamp::from_unix(784_111_777)));
        assert_eq!(instant("yesterday"), None);
    }

    #[test]
    fn what_was_answered_is_not_printed() {
        let reply = Reply::of(200, &HeaderMap::new(), Bytes::from_static(b"secret"));
        assert_eq!(format!("{reply:?}"), "Reply(200, None, 6)");
    }

    #[test]
    fn an_answer_is_kept_as_long_as_it_says() {
        for (control, expected) in [
            ("max-age=60", Some(60)),
            ("public, Max-Age=3600, must-revalidate", Some(3600)),
            ("max-age=\"5\"", Some(5)),
            ("no-store", Some(0)),
            ("max-age=60, no-cache", Some(0)),
            ("max-age=-1", None),
            ("max-age=", None),
            ("s-maxage=60", None),
            ("", None),
        ] {
            assert_eq!(max_age(control), expected.map(Duration::from_secs), "{control}");
        }
    }

    #[test]
    fn the_type_of_an_answer_is_without_its_parameters() {
        let of = |value: &'static str| {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(value))]);
            Reply::of(200, &headers, Bytes::new()).content_type.unwrap()
        };
        assert_eq!(of("Application/JSON; charset=utf-8"), "application/json");
        assert_eq!(of("application/jwt"), "application/jwt");
    }
}
