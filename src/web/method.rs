//! The list of the methods' pages. What a method shows and asks is in a file of its own name, with its templates and its
//! texts in the folder beside it; adding one touches those and this list.

use std::sync::Arc;

use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use super::error::Refusal;
use super::form::Form;
use super::language::Language;
use super::page::Choice;
use super::terms::{self, Terms};
use super::visit::Visit;
use super::{Answer, App};
use crate::verification::method::Method;
use crate::verification::session::id::SessionId;

mod desk;
mod document;
mod oidc;
mod simulated;

pub use self::document::{HandOffs, Tries, Waits, notice, notice_digest};
pub use self::oidc::Parties;

/// One of a method's addresses: `/session/ID/METHOD`, or `/session/ID/METHOD/STEP`, where a method
/// of which there are several is called `KIND/NAME`.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Desk(desk::Step),
    Simulated(simulated::Step),
    Oidc(oidc::Step),
    Document(document::Step),
}

impl Step {
    /// The one that `method` begins with.
    pub(super) fn first(method: Method) -> Self {
        match method {
            Method::Desk => Self::Desk(desk::Step::Code),
            Method::Simulated => Self::Simulated(simulated::Step::Outcome),
            Method::Oidc(provider) => Self::Oidc(oidc::Step { provider }),
            Method::Document => Self::Document(document::Step::Overview),
        }
    }

    /// The one that `method` calls `name`, if it has such a one beside the first.
    pub(super) fn named(method: Method, name: &str) -> Option<Self> {
        match method {
            Method::Desk => desk::Step::named(name).map(Self::Desk),
            Method::Simulated => simulated::Step::named(name).map(Self::Simulated),
            Method::Oidc(_) => None,
            Method::Document => document::Step::named(name).map(Self::Document),
        }
    }

    /// Of which method it is.
    pub(super) fn method(self) -> Method {
        match self {
            Self::Desk(_) => Method::Desk,
            Self::Simulated(_) => Method::Simulated,
            Self::Oidc(step) => Method::Oidc(step.provider),
            Self::Document(_) => Method::Document,
        }
    }

    /// What holds for it.
    pub(super) fn terms(self) -> &'static Terms {
        match self {
            Self::Desk(step) => step.terms(),
            Self::Simulated(step) => step.terms(),
            Self::Oidc(_) => &terms::USUAL,
            Self::Document(step) => step.terms(),
        }
    }
}

/// How `method` is called where a person chooses among several.
fn label(app: &App, method: Method, language: Language) -> String {
    match method {
        Method::Desk => desk::label(language).to_owned(),
        Method::Simulated => simulated::label(language).to_owned(),
        Method::Oidc(provider) => oidc::label(app, provider, language),
        Method::Document => document::label(language).to_owned(),
    }
}

/// What there is to say of `method` at present, where a person chooses among several.
fn remark(app: &App, method: Method, language: Language) -> Option<String> {
    match method {
        Method::Desk | Method::Simulated | Method::Document => None,
        Method::Oidc(provider) => oidc::remark(app, provider, language),
    }
}

/// The methods that are offered.
pub(super) fn choices(visit: &Visit<'_>) -> Vec<Choice> {
    let choice = |method: Method| Choice {
        address: method.address(),
        label: label(visit.app, method, visit.language),
        remark: remark(visit.app, method, visit.language),
    };
    visit.offered().map(choice).collect()
}

/// Whether `method` has a page of its own for a case that waits, or for why somebody was not verified.
pub(super) const fn shows_cases(method: Method) -> bool {
    match method {
        Method::Document => true,
        Method::Desk | Method::Simulated | Method::Oidc(_) => false,
    }
}

/// `GET` of a step: its page.
pub(super) async fn page(visit: &Visit<'_>, step: Step, parts: &Parts) -> Result<Answer, Refusal> {
    match step {
        Step::Desk(step) => Ok(desk::page(visit, step)),
        Step::Simulated(step) => simulated::page(visit, step).await,
        Step::Oidc(step) => oidc::page(visit, step, parts),
        Step::Document(step) => document::page(visit, step, parts).await,
    }
}

/// `POST` of a step: what the person answers there. What asks others has a future of its own: it is large, and every page's
/// would be as large.
pub(super) async fn answer<B>(visit: &Visit<'_>, step: Step, parts: &Parts, body: B) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let form = Form { parts, body, terms: step.terms() };
    match step {
        Step::Desk(step) => desk::answer(visit, step, form).await,
        Step::Simulated(step) => simulated::answer(visit, step, form).await,
        Step::Oidc(step) => Box::pin(oidc::answer(visit, step, form)).await,
        Step::Document(step) => Box::pin(document::answer(visit, step, form)).await,
    }
}

/// `GET` of a step by a phone that the session was handed over to: some have a page for that.
pub(super) async fn page_on_phone(app: &App, id: SessionId, step: Step, parts: &Parts) -> Result<Answer, Refusal> {
    match step {
        Step::Document(step) => Box::pin(document::page_on_phone(app, id, step, parts)).await,
        Step::Desk(_) | Step::Simulated(_) | Step::Oidc(_) => Err(Refusal::NoSession),
    }
}

/// `POST` of a step by such a phone.
pub(super) async fn answer_on_phone<B>(
    app: &App,
    id: SessionId,
    step: Step,
    parts: &Parts,
    body: B,
) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let form = Form { parts, body, terms: step.terms() };
    match step {
        Step::Document(step) => Box::pin(document::answer_on_phone(app, id, step, form)).await,
        Step::Desk(_) | Step::Simulated(_) | Step::Oidc(_) => Err(Refusal::NoSession),
    }
}

/// `/h/CODE`: a phone opens what a computer showed it.
pub(super) async fn handed_over<B>(app: &App, parts: &Parts, body: B) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    Box::pin(document::handed_over(app, Form { parts, body, terms: &terms::USUAL })).await
}

/// `GET /METHOD/callback`: somebody comes back from where `method` sent them. In which session that is, is the method's own
/// matter.
pub(super) async fn came_back(app: &Arc<App>, method: Method, parts: &Parts) -> Result<Answer, Refusal> {
    match method {
        Method::Desk | Method::Document => Err(Refusal::NotFound),
        Method::Simulated => simulated::came_back(app, parts).await,
        Method::Oidc(provider) => Box::pin(oidc::came_back(app, provider, parts)).await,
    }
}
