//! How other threads wake the tasks of a core.
//!
//! While a core has anything else to do, its executor takes one of thirty-one tasks from those that other threads have
//! woken. Logins whose change is on disk would wait behind all that begin, the longer the more there are. So the core
//! itself wakes them, all together, and each waits no longer than any other.

use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

use tokio::sync::Notify;

/// Wakers of a core's tasks, for the core to call.
#[derive(Default)]
pub(super) struct Inbox {
    wakers: Mutex<Vec<Waker>>,
    arrival: Notify,
}

impl Inbox {
    /// What any thread may call in place of `waker`, which is of a task of this core.
    pub(super) fn waker(self: &Arc<Self>, waker: &Waker) -> Waker {
        Arc::new(Letter { inbox: self.clone(), waker: waker.clone() }).into()
    }

    /// Calls whatever arrives, for ever.
    pub(super) async fn keep(&self) {
        loop {
            self.arrival.notified().await;
            let wakers = take(&mut *self.wakers.lock().unwrap_or_else(PoisonError::into_inner));
            wakers.into_iter().for_each(Waker::wake);
        }
    }
}

struct Letter {
    inbox: Arc<Inbox>,
    waker: Waker,
}

impl Wake for Letter {
    fn wake(self: Arc<Self>) {
        self.inbox.wakers.lock().unwrap_or_else(PoisonError::into_inner).push(self.waker.clone());
        self.inbox.arrival.notify_one();
    }
}
