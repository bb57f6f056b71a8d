//! The operator's part of the trial, on its own store: codes for people, and what idv knows of them.

use askama::Template;
use hyper::StatusCode;
use serde_json::json;

use super::eid::{LABEL, NAME};
use super::model::{DOMAIN, Hop, Person};
use super::page::html;
use crate::control::method::{desk, oidc};
use crate::control::operator::Request;
use crate::control::{self, Office};
use crate::ops::{account, random};
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::command::{Command, Task};
use crate::verification::method::oidc::Delegation;
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::{Evidence, Kept, Kind};
use crate::verification::operator::Role;
use crate::verification::subject::Subject;
use crate::web::Answer;

#[derive(Template)]
#[template(path = "operator.html", config = "src/auth0/trial/askama.toml")]
struct OperatorPage<'a> {
    rows: Vec<Row<'a>>,
    has_loaded: bool,
}

/// Who reviews at the trial's console.
struct Operator {
    name: &'static str,
    /// What they may do, for people.
    does: &'static str,
    roles: &'static [Role],
}

/// Two who may differ, and one more, since neither of them settles that.
const OPERATORS: [Operator; 3] = [
    Operator { name: "Rosa", does: "reviews cases", roles: &[Role::Reviewer] },
    Operator {
        name: "Sven",
        does: "reviews, settles what others dispute, and sees to operators",
        roles: &[Role::Supervisor],
    },
    Operator { name: "Thea", does: "settles what Rosa and Sven dispute", roles: &[Role::Supervisor] },
];

/// Who there is at the console, and what each does, in a line.
#[must_use]
pub fn staff() -> String {
    OPERATORS.map(|Operator { name, does, .. }| format!("{name}, who {does}")).join("; ")
}

struct Row<'a> {
    number: usize,
    person: &'a Person,
    last_check: Option<String>,
    code: Option<&'a str>,
    /// Whether a verification of theirs is undecided.
    waits: bool,
    /// Who they are at the provider, unreadable.
    identity: Option<String>,
}

/// What idv knows of `people`, with the code that was just issued for one of them, by their number,
/// and that a decoy was loaded, if it was.
#[must_use]
pub fn page(office: &Office, people: &[Person], issued: Option<&(usize, String)>, has_loaded: bool) -> Answer {
    let row = |(number, person)| Row {
        number,
        person,
        last_check: last_check(office, person),
        code: issued.filter(|(of, _)| *of == number).map(|(_, code)| code.as_str()),
        waits: waits(office, person),
        identity: identity(office, person),
    };
    html(StatusCode::OK, &OperatorPage { rows: people.iter().enumerate().map(row).collect(), has_loaded })
}

fn last_check(office: &Office, person: &Person) -> Option<String> {
    let check = office.store.subject(&subject(office, person)?).ok()??.last_check?;
    Some(format!("{} by {}", check.status.as_str(), check.method))
}

fn waits(office: &Office, person: &Person) -> bool {
    let case = subject(office, person).and_then(|subject| office.store.case(&subject).ok()?);
    case.is_some_and(|case| case.decision.is_none() && case.is_open(office.clock.now()))
}

fn identity(office: &Office, person: &Person) -> Option<String> {
    let subject = subject(office, person)?;
    let Ok(Kept::Oidc(bindings)) = office.store.kept_of(Kind::Oidc, &subject) else { return None };
    Some(bindings.at(ProviderName::parse(NAME).ok()?)?.identity.to_string())
}

/// What idv recorded by the provider's word of `person`, if their last check is such a one and not older than `since`.
#[must_use]
pub fn recorded(office: &Office, person: &Person, since: u64) -> Option<Hop> {
    let record = office.store.subject(&subject(office, person)?).ok()??;
    let check = office.store.checks(&record, 1).ok()?.pop().filter(|check| check.at.as_unix() >= since)?;
    let Evidence::Delegated(delegation) = check.evidence else { return None };
    let Delegation { identity, basis, reference, conflict, .. } = delegation;
    let kept = json!({
        "status": check.status.as_str(),
        "conflict": conflict.map(|conflict| conflict.as_str()),
        "acr": basis.acr,
        "identity": identity.to_string(),
        "reference": reference,
    });
    let title = "idv checks the ID token, and keeps of it what stands here: no name, no birthdate, no token";
    Some(Hop { title: title.into(), details: vec![("Evidence".into(), kept)] })
}

fn subject(office: &Office, person: &Person) -> Option<Subject> {
    control::subject(&office.config, DOMAIN, person.user_id.to_owned()).ok()
}

/// Decides the open case of `person`.
pub async fn decide(office: &Office, person: &Person, is_verified: bool) {
    let Some(subject) = subject(office, person) else { return };
    let decide = if is_verified { Task::Approve } else { Task::Reject };
    let task = decide(Evidence::Simulated);
    let (account, new_key) = (account::own(), PersonKey::from_random(random::bytes()));
    let command = Command { subject, account, claimed: None, task, new_key, now: office.clock.now() };
    // The page shows what came of it.
    let _decided = office.store.carry_out(command).await;
}

/// Releases who `person` is at the provider, in the very way of `idv subject unbind`.
pub async fn unbind(office: &Office, person: &Person) {
    let Ok(provider) = ProviderName::parse(NAME) else { return };
    let (tenant, subject) = (DOMAIN.into(), person.user_id.into());
    let request = oidc::Request::Unbind { tenant, subject, provider };
    // The page shows what came of it.
    let _unbound = office.perform(control::Request::Method(request.into()), account::own()).await;
}

/// Where the operator with this number signs in to the console, once, in the very way of `idv operator`.
pub async fn console_link(office: &Office, number: usize) -> Option<String> {
    let Operator { name, roles, .. } = OPERATORS.get(number)?;
    let (name, roles) = ((*name).to_owned(), roles.to_vec());
    let add = Request::Add { name: name.clone(), roles, subject: None, tenant: None };
    let mut offered = office.perform(control::Request::Operator(add), account::own()).await;
    if offered.is_err() {
        offered = office.perform(control::Request::Operator(Request::Link { name }), account::own()).await;
    }
    Some(offered.ok()?.get("url")?.as_str()?.to_owned())
}

/// Issues a code for `person`, in the very way of `idv desk issue`.
pub async fn issue(office: &Office, person: &Person) -> Option<String> {
    let (tenant, subject) = (DOMAIN.into(), person.user_id.into());
    let request = desk::Request::Issue { tenant, subject, by: "you, in the trial".into(), note: None };
    let issued = office.perform(control::Request::Method(request.into()), account::own()).await.ok()?;
    Some(issued.get("code")?.as_str()?.to_owned())
}
