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

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::super::limits::{ANSWER, REST};
    use super::super::paces::{LOOKS, Paces};
    use super::super::seats::{Offer, Peer, Seat, Seats};
    use super::super::under_way::UnderWay;
    use super::*;
    use crate::web;

    const ELSEWHERE: Peer = Peer::Elsewhere(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
    const KIBIBYTE: usize = 1024;
    /// That of photos.
    const PACE: web::Pace = web::Pace { whole: 120, bytes: 8 * 1024, over: 15 };

    struct World {
        paces: Paces,
        pace: Rc<Pace>,
        _seat: Seat,
    }

    impl World {
        fn new() -> Self {
            let paces = Paces::new(Seats::new(usize::MAX, None));
            let Offer::Seat(seat) = paces.seats().offer(ELSEWHERE) else { panic!("there are seats") };
            Self { pace: paces.begin(ELSEWHERE, &seat), paces, _seat: seat }
        }

        fn begin(&self) -> (Arc<Intake>, UnderWay) {
            let intake = Arc::new(Intake::new(PACE));
            (intake.clone(), self.pace.ask().slowly(intake))
        }

        /// The second at whose end the connection is cut off, of so many, in each of which `happens` what happens.
        fn cut_off(&self, seconds: u32, mut happens: impl FnMut(u32)) -> Option<u32> {
            (1..=seconds).find(|second| {
                happens(*second);
                (0..LOOKS).for_each(|_| self.paces.look());
                self.pace.is_aborted()
            })
        }
    }

    #[test]
    fn a_body_of_eight_kibibytes_a_second_may_come_and_one_of_seven_is_cut_off() {
        let comes = |each_second: usize| {
            let world = World::new();
            let (intake, _under_way) = world.begin();
            intake.ask();
            world.cut_off(120, |_| intake.take(each_second))
        };
        assert_eq!(comes(8 * KIBIBYTE), None);
        // It is found out when the first seconds that count are over.
        assert_eq!(comes(7 * KIBIBYTE), Some(17));
        assert_eq!(comes(0), Some(17));
    }

    #[test]
    fn a_body_that_comes_in_lumps_is_as_good_as_one_that_comes_evenly() {
        for (between, lump) in [(15, 15 * 8 * KIBIBYTE), (5, 5 * 8 * KIBIBYTE)] {
            let world = World::new();
            let (intake, _under_way) = world.begin();
            intake.ask();
            let ended = world.cut_off(120, |second| {
                if second.is_multiple_of(between) {
                    intake.take(lump);
                }
            });
            assert_eq!(ended, None, "{between}");
        }
    }

    /// However much came before: it is held for a sender who has gone.
    #[test]
    fn a_body_that_stops_is_cut_off_as_soon_as_one_that_never_came() {
        let world = World::new();
        let (intake, _under_way) = world.begin();
        intake.ask();
        intake.take(10 * KIBIBYTE * KIBIBYTE);
        assert_eq!(world.cut_off(120, |_| {}), Some(17));
    }

    #[test]
    fn a_body_has_two_minutes_and_then_an_answer_has_its_own_time() {
        let world = World::new();
        let (intake, _under_way) = world.begin();
        intake.ask();
        let send = |_| intake.take(100 * KIBIBYTE);
        assert_eq!(world.cut_off(200, send), Some(1 + PACE.whole + 1));

        let world = World::new();
        let (intake, under_way) = world.begin();
        intake.ask();
        assert_eq!(world.cut_off(PACE.whole, |_| intake.take(100 * KIBIBYTE)), None);
        intake.end();
        assert_eq!(world.cut_off(ANSWER, |_| {}), None);
        assert_eq!(world.cut_off(1, |_| {}), Some(1));
        drop(under_way);
    }

    #[test]
    fn nobody_has_longer_for_an_answer_while_a_body_is_not_asked_for() {
        let world = World::new();
        let (_intake, _under_way) = world.begin();
        assert_eq!(world.cut_off(30, |_| {}), Some(ANSWER));
    }

    #[test]
    fn an_answer_to_a_body_that_nobody_read_has_no_longer_than_any() {
        let world = World::new();
        let (intake, under_way) = world.begin();
        assert_eq!(world.cut_off(5, |_| {}), None);
        intake.end();
        let _under_way = under_way.answered();
        assert_eq!(world.cut_off(30, |_| {}), Some(ANSWER), "since the answer was there");
    }

    #[test]
    fn a_request_that_is_over_counts_no_more_whatever_became_of_its_body() {
        for stage in 0..4 {
            let world = World::new();
            let (intake, under_way) = world.begin();
            if stage > 0 {
                intake.ask();
                assert_eq!(world.cut_off(2, |_| intake.take(KIBIBYTE)), None);
            }
            if stage > 1 {
                intake.end();
            }
            let under_way = if stage > 2 { under_way.answered() } else { under_way };
            drop(under_way);
            // It is let go as one that rests.
            assert_eq!(world.cut_off(REST, |_| {}), None, "{stage}");
            assert!(world.pace.is_leaving(), "{stage}");
        }
    }

    /// One slow body does not lend its time to others of its connection.
    #[test]
    fn other_requests_of_the_connection_have_no_longer_than_before() {
        let world = World::new();
        let (intake, _under_way) = world.begin();
        let _other = world.pace.ask();
        intake.ask();
        assert_eq!(world.cut_off(30, |_| intake.take(100 * KIBIBYTE)), Some(ANSWER));
    }
}
