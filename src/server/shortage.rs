//! Who leaves when seats run short, so that a newcomer finds one.
//!
//! Who has the least [`Claim`](super::pace::Claim) leaves first, this machine's own connections after all others, and none
//! while something is done for it. Each core lets go of its own, in the measure in which the seats are its connections'.

use std::collections::HashMap;
use std::rc::Rc;

use super::addresses::Fill;
use super::pace::Pace;
use super::seats::Seats;

/// Lets go of as many of a core's connections, `all`, as is this core's part. Returns how many.
pub(super) fn relieve(all: &[Rc<Pace>], seats: &Seats) -> usize {
    let of_everybody = let_go(all, seats.fill());
    let mut of_addresses: HashMap<_, Vec<_>> = HashMap::new();
    if seats.addresses().are_crowded() {
        for pace in all {
            if let Some(slot) = pace.slot() {
                of_addresses.entry(slot).or_default().push(pace);
            }
        }
    }
    let of_addresses = of_addresses.into_iter().map(|(slot, paces)| let_go(paces, seats.addresses().fill(slot)));
    of_everybody + of_addresses.sum::<usize>()
}

/// Lets go of this core's part of what is too much in `fill`, to which `paces` count.
fn let_go<'a>(paces: impl IntoIterator<Item = &'a Rc<Pace>>, fill: Fill) -> usize {
    let Fill { held, comfortable } = fill;
    let Some(excess) = held.checked_sub(comfortable).filter(|excess| *excess > 0) else { return 0 };
    let paces: Vec<_> = paces.into_iter().collect();
    let leaving = paces.iter().filter(|pace| pace.is_leaving()).count();
    let part = ((excess * paces.len() + held / 2) / held).saturating_sub(leaving);
    let mut resting: Vec<_> = paces.into_iter().filter_map(|pace| Some((pace.claim()?, pace))).collect();
    // Stable: of those that rest alike, who came first goes first.
    resting.sort_by_key(|(claim, _)| *claim);
    resting.truncate(part);
    for (_, pace) in &resting {
        pace.let_go();
    }
    resting.len()
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::num::NonZeroU32;

    use super::super::limits::STALLED;
    use super::super::paces::{LOOKS, Paces};
    use super::super::seats::{Offer, Peer, Seat};
    use super::*;

    /// For 64 seats: 56 are for everybody, of which 49 may be held.
    const DESCRIPTORS: usize = 128;
    const COMFORTABLE: usize = 49;

    struct Core {
        seats: Seats,
        paces: Rc<Paces>,
        open: Vec<(Rc<Pace>, Seat)>,
    }

    impl Core {
        fn new(bound: u32) -> Self {
            let seats = Seats::new(DESCRIPTORS, NonZeroU32::new(bound));
            Self { paces: Rc::new(Paces::new(seats.clone())), seats, open: Vec::new() }
        }

        fn open(&mut self, peer: Peer) -> Rc<Pace> {
            let Offer::Seat(seat) = self.seats.offer(peer) else { panic!("there is a seat") };
            let pace = self.paces.begin(peer, &seat);
            self.open.push((pace.clone(), seat));
            pace
        }

        /// Connections that have asked for something; each from another address.
        fn asked(&mut self, count: usize, is_login: bool) -> Vec<Rc<Pace>> {
            let asked = (0..count).map(|_| {
                let pace = self.open(address(self.open.len()));
                pace.note_purpose(is_login);
                pace
            });
            asked.collect()
        }

        fn pass(&self, seconds: u32) {
            (0..LOOKS * seconds).for_each(|_| self.paces.look());
        }
    }

    fn address(n: usize) -> Peer {
        Peer::Elsewhere(IpAddr::from([192, 0, 2, u8::try_from(n).unwrap()]))
    }

    fn leaving(paces: &[Rc<Pace>]) -> Vec<bool> {
        paces.iter().map(|pace| pace.is_leaving()).collect()
    }

    #[test]
    fn nobody_leaves_as_long_as_there_is_room() {
        let mut core = Core::new(0);
        core.asked(COMFORTABLE, false);
        core.pass(5);
        assert_eq!(core.paces.take_let_go(), 0);
        core.asked(1, false);
        core.paces.look();
        assert_eq!(core.paces.take_let_go(), 1);
    }

    #[test]
    fn who_only_looked_leaves_before_who_has_not_asked_yet_and_both_before_a_login() {
        let mut core = Core::new(0);
        let logins = core.asked(2, true);
        let newcomers = [core.open(address(100)), core.open(address(101))];
        core.pass(3);
        let lookers = core.asked(COMFORTABLE - 3, false);
        core.paces.look();
        assert_eq!(lookers.iter().filter(|pace| pace.is_leaving()).count(), 1, "one too many");
        assert!(!leaving(&logins).contains(&true) && !leaving(&newcomers).contains(&true));
        for pace in &lookers {
            pace.note_purpose(true);
        }
        core.asked(2, true);
        core.paces.look();
        assert_eq!(leaving(&newcomers), [true, true]);
        assert!(!leaving(&logins).contains(&true));
    }

    #[test]
    fn who_rests_longest_leaves_first_and_nobody_with_a_request_under_way() {
        let mut core = Core::new(0);
        let early = core.asked(3, false);
        core.pass(2);
        let _under_way = early[0].ask();
        // Its answer is sent now, so that its rest begins anew.
        drop(early[1].ask());
        core.asked(COMFORTABLE - 2, false);
        core.paces.look();
        assert_eq!(leaving(&early), [false, false, true]);
        assert_eq!(core.paces.take_let_go(), 1);
        core.paces.look();
        assert_eq!(core.paces.take_let_go(), 0, "those that leave count until they have left");
    }

    /// It held its seat for fourteen seconds, without a login: by a window of nothing in HTTP/2, or by requests on end
    /// whose answers were never read.
    #[test]
    fn who_does_not_take_an_answer_is_the_first_to_go_and_who_is_being_served_is_not() {
        let mut core = Core::new(0);
        let [untaken, served, taken] = &core.asked(3, false)[..] else { panic!("there are three") };
        let (_untaken, _served) = (untaken.ask().answered(), served.ask());
        core.pass(STALLED - 1);
        let _just_answered = taken.ask().answered();
        let lookers = core.asked(COMFORTABLE - 2, false);
        core.paces.look();
        let all = [untaken, served, taken].map(|pace| pace.is_aborted());
        assert_eq!((all, core.paces.take_let_go()), ([false; 3], 1), "one that rests");
        assert!(leaving(&lookers).contains(&true));
        core.pass(1);
        core.asked(1, false);
        core.paces.look();
        assert_eq!([untaken, served, taken].map(|pace| pace.is_aborted()), [true, false, false]);
    }

    #[test]
    fn who_leaves_and_does_not_take_the_last_answer_is_not_waited_for() {
        let mut core = Core::new(0);
        let stuck = core.asked(1, false).remove(0);
        let _untaken = stuck.ask().answered();
        stuck.leave();
        assert!(stuck.is_leaving());
        core.pass(STALLED);
        core.asked(COMFORTABLE, false);
        core.paces.look();
        assert!(stuck.is_aborted() && core.paces.take_let_go() == 1);
    }

    /// It was cut off at once where the second was just over.
    #[test]
    fn whoever_is_let_go_for_somebody_who_waits_has_a_second_for_its_end() {
        for phase in 0..LOOKS {
            let mut core = Core::new(0);
            (0..phase).for_each(|_| core.paces.look());
            while !core.seats.is_full() {
                core.open(address(core.open.len()));
            }
            core.paces.look();
            let (first, _) = &core.open[0];
            assert!(first.is_leaving() && !first.is_aborted(), "{phase}");
            let looks = (1..100).find(|_| {
                core.paces.look();
                first.is_aborted()
            });
            assert!(looks.is_some_and(|looks| (LOOKS..=2 * LOOKS).contains(&looks)), "{phase}: {looks:?}");
        }
    }

    #[test]
    fn this_machines_connections_leave_after_all_others() {
        let mut core = Core::new(0);
        let ours = core.open(Peer::ThisMachine);
        core.pass(3);
        core.asked(COMFORTABLE, true);
        core.paces.look();
        assert_eq!(core.paces.take_let_go(), 1);
        assert!(!ours.is_leaving());
    }

    #[test]
    fn an_address_with_too_many_lets_its_own_go_and_nobody_elses() {
        let mut core = Core::new(16);
        let others = core.asked(5, false);
        core.pass(3);
        let its: Vec<_> = (0..16).map(|_| core.open(address(200))).collect();
        core.paces.look();
        assert_eq!(leaving(&its), [[true; 2].as_slice(), &[false; 14]].concat());
        assert!(!leaving(&others).contains(&true));
    }
}
