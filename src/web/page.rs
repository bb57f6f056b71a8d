//! The pages: one struct each, its template checked at compile time.

use askama::Template;
use http_body_util::Full;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};

use super::language::Language;
use super::visit::Visit;
use super::{Answer, App, headers};
use crate::ops::text;
use crate::verification::method::Method;
use crate::verification::method::desk::TYPED_LIMIT;
use crate::verification::outcome::{Outcome, Status};
use crate::verification::session::{Session, SessionId};

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// The most characters that the field for a code takes: fewer bytes than are read as one.
const FIELD_LENGTH: usize = TYPED_LIMIT / 3;

/// What a typed code came to, if it did not end the session.
#[derive(Clone, Copy)]
pub(super) enum DeskProblem {
    Length,
    Symbol,
    Wrong { attempts_left: u8 },
    TooLate,
}

#[derive(Template)]
#[template(path = "desk.html", config = "src/web/askama.toml")]
struct DeskPage<'a> {
    app: &'a App,
    language: Language,
    session: &'a Session<'a>,
    time_left: String,
    problem: Option<String>,
    typed: String,
    longest: usize,
}

/// The desk method's page: for whom, until when, the code, and the way out. What was typed, where it met a problem, stays
/// in the field to be mended.
pub(super) fn desk(visit: &Visit<'_>, typed: Option<(&str, DeskProblem)>) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (typed, problem) = typed.map_or((String::new(), None), |(typed, problem)| (legible(typed), Some(problem)));
    let problem = problem.map(|problem| match problem {
        DeskProblem::Length => language.say("desk-length").to_owned(),
        DeskProblem::Symbol => language.say("desk-symbol").to_owned(),
        DeskProblem::TooLate => language.say("desk-too-late").to_owned(),
        DeskProblem::Wrong { attempts_left } => language.count("desk-wrong", "attempts", attempts_left.into()),
    });
    let time_left = visit.time_left();
    let page = DeskPage { app, language, session, time_left, problem, typed, longest: FIELD_LENGTH };
    let mut answer = html(status, &page);
    headers::allow_forms(&mut answer);
    answer
}

/// What a person can see of `typed`, as far as the field takes it.
fn legible(typed: &str) -> String {
    text::seen(typed).take(FIELD_LENGTH).collect()
}

#[derive(Template)]
#[template(path = "choose.html", config = "src/web/askama.toml")]
struct ChoosePage<'a> {
    app: &'a App,
    language: Language,
    session: &'a Session<'a>,
    methods: Vec<(&'static str, &'static str)>,
    time_left: String,
}

/// Which method, where there are several.
pub(super) fn choose(visit: &Visit<'_>, methods: impl Iterator<Item = Method>) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    let name = |method| match method {
        Method::Desk => language.say("choose-desk"),
        Method::Simulated => language.say("choose-simulated"),
    };
    let methods = methods.map(|method| (method.as_str(), name(method))).collect();
    let page = ChoosePage { app, language, session, methods, time_left: visit.time_left() };
    let mut answer = html(StatusCode::OK, &page);
    headers::allow_forms(&mut answer);
    answer
}

#[derive(Template)]
#[template(path = "simulated.html", config = "src/web/askama.toml")]
struct SimulatedPage<'a> {
    app: &'a App,
    language: Language,
    session: &'a Session<'a>,
    time_left: String,
}

/// The trial's method: how shall it end?
pub(super) fn simulated(visit: &Visit<'_>) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    let page = SimulatedPage { app, language, session, time_left: visit.time_left() };
    let mut answer = html(StatusCode::OK, &page);
    headers::allow_forms(&mut answer);
    answer
}

#[derive(Template)]
#[template(path = "late.html", config = "src/web/askama.toml")]
struct LatePage<'a> {
    app: &'a App,
    language: Language,
    session: &'a Session<'a>,
}

