//! `/session/ID`: the person's page, and what they do on it.

use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use super::error::Refusal;
use super::method::{self, Step};
use super::route::Act;
use super::visit::{self, Standing, Visit};
use super::{Answer, App, before, finish, form, page, terms, upload};
use crate::ops::journal;
use crate::verification::decision;
use crate::verification::event::Event;
use crate::verification::outcome::Status;
use crate::verification::session::id::SessionId;

/// `GET /session/ID`: where the session stands.
pub(super) async fn show(app: &App, id: SessionId, parts: &Parts) -> Result<Answer, Refusal> {
    let visit = Visit::open(app, id, parts)?;
    Ok(match visit.standing().await? {
        Standing::Concluded(outcome) => page::concluded(&visit, &outcome),
        Standing::Late => page::late(&visit),
        Standing::Open { has_acted } => match before::of(&visit, has_acted, parts).await? {
            Some((before, _)) => before::page(&visit, before),
            None => begin(&visit, has_acted, parts).await?,
        },
    })
}

/// Where the person begins: with the one method that is offered, or a choice of several.
async fn begin(visit: &Visit<'_>, has_acted: bool, parts: &Parts) -> Result<Answer, Refusal> {
    if !has_acted {
        before::tell_of_ticket(visit);
    }
    let mut offered = visit.offered();
    match (offered.next(), offered.next()) {
        (None, _) => Ok(nothing(visit)),
        (Some(method), None) => method::page(visit, Step::first(method), parts).await,
        (Some(_), Some(_)) => Ok(page::choose(visit, method::choices(visit))),
    }
}

/// Nothing that is enabled counts for the application: somebody has to change the one or the other.
fn nothing(visit: &Visit<'_>) -> Answer {
    if visit.has_line() {
        let enabled: Vec<_> = visit.app.methods.iter().map(|method| method.to_string()).collect();
        journal::tell(&Event::NothingOffered {
            tenant: visit.session.tenant.domain.clone(),
            session: visit.session.id.name(),
            asked: visit.session.asks.methods.clone().unwrap_or_default(),
            enabled: enabled.join(" "),
        });
    }
    page::nothing(visit)
}

/// `GET /session/ID/METHOD` and what is below: the page of a method.
pub(super) async fn show_step(app: &App, id: SessionId, step: Step, parts: &Parts) -> Result<Answer, Refusal> {
    let visit = match Visit::open(app, id, parts) {
        Err(Refusal::NoSession) => return method::page_on_phone(app, id, step, parts).await,
        visit => visit?,
    };
    visit.check_offered(step.method())?;
    Ok(match visit.standing().await? {
        Standing::Open { .. } => method::page(&visit, step, parts).await?,
        Standing::Late | Standing::Concluded(_) => page::to_session(id),
    })
}

/// `GET /session/ID/return`: the way back once more, for who came here with the back button.
pub(super) async fn go_back(app: &App, id: SessionId, parts: &Parts) -> Result<Answer, Refusal> {
    let visit = Visit::open(app, id, parts)?;
    Ok(match visit.standing().await? {
        Standing::Concluded(outcome) => finish::send_back(&visit, &outcome),
        Standing::Open { .. } | Standing::Late => page::to_session(id),
    })
}

/// `POST /session/ID/…`: the person acts.
pub(super) async fn act<B>(app: &App, id: SessionId, act: Act, parts: &Parts, mut body: B) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send + Unpin,
{
    form::check_origin(parts)?;
    let answer = match (Visit::open(app, id, parts), act) {
        (Err(Refusal::NoSession), Act::Answer(step)) => method::answer_on_phone(app, id, step, parts, &mut body).await,
        (visit, act) => judge(&visit?, act, parts, &mut body).await,
    };
    // Nobody has the patience of a photo's route without a session.
    let terms = if matches!(answer, Err(Refusal::NoSession)) { &terms::USUAL } else { act.terms() };
    upload::see_out(&app.uploads, id.into(), parts, body, terms).await;
    answer
}

async fn judge<B>(visit: &Visit<'_>, act: Act, parts: &Parts, body: B) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let app = visit.app;
    visit::check_pace(&app.submissions, &visit.session.subject, visit.now)?;
    if !visit.is_open()? {
        return leave(visit, Status::Expired).await;
    }
    match act {
        Act::Cancel => leave(visit, Status::Canceled).await,
        Act::Accept => before::accept(visit, parts).await,
        Act::Answer(step) => {
            visit.check_offered(step.method())?;
            match before::meanwhile(visit, parts).await? {
                // Another tab has done what this one is about to, and its code is used.
                Some(other) => before::take(visit, Some(other)).await,
                None => method::answer(visit, step, parts, body).await,
            }
        }
    }
}

async fn leave(visit: &Visit<'_>, status: Status) -> Result<Answer, Refusal> {
    let (answered, _happened) = visit.act(decision::Step::Leave(status)).await?;
    finish::close(visit, &answered)
}
