//! The connections of a core and their common clock. One timer looks at all of them; a request moves no timer.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::arriving::Arrivals;
use super::pace::{Common, Pace};
use super::seats::{Peer, Seat, Seats};
use super::shortage;

/// Between two looks at all connections, and how many make a second, the unit of all limits.
const LOOK: Duration = Duration::from_millis(250);
pub(super) const LOOKS: u32 = 4;

/// The connections of a core.
pub(super) struct Paces {
    all: RefCell<Vec<Weak<Pace>>>,
    common: Rc<Common>,
    /// Connections that left for others, since it was last asked.
    let_go: Cell<u64>,
    looks: Cell<u32>,
}

impl Paces {
    /// No connections yet, of those that will hold `seats`.
    pub(super) fn new(seats: Seats) -> Self {
        let common =
            Common { seats, now: Cell::default(), is_draining: Cell::default(), arrivals: Arrivals::default() };
        Self { all: RefCell::default(), common: Rc::new(common), let_go: Cell::default(), looks: Cell::default() }
    }

    /// A connection that begins now, of `peer` and in its `seat`.
    pub(super) fn begin(&self, peer: Peer, seat: &Seat) -> Rc<Pace> {
        let pace = Rc::new(Pace::new(&self.common, peer, seat));
        self.all.borrow_mut().push(Rc::downgrade(&pace));
        pace
    }

    /// Looks at every connection, for ever. A core that was held up does not blame its connections.
    pub(super) async fn keep(&self) {
        let mut interval = interval(LOOK);
        interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            interval.tick().await;
            self.look();
        }
    }

    pub(super) fn look(&self) {
        self.looks.update(|looks| looks.wrapping_add(1));
        self.each(Pace::doze);
        if self.looks.get().is_multiple_of(LOOKS) {
            self.common.now.update(|now| now.wrapping_add(1));
            self.common.arrivals.tick();
            self.each(Pace::tick);
        }
        self.relieve();
    }

    /// Lets some go where seats run short.
    fn relieve(&self) {
        if self.common.seats.are_short() {
            let all: Vec<_> = self.all.borrow().iter().filter_map(Weak::upgrade).collect();
            let count = shortage::relieve(&all, &self.common.seats);
            self.let_go.update(|before| before + u64::try_from(count).unwrap_or(u64::MAX));
        }
    }

    /// How many left for others since this was last asked.
    pub(super) fn take_let_go(&self) -> u64 {
        self.let_go.take()
    }

    /// Lets every connection end.
    pub(super) fn drain(&self) {
        self.common.is_draining.set(true);
        self.each(Pace::drain);
    }

    #[cfg(test)]
    pub(super) fn seats(&self) -> &Seats {
        &self.common.seats
    }

    fn each(&self, act: impl Fn(&Pace)) {
        self.all.borrow_mut().retain(|pace| pace.upgrade().map(|pace| act(&pace)).is_some());
    }
}
