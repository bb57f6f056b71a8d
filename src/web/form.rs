//! Reading a submitted form: small, in time, and ours.

use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes};
use hyper::header;
use hyper::http::request::Parts;

use super::error::Refusal;

/// The most bytes a form may have. Ours have about thirty.
const LIMIT: usize = 8 * 1024;
/// How long a form may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// Refuses a submission that another site caused. Its own sign of that is in every browser since 2023; where it is
/// missing, the session's unguessable address and the cookie's `SameSite` stand alone. (`Origin` tells nothing here:
/// under our `Referrer-Policy` browsers send `null`.)
pub(super) fn check_origin(parts: &Parts) -> Result<(), Refusal> {
    match parts.headers.get("sec-fetch-site").map(header::HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Refusal::CrossSite),
    }
}

/// The value of `field` in the form that `body` holds; empty if it is not there.
pub(super) async fn read_field<B>(parts: &Parts, body: B, field: &str) -> Result<String, Refusal>
where
    B: Body<Data = Bytes> + Send,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let is_form = |value: &header::HeaderValue| value.as_bytes().starts_with(b"application/x-www-form-urlencoded");
    if !parts.headers.get(header::CONTENT_TYPE).is_some_and(is_form) {
        return Err(Refusal::NotAForm);
    }
    if body.size_hint().lower() > LIMIT as u64 {
        return Err(Refusal::BodyTooLong);
    }
    let collected =
        tokio::time::timeout(PATIENCE, Limited::new(body, LIMIT).collect()).await.map_err(|_| Refusal::TooSlow)?;
    let bytes = collected
        .map_err(|error| {
            if error.is::<http_body_util::LengthLimitError>() {
                Refusal::BodyTooLong
            } else {
                Refusal::Malformed("the body broke off")
            }
        })?
        .to_bytes();
    let value = form_urlencoded::parse(&bytes).find(|(name, _)| name == field);
    Ok(value.map(|(_, value)| value.into_owned()).unwrap_or_default())
}
