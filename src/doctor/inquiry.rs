//! Asking one thing after another by a way out, with our clock around each answer.

use tokio::runtime::{self, Runtime};

use super::finding::Finding;
use crate::egress::{Ask, Egress, Reply, Unreached};
use crate::ops::clock::Clock;
use crate::verification::time::Timestamp;

/// What is needed to ask.
pub(super) struct Inquiry {
    egress: Egress,
    runtime: Runtime,
    clock: Clock,
}

/// Our clock, just before something was asked and just after it was answered.
pub(super) type Between = (Timestamp, Timestamp);

impl Inquiry {
    /// Asks by the way out `egress`, for what is examined under the name `check`.
    pub(super) fn open(check: &'static str, egress: Egress, clock: Clock) -> Result<Self, Finding> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime
            .map_err(|error| Finding::problem(check, format!("others cannot be asked: {error}"), "try once more"))?;
        Ok(Self { egress, runtime, clock })
    }

    /// What is answered.
    pub(super) fn ask(&self, ask: Ask) -> (Result<Reply, Unreached>, Between) {
        let before = self.clock.now();
        let answered = self.runtime.block_on(self.egress.ask(ask));
        (answered, (before, self.clock.now()))
    }
}
