//! `/sign-in`: how somebody gets in.

use askama::Template;
use hyper::StatusCode;

use super::Console;
use super::page::{self, Frame};
use crate::web::Answer;

#[derive(Template)]
#[template(path = "sign_in.html", config = "src/review/askama.toml")]
struct SignInPage<'a> {
    frame: Frame<'a>,
}

/// `GET`: the ways in.
pub(super) fn page(console: &Console) -> Answer {
    page::html(StatusCode::OK, &SignInPage { frame: Frame::outside(console, "sign-in-title") })
}
