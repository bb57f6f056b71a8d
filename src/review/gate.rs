//! Who comes, and whether they may: the host, the site that caused the request, the session, the role.

use hyper::HeaderMap;
use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::refusal::Refusal;
use super::route::Admits;
use super::{Console, cookie};
use crate::control::Asker;
use crate::ops::journal::Happened;
use crate::store::operators::By;
use crate::verification::account::Account;
use crate::verification::operator::Operator;
use crate::verification::operator::session::OperatorToken;
use crate::verification::time::Timestamp;
use crate::web::error::Refusal as Malformed;

/// What a page needs of who has signed in.
pub(super) struct Visit<'a> {
    pub(super) console: &'a Console,
    pub(super) operator: Operator,
    /// The one instant that decides the whole request.
    pub(super) now: Timestamp,
}

/// Refuses what is meant for another host: cookies do not know ports, and a name that is somebody else's may lead here
/// (DNS rebinding). Where a request names its host twice, both are ours.
pub(super) fn check_host(console: &Console, parts: &Parts) -> Result<(), Refusal> {
    let of_header = parts.headers.get(header::HOST).map(HeaderValue::to_str);
    let mut named =
        parts.uri.authority().map(|authority| Ok(authority.as_str())).into_iter().chain(of_header).peekable();
    let is_ours = |authority: Result<&str, _>| {
        let host = authority.map(|authority| authority.rsplit_once(':').map_or(authority, |(host, _)| host));
        host.is_ok_and(|host: &str| host.eq_ignore_ascii_case(console.url.host()))
    };
    if named.peek().is_some() && named.all(is_ours) { Ok(()) } else { Err(Refusal::WrongHost) }
}

/// Refuses what another site caused, that of the logins among them: its host is under the same domain, so that `SameSite`
/// alone would not do. A link from elsewhere leads here all the same. Every browser says where a request comes from since
/// 2023 (Fetch Metadata), and one that does not submits nothing here.
pub(super) fn check_site(parts: &Parts) -> Result<(), Refusal> {
    let said = |name: &str| parts.headers.get(name).map(HeaderValue::as_bytes);
    let is_read = parts.method == "GET" || parts.method == "HEAD";
    let is_fine = match said("sec-fetch-site") {
        Some(b"same-origin" | b"none") => true,
        Some(_) => is_read && matches!(said("sec-fetch-mode"), Some(b"navigate")),
        None => is_read,
    };
    if is_fine { Ok(()) } else { Err(Malformed::CrossSite.into()) }
}

/// Refuses what no page of ours led to.
pub(super) fn check_from_here(parts: &Parts) -> Result<(), Refusal> {
    match parts.headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Malformed::CrossSite.into()),
    }
}

/// Who has signed in and brings `headers`, if they may have what is for whom it `admits`. Their session goes on from now.
pub(super) async fn admit<'a>(console: &'a Console, admits: Admits, headers: &HeaderMap) -> Result<Visit<'a>, Refusal> {
    let (store, now) = (&console.office.store, console.office.clock.now());
    store.examined().await?;
    let id = cookie::session(console, headers).ok_or(Refusal::SignedOut)?;
    let operator = store.operator(id, console.idle, now)?.ok_or(Refusal::SignedOut)?;
    if operator.session.is_to_be_noted(console.idle, now) {
        store.note_act(id, now).await?;
    }
    let session = &operator.session;
    match admits {
        Admits::Only(role) | Admits::Anew(role) if !session.roles.include(role) => {
            Err(Refusal::NotTheirs(operator.name))
        }
        Admits::Anew(_) if !session.is_anew(now) => Err(Refusal::NotAnew),
        Admits::Anybody | Admits::Operators | Admits::Only(_) | Admits::Anew(_) => Ok(Visit { console, operator, now }),
    }
}

/// Ends the session that `headers` bring, if they bring one that is not that of `token`: who signs in anew leaves none behind.
pub(super) async fn end_former(
    console: &Console,
    headers: &HeaderMap,
    token: OperatorToken,
) -> Result<Happened, Refusal> {
    let (store, now) = (&console.office.store, console.office.clock.now());
    let Some(id) = cookie::session(console, headers).filter(|id| *id != token.session()) else {
        return Ok(Happened::default());
    };
    let Some(former) = store.operator(id, console.idle, now)? else { return Ok(Happened::default()) };
    let by = By { account: Account::Operator(former.name), claimed: None };
    Ok(store.end_operator_session(id, by, now).await?.1)
}

impl Visit<'_> {
    /// As whom they act.
    pub(super) fn asker(&self) -> Asker {
        Account::Operator(self.operator.name.clone()).into()
    }
}

/// An answer of the office, in the shape that a page expects.
pub(super) fn read<T: DeserializeOwned>(answer: Value) -> Result<T, Refusal> {
    serde_json::from_value(answer).map_err(|_| Malformed::Bug.into())
}
