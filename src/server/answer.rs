//! An answer whose request is under way until the last byte of it was sent.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body_util::Full;
use hyper::Response;
use hyper::body::{Body, Buf, Bytes, Frame, SizeHint};

use super::under_way::UnderWay;
use crate::web::{Answer, Handled, is_of_login};

/// A response that is there, or one that will be.
pub(super) struct Answering {
    handled: Waiting,
    under_way: Option<UnderWay>,
}

enum Waiting {
    Now(Ready<Answer>),
    Later(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

impl Answering {
    pub(super) fn new(handled: Handled, under_way: UnderWay) -> Self {
        let handled = match handled {
            Handled::Now(answer) | Handled::Login(answer) | Handled::TurnedAway(answer) => Waiting::Now(ready(answer)),
            Handled::Later(answer) | Handled::Slowly(answer, _) => Waiting::Later(answer),
        };
        Self { handled, under_way: Some(under_way) }
    }
}

impl Future for Answering {
    type Output = Result<Response<Sending>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = match &mut self.handled {
            Waiting::Now(answer) => ready!(Pin::new(answer).poll(context)),
            Waiting::Later(answer) => {
                let answer = ready!(answer.as_mut().poll(context));
                if let Some(under_way) = &self.under_way {
                    under_way.pace().note_purpose(is_of_login(&answer));
                }
                answer
            }
        };
        let under_way = self.under_way.take().map(UnderWay::answered);
        Poll::Ready(Ok(answer.map(|body| Sending { body, under_way })))
    }
}

/// The body of an answer.
pub(super) struct Sending {
    body: Full<Bytes>,
    under_way: Option<UnderWay>,
}

impl Body for Sending {
    type Data = Piece;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        frame.map(|frame| {
            frame.map(|frame| {
                frame.map(|frame| frame.map_data(|bytes| Piece { bytes, _under_way: self.under_way.take() }))
            })
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Bytes that the protocol drops when it has sent them.
pub(super) struct Piece {
    bytes: Bytes,
    _under_way: Option<UnderWay>,
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.bytes.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.bytes.chunk()
    }

    fn advance(&mut self, count: usize) {
        self.bytes.advance(count);
    }
}
