//! The store in another file, which never held what was erased, while commits go on.
//!
//! A thread copies what was last committed to a draft, and then whatever was changed meanwhile, round by round, until that
//! is little. The last round is the writer's: no commit comes between it and the draft having the store's name. Who was
//! erased while that went on may stand in unused pages of the draft; then the mark of that stands in it too, and another
//! renewal follows.

use std::cell::Cell;
use std::io;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::contained::contained;
use super::noted::{Changed, Note};
use super::opened::{Held, Opened};
use super::progress::{self, Progress, broke_off};
use super::snapshot::Published;
use super::threads::{Receiver, sync_channel, thread};
use super::told::CommitNumber;
use crate::ops::clock::Stopwatch;
use crate::ops::report::Report;

/// So few keys the writer takes over itself, in a few milliseconds.
const FEW: usize = 1000;
/// After so many rounds it does so with however many: they are what one round takes, where the disk is slow.
const ROUNDS: usize = 8;
/// What is changed meanwhile takes so much memory at the most, in bytes.
const LIMIT: usize = 64 * 1024 * 1024;
/// How long there is none after one that failed, unless somebody else is erased: so long at first.
const REST: Duration = Duration::from_mins(10);
/// And so long at the most, where one after another fails that has copied the store.
const LONGEST_REST: Duration = Duration::from_hours(6);
/// How long nothing more is said of those that fail.
const SILENCE: Duration = Duration::from_hours(24);
/// After so many records others are asked whether they want the store.
const STRETCH: u32 = 256;

/// Has the writer look whether there is more to do.
pub(super) type Wake = Arc<dyn Fn() + Send + Sync>;
/// Whether a round goes on; an error if it does not.
pub(super) type GoesOn<'a> = &'a dyn Fn() -> Result<(), redb::Error>;

/// How far renewals have come, in commits that erased somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Renewed {
    /// The last of them.
    pub(super) wanted: CommitNumber,
    /// For those up to this one it was done or failed.
    pub(super) tried: CommitNumber,
    /// Of whom those up to this one erased, no byte is left.
    pub(super) done: CommitNumber,
}

/// One renewal after another.
pub(super) struct Renewals {
    under_way: Option<Renewal>,
    renewed: Renewed,
    /// Since when the last one failed; none if it did not.
    failed: Option<Stopwatch>,
    /// How long there is none from then on.
    rest: Duration,
    /// Since when the log says that they fail.
    told: Option<Stopwatch>,
    published: Arc<Published>,
}

/// A renewal under way.
struct Renewal {
    /// The last commit whose traces it removes.
    wanted: CommitNumber,
    /// From then on its draft takes nothing any more.
    is_given_up: Arc<AtomicBool>,
    round: Round,
    rounds: usize,
    /// What was changed since the snapshot that the round is of.
    changed: Changed,
}

impl Renewals {
    pub(super) fn new(published: Arc<Published>) -> Self {
        let (renewed, rest) = (Renewed::default(), Duration::ZERO);
        Self { under_way: None, renewed, failed: None, rest, told: None, published }
    }

    /// Takes notice of a store that was opened, whose last commit is `last`.
    pub(super) fn found(&mut self, has_traces: bool, last: CommitNumber) {
        let Renewed { wanted, done, .. } = self.renewed;
        if !has_traces {
            self.publish(Renewed { wanted, tried: wanted, done: wanted });
        } else if wanted == done {
            self.publish(Renewed { wanted: last.max(done.next()), ..self.renewed });
        }
    }

    /// Notes what is to be noted of the next commit.
    pub(super) fn note(&self) -> Note {
        if self.is_under_way() { Note::with_keys() } else { Note::default() }
    }