/// Too late to act; what is left is to return and say so.
pub(super) fn late(visit: &Visit<'_>) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    let mut answer = html(StatusCode::OK, &LatePage { app, language, session });
    headers::allow_forms(&mut answer);
    answer
}

#[derive(Template)]
#[template(path = "concluded.html", config = "src/web/askama.toml")]
struct ConcludedPage<'a> {
    app: &'a App,
    language: Language,
    session: &'a Session<'a>,
    title: &'static str,
}

/// The session has ended; what is left is the way back.
pub(super) fn concluded(visit: &Visit<'_>, outcome: &Outcome) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    let title = match outcome.status {
        Status::Success => language.say("concluded-success"),
        Status::Failed => language.say("concluded-failed"),
        Status::Canceled => language.say("concluded-canceled"),
        Status::Pending => language.say("concluded-pending"),
        Status::Expired => language.say("concluded-expired"),
    };
    html(StatusCode::OK, &ConcludedPage { app, language, session, title })
}

#[derive(Template)]
#[template(path = "handoff.html", config = "src/web/askama.toml")]
struct HandoffPage<'a> {
    app: &'a App,
    language: Language,
    address: &'a str,
    parameter: &'a str,
    token: &'a str,
}

/// The form that the browser submits to Auth0, by a script or by a button.
pub(super) fn handoff(visit: &Visit<'_>, address: &str, parameter: &str, token: &str) -> Answer {
    let &Visit { app, language, .. } = visit;
    let mut answer = html(StatusCode::OK, &HandoffPage { app, language, address, parameter, token });
    headers::allow_forms(&mut answer);
    answer
}

#[derive(Template)]
#[template(path = "refusal.html", config = "src/web/askama.toml")]
struct RefusalPage<'a> {
    app: &'a App,
    language: Language,
    title: &'static str,
    text: &'static str,
    reference: Option<&'a str>,
}

/// What went wrong and what to do next, by the keys of two texts; and where there is one, what finds it in the log.
pub(super) fn refusal(
    app: &App,
    status: StatusCode,
    [title, text]: [&'static str; 2],
    reference: Option<&str>,
    language: Language,
) -> Answer {
    html(status, &RefusalPage { app, language, title: language.say(title), text: language.say(text), reference })
}

#[derive(Template)]
#[template(path = "arrival.html", config = "src/web/askama.toml")]
struct ArrivalPage<'a> {
    app: &'a App,
    language: Language,
    address: &'a str,
}

/// Leads the browser to `address`, a page of ours, by itself or by a link.
pub(super) fn arrival(app: &App, address: &str, language: Language) -> Answer {
    html(StatusCode::OK, &ArrivalPage { app, language, address })
}

#[derive(Template)]
#[template(path = "home.html", config = "src/web/askama.toml")]
struct HomePage<'a> {
    app: &'a App,
    language: Language,
}

/// What this host is, for who opens its bare address.
pub(super) fn home(app: &App, language: Language) -> Answer {
    html(StatusCode::OK, &HomePage { app, language })
}

/// A line of text for a machine.
pub(super) fn plain(status: StatusCode, text: impl Into<String>) -> Answer {
    answer(status, TEXT, text.into())
}

/// Sends the browser to where session `id` stands.
pub(super) fn to_session(id: SessionId) -> Answer {
    see_other(&["/session/", &id.to_string()].concat())
}

/// Sends the browser on by GET. `address` is made of our own words, checked hosts and encoded values.
pub(super) fn see_other(address: &str) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::try_from(address).expect("encoded values are visible ASCII");
    answer.headers_mut().insert(header::LOCATION, location);
    answer
}

fn html(status: StatusCode, page: &impl Template) -> Answer {
    let page = page.render().expect("templates write to memory and call nothing that fails");
    answer(status, HTML, page)
}

fn answer(status: StatusCode, content_type: HeaderValue, body: String) -> Answer {
    let mut answer = Response::new(Full::from(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, content_type);
    answer
}
