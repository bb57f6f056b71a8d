//! A connection's stream as its protocol sees it: says how the other side keeps up, and ends in good manners.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use hyper::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::server::TlsStream;

use super::limits::LEFTOVERS;
use super::pace::Pace;

/// What a connection comes over.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + 'static {
    /// From now on, closing throws away what the other side did not take.
    fn reset_on_close(&self);
}

/// A socket of either kind, so that what is above it is built once.
pub(super) enum AnySocket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl From<TcpStream> for AnySocket {
    fn from(socket: TcpStream) -> Self {
        Self::Tcp(socket)
    }
}

impl From<UnixStream> for AnySocket {
    fn from(socket: UnixStream) -> Self {
        Self::Unix(socket)
    }
}

impl Socket for AnySocket {
    fn reset_on_close(&self) {
        if let Self::Tcp(socket) = self {
            let _ = socket.set_zero_linger();
        }
    }
}

impl AsyncRead for AnySocket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_read(context, buffer),
            Self::Unix(socket) => Pin::new(socket).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for AnySocket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_write(context, bytes),
            Self::Unix(socket) => Pin::new(socket).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_write_vectored(context, slices),
            Self::Unix(socket) => Pin::new(socket).poll_write_vectored(context, slices),
        }
    }

    /// Of both it is so.
    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_flush(context),
            Self::Unix(socket) => Pin::new(socket).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_shutdown(context),
            Self::Unix(socket) => Pin::new(socket).poll_shutdown(context),
        }
    }
}

/// Boxed: it goes from hand to hand, and whoever holds it would reserve its kilobyte each.
impl Socket for Box<TlsStream<AnySocket>> {
    fn reset_on_close(&self) {
        self.get_ref().0.reset_on_close();
    }
}

/// A socket whose every blocked read and write is known to its [`Pace`].
pub(super) struct Paced<S: Socket> {
    socket: S,
    pace: Rc<Pace>,
    /// Read before, and to be read again.
    unread: Bytes,
    /// What was thrown away after our half had ended.
    discarded: usize,
}

impl<S: Socket> Paced<S> {
    pub(super) fn new(socket: S, pace: Rc<Pace>) -> Self {
        Self { socket, pace, unread: Bytes::new(), discarded: 0 }
    }

    /// Lets `bytes` be read before all others.
    pub(super) fn put_back(&mut self, bytes: &[u8]) {
        self.unread = [bytes, &self.unread].concat().into();
    }

    /// Ready once there is something to read, or an end; needs no buffer until then.
    pub(super) fn poll_readable(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.unread.is_empty() {
            let mut byte = [0];
            let mut buffer = ReadBuf::new(&mut byte);
            ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer))?;
            self.unread = Bytes::copy_from_slice(buffer.filled());
        }
        Poll::Ready(Ok(()))
    }

    fn note<T>(&self, written: Poll<T>) -> Poll<T> {
        if written.is_pending() {
            self.pace.block();
        }
        written
    }
}

impl<S: Socket> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.unread.is_empty() {
            let length = self.unread.len().min(buffer.remaining());
            buffer.put_slice(&self.unread.split_to(length));
            return Poll::Ready(Ok(()));
        }
        if self.pace.turn_is_over() {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(context, buffer);
        match read {
            Poll::Pending => self.pace.exhaust(),
            Poll::Ready(_) => self.pace.take(buffer.filled().len() - before),
        }
        read
    }
}

impl<S: Socket> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.socket).poll_flush(context);
        if flushed.is_ready() {
            self.pace.unblock();
        }
        self.note(flushed)
    }

    /// Ends our half, then waits for the other side to end its own, so that bytes of it that nobody read do not make
    /// the kernel throw away our last answer. [`Pace`] limits the time, [`LEFTOVERS`] the bytes.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let waits = self.pace.bid_farewell();
        ready!(Pin::new(&mut self.socket).poll_shutdown(context))?;
        if !waits {
            return Poll::Ready(Ok(()));
        }
        let mut bytes = [0; 4096];
        while self.discarded < LEFTOVERS {
            let mut buffer = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                break;
            }
            self.discarded += buffer.filled().len();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: Socket> Drop for Paced<S> {
    fn drop(&mut self) {
        if self.pace.is_aborted() {
            self.socket.reset_on_close();
        }
    }
}
