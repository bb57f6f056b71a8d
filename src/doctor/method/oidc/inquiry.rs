//! Asking one thing after another, by the way out that the service has.

use std::io;

use tokio::runtime::{self, Runtime};

use crate::egress::{Ask, Egress, Reply, Unreached};
use crate::ops::clock::Clock;
use crate::verification::time::Timestamp;

/// What is needed to ask.
pub(super) struct Inquiry {
    egress: Egress,
    runtime: Runtime,
    clock: Clock,
}

/// What was answered.
pub(super) struct Answered {
    pub(super) reply: Reply,
    /// Our clock, just before and just after.
    pub(super) between: (Timestamp, Timestamp),
}

impl Inquiry {
    pub(super) fn open(egress: Egress, clock: Clock) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { egress, runtime, clock })
    }

    pub(super) fn ask(&self, ask: Ask) -> Result<Answered, Unreached> {
        let before = self.clock.now();
        let reply = self.runtime.block_on(self.egress.ask(ask))?;
        Ok(Answered { reply, between: (before, self.clock.now()) })
    }
}
