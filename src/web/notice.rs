//! What machines ask: `/robots.txt`, `/.well-known/security.txt`, `/.well-known/idv-jwks.json`, `/favicon.ico`.

use std::fmt::Write as _;
use std::time::Duration;

use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};

use super::error::Refusal;
use super::{Answer, App, language, page};

/// How long a `security.txt` may be relied on: RFC 9116 §2.5.5 recommends less than a year.
const RELIABLE_FOR: Duration = Duration::from_hours(180 * 24);

/// Nothing here is for search engines.
pub(super) fn robots() -> Answer {
    page::plain(StatusCode::OK, "User-agent: *\nDisallow: /\n")
}

/// Whom to tell of a vulnerability (RFC 9116); refused if the organisation names nobody.
pub(super) fn security(app: &App) -> Result<Answer, Refusal> {
    let contact = app.branding.support.as_ref().ok_or(Refusal::NotFound)?;
    let expires = app.clock.now().later(RELIABLE_FOR);
    let languages = language::tags().collect::<Vec<_>>().join(", ");
    let mut text = format!("Contact: {}\nExpires: {expires}\nPreferred-Languages: {languages}\n", contact.uri());
    if app.is_https {
        let canonical = writeln!(text, "Canonical: https://{}/.well-known/security.txt", app.authority);
        canonical.expect("writing to memory does not fail");
    }
    Ok(page::plain(StatusCode::OK, text))
}

/// The public keys by which providers know us (RFC 7517 §5); refused if there are none. As JSON: some of those who ask take
/// no `application/jwk-set+json`, and none takes nothing else.
pub(super) fn keys(app: &App) -> Result<Answer, Refusal> {
    let keys = app.parties.published().ok_or(Refusal::NotFound)?;
    let mut answer = Response::new(keys.clone().into());
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    Ok(answer)
}

/// Browsers ask for it whatever a page says. An answer without content keeps the error out of their consoles.
pub(super) fn icon() -> Answer {
    let mut answer = Response::new(http_body_util::Full::default());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    answer
}
