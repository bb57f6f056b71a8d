//! What comes of a refusal: a page, and a line in the log. What the person reads, what the log says and the cause are three
//! things; where the log has a line, the reference on the page finds it.

use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;

use super::error::Refusal;
use super::language::Language;
use super::{Answer, App, cookie, headers, page, query, route, visit};
use crate::ops::count;
use crate::ops::count::label::Reason;
use crate::ops::{journal, random};
use crate::store::StoreError;
use crate::verification::event::Event;
use crate::verification::method::Fault;
use crate::verification::session::StateError;
use crate::verification::session::id::SessionId;
use crate::verification::token::{TokenError, UntrustedToken};

/// What the person reads: the keys of `refusal-KEY-title` and `-text` in the catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    NotFound,
    Link,
    Expired,
    Used,
    TooLong,
    LoginTooLong,
    PhotoWait,
    NoSession,
    Busy,
    TooOften,
    Clock,
    Retry,
    Request,
}

impl Refusal {
    /// Counts it, renders the page, and logs the cause once where it has a line. Nothing of the request is on the page.
    pub(super) fn render(&self, app: &App, parts: &Parts) -> Answer {
        let (status, reason) = (self.status(), self.reason());
        count::refusal(reason);
        let reference = has_line(reason, app, parts).then(|| self.log(app, parts));
        let (title, text) = self.reading().keys();
        let mut answer = page::refusal(app, status, [title, text], reference.as_deref(), language(app, parts));
        let headers = answer.headers_mut();
        match self {
            Self::Method { allowed } => {
                headers.insert(header::ALLOW, HeaderValue::from_static(allowed));
            }
            Self::Busy
            | Self::PhotoWaits
            | Self::ClockBehind { .. }
            | Self::Photo(_)
            | Self::Store(
                StoreError::Unavailable | StoreError::Unexamined | StoreError::Damaged(_) | StoreError::TooLong(_),
            ) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            Self::TooOften => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            }
            // Left-over cookies of many logins are the one way in which a person gets there.
            Self::HeadersTooLong => headers.extend(cookie::expired(app, &parts.headers)),
            Self::Ambiguous(_) => headers::end_connection(parts, &mut answer),
            _ => {}
        }
        answer
    }

    fn reading(&self) -> Reading {
        match self {
            Self::NotFound => Reading::NotFound,
            Self::Token(TokenError::Expired { .. }) | Self::LoginOver | Self::Store(StoreError::BeforeRestore) => {
                Reading::Expired
            }
            Self::Token(TokenError::NotYetValid { .. }) | Self::ClockBehind { .. } => Reading::Clock,
            Self::Token(_) | Self::State(StateError::Characters) | Self::Incomplete => Reading::Link,
            Self::Used => Reading::Used,
            Self::UriTooLong | Self::HeadersTooLong | Self::BodyTooLong => Reading::TooLong,
            Self::CookieTooLong | Self::State(StateError::TooLong) => Reading::LoginTooLong,
            Self::PhotoWaits => Reading::PhotoWait,
            Self::NoSession | Self::Answered(Fault::StateUnknown) => Reading::NoSession,
            Self::Busy => Reading::Busy,
            Self::TooOften => Reading::TooOften,
            Self::TooSlow | Self::Store(_) | Self::Photo(_) | Self::Bug => Reading::Retry,
            Self::Method { .. }
            | Self::Malformed(_)
            | Self::Ambiguous(_)
            | Self::NotAForm
            | Self::CrossSite
            | Self::Answered(_) => Reading::Request,
        }
    }

    /// What it is counted as.
    pub(crate) fn reason(&self) -> Reason {
        match self {
            Self::NotFound => Reason::NotFound,
            Self::Method { .. } => Reason::Method,
            Self::Malformed(_) | Self::Incomplete | Self::NotAForm | Self::TooSlow => Reason::Malformed,
            Self::Ambiguous(_) => Reason::Ambiguous,
            Self::UriTooLong | Self::HeadersTooLong | Self::BodyTooLong | Self::CookieTooLong => Reason::TooLong,
            Self::CrossSite => Reason::CrossSite,
            Self::Answered(Fault::AnswerMalformed | Fault::StateUnknown) => Reason::Answer,
            // By who set out: nobody else's noise hides it.
            Self::Answered(_) => Reason::AnswerInSession,
            Self::Token(error) => reason(error),
            Self::State(_) => Reason::State,
            Self::Used => Reason::Used,
            Self::TooOften => Reason::TooOften,
            Self::NoSession => Reason::NoSession,
            Self::LoginOver => Reason::LoginOver,
            Self::Store(StoreError::BeforeRestore) => Reason::BeforeRestore,
            Self::Busy | Self::PhotoWaits => Reason::Busy,
            Self::ClockBehind { .. } => Reason::ClockBehind,
            Self::Photo(_)
            | Self::Store(
                StoreError::Unavailable | StoreError::Unexamined | StoreError::Damaged(_) | StoreError::TooLong(_),
            ) => Reason::Store,
            Self::Bug => Reason::Bug,
        }
    }

    /// Has the line written, and gives the reference by which it is found.
    fn log(&self, app: &App, parts: &Parts) -> String {
        let cause = match self {
            Self::Token(TokenError::Issuer) => {
                Self::Token(unlisted_issuer(app, parts).unwrap_or(TokenError::Issuer)).to_string()
            }
            refusal => refusal.to_string(),
        };
        let reference = random::reference();
        journal::tell(&Event::Refused {
            reference: reference.clone(),
            session: route::session(parts).map(SessionId::name),
            code: self.status().as_u16(),
            cause,
            is_ours: self.is_ours(),
        });
        reference
    }

    /// Whether it is ours to mend.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::ClockBehind { .. }
                | Self::Token(TokenError::NotYetValid { .. })
                | Self::Store(
                    StoreError::Unavailable | StoreError::Unexamined | StoreError::Damaged(_) | StoreError::TooLong(_)
                )
                | Self::Photo(_)
                | Self::Bug
        )
    }
}

