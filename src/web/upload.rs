//! Photos that people send: how many bytes of them are in memory at once, and the photos of a body.
//!
//! Whoever waits for room has sent nothing but what the windows of its connection hold. Whoever has some and is too slow to
//! bring the whole in time leaves it to those who wait. A photo keeps its room, and its session's place, until it is dropped:
//! whatever is made of it is within the same bounds.

use std::collections::HashSet;
use std::ops::{Deref, Range};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderMap};
use hyper::http::request::Parts;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

use super::error::Refusal;
use super::form::Form;
use super::multipart::{self, Part};
use super::terms::{self, Terms};
use super::{Answer, App, page};
use crate::ops::clock::Stopwatch;
use crate::ops::count;
use crate::ops::presence::Word;
use crate::ops::report::Report;
use crate::picture::{Fault, Picture, Pool};
use crate::verification::operator::session::OperatorSessionId;
use crate::verification::session::id::SessionId;

/// The bytes of all bodies with photos at once.
const ROOM: usize = 96 * 1024 * 1024;

/// How long everybody waits.
#[derive(Clone, Copy)]
struct Patience {
    /// For room, and for the photo before it in its session.
    wait: Duration,
    /// For a body that comes too slowly, while others wait for its room: they outlast some of those.
    grace: Duration,
    /// Between two looks at a body of which nothing comes.
    look: Duration,
}

const PATIENCE: Patience =
    Patience { wait: Duration::from_secs(10), grace: Duration::from_secs(3), look: Duration::from_secs(1) };

/// In whose session photos are sent: one body at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sender {
    Applicant(SessionId),
    Operator(OperatorSessionId),
}

impl From<SessionId> for Sender {
    fn from(id: SessionId) -> Self {
        Self::Applicant(id)
    }
}

impl From<OperatorSessionId> for Sender {
    fn from(id: OperatorSessionId) -> Self {
        Self::Operator(id)
    }
}

/// The room for photos. Clones share it.
#[derive(Clone)]
pub struct Uploads(Arc<Shared>);

struct Shared {
    /// In bytes.
    size: usize,
    room: Arc<Semaphore>,
    patience: Patience,
    /// Whoever waits for room holds one more.
    waits: Arc<()>,
    senders: Mutex<HashSet<Sender>>,
    left: Notify,
}

impl Default for Uploads {
    fn default() -> Self {
        Self::of(ROOM, PATIENCE)
    }
}

impl Uploads {
    fn of(bytes: usize, patience: Patience) -> Self {
        let room = Arc::new(Semaphore::new(bytes));
        Self(Arc::new(Shared {
            size: bytes,
            room,
            patience,
            waits: Arc::default(),
            senders: Mutex::default(),
            left: Notify::new(),
        }))
    }

    /// Room for `bytes` of `sender`, when there is some and no other of the session has any; refused if that is not soon.
    async fn admit(&self, sender: Sender, bytes: usize) -> Result<Admitted, Refusal> {
        timeout(self.0.patience.wait, self.room(sender, bytes)).await.map_err(|_| Refusal::PhotoWaits)
    }

    async fn room(&self, sender: Sender, bytes: usize) -> Admitted {
        let place = loop {
            let left = self.0.left.notified();
            if let Some(place) = self.place(sender) {
                break place;
            }
            left.await;
        };
        let _waits = self.0.waits.clone();
        let bytes = u32::try_from(bytes).expect("no route takes so much");
        let room = self.0.room.clone().acquire_many_owned(bytes).await.expect("nobody closes it");
        Admitted { _room: room, _place: place }
    }

    /// The bytes for which there is room taken: of photos that come, or are being made anew.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.size.saturating_sub(self.0.room.available_permits()) as u64
    }

    fn are_waited_for(&self) -> bool {
        Arc::strong_count(&self.0.waits) > 1
    }

    /// The place of `sender`, if it is free.
    fn place(&self, sender: Sender) -> Option<Place> {
        let is_free = self.0.senders.lock().unwrap_or_else(PoisonError::into_inner).insert(sender);
        is_free.then(|| Place { shared: self.0.clone(), sender })
    }
}

/// The one place that a session has for a body that takes its time.
struct Place {
    shared: Arc<Shared>,
    sender: Sender,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.senders.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.sender);
        self.shared.left.notify_waiters();
    }
}

struct Admitted {
    _room: OwnedSemaphorePermit,
    _place: Place,
}

/// A body as it came. Wiped when it is dropped.
struct Received {
    body: Zeroizing<Vec<u8>>,
    _admitted: Admitted,
}

/// A file that was sent. The body that it is in lasts as long.
pub(crate) struct Photo {
    received: Arc<Received>,
    file: Range<usize>,
}

/// A form of several files.
pub(crate) struct Parcel {
    received: Arc<Received>,
    parts: Vec<Part>,
}

impl Parcel {
    /// The value of the field `name`; empty if it is not there.
    pub(crate) fn value(&self, name: &str) -> String {
        let field = self.parts.iter().find(|part| !part.is_file && part.name == name.as_bytes());
        let value = field.map(|part| String::from_utf8_lossy(&self.received.body[part.content.clone()]).into_owned());
        value.unwrap_or_default()
    }

