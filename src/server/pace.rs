//! How long a connection takes, and what is done about it.
//!
//! Three rules, whatever the protocol, and however the time is stretched byte by byte:
//! - a connection has no request for [`REST`] at the most, one of a proxy for [`REST_OF_PROXY`]: it leaves, within
//!   [`FAREWELL`]. Where seats run short, it leaves before ([`super::shortage`]);
//! - a request is answered to the last byte within [`ANSWER`]: else its connection is cut off. Where its body may take longer,
//!   its pace counts instead, until it has come ([`super::arriving`]);
//! - whoever falls behind with taking what is sent has caught up within [`CATCH_UP`]: else the same.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use tokio::time::Instant;

use super::addresses::Slot;
use super::arriving::Arrivals;
use super::limits::{
    ANSWER, CATCH_UP, FAREWELL, FAREWELL_IN_SHORTAGE, REST, REST_IN_DRAIN, REST_OF_PROXY, STALLED, TURN, TURN_TIME,
};
use super::seats::{Peer, Seat, Seats};
use super::under_way::UnderWay;

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

/// What the connections of a core go by, all alike.
pub(super) struct Common {
    pub(super) seats: Seats,
    /// The second that it is.
    pub(super) now: Cell<u32>,
    pub(super) is_draining: Cell<bool>,
    pub(super) arrivals: Arrivals,
}

/// How good a claim to its seat a connection has for which nothing is being done: the least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    pub(super) is_of_this_machine: bool,
    pub(super) purpose: Purpose,
    /// The longest rest comes first.
    pub(super) rest: Reverse<u32>,
}

/// What a connection is for, from those that leave first when seats run short.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// To hold its seat, by not taking an answer.
    Stall,
    /// It asked for nothing but what anybody may ask.
    Look,
    /// It has not asked yet.
    Unknown,
    /// A login.
    Login,
}

/// What is known of one connection.
pub(super) struct Pace {
    common: Rc<Common>,
    is_of_this_machine: bool,
    /// Where its address is counted.
    slot: Option<Slot>,
    /// Its address holds its fill without it.
    is_turned_away: bool,
    purpose: Cell<Purpose>,
    has_asked: Cell<bool>,
    rest: Cell<Rest>,
    /// Requests whose answers are not wholly on their way: all, and by the second in which they began.
    under_way: Cell<u32>,
    begun: [Cell<u32>; SECONDS],
    /// Those of them whose answers are there, and since when there have been any.
    untaken: Cell<u32>,
    untaken_since: Cell<u32>,
    /// When there was a request under way for the last time.
    resting_since: Cell<u32>,
    /// Whether the other side did not take all that there was to send.
    is_blocked: Cell<bool>,
    behind_since: Cell<Option<u32>>,
    leaving_since: Cell<Option<u32>>,
    /// When the connection's turn on the core began, and the bytes read since.
    turn_began: Cell<Instant>,
    taken: Cell<usize>,
    order: Cell<Option<Order>>,
    waker: RefCell<Option<Waker>>,
}

impl Pace {
    /// A connection that begins now, of `peer` and in its `seat`.
    pub(super) fn new(common: &Rc<Common>, peer: Peer, seat: &Seat) -> Self {
        Self {
            is_of_this_machine: peer == Peer::ThisMachine,
            slot: seat.slot(),
            is_turned_away: seat.is_beyond(),
            purpose: Cell::new(if seat.is_beyond() { Purpose::Look } else { Purpose::Unknown }),
            resting_since: Cell::new(common.now.get()),
            common: common.clone(),
            has_asked: Cell::default(),
            rest: Cell::default(),
            under_way: Cell::default(),
            begun: Default::default(),
            untaken: Cell::default(),
            untaken_since: Cell::default(),
            is_blocked: Cell::default(),
            behind_since: Cell::default(),
            leaving_since: Cell::default(),
            taken: Cell::default(),
            turn_began: Cell::new(Instant::now()),
            order: Cell::default(),
            waker: RefCell::default(),
        }
    }

    /// The time without a request begins anew.
    pub(super) fn rest(&self) {
        self.rest.set(Rest::Awake);
        self.resting_since.set(self.common.now.get());
    }

    /// A request's head is complete.
    pub(super) fn ask(self: &Rc<Self>) -> UnderWay {
        self.has_asked.set(true);
        self.rest.set(Rest::Awake);
        if self.common.is_draining.get() {
            self.leave();
        }
        self.under_way.update(|count| count + 1);
        UnderWay::new(self.clone(), self.count())
    }

