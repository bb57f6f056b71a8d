//! `/session/ID`: the person's page, and what they do on it.

use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use super::error::Refusal;
use super::language::Language;
use super::page::{self, DeskProblem};
use super::route::{Act, Submission};
use super::{Answer, App, cookie, finish, form, start};
use crate::ops::random;
use crate::verification::case::Ticket;
use crate::verification::decision::{Act as Deed, Actor, Answered, Step};
use crate::verification::method::desk::{self, Code, CodeError, Told, Typed};
use crate::verification::method::simulated::Choice;
use crate::verification::method::{Answer as Typing, Method, Reply};
use crate::verification::outcome::{Outcome, Status};
use crate::verification::session::{Phase, Session, SessionId};
use crate::verification::spent::Use;
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
        (Phase::Open { .. }, None) => match only(app, &session) {
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

/// The method that is offered, if it is the only one.
fn only(app: &App, session: &Session<'_>) -> Option<Method> {
    let mut offered = app.methods.offered(&session.asks);
    offered.next().filter(|_| offered.next().is_none())
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
    let choice = Choice::parse(choice, random::bytes()).ok_or(Refusal::Malformed("no such outcome"))?;
    let step = Step::Answer(Typing::Simulated(choice));
    let (answered, _happened) = app.store.act(deed(app, session, step, now)).await?;
    closed(app, session, &answered, now, language)
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
    let typed = Typed::new(&code, policy, &app.store.key(desk::KEY), &session.subject, session.id);
    let (answered, happened) = app.store.act(deed(app, session, Step::Answer(Typing::Desk(typed)), now)).await?;
    match answered {
        Answered::Told(Reply::Desk(Told::Wrong { attempts_left } | Told::Again { attempts_left })) => {
            again(DeskProblem::Wrong { attempts_left })
        }
        Answered::Told(Reply::Desk(Told::TooLate)) => {
            // Whoever has an expired code may type it for ever.
            if !app.noise.person_has_line(person(session)) {
                happened.keep_quiet();
            }
            again(DeskProblem::TooLate)
        }
        answered => closed(app, session, &answered, now, language),
    }
}

async fn leave(
    app: &App,
    session: &Session<'_>,
    status: Status,
    now: Timestamp,
    language: Language,
) -> Result<Answer, Refusal> {
    let (answered, _happened) = app.store.act(deed(app, session, Step::Leave(status), now)).await?;
    closed(app, session, &answered, now, language)
}

/// The way back of a session that has ended, or the refusal of one that another came before.
fn closed(
    app: &App,
    session: &Session<'_>,
    answered: &Answered,
    now: Timestamp,
    language: Language,
) -> Result<Answer, Refusal> {
    match answered {
        Answered::Concluded(outcome) | Answered::Already(outcome) => {
            Ok(finish::send_back(app, session, outcome, now, language))
        }
        Answered::Nothing | Answered::Told(_) => Ok(page::to_session(session.id)),
        Answered::Taken => Err(Refusal::Used),
    }
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

/// What `session` does.
fn deed(app: &App, session: &Session<'_>, step: Step, now: Timestamp) -> Deed {
    Deed {
        actor: Actor::of(session),
        step,
        new_id: IdvId::from_random(random::bytes()),
        new_ticket: Ticket::from_random(random::bytes()),
        hand_over: app.hand_over,
        now,
    }
}
