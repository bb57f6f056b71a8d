//! `GET /id-verification?token=…&state=…`: Auth0 sends a person (contract 1 to 7).
//!
//! Authenticates the token, refuses it if it was used elsewhere, seals the session into a cookie, and sends the browser to a
//! clean address, so that tokens leave the address bar, the history and the referrer at once. In the browser that has a
//! session of the token already, that is a reload, and the session goes on: its cookie says so, whether or not the store
//! can be asked. Nothing is written.

use std::time::Duration;

use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;

use super::error::Refusal;
use super::{Answer, App, cookie, page, query, room, visit};
use crate::ops::count;
use crate::ops::count::label::Start;
use crate::ops::random;
use crate::store::StoreError;
use crate::verification::session::State;
use crate::verification::session::id::SessionId;
use crate::verification::spent::Use;
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;
use crate::verification::token::{TokenId, UntrustedToken, VerificationRequest};

/// The work that may wait before a login that begins. Each of its steps will wait as long, and people go on waiting.
const TOO_MUCH: Duration = Duration::from_millis(15);

pub(super) fn start(app: &App, parts: &Parts, waiting: Duration) -> Result<Answer, Refusal> {
    let mut tenant = None;
    let answer = admit(app, parts, waiting, &mut tenant);
    count::start(tenant, if answer.is_ok() { Start::Accepted } else { Start::Refused });
    answer
}

/// As soon as it is known which `tenant` asks, that is told.
fn admit<'a>(app: &'a App, parts: &Parts, waiting: Duration, tenant: &mut Option<&'a Host>) -> Result<Answer, Refusal> {
    if waiting + app.store.waiting() > TOO_MUCH {
        return Err(Refusal::Busy);
    }
    let [token, state] = query::parameters(parts.uri.query().unwrap_or_default(), ["token", "state"])?;
    let now = app.clock.now();
    let request = UntrustedToken::parse(&token)?.authenticate(&app.tenants, now)?;
    *tenant = Some(&request.tenant.domain);
    visit::check_pace(&app.starts, &request.subject, now)?;
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

fn begin(
    app: &App,
    parts: &Parts,
    mut request: VerificationRequest<'_>,
    state: State,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    let profile = request.profile.take();
    let (id, sealed) = app.sealer.begin(request, state, random::bytes(), now);
    let session = cookie::set(app, id, &sealed)?;
    let profile = profile.map(|profile| cookie::set_profile(app, id, &profile, now));
    let length = session.len() + profile.as_ref().map_or(0, HeaderValue::len);
    let gone = room::make(app, &parts.headers, length, now);
    let mut answer = page::to_session(id);
    let headers = answer.headers_mut();
    headers.insert(header::SET_COOKIE, session);
    if let Some(profile) = profile {
        headers.append(header::SET_COOKIE, profile);
    }
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
