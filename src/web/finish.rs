//! The end of a session: its line in the log, and the way back to Auth0 with the signed result (contract 8 to 13). Only what
//! is on disk gets here.

use std::time::Duration;

use hyper::header;

use super::error::Refusal;
use super::visit::Visit;
use super::{Answer, cookie, page};
use crate::ops::random;
use crate::store::login::Answered;
use crate::verification::method::Method;
use crate::verification::outcome::Outcome;
use crate::verification::result;
use crate::verification::subject::IdvId;
use crate::verification::tenant::ReturnMethod;

/// How long a session that has ended keeps its cookie: for the back button, and for a result that did not arrive
/// (contract 26).
const AFTERMATH: Duration = Duration::from_mins(15);

/// The identifier of a subject, if it turns out that `idv` meets it for the first time.
pub(super) fn new_id() -> IdvId {
    IdvId::from_random(random::bytes())
}

/// The way back of a session that an act has ended, by `method` if by any; or the refusal of one that another came before.
pub(super) fn close(visit: &Visit<'_>, method: Option<Method>, answered: &Answered) -> Result<Answer, Refusal> {
    match answered {
        Answered::Concluded(outcome) => {
            log(visit, method, outcome);
            Ok(send_back(visit, outcome))
        }
        Answered::Already(outcome) => Ok(send_back(visit, outcome)),
        Answered::Taken | Answered::Wrong { .. } | Answered::Again { .. } | Answered::TooLate => Err(Refusal::Used),
    }
}

fn log(visit: &Visit<'_>, method: Option<Method>, outcome: &Outcome) {
    tracing::info!(
        tenant = %visit.session.tenant.domain,
        session = visit.name(),
        idv_id = %outcome.idv_id,
        method = method.map(Method::as_str),
        status = outcome.status.as_str(),
        "session concluded"
    );
}

/// Signs `outcome` and sends the browser back with it, in the tenant's way. The cookie goes a little later.
pub(super) fn send_back(visit: &Visit<'_>, outcome: &Outcome) -> Answer {
    let Visit { app, session, now, .. } = visit;
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
    answer.headers_mut().insert(header::SET_COOKIE, cookie::set_for(app, session.id, &sealed, left));
    answer
}
