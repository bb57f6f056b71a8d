//! Where an operator begins, who they are here, and the way out.

use askama::Template;
use hyper::StatusCode;
use hyper::header;

use super::gate::Visit;
use super::page::{self, Frame, places};
use super::refusal::Refusal;
use super::sign_in::onward;
use super::words::{say, when};
use super::{Console, cookie, pairs};
use crate::store::operators::By;
use crate::verification::account::Account;
use crate::verification::operator::session::{OperatorSessionRecord, OperatorToken};
use crate::verification::operator::{Role, SignIn, SignedInBy};
use crate::web::Answer;
use crate::web::page::see_other;

/// Where somebody goes on who has just signed in as `token` says: to learn, if they are to review and never were here.
pub(super) fn after_sign_in(console: &Console, token: OperatorToken) -> &'static str {
    let (store, now) = (&console.office.store, console.office.clock.now());
    // What is wrong with the store is told by the page that they go on to.
    let operator = store.operator(token.session(), console.idle, now).ok().flatten();
    let is_new = |session: &OperatorSessionRecord| session.before.is_none() && session.roles.include(Role::Reviewer);
    let learns = !console.exhibits.pairs().is_empty() && operator.is_some_and(|operator| is_new(&operator.session));
    if learns { pairs::PATH } else { "/me" }
}

/// The first page that is theirs.
pub(super) fn first(visit: &Visit<'_>) -> Answer {
    see_other(places(visit.operator.session.roles).next().map_or("/me", |place| place.path))
}

#[derive(Template)]
#[template(path = "me.html", config = "src/review/askama.toml")]
struct MePage<'a> {
    frame: Frame<'a>,
    name: &'a str,
    roles: String,
    signed_in: String,
    ends: String,
    before: String,
    is_known: bool,
}

/// `GET /me`.
pub(super) fn me(visit: &Visit<'_>) -> Answer {
    let Visit { console, operator, .. } = visit;
    let session = &operator.session;
    let signed_in = SignIn { at: session.began_at, by: session.by };
    let roles: Vec<_> = session.roles.iter().map(role).collect();
    let page = MePage {
        frame: Frame::inside(visit, "me-title", "/me"),
        name: operator.name.as_str(),
        roles: roles.join(", "),
        signed_in: told(signed_in),
        ends: when(session.ends_at(console.idle)),
        before: session.before.map_or_else(|| say("never").to_owned(), told),
        is_known: operator.subject.is_some(),
    };
    page::html(StatusCode::OK, &page)
}

/// What `role` is called.
pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Desk => say("role-desk"),
        Role::Reviewer => say("role-reviewer"),
        Role::Supervisor => say("role-supervisor"),
    }
}

fn told(sign_in: SignIn) -> String {
    format!("{}, {}", when(sign_in.at), how(sign_in.by))
}

/// How somebody signed in.
pub(super) fn how(by: SignedInBy) -> &'static str {
    match by {
        SignedInBy::Link => say("by-link"),
        SignedInBy::Provider => say("by-provider"),
        SignedInBy::Anew => say("by-provider-anew"),
    }
}

/// `POST /sign-out`: here, and at the provider where it announces how.
pub(super) async fn sign_out(visit: &Visit<'_>) -> Result<Answer, Refusal> {
    let Visit { console, operator, now } = visit;
    let by = By { account: Account::Operator(operator.name.clone()), claimed: None };
    let (_whose, _happened) = console.office.store.end_operator_session(operator.id, by, *now).await?;
    let provider = console.sign_in.as_ref().filter(|_| operator.session.by.is_by_provider());
    let way_out = match provider {
        Some(provider) => provider.way_out(console).await,
        None => None,
    };
    let mut answer = match way_out {
        Some(address) => onward(console, ["leave-title", "leave-text"], &address),
        None => see_other("/sign-in"),
    };
    answer.headers_mut().append(header::SET_COOKIE, cookie::take_away(console));
    Ok(answer)
}
