//! How long a connection takes, and what is done about it.
//!
//! Three rules, whatever the protocol, and however the time is stretched byte by byte:
//! - a connection has no request for [`REST`] at the most: it leaves, within [`FAREWELL`];
//! - a request is answered to the last byte within [`ANSWER`]: else its connection is cut off;
//! - whoever falls behind with taking what is sent has caught up within [`CATCH_UP`]: else the same.
//!
//! One timer per core looks at all connections; a request moves no timer.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::limits::{ANSWER, CATCH_UP, FAREWELL, REST, REST_IN_DRAIN, TURN, TURN_TIME};

/// Between two looks at all connections, and how many make a second, the unit of all limits.
const LOOK: Duration = Duration::from_millis(250);
const LOOKS: u32 = 4;
/// One place for each second that a request may have begun at and not be overdue.
const SECONDS: usize = ANSWER as usize + 1;

/// What a connection is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Keep only what a connection without requests needs.
    Park,
    /// Take no further request, and end in good manners.
    Leave,
    /// End now. The socket is reset, and with it goes what the kernel holds for it.
    Abort,
}

/// How long a connection has been without a request, as far as parking goes.
#[derive(Clone, Copy, Default)]
enum Rest {
    #[default]
    Awake,
    Drowsy,
    Parked,
}

/// The connections of a core and their common clock.
#[derive(Default)]
pub(super) struct Paces {
    all: RefCell<Vec<Weak<Pace>>>,
    looks: Cell<u32>,
    now: Cell<u32>,
    is_draining: Cell<bool>,
}

impl Paces {
    /// A connection that begins now.
    pub(super) fn begin(self: &Rc<Self>) -> Rc<Pace> {
        let pace = Rc::new(Pace {
            resting_since: Cell::new(self.now.get()),
            core: self.clone(),
            has_asked: Cell::default(),
            rest: Cell::default(),
            under_way: Cell::default(),
            begun: Default::default(),
            is_blocked: Cell::default(),
            behind_since: Cell::default(),
            is_leaving: Cell::default(),
            taken: Cell::default(),
            turn_began: Cell::new(Instant::now()),
            order: Cell::default(),
            waker: RefCell::default(),
        });
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

    fn look(&self) {
        self.looks.update(|looks| looks.wrapping_add(1));
        self.each(Pace::doze);
        if self.looks.get().is_multiple_of(LOOKS) {
            self.now.update(|now| now.wrapping_add(1));
            self.each(Pace::tick);
        }
    }

    /// Lets every connection end after its requests under way. One that never had any may have its first.
    pub(super) fn drain(&self) {
        self.is_draining.set(true);
        self.each(|pace| {
            if pace.has_asked.get() {
                pace.leave();
            }
        });
    }

    fn each(&self, act: impl Fn(&Pace)) {
        self.all.borrow_mut().retain(|pace| pace.upgrade().map(|pace| act(&pace)).is_some());
    }
}

/// What is known of one connection.
pub(super) struct Pace {
    core: Rc<Paces>,
    has_asked: Cell<bool>,
    rest: Cell<Rest>,
    /// Requests whose answers are not wholly on their way: all, and by the second in which they began.
    under_way: Cell<u32>,
    begun: [Cell<u32>; SECONDS],
    /// When there was a request under way for the last time.
    resting_since: Cell<u32>,
    /// Whether the other side did not take all that there was to send.
    is_blocked: Cell<bool>,
    behind_since: Cell<Option<u32>>,
    is_leaving: Cell<bool>,
    /// When the connection's turn on the core began, and the bytes read since.
    turn_began: Cell<Instant>,
    taken: Cell<usize>,
    order: Cell<Option<Order>>,
    waker: RefCell<Option<Waker>>,
}

impl Pace {
    /// The time without a request begins anew.
    pub(super) fn rest(&self) {
        self.rest.set(Rest::Awake);
        self.resting_since.set(self.core.now.get());
    }

    /// A request's head is complete.
    pub(super) fn ask(self: &Rc<Self>) -> UnderWay {
        self.has_asked.set(true);
        self.rest.set(Rest::Awake);
        if self.core.is_draining.get() {
            self.leave();
        }
        let second = self.core.now.get() as usize % SECONDS;
        self.begun[second].update(|count| count + 1);
        self.under_way.update(|count| count + 1);
        UnderWay { pace: self.clone(), second }
    }

