//! `idv oidc`: what is done for a provider as a whole.

use std::process::ExitCode;

use clap::Subcommand;

use crate::config::Config;

mod binding;

pub(in crate::cli) use self::binding::Unbind;
pub(super) use self::binding::{tell_binding, tell_evidence, unbind};

#[derive(Subcommand)]
pub(in crate::cli) enum Command {
    /// Forget who everybody is at a provider, as after a change of its `client_id`. Each is bound anew at the next
    /// verification there. Broken off, it can be run again.
    Forget(binding::Forget),
}

pub(super) fn run(config: &Config, command: Command, json: bool) -> anyhow::Result<ExitCode> {
    match command {
        Command::Forget(request) => binding::forget(config, &request, json),
    }
}
