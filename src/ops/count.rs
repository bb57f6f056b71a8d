//! Counting: a sink for what happens, wherever that is.
//!
//! Every thread counts in a block of its own, which it alone writes, so that counting costs a start next to nothing and no
//! core waits for another. All are added up when somebody asks. A thread that was not [given](Counters::enter) a block
//! counts nothing: so does a command.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::StatusCode;

use self::block::{Block, Ending, Endings, Met, Starts};
use self::counter::{BATCHES, Histogram, MOMENTS, SITTINGS};
use self::label::{Class, Decision, Handshake, Reason, Reload, Route, Start, TurnedAway, Upload};
use crate::ops::clock::Stopwatch;
use crate::verification::event::Event;
use crate::verification::method::{APPROVE, ASKED_AGAIN, DECOY_DECIDED, DISPUTED, Method};
use crate::verification::outcome::Status;
use crate::verification::tenant::Host;

pub(crate) mod block;
pub(crate) mod counter;
pub mod label;

/// What a service counts: a block of each of its threads.
#[derive(Clone, Default)]
pub struct Counters(Arc<Shared>);

#[derive(Default)]
struct Shared {
    blocks: Mutex<Vec<Arc<Block>>>,
    /// What the configuration names, of which there is a count before anything happened.
    named: Mutex<Named>,
}

/// Tenants and methods, the latter by their names.
#[derive(Clone, Default)]
struct Named {
    tenants: BTreeSet<Host>,
    methods: BTreeSet<String>,
}

/// What a thread counts in.
struct Mine {
    counters: Counters,
    block: Arc<Block>,
    /// In the order of their names.
    met: Met,
}

thread_local! {
    static MINE: RefCell<Option<Mine>> = const { RefCell::new(None) };
}

/// Everything counted, added up.
pub(crate) struct Totals {
    pub(crate) block: Block,
    pub(crate) starts: BTreeMap<Host, Starts>,
    /// By tenant and the method's name.
    pub(crate) endings: BTreeMap<(Host, String), Endings>,
}

/// What a session that no method decided is counted as.
const NO_METHOD: &str = "none";

impl Counters {
    /// From now on this thread counts here.
    pub fn enter(&self) {
        let block = Arc::<Block>::default();
        lock(&self.0.blocks).push(block.clone());
        MINE.set(Some(Mine { counters: self.clone(), block, met: Met::default() }));
    }

    /// `tenants` and `methods` are configured, from now on: each has a count, and so has all that was before.
    pub fn name(&self, tenants: impl IntoIterator<Item = Host>, methods: impl IntoIterator<Item = Method>) {
        let named = &mut *lock(&self.0.named);
        named.tenants.extend(tenants);
        named.methods.extend(methods.into_iter().map(|method| method.to_string()));
    }

    pub(crate) fn total(&self) -> Totals {
        let Named { tenants, methods } = lock(&self.0.named).clone();
        let methods = || methods.iter().map(String::as_str).chain([NO_METHOD]);
        let mut total = Totals { block: Block::default(), starts: BTreeMap::new(), endings: BTreeMap::new() };
        for tenant in tenants {
            for method in methods() {
                total.endings.entry((tenant.clone(), method.to_owned())).or_default();
            }
            total.starts.entry(tenant).or_default();
        }
        let blocks = lock(&self.0.blocks).clone();
        for block in blocks {
            total.block.add(&block);
            let Met { tenants, endings } = block.met();
            for (tenant, starts) in tenants {
                total.starts.entry(tenant).or_default().add(&starts);
            }
            for ((tenant, method), endings) in endings {
                let method = method.map_or_else(|| NO_METHOD.to_owned(), |method| method.to_string());
                total.endings.entry((tenant, method)).or_default().add(&endings);
            }
        }
        total
    }
}

impl Totals {
    /// How long it took until sessions ended, by the method's name.
    pub(crate) fn took(&self) -> BTreeMap<&str, Histogram<11>> {
        let mut took = BTreeMap::<_, Histogram<11>>::new();
        for ((_, method), endings) in &self.endings {
            took.entry(method.as_str()).or_default().add(&endings.took);
        }
        took
    }
}

/// `work` for another thread, which counts where this one does.
pub fn inherited<T>(work: impl FnOnce() -> T + Send) -> impl FnOnce() -> T + Send {
    let counters = MINE.with_borrow(|mine| mine.as_ref().map(|mine| mine.counters.clone()));
    move || {
        if let Some(counters) = counters {
            counters.enter();
        }
        work()
    }
}

/// Does `work` of our own, which is not counted as if somebody had asked for it.
pub fn unheard<T>(work: impl FnOnce() -> T) -> T {
    let mine = MINE.take();
    let result = work();
    MINE.set(mine);
    result
}

