//! Who holds the seats for connections, on all cores.
//!
//! There are no more than the process has descriptors for. The last few are for this machine itself, so that the proxy or
//! the monitor on it gets in whatever happens. Whoever finds none waits a while for the next to be free: an eighth is
//! kept so by those that rest longest ([`super::shortage`]).

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::addresses::{Addresses, Fill, Holding, Slot};
use super::limits::{BESIDE, CONNECTIONS, OF_THIS_MACHINE, WAITING};

/// Who is at the other end, as far as seats go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// A process of this machine: a proxy, or a monitor.
    ThisMachine,
    /// Anybody else, by their address.
    Elsewhere(IpAddr),
}

impl Peer {
    /// Who comes from `address`; none is that of a unix socket.
    pub(super) fn of(address: Option<IpAddr>) -> Self {
        match address.map(|address| address.to_canonical()) {
            Some(address) if !address.is_loopback() => Self::Elsewhere(address),
            _ => Self::ThisMachine,
        }
    }
}

/// The seats, and who has them.
#[derive(Clone)]
pub(super) struct Seats {
    everybodys: Arc<Semaphore>,
    /// Of those for everybody, and in all.
    count: usize,
    total: usize,
    this_machines: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    addresses: Arc<ArcSwap<Addresses>>,
}

/// What a newcomer gets.
#[must_use]
pub(super) enum Offer {
    Seat(Seat),
    /// There is none at the moment.
    Wait(Waiting),
    /// Too many wait already.
    Full,
    /// Its address holds too many.
    TooMany,
}

/// A seat for one connection, until it is dropped.
pub(super) struct Seat {
    _permit: OwnedSemaphorePermit,
    holding: Option<Holding>,
}

/// A newcomer without a seat.
pub(super) struct Waiting {
    seat: Arc<Semaphore>,
    holding: Option<Holding>,
    _room: OwnedSemaphorePermit,
}

impl Seats {
    /// As many as a process of so many `descriptors` has room for. One address holds `bound` of them at the most, and no
    /// more than half, however few there are; or as many as it likes.
    pub(super) fn new(descriptors: usize, bound: Option<NonZeroU32>) -> Self {
        let beside = BESIDE.min(descriptors / 2);
        let total = CONNECTIONS.min(descriptors - beside);
        let reserved = OF_THIS_MACHINE.min(total / 8);
        let count = total - reserved;
        let semaphore = |seats| Arc::new(Semaphore::new(seats));
        Self {
            everybodys: semaphore(count),
            count,
            total,
            this_machines: semaphore(reserved),
            waiting: semaphore(WAITING.min(beside / 2)),
            addresses: Arc::new(ArcSwap::from_pointee(Addresses::new(within_half(bound, count)))),
        }
    }

    /// From now on one address holds `bound` of them at the most. Those that it holds already are not counted any more.
    pub(super) fn limit(&self, bound: Option<NonZeroU32>) {
        self.addresses.store(Arc::new(Addresses::new(within_half(bound, self.count))));
    }

    /// How many there are.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// How many are held, this machine's included.
    pub(super) fn held(&self) -> usize {
        self.total - self.everybodys.available_permits() - self.this_machines.available_permits()
    }

    /// What `peer` gets that has just come.
    pub(super) fn offer(&self, peer: Peer) -> Offer {
        let holding = match peer {
            Peer::ThisMachine => None,
            Peer::Elsewhere(address) => match Addresses::hold(&self.addresses.load_full(), address) {
                Ok(holding) => holding,
                Err(_) => return Offer::TooMany,
            },
        };
        let take = |seats: &Arc<Semaphore>| seats.clone().try_acquire_owned().ok();
        let reserved = || if peer == Peer::ThisMachine { take(&self.this_machines) } else { None };
        match take(&self.everybodys).or_else(reserved) {
            Some(permit) => Offer::Seat(Seat { _permit: permit, holding }),
            None => match take(&self.waiting) {
                Some(room) => Offer::Wait(Waiting { seat: self.everybodys.clone(), holding, _room: room }),
                None => Offer::Full,
            },
        }
    }

    /// Whether some are to leave, of all or of an address.
    pub(super) fn are_short(&self) -> bool {
        let Fill { held, comfortable } = self.fill();
        held > comfortable || self.addresses.load().are_crowded()
    }

    /// Whether newcomers have to wait.
    pub(super) fn is_full(&self) -> bool {
        self.everybodys.available_permits() == 0
    }

    /// How many are held of those for everybody.
    pub(super) fn fill(&self) -> Fill {
        let held = self.count - self.everybodys.available_permits();
        Fill { held, comfortable: self.count - self.count / 8 }
    }

    /// What each address holds.
    pub(super) fn addresses(&self) -> Guard<Arc<Addresses>> {
        self.addresses.load()
    }
}

/// No more than half of `count`.
fn within_half(bound: Option<NonZeroU32>, count: usize) -> Option<NonZeroU32> {
    let half = u32::try_from(count / 2).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
    bound.map(|bound| bound.min(half))
}

impl Seat {
    /// Whose it is, where that is counted.
    pub(super) fn slot(&self) -> Option<Slot> {
        self.holding.as_ref().map(Holding::slot)
    }

