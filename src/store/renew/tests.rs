//! Commits while a store is renewed, with a pause at each step of that: what comes of it is what a plain map has.

use super::super::Store;
use super::super::engine::ROOM_AGAIN;
use super::super::erase::Traces;
use super::super::opening::Opening;
use super::super::tables::{CHECKS, SPENT, SUBJECTS};
use super::*;
use model::{Chance, Deed, MANY, Model, dump_of};
use stage::{Replacing, Stage, key};

mod model;
mod stage;

const SEEDS: usize = 2;
const LITTLE: usize = 64 * 1024;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn is_over(store: &Store) -> bool {
    let renewed = store.published.renewed();
    renewed.tried >= renewed.wanted
}

/// Lets the renewal take so many steps, until it waits for more or there is none.
fn let_on(stage: &Stage, store: &Store, steps: usize) {
    stage.allow(steps);
    let since = Stopwatch::start();
    while !stage.waits() && !is_over(store) {
        assert!(since.elapsed() < Duration::from_mins(1), "it hangs: {:?}", store.published.renewed());
        thread::yield_now();
    }
}

fn opened() -> (Stage, Store, Model) {
    opened_with(Opening::default().cache)
}

/// The less of it is kept in memory, the more steps a renewal takes.
fn opened_with(cache: usize) -> (Stage, Store, Model) {
    let (stage, model) = (Stage::default(), Model::default());
    let store = Store::open_on_as(stage.clone(), &key(), Opening { cache, ..Opening::default() }).unwrap();
    model.fill(&store);
    stage.allow(0);
    (stage, store, model)
}

/// Three writers at a time, between any two steps.
#[test]
fn whatever_is_committed_at_any_step_of_a_renewal_is_in_the_renewed_store() {
    let mut drafts = 0;
    for seed in 0..SEEDS {
        let (mut chance, (stage, store, model)) = (Chance(seed as u64), opened_with(LITTLE));
        stage.release();
        block_on(model.does(&store, Deed::PutMany(CHECKS, 2 * MANY))).unwrap();
        stage.allow(0);
        block_on(model.does(&store, Deed::Erase)).unwrap();
        let mut erasures = 2;
        for step in 0.. {
            let_on(&stage, &store, 1 + chance.below(16));
            if is_over(&store) {
                let Renewed { wanted, done, .. } = store.published.renewed();
                assert_eq!(done, wanted, "it was given up");
                break;
            }
            assert!(step < 5000, "it never ends");
            let mut deeds = [0; 3].map(|_| Deed::random(&mut chance));
            if erasures > 0 && chance.below(5) == 0 {
                deeds[chance.below(3)] = Deed::Erase;
                erasures -= 1;
            }
            let [first, second, third] = deeds.map(|deed| model.does(&store, deed));
            let done = block_on(async { tokio::join!(first, second, third) });
            assert_eq!(done, (Ok(()), Ok(()), Ok(())), "nobody waits for a renewal");
        }
        // Whoever came last was not erased; nothing else is changed from here on.
        stage.release();
        block_on(model.does(&store, Deed::Erase)).unwrap();
        assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
        drafts += stage.drafts();
        model.check(&stage, store);
    }
    assert!(drafts > 2 * SEEDS, "an erasure in the middle of a renewal has another follow: {drafts}");
}

#[test]
fn a_renewal_that_fails_at_any_step_changes_nothing_and_the_next_one_does_what_it_did_not() {
    for steps in 0.. {
        let (stage, store, model) = opened();
        stage.release();
        stage.fail_after(steps);
        block_on(model.does(&store, Deed::Erase)).unwrap();
        let traces = block_on(store.traces()).unwrap();
        let failed = stage.heal();
        assert_eq!(traces, if failed { Traces::Left } else { Traces::Gone }, "step {steps}");
        assert_eq!(store.has_kept_traces(), failed, "step {steps}");
        assert!(!stage.has_draft() && store.is_available(), "step {steps}");
        block_on(model.does(&store, Deed::PutMany(SPENT, 20))).unwrap();
        if failed {
            block_on(model.does(&store, Deed::Erase)).unwrap();
            assert_eq!(block_on(store.traces()), Ok(Traces::Gone), "step {steps}");
        }
        model.check(&stage, store);
        if !failed {
            assert!(steps > 20, "this test can fail");
            return;
        }
    }
}

