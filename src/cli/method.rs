//! The commands of the methods: each method's are in a file of its own, and this is their list.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::Value;

use crate::config::{Config, Problems};
use crate::doctor::handover::Handover;

mod desk;
mod oidc;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Issue, list and revoke the codes of the desk.
    #[command(subcommand)]
    Desk(desk::Command),
    /// Make and show the keys by which providers know idv.
    #[command(subcommand)]
    Oidc(oidc::Command),
}

pub(super) fn run(
    load: impl FnOnce() -> Result<Config, Problems>,
    handover: impl FnOnce() -> Option<Handover>,
    command: Command,
    json: bool,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Desk(command) => desk::run(&load()?, command, json),
        Command::Oidc(command) => oidc::run(load, handover, command, json),
    }
}

/// What supported a check by `method`, in one line; none if there is nothing more to say of it.
pub(super) fn tell_evidence(method: &str, evidence: &Value) -> Option<String> {
    match method {
        "desk" => desk::tell_evidence(evidence),
        _ => None,
    }
}
