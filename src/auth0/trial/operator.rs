//! The operator's part of the trial, on its own store: codes for people, and what idv knows of them.

use askama::Template;
use hyper::StatusCode;

use super::model::{DOMAIN, Person};
use super::page::html;
use crate::control::method::desk;
use crate::control::{self, Office};
use crate::ops::account;
use crate::web::Answer;

#[derive(Template)]
#[template(path = "operator.html", config = "src/auth0/trial/askama.toml")]
struct OperatorPage<'a> {
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    number: usize,
    person: &'a Person,
    last_check: Option<String>,
    code: Option<&'a str>,
}

/// What idv knows of `people`, with the code that was just issued for one of them, by their number.
#[must_use]
pub fn page(office: &Office, people: &[Person], issued: Option<&(usize, String)>) -> Answer {
    let row = |(number, person)| Row {
        number,
        person,
        last_check: last_check(office, person),
        code: issued.filter(|(of, _)| *of == number).map(|(_, code)| code.as_str()),
    };
    html(StatusCode::OK, &OperatorPage { rows: people.iter().enumerate().map(row).collect() })
}

fn last_check(office: &Office, person: &Person) -> Option<String> {
    let subject = control::subject(&office.config, DOMAIN, person.user_id.to_owned()).ok()?;
    let check = office.store.subject(&subject).ok()??.last_check?;
    Some(format!("{} by {}", check.status.as_str(), check.method.as_str()))
}

/// Issues a code for `person`, in the very way of `idv desk issue`.
pub async fn issue(office: &Office, person: &Person) -> Option<String> {
    let (tenant, subject) = (DOMAIN.into(), person.user_id.into());
    let request = desk::Request::Issue { tenant, subject, by: "you, in the trial".into(), note: None };
    let issued = office.perform(control::Request::Method(request.into()), account::own()).await.ok()?;
    Some(issued.get("code")?.as_str()?.to_owned())
}
