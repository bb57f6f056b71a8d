//! Every URL there is.

use hyper::http::request::Parts;

use super::App;
use super::assets::Asset;
use super::error::Refusal;
use crate::ops::presence::Word;
use crate::verification::method::Method;
use crate::verification::session::SessionId;

/// Where a request goes.
pub(super) enum Route<'a> {
    /// Auth0 sends a person (contract 1).
    Start,
    /// Within a login.
    Wish(Wish),
    /// What this host is.
    Home,
    /// A style sheet, a script or the logo.
    Asset(&'a Asset),
    /// Whether the service is ready.
    Health,
    /// That search engines keep out.
    Robots,
    /// Whom to tell of a vulnerability.
    Security,
    /// The icon that browsers ask for.
    Icon,
    /// Whether this process is the one that the doctor talks to.
    Presence(Word),
}

/// What somebody wants in a session.
#[derive(Clone, Copy)]
pub(super) enum Wish {
    /// The person's page.
    Show(SessionId),
    /// The page of one of the methods.
    Method(SessionId, Method),
    /// A concluded session's way back, once more.
    Return(SessionId),
    /// The person acts.
    Act(SessionId, Act),
}

/// What a person can do.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// Answer by a method.
    Answer(Method),
    /// Leave, and return to Auth0.
    Cancel,
}

/// The session that a request is about, whether or not there is one.
pub(super) fn session(parts: &Parts) -> Option<SessionId> {
    let rest = parts.uri.path().strip_prefix("/session/")?;
    SessionId::parse(rest.split_once('/').map_or(rest, |(id, _)| id))
}

const READ: &str = "GET, HEAD";
const WRITE: &str = "POST";
const BOTH: &str = "GET, HEAD, POST";
/// How load balancers ask whether the service is ready.
pub(super) const CHECK: &str = "GET, HEAD, OPTIONS";

impl<'a> Route<'a> {
    pub(super) fn of(app: &'a App, parts: &Parts) -> Result<Self, Refusal> {
        // RFC 9110 §9.3.7: the server as a whole is asked, as HAProxy's documented check does.
        if parts.method == "OPTIONS" && parts.uri.path() == "*" {
            return Ok(Self::Health);
        }
        let mut segments = parts.uri.path().strip_prefix('/').ok_or(Refusal::NotFound)?.split('/');
        let path = (segments.next().unwrap_or_default(), segments.next(), segments.next(), segments.next());
        let session = |text: &str| SessionId::parse(text).ok_or(Refusal::NotFound);
        let (route, allowed) = match path {
            ("id-verification" | "id-verfication", None, _, _) => (Self::Start, READ),
            ("session", Some(id), None, _) => (Self::Wish(Wish::Show(session(id)?)), READ),
            ("session", Some(id), Some("return"), None) => (Self::Wish(Wish::Return(session(id)?)), READ),
            ("session", Some(id), Some("desk"), None) => (Self::method(session(id)?, Method::Desk, parts), BOTH),
            ("session", Some(id), Some("simulated"), None) => {
                (Self::method(session(id)?, Method::Simulated, parts), BOTH)
            }
            ("session", Some(id), Some("cancel"), None) => (Self::Wish(Wish::Act(session(id)?, Act::Cancel)), WRITE),
            ("assets", Some(name), None, _) => (Self::Asset(app.assets.named(name).ok_or(Refusal::NotFound)?), READ),
            ("health", None, _, _) => (Self::Health, CHECK),
            ("robots.txt", None, _, _) => (Self::Robots, READ),
            (".well-known", Some("security.txt"), None, _) => (Self::Security, READ),
            ("favicon.ico", None, _, _) => (Self::Icon, READ),
            (".well-known", Some("idv-doctor"), Some(word), None) => {
                (Self::Presence(Word::parse(word).ok_or(Refusal::NotFound)?), READ)
            }
            ("", None, _, _) => (Self::home(parts), CHECK),
            _ => return Err(Refusal::NotFound),
        };
        let is_allowed = allowed.split(", ").any(|method| method == parts.method.as_str());
        if is_allowed { Ok(route) } else { Err(Refusal::Method { allowed }) }
    }

    /// The health check of `HAProxy` asks by `OPTIONS /` where nobody tells it what to ask for.
    fn home(parts: &Parts) -> Self {
        if parts.method == "OPTIONS" { Self::Health } else { Self::Home }
    }

    fn method(id: SessionId, method: Method, parts: &Parts) -> Self {
        Self::Wish(if parts.method == "POST" { Wish::Act(id, Act::Answer(method)) } else { Wish::Method(id, method) })
    }
}
