//! Every URL there is.

use hyper::Method;
use hyper::http::request::Parts;

use super::assets::Asset;
use super::error::Refusal;
use crate::ops::presence::Word;
use crate::verification::session::SessionId;

/// Where a request goes.
pub(super) enum Route {
    /// Auth0 sends a person (contract 1).
    Start,
    /// The person's page.
    Session(SessionId),
    /// A concluded session's way back, once more.
    Return(SessionId),
    /// The person acts.
    Submit(Submission),
    /// What this host is.
    Home,
    /// A style sheet or a script.
    Asset(&'static Asset),
    /// Whether the service is ready.
    Health,
    /// Whether this process is the one that the doctor talks to.
    Presence(Word),
}

/// What a person submits, and in which session.
#[derive(Clone, Copy)]
pub(super) struct Submission {
    pub(super) id: SessionId,
    pub(super) act: Act,
}

/// What a person can do.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// Answer with a desk code.
    Desk,
    /// Leave, and return to Auth0.
    Cancel,
}

const READ: &str = "GET, HEAD";
const WRITE: &str = "POST";

impl Route {
    pub(super) fn of(parts: &Parts) -> Result<Self, Refusal> {
        let mut segments = parts.uri.path().strip_prefix('/').ok_or(Refusal::NotFound)?.split('/');
        let path = (segments.next().unwrap_or_default(), segments.next(), segments.next(), segments.next());
        let session = |text: &str| SessionId::parse(text).ok_or(Refusal::NotFound);
        let (route, allowed) = match path {
            ("id-verification" | "id-verfication", None, _, _) => (Self::Start, READ),
            ("session", Some(id), None, _) => (Self::Session(session(id)?), READ),
            ("session", Some(id), Some("return"), None) => (Self::Return(session(id)?), READ),
            ("session", Some(id), Some("desk"), None) => (Self::submit(session(id)?, Act::Desk), WRITE),
            ("session", Some(id), Some("cancel"), None) => (Self::submit(session(id)?, Act::Cancel), WRITE),
            ("assets", Some(name), None, _) => (Self::Asset(Asset::named(name).ok_or(Refusal::NotFound)?), READ),
            ("health", None, _, _) => (Self::Health, READ),
            (".well-known", Some("idv-doctor"), Some(word), None) => {
                (Self::Presence(Word::parse(word).ok_or(Refusal::NotFound)?), READ)
            }
            ("", None, _, _) => (Self::Home, READ),
            _ => return Err(Refusal::NotFound),
        };
        let is_allowed = match allowed {
            READ => matches!(parts.method, Method::GET | Method::HEAD),
            _ => parts.method == Method::POST,
        };
        if is_allowed { Ok(route) } else { Err(Refusal::Method { allowed }) }
    }

    fn submit(id: SessionId, act: Act) -> Self {
        Self::Submit(Submission { id, act })
    }
}
