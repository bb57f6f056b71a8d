//! Reading a submitted form: as small as the terms of its address say, in time, and ours.

use std::pin::pin;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};
use hyper::header;
use hyper::http::request::Parts;

use super::error::Refusal;
use super::terms::Terms;

/// Refuses a submission that another site caused. Its own sign of that is in every browser since 2023; where it is
/// missing, the session's unguessable address and the cookie's `SameSite` stand alone. (`Origin` tells nothing here:
/// under our `Referrer-Policy` browsers send `null`.)
pub(super) fn check_origin(parts: &Parts) -> Result<(), Refusal> {
    match parts.headers.get("sec-fetch-site").map(header::HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Refusal::CrossSite),
    }
}

/// What a person submits, before anything of it is read.
pub(crate) struct Form<'a, B> {
    pub(crate) parts: &'a Parts,
    pub(crate) body: B,
    /// What holds where it is submitted.
    pub(crate) terms: &'a Terms,
}

impl<B> Form<'_, B>
where
    B: Body<Data = Bytes> + Send,
{
    /// The value of the field `name`; empty if it is not there.
    pub(super) async fn field(self, name: &str) -> Result<String, Refusal> {
        Ok(self.fields().await?.value(name))
    }

    /// The values of the fields of these `names`, each empty if it is not there.
    pub(super) async fn values<const N: usize>(self, names: [&str; N]) -> Result<[String; N], Refusal> {
        let fields = self.fields().await?;
        Ok(names.map(|name| fields.value(name)))
    }

    /// All of its fields.
    pub(crate) async fn fields(self) -> Result<Fields, Refusal> {
        let is_form = |value: &header::HeaderValue| value.as_bytes().starts_with(b"application/x-www-form-urlencoded");
        if !self.parts.headers.get(header::CONTENT_TYPE).is_some_and(is_form) {
            return Err(Refusal::NotAForm);
        }
        let Terms { body_limit, patience, .. } = *self.terms;
        if self.body.size_hint().lower() > body_limit as u64 {
            return Err(Refusal::BodyTooLong);
        }
        let collected = tokio::time::timeout(patience, collect(self.body, body_limit)).await;
        let bytes = collected.map_err(|_| Refusal::TooSlow)??;
        Ok(Fields(bytes))
    }
}

/// What was submitted.
pub(crate) struct Fields(Vec<u8>);

impl Fields {
    /// The value of the field `name`; empty if it is not there.
    pub(crate) fn value(&self, name: &str) -> String {
        let value = form_urlencoded::parse(&self.0).find(|(key, _)| key == name);
        value.map(|(_, value)| value.into_owned()).unwrap_or_default()
    }
}

/// The whole of `body`, in memory of its own: one that comes byte by byte would keep a buffer for each.
async fn collect<B>(body: B, limit: usize) -> Result<Vec<u8>, Refusal>
where
    B: Body<Data = Bytes>,
{
    let (mut body, mut bytes) = (pin!(body), Vec::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::Malformed("the body broke off"))?;
        // What follows the chunks of a body says nothing to us.
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > limit {
            return Err(Refusal::BodyTooLong);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use http_body_util::Full;
    use hyper::Request;
    use hyper::body::Frame;
    use tokio::time::timeout;

    use super::super::terms::USUAL;
    use super::*;

    /// A body that does not say how long it is, a byte at a time; and after the last, it may never end.
    struct Trickle {
        left: usize,
        ends: bool,
    }

    impl Body for Trickle {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.left == 0 {
                return if self.ends { Poll::Ready(None) } else { Poll::Pending };
            }
            self.left -= 1;
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"x")))))
        }
    }

    /// What comes of `body` under `terms`; nothing yet, if it has not all come within `time`.
    fn submit(body: impl Body<Data = Bytes> + Send, terms: &Terms, time: Duration) -> Option<Result<String, Refusal>> {
        let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let form = Form { parts: &parts, body, terms };
        runtime.block_on(async { timeout(time, form.field("x")).await.ok() })
    }

    #[test]
    fn a_form_may_have_what_the_terms_of_its_address_say_and_no_byte_more() {
        for limit in [USUAL.body_limit, 1, 100, 100_000] {
            let terms = Terms { body_limit: limit, ..USUAL };
            let trickle = |left| submit(Trickle { left, ends: true }, &terms, terms.patience);
            let at_once = |length| submit(Full::from(vec![b'x'; length]), &terms, terms.patience);
            for fits in [trickle(limit), at_once(limit)] {
                assert!(matches!(fits, Some(Ok(_))), "{limit}: {fits:?}");
            }
            for exceeds in [trickle(limit + 1), at_once(limit + 1)] {
                assert!(matches!(exceeds, Some(Err(Refusal::BodyTooLong))), "{limit}: {exceeds:?}");
            }
        }
    }

    #[test]
    fn a_form_has_the_time_that_the_terms_of_its_address_give_it() {
        let endless = || Trickle { left: 1, ends: false };
        let impatient = Terms { patience: Duration::ZERO, ..USUAL };
        let late = submit(endless(), &impatient, USUAL.patience);
        assert!(matches!(late, Some(Err(Refusal::TooSlow))), "{late:?}");
        let waiting = submit(endless(), &USUAL, Duration::from_millis(1));
        assert!(waiting.is_none(), "{waiting:?}");
        let at_once = submit(Trickle { left: 1, ends: true }, &impatient, USUAL.patience);
        assert!(matches!(at_once, Some(Ok(_))), "who has sent it all is in time: {at_once:?}");
    }
}
