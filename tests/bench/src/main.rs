//! Measures `idv` beside the *limit*: the least that a TLS server can cost on the same machine.
//!
//! ```text
//! cargo run --release -p idv-bench
//! ```
//!
//! Two servers run on loopback, each a process of its own: `idv serve` as shipped, and a bare hyper and
//! rustls server that answers everything with one constant 303; where nginx is installed, it is the third and
//! answers the same. Where Node is installed, idv stands beside what nearly everybody would write in its place,
//! in tables of their own. All are loaded in turn, round by round, so that a drift of the machine meets all. The
//! tables go to stdout, progress to stderr. Nothing is asserted.
//!
//! `--only growth` measures the store alone, with 100,000, 1,000,000 and 10,000,000 people in it. That takes minutes
//! and up to 30 GB of disk, so it is no part of the whole run.

mod arguments;
mod chapter;
mod comparison;
mod completion;
mod connection;
mod control;
mod cores;
mod disk;
mod footprint;
mod growth;
mod handshake;
mod limit;
mod load;
mod machine;
mod nginx;
mod node;
mod operation;
mod overload;
mod page;
mod photos;
mod process;
mod product;
mod report;
mod request;
mod session;
mod sheet;
mod spread;
mod start;
mod supply;
mod tally;
mod tls;
mod token;

use arguments::{Arguments, Command};
use clap::Parser;

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    match arguments.command {
        Some(Command::Limit { certificate, private_key }) => limit::serve(&certificate, &private_key),
        None => chapter::run(&arguments),
    }
}
