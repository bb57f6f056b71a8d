//! The provider's page: who one is, and what the model does with it.

use askama::Template;
use hyper::StatusCode;

use super::{HOLDERS, LABEL, LEVELS};
use crate::auth0::trial::fields::{Fields, text};
use crate::auth0::trial::page::{html, message};
use crate::web::Answer;

#[derive(Template)]
#[template(path = "eid.html", config = "src/auth0/trial/askama.toml")]
struct EidPage<'a> {
    request_uri: &'a str,
    /// The level that the client asks for.
    asked: &'a str,
}

/// What the person is asked for the request with these `parameters`.
pub(super) fn ask(request_uri: &str, parameters: &Fields) -> Answer {
    html(StatusCode::OK, &EidPage { request_uri, asked: text(parameters, "acr_values") })
}

/// Nothing is asked any more.
pub(super) fn gone() -> Answer {
    let text = "What idv asked here was answered already, or is too old. Go back to idv and come once more.";
    message(StatusCode::BAD_REQUEST, LABEL, text)
}
