//! The way back to Auth0 with the signed result (contract 8 to 13). Only what is on disk gets here.

use super::language::Language;
use super::{Answer, App, page};
use crate::verification::outcome::Outcome;
use crate::verification::result;
use crate::verification::session::Session;
use crate::verification::tenant::ReturnMethod;
use crate::verification::time::Timestamp;

/// Signs `outcome` and sends the browser back with it, in the tenant's way.
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
    match session.tenant.return_method {
        ReturnMethod::Redirect => page::see_other(&format!("{address}&{parameter}={token}")),
        ReturnMethod::FormPost => page::handoff(app, &address, parameter, &token, language),
    }
}
