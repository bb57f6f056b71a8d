//! Reading a submitted form: small, in time, and ours.

use std::pin::pin;
use std::time::Duration;

use http_body_util::BodyExt;
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
{
    let is_form = |value: &header::HeaderValue| value.as_bytes().starts_with(b"application/x-www-form-urlencoded");
    if !parts.headers.get(header::CONTENT_TYPE).is_some_and(is_form) {
        return Err(Refusal::NotAForm);
    }
    if body.size_hint().lower() > LIMIT as u64 {
        return Err(Refusal::BodyTooLong);
    }
    let bytes = tokio::time::timeout(PATIENCE, collect(body)).await.map_err(|_| Refusal::TooSlow)??;
    let value = form_urlencoded::parse(&bytes).find(|(name, _)| name == field);
    Ok(value.map(|(_, value)| value.into_owned()).unwrap_or_default())
}

/// The whole of `body`, in memory of its own: one that comes byte by byte would keep a buffer for each.
async fn collect<B>(body: B) -> Result<Vec<u8>, Refusal>
where
    B: Body<Data = Bytes>,
{
    let (mut body, mut bytes) = (pin!(body), Vec::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::Malformed("the body broke off"))?;
        // What follows the chunks of a body says nothing to us.
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > LIMIT {
            return Err(Refusal::BodyTooLong);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}
