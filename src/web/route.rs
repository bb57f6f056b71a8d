//! Every URL there is.

use hyper::http::request::Parts;

use super::App;
use super::assets::Asset;
use super::error::Refusal;
use super::method::Step;
use super::terms::{self, Terms};
use crate::ops::count::label;
use crate::ops::presence::Word;
use crate::verification::method::Method;
use crate::verification::session::id::SessionId;

/// Where a request goes.
#[derive(Clone, Copy)]
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
    /// The public keys by which providers know us.
    Keys,
    /// The icon that browsers ask for.
    Icon,
    /// Whether this process is the one that the doctor talks to.
    Presence(Word),
}

/// What somebody wants that may have to wait: all that there is in a login, and what waits for a body.
#[derive(Clone, Copy)]
pub(super) enum Wish {
    /// The person's page.
    Show(SessionId),
    /// A page of one of the methods.
    Page(SessionId, Step),
    /// A concluded session's way back, once more.
    Return(SessionId),
    /// The person acts.
    Act(SessionId, Act),
    /// The person comes back from where a method sent them.
    CameBack(Method),
    /// Somebody opens on a phone what a computer showed them.
    HandedOver,
    /// The doctor sends a body as large as a photo.
    Sample(Word),
}

impl Wish {
    /// What holds for it.
    pub(super) fn terms(self) -> &'static Terms {
        match self {
            Self::Act(_, act) => act.terms(),
            Self::Show(_) | Self::Page(..) | Self::Return(_) | Self::CameBack(_) | Self::HandedOver => &terms::USUAL,
            Self::Sample(_) => &terms::PHOTO,
        }
    }
}

/// What a person can do.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// Answer what a method asks.
    Answer(Step),
    /// Take what was decided before.
    Accept,
    /// Leave, and return to Auth0.
    Cancel,
}

impl Act {
    /// What holds for it.
    pub(super) fn terms(self) -> &'static Terms {
        match self {
            Self::Answer(step) => step.terms(),
            Self::Accept | Self::Cancel => &terms::USUAL,
        }
    }
}

/// The session that a request is about, whether or not there is one.
pub(super) fn session(parts: &Parts) -> Option<SessionId> {
    let rest = parts.uri.path().strip_prefix("/session/")?;
    SessionId::parse(rest.split_once('/').map_or(rest, |(id, _)| id))
}

const READ: &str = "GET, HEAD";
const WRITE: &str = "POST";
/// What has consequences has none for who asks for the head alone.
const BACK: &str = "GET";
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
        let mut next = || segments.next();
        let path = (next().unwrap_or_default(), next(), next(), next(), next());
        let session = |text: &str| SessionId::parse(text).ok_or(Refusal::NotFound);
        let (route, allowed) = match path {
            ("id-verification" | "id-verfication", None, _, _, _) => (Self::Start, READ),
            ("session", Some(id), None, _, _) => (Self::Wish(Wish::Show(session(id)?)), READ),
            ("session", Some(id), Some("return"), None, _) => (Self::Wish(Wish::Return(session(id)?)), READ),
            ("session", Some(id), Some("cancel"), None, _) => (Self::act(session(id)?, Act::Cancel), WRITE),
            ("session", Some(id), Some("accept"), None, _) => (Self::act(session(id)?, Act::Accept), WRITE),
            ("session", Some(id), Some(_method), _, _) => {
                let below = parts.uri.path().split_at("/session/".len() + id.len() + 1).1;
                (Self::step(session(id)?, step(app, below)?, parts), BOTH)
            }
            // Codes are drawn in capitals: fewer dots are larger ones.
            ("h" | "H", Some(_code), None, _, _) => (Self::Wish(Wish::HandedOver), BOTH),
            (_method, Some("callback"), None, _, _) => (Self::came_back(app, parts)?, BACK),
            (_method, Some(_provider), Some("callback"), None, _) => (Self::came_back(app, parts)?, BACK),
            ("assets", Some(name), None, _, _) => (Self::Asset(app.assets.named(name).ok_or(Refusal::NotFound)?), READ),
            ("health", None, _, _, _) => (Self::Health, CHECK),
            ("robots.txt", None, _, _, _) => (Self::Robots, READ),
            (".well-known", Some("security.txt"), None, _, _) => (Self::Security, READ),
            (".well-known", Some("idv-jwks.json"), None, _, _) => (Self::Keys, READ),
            ("favicon.ico", None, _, _, _) => (Self::Icon, READ),
            (".well-known", Some("idv-doctor"), Some(word), None, _) => {
                (Self::doctor(Word::parse(word).ok_or(Refusal::NotFound)?, parts), BOTH)
            }
            ("", None, _, _, _) => (Self::home(parts), CHECK),
            _ => return Err(Refusal::NotFound),
        };
        let is_allowed = allowed.split([',', ' ']).any(|method| method == parts.method.as_str());
        if is_allowed { Ok(route) } else { Err(Refusal::Method { allowed }) }
    }

    /// What it is counted as.
    pub(super) fn label(&self) -> label::Route {
        match self {
            Self::Start => label::Route::Start,
            Self::Wish(Wish::Show(_) | Wish::Page(..) | Wish::Return(_) | Wish::HandedOver) => label::Route::Page,
            Self::Wish(Wish::Act(..)) => label::Route::Form,
            Self::Wish(Wish::CameBack(_)) => label::Route::Callback,
            Self::Asset(_) => label::Route::Asset,
            Self::Health => label::Route::Health,
            Self::Wish(Wish::Sample(_)) => label::Route::Other,
            Self::Home | Self::Robots | Self::Security | Self::Keys | Self::Icon | Self::Presence(_) => {
                label::Route::Other
            }
        }
    }

    /// The health check of `HAProxy` asks by `OPTIONS /` where nobody tells it what to ask for.
    fn home(parts: &Parts) -> Self {
        if parts.method == "OPTIONS" { Self::Health } else { Self::Home }
    }

    fn doctor(word: Word, parts: &Parts) -> Self {
        if parts.method == "POST" { Self::Wish(Wish::Sample(word)) } else { Self::Presence(word) }
    }

    fn step(id: SessionId, step: Step, parts: &Parts) -> Self {
        if parts.method == "POST" { Self::act(id, Act::Answer(step)) } else { Self::Wish(Wish::Page(id, step)) }
    }

    /// Whoever left by a method comes back to it.
    fn came_back(app: &App, parts: &Parts) -> Result<Self, Refusal> {
        let path = parts.uri.path();
        let is_theirs =
            |method: &Method| path.strip_prefix('/').and_then(|path| method.below(path)) == Some("/callback");
        app.methods.iter().find(is_theirs).map(|method| Self::Wish(Wish::CameBack(method))).ok_or(Refusal::NotFound)
    }

    fn act(id: SessionId, act: Act) -> Self {
        Self::Wish(Wish::Act(id, act))
    }
}

/// The step of a method that stands at `path`, below a session's. A method that is not enabled has no address.
fn step(app: &App, path: &str) -> Result<Step, Refusal> {
    let step = app.methods.iter().find_map(|method| {
        let below = method.below(path)?;
        below.strip_prefix('/').map_or(Some(Step::first(method)), |step| Step::named(method, step))
    });
    step.ok_or(Refusal::NotFound)
}
