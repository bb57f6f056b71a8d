//! Whether single keys do something on the pages of cases. Who speaks to their computer, or types past a field, can switch
//! that off (WCAG 2.1.4).

use std::time::Duration;

use hyper::HeaderMap;
use hyper::body::{Body, Bytes};
use hyper::header;

use super::Console;
use super::cookie;
use super::gate::Visit;
use super::refusal::Refusal;
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::page::see_other;

const NAME: &str = "idv-keys";
const OFF: &str = "off";
/// How long a browser remembers it.
const YEAR: Duration = Duration::from_hours(365 * 24);

/// Whether they do.
pub(super) fn are_on(console: &Console, headers: &HeaderMap) -> bool {
    cookie::remembered(console, NAME, headers) != Some(OFF)
}

/// `POST /keys`.
pub(super) async fn switch<B>(visit: &Visit<'_>, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let value = if form.fields().await?.value("keys") == OFF { OFF } else { "on" };
    let mut answer = see_other("/");
    answer.headers_mut().append(header::SET_COOKIE, cookie::remember(visit.console, NAME, value, YEAR));
    Ok(answer)
}
