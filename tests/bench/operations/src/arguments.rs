//! The command line.

use crate::operation::Operation;
use clap::{Parser, Subcommand};

/// Measures the single steps of a login, without a network.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print the names of all operations
    Names,
    /// Run one in so many batches, and print how many nanoseconds they took and how many runs they are
    Run {
        #[arg(value_enum)]
        operation: Operation,
        batches: u32,
        /// Prepare everything and do nothing
        #[arg(long)]
        idle: bool,
    },
    /// Print how many instructions and allocations one takes, by callgrind
    Count {
        #[arg(value_enum)]
        operation: Operation,
    },
    /// Hold the instructions of all against those recorded
    Check,
    /// Record the instructions of all anew
    Record,
}
