//! The session's cookie: one per session, so that two tabs do not disturb each other.

use hyper::HeaderMap;
use hyper::header::{self, HeaderValue};

use super::App;
use crate::verification::session::{Session, SessionId};
use crate::verification::token::LOGIN_LIFETIME;

/// A browser keeps a `__Host-` cookie from any other host, any subdomain and any plain connection.
const SECURE_PREFIX: &str = "__Host-idv-";
/// On plain HTTP, which is loopback alone, no browser takes that prefix.
const PLAIN_PREFIX: &str = "idv-";

fn prefix(app: &App) -> &'static str {
    if app.is_https { SECURE_PREFIX } else { PLAIN_PREFIX }
}

/// The header that gives the browser the sealed session. `Lax`, since the person comes from another site.
pub(super) fn set(app: &App, id: SessionId, sealed: &str) -> HeaderValue {
    let secure = if app.is_https { "; Secure" } else { "" };
    let max_age = LOGIN_LIFETIME.as_secs();
    let attributes = format!("; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    let cookie = [prefix(app), &id.to_string(), "=", sealed, &attributes].concat();
    HeaderValue::try_from(cookie).expect("base64url and our own words are a header value")
}

/// The session `id`, if the browser presents its cookie.
pub(super) fn session<'a>(app: &'a App, id: SessionId, headers: &HeaderMap) -> Option<Session<'a>> {
    let name = format!("{}{id}", prefix(app));
    let (_, sealed) = pairs(headers).find(|(key, _)| *key == name)?;
    app.sealer.open(id, sealed, &app.tenants)
}

/// Headers that take every session's cookie away from the browser that sent `headers`, and no other cookie.
pub(super) fn expired(app: &App, headers: &HeaderMap) -> HeaderMap {
    let secure = if app.is_https { "; Secure" } else { "" };
    let ids = pairs(headers).filter_map(|(name, _)| SessionId::parse(name.strip_prefix(prefix(app))?));
    ids.map(|id| format!("{}{id}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}", prefix(app)))
        .map(|cookie| (header::SET_COOKIE, HeaderValue::try_from(cookie).expect("our own words are a header value")))
        .collect()
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='))
}
