//! The cookies of a session: one with the session itself, so that two tabs do not disturb each other, and where there is
//! one, another with the profile of its account.
//!
//! Whatever else a browser brings is somebody else's, and may be any bytes: any site of the same domain can set a cookie
//! for all of them.

use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{self, HeaderValue};
use memchr::{memchr, memchr_iter};

use super::App;
use super::error::Refusal;
use crate::ops::random;
use crate::verification::profile::Profile;
use crate::verification::session::Session;
use crate::verification::session::id::SessionId;
use crate::verification::spent::Use;
use crate::verification::time::{LOGIN_LIFETIME, Timestamp};
use crate::verification::token::TokenId;

/// A browser keeps a `__Host-` cookie from any other host, any subdomain and any plain connection.
const SECURE_PREFIX: &str = "__Host-idv-";
/// On plain HTTP, which is loopback alone, no browser takes that prefix.
const PLAIN_PREFIX: &str = "idv-";
/// The longest name and value, the sign between them included, that every browser keeps (RFC 6265bis §5.6). It drops a
/// longer one without a word.
const LIMIT: usize = 4096;
/// The most cookies that are opened: more than have [room](super::room) beside each other.
pub(super) const OPENED: usize = 32;
/// The most cookies that a refusal takes away: each costs a header, and the head of an answer is to fit into what proxies
/// take. No browser has more of ours, since each start keeps to its room.
const EXPIRED: usize = 64;

/// What is in a cookie of ours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The session.
    Session,
    /// The profile of its account.
    Profile,
}

impl Kind {
    /// What stands in the cookie's name before the session's id, which has another length than both together.
    const fn mark(self) -> &'static str {
        match self {
            Self::Session => "",
            Self::Profile => "p-",
        }
    }

    /// Which kind it is, and of which session, by the cookie's name without its prefix.
    fn named(name: &str) -> Option<(Self, SessionId)> {
        let of = |kind: Self| Some((kind, SessionId::parse(name.strip_prefix(kind.mark())?)?));
        of(Self::Session).or_else(|| of(Self::Profile))
    }
}

/// A cookie that has a name of ours, whatever is in it.
pub(super) struct Ours<'h> {
    pub(super) kind: Kind,
    /// Of which session.
    pub(super) id: SessionId,
    pub(super) sealed: &'h [u8],
    /// What it takes of the browser's line of cookies, in bytes.
    pub(super) length: usize,
}

fn prefix(app: &App) -> &'static str {
    if app.is_https { SECURE_PREFIX } else { PLAIN_PREFIX }
}

/// The header that gives the browser the sealed session for as long as its login lives.
///
/// # Errors
/// [`Refusal::CookieTooLong`] if browsers would not keep it.
pub(super) fn set(app: &App, id: SessionId, sealed: &str) -> Result<HeaderValue, Refusal> {
    if prefix(app).len() + SessionId::TEXT_LENGTH + 1 + sealed.len() > LIMIT {
        return Err(Refusal::CookieTooLong);
    }
    Ok(set_for(app, Kind::Session, id, sealed, LOGIN_LIFETIME))
}

/// The header that gives the browser the profile of session `id` for as long.
pub(super) fn set_profile(app: &App, id: SessionId, profile: &Profile, now: Timestamp) -> HeaderValue {
    let sealed = app.sealer.seal_profile(id, profile, random::bytes(), now);
    set_for(app, Kind::Profile, id, &sealed, LOGIN_LIFETIME)
}

/// The header that gives the browser a cookie of session `id` for so long; not at all, if that is no time. `Lax`, since the
/// person comes from another site.
pub(super) fn set_for(app: &App, kind: Kind, id: SessionId, sealed: &str, time: Duration) -> HeaderValue {
    let secure = if app.is_https { "; Secure" } else { "" };
    let max_age = time.as_secs();
    let attributes = format!("; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    let cookie = [prefix(app), kind.mark(), &id.to_string(), "=", sealed, &attributes].concat();
    HeaderValue::try_from(cookie).expect("base64url and our own words are a header value")
}

/// The header that takes a cookie of session `id` away.
pub(super) fn take_away(app: &App, kind: Kind, id: SessionId) -> HeaderValue {
    set_for(app, kind, id, "", Duration::ZERO)
}

/// The session `id`, if the browser presents its cookie.
pub(super) fn session<'a>(app: &'a App, id: SessionId, headers: &HeaderMap) -> Option<Session<'a>> {
    values(app, Kind::Session, id, headers).find_map(|sealed| open(app, id, sealed))
}