    /// Takes notice of the commit `number`.
    pub(super) fn committed(&mut self, number: CommitNumber, note: &Note) {
        if note.leaves_traces() {
            self.publish(Renewed { wanted: number, ..self.renewed });
        }
        if let Some(renewal) = &mut self.under_way {
            renewal.changed.extend(note.take_changed());
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    /// Whether somebody waits for what one comes to.
    pub(super) fn are_awaited(&self) -> bool {
        self.is_under_way() || self.renewed.wanted > self.renewed.tried
    }

    /// Whether one is to begin.
    pub(super) fn are_due(&self) -> bool {
        let Renewed { wanted, tried, done } = self.renewed;
        let rests = self.failed.as_ref().is_some_and(|failed| failed.elapsed() < self.rest);
        !self.is_under_way() && wanted > done && (wanted > tried || !rests)
    }

    /// Begins one, whose `first` round begins a draft with what is committed by now, on bytes that end where it
    /// `is_given_up`.
    pub(super) fn begin(
        &mut self,
        first: impl FnOnce(GoesOn<'_>) -> Result<Opened, redb::Error> + Send + 'static,
        is_given_up: Arc<AtomicBool>,
        progress: &Arc<Progress>,
        wake: &Wake,
    ) -> Result<(), redb::Error> {
        let round = Round::start(first, &is_given_up, progress, wake)?;
        let (wanted, changed) = (self.renewed.wanted, Changed::default());
        self.under_way = Some(Renewal { wanted, is_given_up, round, rounds: 1, changed });
        Ok(())
    }

    /// Goes on with it, if a round is over. Returns the draft and what it lacks, where the writer is to take that over.
    /// `hold` gives what is committed by now.
    pub(super) fn go_on(
        &mut self,
        hold: impl FnOnce() -> Result<Held, redb::Error>,
        progress: &Arc<Progress>,
        wake: &Wake,
    ) -> Result<Option<(Opened, Changed)>, redb::Error> {
        let Some(renewal) = &mut self.under_way else { return Ok(None) };
        if renewal.changed.bytes() > LIMIT {
            return Err(io::Error::other("too much was changed meanwhile").into());
        }
        let Some(drafted) = renewal.round.drafted() else { return Ok(None) };
        let (draft, changed) = (drafted?, mem::take(&mut renewal.changed));
        if changed.len() <= FEW || renewal.rounds == ROUNDS {
            return Ok(Some((draft, changed)));
        }
        let snapshot = hold()?;
        let next = move |goes_on: GoesOn<'_>| draft.follow(&snapshot, &changed, goes_on).map(|()| draft);
        renewal.round = Round::start(next, &renewal.is_given_up, progress, wake)?;
        renewal.rounds += 1;
        Ok(None)
    }

    /// The draft is the store.
    pub(super) fn succeed(&mut self) {
        if let Some(Renewal { wanted, .. }) = self.under_way.take() {
            (self.failed, self.rest, self.told) = (None, Duration::ZERO, None);
            self.publish(Renewed { tried: wanted, done: wanted, ..self.renewed });
        }
    }

    /// There is none for now, because of `error`. What is left of the one that was under way is to be removed by `forget`.
    pub(super) fn fail(&mut self, error: &redb::Error, forget: impl FnOnce()) {
        self.rest = rest_after(self.rest, self.is_under_way());
        self.give_up();
        forget();
        self.failed = Some(Stopwatch::start());
        if is_news(self.told.as_ref().map(Stopwatch::elapsed)) && !broke_off(error) {
            self.told = Some(Stopwatch::start());
            Report::TracesLeft(error).tell();
        }
        self.publish(Renewed { tried: self.renewed.wanted, ..self.renewed });
    }

    fn give_up(&mut self) {
        if let Some(renewal) = self.under_way.take() {
            renewal.is_given_up.store(true, Ordering::Relaxed);
        }
    }

    fn publish(&mut self, renewed: Renewed) {
        if renewed != self.renewed {
            self.renewed = renewed;
            self.published.publish_renewed(renewed);
        }
    }
}

impl Drop for Renewals {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// How long there is none after one that failed, where it was so long the time before. One that `had_begun` has cost a copy of
/// the store, and so will the next.
fn rest_after(before: Duration, had_begun: bool) -> Duration {
    if had_begun { before.saturating_mul(2).clamp(REST, LONGEST_REST) } else { REST }
}

/// Whether the log says that renewals fail, which it did so long ago, if ever: traces may stand for as long as they do.
fn is_news(told: Option<Duration>) -> bool {
    told.is_none_or(|ago| ago >= SILENCE)
}

/// A thread that brings a draft up to what was committed. It ends before this does.
struct Round {
    drafted: Receiver<Result<Opened, redb::Error>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Round {
    fn start(
        draft: impl FnOnce(GoesOn<'_>) -> Result<Opened, redb::Error> + Send + 'static,
        is_given_up: &Arc<AtomicBool>,
        progress: &Arc<Progress>,
        wake: &Wake,
    ) -> io::Result<Self> {
        let (over, drafted) = sync_channel(1);
        let (given_up, progress, wake) = (is_given_up.clone(), progress.clone(), wake.clone());
        let work = move || {
            let records = Cell::new(0_u32);
            let goes_on = || {
                records.set(records.get().wrapping_add(1));
                let asks = records.get().is_multiple_of(STRETCH);
                let is_over = given_up.load(Ordering::Relaxed) || asks && progress.is_wanted();
                if is_over { Err(progress::given_up().into()) } else { Ok(()) }
            };
            // Whoever gave it up does not listen.
            let _ = over.send(contained(|| draft(&goes_on)));
            wake();
        };
        let thread = thread::Builder::new().name("idv-renewal".into()).spawn(work)?;
        Ok(Self { drafted, thread: Some(thread) })
    }

    /// What it came to, once it is over.
    fn drafted(&self) -> Option<Result<Opened, redb::Error>> {
        self.drafted.try_recv().ok()
    }
}

impl Drop for Round {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
