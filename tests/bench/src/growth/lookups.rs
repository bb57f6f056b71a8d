//! Look-ups in this process, by the product's own store: of people, and of used request tokens.

use super::Place;
use super::column::Column;
use super::medium::Counts;
use super::people::{People, scattered};
use anyhow::{Result, ensure};
use idv::store::Store;
use idv::store::master_key::MasterKey;
use idv::verification::spent::Use;
use idv::verification::subject::Subject;
use idv::verification::time::Timestamp;
use idv::verification::token::TokenId;
use std::fs;
use std::hint::black_box;
use std::time::Instant;

const WARM: u64 = 100_000;
/// Look-ups of anybody that bring so many bytes of the file into memory, and then some: each brings a page.
const FILLS: u64 = 20 * 1024 * 1024;
/// So few that most of the pages they need are still on the disk alone.
const COLD: u64 = 1_000;

/// Whether the store knows what is asked for.
type Look = fn(&Store, &Visit) -> Result<bool>;

const KINDS: [(&str, Look); 2] = [("a person's last check", last_check), ("a token's use", token_use)];

/// What is asked about a visit, prepared before the clock runs.
struct Visit {
    subject: Subject,
    token: (Timestamp, TokenId),
}

fn last_check(store: &Store, visit: &Visit) -> Result<bool> {
    Ok(store.subject(&visit.subject)?.is_some_and(|record| record.last_check.is_some()))
}

fn token_use(store: &Store, visit: &Visit) -> Result<bool> {
    let (issued_at, token) = visit.token;
    Ok(matches!(store.token_use(issued_at, token)?, Use::Concluded(..)))
}

pub(super) fn measure(place: &Place, key: &MasterKey, people: &People, rounds: u32, column: &mut Column) -> Result<()> {
    let (store, counts) = place.open(key)?;
    warm_all("", (&store, &counts), people, rounds, column)?;
    drop(store);
    // What the engine keeps of a page beside it is counted too.
    let all = usize::try_from(fs::metadata(&place.path)?.len())?;
    let (store, counts) = place.open_with(key, all)?;
    for (number, (_, look)) in (0..).zip(KINDS) {
        for series in 0..all as u64 / FILLS {
            warm(&store, &counts, &draw(people, (1 << 20) + 2 * series + number, WARM)?, look)?;
        }
    }
    warm_all(", all in memory", (&store, &counts), people, rounds, column)?;
    drop(store);
    for (number, (name, look)) in (0..).zip(KINDS) {
        // The engine's own cache is as a start leaves it, which looks at every page.
        let (store, _) = place.open(key)?;
        let visits = draw(people, 10_000 + number, COLD)?;
        place.cool()?;
        column.add(format!("look-up of {name}, cold, µs"), 1, [cold(&store, &visits, look)?]);
    }
    Ok(())
}

fn warm_all(
    how: &str,
    (store, counts): (&Store, &Counts),
    people: &People,
    rounds: u32,
    column: &mut Column,
) -> Result<()> {
    for (number, (name, look)) in (0..).zip(KINDS) {
        // The first ones are to find the cache cold: they are not counted.
        warm(store, counts, &draw(people, number, WARM)?, look)?;
        let mut figures = Vec::new();
        for round in 0..u64::from(rounds) {
            figures.push(warm(store, counts, &draw(people, 100 * (round + 1) + number, WARM)?, look)?);
        }
        let name = format!("look-up of {name}, warm{how}, ns");
        column.add(name, 0, figures.iter().map(|(nanoseconds, _)| *nanoseconds));
        column.add("  reads of the file for each", 2, figures.iter().map(|(_, reads)| *reads));
    }
    Ok(())
}

/// Nanoseconds, and reads of the file, for each.
fn warm(store: &Store, counts: &Counts, visits: &[Visit], look: Look) -> Result<(f64, f64)> {
    let (reads, started) = (counts.reads(), Instant::now());
    let mut known = 0;
    for visit in visits {
        known += usize::from(black_box(look(store, visit)?));
    }
    let elapsed = started.elapsed();
    ensure!(known == visits.len(), "someone is not known");
    #[expect(clippy::cast_precision_loss, reason = "nobody asks 2^53 times")]
    let (asked, reads) = (known as f64, (counts.reads() - reads) as f64);
    Ok((elapsed.as_secs_f64() * 1e9 / asked, reads / asked))
}

/// The median, in microseconds.
fn cold(store: &Store, visits: &[Visit], look: Look) -> Result<f64> {
    let mut times = Vec::new();
    for visit in visits {
        let started = Instant::now();
        ensure!(look(store, visit)?, "someone is not known");
        times.push(started.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// So many visits of anybody, others for each `series`.
fn draw(people: &People, series: u64, count: u64) -> Result<Vec<Visit>> {
    let one = |number| {
        let visit = scattered((series << 32) | number) % people.count;
        Ok(Visit { subject: people.subject(visit)?, token: people.token(visit) })
    };
    (0..count).map(one).collect()
}
