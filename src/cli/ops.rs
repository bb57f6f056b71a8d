//! `idv ops`: what watches the service, for Prometheus and Grafana.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::output;

const ALERTS: &str = include_str!("../monitoring/alerts.yml");
const DASHBOARD: &str = include_str!("../monitoring/dashboard.json");

#[derive(Clone, Copy, Subcommand)]
pub(super) enum Command {
    /// Print alert rules for Prometheus: each says what is wrong and what to do first.
    Alerts,
    /// Print a dashboard for Grafana, to import there.
    Dashboard,
}

pub(super) fn run(command: Command, json: bool) -> anyhow::Result<ExitCode> {
    let (path, text) = match command {
        Command::Alerts => ("idv-alerts.yml", ALERTS),
        Command::Dashboard => ("idv-dashboard.json", DASHBOARD),
    };
    if json {
        output::json(&json!({ "files": [{ "path": path, "text": text }] }))?;
    } else {
        io::stdout().lock().write_all(text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}
