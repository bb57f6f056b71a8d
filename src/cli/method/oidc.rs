//! `idv oidc`: what operators do about providers.

use std::process::ExitCode;

use clap::Subcommand;

use crate::config::{Config, Problems};
use crate::doctor::handover::Handover;

mod keys;

#[derive(Subcommand)]
pub(in crate::cli) enum Command {
    /// Make the keys by which providers know idv, and show what they are to be told of them.
    #[command(subcommand)]
    Keys(keys::Command),
}

pub(super) fn run(
    load: impl FnOnce() -> Result<Config, Problems>,
    handover: impl FnOnce() -> Option<Handover>,
    command: Command,
    json: bool,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Keys(command) => keys::run(load, handover, command, json),
    }
}