/// A start at `tenant`, where that is known.
pub fn start(tenant: Option<&Host>, result: Start) {
    count(|mine| match tenant {
        Some(tenant) => mine.starts(tenant).0[result as usize].add(1),
        None => mine.block.refused_starts.add(1),
    });
}

/// A refusal.
pub fn refusal(reason: Reason) {
    count(|mine| mine.block.refusals[reason as usize].add(1));
}

/// An answer with `status` to a request for `route`, since it had come.
pub fn response(route: Route, status: StatusCode, since: &Stopwatch) {
    count(|mine| {
        mine.block.responses[route as usize][Class::of(status) as usize].add(1);
        mine.block.requests[route as usize].observe(&MOMENTS, nanoseconds(since.elapsed()));
    });
}

/// A handshake.
pub fn handshake(handshake: Handshake) {
    count(|mine| mine.block.handshakes[handshake as usize].add(1));
}

/// Somebody is turned away.
pub fn turned_away(who: TurnedAway) {
    count(|mine| mine.block.turned_away[who as usize].add(1));
}

/// A commit of so many works that is durable, since it began.
pub fn commit(works: usize, since: &Stopwatch) {
    count(|mine| {
        mine.block.commits.observe(&MOMENTS, nanoseconds(since.elapsed()));
        mine.block.batches.observe(&BATCHES, works as u64);
    });
}

/// A reload.
pub fn reload(result: Reload) {
    count(|mine| mine.block.reloads[result as usize].add(1));
}

/// What came of a photo that was sent.
pub fn upload(result: Upload) {
    count(|mine| mine.block.uploads[result as usize].add(1));
}

/// A photo that waited for its thread, and was looked at and made anew there, since it had come.
pub fn developed(since: &Stopwatch) {
    count(|mine| mine.block.developed.observe(&MOMENTS, nanoseconds(since.elapsed())));
}

/// What of `event` is counted: how a session ended, and after how long; and what was decided of a case of photos.
pub fn event(event: &Event) {
    match event {
        Event::Concluded { tenant, method, status, took, .. } => count(|mine| {
            let endings = mine.endings(tenant, *method);
            endings.outcomes[*status as usize].add(1);
            endings.took.observe(&SITTINGS, took.as_secs());
        }),
        Event::Decided { method, status, .. } if method.kind().takes_photos() => {
            decision(if *status == Status::Success { Decision::Approved } else { Decision::Rejected });
        }
        Event::Ordered { what: ASKED_AGAIN, .. } => decision(Decision::AskedAgain),
        Event::Ordered { what: DISPUTED, .. } => decision(Decision::Disputed),
        // Whoever looks at the counts cannot tell it from a case.
        Event::Ordered { what: DECOY_DECIDED, verdict: Some(verdict), .. } => {
            decision(if *verdict == APPROVE { Decision::Approved } else { Decision::Rejected });
        }
        _ => {}
    }
}

fn decision(decision: Decision) {
    count(|mine| mine.block.decisions[decision as usize].add(1));
}

fn count(in_mine: impl FnOnce(&mut Mine)) {
    MINE.with_borrow_mut(|mine| {
        if let Some(mine) = mine {
            in_mine(mine);
        }
    });
}

impl Mine {
    fn starts(&mut self, tenant: &Host) -> &Starts {
        let tenants = &mut self.met.tenants;
        let place = tenants.binary_search_by(|(met, _)| met.cmp(tenant)).unwrap_or_else(|place| {
            let starts = (tenant.clone(), Arc::default());
            tenants.insert(place, starts.clone());
            lock(&self.block.met).tenants.push(starts);
            place
        });
        &tenants[place].1
    }

    fn endings(&mut self, tenant: &Host, method: Option<Method>) -> &Endings {
        let endings = &mut self.met.endings;
        let is_it = |ending: &Ending| ending.0 == *tenant && ending.1 == method;
        let place = endings.iter().position(|(met, _)| is_it(met)).unwrap_or_else(|| {
            let new = ((tenant.clone(), method), Arc::default());
            endings.push(new.clone());
            lock(&self.block.met).endings.push(new);
            endings.len() - 1
        });
        &endings[place].1
    }
}

