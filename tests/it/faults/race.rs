//! Many threads with one token each want to be the one that ends it.

use std::sync::Barrier;
use std::thread;

use idv::store::Store;
use idv::verification::decision::Answered;
use idv::verification::outcome::Status;
use idv::verification::subject::IdvId;
use idv::verification::time::Timestamp;

use crate::support::acts::Acts;
use crate::support::figure;
use crate::support::ledger::Logins;
use crate::support::process::Installation;
use crate::support::token::TENANT;
use crate::support::world::{BEGINNING, block_on};

const THREADS: u8 = 64;
const TOKENS: usize = 200;

#[test]
fn of_sixty_four_sessions_with_one_token_exactly_one_ends_it() {
    let directory = tempfile::TempDir::new().unwrap();
    let (store, _) = Store::open(&directory.path().join("idv.redb"), [7; 32]).unwrap();
    let (logins, start) = (Logins::new(), Barrier::new(THREADS.into()));
    let ended: Vec<Vec<Answered>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|which| {
                let (store, logins, start) = (&store, &logins, &start);
                scope.spawn(move || {
                    start.wait();
                    (0..TOKENS).map(|n| block_on(end(store, logins, n, which))).collect()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for n in 0..TOKENS {
        let of_token = || ended.iter().map(|answers| &answers[n]);
        assert_eq!(of_token().filter(|answer| matches!(answer, Answered::Concluded(_))).count(), 1, "token {n}");
        assert_eq!(of_token().filter(|answer| **answer == Answered::Taken).count(), usize::from(THREADS) - 1);
        let record = store.subject(&logins.session(n, 0).subject).unwrap().unwrap();
        assert_eq!(store.checks(&record, 10).unwrap().len(), 1);
    }
    figure::report(
        "fault-race",
        "64 threads with the same 200 tokens at once",
        format!("{} completions", usize::from(THREADS) * TOKENS),
        "exactly one success for each token",
        format!("{TOKENS} succeeded, {} refused", (usize::from(THREADS) - 1) * TOKENS),
    );
}

async fn end(store: &Store, logins: &Logins, n: usize, which: u8) -> Answered {
    let session = logins.session(n, which);
    let id = IdvId::from_random([which; 16]);
    store.simulate(&session, Status::Success, id, Timestamp::from_unix(BEGINNING + 1)).await.unwrap()
}

const PAIRS: usize = 25;

/// One of two used to make its store over that of the other, and a code that was printed was gone.
#[test]
fn two_first_commands_at_once_lose_nothing() {
    for pair in 0..PAIRS {
        let installation = Installation::new();
        let start = Barrier::new(2);
        thread::scope(|scope| {
            for subject in ["auth0|one", "auth0|two"] {
                let (installation, start) = (&installation, &start);
                scope.spawn(move || {
                    start.wait();
                    let arguments = ["desk", "issue", "--tenant", TENANT, "--subject", subject];
                    let issued = installation.command(&arguments);
                    assert!(issued.status.success(), "{}", String::from_utf8_lossy(&issued.stderr));
                });
            }
        });
        let listed = installation.json(&["desk", "list", "--tenant", TENANT]);
        assert_eq!(listed.as_array().unwrap().len(), 2, "pair {pair}");
    }
}
