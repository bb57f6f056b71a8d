//! `idv oidc`: what is done for a provider as a whole.

use std::process::ExitCode;

use clap::Subcommand;

use crate::config::{Config, Problems};
use crate::doctor::handover::Handover;

mod binding;
mod keys;

pub(in crate::cli) use self::binding::Unbind;
pub(super) use self::binding::{tell_binding, tell_evidence, unbind};

#[derive(Subcommand)]
pub(in crate::cli) enum Command {
    /// Make the keys by which providers know idv, and show what they are to be told of them.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Forget who everybody is at a provider, as after a change of its `client_id`. Each is bound anew at the next
    /// verification there. Broken off, it can be run again.
    Forget(binding::Forget),
}

pub(super) fn run(
    load: impl FnOnce() -> Result<Config, Problems>,
    handover: impl FnOnce() -> Option<Handover>,
    command: Command,
    json: bool,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Keys(command) => keys::run(load, handover, command, json),
        Command::Forget(request) => binding::forget(&load()?, &request, json),
    }
}