fn nanoseconds(time: Duration) -> u64 {
    time.as_nanos().try_into().unwrap_or(u64::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn host(name: &str) -> Host {
        name.to_owned().try_into().unwrap()
    }

    fn concluded(tenant: &str, method: Option<Method>, seconds: u64) -> Event {
        use crate::verification::event::Grounds;
        use crate::verification::session::id::SessionId;
        use crate::verification::subject::IdvId;
        Event::Concluded {
            tenant: host(tenant),
            session: SessionId::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap().name(),
            idv_id: IdvId::from_random([7; 16]),
            method,
            status: Status::Success,
            grounds: Grounds::Session,
            cause: None,
            took: Duration::from_secs(seconds),
        }
    }

    #[test]
    fn what_each_thread_counts_is_added_up_and_what_ended_still_counts() {
        const TENANTS: [&str; 3] = ["c.auth0.test", "a.auth0.test", "b.auth0.test"];
        let counters = Counters::default();
        counters.enter();
        let work = || {
            for (times, tenant) in TENANTS.into_iter().enumerate() {
                (0..=times).for_each(|_| start(Some(&host(tenant)), Start::Accepted));
                event(&concluded(tenant, Some(Method::Desk), 7));
                event(&concluded(tenant, None, 7));
            }
            start(None, Start::Refused);
            refusal(Reason::Bug);
        };
        let threads: Vec<_> = (0..4).map(|_| thread::spawn(inherited(work))).collect();
        for thread in threads {
            thread.join().unwrap();
        }
        work();
        let total = counters.total();
        let accepted = TENANTS.map(|tenant| total.starts[&host(tenant)].0[Start::Accepted as usize].value());
        assert_eq!(accepted, [5, 10, 15]);
        assert_eq!((total.block.refused_starts.value(), total.block.refusals[Reason::Bug as usize].value()), (5, 5));
        let endings = &total.endings[&(host("b.auth0.test"), "desk".to_owned())];
        assert_eq!(endings.outcomes[Status::Success as usize].value(), 5);
        assert_eq!((total.endings.len(), total.took()["none"].count(), total.took()["desk"].count()), (6, 15, 15));
    }

    #[test]
    fn what_is_decided_of_cases_and_becomes_of_photos_is_counted_by_what_it_comes_to() {
        use crate::verification::account::Account;
        use crate::verification::subject::IdvId;
        let counters = Counters::default();
        counters.enter();
        let (tenant, idv_id, account) = (host("a.auth0.test"), IdvId::from_random([7; 16]), Account::Root);
        for (method, status) in [
            (Method::Document, Status::Success),
            (Method::Document, Status::Failed),
            (Method::Document, Status::Failed),
            (Method::Simulated, Status::Success),
        ] {
            event(&Event::Decided {
                tenant: tenant.clone(),
                idv_id,
                account: account.clone(),
                method,
                case: None,
                status,
            });
        }
        for what in [ASKED_AGAIN, DISPUTED, DISPUTED, DISPUTED, "a verdict was given"] {
            let (tenant, account) = (tenant.clone(), account.clone());
            let method = Method::Document;
            let ordered =
                Event::Ordered { tenant, idv_id: None, account, method, case: None, what, action: "a", verdict: None };
            event(&ordered);
        }
        for verdict in ["approve", "reject"] {
            let (tenant, account, what) = (tenant.clone(), account.clone(), DECOY_DECIDED);
            let (method, verdict) = (Method::Document, Some(verdict));
            event(&Event::Ordered { tenant, idv_id: None, account, method, case: None, what, action: "a", verdict });
        }
        upload(Upload::Taken);
        upload(Upload::Refused);
        upload(Upload::Taken);
        developed(&Stopwatch::start());
        let block = counters.total().block;
        let decided = Decision::ALL.iter().map(|decision| block.decisions[*decision as usize].value());
        assert_eq!(decided.collect::<Vec<_>>(), [2, 3, 1, 3], "a decoy is not told from a case");
        let uploads =
            [Upload::Taken, Upload::Refused, Upload::Busy].map(|upload| block.uploads[upload as usize].value());
        assert_eq!((uploads, block.developed.count()), ([2, 1, 0], 1));
    }

    #[test]
    fn a_thread_that_was_given_no_block_counts_nothing_and_so_does_work_of_our_own() {
        let counters = Counters::default();
        refusal(Reason::Bug);
        counters.enter();
        assert!(unheard(|| {
            refusal(Reason::Bug);
            true
        }));
        assert_eq!(counters.total().block.refusals[Reason::Bug as usize].value(), 0);
        refusal(Reason::Bug);
        assert_eq!(counters.total().block.refusals[Reason::Bug as usize].value(), 1);
    }

    #[test]
    fn what_is_configured_has_a_count_before_anything_happened_and_keeps_it() {
        let counters = Counters::default();
        counters.enter();
        counters.name([host("a.auth0.test")], [Method::Desk]);
        let total = counters.total();
        assert_eq!((total.starts.len(), total.endings.len()), (1, 2));
        start(Some(&host("a.auth0.test")), Start::Accepted);
        counters.name([host("b.auth0.test"), host("a.auth0.test")], [Method::Desk]);
        let total = counters.total();
        assert_eq!((total.starts.len(), total.endings.len()), (2, 4));
        assert_eq!(total.starts[&host("a.auth0.test")].0[Start::Accepted as usize].value(), 1, "after a reload too");
        assert_eq!(lock(&counters.0.named).tenants.len(), 2, "each is named once, however many reloads there were");
    }
}
