//! `/link/TOKEN`: a one-time link. Whoever looks at it uses nothing, as programs that look at all links in a message do; the
//! button signs in, once.

use askama::Template;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};
use hyper::header;

use super::page::{self, Frame};
use super::refusal::Refusal;
use super::{Console, cookie, gate, home};
use crate::ops::random;
use crate::verification::operator::OperatorError;
use crate::verification::operator::link::LinkToken;
use crate::verification::operator::session::OperatorToken;
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::page::see_other;

#[derive(Template)]
#[template(path = "link.html", config = "src/review/askama.toml")]
struct LinkPage<'a> {
    frame: Frame<'a>,
    name: &'a str,
    token: LinkToken,
}

/// `GET`: for whom it is, and the button.
pub(super) async fn page(console: &Console, token: LinkToken) -> Result<Answer, Refusal> {
    let (store, now) = (&console.office.store, console.office.clock.now());
    store.examined().await?;
    let name = store.operator_of_link(token, now)?.ok_or(Refusal::Link)?;
    let page = LinkPage { frame: Frame::outside(console, "link-title"), name: name.as_str(), token };
    Ok(page::html(StatusCode::OK, &page))
}

/// `POST`: signs in. The session is a new one, whatever the browser brought.
pub(super) async fn sign_in<B>(console: &Console, token: LinkToken, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let headers = &form.parts.headers;
    form.fields().await?;
    let (store, now) = (&console.office.store, console.office.clock.now());
    store.examined().await?;
    let session = OperatorToken::from_random(random::bytes());
    let (signed_in, _happened) = store.sign_in_by_link(token, session.session(), now).await?;
    signed_in.map_err(|error| match error {
        OperatorError::Link => Refusal::Link,
        error => Refusal::Operation(error.into()),
    })?;
    let _happened = gate::end_former(console, headers, session).await?;
    let mut answer = see_other(home::after_sign_in(console, session));
    answer.headers_mut().append(header::SET_COOKIE, cookie::set(console, session));
    Ok(answer)
}