/// A renewal whose last word was lost went on with a file that no name led to.
#[test]
fn whichever_file_has_the_name_after_a_failure_is_the_one_that_is_written_to() {
    for replacing in [Replacing::FailsBefore, Replacing::FailsAfter] {
        let (stage, store, model) = opened();
        stage.release();
        stage.have_replacing(replacing);
        block_on(model.does(&store, Deed::Erase)).unwrap();
        let _told = block_on(store.traces()).unwrap();
        block_on(model.does(&store, Deed::PutMany(CHECKS, 20))).unwrap();
        block_on(model.does(&store, Deed::Erase)).unwrap();
        assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
        model.check(&stage, store);
    }
}

/// Each erasure had every page looked at, and nobody was verified meanwhile, where a file cannot get the store's name: a
/// container's volume that is a single file.
#[test]
fn a_store_that_keeps_its_name_is_not_opened_anew() {
    for (replacing, opened) in [(Replacing::FailsBefore, 0), (Replacing::FailsAfter, 1), (Replacing::Works, 0)] {
        let (stage, store, model) = opened_with(LITTLE);
        let before = stage.opened();
        stage.release();
        stage.have_replacing(replacing);
        block_on(model.does(&store, Deed::Erase)).unwrap();
        let traces = block_on(store.traces()).unwrap();
        let expected = if replacing == Replacing::FailsBefore { Traces::Left } else { Traces::Gone };
        assert!(traces == expected || replacing == Replacing::FailsAfter, "{replacing:?}: {traces:?}");
        block_on(model.does(&store, Deed::PutMany(CHECKS, 20))).unwrap();
        assert_eq!((stage.opened() - before, stage.has_draft()), (opened, false), "{replacing:?}");
        block_on(model.does(&store, Deed::Erase)).unwrap();
        assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
        model.check(&stage, store);
    }
}

/// Whatever was written of it and not synced is lost in a power cut right after it got the store's name.
#[test]
fn a_draft_that_gets_the_store_s_name_is_on_disk_by_then() {
    for changed in [0, 20, 2 * MANY] {
        let (stage, store, model) = opened();
        block_on(model.does(&store, Deed::Erase)).unwrap();
        let_on(&stage, &store, 5);
        block_on(model.does(&store, Deed::PutMany(CHECKS, changed))).unwrap();
        stage.release();
        assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
        let cut = stage.cut().unwrap();
        model.check(&cut, Store::open_on(cut.clone(), &key()).unwrap());
    }
}

#[test]
fn that_renewals_fail_is_said_once_a_day() {
    assert!(is_news(None) && is_news(Some(SILENCE)));
    assert!(!is_news(Some(Duration::ZERO)) && !is_news(Some(SILENCE.saturating_sub(Duration::from_nanos(1)))));
}

/// Where a draft never gets the store's name, the whole store was copied every ten minutes.
#[test]
fn who_fails_again_and_again_rests_longer_each_time_up_to_six_hours() {
    let rests = std::iter::successors(Some(Duration::ZERO), |before| Some(rest_after(*before, true)));
    let minutes: Vec<_> = rests.skip(1).take(7).map(|rest| rest.as_secs() / 60).collect();
    assert_eq!(minutes, [10, 20, 40, 80, 160, 320, 360]);
    assert_eq!(rest_after(LONGEST_REST, false), REST, "there was no room to begin, and may be soon");
}

/// Another one follows in the background.
#[test]
fn a_store_that_is_closed_in_the_middle_of_a_renewal_is_whole_and_has_its_traces_removed_when_it_is_opened() {
    for steps in (0..200).step_by(9) {
        let (stage, store, model) = opened();
        block_on(model.does(&store, Deed::Erase)).unwrap();
        let_on(&stage, &store, steps);
        block_on(model.does(&store, Deed::PutMany(SUBJECTS, 20))).unwrap();
        stage.release();
        drop(store);
        assert!(!stage.has_draft());
        let store = Store::open_on(stage.clone(), &key()).unwrap();
        assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
        model.check(&stage, store);
    }
}