    /// Whether its address holds its fill without it.
    pub(super) fn is_beyond(&self) -> bool {
        self.holding.as_ref().is_some_and(Holding::is_beyond)
    }
}

impl Waiting {
    /// The next seat that is free, in the order in which they came.
    pub(super) async fn seat(self) -> Option<Seat> {
        let permit = self.seat.acquire_owned().await.ok()?;
        Some(Seat { _permit: permit, holding: self.holding })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ELSEWHERE: Peer = Peer::Elsewhere(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)));

    fn seats(descriptors: usize) -> Seats {
        Seats::new(descriptors, None)
    }

    /// Whatever `peer` gets until it has to wait.
    fn fill(seats: &Seats, peer: Peer) -> Vec<Seat> {
        let offers = std::iter::repeat_with(|| seats.offer(peer));
        let all = offers.take(CONNECTIONS + 1).map_while(|offer| match offer {
            Offer::Seat(seat) => Some(seat),
            _ => None,
        });
        all.collect()
    }

    #[test]
    fn seats_never_exceed_what_descriptors_allow() {
        let total = |descriptors| seats(descriptors).total();
        assert_eq!(total(usize::MAX), CONNECTIONS);
        assert_eq!(total(CONNECTIONS + BESIDE), CONNECTIONS);
        assert_eq!(total(CONNECTIONS + BESIDE - 1), CONNECTIONS - 1);
        assert_eq!(total(1024), 512);
        assert_eq!(total(100), 50);
        for descriptors in [64, 100, 1024, 4096, 65_536] {
            let seats = seats(descriptors);
            let held = [fill(&seats, ELSEWHERE), fill(&seats, Peer::ThisMachine)];
            let count: usize = held.iter().map(Vec::len).sum();
            assert_eq!(count, seats.total(), "{descriptors}");
            let waiting = std::iter::repeat_with(|| seats.offer(ELSEWHERE)).take(WAITING + 1);
            let waiting: Vec<_> = waiting.take_while(|offer| matches!(offer, Offer::Wait(_))).collect();
            assert!(count + waiting.len() < descriptors, "{descriptors}");
        }
    }

    /// Two thousand for each are more than all there are, where a process may have a thousand descriptors.
    #[test]
    fn one_address_holds_no_more_than_half_of_few_seats() {
        let seats = Seats::new(1024, NonZeroU32::new(2000));
        let held = fill(&seats, ELSEWHERE);
        let (half, with_a_page) = (448 / 2, 448 / 2 / 8);
        assert_eq!(held.iter().filter(|seat| !seat.is_beyond()).count(), half);
        assert_eq!(held.len(), half + with_a_page);
        assert!(matches!(seats.offer(ELSEWHERE), Offer::TooMany));
        assert!(matches!(seats.offer(Peer::Elsewhere([198, 51, 100, 1].into())), Offer::Seat(_)));
    }

    #[test]
    fn another_bound_holds_from_then_on() {
        let seats = Seats::new(1024, NonZeroU32::new(8));
        let before = fill(&seats, ELSEWHERE);
        assert_eq!(before.len(), 9);
        seats.limit(NonZeroU32::new(16));
        assert_eq!(fill(&seats, ELSEWHERE).len(), 18);
        seats.limit(None);
        assert!(fill(&seats, ELSEWHERE).len() > 100);
        seats.limit(NonZeroU32::new(8));
        drop(before);
        assert_eq!(fill(&seats, ELSEWHERE).len(), 9, "what others gave back is not its own");
    }

    #[test]
    fn the_last_seats_are_for_this_machine_alone() {
        let seats = seats(usize::MAX);
        let held = fill(&seats, ELSEWHERE);
        assert_eq!(held.len(), CONNECTIONS - OF_THIS_MACHINE);
        assert!(seats.is_full());
        assert!(matches!(seats.offer(ELSEWHERE), Offer::Wait(_)));
        let ours = fill(&seats, Peer::ThisMachine);
        assert_eq!(ours.len(), OF_THIS_MACHINE);
        assert!(matches!(seats.offer(Peer::ThisMachine), Offer::Wait(_)));
    }

    #[test]
    fn so_many_wait_and_more_are_closed() {
        let seats = seats(usize::MAX);
        let _held = fill(&seats, ELSEWHERE);
        let waiting: Vec<_> = (0..WAITING).map(|_| seats.offer(ELSEWHERE)).collect();
        assert!(waiting.iter().all(|offer| matches!(offer, Offer::Wait(_))));
        assert!(matches!(seats.offer(ELSEWHERE), Offer::Full));
    }

    #[test]
    fn unix_sockets_and_loopback_are_this_machine_and_nobody_else_is() {
        assert_eq!(Peer::of(None), Peer::ThisMachine);
        for (text, is_ours) in [
            ("127.0.0.1", true),
            ("127.255.255.254", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("128.0.0.1", false),
            ("10.0.0.1", false),
            ("0.0.0.0", false),
            ("::ffff:192.0.2.1", false),
            ("fe80::1", false),
        ] {
            assert_eq!(Peer::of(Some(text.parse().unwrap())) == Peer::ThisMachine, is_ours, "{text}");
        }
    }
}
