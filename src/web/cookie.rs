//! The cookies of a session: one with the session itself, so that two tabs do not disturb each other; and where there are
//! such, one with the profile of its account, and one for each way of its person to elsewhere and back. On a phone that a
//! session was handed over to there is one with its right.
//!
//! Whatever else a browser brings is somebody else's, and may be any bytes: any site of the same domain can set a cookie
//! for all of them.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use hyper::HeaderMap;
use hyper::header::{self, HeaderValue};
use memchr::{memchr, memchr_iter};

use super::App;
use super::error::Refusal;
use crate::ops::random;
use crate::verification::method::{CodeHash, Transaction, TransactionId};
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

/// What a cookie of ours is called, by what is in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// The session.
    Session(SessionId),
    /// The profile of its account.
    Profile(SessionId),
    /// A way of its person to elsewhere and back.
    Transaction(TransactionId),
    /// The right of a phone that the session was handed over to.
    Phone(SessionId),
}

const PROFILE_MARK: &str = "p-";
const TRANSACTION_MARK: &str = "t-";
const PHONE_MARK: &str = "h-";
/// Between the digest of its code and what is sealed for the phone.
const PHONE_SEPARATOR: char = '.';

impl Name {
    /// What stands before its id, and that.
    fn parts(self) -> (&'static str, String) {
        match self {
            Self::Session(id) => ("", id.to_string()),
            Self::Profile(id) => (PROFILE_MARK, id.to_string()),
            Self::Transaction(id) => (TRANSACTION_MARK, id.to_string()),
            Self::Phone(id) => (PHONE_MARK, id.to_string()),
        }
    }

    /// The one that `text` is, a name without its prefix. No id is as long as one with its mark.
    fn read(text: &str) -> Option<Self> {
        let profile = || SessionId::parse(text.strip_prefix(PROFILE_MARK)?).map(Self::Profile);
        let transaction = || TransactionId::parse(text.strip_prefix(TRANSACTION_MARK)?).map(Self::Transaction);
        let phone = || SessionId::parse(text.strip_prefix(PHONE_MARK)?).map(Self::Phone);
        SessionId::parse(text).map(Self::Session).or_else(profile).or_else(transaction).or_else(phone)
    }
}

/// A cookie that has a name of ours, whatever is in it.
pub(super) struct Ours<'h> {
    pub(super) name: Name,
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
    Ok(set_for(app, Name::Session(id), sealed, LOGIN_LIFETIME))
}

/// The header that gives the browser the profile of session `id` for as long.
pub(super) fn set_profile(app: &App, id: SessionId, profile: &Profile, now: Timestamp) -> HeaderValue {
    let sealed = app.sealer.seal_profile(id, profile, random::bytes(), now);
    set_for(app, Name::Profile(id), &sealed, LOGIN_LIFETIME)
}

/// The header that gives the browser the `transaction` of this name for as long as a login may live.
pub(super) fn set_transaction(app: &App, id: TransactionId, transaction: &Transaction, now: Timestamp) -> HeaderValue {
    let sealed = app.parties.transactions().seal(id, transaction, random::bytes(), now);
    set_for(app, Name::Transaction(id), &sealed, LOGIN_LIFETIME)
}

/// The header that gives the phone that used the code of `hash` its right in session `id`, as it was sealed for it.
pub(super) fn set_phone(app: &App, id: SessionId, hash: &CodeHash, sealed: &str) -> HeaderValue {
    let value = format!("{}{PHONE_SEPARATOR}{sealed}", BASE64URL_NOPAD.encode(hash.as_bytes()));
    set_for(app, Name::Phone(id), &value, LOGIN_LIFETIME)
}

/// The header that gives the browser the cookie `name` for so long; not at all, if that is no time. `Lax`, since the person
/// comes from another site.
pub(super) fn set_for(app: &App, name: Name, sealed: &str, time: Duration) -> HeaderValue {
    let secure = if app.is_https { "; Secure" } else { "" };
    let max_age = time.as_secs();
    let attributes = format!("; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    let (mark, id) = name.parts();
    let cookie = [prefix(app), mark, &id, "=", sealed, &attributes].concat();
    HeaderValue::try_from(cookie).expect("base64url and our own words are a header value")
}

/// The header that takes the cookie `name` away.
pub(super) fn take_away(app: &App, name: Name) -> HeaderValue {
    set_for(app, name, "", Duration::ZERO)
}

/// The session `id`, if the browser presents its cookie.
pub(super) fn session<'a>(app: &'a App, id: SessionId, headers: &HeaderMap) -> Option<Session<'a>> {
    values(app, Name::Session(id), headers).find_map(|sealed| open(app, id, sealed))
}

/// The session `id` that the cookie's value `sealed` is, if it is that.
pub(super) fn open<'a>(app: &'a App, id: SessionId, sealed: &[u8]) -> Option<Session<'a>> {
    app.sealer.open(id, str::from_utf8(sealed).ok()?, &app.tenants)
}

/// The profile of the account of session `id`, if the browser presents its cookie.
pub(super) fn profile(app: &App, id: SessionId, headers: &HeaderMap) -> Option<Profile> {
    values(app, Name::Profile(id), headers).find_map(|sealed| app.sealer.open_profile(id, str::from_utf8(sealed).ok()?))
}

/// The transaction of this name, if the browser presents its cookie.
pub(super) fn transaction(app: &App, id: TransactionId, headers: &HeaderMap) -> Option<Transaction> {
    values(app, Name::Transaction(id), headers).find_map(|sealed| open_transaction(app, id, sealed))
}

