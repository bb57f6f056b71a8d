//! Durable completions: codes from the desk, entered by so many people at once.

use crate::arguments::Arguments;
use crate::comparison::{Contestant, Figures, Peer, failures};
use crate::connection::{Endpoint, Protocol};
use crate::control;
use crate::disk;
use crate::load::{self, Lines, Plan, Run};
use crate::machine;
use crate::product::{Installation, Service};
use crate::report::{Table, progress};
use crate::request::{Body, form, is_return, starts};
use crate::session;
use crate::sheet::{Ratio, Rounds, Sheet};
use crate::spread::Spread;
use crate::supply::Supply;
use crate::tally::Tally;
use crate::tls::Identity;
use crate::token::{Arrival, Signer};
use anyhow::{Context, Result};
use hyper::Request;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

const WAITING: [usize; 4] = [1, 16, 64, 256];
/// People prepared at once for idv, and entered in one go.
const BATCH: usize = 8_192;
/// The same for Node, which prepares slowly too.
const NODE_BATCH: usize = 2_048;
/// Completions in a round, at most: each takes its preparation too.
const ROUND: usize = 4 * BATCH;
/// As long as a real one.
const ANY_CODE: &str = "AAAA-AAAA-AAAA";
/// Preparations under way at once, so that the store can commit them in groups.
const PREPARERS: usize = 64;

/// The service under measurement and what it takes to complete logins there.
pub(crate) struct Desk<'a> {
    pub(crate) service: &'a Service,
    pub(crate) installation: &'a Installation,
    pub(crate) identity: &'a Identity,
    pub(crate) signer: &'a Signer,
    /// Where it takes part.
    pub(crate) node: Option<Peer<'a>>,
}

/// A server where people enter codes.
#[derive(Clone, Copy)]
struct Counter<'a> {
    server: Contestant<'a>,
    /// The control socket that issues codes; a server without one takes any.
    control: Option<&'a Path>,
    /// People prepared at once, and entered in one go.
    batch: usize,
}

/// Measures all numbers of people in each round, beside the disk's own rate, and beside Node.
pub(crate) fn measure(desk: &Desk, directory: &Path, arguments: &Arguments) -> Result<()> {
    let mut syncs = Vec::new();
    let mut levels = WAITING.map(|_| Rounds::of(usize::from(desk.node.is_some())));
    for round in 1..=arguments.rounds {
        progress(&format!("durable completions: round {round} of {}, the disk", arguments.rounds));
        syncs.push(disk::syncs_per_second(directory)?);
        for (waiting, rounds) in WAITING.into_iter().zip(&mut levels) {
            progress(&format!("durable completions: round {round} of {}, {waiting} at once", arguments.rounds));
            let run = |counter| desk.round(counter, waiting, arguments.duration()).map(|run| Figures::of(&run));
            if let (Some(node), Some(figures)) = (desk.node(), rounds.peers.first_mut()) {
                figures.push(run(node)?);
            }
            rounds.idv.push(run(desk.idv())?);
        }
    }
    report(&syncs, &levels);
    if let Some(node) = desk.node {
        report_beside(&node, &levels);
    }
    Ok(())
}

impl Desk<'_> {
    fn idv(&self) -> Counter<'_> {
        let server = Contestant { process: &self.service.process, address: self.service.address };
        Counter { server, control: Some(&self.installation.control), batch: BATCH }
    }

    fn node(&self) -> Option<Counter<'_>> {
        self.node.map(|node| Counter { server: node.server, control: None, batch: NODE_BATCH })
    }

    /// Batches until their timed parts fill the time, or the round is full.
    fn round(&self, counter: Counter, waiting: usize, duration: Duration) -> Result<Run> {
        let mut round = Run { tally: Tally::default(), elapsed: Duration::ZERO, cpu: Duration::ZERO };
        while round.elapsed < duration && round.tally.successes() < ROUND {
            let batch = self.batch(counter, waiting, duration.saturating_sub(round.elapsed))?;
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

    fn batch(&self, counter: Counter, waiting: usize, duration: Duration) -> Result<Run> {
        let endpoint = Endpoint::full(counter.server.address, Protocol::Http1, self.identity)?;
        let plan = Plan {
            lines: Lines::Kept { endpoint: endpoint.clone(), connections: waiting, streams: 1 },
            supply: Arc::new(Supply::once(self.prepare(counter, &endpoint)?)),
            check: is_return,
            warm_up: starts(self.signer, Protocol::Http1, 1)?.remove(0),
            duration,
        };
        load::run(&plan, counter.server.process)
    }

    /// A batch of people who have started and hold a code: the requests that enter it.
    fn prepare(&self, counter: Counter, endpoint: &Endpoint) -> Result<Vec<Request<Body>>> {
        let runtime = machine::runtime()?;
        runtime.block_on(async {
            let mut preparers = JoinSet::new();
            for _ in 0..PREPARERS {
                let arrivals = (0..counter.batch / PREPARERS).map(|_| self.signer.arrival()).collect::<Result<_>>()?;
                preparers.spawn(prepare(endpoint.clone(), counter.control.map(Path::to_owned), arrivals));
            }
            let parts = preparers.join_all().await;
            Ok(parts.into_iter().collect::<Result<Vec<_>>>()?.concat())
        })
    }
}

async fn prepare(endpoint: Endpoint, control: Option<PathBuf>, arrivals: Vec<Arrival>) -> Result<Vec<Request<Body>>> {
    let mut connection = endpoint.connect().await?;
    let mut requests = Vec::with_capacity(arrivals.len());
    for arrival in arrivals {
        let session = session::begin(&mut connection, &arrival).await?;
        let code = match &control {
            Some(control) => {
                control::issue_desk_code(control, &arrival.subject).await.context("issue of a desk code")?
            }
            None => ANY_CODE.to_owned(),
        };
        requests.push(form(&format!("{}/desk", session.path), &session.cookie, format!("code={code}"))?);
    }
    Ok(requests)
}

fn report(syncs: &[f64], levels: &[Rounds]) {
    let columns = ["", "completions/s", "of fdatasync/s", "server CPU, µs each", "p50 µs", "p99 µs", "errors"];
    let mut table = Table::new("Durable completions over HTTPS", &columns);
    for (waiting, rounds) in WAITING.into_iter().zip(levels) {
        let rounds = &rounds.idv;
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

fn report_beside(peer: &Peer, levels: &[Rounds]) {
    let title = "Durable completions over HTTPS, beside Node";
    let mut sheet = Sheet::new(title, "completion", &[peer.name], Ratio::Better);
    for (waiting, rounds) in WAITING.into_iter().zip(levels) {
        sheet.add(&format!("{waiting} at once"), rounds);
    }
    sheet.print();
}
