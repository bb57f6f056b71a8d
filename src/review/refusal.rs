//! Every way in which a request is refused, and what comes of it: a page, and a line in the log where it has one.

use askama::Template;
use hyper::StatusCode;
use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;
use thiserror::Error;

use super::page::{self, Frame};
use super::{Console, cookie, words};
use crate::control::OperationError;
use crate::ops::{journal, random};
use crate::store::StoreError;
use crate::verification::event::Event;
use crate::verification::operator::OperatorName;
use crate::web::error::Refusal as Malformed;
use crate::web::guard::Panicked;
use crate::web::{Answer, headers};

/// Why a request is refused.
#[derive(Debug, Error)]
pub(super) enum Refusal {
    #[error(transparent)]
    Request(#[from] Malformed),
    #[error("the request is for another host than review.url names")]
    WrongHost,
    #[error("there is no such case for them")]
    NoCase,
    #[error("nobody has signed in, or their session is over")]
    SignedOut,
    #[error("operator {0} has not the role for it")]
    NotTheirs(OperatorName),
    #[error("it is for who has just signed in")]
    NotAnew,
    #[error("the link was used, or its time is over")]
    Link,
    #[error("{}", .0.name())]
    Operation(OperationError),
}

impl From<Panicked> for Refusal {
    fn from(panicked: Panicked) -> Self {
        Malformed::from(panicked).into()
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Malformed::from(error).into()
    }
}

impl From<OperationError> for Refusal {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Store(error) => error.into(),
            error => Self::Operation(error),
        }
    }
}

#[derive(Template)]
#[template(path = "refusal.html", config = "src/review/askama.toml")]
struct RefusalPage<'a> {
    frame: Frame<'a>,
    text: &'static str,
    /// Where one signs in, where that helps.
    sign_in: Option<&'static str>,
    reference: Option<String>,
}

impl Refusal {
    /// Renders the page, and logs the cause once where it has a line. Nothing of the request is on the page.
    pub(super) fn render(&self, console: &Console, parts: &Parts) -> Answer {
        if matches!(self, Self::SignedOut) && parts.method != "POST" {
            return crate::web::page::see_other("/sign-in");
        }
        let (title, text) = self.words();
        let reference = self.has_line(console).then(|| self.log());
        // What is not theirs is to them as if it were not there.
        let reference = reference.filter(|_| !matches!(self, Self::NotTheirs(_)));
        let sign_in = match self {
            Self::SignedOut | Self::Link => Some("/sign-in"),
            Self::NotAnew => Some("/sign-in/provider/anew"),
            _ => None,
        };
        let frame = Frame::outside(console, title);
        let refused = RefusalPage { frame, text: words::say(text), sign_in, reference };
        let mut answer = page::html(self.status(), &refused);
        match self {
            Self::Request(Malformed::Method { allowed }) => {
                answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
            }
            Self::Request(Malformed::Ambiguous(_)) => headers::end_connection(parts, &mut answer),
            Self::SignedOut => {
                answer.headers_mut().append(header::SET_COOKIE, cookie::take_away(console));
            }
            _ => {}
        }
        answer
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Request(malformed) => malformed.status(),
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::NoCase | Self::NotTheirs(_) => StatusCode::NOT_FOUND,
            Self::NotAnew => StatusCode::FORBIDDEN,
            Self::Link => StatusCode::GONE,
            Self::Operation(error) if error.is_fault() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Operation(_) => StatusCode::CONFLICT,
        }
    }

    /// The names of title and text.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::WrongHost | Self::NotTheirs(_) | Self::Request(Malformed::NotFound) => {
                ("nowhere-title", "nowhere-text")
            }
            Self::NoCase => ("no-case-title", "no-case-text"),
            Self::SignedOut => ("signed-out-title", "signed-out-text"),
            Self::NotAnew => ("anew-title", "anew-text"),
            Self::Link => ("link-gone-title", "link-gone-text"),
            Self::Request(Malformed::CrossSite) => ("cross-site-title", "cross-site-text"),
            Self::Request(malformed) if malformed.status().is_server_error() => ("later-title", "later-text"),
            Self::Request(_) => ("malformed-title", "malformed-text"),
            Self::Operation(error) if error.is_fault() => ("later-title", "later-text"),
            Self::Operation(_) => ("undone-title", "undone-text"),
        }
    }

    /// What anybody can cause has a line now and then; what an operator meets has one each time. Who has not signed in is no
    /// news, and what is not done is told by who did not do it.
    fn has_line(&self, console: &Console) -> bool {
        match self {
            Self::SignedOut
            | Self::NoCase
            | Self::NotAnew
            | Self::Operation(_)
            | Self::Request(Malformed::NotFound | Malformed::Busy) => false,
            Self::NotTheirs(_) | Self::Request(Malformed::Bug) => true,
            Self::WrongHost => console.noise.has_line("console_host"),
            Self::Link => console.noise.has_line("console_link"),
            Self::Request(malformed) => console.noise.has_line(malformed.reason().as_str()),
        }
    }

    /// Has the line written, and gives the reference by which it is found.
    fn log(&self) -> String {
        let reference = random::reference();
        journal::tell(&Event::Refused {
            reference: reference.clone(),
            session: None,
            code: self.status().as_u16(),
            cause: format!("console: {self}"),
            is_ours: matches!(self, Self::Request(malformed) if malformed.is_ours()),
        });
        reference
    }
}
