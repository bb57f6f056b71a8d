//! idv and what it is compared with, under the same load, in turn.

use crate::arguments::Arguments;
use crate::load::{self, Lines, Plan, Run};
use crate::process::Process;
use crate::report::progress;
use crate::request::{Body, Check, is_start};
use crate::sheet::{Ratio, Rounds, Sheet};
use crate::supply::Supply;
use anyhow::Result;
use hyper::Request;
use std::net::SocketAddr;
use std::sync::Arc;

/// A running server under measurement.
#[derive(Clone, Copy)]
pub(crate) struct Contestant<'a> {
    pub(crate) process: &'a Process,
    pub(crate) address: SocketAddr,
}

/// Another server than idv.
#[derive(Clone, Copy)]
pub(crate) struct Peer<'a> {
    pub(crate) name: &'static str,
    pub(crate) server: Contestant<'a>,
}

/// idv, and what it is compared with.
#[derive(Clone, Copy)]
pub(crate) struct Contest<'a> {
    pub(crate) peers: &'a [Peer<'a>],
    pub(crate) idv: Contestant<'a>,
    pub(crate) ratio: Ratio,
}

/// One line of load for all.
pub(crate) struct Case<'a> {
    pub(crate) name: &'a str,
    /// The requests, the same for all.
    pub(crate) requests: Vec<Request<Body>>,
    /// What idv must answer; the others always answer as to a start.
    pub(crate) check: Check,
    /// How to reach a server at an address.
    pub(crate) lines: &'a dyn Fn(SocketAddr) -> Result<Lines>,
}

/// A table of cases, each measured when it is added.
pub(crate) struct Comparison<'a> {
    contest: Contest<'a>,
    arguments: &'a Arguments,
    sheet: Sheet<'a>,
}

impl<'a> Comparison<'a> {
    /// `unit` is what a server is asked for: a request, a connection.
    pub(crate) fn new(title: &str, unit: &'a str, contest: Contest<'a>, arguments: &'a Arguments) -> Self {
        let peers: Vec<_> = contest.peers.iter().map(|peer| peer.name).collect();
        Self { contest, arguments, sheet: Sheet::new(title, unit, &peers, contest.ratio) }
    }

    /// Runs the case in all rounds, each server in turn.
    pub(crate) fn measure(&mut self, case: Case) -> Result<()> {
        let warm_up = case.requests[0].clone();
        let supply = Arc::new(Supply::repeating(case.requests));
        let run = |server: Contestant, check| {
            let plan = Plan {
                lines: (case.lines)(server.address)?,
                supply: Arc::clone(&supply),
                check,
                warm_up: warm_up.clone(),
                duration: self.arguments.duration(),
            };
            load::run(&plan, server.process).map(|run| Figures::of(&run))
        };
        let mut rounds = Rounds::of(self.contest.peers.len());
        for round in 1..=self.arguments.rounds {
            progress(&format!("{}: round {round} of {}", case.name, self.arguments.rounds));
            for (peer, figures) in self.contest.peers.iter().zip(&mut rounds.peers) {
                figures.push(run(peer.server, is_start)?);
            }
            rounds.idv.push(run(self.contest.idv, case.check)?);
        }
        self.sheet.add(case.name, &rounds);
        Ok(())
    }

    pub(crate) fn print(&self) {
        self.sheet.print();
    }
}

/// How many answers of all rounds were wrong or missing, and what the first of them was.
pub(crate) fn failures(rounds: &[Figures]) -> String {
    let count: u64 = rounds.iter().map(|figures| figures.failures).sum();
    match rounds.iter().find_map(|figures| figures.first_failure.as_ref()) {
        Some(first) => format!("{count}: {first}"),
        None => count.to_string(),
    }
}

/// A run in figures: a second's answers, microseconds of CPU per answer, microseconds of latency.
pub(crate) struct Figures {
    pub(crate) rate: f64,
    pub(crate) cpu: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) failures: u64,
    pub(crate) first_failure: Option<String>,
}

impl Figures {
    pub(crate) fn of(run: &Run) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "no run has 2^53 answers")]
        let answers = run.tally.successes() as f64;
        let [p50, p99] = run.tally.percentiles([500, 990]);
        Self {
            rate: answers / run.elapsed.as_secs_f64(),
            cpu: run.cpu.as_secs_f64() * 1e6 / answers,
            p50,
            p99,
            failures: run.tally.failures,
            first_failure: run.tally.first_failure.clone(),
        }
    }
}
