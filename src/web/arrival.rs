//! Who arrives at a session from another site. Safari may keep back a cookie that a redirect from there has just set,
//! and sends it as soon as a page of ours leads on: so such a page comes before anybody is told that a cookie is missing.

use hyper::header::HeaderValue;
use hyper::http::request::Parts;

use super::cookie::Name;
use super::route::Wish;
use super::{App, cookie};

/// The query of an address that a page of ours has led to. With any query nobody is led on again: proxies spell one anew
/// or add to it, and take away a parameter without a value, and who has no cookies would be led on for ever.
const MARK: &str = "arrived=1";

/// Whether the cookie of the session whose page is asked for is missing, and may yet come.
pub(super) fn is_early(app: &App, wish: Wish, parts: &Parts) -> bool {
    let (Wish::Show(id) | Wish::Page(id, _) | Wish::Return(id)) = wish else { return false };
    let is_there = |name| cookie::is_there(app, name, &parts.headers);
    let is_missing = || !is_there(Name::Session(id)) && !is_there(Name::Phone(id));
    is_from_elsewhere(parts) && parts.uri.query().is_none() && is_missing()
}

/// The address of the same page, to be asked for from a page of ours.
pub(super) fn once_more(parts: &Parts) -> String {
    [parts.uri.path(), "?", MARK].concat()
}

/// Where the browser does not say so, it may be.
fn is_from_elsewhere(parts: &Parts) -> bool {
    let site = parts.headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    matches!(site, None | Some(b"cross-site"))
}
