//! `/session/ID`: the person's page, and what they do on it.

use data_encoding::HEXLOWER;
use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;
use ring::digest;

use super::error::Refusal;
use super::language::Language;
use super::page::{self, DeskProblem};
use super::route::{Act, Submission};
use super::{Answer, App, cookie, finish, form, start};
use crate::ops::random;
use crate::store::login::{Answered, Use};
use crate::verification::method::desk::{Code, CodeError};
use crate::verification::method::{Method, simulated};
use crate::verification::outcome::{Outcome, Status};
use crate::verification::session::{Phase, Session, SessionId};
use crate::verification::subject::IdvId;
use crate::verification::time::Timestamp;

/// `GET /session/ID`: where the session stands.
pub(super) fn show(app: &App, id: SessionId, parts: &Parts) -> Result<Answer, Refusal> {
    let session = open(app, id, parts)?;
    let language = Language::of_session(&session, &parts.headers);
    let now = app.clock.now();
    match (session.phase(now), concluded(app, &session)?) {
        (Phase::NotYet, _) => Err(clock_behind(&session, now)),
        (Phase::Over, _) => Err(Refusal::LoginOver),
        (_, Some(outcome)) => Ok(page::concluded(app, &session, &outcome, language)),
        (Phase::Late, None) => Ok(page::late(app, &session, language)),
        (Phase::Open { .. }, None) => match app.methods.only() {
            Some(method) => Ok(method_page(app, &session, method, now, language)),
            None => Ok(page::choose(app, &session, app.methods.iter(), now, language)),
        },
    }
}

/// `GET /session/ID/METHOD`: one of several methods.
pub(super) fn show_method(app: &App, id: SessionId, method: Method, parts: &Parts) -> Result<Answer, Refusal> {
    let session = open(app, id, parts)?;
    let language = Language::of_session(&session, &parts.headers);
    let now = app.clock.now();
    check_enabled(app, method)?;
    match (session.phase(now), concluded(app, &session)?) {
        (Phase::NotYet, _) => Err(clock_behind(&session, now)),
        (Phase::Over, _) => Err(Refusal::LoginOver),
        (_, Some(_)) | (Phase::Late, None) => Ok(page::to_session(id)),
        (Phase::Open { .. }, None) => Ok(method_page(app, &session, method, now, language)),
    }
}

fn method_page(app: &App, session: &Session<'_>, method: Method, now: Timestamp, language: Language) -> Answer {
    match method {
        Method::Desk => page::desk(app, session, now, None, language),
        Method::Simulated => page::simulated(app, session, now, language),
    }
}

/// A method that is not enabled has no page.
fn check_enabled(app: &App, method: Method) -> Result<(), Refusal> {
    if app.methods.iter().any(|enabled| enabled == method) { Ok(()) } else { Err(Refusal::NotFound) }
}

