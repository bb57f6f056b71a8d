//! The end of a session: the way back to Auth0 with the signed result (contract 8 to 13). Only what
//! is on disk gets here.

use std::time::Duration;

use hyper::header;

use super::cookie::Name;
use super::error::Refusal;
use super::visit::Visit;
use super::{Answer, cookie, page};
use crate::ops::random;
use crate::verification::decision::Answered;
use crate::verification::outcome::Outcome;
use crate::verification::result;
use crate::verification::tenant::ReturnMethod;

/// How long a session that has ended keeps its cookie: for the back button, and for a result that did not arrive
/// (contract 26).
const AFTERMATH: Duration = Duration::from_mins(15);

/// The way back of a session that an act has ended; or the refusal of one that another came before.
pub(super) fn close(visit: &Visit<'_>, answered: &Answered) -> Result<Answer, Refusal> {
    match answered {
        Answered::Concluded(outcome) | Answered::Already(outcome) => Ok(send_back(visit, outcome)),
        // Where it stands, there is something to do.
        Answered::Nothing | Answered::Told(_) => Ok(page::to_session(visit.session.id)),
        Answered::Taken => Err(Refusal::Used),
    }
}

/// Signs `outcome` and sends the browser back with it, in the tenant's way. The session's cookie goes a little later, and
/// its profile at once. Its transactions stay: whoever comes back by one once more has the outcome.
pub(super) fn send_back(visit: &Visit<'_>, outcome: &Outcome) -> Answer {
    let Visit { app, session, now, headers, .. } = visit;
    let token = result::sign(&app.authority, session, outcome, *now);
    let parameter = &session.tenant.token_parameter;
    let mut address = session.return_to.uri();
    address.push_str("?state=");
    address.extend(form_urlencoded::byte_serialize(session.state.as_str().as_bytes()));
    let mut answer = match session.tenant.return_method {
        ReturnMethod::Redirect => page::see_other(&format!("{address}&{parameter}={token}")),
        ReturnMethod::FormPost => page::handoff(visit, &address, parameter, &token),
    };
    let sealed = app.sealer.seal(session, random::bytes(), *now);
    let left = now.until(outcome.concluded_at.later(AFTERMATH));
    let ours = cookie::set_for(app, Name::Session(session.id), &sealed, left);
    answer.headers_mut().insert(header::SET_COOKIE, ours);
    let profile = Name::Profile(session.id);
    if cookie::is_there(app, profile, headers) {
        answer.headers_mut().append(header::SET_COOKIE, cookie::take_away(app, profile));
    }
    answer
}
