//! The command line.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// Measures idv beside the least that a TLS server can cost on this machine.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    /// The idv to measure; without it, the one next to this program, which cargo brings up to date first
    #[arg(long, value_name = "PATH")]
    pub(crate) idv: Option<PathBuf>,

    /// Where the store of the run lies, on the disk to be measured; without it, this program's own directory
    #[arg(long, value_name = "PATH")]
    pub(crate) dir: Option<PathBuf>,

    /// Rounds of each case; the figures are medians over them
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,

    /// Seconds of load, at most 60, in each round of each case and server
    #[arg(long, default_value_t = 2.0, value_parser = positive)]
    seconds: f64,

    /// Only these chapters
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<Chapter>,

    /// Sizes of the store in the chapter `growth`
    #[arg(long, value_delimiter = ',', default_values_t = [100_000, 1_000_000, 10_000_000],
        value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(crate) subjects: Vec<u64>,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

impl Arguments {
    pub(crate) fn duration(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    pub(crate) fn wants(&self, chapter: Chapter) -> bool {
        self.only.contains(&chapter) || self.only.is_empty() && chapter != Chapter::Growth
    }
}

/// A part of the report that can be asked for by itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Chapter {
    Operations,
    Starts,
    Page,
    Connections,
    Completions,
    Overload,
    Photos,
    /// The store with so many subjects; only where it is asked for, since it takes minutes and gigabytes
    Growth,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The limit server, as this program starts it
    #[command(hide = true)]
    Limit { certificate: PathBuf, private_key: PathBuf },
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(number) if (0.01..=60.0).contains(&number) => Ok(number),
        _ => Err("a number of seconds from 0.01 to 60".to_owned()),
    }
}
