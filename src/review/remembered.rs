//! What an operator's browser remembers of how they work. None of it lets anybody do anything, or says who they are.

use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::HeaderValue;

use super::Console;
use crate::web::cookie::pairs;

/// What it remembers as `name`.
pub(super) fn value<'h>(console: &Console, name: &str, headers: &'h HeaderMap) -> Option<&'h str> {
    let name = [prefix(console), name].concat();
    let mut named = pairs(headers).filter(|(known, _)| *known == name.as_bytes());
    named.find_map(|(_, value)| str::from_utf8(value).ok())
}

/// The header by which it remembers `value`, of our own words, as `name` for `time`.
pub(super) fn header(console: &Console, name: &str, value: &str, time: Duration) -> HeaderValue {
    let (prefix, time) = (prefix(console), time.as_secs());
    let secure = if console.url.is_https() { "; Secure" } else { "" };
    let cookie = format!("{prefix}{name}={value}; Path=/; Max-Age={time}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::try_from(cookie).expect("our own words are a header value")
}

/// On plain HTTP, which is loopback alone, no browser takes the other.
fn prefix(console: &Console) -> &'static str {
    if console.url.is_https() { "__Host-" } else { "" }
}
