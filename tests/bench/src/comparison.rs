//! The limit, idv and what else there is to compare with, under the same load, in turn.

use crate::arguments::Arguments;
use crate::load::{self, Lines, Plan, Run};
use crate::process::Process;
use crate::report::{Table, progress};
use crate::request::{Body, Check, is_start};
use crate::spread::Spread;
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

/// All servers.
#[derive(Clone, Copy)]
pub(crate) struct Contest<'a> {
    pub(crate) limit: Contestant<'a>,
    pub(crate) idv: Contestant<'a>,
    /// Where it is installed.
    pub(crate) nginx: Option<Contestant<'a>>,
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
    unit: &'a str,
    table: Table,
}

impl<'a> Comparison<'a> {
    /// `unit` is what a server is asked for: a request, a connection.
    pub(crate) fn new(title: &str, unit: &'a str, contest: Contest<'a>, arguments: &'a Arguments) -> Self {
        let with = ["", "limit", "nginx", "idv", "idv / limit", "idv / nginx"];
        let without = ["", "limit", "idv", "idv / limit"];
        let columns: &[&str] = if contest.nginx.is_some() { &with } else { &without };
        Self { contest, arguments, unit, table: Table::new(title, columns) }
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
            load::run(&plan, server.process)
        };
        let mut rounds = Rounds::default();
        for round in 1..=self.arguments.rounds {
            progress(&format!("{}: round {round} of {}", case.name, self.arguments.rounds));
            rounds.limit.push(Figures::of(&run(self.contest.limit, is_start)?));
            if let Some(nginx) = self.contest.nginx {
                rounds.nginx.push(Figures::of(&run(nginx, is_start)?));
            }
            rounds.idv.push(Figures::of(&run(self.contest.idv, case.check)?));
        }
        self.report(case.name, &rounds);
        Ok(())
    }

    pub(crate) fn print(&self) {
        self.table.print();
    }

    fn report(&mut self, name: &str, rounds: &Rounds) {
        self.table.row([name]);
        let mut row = |name: String, decimals, figure: fn(&Figures) -> f64| {
            let spread = |rounds: &[Figures]| Spread::of(rounds.iter().map(figure)).text(decimals);
            let ratio = |to: &[Figures]| {
                Spread::of(rounds.idv.iter().zip(to).map(|(idv, to)| figure(idv) / figure(to))).text(2)
            };
            let absolute = rounds.servers().map(spread);
            let ratios = rounds.others().map(ratio);
            self.table.row([name].into_iter().chain(absolute).chain(ratios));
        };
        row(format!("  {}s/s", self.unit), 0, |figures| figures.rate);
        row(format!("  server CPU, µs/{}", self.unit), 1, |figures| figures.cpu);
        row("  latency p50, µs".to_owned(), 0, |figures| figures.p50);
        row("  latency p99, µs".to_owned(), 0, |figures| figures.p99);
        self.table.row(["  errors".to_owned()].into_iter().chain(rounds.servers().map(failures)));
    }
}

/// The figures of each server, round by round. Those of nginx are none where it takes no part.
#[derive(Default)]
struct Rounds {
    limit: Vec<Figures>,
    nginx: Vec<Figures>,
    idv: Vec<Figures>,
}

impl Rounds {
    fn servers(&self) -> impl Iterator<Item = &[Figures]> {
        self.others().chain([self.idv.as_slice()])
    }

    /// Those that idv is compared with.
    fn others(&self) -> impl Iterator<Item = &[Figures]> {
        [self.limit.as_slice(), self.nginx.as_slice()].into_iter().filter(|rounds| !rounds.is_empty())
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