    /// The file called `name`, if one was chosen.
    pub(crate) fn photo(&self, name: &str) -> Option<Photo> {
        let is_it = |part: &&Part| part.is_file && part.name == name.as_bytes() && !part.content.is_empty();
        let file = self.parts.iter().find(is_it)?.content.clone();
        Some(Photo { received: self.received.clone(), file })
    }
}

impl Deref for Photo {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.received.body[self.file.clone()]
    }
}

impl AsRef<[u8]> for Photo {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// Why there is no photo.
#[derive(Debug)]
pub(crate) enum NoPhoto {
    /// It is larger than the route takes.
    TooLarge,
    /// There is no file, or more than one; or it is no form of ours.
    None,
    Refused(Refusal),
}

/// For who has no page of its own for it.
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
        let (received, boundary) = self.received(uploads, session.into()).await?;
        let file = multipart::only_file(&received.body, &boundary).ok_or(NoPhoto::None)?;
        Ok(Photo { received: received.into(), file })
    }

    /// All that is submitted by `sender`, likewise.
    pub(crate) async fn parcel(self, uploads: &Uploads, sender: Sender) -> Result<Parcel, NoPhoto> {
        let (received, boundary) = self.received(uploads, sender).await?;
        let parts = multipart::parts(&received.body, &boundary).ok_or(NoPhoto::None)?;
        // Of two of a name, nobody could say which is meant.
        if parts.iter().map(|part| &part.name).collect::<HashSet<_>>().len() != parts.len() {
            return Err(NoPhoto::None);
        }
        // What is typed may be shown again, and is not as long as photos are.
        let typed: usize = parts.iter().filter(|part| !part.is_file).map(|part| part.content.len()).sum();
        if typed > terms::USUAL.body_limit {
            return Err(Refusal::BodyTooLong.into());
        }
        Ok(Parcel { received: received.into(), parts })
    }

    /// The whole body, and what is between its parts.
    async fn received(self, uploads: &Uploads, sender: Sender) -> Result<(Received, Vec<u8>), NoPhoto> {
        let content_type = content_type(&self.parts.headers).ok_or(Refusal::NotAForm)?;
        let boundary = multipart::boundary(content_type).ok_or(Refusal::NotAForm)?.to_vec();
        let (limit, hint) = (self.terms.body_limit, self.body.size_hint());
        if hint.lower() > limit as u64 {
            return Err(NoPhoto::TooLarge);
        }
        let length = hint.exact().and_then(|length| usize::try_from(length).ok()).unwrap_or(limit);
        let admitted = uploads.admit(sender, length).await?;
        let body = receive(self.body, length, self.terms, uploads).await?;
        Ok((Received { body, _admitted: admitted }, boundary))
    }
}

/// What is made of `photo`; or what is wrong with it. What is ours to mend is told.
pub(crate) async fn develop(pool: &Pool, photo: Photo) -> Result<Picture, Fault> {
    let since = Stopwatch::start();
    let developed = pool.develop(photo).await;
    count::developed(&since);
    if let Err(Fault::Panicked(digest)) = &developed {
        Report::PhotoPanicked { sha256: &HEXLOWER.encode(digest) }.tell();
    }
    developed
}

/// The whole of `body`, in memory of its own and of such a `length` at the most, unless it is in the way.
async fn receive<B>(body: B, length: usize, terms: &Terms, uploads: &Uploads) -> Result<Zeroizing<Vec<u8>>, NoPhoto>
where
    B: Body<Data = Bytes>,
{
    let Patience { grace, look, .. } = uploads.0.patience;
    let whole = terms.pace.map_or(terms.patience, |pace| Duration::from_secs(pace.whole.into()));
    let (mut body, mut bytes, since) = (pin!(body), Zeroizing::new(Vec::with_capacity(length)), Instant::now());
    loop {
        match timeout(look, body.frame()).await {
            Ok(None) => return Ok(bytes),
            Ok(Some(Err(_))) => return Err(Refusal::Malformed("the body broke off").into()),
            Ok(Some(Ok(frame))) => {
                let data = frame.into_data().unwrap_or_default();
                if bytes.len() + data.len() > length {
                    return Err(NoPhoto::TooLarge);
                }
                bytes.extend_from_slice(&data);
            }
            Err(_nothing_came) => {}
        }
        let after = since.elapsed();
        if uploads.are_waited_for() && after >= grace && is_late(bytes.len(), length, after, whole) {
            return Err(Refusal::PhotoWaits.into());
        }
    }
}

/// Whether a body of such a `length`, of which so much has `come` after so long, will not be whole in time at that rate.
fn is_late(come: usize, length: usize, after: Duration, whole: Duration) -> bool {
    (come as u128) * whole.as_millis() < (length as u128) * after.as_millis()
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
pub(crate) async fn see_out<B>(uploads: &Uploads, sender: Sender, parts: &Parts, body: B, terms: &Terms)
where
    B: Body<Data = Bytes> + Send,
{
    let is_short = body.size_hint().exact().is_some_and(|length| length <= terms.discard_limit);
    let is_expected = parts.headers.contains_key(header::EXPECT);
    if body.is_end_stream() || !is_short || is_expected {
        return;
    }
    let Some(_place) = uploads.place(sender) else { return };
    let mut body = pin!(body);
    while let Some(Ok(_)) = body.frame().await {}
}