/// A service that was stopped waited until its draft was whole and on disk, and was killed where that took long.
#[test]
fn who_closes_a_store_waits_for_the_one_step_of_a_renewal_that_is_under_way() {
    for steps in (1..).step_by(7) {
        let (stage, store, model) = opened_with(LITTLE);
        stage.release();
        block_on(model.does(&store, Deed::PutMany(CHECKS, 2 * MANY))).unwrap();
        stage.allow(0);
        block_on(model.does(&store, Deed::Erase)).unwrap();
        let_on(&stage, &store, steps);
        if is_over(&store) {
            assert!(steps > 100, "this test can fail: {steps}");
            return;
        }
        let more = thread::scope(|scope| {
            let closed = scope.spawn(|| drop(store));
            thread::sleep(Duration::from_millis(20));
            let mut more = 0;
            while !closed.is_finished() {
                stage.allow(1);
                more += 1;
                // Where it was not given up by then, it is now.
                let since = Stopwatch::start();
                while !closed.is_finished() && since.elapsed() < Duration::from_millis(500) {
                    thread::yield_now();
                }
            }
            more
        });
        assert!(more <= 2, "it took {more} after {steps}");
    }
}

#[test]
fn a_renewal_gives_its_room_back_to_who_needs_it() {
    let (stage, store, model) = opened();
    block_on(model.does(&store, Deed::Erase)).unwrap();
    let_on(&stage, &store, 5);
    assert!(stage.has_draft());
    stage.leave_room_beside_a_draft(1000);
    let asked = stage.room_asked();
    thread::scope(|scope| {
        let done = scope.spawn(|| block_on(model.does(&store, Deed::PutMany(SUBJECTS, 20))));
        while stage.room_asked() == asked {
            thread::yield_now();
        }
        // The writer waits until the renewal is over.
        while !done.is_finished() {
            stage.allow(1);
            thread::yield_now();
        }
        done.join().unwrap().unwrap();
    });
    stage.release();
    assert!(store.is_available() && !stage.has_draft());
    assert_eq!(block_on(store.traces()), Ok(Traces::Left));
    stage.leave_room_beside_a_draft(u64::MAX);
    block_on(model.does(&store, Deed::Erase)).unwrap();
    assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
    model.check(&stage, store);
}

/// The engine makes its file longer in large steps, and most of the last one is never written: on a disk that was not half
/// full nobody's traces went.
#[test]
fn a_renewal_needs_the_room_that_the_store_takes_however_long_its_file_is() {
    const TAKEN: u64 = 10_000;
    let (stage, store, model) = opened();
    stage.release();
    for (room, traces) in [(TAKEN + ROOM_AGAIN - 1, Traces::Left), (TAKEN + ROOM_AGAIN, Traces::Gone)] {
        stage.take(TAKEN, room);
        block_on(model.does(&store, Deed::Erase)).unwrap();
        assert_eq!(block_on(store.traces()), Ok(traces), "{room}");
    }
    stage.take(u64::MAX, u64::MAX);
    model.check(&stage, store);
}

#[test]
fn a_renewal_during_which_too_much_is_changed_is_given_up() {
    let (stage, store, model) = opened();
    block_on(model.does(&store, Deed::Erase)).unwrap();
    let_on(&stage, &store, 5);
    let long = |n: usize| [vec![b'l'; LIMIT / 4], vec![n.try_into().unwrap()]].concat();
    for n in 0..4 {
        assert!(!is_over(&store), "after {n}");
        block_on(model.does(&store, Deed::Put(SPENT, long(n), String::new()))).unwrap();
    }
    stage.release();
    assert_eq!(block_on(store.traces()), Ok(Traces::Left));
    block_on(model.does(&store, Deed::Erase)).unwrap();
    assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
    assert!(store.ask(dump_of).unwrap() == *model.0.lock().unwrap());
}

/// A backup that was being made failed, and so did a look-up that had just begun.
#[test]
fn what_was_held_before_a_renewal_is_read_after_it() {
    let (stage, store, model) = opened();
    let held = store.published.hold().unwrap();
    let before = dump_of(&**held).unwrap();
    stage.release();
    block_on(model.does(&store, Deed::Erase)).unwrap();
    assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
    assert_eq!(dump_of(&**held).unwrap(), before);
    drop(held);
    model.check(&stage, store);
}

/// Where somebody is erased again and again, nobody waits for those who come after them.
#[test]
fn who_was_erased_hears_of_it_once_the_renewal_is_over_that_began_after_that() {
    let (stage, store, model) = opened();
    let number =
        || block_on(async { model.does(&store, Deed::Erase).await.map(|()| store.published.renewed().wanted) });
    let first = number().unwrap();
    let_on(&stage, &store, 10);
    let second = number().unwrap();
    assert!(first < second);
    while store.published.renewed().done < first {
        let_on(&stage, &store, 1);
    }
    let Renewed { wanted, tried, done } = store.published.renewed();
    assert_eq!((wanted, tried, done), (second, first, first));
    stage.release();
    assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
    model.check(&stage, store);
}
