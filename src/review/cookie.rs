//! The cookie of an operator's session. It holds the session's token and nothing else; what it is good for is in the store.

use hyper::HeaderMap;
use hyper::header::HeaderValue;

use super::Console;
use crate::verification::operator::session::{OperatorSessionId, OperatorToken};
use crate::web::cookie::pairs;

/// A browser keeps a `__Host-` cookie from any other host, any subdomain and any plain connection.
const SECURE: &str = "__Host-idv-operator";
/// Of a cookie that is to go.
const GONE: &str = "; Max-Age=0";
/// On plain HTTP, which is loopback alone, no browser takes that prefix.
const PLAIN: &str = "idv-operator";

fn name(console: &Console) -> &'static str {
    if console.url.is_https() { SECURE } else { PLAIN }
}

/// The session whose cookie the browser presents, whether or not there is one.
pub(super) fn session(console: &Console, headers: &HeaderMap) -> Option<OperatorSessionId> {
    let name = name(console).as_bytes();
    let mut ours = pairs(headers).filter(|(known, _)| *known == name);
    let token = ours.find_map(|(_, value)| OperatorToken::parse(str::from_utf8(value).ok()?));
    token.map(OperatorToken::session)
}

/// What the browser carries to the provider and back, sealed.
pub(super) fn way<'h>(console: &Console, headers: &'h HeaderMap) -> Option<&'h str> {
    let name = way_name(console).as_bytes();
    let mut ours = pairs(headers).filter(|(known, _)| *known == name);
    ours.find_map(|(_, value)| str::from_utf8(value).ok())
}

fn way_name(console: &Console) -> &'static str {
    if console.url.is_https() { "__Host-idv-operator-way" } else { "idv-operator-way" }
}

/// The header that has the browser carry `sealed` there and back. `Lax`, since it comes back from another site. One way at a
/// time: whoever sets out twice comes back once.
pub(super) fn set_way(console: &Console, sealed: &str) -> HeaderValue {
    header(console, way_name(console), sealed, "Lax", "")
}

/// The header that takes that away.
pub(super) fn take_way_away(console: &Console) -> HeaderValue {
    header(console, way_name(console), "", "Lax", GONE)
}

/// The header that gives the browser the session of `token`, until it is closed. `Strict`: no other site's link brings it.
pub(super) fn set(console: &Console, token: OperatorToken) -> HeaderValue {
    header(console, name(console), &token.to_string(), "Strict", "")
}

/// The header that takes it away.
pub(super) fn take_away(console: &Console) -> HeaderValue {
    header(console, name(console), "", "Strict", GONE)
}

fn header(console: &Console, name: &str, value: &str, same_site: &str, age: &str) -> HeaderValue {
    let secure = if console.url.is_https() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/{age}; HttpOnly; SameSite={same_site}{secure}");
    HeaderValue::try_from(cookie).expect("base64url and our own words are a header value")
}