/// The session `id` that the cookie's value `sealed` is, if it is that.
pub(super) fn open<'a>(app: &'a App, id: SessionId, sealed: &[u8]) -> Option<Session<'a>> {
    app.sealer.open(id, str::from_utf8(sealed).ok()?, &app.tenants)
}

/// The profile of the account of session `id`, if the browser presents its cookie.
#[expect(dead_code, reason = "for methods that compare names")]
pub(super) fn profile(app: &App, id: SessionId, headers: &HeaderMap) -> Option<Profile> {
    values(app, Kind::Profile, id, headers).find_map(|sealed| app.sealer.open_profile(id, str::from_utf8(sealed).ok()?))
}

/// Whether the browser presents such a cookie of session `id`, whatever is in it.
pub(super) fn is_there(app: &App, kind: Kind, id: SessionId, headers: &HeaderMap) -> bool {
    values(app, kind, id, headers).next().is_some()
}

fn values<'h>(app: &App, kind: Kind, id: SessionId, headers: &'h HeaderMap) -> impl Iterator<Item = &'h [u8]> {
    ours(app, headers).filter(move |ours| (ours.kind, ours.id) == (kind, id)).map(|ours| ours.sealed)
}

/// The session of the request token `token` that the browser presents, if it does.
pub(super) fn of_token(app: &App, token: TokenId, headers: &HeaderMap) -> Option<SessionId> {
    opened(app, headers).find(|session| session.token_id == token).map(|session| session.id)
}

/// The sessions that the browser presents beside session `id`.
pub(super) fn sessions<'a>(app: &'a App, id: SessionId, headers: &HeaderMap) -> impl Iterator<Item = Session<'a>> {
    sealed(app, headers).filter(move |other| other.id != id).filter_map(|ours| open(app, ours.id, ours.sealed))
}

/// The sessions that the browser presents.
fn opened<'a>(app: &'a App, headers: &HeaderMap) -> impl Iterator<Item = Session<'a>> {
    sealed(app, headers).filter_map(|ours| open(app, ours.id, ours.sealed))
}

/// The cookies of sessions. No more than [`OPENED`] are looked into: no browser has more of ours, since each start keeps to
/// its room.
fn sealed<'h>(app: &App, headers: &'h HeaderMap) -> impl Iterator<Item = Ours<'h>> {
    ours(app, headers).filter(|ours| ours.kind == Kind::Session).take(OPENED)
}

/// Headers that take the cookies of sessions, the first [`EXPIRED`], away from the browser that sent `headers`, and no other
/// cookie.
pub(super) fn expired(app: &App, headers: &HeaderMap) -> HeaderMap {
    ours(app, headers).take(EXPIRED).map(|ours| (header::SET_COOKIE, take_away(app, ours.kind, ours.id))).collect()
}

/// Headers that take the cookies of sessions that have ended away.
pub(super) fn ended(app: &App, headers: &HeaderMap) -> HeaderMap {
    let is_over = |session: &Session<'_>| {
        let token_use = app.store.token_use(session.issued_at, session.token_id);
        matches!(token_use, Ok(Use::Concluded(..)))
    };
    let over: Vec<_> = opened(app, headers).filter(is_over).map(|session| session.id).collect();
    let ended = ours(app, headers).filter(|ours| over.contains(&ours.id));
    ended.map(|ours| (header::SET_COOKIE, take_away(app, ours.kind, ours.id))).collect()
}

/// The cookies that have a name of ours.
pub(super) fn ours<'h>(app: &App, headers: &'h HeaderMap) -> impl Iterator<Item = Ours<'h>> {
    let prefix = prefix(app).as_bytes();
    pairs(headers).filter_map(move |(name, sealed)| {
        let (kind, id) = Kind::named(str::from_utf8(name.strip_prefix(prefix)?).ok()?)?;
        Some(Ours { kind, id, sealed, length: name.len() + "=".len() + sealed.len() + "; ".len() })
    })
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
    let cookies = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
    cookies.flat_map(split).filter_map(|pair| {
        let pair = pair.trim_ascii();
        let end = memchr(b'=', pair)?;
        Some((&pair[..end], &pair[end + 1..]))
    })
}

fn split(cookies: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr_iter(b';', cookies).chain([cookies.len()]);
    ends.scan(0, |start, end| Some(&cookies[std::mem::replace(start, end + 1)..end]))
}
