//! How a body comes that may take longer than an answer, for whoever keeps the pace of its connection.
//!
//! The web knows of which route it is and what holds there; the server knows connections and seconds. Between them is this:
//! what the route asks of the sender, and how far the body has come.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// How fast a body has to come. All times are in seconds, of the server's own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From the first byte that is asked for to the last.
    pub whole: u32,
    /// So many bytes a second at the least,
    pub bytes: u32,
    /// over any so many seconds.
    pub over: u32,
}

/// How far a body has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nobody has asked for it yet.
    Waits,
    /// So many bytes of it are here.
    Comes(u64),
    /// It is here, or nobody wants the rest.
    Over,
}

/// One such body.
pub struct Intake {
    pace: Pace,
    /// What is here, and one more; nothing before it was asked for.
    come: AtomicU64,
}

/// What there is instead of a count when it is over.
const OVER: u64 = u64::MAX;

impl Intake {
    /// A body that nobody has asked for yet, and that has to come at such a `pace`.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        Self { pace, come: AtomicU64::new(0) }
    }

    /// How fast it has to come.
    #[must_use]
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        match self.come.load(Ordering::Relaxed) {
            0 => Progress::Waits,
            OVER => Progress::Over,
            come => Progress::Comes(come - 1),
        }
    }

    /// It is asked for.
    pub(crate) fn ask(&self) {
        let _ = self.come.compare_exchange(0, 1, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// So many bytes more are here.
    pub(crate) fn take(&self, count: usize) {
        self.come.fetch_add(count as u64, Ordering::Relaxed);
    }

    /// It is here, or nobody wants the rest.
    pub(crate) fn end(&self) {
        self.come.store(OVER, Ordering::Relaxed);
    }
}

/// A body that says how far it has come, where anybody wants to know.
pub(crate) struct Watched<'a, B> {
    body: Pin<&'a mut B>,
    intake: Option<&'a Intake>,
}

impl<'a, B> Watched<'a, B> {
    pub(crate) fn new(body: Pin<&'a mut B>, intake: Option<&'a Intake>) -> Self {
        Self { body, intake }
    }
}

impl<B: Body<Data = Bytes>> Body for Watched<'_, B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if let Some(intake) = self.intake {
            intake.ask();
        }
        let frame = ready!(self.body.as_mut().poll_frame(context));
        match (self.intake, &frame) {
            (Some(intake), Some(Ok(frame))) => intake.take(frame.data_ref().map_or(0, Bytes::len)),
            (Some(intake), Some(Err(_)) | None) => intake.end(),
            (None, _) => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// What nobody reads any more is over.
impl<B> Drop for Watched<'_, B> {
    fn drop(&mut self) {
        if let Some(intake) = self.intake {
            intake.end();
        }
    }
}
