//! Every way in which a request is refused. What comes of it, a page and a line in the log, is told in `refused.rs`.

use std::time::Duration;

use hyper::StatusCode;
use thiserror::Error;

use super::guard::Panicked;
use crate::evidence::EvidenceError;
use crate::store::StoreError;
use crate::verification::method::Fault;
use crate::verification::session::StateError;
use crate::verification::token::TokenError;

/// Why a request is refused.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    #[error("no such page")]
    NotFound,
    #[error("the method is not one of {allowed}")]
    Method { allowed: &'static str },
    #[error("malformed request: {0}")]
    Malformed(&'static str),
    #[error("servers disagree about such a request: {0}")]
    Ambiguous(&'static str),
    #[error("`token` or `state` is missing")]
    Incomplete,
    #[error("the path is too long")]
    UriTooLong,
    #[error("the headers are too long")]
    HeadersTooLong,
    #[error("the session's cookie is longer than browsers keep")]
    CookieTooLong,
    #[error("the body is too long")]
    BodyTooLong,
    #[error("more photos than there is room for at once")]
    PhotoWaits,
    #[error("the body took too long")]
    TooSlow,
    #[error("the body is not a form")]
    NotAForm,
    #[error("more logins than this machine can serve at once")]
    Busy,
    #[error("the subject started or submitted more often than limits.starts_per_subject allows")]
    TooOften,
    #[error("another site caused the submission")]
    CrossSite,
    #[error("request token: {0}")]
    Token(#[from] TokenError),
    #[error("state: {0}")]
    State(#[from] StateError),
    #[error("the request token was used in another session")]
    Used,
    #[error("the browser did not present the session's cookie")]
    NoSession,
    #[error("the login at Auth0 is over")]
    LoginOver,
    #[error("this machine's clock is {} s behind the session's own beginning; set it right", .by.as_secs())]
    ClockBehind { by: Duration },
    #[error("answer of a provider: {}", .0.as_str())]
    Answered(Fault),
    #[error("store: {0}")]
    Store(#[from] StoreError),
    #[error("photo: {0}")]
    Photo(EvidenceError),
    #[error("a bug; the line before has its place")]
    Bug,
}

impl From<Panicked> for Refusal {
    fn from(_: Panicked) -> Self {
        Self::Bug
    }
}

impl From<EvidenceError> for Refusal {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::Store(error) => Self::Store(error),
            error => Self::Photo(error),
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Answered(fault)
    }
}

impl Refusal {
    /// How HTTP says it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::UriTooLong
            | Self::CookieTooLong
            | Self::State(StateError::TooLong)
            | Self::Token(TokenError::TooLong) => StatusCode::URI_TOO_LONG,
            Self::HeadersTooLong => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::BodyTooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Malformed(_)
            | Self::Ambiguous(_)
            | Self::Incomplete
            | Self::NoSession
            | Self::Answered(_)
            | Self::State(StateError::Characters)
            | Self::Token(TokenError::Malformed | TokenError::Claim(_) | TokenError::UnlistedHost { .. }) => {
                StatusCode::BAD_REQUEST
            }
            Self::Token(_) => StatusCode::UNAUTHORIZED,
            Self::Used => StatusCode::CONFLICT,
            Self::LoginOver | Self::Store(StoreError::BeforeRestore) => StatusCode::GONE,
            Self::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::PhotoWaits | Self::ClockBehind { .. } | Self::Store(_) | Self::Photo(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Bug => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether there is too much to do. Whoever counts those who are turned away tells of them, not a line for each.
    pub(super) fn is_for_load(&self) -> bool {
        matches!(self, Self::Busy)
    }
}
