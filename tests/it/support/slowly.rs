//! A body that comes when it is told to.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// A body that comes a piece at a time, each once its turn has come.
pub(crate) struct Slowly {
    rest: Bytes,
    piece: usize,
    turn: Turn,
}

/// Whether the turn of the next piece has come.
type Turn = Box<dyn FnMut(&mut Context<'_>) -> Poll<()> + Send>;

impl Slowly {
    /// `body` in pieces of so many bytes, each at its `turn`.
    pub(crate) fn new(
        body: Bytes,
        piece: usize,
        turn: impl FnMut(&mut Context<'_>) -> Poll<()> + Send + 'static,
    ) -> Self {
        Self { rest: body, piece, turn: Box::new(turn) }
    }

    /// The whole of `body`, at its `turn`.
    pub(crate) fn whole(body: Bytes, turn: impl FnMut(&mut Context<'_>) -> Poll<()> + Send + 'static) -> Self {
        Self::new(body, usize::MAX, turn)
    }
}

impl Body for Slowly {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!((self.turn)(context));
        let next = self.piece.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(next)))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
