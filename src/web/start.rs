//! `GET /id-verification?token=…&state=…`: Auth0 sends a person (contract 1 to 7).
//!
//! Authenticates the token, refuses it if it was used elsewhere, seals the session into a cookie, and sends the browser to a
//! clean address, so that tokens leave the address bar, the history and the referrer at once. In the browser that has a
//! session of the token already, that is a reload, and the session goes on: its cookie says so, whether or not the store
//! can be asked. Nothing is written.

use std::borrow::Cow;
use std::time::Duration;

use hyper::header;
use hyper::http::request::Parts;

use super::error::Refusal;
use super::{Answer, App, cookie, page, room};
use crate::ops::allowance::Allowances;
use crate::ops::random;
use crate::store::StoreError;
use crate::verification::session::{SessionId, State};
use crate::verification::spent::Use;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;
use crate::verification::token::{TokenError, TokenId, UntrustedToken, VerificationRequest};

/// The work that may wait before a login that begins. Each of its steps will wait as long, and people go on waiting.
const TOO_MUCH: Duration = Duration::from_millis(15);

pub(super) fn start(app: &App, parts: &Parts, waiting: Duration) -> Result<Answer, Refusal> {
    if waiting + app.store.waiting() > TOO_MUCH {
        return Err(Refusal::Busy);
    }
    let query = parts.uri.query().unwrap_or_default();
    let [token, state] = parameters(query, ["token", "state"])?;
    let now = app.clock.now();
    let request = UntrustedToken::parse(&token)?.authenticate(&app.tenants, now)?;
    check_pace(&app.starts, &request.subject, now)?;
    let state = State::try_from(state.into_owned())?;
    let ours = || cookie::of_token(app, request.token_id, &parts.headers);
    match app.store.token_use(request.issued_at, request.token_id) {
        Ok(Use::Unused) => ours().map_or_else(|| begin(app, parts, request, state, now), |id| Ok(page::to_session(id))),
        Ok(Use::Claimed(id) | Use::Concluded(id, _)) => resume(app, parts, id, request.token_id),
        // Its page asks again.
        Err(StoreError::Unavailable) => ours().map(page::to_session).ok_or(StoreError::Unavailable.into()),
        Err(error) => Err(error.into()),
    }
}

/// Refuses what `subject` does more often than `allowances` have it.
pub(super) fn check_pace(allowances: &Allowances, subject: &Subject, now: Timestamp) -> Result<(), Refusal> {
    let Subject { tenant, user_id } = subject;
    let is_admitted = allowances.admits(tenant.as_str(), user_id.as_str(), Duration::from_secs(now.as_unix()));
    if is_admitted { Ok(()) } else { Err(Refusal::TooOften) }
}

fn begin(
    app: &App,
    parts: &Parts,
    request: VerificationRequest<'_>,
    state: State,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    let (id, sealed) = app.sealer.begin(request, state, random::bytes(), now);
    let cookie = cookie::set(app, id, &sealed)?;
    let gone = room::make(app, &parts.headers, &cookie, now);
    let mut answer = page::to_session(id);
    let headers = answer.headers_mut();
    headers.insert(header::SET_COOKIE, cookie);
    for gone in gone {
        headers.append(header::SET_COOKIE, gone);
    }
    Ok(answer)
}

/// The token was used. In the browser that used it, that is a reload, and its session goes on; elsewhere it is refused.
fn resume(app: &App, parts: &Parts, id: SessionId, token: TokenId) -> Result<Answer, Refusal> {
    match cookie::session(app, id, &parts.headers) {
        Some(session) if session.token_id == token => Ok(page::to_session(id)),
        _ => Err(Refusal::Used),
    }
}

/// For the log: what there is to say of a token whose issuer is on no list, where it is authentic all the same.
pub(super) fn unlisted_issuer(app: &App, parts: &Parts) -> Option<TokenError> {
    let [token, _] = parameters(parts.uri.query()?, ["token", "state"]).ok()?;
    UntrustedToken::parse(&token).ok()?.unlisted_issuer(&app.tenants)
}

/// The values of the parameters `names`, each of which must stand exactly once.
fn parameters<'q, const N: usize>(query: &'q str, names: [&str; N]) -> Result<[Cow<'q, str>; N], Refusal> {
    let mut values = [const { None }; N];
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // A name has no second spelling that another reader sees and this one does not.
        let name = decode(name)?;
        let Some(index) = names.iter().position(|known| *known == name) else { continue };
        if values[index].replace(decode(value)?).is_some() {
            return Err(Refusal::Malformed("a parameter stands twice"));
        }
    }
    if values.iter().any(Option::is_none) {
        return Err(Refusal::Incomplete);
    }
    Ok(values.map(Option::unwrap_or_default))
}

/// Undoes percent-encoding. What does not decode to text is refused, not repaired.
fn decode(value: &str) -> Result<Cow<'_, str>, Refusal> {
    if !value.contains('%') {
        return Ok(Cow::Borrowed(value));
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' { escaped(&mut rest)? } else { byte });
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| Refusal::Malformed("a parameter is not UTF-8"))
}

fn escaped(rest: &mut impl Iterator<Item = u8>) -> Result<u8, Refusal> {
    let mut digit =
        || rest.next().and_then(|digit| char::from(digit).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
    match (digit(), digit()) {
        (Some(high), Some(low)) => Ok(high * 16 + low),
        _ => Err(Refusal::Malformed("a percent sign without its two digits")),
    }
}
