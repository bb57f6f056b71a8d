//! `/desk`: the codes that the organisation's desk hands out, by the same acts as `idv desk`.
//!
//! Whom a code is for is never in an address.

use askama::Template;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};
use serde::Deserialize;
use serde_json::Value;

use super::gate::{Visit, read};
use super::page::{self, Frame};
use super::refusal::Refusal;
use super::route::CodeAct;
use super::words::{say, when};
use crate::control::method::desk::Request;
use crate::control::{self, OperationError};
use crate::ops::journal;
use crate::verification::event::Event;
use crate::verification::time::Timestamp;
use crate::web::Answer;
use crate::web::form::{Fields, Form};

/// What was typed.
#[derive(Default)]
struct Typed {
    tenant: String,
    subject: String,
    note: String,
    /// After whom the list goes on.
    after: Option<String>,
}

#[derive(Deserialize)]
struct Listing {
    codes: Vec<Listed>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    subject: String,
    expires_at: Timestamp,
    is_expired: bool,
    attempts_left: u8,
    by: String,
    note: Option<String>,
}

struct Row {
    subject: String,
    until: String,
    attempts_left: u8,
    by: String,
    note: String,
}

#[derive(Template)]
#[template(path = "desk.html", config = "src/review/askama.toml")]
struct DeskPage<'a> {
    frame: Frame<'a>,
    /// The tenants that there are, and which is chosen.
    tenants: Vec<String>,
    typed: Typed,
    problem: Option<&'static str>,
    notice: Option<&'static str>,
    codes: Vec<Row>,
    next: Option<String>,
}

/// `GET`: the codes that wait at the first tenant.
pub(super) async fn page(visit: &Visit<'_>) -> Result<Answer, Refusal> {
    show(visit, Typed::default(), None, None).await
}

/// `POST` of one of the forms.
pub(super) async fn act<B>(visit: &Visit<'_>, act: CodeAct, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let fields = form.fields().await?;
    let typed = Typed {
        tenant: fields.value("tenant"),
        subject: fields.value("subject"),
        note: fields.value("note"),
        after: None,
    };
    match act {
        CodeAct::Issue => issue(visit, typed).await,
        CodeAct::Revoke => revoke(visit, typed).await,
        CodeAct::List => {
            let typed = Typed { after: optional(&fields, "after"), ..typed };
            show(visit, typed, None, None).await
        }
    }
}

fn optional(fields: &Fields, name: &str) -> Option<String> {
    Some(fields.value(name)).filter(|value| !value.is_empty())
}

#[derive(Deserialize)]
struct Issued {
    code: String,
    subject: String,
    expires_at: Timestamp,
}

#[derive(Template)]
#[template(path = "issued.html", config = "src/review/askama.toml")]
struct IssuedPage<'a> {
    frame: Frame<'a>,
    issued: Issued,
    until: String,
}

/// The code is shown this once.
async fn issue(visit: &Visit<'_>, typed: Typed) -> Result<Answer, Refusal> {
    let (by, note) = (visit.operator.name.to_string(), Some(typed.note.clone()).filter(|note| !note.is_empty()));
    // What is copied from elsewhere comes with the spaces around it.
    let subject = typed.subject.trim().to_owned();
    if is_own(visit, &typed.tenant, &subject) {
        let (account, cause) = (visit.asker().account, "own_code");
        journal::tell(&Event::NotDone { account, operation: Some("desk_issue"), cause, is_fault: false });
        return show(visit, typed, Some(say("problem-own")), None).await;
    }
    let request = Request::Issue { tenant: typed.tenant.clone(), subject, by, note };
    match ask(visit, request).await {
        Ok(answer) => {
            let issued: Issued = read(answer)?;
            let frame = Frame::inside(visit, "issued-title", "/desk");
            let until = when(issued.expires_at);
            Ok(page::html(StatusCode::OK, &IssuedPage { frame, issued, until }))
        }
        Err(error) => show(visit, typed, Some(problem(error)?), None).await,
    }
}

/// Whether a code would be for who hands it out, as far as it is known who they are: nobody vouches for themselves.
fn is_own(visit: &Visit<'_>, tenant: &str, user_id: &str) -> bool {
    let tenant = visit.console.office.config.tenant(tenant).map(|tenant| &tenant.domain);
    let own = visit.operator.subject.as_ref();
    own.is_some_and(|own| Some(&own.tenant) == tenant && own.user_id.as_str() == user_id)
}

async fn revoke(visit: &Visit<'_>, typed: Typed) -> Result<Answer, Refusal> {
    let Typed { tenant, subject, .. } = typed;
    let answer = ask(visit, Request::Revoke { tenant: tenant.clone(), subject }).await?;
    let was_revoked = answer.get("revoked").and_then(Value::as_bool).unwrap_or_default();
    let notice = if was_revoked { "code-revoked" } else { "code-not-there" };
    show(visit, Typed { tenant, ..Typed::default() }, None, Some(say(notice))).await
}

/// What the operator may mend, in a sentence; else it is refused.
fn problem(error: OperationError) -> Result<&'static str, Refusal> {
    match error.name() {
        "unknown_tenant" => Ok(say("problem-tenant")),
        "malformed_subject" => Ok(say("problem-subject")),
        "malformed_note" => Ok(say("problem-note")),
        _ => Err(error.into()),
    }
}

async fn show(
    visit: &Visit<'_>,
    mut typed: Typed,
    problem: Option<&'static str>,
    notice: Option<&'static str>,
) -> Result<Answer, Refusal> {
    let tenants: Vec<_> = visit.console.office.config.tenants.iter().map(|tenant| tenant.domain.to_string()).collect();
    if !tenants.contains(&typed.tenant) {
        typed.tenant = tenants.first().cloned().unwrap_or_default();
    }
    let answer = ask(visit, Request::List { tenant: typed.tenant.clone(), after: typed.after.clone() }).await?;
    let Listing { codes, next } = read(answer)?;
    let codes = codes.into_iter().map(row).collect();
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let frame = Frame::inside(visit, "desk-title", "/desk");
    Ok(page::html(status, &DeskPage { frame, tenants, typed, problem, notice, codes, next }))
}

fn row(code: Listed) -> Row {
    let until = if code.is_expired { say("code-expired").to_owned() } else { when(code.expires_at) };
    let note = code.note.unwrap_or_default();
    Row { subject: code.subject, until, attempts_left: code.attempts_left, by: code.by, note }
}

async fn ask(visit: &Visit<'_>, request: Request) -> Result<Value, OperationError> {
    let request = control::Request::Method(request.into());
    visit.console.office.perform(request, visit.asker()).await
}
