//! Durable completions: codes from the desk, entered by so many people at once.

use crate::arguments::Arguments;
use crate::comparison::{Figures, failures};
use crate::connection::{Endpoint, Protocol};
use crate::control;
use crate::disk;
use crate::load::{self, Lines, Plan, Run};
use crate::machine;
use crate::product::{Installation, Service};
use crate::report::{Table, progress};
use crate::request::{Body, form, is_return, starts};
use crate::session;
use crate::spread::Spread;
use crate::supply::Supply;
use crate::tally::Tally;
use crate::tls::Identity;
use crate::token::{Arrival, Signer};
use anyhow::{Context, Result};
use hyper::Request;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

const WAITING: [usize; 4] = [1, 16, 64, 256];
/// People prepared at once, and entered in one go.
const BATCH: usize = 8_192;
/// Completions in a round, at most: each takes its preparation too.
const ROUND: usize = 4 * BATCH;
/// Preparations under way at once, so that the store can commit them in groups.
const PREPARERS: usize = 64;

/// The service under measurement and what it takes to complete logins there.
pub(crate) struct Desk<'a> {
    pub(crate) service: &'a Service,
    pub(crate) installation: &'a Installation,
    pub(crate) identity: &'a Identity,
    pub(crate) signer: &'a Signer,
}

/// Measures all numbers of people in each round, beside the disk's own rate.
pub(crate) fn measure(desk: &Desk, directory: &Path, arguments: &Arguments) -> Result<()> {
    let mut syncs = Vec::new();
    let mut levels = WAITING.map(|_| Vec::new());
    for round in 1..=arguments.rounds {
        progress(&format!("durable completions: round {round} of {}, the disk", arguments.rounds));
        syncs.push(disk::syncs_per_second(directory)?);
        for (waiting, figures) in WAITING.into_iter().zip(&mut levels) {
            progress(&format!("durable completions: round {round} of {}, {waiting} at once", arguments.rounds));
            figures.push(Figures::of(&desk.round(waiting, arguments.duration())?));
        }
    }
    report(&syncs, &levels);
    Ok(())
}

impl Desk<'_> {
    /// Batches until their timed parts fill the time, or the round is full.
    fn round(&self, waiting: usize, duration: Duration) -> Result<Run> {
        let mut round = Run { tally: Tally::default(), elapsed: Duration::ZERO, cpu: Duration::ZERO };
        while round.elapsed < duration && round.tally.successes() < ROUND {
            let batch = self.batch(waiting, duration.saturating_sub(round.elapsed))?;
            round.elapsed += batch.elapsed;
            round.cpu += batch.cpu;
            let none = batch.tally.successes() == 0;
            round.tally.add(batch.tally);
            if none {
                break;
            }
        }
        Ok(round)
    }

    fn batch(&self, waiting: usize, duration: Duration) -> Result<Run> {
        let endpoint = Endpoint::full(self.service.address, Protocol::Http1, self.identity)?;
        let plan = Plan {
            lines: Lines::Kept { endpoint: endpoint.clone(), connections: waiting, streams: 1 },
            supply: Arc::new(Supply::once(self.prepare(&endpoint)?)),
            check: is_return,
            warm_up: starts(self.signer, Protocol::Http1, 1)?.remove(0),
            duration,
        };
        load::run(&plan, &self.service.process)
    }

    /// A batch of people who have started and hold a code: the requests that enter it.
    fn prepare(&self, endpoint: &Endpoint) -> Result<Vec<Request<Body>>> {
        let runtime = machine::runtime()?;
        runtime.block_on(async {
            let mut preparers = JoinSet::new();
            for _ in 0..PREPARERS {
                let arrivals = (0..BATCH / PREPARERS).map(|_| self.signer.arrival()).collect::<Result<_>>()?;
                preparers.spawn(prepare(endpoint.clone(), self.installation.control.clone(), arrivals));
            }
            let parts = preparers.join_all().await;
            Ok(parts.into_iter().collect::<Result<Vec<_>>>()?.concat())
        })
    }
}

async fn prepare(endpoint: Endpoint, control: impl AsRef<Path>, arrivals: Vec<Arrival>) -> Result<Vec<Request<Body>>> {
    let mut connection = endpoint.connect().await?;
    let mut requests = Vec::with_capacity(arrivals.len());
    for arrival in arrivals {
        let session = session::begin(&mut connection, &arrival).await?;
        let code =
            control::issue_desk_code(control.as_ref(), &arrival.subject).await.context("issue of a desk code")?;
        requests.push(form(&format!("{}/desk", session.path), &session.cookie, format!("code={code}"))?);
    }
    Ok(requests)
}

fn report(syncs: &[f64], levels: &[Vec<Figures>]) {
    let columns = ["", "completions/s", "of fdatasync/s", "server CPU, µs each", "p50 µs", "p99 µs", "errors"];
    let mut table = Table::new("Durable completions over HTTPS", &columns);
    for (waiting, rounds) in WAITING.into_iter().zip(levels) {
        let spread = |figure: fn(&Figures) -> f64| Spread::of(rounds.iter().map(figure));
        table.row([
            format!("{waiting} at once"),
            spread(|figures| figures.rate).text(0),
            Spread::of(rounds.iter().zip(syncs).map(|(figures, syncs)| figures.rate / syncs)).text(2),
            spread(|figures| figures.cpu).text(1),
            spread(|figures| figures.p50).text(0),
            spread(|figures| figures.p99).text(0),
            failures(rounds),
        ]);
    }
    let disk = Spread::of(syncs.iter().copied()).text(0);
    table.row(["the disk, fdatasync/s of 4 KiB writes".to_owned(), disk, "1".to_owned()]);
    table.print();
}
