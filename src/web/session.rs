//! `/session/ID`: the person's page, and what they do on it.

use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use super::error::Refusal;
use super::language::Language;
use super::page::{self, DeskProblem};
use super::route::{Act, Submission};
use super::{Answer, App, cookie, finish, form};
use crate::ops::random;
use crate::store::login::{Answered, Use};
use crate::verification::method::desk::{Code, CodeError, Policy};
use crate::verification::outcome::{Outcome, Status};
use crate::verification::session::{Phase, Session, SessionId};
use crate::verification::subject::IdvId;
use crate::verification::time::Timestamp;

/// `GET /session/ID`: where the session stands.
pub(super) fn show(app: &App, id: SessionId, parts: &Parts) -> Result<Answer, Refusal> {
    let session = open(app, id, parts)?;
    let language = Language::of_session(&session, &parts.headers);
    let now = app.clock.now();
    if session.phase(now) == Phase::Over {
        return Err(Refusal::LoginOver);
    }
    match concluded(app, &session)? {
        Some(outcome) => Ok(page::concluded(app, &session, &outcome, language)),
        None => desk(app).map(|_| page::desk(app, &session, now, None, language)),
    }
}

/// `GET /session/ID/return`: the way back once more, for who came here with the back button.
pub(super) fn go_back(app: &App, id: SessionId, parts: &Parts) -> Result<Answer, Refusal> {
    let session = open(app, id, parts)?;
    let language = Language::of_session(&session, &parts.headers);
    let now = app.clock.now();
    if session.phase(now) == Phase::Over {
        return Err(Refusal::LoginOver);
    }
    match concluded(app, &session)? {
        Some(outcome) => Ok(finish::send_back(app, &session, &outcome, now, language)),
        None => Ok(page::see_other(&format!("/session/{id}"))),
    }
}

/// `POST /session/ID/…`: the person acts.
pub(super) async fn submit<B>(app: &App, submission: Submission, parts: &Parts, body: B) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    form::check_origin(parts)?;
    let session = open(app, submission.id, parts)?;
    let language = Language::of_session(&session, &parts.headers);
    let now = app.clock.now();
    match (session.phase(now), submission.act) {
        (Phase::Over, _) => Err(Refusal::LoginOver),
        (Phase::Late, _) => leave(app, &session, Status::Expired, now, language).await,
        (Phase::Open { .. }, Act::Cancel) => leave(app, &session, Status::Canceled, now, language).await,
        (Phase::Open { .. }, Act::Desk) => {
            let typed = form::read_field(parts, body, "code").await?;
            answer_desk(app, &session, &typed, now, language).await
        }
    }
}

async fn answer_desk(
    app: &App,
    session: &Session<'_>,
    typed: &str,
    now: Timestamp,
    language: Language,
) -> Result<Answer, Refusal> {
    let policy = desk(app)?;
    let again = |problem| Ok(page::desk(app, session, now, Some(problem), language));
    let code = match Code::parse(typed) {
        Ok(code) => code,
        Err(CodeError::Length) => return again(DeskProblem::Length),
        Err(CodeError::Symbol) => return again(DeskProblem::Symbol),
    };
    match app.store.answer_desk(session, policy, code, new_id(), now).await? {
        Answered::Wrong { attempts_left } => again(DeskProblem::Wrong { attempts_left }),
        Answered::TooLate => again(DeskProblem::TooLate),
        Answered::Concluded(outcome) => Ok(conclude(app, session, &outcome, now, language)),
        Answered::Already(outcome) => Ok(finish::send_back(app, session, &outcome, now, language)),
        Answered::Taken => Err(Refusal::Used),
    }
}

async fn leave(
    app: &App,
    session: &Session<'_>,
    status: Status,
    now: Timestamp,
    language: Language,
) -> Result<Answer, Refusal> {
    match app.store.leave(session, status, new_id(), now).await? {
        Answered::Concluded(outcome) => Ok(conclude(app, session, &outcome, now, language)),
        Answered::Already(outcome) => Ok(finish::send_back(app, session, &outcome, now, language)),
        Answered::Taken | Answered::Wrong { .. } | Answered::TooLate => Err(Refusal::Used),
    }
}

fn conclude(app: &App, session: &Session<'_>, outcome: &Outcome, now: Timestamp, language: Language) -> Answer {
    tracing::info!(tenant = %session.tenant.domain, idv_id = %outcome.idv_id, status = outcome.status.as_str(), "session concluded");
    finish::send_back(app, session, outcome, now, language)
}

fn open<'a>(app: &'a App, id: SessionId, parts: &Parts) -> Result<Session<'a>, Refusal> {
    cookie::session(app, id, &parts.headers).ok_or(Refusal::NoSession)
}

/// How the session ended, if it did; refused if another session came first.
fn concluded(app: &App, session: &Session<'_>) -> Result<Option<Outcome>, Refusal> {
    match app.store.token_use(session.over_at(), session.token_id)? {
        Use::Unused => Ok(None),
        Use::Claimed(id) if id == session.id => Ok(None),
        Use::Concluded(id, outcome) if id == session.id => Ok(Some(outcome)),
        Use::Claimed(_) | Use::Concluded(..) => Err(Refusal::Used),
    }
}

/// The desk's rules. A configuration without any method does not start.
fn desk(app: &App) -> Result<Policy, Refusal> {
    app.desk.ok_or(Refusal::NotFound)
}

fn new_id() -> IdvId {
    IdvId::from_random(random::bytes())
}
