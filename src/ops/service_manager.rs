//! What the service manager is told (`sd_notify(3)`): to be patient with a start, ready, stopping, and alive as long as the
//! service really is.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use sd_notify::NotifyState;

use super::report::Report;

/// The time that a start is given from each time that it asks for more, and how often it asks.
const PATIENCE: Duration = Duration::from_secs(30);
const ASK: Duration = Duration::from_secs(10);

/// Does `work` at the start, and asks the service manager for more time until it is done: after a kill every page of the
/// store is looked at before it is used, which takes as long as the disk does.
pub fn patiently<T>(work: impl FnOnce() -> T) -> T {
    let (working, is_done) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            loop {
                tell(&[NotifyState::ExtendTimeoutUsec(PATIENCE.as_micros().try_into().unwrap_or(u32::MAX))]);
                if is_done.recv_timeout(ASK) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        let result = work();
        drop(working);
        result
    })
}

/// Tells the service manager that the service takes connections.
pub fn ready() {
    tell(&[NotifyState::Ready]);
}

/// Tells the service manager that the service drains and will end.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Tells the service manager that the service was just seen alive.
pub fn alive() {
    tell(&[NotifyState::Watchdog]);
}

/// How often to prove that the service is alive: half of what the service manager allows; none if it does not ask.
#[must_use]
pub fn watchdog_interval() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|allowed| allowed / 2)
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        Report::ManagerNotReached(&error).tell();
    }
}
