//! `idv report`: what the audit log says of a range of time.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use serde_json::json;

use super::output;
use crate::config::{Config, Problems};
use crate::ops::clock::Clock;
use crate::ops::file;
use crate::report::{Heading, Log, Proof, Range, Report, Tally};
use crate::verification::time::Timestamp;

/// The longest line of a file, in bytes: no entry is nearly as long.
const LINE: u64 = 64 * 1024;

#[derive(Args)]
pub(super) struct Arguments {
    /// From when: a day, such as 2026-07-01, or an instant by RFC 3339; UTC. By default the last whole month.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Until when: a day, which is in it as a whole, or an instant, which ends it. By default now.
    #[arg(long, value_name = "TIME", requires = "from")]
    to: Option<String>,
    /// Only what is of this tenant.
    #[arg(long, value_name = "DOMAIN")]
    tenant: Option<String>,
    /// Write one page with charts into this new file.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Read an export of the audit log instead of asking the service: on any machine, without a configuration.
    #[arg(long, value_name = "EXPORT.jsonl")]
    file: Option<PathBuf>,
}

pub(super) fn run(
    load: impl Fn() -> Result<Config, Problems>,
    arguments: &Arguments,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let now = Clock::system().now();
    let range = Range::new(arguments.from.as_deref(), arguments.to.as_deref(), now)?;
    let report = match &arguments.file {
        Some(file) => of_file(file, range, arguments.tenant.clone(), now)?,
        None => of_service(&load()?, range, arguments.tenant.as_deref(), now)?,
    };
    if let Some(path) = &arguments.html {
        write_page(path, &report)?;
    }
    match (&arguments.html, json) {
        (_, true) => output::json(&json!(report))?,
        (Some(path), false) => output::line(&format!("Made {}.", path.display()))?,
        (None, false) => output::lines(&report.text())?,
    }
    Ok(match report.heading.log.proof {
        Proof::NotVerified { .. } => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    })
}

fn of_service(_: &Config, _: Range, _: Option<&str>, _: Timestamp) -> anyhow::Result<Report> {
    bail!("this version reads exports alone: name one with --file")
}

fn of_file(path: &Path, range: Range, tenant: Option<String>, now: Timestamp) -> anyhow::Result<Report> {
    let context = || format!("cannot read {}", path.display());
    let mut tally = Tally::new(range, tenant.clone());
    let mut lines = BufReader::new(File::open(path).with_context(context)?);
    while let Some(line) = next_line(&mut lines).with_context(context)? {
        tally.add(&line);
    }
    let source = format!("the file {}", path.display());
    let log = Log { source, checkpoint: None, proof: Proof::NotExamined };
    Ok(tally.report(Heading {
        organization: None,
        range,
        tenant,
        made_at: now,
        version: env!("CARGO_PKG_VERSION"),
        log,
    }))
}

/// The next line, without its end; of one that is too long so much that it is no entry.
fn next_line(reader: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if reader.take(LINE).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else {
        reader.skip_until(b'\n')?;
    }
    Ok(Some(line))
}

/// A report tells of who did what: it is for whoever makes it to hand on.
fn write_page(path: &Path, report: &Report) -> anyhow::Result<()> {
    file::make(path, report.page().as_bytes(), 0o600).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow!("{} exists and is left as it is; name a new file", path.display()),
        _ => anyhow::Error::new(error).context(format!("cannot make {}", path.display())),
    })
}
