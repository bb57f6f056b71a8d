//! The list of the methods' pages. What a method shows and asks is in a file of its own name, with its templates and its
//! texts in the folder beside it; adding one touches those and this list.

use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use super::error::Refusal;
use super::form::Form;
use super::language::Language;
use super::terms::Terms;
use super::visit::Visit;
use super::{Answer, App};
use crate::verification::method::Method;

mod desk;
mod simulated;

/// One of a method's addresses: `/session/ID/METHOD`, or `/session/ID/METHOD/STEP`.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Desk(desk::Step),
    Simulated(simulated::Step),
}

impl Step {
    /// The one that `method` begins with.
    pub(super) fn first(method: Method) -> Self {
        match method {
            Method::Desk => Self::Desk(desk::Step::Code),
            Method::Simulated => Self::Simulated(simulated::Step::Outcome),
        }
    }

    /// The one that `method` calls `name`, if it has such a one beside the first.
    pub(super) fn named(method: Method, name: &str) -> Option<Self> {
        match method {
            Method::Desk => desk::Step::named(name).map(Self::Desk),
            Method::Simulated => simulated::Step::named(name).map(Self::Simulated),
        }
    }

    /// Of which method it is.
    pub(super) fn method(self) -> Method {
        match self {
            Self::Desk(_) => Method::Desk,
            Self::Simulated(_) => Method::Simulated,
        }
    }

    /// What holds for it.
    fn terms(self) -> &'static Terms {
        match self {
            Self::Desk(step) => step.terms(),
            Self::Simulated(step) => step.terms(),
        }
    }
}

/// How `method` is called where a person chooses among several.
fn label(method: Method, language: Language) -> &'static str {
    match method {
        Method::Desk => desk::label(language),
        Method::Simulated => simulated::label(language),
    }
}

/// The methods that are offered: of each its name in addresses, and what a person reads.
pub(super) fn choices(visit: &Visit<'_>) -> Vec<(&'static str, &'static str)> {
    visit.offered().map(|method| (method.as_str(), label(method, visit.language))).collect()
}

/// `GET` of a step: its page.
pub(super) async fn page(visit: &Visit<'_>, step: Step) -> Result<Answer, Refusal> {
    match step {
        Step::Desk(step) => Ok(desk::page(visit, step)),
        Step::Simulated(step) => simulated::page(visit, step).await,
    }
}

/// `POST` of a step: what the person answers there.
pub(super) async fn answer<B>(visit: &Visit<'_>, step: Step, parts: &Parts, body: B) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let form = Form { parts, body, terms: step.terms() };
    match step {
        Step::Desk(step) => desk::answer(visit, step, form).await,
        Step::Simulated(step) => simulated::answer(visit, step, form).await,
    }
}

/// `GET /callback/METHOD`: somebody comes back from where `method` sent them. In which session that is, is the method's own
/// matter.
pub(super) async fn came_back(app: &App, method: Method, parts: &Parts) -> Result<Answer, Refusal> {
    match method {
        Method::Desk => Err(Refusal::NotFound),
        Method::Simulated => simulated::came_back(app, parts).await,
    }
}
