//! `/pairs`: documents and selfies of which the organisation knows whether they are of one person. The answer is out of sight
//! until whoever learns has found their own.

use askama::Template;
use hyper::StatusCode;

use super::exhibits::Pair;
use super::gate::Visit;
use super::page::{self, Frame};
use super::refusal::Refusal;
use crate::web::Answer;
use crate::web::error::Refusal as Malformed;

/// Where they are.
pub(super) const PATH: &str = "/pairs";

#[derive(Template)]
#[template(path = "pairs.html", config = "src/review/askama.toml")]
struct PairsPage<'a> {
    frame: Frame<'a>,
    pairs: &'a [Pair],
}

/// `GET /pairs`. Without any, there is no such page.
pub(super) fn page(visit: &Visit<'_>) -> Result<Answer, Refusal> {
    let pairs = visit.console.exhibits.pairs();
    if pairs.is_empty() {
        return Err(Malformed::NotFound.into());
    }
    Ok(page::html(StatusCode::OK, &PairsPage { frame: Frame::inside(visit, "pairs-title", PATH), pairs }))
}
