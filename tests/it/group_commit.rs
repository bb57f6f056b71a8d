//! The group commit in every order that chance gives to the steps of its threads. Built with `--cfg shuttle` alone.

use std::sync::Arc;

use idv::store::Store;
use idv::verification::decision::Answered;
use idv::verification::outcome::Status;
use idv::verification::subject::IdvId;
use idv::verification::time::Timestamp;
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, Runner, future, thread};

use crate::support::acts::Acts;
use crate::support::disk::Disk;
use crate::support::figure;
use crate::support::ledger::{self, Known, Logins};
use crate::support::world::BEGINNING;

const THREADS: u8 = 3;
const TOKENS: usize = 3;

#[test]
fn in_every_order_exactly_one_session_ends_a_token_and_everyone_is_answered() {
    let made = Disk::default();
    drop_in_model(&made);
    let (image, orders) = (made.image(), if figure::is_long() { 20_000 } else { 1000 });
    let once = move || {
        let disk = Disk::with(image.clone());
        let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
        let logins = Arc::new(Logins::new());
        let threads: Vec<_> = (0..THREADS)
            .map(|which| {
                let (store, logins) = (store.clone(), logins.clone());
                thread::spawn(move || -> Vec<Answered> {
                    (0..TOKENS).map(|n| future::block_on(end(&store, &logins, n, which))).collect()
                })
            })
            .collect();
        let ended: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        for n in 0..TOKENS {
            let ends = ended.iter().filter(|answers| matches!(answers[n], Answered::Concluded(_)));
            assert_eq!(ends.count(), 1, "token {n}");
        }
        // The last handle: the writer ends, and the file is whole.
        drop(store);
        let store = Store::open_on(disk, &ledger::key()).unwrap();
        for n in 0..TOKENS {
            let record = store.subject(&ledger::subject_of(n)).unwrap().unwrap();
            assert_eq!(store.checks(&record, 10).unwrap().len(), 1);
        }
        assert_eq!(logins.known(&store, TOKENS), Known::Nothing);
    };
    runner(RandomScheduler::new(orders / 2)).run(once.clone());
    runner(PctScheduler::new(3, orders / 2)).run(once);
    figure::report(
        "fault-orders",
        "group commit: 3 threads with the same 3 tokens, scheduled at random and by priority (shuttle)",
        format!("{orders} orders"),
        "exactly one success for each token, everyone answered",
        "no deadlock",
    );
}

/// Makes an empty store: once, since nothing of that is in question here.
fn drop_in_model(disk: &Disk) {
    let disk = disk.clone();
    runner(RandomScheduler::new(1)).run(move || drop(Store::open_on(disk.clone(), &ledger::key()).unwrap()));
}

/// With room on the threads' stacks for the engine.
fn runner<S: Scheduler + 'static>(scheduler: S) -> Runner<S> {
    let mut config = Config::new();
    config.stack_size = 1024 * 1024;
    Runner::new(scheduler, config)
}

async fn end(store: &Store, logins: &Logins, n: usize, which: u8) -> Answered {
    let id = IdvId::from_random([which; 16]);
    store.simulate(&logins.session(n, which), Status::Success, id, Timestamp::from_unix(BEGINNING + 1)).await.unwrap()
}
