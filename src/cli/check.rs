//! `idv check`: is this configuration fit to start with?

use std::process::ExitCode;

use serde_json::json;

use super::{BAD_CONFIGURATION, output};
use crate::config::listen::Sockets;
use crate::config::{Config, Problem, Problems};
use crate::doctor::certificate::{self, Judgement, Warning};
use crate::ops::clock::Clock;

pub(super) fn run(config: Result<Config, Problems>, json: bool) -> ExitCode {
    let mut problems = Vec::new();
    let mut notes = Vec::new();
    match config {
        Err(Problems(found)) => problems = found,
        Ok(config) => {
            problems.extend(config.read_tenants().err().unwrap_or_default());
            problems.extend(config.branding.read_logo().err());
            problems.extend(Sockets::configured(&config).problems(&config));
            if let Some(source) = &config.tls {
                let Judgement { problems: found, warnings, .. } =
                    certificate::judge(source, &config.public_url, Clock::system().now());
                problems.extend(found);
                notes.extend(warnings.into_iter().map(|Warning { text, remedy }| format!("{text}; {remedy}")));
            }
        }
    }
    let printed = if json {
        output::json(&json!({ "ok": problems.is_empty(), "problems": problems, "notes": notes }))
    } else {
        print(&problems, &notes)
    };
    if problems.is_empty() && printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(BAD_CONFIGURATION) }
}

fn print(problems: &[Problem], notes: &[String]) -> std::io::Result<()> {
    notes.iter().try_for_each(|note| output::line(&format!("note: {note}")))?;
    if problems.is_empty() {
        output::line("The configuration is fit to start with.")
    } else {
        output::line(&Problems(problems.to_vec()).to_string())
    }
}
