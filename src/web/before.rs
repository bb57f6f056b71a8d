//! What was decided before, and counts here: of the case whose ticket came back through Auth0, or what another session of
//! the same browser ended with, which did not arrive (contract 26). A page says so, with a button that a script presses:
//! nothing is written by GET.

use hyper::http::request::Parts;

use super::error::Refusal;
use super::visit::Visit;
use super::{Answer, cookie, finish, method, page};
use crate::ops::journal;
use crate::verification::case::Decision;
use crate::verification::decision::{Actor, Before, Step};
use crate::verification::event::Event;

/// What counts for the visit's session, and the other session that it is of; `has_acted` is whether the person did anything
/// in the visit's.
#[expect(clippy::unused_async, reason = "the store of today answers at once")]
pub(super) async fn of(
    visit: &Visit<'_>,
    has_acted: bool,
    parts: &Parts,
) -> Result<Option<(Before, Option<Actor>)>, Refusal> {
    let Visit { app, session, now, .. } = visit;
    let others = others(visit, parts);
    // Whoever opened a case has acted.
    if others.is_empty() && session.asks.ticket.is_none() && !has_acted {
        return Ok(None);
    }
    Ok(app.store.before(session, others, app.hand_over, *now)?)
}

/// The other session of this browser, in another tab, that has ended with a success since this one began.
pub(super) async fn meanwhile(visit: &Visit<'_>, parts: &Parts) -> Result<Option<Actor>, Refusal> {
    Ok(match of(visit, visit.has_acted()?, parts).await? {
        Some((Before::Undelivered(verified), other)) if verified.at >= visit.session.issued_at => other,
        _ => None,
    })
}

/// The sessions of the same person that the browser presents beside this one, if any of them may count.
fn others(visit: &Visit<'_>, parts: &Parts) -> Vec<Actor> {
    let Visit { app, session, .. } = visit;
    if app.hand_over.is_zero() || session.asks.last_check_at.is_none() {
        return Vec::new();
    }
    let ours = cookie::sessions(app, session.id, &parts.headers);
    ours.filter(|other| other.subject == session.subject).map(|other| Actor::of(&other)).collect()
}

/// Has it in the log where the ticket that came back is of no case of the person: it is somebody else's, or of one that is over.
/// The login goes on as without it, also where the store does not say.
pub(super) fn tell_of_ticket(visit: &Visit<'_>) {
    let session = &visit.session;
    let (Some(ticket), Ok(case)) = (session.asks.ticket, visit.app.store.case(&session.subject)) else { return };
    if case.is_none_or(|case| case.ticket != ticket) && visit.has_line() {
        let (tenant, session) = (session.tenant.domain.clone(), session.id.name());
        journal::tell(&Event::TicketOfNone { tenant, session });
    }
}

/// Says what counts, and lets the person take it; or begin anew, where it is no success.
pub(super) fn page(visit: &Visit<'_>, before: Before) -> Answer {
    let say = |key| visit.language.say(key);
    // One that is enabled no more has no pages.
    let shows = |method| method::shows_cases(method) && visit.check_offered(method).is_ok();
    let (title, text) = match before {
        Before::Undelivered(_) | Before::Decided(_, Decision::Verified(_)) => {
            return page::verified_before(visit, say("concluded-success"), say("before-decided"));
        }
        Before::Waiting(method) | Before::Decided(method, Decision::NotVerified(_)) if shows(method) => {
            return page::see_other(&format!("/session/{}/{}", visit.session.id, method.address()));
        }
        Before::Decided(_, Decision::NotVerified(_)) => ("concluded-failed", "before-failed"),
        Before::Waiting(_) => ("concluded-pending", "before-waiting"),
    };
    page::decided_before(visit, say(title), say(text), method::choices(visit))
}

/// `POST /session/ID/accept`: the session ends with what counts for it.
pub(super) async fn accept(visit: &Visit<'_>, parts: &Parts) -> Result<Answer, Refusal> {
    let other = of(visit, visit.has_acted()?, parts).await?.and_then(|(_, other)| other);
    take(visit, other).await
}

/// Ends the session with what was decided before; `other` is the session that it is of, if it is one's.
pub(super) async fn take(visit: &Visit<'_>, other: Option<Actor>) -> Result<Answer, Refusal> {
    let (answered, _happened) = visit.act(Step::Accept(other)).await?;
    finish::close(visit, &answered)
}