/// The transaction of this name that the cookie's value `sealed` is, if it is that.
fn open_transaction(app: &App, id: TransactionId, sealed: &[u8]) -> Option<Transaction> {
    app.parties.transactions().open(id, str::from_utf8(sealed).ok()?)
}

/// Of which session a cookie is, if that can be told.
pub(super) fn session_of(app: &App, cookie: &Ours<'_>) -> Option<SessionId> {
    match cookie.name {
        Name::Session(id) | Name::Profile(id) | Name::Phone(id) => Some(id),
        Name::Transaction(id) => Some(open_transaction(app, id, cookie.sealed)?.session),
    }
}

/// The transactions of session `id` that the browser presents, the newest first.
pub(super) fn transactions_of(app: &App, id: SessionId, headers: &HeaderMap) -> Vec<Name> {
    let of_session = |ours: Ours<'_>| {
        let Name::Transaction(name) = ours.name else { return None };
        let transaction = open_transaction(app, name, ours.sealed).filter(|transaction| transaction.session == id)?;
        Some((transaction.asked_at, ours.name))
    };
    let mut all: Vec<_> = ours(app, headers).take(EXPIRED).filter_map(of_session).collect();
    all.sort_by_key(|(asked_at, _)| std::cmp::Reverse(*asked_at));
    all.into_iter().map(|(_, name)| name).collect()
}

/// The right of a phone in session `id`, if the browser presents it: the digest of the code that it used, and the session.
pub(super) fn phone<'a>(app: &'a App, id: SessionId, headers: &HeaderMap) -> Option<(CodeHash, Session<'a>)> {
    let open = |value: &[u8]| {
        let (hash, sealed) = str::from_utf8(value).ok()?.split_once(PHONE_SEPARATOR)?;
        let hash = CodeHash::from_bytes(BASE64URL_NOPAD.decode(hash.as_bytes()).ok()?.try_into().ok()?);
        let session = app.sealer.open_phone(&hash, id, sealed, &app.tenants)?;
        Some((hash, session))
    };
    values(app, Name::Phone(id), headers).find_map(open)
}

/// Whether the browser presents the cookie `name`, whatever is in it.
pub(super) fn is_there(app: &App, name: Name, headers: &HeaderMap) -> bool {
    values(app, name, headers).next().is_some()
}

fn values<'h>(app: &App, name: Name, headers: &'h HeaderMap) -> impl Iterator<Item = &'h [u8]> {
    ours(app, headers).filter(move |ours| ours.name == name).map(|ours| ours.sealed)
}

/// The session of the request token `token` that the browser presents, if it does.
pub(super) fn of_token(app: &App, token: TokenId, headers: &HeaderMap) -> Option<SessionId> {
    opened(app, headers).find(|session| session.token_id == token).map(|session| session.id)
}

/// The sessions that the browser presents beside session `id`.
pub(super) fn sessions<'a>(app: &'a App, id: SessionId, headers: &HeaderMap) -> impl Iterator<Item = Session<'a>> {
    sealed(app, headers).filter(move |(other, _)| *other != id).filter_map(|(id, sealed)| open(app, id, sealed))
}

/// The sessions that the browser presents.
fn opened<'a>(app: &'a App, headers: &HeaderMap) -> impl Iterator<Item = Session<'a>> {
    sealed(app, headers).filter_map(|(id, sealed)| open(app, id, sealed))
}

/// The cookies of sessions. No more than [`OPENED`] are looked into: no browser has more of ours, since each start keeps to
/// its room.
fn sealed<'h>(app: &App, headers: &'h HeaderMap) -> impl Iterator<Item = (SessionId, &'h [u8])> {
    let session = |ours: Ours<'h>| match ours.name {
        Name::Session(id) => Some((id, ours.sealed)),
        Name::Profile(_) | Name::Transaction(_) | Name::Phone(_) => None,
    };
    ours(app, headers).filter_map(session).take(OPENED)
}

/// Headers that take the cookies of sessions, the first [`EXPIRED`], away from the browser that sent `headers`, and no other
/// cookie.
pub(super) fn expired(app: &App, headers: &HeaderMap) -> HeaderMap {
    ours(app, headers).take(EXPIRED).map(|ours| (header::SET_COOKIE, take_away(app, ours.name))).collect()
}

/// Headers that take the cookies of sessions that have ended away.
pub(super) fn ended(app: &App, headers: &HeaderMap) -> HeaderMap {
    let is_over = |session: &Session<'_>| {
        let token_use = app.store.token_use(session.issued_at, session.token_id);
        matches!(token_use, Ok(Use::Concluded(..)))
    };
    let over: Vec<_> = opened(app, headers).filter(is_over).map(|session| session.id).collect();
    let ended = ours(app, headers).filter(|ours| session_of(app, ours).is_some_and(|id| over.contains(&id)));
    ended.map(|ours| (header::SET_COOKIE, take_away(app, ours.name))).collect()
}

/// The cookies that have a name of ours.
pub(super) fn ours<'h>(app: &App, headers: &'h HeaderMap) -> impl Iterator<Item = Ours<'h>> {
    let prefix = prefix(app).as_bytes();
    pairs(headers).filter_map(move |(name, sealed)| {
        let called = Name::read(str::from_utf8(name.strip_prefix(prefix)?).ok()?)?;
        Some(Ours { name: called, sealed, length: name.len() + "=".len() + sealed.len() + "; ".len() })
    })
}

/// Each cookie that a browser brings, its name and its value, whoever has set it.
pub(crate) fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
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
