//! `/session/ID/simulated`: whoever tries the product says how it ends. The shortest example of a method.

use std::sync::LazyLock;

use askama::Template;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};

use crate::verification::method::{Method, simulated};
use crate::verification::session::Session;
use crate::web::error::Refusal;
use crate::web::form::Form;
use crate::web::language::{Catalogue, Language, Texts, catalogues};
use crate::web::terms::{self, Terms};
use crate::web::visit::Visit;
use crate::web::{Answer, App, finish, page};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::read(catalogues!("simulated/locales/")));

/// The method's addresses.
#[derive(Clone, Copy)]
pub(in crate::web) enum Step {
    /// How shall it end?
    Outcome,
}

impl Step {
    pub(super) fn named(_: &str) -> Option<Self> {
        None
    }

    pub(super) fn terms(self) -> &'static Terms {
        match self {
            Self::Outcome => &terms::USUAL,
        }
    }
}

pub(super) fn label(language: Language) -> &'static str {
    TEXTS.of(language).say("simulated-choice")
}

#[derive(Template)]
#[template(path = "simulated/outcome.html", config = "src/web/askama.toml")]
struct OutcomePage<'a> {
    app: &'a App,
    language: Language,
    texts: &'static Catalogue,
    session: &'a Session<'a>,
    time_left: String,
}

pub(super) fn page(visit: &Visit<'_>, step: Step) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    let page = OutcomePage { app, language, texts: TEXTS.of(language), session, time_left: visit.time_left() };
    page::form(StatusCode::OK, &page, step.terms())
}

pub(super) async fn answer<B>(visit: &Visit<'_>, step: Step, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let Visit { app, session, now, .. } = visit;
    let choice = match step {
        Step::Outcome => form.field("outcome").await?,
    };
    let status = simulated::parse(&choice).ok_or(Refusal::Malformed("no such outcome"))?;
    let answered = app.store.simulate(session, status, finish::new_id(), *now).await?;
    finish::close(visit, Some(Method::Simulated), &answered)
}
