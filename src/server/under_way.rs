//! A request between its head and the last byte of its answer: what of its connection's time it takes.

use std::rc::Rc;
use std::sync::Arc;

use super::arriving::Arriving;
use super::pace::Pace;
use crate::web::Intake;

/// A request that is under way until this is dropped.
pub(super) struct UnderWay {
    pace: Rc<Pace>,
    time: Time,
    is_answered: bool,
}

/// What its time is counted by.
enum Time {
    /// Its answer's, since that second.
    Since(usize),
    /// Its body's, and then its answer's.
    Arriving(Rc<Arriving>),
}

impl UnderWay {
    /// One that came by the connection of `pace`; its answer's time runs since `second`.
    pub(super) fn new(pace: Rc<Pace>, second: usize) -> Self {
        Self { pace, time: Time::Since(second), is_answered: false }
    }

    /// Its body may take the time that `intake` gives it.
    pub(super) fn slowly(mut self, intake: Arc<Intake>) -> Self {
        if let Time::Since(second) = self.time {
            self.time = Time::Arriving(self.pace.arrivals().begin(&self.pace, intake, second));
        }
        self
    }

    /// Its answer is there, and the other side may take it.
    pub(super) fn answered(mut self) -> Self {
        if let Time::Arriving(arriving) = &self.time {
            arriving.end();
        }
        self.pace.note_answered();
        self.is_answered = true;
        self
    }

    /// The connection it came by.
    pub(super) fn pace(&self) -> &Pace {
        &self.pace
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let second = match &self.time {
            Time::Since(second) => Some(*second),
            Time::Arriving(arriving) => arriving.second(),
        };
        if let Some(second) = second {
            self.pace.discount(second);
        }
        self.pace.end(self.is_answered);
    }
}
