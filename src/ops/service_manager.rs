//! What the service manager is told (`sd_notify(3)`): ready, stopping, and alive as long as the service really is.

use std::time::Duration;

use sd_notify::NotifyState;

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
        tracing::warn!(%error, "the service manager was not reached");
    }
}