/// `GET /session/ID/return`: the way back once more, for who came here with the back button.
pub(super) fn go_back(app: &App, id: SessionId, parts: &Parts) -> Result<Answer, Refusal> {
    let session = open(app, id, parts)?;
    let language = Language::of_session(&session, &parts.headers);
    let now = app.clock.now();
    match (session.phase(now), concluded(app, &session)?) {
        (Phase::NotYet, _) => Err(clock_behind(&session, now)),
        (Phase::Over, _) => Err(Refusal::LoginOver),
        (_, Some(outcome)) => Ok(finish::send_back(app, &session, &outcome, now, language)),
        (_, None) => Ok(page::to_session(id)),
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
    start::check_pace(&app.submissions, &session.subject, now)?;
    match (session.phase(now), submission.act) {
        (Phase::NotYet, _) => Err(clock_behind(&session, now)),
        (Phase::Over, _) => Err(Refusal::LoginOver),
        (Phase::Late, _) => leave(app, &session, Status::Expired, now, language).await,
        (Phase::Open { .. }, Act::Cancel) => leave(app, &session, Status::Canceled, now, language).await,
        (Phase::Open { .. }, Act::Answer(method)) => {
            check_enabled(app, method)?;
            match method {
                Method::Desk => {
                    let typed = form::read_field(parts, body, "code").await?;
                    answer_desk(app, &session, &typed, now, language).await
                }
                Method::Simulated => {
                    let choice = form::read_field(parts, body, "outcome").await?;
                    simulate(app, &session, &choice, now, language).await
                }
            }
        }
    }
}

async fn simulate(
    app: &App,
    session: &Session<'_>,
    choice: &str,
    now: Timestamp,
    language: Language,
) -> Result<Answer, Refusal> {
    let status = simulated::parse(choice).ok_or(Refusal::Malformed("no such outcome"))?;
    let answered = app.store.simulate(session, status, new_id(), now).await?;
    closed(app, session, Some(Method::Simulated), &answered, now, language)
}

async fn answer_desk(
    app: &App,
    session: &Session<'_>,
    typed: &str,
    now: Timestamp,
    language: Language,
) -> Result<Answer, Refusal> {
    let policy = app.methods.desk.ok_or(Refusal::NotFound)?;
    let again = |problem| Ok(page::desk(app, session, now, Some((typed, problem)), language));
    let code = match Code::parse(typed) {
        Ok(code) => code,
        Err(CodeError::Length) => return again(DeskProblem::Length),
        Err(CodeError::Symbol) => return again(DeskProblem::Symbol),
    };
    match app.store.answer_desk(session, policy, code, new_id(), now).await? {
        Answered::Wrong { attempts_left } => {
            tracing::warn!(tenant = %session.tenant.domain, session = name(session.id), attempts_left, "a wrong code was typed");
            again(DeskProblem::Wrong { attempts_left })
        }
        Answered::Again { attempts_left } => again(DeskProblem::Wrong { attempts_left }),
        Answered::TooLate => {
            if app.noise.person_has_line(person(session)) {
                tracing::warn!(tenant = %session.tenant.domain, session = name(session.id), "a code was typed that has expired");
            }
            again(DeskProblem::TooLate)
        }
        answered => closed(app, session, Some(Method::Desk), &answered, now, language),
    }
}

async fn leave(
    app: &App,
    session: &Session<'_>,
    status: Status,
    now: Timestamp,
    language: Language,
) -> Result<Answer, Refusal> {
    closed(app, session, None, &app.store.leave(session, status, new_id(), now).await?, now, language)
}

/// The way back of a session that has ended, or the refusal of one that another came before.
fn closed(
    app: &App,
    session: &Session<'_>,
    method: Option<Method>,
    answered: &Answered,
    now: Timestamp,
    language: Language,
) -> Result<Answer, Refusal> {
    match answered {
        Answered::Concluded(outcome) => {
            log_conclusion(session, method, outcome);
            Ok(finish::send_back(app, session, outcome, now, language))
        }
        Answered::Already(outcome) => Ok(finish::send_back(app, session, outcome, now, language)),
        Answered::Taken | Answered::Wrong { .. } | Answered::Again { .. } | Answered::TooLate => Err(Refusal::Used),
    }
}

fn log_conclusion(session: &Session<'_>, method: Option<Method>, outcome: &Outcome) {
    tracing::info!(
        tenant = %session.tenant.domain,
        session = name(session.id),
        idv_id = %outcome.idv_id,
        method = method.map(Method::as_str),
        status = outcome.status.as_str(),
        "session concluded"
    );
}

/// The session in the log, where its lines belong together: 64 bits of a digest, from which nobody finds its address.
pub(super) fn name(id: SessionId) -> String {
    HEXLOWER.encode(&digest::digest(&digest::SHA256, id.to_string().as_bytes()).as_ref()[..8])
}

/// Whose session it is, for what a person may do only so often.
pub(super) fn person<'s>(session: &'s Session<'_>) -> (&'s str, &'s str) {
    (session.subject.tenant.as_str(), session.subject.user_id.as_str())
}

/// The session `id`, if the browser presents its cookie.
pub(super) fn open<'a>(app: &'a App, id: SessionId, parts: &Parts) -> Result<Session<'a>, Refusal> {
    cookie::session(app, id, &parts.headers).ok_or(Refusal::NoSession)
}

/// How the session ended, if it did; refused if another session came first.
fn concluded(app: &App, session: &Session<'_>) -> Result<Option<Outcome>, Refusal> {
    match app.store.token_use(session.issued_at, session.token_id)? {
        Use::Unused => Ok(None),
        Use::Claimed(id) if id == session.id => Ok(None),
        Use::Concluded(id, outcome) if id == session.id => Ok(Some(outcome)),
        Use::Claimed(_) | Use::Concluded(..) => Err(Refusal::Used),
    }
}

fn clock_behind(session: &Session<'_>, now: Timestamp) -> Refusal {
    Refusal::ClockBehind { by: now.until(session.issued_at) }
}

fn new_id() -> IdvId {
    IdvId::from_random(random::bytes())
}
