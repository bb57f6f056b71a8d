//! A [`Site`] whichever it is, so that sockets, TLS and HTTP below it are built once for all of them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Request;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::http::request::Parts;

use crate::ops::count;
use crate::web::{Answer, Handled, Site};

/// What a server asks of a site.
pub(super) trait AnySite: Send + Sync {
    /// See [`Site::handle`].
    fn handle(&self, request: Request<Incoming>, waiting: Duration) -> Handled;

    /// See [`Site::turn_away`].
    fn turn_away(&self, head: &Parts) -> Answer;

    /// Whether the router answers a request for a page as it should.
    fn answers(&self) -> bool;
}

impl<S: Site> AnySite for Arc<S> {
    fn handle(&self, request: Request<Incoming>, waiting: Duration) -> Handled {
        Site::handle(self, request.map(Asked::ByClient), waiting)
    }

    fn turn_away(&self, head: &Parts) -> Answer {
        Site::turn_away(&**self, head)
    }

    fn answers(&self) -> bool {
        let request = Request::builder().uri("https://localhost/").body(Asked::ByServer);
        let is_answered = |request| matches!(Site::handle(self, request, Duration::ZERO), Handled::Now(answer) if answer.status().is_success());
        request.is_ok_and(|request| count::unheard(|| is_answered(request)))
    }
}

/// The body of a request, whoever asks: one kind of body, so that a site is built for one.
enum Asked {
    ByClient(Incoming),
    /// It has none.
    ByServer,
}

impl Body for Asked {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.get_mut() {
            Self::ByClient(body) => Pin::new(body).poll_frame(context),
            Self::ByServer => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::ByClient(body) => body.is_end_stream(),
            Self::ByServer => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::ByClient(body) => body.size_hint(),
            Self::ByServer => SizeHint::with_exact(0),
        }
    }
}
