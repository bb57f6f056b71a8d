//! One run of load: as many requests as a server answers in a given time, and what they cost it.

use crate::connection::{Connection, Endpoint};
use crate::machine;
use crate::process::Process;
use crate::request::{Body, Check};
use crate::supply::Supply;
use crate::tally::Tally;
use anyhow::{Context, Result, anyhow};
use hyper::Request;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Long enough for a server to end what it still does after its last answer.
const SETTLE: Duration = Duration::from_millis(20);
/// How long after its time a run may still wait for answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// What to send, to whom, how.
pub(crate) struct Plan {
    pub(crate) lines: Lines,
    pub(crate) supply: Arc<Supply>,
    pub(crate) check: Check,
    /// Sent once on each connection before the clock runs.
    pub(crate) warm_up: Request<Body>,
    pub(crate) duration: Duration,
}

/// How requests reach the server.
pub(crate) enum Lines {
    /// Connections opened before the clock runs, each with so many requests at once.
    Kept { endpoint: Endpoint, connections: usize, streams: usize },
    /// A new connection for each request; an endpoint for each that connects at once.
    New(Vec<Endpoint>),
}

/// A run's result.
pub(crate) struct Run {
    pub(crate) tally: Tally,
    pub(crate) elapsed: Duration,
    /// The server's CPU time.
    pub(crate) cpu: Duration,
}

/// Loads the server, from a runtime on each core.
pub(crate) fn run(plan: &Plan, server: &Process) -> Result<Run> {
    let shares = shares(&plan.lines);
    let gate = Barrier::new(shares.len() + 1);
    thread::scope(|scope| {
        let workers: Vec<_> = shares.into_iter().map(|share| scope.spawn(|| work(plan, share, &gate))).collect();
        gate.wait(); // All are connected.
        thread::sleep(SETTLE);
        let before = server.cpu();
        gate.wait(); // The clock runs.
        gate.wait(); // All are done, and still connected.
        thread::sleep(SETTLE);
        let after = server.cpu();
        gate.wait(); // Connections may close.

        let mut run = Run { tally: Tally::default(), elapsed: Duration::ZERO, cpu: after?.since(&before?) };
        for worker in workers {
            let (tally, elapsed) = worker.join().map_err(|_| anyhow!("a thread of the load generator panicked"))??;
            run.tally.add(tally);
            run.elapsed = run.elapsed.max(elapsed);
        }
        Ok(run)
    })
}

/// One sender of requests, one at a time.
enum Line {
    Kept(Connection),
    New(Endpoint),
}

/// The work of each thread: endpoints, each to be opened as so many lines.
type Share = Vec<(Endpoint, Option<usize>)>;

fn shares(lines: &Lines) -> Vec<Share> {
    let all: Share = match lines {
        Lines::Kept { endpoint, connections, streams } => vec![(endpoint.clone(), Some(*streams)); *connections],
        Lines::New(endpoints) => endpoints.iter().map(|endpoint| (endpoint.clone(), None)).collect(),
    };
    let mut shares = vec![Share::new(); machine::cores().min(all.len())];
    let threads = shares.len();
    for (number, line) in all.into_iter().enumerate() {
        shares[number % threads].push(line);
    }
    shares
}

/// A thread's run. It passes all four gates even where it fails: the others wait there for it.
fn work(plan: &Plan, share: Share, gate: &Barrier) -> Result<(Tally, Duration)> {
    let opened = machine::runtime().and_then(|runtime| {
        let lines = runtime.block_on(open(plan, share))?;
        Ok((runtime, lines))
    });
    gate.wait();
    gate.wait();
    let done = opened.map(|(runtime, lines)| {
        let outcome = runtime.block_on(drive_all(plan, lines));
        (runtime, outcome)
    });
    gate.wait();
    gate.wait();
    let (_runtime, outcome) = done?;
    outcome.map(|(tally, elapsed, _lines)| (tally, elapsed))
}

async fn open(plan: &Plan, share: Share) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (endpoint, streams) in share {
        let mut connection = endpoint.connect().await?;
        connection.exchange(plan.warm_up.clone(), |_| Ok(())).await?.map_err(anyhow::Error::msg)?;
        match streams {
            Some(streams) => lines.extend(connection.streams(streams).into_iter().map(Line::Kept)),
            None => lines.push(Line::New(endpoint)),
        }
    }
    Ok(lines)
}

async fn drive_all(plan: &Plan, lines: Vec<Line>) -> Result<(Tally, Duration, Vec<Line>)> {
    let mut senders = JoinSet::new();
    let started = Instant::now();
    for line in lines {
        senders.spawn(drive(line, Arc::clone(&plan.supply), plan.check, started + plan.duration));
    }
    let done = timeout(plan.duration + PATIENCE, senders.join_all()).await.context("answers are missing")?;
    let elapsed = started.elapsed();
    let (lines, parts): (Vec<_>, Vec<_>) = done.into_iter().unzip();
    let mut tally = Tally::default();
    for part in parts {
        tally.add(part);
    }
    Ok((tally, elapsed, lines))
}

/// Sends one request after another until the time or the requests are over, or the connection is lost.
async fn drive(mut line: Line, supply: Arc<Supply>, check: Check, deadline: Instant) -> (Line, Tally) {
    let mut tally = Tally::default();
    let mut started = Instant::now();
    while started < deadline {
        let Some(request) = supply.take() else { break };
        let outcome = exchange(&mut line, request, check).await;
        let ended = Instant::now();
        match outcome {
            Ok(Ok(())) => tally.success(ended - started),
            Ok(Err(wrong)) => tally.failure(wrong),
            Err(lost) => {
                tally.failure(format!("{lost:#}"));
                if matches!(line, Line::Kept(_)) {
                    break;
                }
            }
        }
        started = ended;
    }
    (line, tally)
}

async fn exchange(line: &mut Line, request: Request<Body>, check: Check) -> Result<Result<(), String>> {
    match line {
        Line::Kept(connection) => connection.exchange(request, check).await,
        Line::New(endpoint) => endpoint.connect_again().await?.exchange(request, check).await,
    }
}