/// Whether a refusal for `reason` has a line in the log. So has a bug; so has what an authentic session meets, as long as a person may have
/// caused it; what else goes wrong with ourselves; and of the rest, which anybody can cause, the first.
fn has_line(reason: Reason, app: &App, parts: &Parts) -> bool {
    match reason {
        Reason::Busy => return false,
        Reason::Bug => return true,
        Reason::NotFound => {
            // The page says all that there is to say.
            app.noise.count(reason.as_str());
            return false;
        }
        _ => {}
    }
    let session = route::session(parts).and_then(|id| cookie::session(app, id, &parts.headers));
    match (session, reason) {
        (Some(session), _) => app.noise.person_has_line(visit::person(&session)),
        (None, Reason::ClockBehind | Reason::Store) => true,
        (None, reason) => app.noise.has_line(reason.as_str()),
    }
}

/// What such a token is counted as.
const fn reason(error: &TokenError) -> Reason {
    match error {
        TokenError::TooLong | TokenError::Malformed | TokenError::Header => Reason::MalformedToken,
        TokenError::Issuer => Reason::Issuer,
        TokenError::UnlistedHost { .. } => Reason::UnlistedHost,
        TokenError::Signature => Reason::Signature,
        TokenError::Claim(_) => Reason::Claim,
        TokenError::NotYetValid { .. } => Reason::NotYetValid,
        TokenError::Expired { .. } => Reason::Expired,
    }
}

/// For the log: what there is to say of a token whose issuer is on no list, where it is authentic all the same.
fn unlisted_issuer(app: &App, parts: &Parts) -> Option<TokenError> {
    let [token, _] = query::parameters(parts.uri.query()?, ["token", "state"]).ok()?;
    UntrustedToken::parse(&token).ok()?.unlisted_issuer(&app.tenants)
}

/// The language of the session that the request is about, as on its other pages; else the browser's.
fn language(app: &App, parts: &Parts) -> Language {
    let session = route::session(parts).and_then(|id| cookie::session(app, id, &parts.headers));
    session.map_or_else(|| Language::of(&parts.headers), |session| Language::of_session(&session, &parts.headers))
}

impl Reading {
    const fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => ("refusal-not-found-title", "refusal-not-found-text"),
            Self::Link => ("refusal-link-title", "refusal-link-text"),
            Self::Expired => ("refusal-expired-title", "refusal-expired-text"),
            Self::Used => ("refusal-used-title", "refusal-used-text"),
            Self::TooLong => ("refusal-too-long-title", "refusal-too-long-text"),
            Self::LoginTooLong => ("refusal-login-too-long-title", "refusal-login-too-long-text"),
            Self::PhotoWait => ("refusal-photo-wait-title", "refusal-photo-wait-text"),
            Self::NoSession => ("refusal-no-session-title", "refusal-no-session-text"),
            Self::Busy => ("refusal-busy-title", "refusal-busy-text"),
            Self::TooOften => ("refusal-too-often-title", "refusal-too-often-text"),
            Self::Clock => ("refusal-clock-title", "refusal-clock-text"),
            Self::Retry => ("refusal-retry-title", "refusal-retry-text"),
            Self::Request => ("refusal-request-title", "refusal-request-text"),
        }
    }
}
