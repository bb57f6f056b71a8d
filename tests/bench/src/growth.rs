//! The store under size: what becomes of its figures when ten and a hundred times as many people are in it.

mod column;
mod commits;
mod erasures;
mod lookups;
mod medium;
mod pages;
mod people;
mod service;

use crate::arguments::Arguments;
use crate::product::Installation;
use crate::report::progress;
use crate::spread::grouped;
use anyhow::{Context, Result, ensure};
use column::{Column, print};
use idv::ops::random;
use idv::store::Store;
use idv::store::master_key::MasterKey;
use idv::store::opening::Opening;
use medium::{Counted, Counts};
use people::{People, Step};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// So many that a commit takes as many as it may, and as many come together meanwhile.
const FILLING: usize = 2_048;
/// People who are given a code, and then enter it.
const CROWD: u64 = 8_192;

/// Measures stores of so many people one after another, in `directory`, and prints what was measured also where one fails.
pub(crate) fn measure(
    install: impl Fn(&Path) -> Result<Installation>,
    directory: &Path,
    arguments: &Arguments,
) -> Result<()> {
    let mut columns = Vec::new();
    let mut outcome = Ok(());
    for &size in &arguments.subjects {
        let column = tempfile::tempdir_in(directory)
            .context("no directory for a store")
            .and_then(|directory| measure_one(&install(directory.path())?, directory.path(), size, arguments));
        match column {
            Ok(column) => columns.push((size, column)),
            Err(error) => {
                outcome = Err(error.context(format!("the store of {} people", subjects_text(size))));
                break;
            }
        }
    }
    print(&columns);
    outcome
}

fn measure_one(installation: &Installation, directory: &Path, size: u64, arguments: &Arguments) -> Result<Column> {
    let say = |what: &str| progress(&format!("a store of {} people: {what}", subjects_text(size)));
    let people = Arc::new(People::new(size)?);
    let place = Place { path: installation.store.clone() };
    let mut column = Column::default();

    say("filling it");
    let key = place.make()?;
    fill(&place, &key, &people, &mut column)?;
    say("its pages");
    pages::measure(&place.path, &mut column)?;
    say("look-ups");
    lookups::measure(&place, &key, &people, arguments.rounds, &mut column)?;
    say("starts, memory and backup of the service");
    service::measure(installation, directory, &people, arguments.rounds, &mut column)?;
    say("commits");
    commits::measure(&place, &key, &people, arguments.rounds, &mut column)?;
    say("erasures");
    erasures::measure(&place, &key, &people, arguments.rounds, &mut column)?;
    Ok(column)
}

fn fill(place: &Place, key: &MasterKey, people: &Arc<People>, column: &mut Column) -> Result<()> {
    let (store, _) = place.open(key)?;
    let started = Instant::now();
    let mut done = 0;
    while done < people.count {
        let crowd = done..people.count.min(done + CROWD);
        people.step(&store, FILLING, crowd.clone(), Step::TakeCode)?;
        people.step(&store, FILLING, crowd.clone(), Step::EnterCode)?;
        done = crowd.end;
    }
    let last = people.subject(people.count - 1)?;
    ensure!(store.subject(&last)?.is_some_and(|record| record.last_check.is_some()), "the last person has no check");
    drop(store);
    let elapsed = started.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "no store here has 2^53 people")]
    let count = people.count as f64;
    column.add("load, s", 1, [elapsed]);
    column.add("load, people/s", 0, [count / elapsed]);
    column.add_file("file", &place.path, count)
}

/// Where a store lies.
struct Place {
    path: PathBuf,
}

impl Place {
    /// Makes the store, empty, and gives its key.
    fn make(&self) -> Result<MasterKey> {
        Ok(Store::open(&self.path, random::bytes())?.1)
    }

    /// Opens it in this process. What the engine reads and writes is counted.
    fn open(&self, key: &MasterKey) -> Result<(Store, Arc<Counts>)> {
        self.open_with(key, Opening::default().cache)
    }

    /// The same, with `cache` bytes of it in memory.
    fn open_with(&self, key: &MasterKey, cache: usize) -> Result<(Store, Arc<Counts>)> {
        let counted = Counted::new(self.path.clone());
        let counts = counted.counts();
        Ok((Store::open_on_as(counted, key, Opening { cache, ..Opening::default() })?, counts))
    }

    /// Drops the file from the kernel's page cache. The disk may have one of its own.
    fn cool(&self) -> Result<()> {
        let file = File::open(&self.path)?;
        // What is not on disk yet stays in the cache.
        file.sync_all()?;
        rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed)?;
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "no store here has 2^53 people")]
fn subjects_text(size: u64) -> String {
    grouped(size as f64, 0)
}
