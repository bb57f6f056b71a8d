//! The pages that are no method's: one struct each, its template checked at compile time.

use askama::Template;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};

use super::language::Language;
use super::terms::{self, Terms};
use super::visit::Visit;
use super::{Answer, App, headers};
use crate::verification::outcome::{Outcome, Status};
use crate::verification::session::Session;
use crate::verification::session::id::SessionId;

/// The most headers that a page has, that of a cookie included.
const HEADERS: usize = 12;
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// A method that is offered.
pub(super) struct Choice {
    /// Its part of an address.
    pub(super) address: String,
    /// What a person reads.
    pub(super) label: String,
    /// What there is to say of it at present.
    pub(super) remark: Option<String>,
}

#[derive(Template)]
#[template(path = "choose.html", config = "src/web/askama.toml")]
struct ChoosePage<'a> {
    app: &'a App,
    language: Language,
    session: &'a Session<'a>,
    methods: Vec<Choice>,
    time_left: String,
}

/// Which method, where there are several.
pub(super) fn choose(visit: &Visit<'_>, methods: Vec<Choice>) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    let page = ChoosePage { app, language, session, methods, time_left: visit.time_left() };
    form(StatusCode::OK, &page, &terms::USUAL)
}

#[derive(Template)]
#[template(path = "before.html", config = "src/web/askama.toml")]
struct BeforePage<'a> {
    app: &'a App,
    language: Language,
    session: &'a Session<'a>,
    title: &'static str,
    text: &'static str,
    button: &'static str,
    /// Whether a script presses the button.
    goes_on: bool,
    methods: Vec<Choice>,
}

/// The person was verified before; what is left is to go on, by itself or by the button.
pub(super) fn verified_before(visit: &Visit<'_>, title: &'static str, text: &'static str) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    let (button, methods) = (language.say("continue"), Vec::new());
    form(
        StatusCode::OK,
        &BeforePage { app, language, session, title, text, button, goes_on: true, methods },
        &terms::USUAL,
    )
}

/// The person was not verified before, or not yet; they return, or begin anew by one of `methods`.
pub(super) fn decided_before(
    visit: &Visit<'_>,
    title: &'static str,
    text: &'static str,
    methods: Vec<Choice>,
) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    let button = language.say("concluded-return");
    form(
        StatusCode::OK,
        &BeforePage { app, language, session, title, text, button, goes_on: false, methods },
        &terms::USUAL,
    )
}

#[derive(Template)]
#[template(path = "nothing.html", config = "src/web/askama.toml")]
struct NothingPage<'a> {
    app: &'a App,
    language: Language,
    session: &'a Session<'a>,
}

/// Nothing that is enabled counts for the application; what is left is to return.
pub(super) fn nothing(visit: &Visit<'_>) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    form(StatusCode::OK, &NothingPage { app, language, session }, &terms::USUAL)
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
    form(StatusCode::OK, &LatePage { app, language, session }, &terms::USUAL)
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
    form(StatusCode::OK, &HandoffPage { app, language, address, parameter, token }, &terms::USUAL)
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
pub(crate) fn plain(status: StatusCode, text: impl Into<String>) -> Answer {
    answer(status, TEXT, text.into())
}

/// Sends the browser to where session `id` stands.
pub(super) fn to_session(id: SessionId) -> Answer {
    see_other(&["/session/", &id.to_string()].concat())
}

/// Sends the browser on by GET. `address` is made of our own words, checked hosts and encoded values.
pub(crate) fn see_other(address: &str) -> Answer {
    let mut answer = blank(StatusCode::SEE_OTHER, Full::default());
    let location = HeaderValue::try_from(address).expect("encoded values are visible ASCII");
    answer.headers_mut().insert(header::LOCATION, location);
    answer
}

/// A page with a form, and with what the `terms` of its route allow it.
pub(crate) fn form(status: StatusCode, page: &impl Template, terms: &Terms) -> Answer {
    let mut answer = html(status, page);
    headers::grant(&mut answer, terms);
    answer
}

fn html(status: StatusCode, page: &impl Template) -> Answer {
    let page = page.render().expect("templates write to memory and call nothing that fails");
    answer(status, HTML, page)
}

fn answer(status: StatusCode, content_type: HeaderValue, body: String) -> Answer {
    let mut answer = blank(status, Full::from(body));
    answer.headers_mut().insert(header::CONTENT_TYPE, content_type);
    answer
}

/// An answer with room for the headers that it leaves with: those that make place as they come are moved twice.
fn blank(status: StatusCode, body: Full<Bytes>) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer.headers_mut().reserve(HEADERS);
    answer
}
