//! `kill -9` while people are erased and others log in: each is whole or not there at all, of those who are not no byte is
//! left once the service has begun again, and of those who are none is lost.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use idv::ops::random;
use idv::store::Store;
use idv::store::erase::Traces;
use tempfile::TempDir;

use crate::support::acts::wish;
use crate::support::album::{day, everything_below};
use crate::support::figure;
use crate::support::killed::{self, Victim, Words};
use crate::support::ledger::{Known, Logins, subject_of};
use crate::support::world::block_on;

/// So many are erased. Those after them log in.
const PEOPLE: usize = 200;

fn open(directory: &Path) -> Store {
    Store::open(&directory.join("idv.redb"), random::bytes()).unwrap().0
}

#[test]
#[ignore = "it is run by the test below, which kills it"]
fn until_it_is_killed() {
    let Some(directory) = killed::directory() else { return };
    let (mut erased, mut completed) = (Words::of(&directory), Words::of(&directory));
    let (logins, store, is_over) = (Logins::mixed(), open(&directory), AtomicBool::new(false));
    let is_known = |n: &usize| store.subject(&subject_of(*n)).unwrap().is_some();
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in (PEOPLE..).filter(|n| !is_known(n)).take_while(|_| !is_over.load(Ordering::SeqCst)) {
                assert!(block_on(logins.complete(&store, n)));
                completed.say(&n.to_string());
            }
        });
        for n in (0..PEOPLE).filter(is_known) {
            let _ = block_on(store.erase(wish(subject_of(n), day(1)))).unwrap();
            erased.say(&n.to_string());
        }
        is_over.store(true, Ordering::SeqCst);
    });
}

#[test]
fn killed_at_any_instant_each_is_whole_or_gone_and_nothing_of_them_is_left_at_the_next_start() {
    let kills = if figure::is_long() { 60 } else { 4 };
    let (logins, directory) = (Logins::mixed(), TempDir::new().unwrap());
    let store = open(directory.path());
    block_on(async {
        for n in 0..PEOPLE {
            assert!(logins.complete(&store, n).await);
        }
    });
    drop(store);
    for kill in 0..kills {
        let before = erased(directory.path()).len();
        let victim = Victim::begin("erasure::kill::until_it_is_killed", directory.path());
        let is_time = || erased(directory.path()).len() > before + kill % 3;
        let ended = victim.kill(is_time, kill * 1_237 % 9_000);
        assert!(ended.signal() == Some(9) || ended.success());
        verify(&logins, directory.path());
    }
    figure::report(
        "erasure-kill",
        "`kill -9` while people are erased and others log in",
        format!(
            "{kills} kills, {} erased, {} logged in",
            erased(directory.path()).len(),
            said(directory.path()).range(PEOPLE..).count()
        ),
        "half 0, left 0, lost 0",
        String::new(),
    );
}

fn said(directory: &Path) -> BTreeSet<usize> {
    killed::said(directory).iter().filter_map(|line| line.parse().ok()).collect()
}

/// Who were erased, by what was said in `directory`; the others who are named there logged in.
fn erased(directory: &Path) -> BTreeSet<usize> {
    said(directory).into_iter().filter(|n| *n < PEOPLE).collect()
}

fn verify(logins: &Logins, directory: &Path) {
    let store = open(directory);
    assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
    let (said, erased) = (said(directory), erased(directory));
    for n in said.range(PEOPLE..) {
        assert_eq!(logins.known(&store, *n), Known::Completed, "{n} was acknowledged");
    }
    let files: Vec<_> = everything_below(directory).iter().map(|path| fs::read(path).unwrap()).collect();
    for n in 0..PEOPLE {
        if store.subject(&subject_of(n)).unwrap().is_some() {
            assert!(!erased.contains(&n), "{n} is back");
            assert_eq!(logins.known(&store, n), Known::Completed);
            continue;
        }
        assert!(store.erased_at(&subject_of(n)).unwrap().is_some(), "{n} is lost");
        let id = subject_of(n).user_id.as_str().to_owned();
        assert!(!files.iter().any(|file| file.windows(id.len()).any(|window| window == id.as_bytes())), "{n} is left");
    }
    store.look_through().unwrap();
}
