//! `/session/ID/simulated`: whoever tries the product says how it ends, at once or after they were sent elsewhere. The
//! shortest example of a method: two pages, what it remembers between them, and the address that people come back to.

use std::sync::LazyLock;

use askama::Template;
use data_encoding::BASE64URL_NOPAD;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use crate::ops::random;
use crate::verification::decision::{self, Answered};
use crate::verification::method::simulated::{Away, Choice};
use crate::verification::method::{self, Progress, Reply};
use crate::verification::session::Session;
use crate::verification::session::id::SessionId;
use crate::web::error::Refusal;
use crate::web::form::Form;
use crate::web::language::{Catalogue, Language, Texts, catalogues};
use crate::web::terms::{self, Terms};
use crate::web::visit::{Standing, Visit};
use crate::web::{Answer, App, finish, page, query};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::read(catalogues!("simulated/locales/")));

/// The method's addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Step {
    /// How shall it end?
    Outcome,
    /// The same, for who was elsewhere and is back.
    Back,
}

impl Step {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(Self::Back).filter(|_| name == "back")
    }

    pub(super) fn terms(self) -> &'static Terms {
        match self {
            Self::Outcome | Self::Back => &terms::USUAL,
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
    is_back: bool,
    time_left: String,
}

pub(super) async fn page(visit: &Visit<'_>, step: Step) -> Result<Answer, Refusal> {
    let is_back = step == Step::Back;
    if is_back && away(visit).await?.is_none() {
        return Ok(page::to_session(visit.session.id));
    }
    let &Visit { app, ref session, language, .. } = visit;
    let (texts, time_left) = (TEXTS.of(language), visit.time_left());
    let page = OutcomePage { app, language, texts, session, is_back, time_left };
    Ok(page::form(StatusCode::OK, &page, step.terms()))
}

/// What the session remembers of a person who was sent elsewhere.
async fn away(visit: &Visit<'_>) -> Result<Option<Away>, Refusal> {
    let progress = visit.progress().await?;
    Ok(progress.map(|Progress::Simulated(away)| away))
}

pub(super) async fn answer<B>(visit: &Visit<'_>, step: Step, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let choice = match step {
        Step::Outcome | Step::Back => form.field("outcome").await?,
    };
    let choice = Choice::parse(&choice, random::bytes()).ok_or(Refusal::Malformed("no such outcome"))?;
    let step = decision::Step::Answer(method::Answer::Simulated(choice));
    let (answered, _happened) = visit.act(step).await?;
    match answered {
        Answered::Told(Reply::Simulated(away)) => {
            // Elsewhere is here: whoever is sent there comes back at once.
            Ok(page::see_other(&["/simulated/callback?state=", &state(visit.session.id, away)].concat()))
        }
        answered => finish::close(visit, &answered),
    }
}

/// What the person is sent away with, and comes back with.
fn state(id: SessionId, away: Away) -> String {
    format!("{id}.{}", BASE64URL_NOPAD.encode(&away.state))
}

/// `GET /simulated/callback?state=…`: it names the session and what that remembers, and counts in its own browser alone.
pub(super) async fn came_back(app: &App, parts: &Parts) -> Result<Answer, Refusal> {
    let [returned] = query::parameters(parts.uri.query().unwrap_or_default(), ["state"])?;
    let id = returned.split_once('.').and_then(|(id, _)| SessionId::parse(id));
    let visit = Visit::open(app, id.ok_or(Refusal::Incomplete)?, parts)?;
    let id = visit.session.id;
    let is_back = match visit.standing().await? {
        Standing::Open { .. } => away(&visit).await?.is_some_and(|away| state(id, away) == returned),
        Standing::Late | Standing::Concluded(_) => false,
    };
    Ok(if is_back { page::see_other(&format!("/session/{id}/simulated/back")) } else { page::to_session(id) })
}
