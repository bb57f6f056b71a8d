//! A table of servers side by side: the peers, idv, and its ratio to each of them.

use crate::comparison::{Figures, failures};
use crate::report::Table;
use crate::spread::Spread;

/// The figures of each server, round by round.
pub(crate) struct Rounds {
    /// In the order of the table's columns.
    pub(crate) peers: Vec<Vec<Figures>>,
    pub(crate) idv: Vec<Figures>,
}

impl Rounds {
    /// No round yet, with so many peers.
    pub(crate) fn of(peers: usize) -> Self {
        Self { peers: (0..peers).map(|_| Vec::new()).collect(), idv: Vec::new() }
    }

    fn servers(&self) -> impl Iterator<Item = &[Figures]> {
        self.peers.iter().chain([&self.idv]).map(Vec::as_slice)
    }
}

/// How idv's figures are set beside a peer's.
#[derive(Clone, Copy)]
pub(crate) enum Ratio {
    /// As shares of the peer's.
    OfPeer,
    /// How many times better idv is: its rate by the peer's, the peer's costs by its own.
    Better,
}

impl Ratio {
    fn column(self, peer: &str) -> String {
        match self {
            Self::OfPeer => format!("idv / {peer}"),
            Self::Better => format!("times better than {peer}"),
        }
    }

    fn of_rates(idv: f64, peer: f64) -> f64 {
        idv / peer
    }

    fn of_costs(self) -> fn(f64, f64) -> f64 {
        match self {
            Self::OfPeer => |idv, peer| idv / peer,
            Self::Better => |idv, peer| peer / idv,
        }
    }
}

/// The table: some rows for each case.
pub(crate) struct Sheet<'a> {
    unit: &'a str,
    ratio: Ratio,
    table: Table,
}

impl<'a> Sheet<'a> {
    /// `unit` is what a server is asked for.
    pub(crate) fn new(title: &str, unit: &'a str, peers: &[&str], ratio: Ratio) -> Self {
        let ratios = peers.iter().map(|peer| ratio.column(peer));
        let names = [""].into_iter().chain(peers.iter().copied()).chain(["idv"]).map(str::to_owned);
        let columns: Vec<_> = names.chain(ratios).collect();
        let columns: Vec<_> = columns.iter().map(String::as_str).collect();
        Self { unit, ratio, table: Table::new(title, &columns) }
    }

    pub(crate) fn add(&mut self, name: &str, rounds: &Rounds) {
        let (unit, costs) = (self.unit, self.ratio.of_costs());
        self.table.row([name]);
        self.row(rounds, (&format!("{unit}s/s"), 0), |figures| figures.rate, Ratio::of_rates);
        self.row(rounds, (&format!("server CPU, µs/{unit}"), 1), |figures| figures.cpu, costs);
        self.row(rounds, ("latency p50, µs", 0), |figures| figures.p50, costs);
        self.row(rounds, ("latency p99, µs", 0), |figures| figures.p99, costs);
        self.table.row(["  errors".to_owned()].into_iter().chain(rounds.servers().map(failures)));
    }

    pub(crate) fn print(&self) {
        self.table.print();
    }

    fn row(
        &mut self,
        rounds: &Rounds,
        (name, decimals): (&str, usize),
        figure: fn(&Figures) -> f64,
        ratio: fn(f64, f64) -> f64,
    ) {
        let absolute = rounds.servers().map(|server| Spread::of(server.iter().map(figure)).text(decimals));
        let ratios = rounds.peers.iter().map(|peer| {
            Spread::of(rounds.idv.iter().zip(peer).map(|(idv, peer)| ratio(figure(idv), figure(peer)))).text(2)
        });
        self.table.row([format!("  {name}")].into_iter().chain(absolute).chain(ratios));
    }
}
