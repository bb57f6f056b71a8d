//! How much, and how long. Chosen for a browser on a slow phone, and against everything slower.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Open connections at the most. The next ones wait in the kernel's queue until one ends.
const CONNECTIONS: usize = 16_384;
/// For a TLS handshake.
pub(super) const HANDSHAKE: Duration = Duration::from_secs(10);
/// For the head of a request, and between two requests.
pub(super) const HEAD: Duration = Duration::from_secs(15);
/// For the other side to take or give anything at all.
pub(super) const STALL: Duration = Duration::from_secs(15);
/// For the requests under way when the service stops. The service manager waits 20 s.
pub const DRAIN: Duration = Duration::from_secs(15);
/// The head of a request in bytes; [`crate::web`] answers with a page well before.
pub(super) const HEAD_BYTES: usize = 64 * 1024;
/// The header list of HTTP/2 in bytes.
pub(super) const HEADER_LIST_BYTES: u32 = 64 * 1024;
/// Requests at once on one HTTP/2 connection.
pub(super) const STREAMS: u32 = 128;
/// The pause after a failed accept: out of descriptors, most likely, and trying at once again would spin.
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The connections that are open, on all cores.
#[derive(Clone)]
pub(super) struct Connections(Arc<Semaphore>);

impl Connections {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(CONNECTIONS)))
    }

    /// A place for one more connection, once there is one.
    pub(super) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.0.clone().acquire_owned().await.ok()
    }
}