    /// Not all that there was to send could be sent.
    pub(super) fn block(&self) {
        self.is_blocked.set(true);
        if self.behind_since.get().is_none() {
            self.behind_since.set(Some(self.core.now.get()));
        }
    }

    /// All that there was to send was sent.
    pub(super) fn unblock(&self) {
        self.is_blocked.set(false);
    }

    /// The other side asks for no more at the moment. What it got counts as taken only now: there could be more waiting.
    pub(super) fn exhaust(&self) {
        if !self.is_blocked.get() {
            self.behind_since.set(None);
        }
    }

    /// So many bytes were read.
    pub(super) fn take(&self, count: usize) {
        self.taken.update(|taken| taken + count);
    }

    /// Whether others are to have their turn before more is read.
    pub(super) fn turn_is_over(&self) -> bool {
        self.taken.get() >= TURN || (self.taken.get() > 0 && self.turn_began.get().elapsed() >= TURN_TIME)
    }

    /// Our half ends. Whether the other side is given time to end its own.
    pub(super) fn bid_farewell(&self) -> bool {
        self.is_leaving.set(true);
        !self.core.is_draining.get()
    }

    pub(super) fn is_aborted(&self) -> bool {
        self.order.get() == Some(Order::Abort)
    }

    /// The next order, which comes before whatever `other` does. Each time it is polled, the connection has its turn.
    pub(super) async fn order_or<T>(&self, mut other: impl FnMut(&mut Context<'_>) -> Poll<T>) -> Result<T, Order> {
        poll_fn(|context| match self.poll_order(context) {
            Poll::Ready(order) => Poll::Ready(Err(order)),
            Poll::Pending => {
                self.taken.set(0);
                self.turn_began.set(Instant::now());
                other(context).map(Ok)
            }
        })
        .await
    }

    fn poll_order(&self, context: &Context<'_>) -> Poll<Order> {
        match self.order.get() {
            Some(Order::Abort) => Poll::Ready(Order::Abort),
            Some(order) => {
                self.order.set(None);
                Poll::Ready(order)
            }
            None => {
                let mut waker = self.waker.borrow_mut();
                if !waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
                    *waker = Some(context.waker().clone());
                }
                Poll::Pending
            }
        }
    }

    /// Parks a connection that was at rest at the last look too.
    fn doze(&self) {
        let is_at_rest = self.under_way.get() == 0 && self.behind_since.get().is_none();
        self.rest.set(match self.rest.get() {
            _ if !is_at_rest || self.is_leaving.get() => Rest::Awake,
            Rest::Awake => Rest::Drowsy,
            Rest::Drowsy => {
                self.give(Order::Park);
                Rest::Parked
            }
            Rest::Parked => Rest::Parked,
        });
    }

    fn tick(&self) {
        let now = self.core.now.get();
        let since = |then: u32| now.wrapping_sub(then);
        let oldest = now.wrapping_add(1) as usize % SECONDS;
        if self.begun[oldest].get() > 0 || self.behind_since.get().map_or(0, since) >= CATCH_UP {
            return self.give(Order::Abort);
        }
        if self.under_way.get() > 0 {
            return;
        }
        let rest = since(self.resting_since.get());
        let patience = if self.core.is_draining.get() { REST_IN_DRAIN } else { REST };
        if rest >= REST + FAREWELL {
            self.give(Order::Abort);
        } else if rest >= patience && !self.is_leaving.get() {
            self.leave();
        }
    }

    fn leave(&self) {
        self.is_leaving.set(true);
        self.give(Order::Leave);
    }

    fn give(&self, order: Order) {
        self.order.set(Some(order));
        if let Some(waker) = self.waker.borrow().as_ref() {
            waker.wake_by_ref();
        }
    }
}

/// A request that is under way until this is dropped.
pub(super) struct UnderWay {
    pace: Rc<Pace>,
    second: usize,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let Self { pace, second } = self;
        pace.begun[*second].update(|count| count - 1);
        pace.under_way.update(|count| count - 1);
        pace.rest();
    }
}
