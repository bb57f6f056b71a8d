//! Requests whose bodies may take longer than an answer: while one comes, its own pace holds in place of the time for an answer,
//! which begins anew at its end.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use super::pace::Pace;
use crate::web::{Intake, Progress};

/// Those of a core.
#[derive(Default)]
pub(super) struct Arrivals(RefCell<Vec<Weak<Arriving>>>);

impl Arrivals {
    /// The body of `intake` may take its time; its request began in `second`.
    pub(super) fn begin(&self, pace: &Rc<Pace>, intake: Arc<Intake>, second: usize) -> Rc<Arriving> {
        let stage = Cell::new(Stage::Counted(second));
        let arriving = Rc::new(Arriving { pace: pace.clone(), intake, stage, marks: RefCell::default() });
        self.0.borrow_mut().push(Rc::downgrade(&arriving));
        arriving
    }

    /// A second has passed.
    pub(super) fn tick(&self) {
        self.0.borrow_mut().retain(|arriving| arriving.upgrade().map(|arriving| arriving.tick()).is_some());
    }
}

/// One of them.
pub(super) struct Arriving {
    pace: Rc<Pace>,
    intake: Arc<Intake>,
    stage: Cell<Stage>,
    /// How much was here at each of the last seconds, the oldest first.
    marks: RefCell<VecDeque<u64>>,
}

#[derive(Clone, Copy)]
enum Stage {
    /// Its body is not asked for yet; the answer's time runs since that second.
    Counted(usize),
    /// Its body comes, since then.
    Comes(u32),
    /// Its body is over; the answer's time runs since that second.
    Over(usize),
}

impl Arriving {
    fn tick(&self) {
        match (self.stage.get(), self.intake.progress()) {
            (Stage::Counted(second), Progress::Comes(come)) => {
                self.pace.discount(second);
                self.stage.set(Stage::Comes(self.pace.now()));
                self.marks.borrow_mut().push_back(come);
            }
            (Stage::Comes(since), Progress::Comes(come)) if self.is_too_slow(since, come) => self.pace.abort(),
            (Stage::Counted(_) | Stage::Comes(_), Progress::Over) => self.end(),
            _ => {}
        }
    }

    fn is_too_slow(&self, since: u32, come: u64) -> bool {
        let pace = self.intake.pace();
        let mut marks = self.marks.borrow_mut();
        marks.push_back(come);
        // A second more than those that count: what is sent each second does not come in step with ours.
        let before = if marks.len() > pace.over as usize + 1 { marks.pop_front() } else { None };
        let least = u64::from(pace.bytes) * u64::from(pace.over);
        before.is_some_and(|before| come - before < least) || self.pace.since(since) > pace.whole
    }

    /// Its body is over, or not wanted: the answer's time begins.
    pub(super) fn end(&self) {
        match self.stage.get() {
            Stage::Counted(second) => self.pace.discount(second),
            Stage::Comes(_) => {}
            Stage::Over(_) => return,
        }
        self.stage.set(Stage::Over(self.pace.count()));
    }

    /// The second since which the answer's time runs, if it does.
    pub(super) fn second(&self) -> Option<usize> {
        match self.stage.get() {
            Stage::Counted(second) | Stage::Over(second) => Some(second),
            Stage::Comes(_) => None,
        }
    }
}
