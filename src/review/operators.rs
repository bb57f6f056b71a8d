//! `/operators`: who may do what here, who is signed in, and what a supervisor does about that.

use askama::Template;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};
use serde::Deserialize;

use super::gate::{Visit, read};
use super::home::{how, role};
use super::page::{self, Frame};
use super::refusal::Refusal;
use super::route::OperatorAct;
use super::words::{say, when};
use crate::control::Request;
use crate::control::operator::{self, Listed, ListedSession};
use crate::verification::time::Timestamp;
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::page::see_other;

#[derive(Deserialize)]
struct Listing {
    operators: Vec<Listed>,
}

struct Row {
    name: String,
    roles: String,
    is_known: bool,
    /// Whether a link can be made for them, by who may.
    has_links: bool,
    certified: String,
    last: String,
    revoked: Option<String>,
    sessions: Vec<Session>,
}

struct Session {
    id: String,
    began: String,
    last_act: String,
    how: &'static str,
    /// Whether it is the one that this page is seen in.
    is_own: bool,
}

#[derive(Template)]
#[template(path = "operators.html", config = "src/review/askama.toml")]
struct OperatorsPage<'a> {
    frame: Frame<'a>,
    operators: Vec<Row>,
    /// Whether links may be made here.
    may_link: bool,
}

/// `GET`.
pub(super) async fn page(visit: &Visit<'_>) -> Result<Answer, Refusal> {
    let answer = visit.ask(operator::Request::List {}).await?;
    let listing: Listing = read(answer)?;
    let operators = listing.operators.into_iter().map(|operator| row(visit, operator)).collect();
    let may_link = visit.operator.session.may_link();
    let frame = Frame::inside(visit, "operators-title", "/operators");
    Ok(page::html(StatusCode::OK, &OperatorsPage { frame, operators, may_link }))
}

fn row(visit: &Visit<'_>, operator: Listed) -> Row {
    let at = |at: Option<Timestamp>| at.map_or_else(|| say("never").to_owned(), when);
    let roles: Vec<_> = operator.roles.into_iter().map(role).collect();
    Row {
        name: operator.name.to_string(),
        roles: roles.join(", "),
        is_known: operator.subject.is_some(),
        has_links: !operator.by_provider,
        certified: at(operator.certified_at),
        last: at(operator.last_at),
        revoked: operator.revoked_at.map(when),
        sessions: operator.sessions.into_iter().map(|session| self::session(visit, session)).collect(),
    }
}

fn session(visit: &Visit<'_>, session: ListedSession) -> Session {
    let ListedSession { id, by, began_at, last_act_at } = session;
    let is_own = id == visit.operator.id.to_string();
    Session { began: when(began_at), last_act: when(last_act_at), how: how(by), is_own, id }
}

#[derive(Deserialize)]
struct Offered {
    name: String,
    url: String,
    expires_at: Timestamp,
}

#[derive(Template)]
#[template(path = "offered.html", config = "src/review/askama.toml")]
struct OfferedPage<'a> {
    frame: Frame<'a>,
    name: String,
    url: String,
    until: String,
}

/// `POST` of one of the buttons.
pub(super) async fn act<B>(visit: &Visit<'_>, act: OperatorAct, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let fields = form.fields().await?;
    let name = fields.value("name");
    let request = match act {
        OperatorAct::Link if !visit.operator.session.may_link() => {
            return Err(Refusal::NotTheirs(visit.operator.name.clone()));
        }
        OperatorAct::Link => {
            let offered = visit.ask(operator::Request::Link { name }).await?;
            return Ok(offered_page(visit, read(offered)?));
        }
        OperatorAct::Certify => operator::Request::Certify { name },
        OperatorAct::Revoke => operator::Request::Revoke { name },
        OperatorAct::End => operator::Request::End { session: fields.value("session") },
    };
    visit.ask(request).await?;
    Ok(see_other("/operators"))
}

/// The link is shown this once.
fn offered_page(visit: &Visit<'_>, offered: Offered) -> Answer {
    let Offered { name, url, expires_at } = offered;
    let frame = Frame::inside(visit, "offered-title", "/operators");
    page::html(StatusCode::OK, &OfferedPage { frame, name, url, until: when(expires_at) })
}

impl Visit<'_> {
    async fn ask(&self, request: operator::Request) -> Result<serde_json::Value, Refusal> {
        Ok(self.console.office.perform(Request::Operator(request), self.asker()).await?)
    }
}
