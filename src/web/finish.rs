//! The way back to Auth0 with the signed result (contract 8 to 13). Only what is on disk gets here.

use std::time::Duration;

use hyper::header;

use super::language::Language;
use super::{Answer, App, cookie, page};
use crate::ops::random;
use crate::verification::outcome::Outcome;
use crate::verification::result;
use crate::verification::session::Session;
use crate::verification::tenant::ReturnMethod;
use crate::verification::time::Timestamp;

/// How long a session that has ended keeps its cookie: for the back button, and for a result that did not arrive
/// (contract 26).
const AFTERMATH: Duration = Duration::from_mins(15);

/// Signs `outcome` and sends the browser back with it, in the tenant's way. The cookie goes a little later.
pub(super) fn send_back(
    app: &App,
    session: &Session<'_>,
    outcome: &Outcome,
    now: Timestamp,
    language: Language,
) -> Answer {
    let token = result::sign(&app.authority, session, outcome, now);
    let parameter = &session.tenant.token_parameter;
    let mut address = session.return_to.uri();
    address.push_str("?state=");
    address.extend(form_urlencoded::byte_serialize(session.state.as_str().as_bytes()));
    let mut answer = match session.tenant.return_method {
        ReturnMethod::Redirect => page::see_other(&format!("{address}&{parameter}={token}")),
        ReturnMethod::FormPost => page::handoff(app, &address, parameter, &token, language),
    };
    let sealed = app.sealer.seal(session, random::bytes(), now);
    let left = now.until(outcome.concluded_at.later(AFTERMATH));
    answer.headers_mut().insert(header::SET_COOKIE, cookie::set_for(app, session.id, &sealed, left));
    answer
}