    /// The time for an answer begins; the second that it counts for.
    pub(super) fn count(&self) -> usize {
        let second = self.common.now.get() as usize % SECONDS;
        self.begun[second].update(|count| count + 1);
        second
    }

    /// It does not count any more.
    pub(super) fn discount(&self, second: usize) {
        self.begun[second].update(|count| count - 1);
    }

    /// The answer to a request under way is there, and the other side may take it.
    pub(super) fn note_answered(&self) {
        if self.untaken.get() == 0 {
            self.untaken_since.set(self.common.now.get());
        }
        self.untaken.update(|count| count + 1);
    }

    /// A request is under way no more, whose answer was there or not.
    pub(super) fn end(&self, was_answered: bool) {
        if was_answered {
            self.untaken.update(|count| count - 1);
        }
        self.under_way.update(|count| count - 1);
        self.rest();
    }

    /// The bodies of its core that take their time.
    pub(super) fn arrivals(&self) -> &Arrivals {
        &self.common.arrivals
    }

    /// Whether there is only a page for it that says so.
    pub(super) fn is_turned_away(&self) -> bool {
        self.is_turned_away
    }

    /// A request is of a login, or it is not.
    pub(super) fn note_purpose(&self, is_login: bool) {
        // Who is in a login may look at anything.
        self.purpose.update(|before| if is_login || before == Purpose::Login { Purpose::Login } else { Purpose::Look });
    }

    /// Where its address is counted, if that is.
    pub(super) fn slot(&self) -> Option<Slot> {
        self.slot
    }

    /// Whether it is gone before long without being told to.
    pub(super) fn is_leaving(&self) -> bool {
        self.leaving_since.get().is_some() && !self.is_stalled()
    }

    /// Its claim to its seat; none if something is done for it, or it leaves.
    pub(super) fn claim(&self) -> Option<Claim> {
        let is_stalled = self.is_stalled();
        let purpose = self.purpose.get();
        (is_stalled || (self.rests() && self.leaving_since.get().is_none())).then(|| Claim {
            is_of_this_machine: self.is_of_this_machine,
            purpose: if is_stalled && purpose != Purpose::Login { Purpose::Stall } else { purpose },
            rest: Reverse(self.since(self.resting_since.get())),
        })
    }

    /// Its time is over.
    pub(super) fn let_go(&self) {
        if self.is_stalled() {
            return self.give(Order::Abort);
        }
        self.resting_since.set(self.common.now.get().wrapping_sub(REST));
        self.leave();
    }

    fn rests(&self) -> bool {
        self.under_way.get() == 0 && self.behind_since.get().is_none()
    }

    /// Whether nothing is left to be done but what the other side has not done for long: to take what there is for it.
    fn is_stalled(&self) -> bool {
        let untaken_since = Some(self.untaken_since.get()).filter(|_| self.untaken.get() > 0);
        let waits_long = |since: Option<u32>| since.is_some_and(|then| self.since(then) >= STALLED);
        self.untaken == self.under_way && (waits_long(untaken_since) || waits_long(self.behind_since.get()))
    }

    /// The second that it is.
    pub(super) fn now(&self) -> u32 {
        self.common.now.get()
    }

    /// The seconds since `then`.
    pub(super) fn since(&self, then: u32) -> u32 {
        self.common.now.get().wrapping_sub(then)
    }

