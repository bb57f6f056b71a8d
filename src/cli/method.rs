//! The commands of the methods: each method's are in a file of its own, and this is their list.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::Value;

use crate::config::{Config, Problems};
use crate::doctor::handover::Handover;

mod desk;
mod document;
mod oidc;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Issue, list and revoke the codes of the desk.
    #[command(subcommand)]
    Desk(desk::Command),
    /// Make and show the keys by which providers know idv, and forget who people are at a provider.
    #[command(subcommand)]
    Oidc(oidc::Command),
    /// See and decide the cases of people who sent photos of a document, as the console does.
    #[command(subcommand)]
    Case(document::OfCase),
    /// Print what people are promised who send photos of a document, and delete a case's photos.
    #[command(subcommand)]
    Document(document::Command),
}

/// What methods let one do to a subject, under `idv subject`.
#[derive(Subcommand)]
pub(super) enum OfSubject {
    /// Release who a subject is at a provider: whoever is verified there next for the account is bound to it.
    Unbind(oidc::Unbind),
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
        Command::Case(command) => document::run_of_case(&load()?, command, json),
        Command::Document(command) => document::run(&load()?, &command, json),
    }
}

pub(super) fn run_of_subject(config: &Config, command: OfSubject, json: bool) -> anyhow::Result<ExitCode> {
    match command {
        OfSubject::Unbind(request) => oidc::unbind(config, request, json),
    }
}

/// The photos of what was `exported` of a subject, each with a name for its file.
pub(super) fn photos(config: &Config, exported: &Value) -> anyhow::Result<Vec<(String, document::Photo)>> {
    document::photos(config, exported)
}

/// Who a subject is elsewhere, in one line.
pub(super) fn tell_binding(binding: &Value) -> Option<String> {
    oidc::tell_binding(binding)
}

/// What supported a check by `method`, in one line; none if there is nothing more to say of it. `holder` is whose the
/// identity is by now, where it is in conflict.
pub(super) fn tell_evidence(method: &str, evidence: &Value, holder: Option<&Value>) -> Option<String> {
    match method.split(':').next()? {
        "desk" => desk::tell_evidence(evidence),
        "oidc" => oidc::tell_evidence(evidence, holder),
        "document" => document::tell_evidence(evidence),
        _ => None,
    }
}
