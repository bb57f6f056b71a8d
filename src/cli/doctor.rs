//! `idv doctor`: what is wrong with an installation, from the configuration to Auth0, and what to do.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::output;
use crate::config::{Config, Problems};
use crate::doctor::finding::{Finding, Level};
use crate::doctor::handover::Handover;
use crate::doctor::{self, Scope};
use crate::ops::clock::Clock;

/// The exit code where something works that should be mended.
const WARNINGS: u8 = 1;
/// The exit code where logins fail or are not safe.
const PROBLEMS: u8 = 2;

#[derive(Args)]
pub(super) struct Arguments {
    /// Only this tenant, by any of its hosts.
    #[arg(long, value_name = "DOMAIN")]
    tenant: Option<String>,
    /// Connect to nothing but the service's control socket.
    #[arg(long)]
    offline: bool,
}

pub(super) fn run(
    config: Result<Config, Problems>,
    handover: Option<&Handover>,
    arguments: Arguments,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let scope = Scope { tenant: arguments.tenant, is_offline: arguments.offline };
    let findings = doctor::examine(config, handover, &scope, &Clock::system());
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok);
    if json {
        output::json(&json!({ "worst": worst, "findings": findings }))?;
    } else {
        findings.iter().try_for_each(print)?;
    }
    Ok(match worst {
        Level::Ok | Level::Note => ExitCode::SUCCESS,
        Level::Warning => ExitCode::from(WARNINGS),
        Level::Problem => ExitCode::from(PROBLEMS),
    })
}

fn print(finding: &Finding) -> std::io::Result<()> {
    let Finding { check, level, text, remedy } = finding;
    let level = match level {
        Level::Ok => "ok",
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Problem => "PROBLEM",
    };
    let remedy = remedy.as_deref().map(|remedy| format!(" -> {remedy}")).unwrap_or_default();
    output::line(&format!("{level:<8} {check}: {text}{remedy}"))
}
