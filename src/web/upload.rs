//! Photos that people send: how many bytes of them are in memory at once, and the one photo of a body.
//!
//! Whoever waits for room has sent nothing but what the windows of its connection hold. A photo keeps its room, and its
//! session's place, until it is dropped: whatever is made of it is within the same bounds.

use std::collections::HashSet;
use std::ops::{Deref, Range};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderMap};
use hyper::http::request::Parts;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::error::Refusal;
use super::form::{self, Form};
use super::terms::{self, Terms};
use super::{Answer, App, multipart, page};
use crate::ops::presence::Word;
use crate::verification::session::id::SessionId;

/// The bytes of all bodies with photos at once.
const ROOM: usize = 96 * 1024 * 1024;
/// How long one waits for room, and for the one before it in its session.
const WAIT: Duration = Duration::from_secs(10);

/// The room for photos. Clones share it.
#[derive(Clone)]
pub struct Uploads(Arc<Shared>);

struct Shared {
    room: Arc<Semaphore>,
    sessions: Mutex<HashSet<SessionId>>,
    left: Notify,
}

impl Default for Uploads {
    fn default() -> Self {
        Self::of(ROOM)
    }
}

impl Uploads {
    fn of(bytes: usize) -> Self {
        let room = Arc::new(Semaphore::new(bytes));
        Self(Arc::new(Shared { room, sessions: Mutex::default(), left: Notify::new() }))
    }

    /// Room for `bytes` of `session`, when there is some and no other of the session has any.
    async fn admit(&self, session: SessionId, bytes: usize) -> Admitted {
        let place = loop {
            let left = self.0.left.notified();
            if let Some(place) = self.place(session) {
                break place;
            }
            left.await;
        };
        let bytes = u32::try_from(bytes).expect("no route takes so much");
        let room = self.0.room.clone().acquire_many_owned(bytes).await.expect("nobody closes it");
        Admitted { _room: room, _place: place }
    }

    /// The place of `session`, if it is free.
    fn place(&self, session: SessionId) -> Option<Place> {
        let is_free = self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(session);
        is_free.then(|| Place { shared: self.0.clone(), session })
    }
}

/// The one place that a session has for a body that takes its time.
struct Place {
    shared: Arc<Shared>,
    session: SessionId,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.session);
        self.shared.left.notify_waiters();
    }
}

struct Admitted {
    _room: OwnedSemaphorePermit,
    _place: Place,
}

/// The file that was sent, as it came. Wiped when it is dropped.
pub(super) struct Photo {
    body: Zeroizing<Vec<u8>>,
    file: Range<usize>,
    _admitted: Admitted,
}

impl Deref for Photo {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.body[self.file.clone()]
    }
}

impl AsRef<[u8]> for Photo {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// Why there is no photo.
#[derive(Debug)]
pub(super) enum NoPhoto {
    /// The body is longer than the route takes, and its length was known. Nothing of it was kept.
    TooLarge,
    /// It has no file, or more than one.
    None,
    Refused(Refusal),
}

impl From<Refusal> for NoPhoto {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<B> Form<'_, B>
where
    B: Body<Data = Bytes> + Send,
{
    /// The photo that is submitted in `session`; none of it is read before there is room.
    pub(super) async fn photo(self, uploads: &Uploads, session: SessionId) -> Result<Photo, NoPhoto> {
        let content_type = content_type(&self.parts.headers).ok_or(Refusal::NotAForm)?;
        let boundary = multipart::boundary(content_type).ok_or(Refusal::NotAForm)?;
        let (limit, hint) = (self.terms.body_limit, self.body.size_hint());
        if hint.lower() > limit as u64 {
            return Err(NoPhoto::TooLarge);
        }
        let length = hint.exact().and_then(|length| usize::try_from(length).ok()).unwrap_or(limit);
        let admitted = timeout(WAIT, uploads.admit(session, length)).await.map_err(|_| Refusal::Busy)?;
        let mut body = Zeroizing::new(Vec::with_capacity(length));
        form::collect(self.body, &mut body, limit).await?;
        let file = multipart::only_file(&body, boundary).ok_or(NoPhoto::None)?;
        Ok(Photo { body, file, _admitted: admitted })
    }
}

fn content_type(headers: &HeaderMap) -> Option<&[u8]> {
    let mut all = headers.get_all(header::CONTENT_TYPE).iter();
    let (first, None) = (all.next()?, all.next()) else { return None };
    Some(first.as_bytes())
}

/// For the doctor: how much of a body as large as a photo comes here. Without a word from the control socket there is nothing
/// here, and nothing is read.
pub(super) async fn weigh<B>(app: &App, word: Word, body: B) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    if !app.presence.awaits(word, app.clock.now()) {
        return Err(Refusal::NotFound);
    }
    let (mut body, mut bytes) = (pin!(body), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::Malformed("the body broke off"))?;
        bytes += frame.data_ref().map_or(0, Bytes::len);
        if bytes > terms::PHOTO.body_limit {
            return Err(Refusal::BodyTooLong);
        }
    }
    Ok(page::plain(StatusCode::OK, bytes.to_string()))
}

/// Reads what is left of `body` before it is answered, as far as `terms` allow, and throws it away: a browser that is still
/// sending shows no answer. One at a time of a `session`; and whoever waits to be told to send is not.
pub(super) async fn see_out<B>(uploads: &Uploads, session: SessionId, parts: &Parts, body: B, terms: &Terms)
where
    B: Body<Data = Bytes> + Send,
{
    let is_short = body.size_hint().exact().is_some_and(|length| length <= terms.discard_limit);
    let is_expected = parts.headers.contains_key(header::EXPECT);
    if body.is_end_stream() || !is_short || is_expected {
        return;
    }
    let Some(_place) = uploads.place(session) else { return };
    let mut body = pin!(body);
    while let Some(Ok(_)) = body.frame().await {}
}
