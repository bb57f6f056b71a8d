//! Somebody is erased, while others complete one after another: how long that takes, and how long they wait meanwhile.

use super::column::Column;
use super::people::{People, Step};
use super::{CROWD, FILLING, Place};
use anyhow::{Result, ensure};
use idv::store::Store;
use idv::store::erase::{Traces, Wish};
use idv::store::master_key::MasterKey;
use idv::store::operators::By;
use idv::verification::account::Account;
use idv::verification::erasure::{Erasure, Reason};
use idv::verification::subject::IdvId;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Long after all visits of before.
const LATER: u64 = 1_000_000;
/// Between two completions.
const PAUSE: Duration = Duration::from_millis(5);
/// Of completions before it, to compare.
const BEFORE: Duration = Duration::from_secs(2);

pub(super) fn measure(
    place: &Place,
    key: &MasterKey,
    people: &Arc<People>,
    rounds: u32,
    column: &mut Column,
) -> Result<()> {
    let (store, _) = place.open(key)?;
    let (mut erasures, mut before, mut meanwhile) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..u64::from(rounds) {
        let visits = Visits::new(people, &store, people.count * (LATER + round))?;
        let calm = AtomicBool::new(false);
        before.push(thread::scope(|scope| {
            let longest = scope.spawn(|| visits.longest(0..visits.count / 8, &calm));
            thread::sleep(BEFORE);
            calm.store(true, Ordering::Relaxed);
            joined(longest)
        })?);
        let is_over = AtomicBool::new(false);
        let (took, longest) = thread::scope(|scope| {
            let longest = scope.spawn(|| visits.longest(visits.count / 8..visits.count, &is_over));
            let took = erase(&store, people, round);
            is_over.store(true, Ordering::Relaxed);
            anyhow::Ok((took?, joined(longest)?))
        })?;
        erasures.push(took);
        meanwhile.push(longest);
    }
    column.add("an erasure, s", 2, erasures);
    column.add("  the longest that a completion waits meanwhile, ms", 1, meanwhile);
    column.add("  and before it", 1, before);
    Ok(())
}

fn joined(longest: thread::ScopedJoinHandle<'_, Result<f64>>) -> Result<f64> {
    longest.join().map_err(|_| anyhow::anyhow!("a completion panicked"))?
}

/// Seconds.
fn erase(store: &Store, people: &People, round: u64) -> Result<f64> {
    let by = By { account: Account::Root, claimed: None };
    // Of whom no code is entered.
    let visit = people.count - 1 - round;
    let (subject, stranger, now) = (people.subject(visit)?, IdvId::from_random([0; 16]), people.token(visit).0);
    let started = Instant::now();
    let wish = Wish { subject, reason: Reason::Request, by, stranger, now };
    let (erasure, happened, traces) = crate::machine::runtime()?.block_on(store.erase(wish))?;
    happened.keep_quiet();
    ensure!(
        matches!(erasure, Erasure::Done(_)) && traces == Traces::Gone,
        "they are not erased: {erasure:?}, {traces:?}"
    );
    Ok(started.elapsed().as_secs_f64())
}

/// People who come back, with a code each: enough of them for the longest erasure, who complete one after another.
struct Visits<'a> {
    people: &'a Arc<People>,
    store: &'a Store,
    first: u64,
    count: u64,
}

impl<'a> Visits<'a> {
    fn new(people: &'a Arc<People>, store: &'a Store, first: u64) -> Result<Self> {
        let count = CROWD.min(people.count / 2);
        people.step(store, FILLING, first..first + count, Step::TakeCode)?;
        Ok(Self { people, store, first, count })
    }

    /// The longest of their completions, one after another until it `is_over`, in milliseconds.
    fn longest(&self, visits: std::ops::Range<u64>, is_over: &AtomicBool) -> Result<f64> {
        let mut longest = Duration::ZERO;
        for visit in visits.map(|visit| self.first + visit) {
            if is_over.load(Ordering::Relaxed) {
                break;
            }
            let started = Instant::now();
            self.people.step(self.store, 1, visit..visit + 1, Step::EnterCode)?;
            longest = longest.max(started.elapsed());
            thread::sleep(PAUSE);
        }
        Ok(longest.as_secs_f64() * 1e3)
    }
}
