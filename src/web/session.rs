//! `/session/ID`: the person's page, and what they do on it.

use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use super::error::Refusal;
use super::method::{self, Step};
use super::route::Act;
use super::visit::{self, Standing, Visit};
use super::{Answer, App, finish, form, page};
use crate::verification::outcome::Status;
use crate::verification::session::SessionId;

/// `GET /session/ID`: where the session stands.
pub(super) async fn show(app: &App, id: SessionId, parts: &Parts) -> Result<Answer, Refusal> {
    let visit = Visit::open(app, id, parts)?;
    Ok(match visit.standing().await? {
        Standing::Concluded(outcome) => page::concluded(&visit, &outcome),
        Standing::Late => page::late(&visit),
        Standing::Open => match app.methods.only() {
            Some(method) => method::page(&visit, Step::first(method)).await?,
            None => choose(&visit),
        },
    })
}

fn choose(visit: &Visit<'_>) -> Answer {
    let methods = visit.app.methods.iter().map(|method| (method.as_str(), method::label(method, visit.language)));
    page::choose(visit, methods.collect())
}

/// `GET /session/ID/METHOD` and what is below: the page of a method.
pub(super) async fn show_step(app: &App, id: SessionId, step: Step, parts: &Parts) -> Result<Answer, Refusal> {
    let visit = Visit::open(app, id, parts)?;
    Ok(match visit.standing().await? {
        Standing::Open => method::page(&visit, step).await?,
        Standing::Late | Standing::Concluded(_) => page::to_session(id),
    })
}

/// `GET /session/ID/return`: the way back once more, for who came here with the back button.
pub(super) async fn go_back(app: &App, id: SessionId, parts: &Parts) -> Result<Answer, Refusal> {
    let visit = Visit::open(app, id, parts)?;
    Ok(match visit.standing().await? {
        Standing::Concluded(outcome) => finish::send_back(&visit, &outcome),
        Standing::Open | Standing::Late => page::to_session(id),
    })
}

/// `POST /session/ID/…`: the person acts.
pub(super) async fn act<B>(app: &App, id: SessionId, act: Act, parts: &Parts, body: B) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    form::check_origin(parts)?;
    let visit = Visit::open(app, id, parts)?;
    visit::check_pace(&app.submissions, &visit.session.subject, visit.now)?;
    if !visit.is_open()? {
        return leave(&visit, Status::Expired).await;
    }
    match act {
        Act::Cancel => leave(&visit, Status::Canceled).await,
        Act::Answer(step) => method::answer(&visit, step, parts, body).await,
    }
}

async fn leave(visit: &Visit<'_>, status: Status) -> Result<Answer, Refusal> {
    let answered = visit.app.store.leave(&visit.session, status, finish::new_id(), visit.now).await?;
    finish::close(visit, None, &answered)
}
