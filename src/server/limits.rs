//! How much, and how long. Chosen for a browser on a slow phone, and against everything slower.
//!
//! Times without a unit are in seconds of [`super::pace`].

use std::time::Duration;

/// Open connections at the most.
pub(super) const CONNECTIONS: usize = 16_384;
/// Of these, those that only this machine's own proxy and monitor get.
pub(super) const OF_THIS_MACHINE: usize = 64;
/// Descriptors for all else: those who wait for a seat, listeners, the store, the log, operators' commands.
pub(super) const BESIDE: usize = 512;
/// Connections that wait for a seat, [`REST`] at the most. More are closed.
pub(super) const WAITING: usize = 256;
/// How long a connection may go without a request: in its handshake, in the head of a request, and between two.
pub(super) const REST: u32 = 10;
/// The same between two requests of this machine's own proxy. Who keeps a connection for longer than we do sends a
/// request into one that is just closed, and answers 502. nginx and `HAProxy` keep one for 60 s, Traefik and cloudflared
/// for 90, Caddy for 120.
pub(super) const REST_OF_PROXY: u32 = 130;
/// The same for a connection that has not had a request yet when the service stops.
pub(super) const REST_IN_DRAIN: u32 = 2;
/// From the end of a request's head to the last byte of its answer on its way. It is up within the second after.
pub(super) const ANSWER: u32 = 14;
/// For the other side to catch up with all that was sent to it, once it fell behind.
pub(super) const CATCH_UP: u32 = 12;
/// Beyond that, for the other side to end its half of a connection after ours ended, or to take the rest of an answer.
pub(super) const FAREWELL: u32 = 4;
/// The same while others wait for a seat; a second less at times, for it may have begun in the middle of one.
pub(super) const FAREWELL_IN_SHORTAGE: u32 = 2;
/// An answer that was not taken for so long does not keep its connection's seat where seats run short.
pub(super) const STALLED: u32 = 3;
/// For the requests under way when the service stops. The service manager waits 20 s.
pub const DRAIN: Duration = Duration::from_secs(15);
/// The head of a request in bytes; [`crate::web`] answers with a page well before.
pub(super) const HEAD_BYTES: usize = 64 * 1024;
/// The header list of HTTP/2 in bytes.
pub(super) const HEADER_LIST_BYTES: u32 = 64 * 1024;
/// Requests at once on one HTTP/2 connection. RFC 9113 §6.5.2 asks for no fewer.
pub(super) const STREAMS: u32 = 100;
/// Streams that a client may make us reset before we end its connection.
pub(super) const RESETS: usize = 100;
/// Unread bytes of all bodies of a connection on HTTP/2, and of any one of them: a photo comes by so many for each round trip.
pub(super) const CONNECTION_WINDOW: u32 = 64 * 1024;
/// Bytes of a request that are read after its connection ended, for the sake of the last answer.
pub(super) const LEFTOVERS: usize = 256 * 1024;
/// Bytes that TLS holds back for a socket that takes no more; one record.
pub(super) const TLS_BUFFER: usize = 16 * 1024;
/// Bytes that the kernel holds for a socket, so that we see soon who is slow: the largest answer fits.
pub(super) const SEND_BUFFER: usize = 96 * 1024;
/// For the kernel to give up on a peer that acknowledges nothing.
pub(super) const UNACKNOWLEDGED: Duration = Duration::from_secs(15);
/// Bytes that a connection reads before others have their turn. More than the window of HTTP/2, which is widened at the
/// end of a turn: whoever sends beyond it is found out before.
pub(super) const TURN: usize = 2 * CONNECTION_WINDOW as usize;
/// The time after which it reads no more in its turn: no flood of small frames keeps a core for long.
pub(super) const TURN_TIME: Duration = Duration::from_micros(500);
/// Connections that a core accepts before it looks at others again.
pub(super) const ACCEPTED_AT_ONCE: u64 = 1024;
/// The pause after a failed accept: out of descriptors, most likely, and trying at once again would spin.
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Between two lines in the log about it, of each core's each listener.
pub(super) const ACCEPT_REPORT: Duration = Duration::from_secs(10);
