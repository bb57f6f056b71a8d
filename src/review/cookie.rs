//! The cookies of an operator's browser: the session's, which holds its token and nothing else, since what that is good for is
//! in the store; what goes to the provider and back; and how they like to work, by which nobody may do anything, and which
//! does not say who they are.

use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::HeaderValue;

use super::Console;
use crate::verification::operator::session::{OperatorSessionId, OperatorToken};
use crate::web::cookie::pairs;

/// The session's.
const SESSION: &str = "idv-operator";
/// What goes to the provider and back.
const WAY: &str = "idv-operator-way";

/// The session whose cookie the browser presents, whether or not there is one.
pub(super) fn session(console: &Console, headers: &HeaderMap) -> Option<OperatorSessionId> {
    values(console, SESSION, headers).find_map(OperatorToken::parse).map(OperatorToken::session)
}

/// What the browser carries to the provider and back, sealed.
pub(super) fn way<'h>(console: &Console, headers: &'h HeaderMap) -> Option<&'h str> {
    values(console, WAY, headers).next()
}

/// The header that has the browser carry `sealed` there and back. `Lax`, since it comes back from another site. One way at a
/// time: whoever sets out twice comes back once.
pub(super) fn set_way(console: &Console, sealed: &str) -> HeaderValue {
    header(console, WAY, sealed, "Lax", None)
}

/// The header that takes that away.
pub(super) fn take_way_away(console: &Console) -> HeaderValue {
    header(console, WAY, "", "Lax", Some(Duration::ZERO))
}

/// The header that gives the browser the session of `token`, until it is closed. `Strict`: no other site's link brings it.
pub(super) fn set(console: &Console, token: OperatorToken) -> HeaderValue {
    header(console, SESSION, &token.to_string(), "Strict", None)
}

/// The header that takes it away.
pub(super) fn take_away(console: &Console) -> HeaderValue {
    header(console, SESSION, "", "Strict", Some(Duration::ZERO))
}

/// What the browser remembers as `name`.
pub(super) fn remembered<'h>(console: &Console, name: &str, headers: &'h HeaderMap) -> Option<&'h str> {
    values(console, name, headers).next()
}

/// The header by which it remembers `value`, of our own words, as `name` for `time`.
pub(super) fn remember(console: &Console, name: &str, value: &str, time: Duration) -> HeaderValue {
    header(console, name, value, "Strict", Some(time))
}

/// Whatever the browser presents as `name`.
fn values<'h>(console: &Console, name: &str, headers: &'h HeaderMap) -> impl Iterator<Item = &'h str> {
    let name = [prefix(console), name].concat();
    let named = pairs(headers).filter(move |(known, _)| *known == name.as_bytes());
    named.filter_map(|(_, value)| str::from_utf8(value).ok())
}

/// The header of a cookie that is kept for so long, or until the browser is closed.
fn header(console: &Console, name: &str, value: &str, same_site: &str, time: Option<Duration>) -> HeaderValue {
    let age = time.map_or_else(String::new, |time| format!("; Max-Age={}", time.as_secs()));
    let secure = if console.url.is_https() { "; Secure" } else { "" };
    let prefix = prefix(console);
    let cookie = format!("{prefix}{name}={value}; Path=/{age}; HttpOnly; SameSite={same_site}{secure}");
    HeaderValue::try_from(cookie).expect("base64url and our own words are a header value")
}

/// A browser keeps a `__Host-` cookie from any other host, any subdomain and any plain connection. On plain HTTP, which is
/// loopback alone, no browser takes that prefix.
fn prefix(console: &Console) -> &'static str {
    if console.url.is_https() { "__Host-" } else { "" }
}
