//! Durable completions in this process, without HTTP: by people who come back, in no order of their ids.

use super::column::Column;
use super::medium::Counts;
use super::people::{People, Step};
use super::{CROWD, FILLING, Place};
use anyhow::Result;
use idv::store::Store;
use idv::store::master_key::MasterKey;
use std::sync::Arc;
use std::time::{Duration, Instant};

const WAITING: [usize; 4] = [1, 16, 64, 256];
/// Of completions, in each round; that their codes are issued first takes as long again.
const TIMED: Duration = Duration::from_millis(500);

pub(super) fn measure(
    place: &Place,
    key: &MasterKey,
    people: &Arc<People>,
    rounds: u32,
    column: &mut Column,
) -> Result<()> {
    let (store, counts) = place.open(key)?;
    let mut visits = Visits { people, store: &store, counts: &counts, next: people.count };
    let mut levels = WAITING.map(|_| Vec::new());
    for _ in 0..rounds {
        for (waiting, figures) in WAITING.into_iter().zip(&mut levels) {
            figures.push(visits.round(waiting)?);
        }
    }
    for (waiting, figures) in WAITING.into_iter().zip(levels) {
        column.add(format!("completions/s, {waiting} at once"), 0, figures.iter().map(|figure| figure.rate));
        column.add("  KiB written for each", 1, figures.iter().map(|figure| figure.written_kib));
        column.add("  reads of the file for each", 2, figures.iter().map(|figure| figure.reads));
    }
    Ok(())
}

struct Visits<'a> {
    people: &'a Arc<People>,
    store: &'a Store,
    counts: &'a Counts,
    next: u64,
}

struct Figures {
    rate: f64,
    written_kib: f64,
    reads: f64,
}

impl Visits<'_> {
    /// Crowds until their timed parts fill the time.
    #[expect(clippy::cast_precision_loss, reason = "no round has 2^53 of anything")]
    fn round(&mut self, waiting: usize) -> Result<Figures> {
        let crowd = (32 * waiting as u64).min(CROWD).min(self.people.count);
        let (mut elapsed, mut done, mut written, mut reads) = (Duration::ZERO, 0, 0, 0);
        while elapsed < TIMED {
            let visits = self.next..self.next + crowd;
            self.next = visits.end;
            self.people.step(self.store, FILLING, visits.clone(), Step::TakeCode)?;
            let (written_before, reads_before, started) = (self.counts.written(), self.counts.reads(), Instant::now());
            self.people.step(self.store, waiting, visits, Step::EnterCode)?;
            elapsed += started.elapsed();
            written += self.counts.written() - written_before;
            reads += self.counts.reads() - reads_before;
            done += crowd;
        }
        let done = done as f64;
        Ok(Figures {
            rate: done / elapsed.as_secs_f64(),
            written_kib: written as f64 / 1_024.0 / done,
            reads: reads as f64 / done,
        })
    }
}
