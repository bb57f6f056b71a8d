//! `/session/ID`: the person's page, and what they do on it.

use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use super::error::Refusal;
use super::page::{self, DeskProblem};
use super::route::Act;
use super::visit::{self, Standing, Visit};
use super::{Answer, App, finish, form};
use crate::store::login::Answered;
use crate::verification::method::desk::{Code, CodeError};
use crate::verification::method::{Method, simulated};
use crate::verification::outcome::Status;
use crate::verification::session::SessionId;

/// `GET /session/ID`: where the session stands.
pub(super) async fn show(app: &App, id: SessionId, parts: &Parts) -> Result<Answer, Refusal> {
    let visit = Visit::open(app, id, parts)?;
    Ok(match visit.standing().await? {
        Standing::Concluded(outcome) => page::concluded(&visit, &outcome),
        Standing::Late => page::late(&visit),
        Standing::Open => match app.methods.only() {
            Some(method) => method_page(&visit, method),
            None => page::choose(&visit, app.methods.iter()),
        },
    })
}

/// `GET /session/ID/METHOD`: one of several methods.
pub(super) async fn show_method(app: &App, id: SessionId, method: Method, parts: &Parts) -> Result<Answer, Refusal> {
    let visit = Visit::open(app, id, parts)?;
    check_enabled(app, method)?;
    Ok(match visit.standing().await? {
        Standing::Open => method_page(&visit, method),
        Standing::Late | Standing::Concluded(_) => page::to_session(id),
    })
}

fn method_page(visit: &Visit<'_>, method: Method) -> Answer {
    match method {
        Method::Desk => page::desk(visit, None),
        Method::Simulated => page::simulated(visit),
    }
}

/// A method that is not enabled has no page.
fn check_enabled(app: &App, method: Method) -> Result<(), Refusal> {
    if app.methods.iter().any(|enabled| enabled == method) { Ok(()) } else { Err(Refusal::NotFound) }
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
        Act::Answer(method) => {
            check_enabled(app, method)?;
            match method {
                Method::Desk => {
                    let typed = form::read_field(parts, body, "code").await?;
                    answer_desk(&visit, &typed).await
                }
                Method::Simulated => {
                    let choice = form::read_field(parts, body, "outcome").await?;
                    simulate(&visit, &choice).await
                }
            }
        }
    }
}

async fn simulate(visit: &Visit<'_>, choice: &str) -> Result<Answer, Refusal> {
    let Visit { app, session, now, .. } = visit;
    let status = simulated::parse(choice).ok_or(Refusal::Malformed("no such outcome"))?;
    let answered = app.store.simulate(session, status, finish::new_id(), *now).await?;
    finish::close(visit, Some(Method::Simulated), &answered)
}

async fn answer_desk(visit: &Visit<'_>, typed: &str) -> Result<Answer, Refusal> {
    let Visit { app, session, now, .. } = visit;
    let policy = app.methods.desk.ok_or(Refusal::NotFound)?;
    let again = |problem| Ok(page::desk(visit, Some((typed, problem))));
    let code = match Code::parse(typed) {
        Ok(code) => code,
        Err(CodeError::Length) => return again(DeskProblem::Length),
        Err(CodeError::Symbol) => return again(DeskProblem::Symbol),
    };
    match app.store.answer_desk(session, policy, code, finish::new_id(), *now).await? {
        Answered::Wrong { attempts_left } => {
            tracing::warn!(tenant = %session.tenant.domain, session = visit.name(), attempts_left, "a wrong code was typed");
            again(DeskProblem::Wrong { attempts_left })
        }
        Answered::Again { attempts_left } => again(DeskProblem::Wrong { attempts_left }),
        Answered::TooLate => {
            if visit.has_line() {
                tracing::warn!(tenant = %session.tenant.domain, session = visit.name(), "a code was typed that has expired");
            }
            again(DeskProblem::TooLate)
        }
        answered => finish::close(visit, Some(Method::Desk), &answered),
    }
}

async fn leave(visit: &Visit<'_>, status: Status) -> Result<Answer, Refusal> {
    let answered = visit.app.store.leave(&visit.session, status, finish::new_id(), visit.now).await?;
    finish::close(visit, None, &answered)
}
