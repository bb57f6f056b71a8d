//! What the single steps of a login cost, each in this process alone: time, instructions, allocations.
//!
//! ```text
//! cargo run --release -p idv-operations -- check
//! ```
//!
//! Instructions and allocations are counted by callgrind (valgrind), which sees the same on every machine of one kind, so
//! that `tests/run` can hold them against what was recorded. `idv-bench` prints all figures in one table.

mod arguments;
mod callback;
mod callgrind;
mod operation;
mod provider;
mod record;
mod turns;
mod world;

use arguments::{Arguments, Command};
use clap::{Parser, ValueEnum};
use operation::Operation;
use turns::Turns;

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Names => {
            for operation in Operation::value_variants() {
                println!("{operation}");
            }
            Ok(())
        }
        Command::Run { operation, batches, idle } => {
            let took = operation.run(&Turns { batches, idle })?;
            println!("{} {}", took.as_nanos(), u64::from(batches) * u64::from(turns::BATCH));
            Ok(())
        }
        Command::Count { operation } => {
            let count = callgrind::count(operation)?;
            println!("{} {}", count.instructions, count.allocations);
            Ok(())
        }
        Command::Check => record::check(),
        Command::Record => record::record(),
    }
}