    /// Not all that there was to send could be sent.
    pub(super) fn block(&self) {
        self.is_blocked.set(true);
        if self.behind_since.get().is_none() {
            self.behind_since.set(Some(self.common.now.get()));
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
        self.note_leaving();
        !self.common.is_draining.get()
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
    pub(super) fn doze(&self) {
        let is_at_rest = self.rests() && self.leaving_since.get().is_none();
        self.rest.set(match self.rest.get() {
            _ if !is_at_rest => Rest::Awake,
            Rest::Awake => Rest::Drowsy,
            Rest::Drowsy => {
                self.give(Order::Park);
                Rest::Parked
            }
            Rest::Parked => Rest::Parked,
        });
    }

    /// A second has passed.
    pub(super) fn tick(&self) {
        let now = self.common.now.get();
        let oldest = now.wrapping_add(1) as usize % SECONDS;
        if self.begun[oldest].get() > 0 || self.behind_since.get().map_or(0, |then| self.since(then)) >= CATCH_UP {
            return self.give(Order::Abort);
        }
        if self.under_way.get() > 0 {
            return;
        }
        let rest = self.since(self.resting_since.get());
        if let Some(leaving_since) = self.leaving_since.get() {
            let is_overdue = self.common.seats.is_full() && self.since(leaving_since) >= FAREWELL_IN_SHORTAGE;
            if is_overdue || rest >= REST + FAREWELL {
                self.give(Order::Abort);
            }
        } else if self.common.is_draining.get() && rest >= REST_IN_DRAIN {
            self.leave();
        } else if rest >= self.patience() {
            self.let_go();
        }
    }

    /// How long it may rest. A proxy keeps a connection for the sake of the next request, not before the first.
    fn patience(&self) -> u32 {
        if self.is_of_this_machine && self.has_asked.get() { REST_OF_PROXY } else { REST }
    }

    /// It ends after its requests under way. One that never had any may have its first.
    pub(super) fn drain(&self) {
        if self.has_asked.get() {
            self.leave();
        }
    }

    /// It takes no further request.
    pub(super) fn leave(&self) {
        self.note_leaving();
        self.give(Order::Leave);
    }

    /// It ends now.
    pub(super) fn abort(&self) {
        self.give(Order::Abort);
    }

    fn note_leaving(&self) {
        self.leaving_since.update(|since| since.or(Some(self.common.now.get())));
    }

    fn give(&self, order: Order) {
        self.order.set(Some(order));
        if let Some(waker) = self.waker.borrow().as_ref() {
            waker.wake_by_ref();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::super::paces::{LOOKS, Paces};
    use super::super::seats::Offer;
    use super::*;

    const ELSEWHERE: Peer = Peer::Elsewhere(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)));

    fn paces() -> Paces {
        Paces::new(Seats::new(usize::MAX, None))
    }

    fn begin(paces: &Paces, peer: Peer) -> (Rc<Pace>, Seat) {
        let Offer::Seat(seat) = paces.seats().offer(peer) else { panic!("there are seats") };
        (paces.begin(peer, &seat), seat)
    }

    /// The seconds until `pace` is given `order`, if that is soon.
    fn until(paces: &Paces, pace: &Pace, order: Order) -> Option<u32> {
        (1..=200).find(|_| {
            (0..LOOKS).for_each(|_| paces.look());
            pace.order.get() == Some(order)
        })
    }

    #[test]
    fn a_client_rests_ten_seconds_and_a_proxy_longer_than_any_proxy_keeps_a_connection() {
        for (peer, rest) in [(ELSEWHERE, REST), (Peer::ThisMachine, REST_OF_PROXY)] {
            let paces = paces();
            let (pace, _seat) = begin(&paces, peer);
            drop(pace.ask());
            assert_eq!(until(&paces, &pace, Order::Leave), Some(rest));
            assert_eq!(until(&paces, &pace, Order::Abort), Some(FAREWELL));
        }
        const { assert!(REST_OF_PROXY > 120, "Caddy's") }
    }

    #[test]
    fn a_proxy_that_has_not_asked_yet_has_no_longer_than_others() {
        let paces = paces();
        let (pace, _seat) = begin(&paces, Peer::ThisMachine);
        assert_eq!(until(&paces, &pace, Order::Leave), Some(REST));
    }

    #[test]
    fn a_proxys_connection_that_ends_has_no_longer_for_its_end_than_others() {
        for peer in [ELSEWHERE, Peer::ThisMachine] {
            let paces = paces();
            let (pace, _seat) = begin(&paces, peer);
            drop(pace.ask());
            assert!(pace.bid_farewell());
            assert_eq!(until(&paces, &pace, Order::Abort), Some(REST + FAREWELL));
        }
    }

    /// It said `Connection: close`, or rubbish, kept its own half open, and had its seat for fourteen seconds.
    #[test]
    fn whoever_ended_its_connection_and_stays_is_gone_soon_where_others_wait() {
        let seats = Seats::new(128, None);
        let paces = Paces::new(seats.clone());
        let (pace, _seat) = begin(&paces, ELSEWHERE);
        drop(pace.ask());
        assert!(pace.bid_farewell());
        let mut others = Vec::new();
        while !seats.is_full() {
            others.push(begin(&paces, ELSEWHERE));
        }
        assert_eq!(until(&paces, &pace, Order::Abort), Some(FAREWELL_IN_SHORTAGE));
    }

    #[test]
    fn whoever_is_let_go_early_is_gone_as_soon_after_as_others() {
        let paces = paces();
        let (pace, _seat) = begin(&paces, ELSEWHERE);
        drop(pace.ask());
        pace.let_go();
        assert_eq!(pace.order.get(), Some(Order::Leave));
        assert_eq!(until(&paces, &pace, Order::Abort), Some(FAREWELL));
    }
}
