//! `idv audit`: the audit log is handed out, and verified.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use serde_json::json;

pub(super) use self::log::Log;
use super::operate::operate;
use super::output;
use crate::config::{Config, Problems};
use crate::control::Request;
use crate::control::audit::{Head, Purpose};
use crate::report::{RangeError, begins, ends};
use crate::verification::audit::checkpoint::UnverifiedNote;
use crate::verification::audit::entry::Entry;
use crate::verification::audit::export::{End, Exporter, LINE_LIMIT, Selection};
use crate::verification::audit::key::PublicKey;
use crate::verification::audit::verify::{Verified, Verifier};
use crate::verification::time::Timestamp;

mod log;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Print the log for an auditor: its entries, and what they can be verified by.
    Export(Export),
    /// Verify an export, anywhere and offline: exit code 0 if all of it is what was written.
    Verify(Verify),
    /// Print the signed head of the log. Kept elsewhere, it shows any later change.
    Checkpoint,
    /// Print the key that verifies checkpoints, in PEM and as a verifier key of C2SP.
    Key {
        /// Have another key sign from now on. The old one signs that, so that who has it can go on with it.
        #[arg(long)]
        renew: bool,
    },
}

#[derive(Args)]
pub(super) struct Export {
    /// Leave out what was before: a day, such as 2026-01-01, or an instant by RFC 3339; UTC.
    #[arg(long, value_name = "TIME", value_parser = begins)]
    from: Option<Timestamp>,
    /// Leave out what was after: a day, which is in it as a whole, or an instant, which ends it.
    #[arg(long, value_name = "TIME", value_parser = ends)]
    to: Option<Timestamp>,
    /// Leave out what is of other tenants.
    #[arg(long, value_name = "DOMAIN")]
    tenant: Option<String>,
}

#[derive(Args)]
pub(super) struct Verify {
    /// What `idv audit export` printed.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What `idv audit key` printed, from when the log was trusted.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// An earlier checkpoint: what `idv audit checkpoint` printed, or the log had.
    #[arg(long, value_name = "FILE")]
    earlier: Vec<PathBuf>,
}

pub(super) fn run(
    load: impl FnOnce() -> Result<Config, Problems>,
    command: Command,
    json: bool,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Export(request) => export(&load()?, request)?,
        Command::Verify(request) => return verify(&request, json),
        Command::Checkpoint => checkpoint(&load()?, json)?,
        Command::Key { renew } => key(&load()?, renew, json)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Byte for byte: what stands there is what was signed.
fn export(config: &Config, request: Export) -> anyhow::Result<()> {
    let Export { from, to, tenant } = request;
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(RangeError::Empty.into());
    }
    let log = Log::open(config, Purpose::Export, tenant.clone())?;
    let domain = tenant.and_then(|tenant| config.tenant(&tenant).map(|tenant| tenant.domain.to_string()));
    let selection = Selection { from, to, tenant: domain };
    let Head { checkpoint, public_key, .. } = log.head().clone();
    let (mut exporter, mut out) = (Exporter::default(), io::stdout().lock());
    for line in log.lines() {
        let line = line?;
        let is_shown = Entry::parse(&line).is_none_or(|entry| selection.shows(&entry));
        if let Some(block) = exporter.add(&line, is_shown) {
            out.write_all(&block).context("the export could not be printed")?;
        }
    }
    out.write_all(&exporter.finish(&End { checkpoint, public_key })).context("the export could not be printed")?;
    Ok(out.flush()?)
}

fn verify(request: &Verify, json: bool) -> anyhow::Result<ExitCode> {
    let Verify { file, key, earlier } = request;
    let key = public_key(key)?;
    let earlier = earlier.iter().map(|path| note(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut verifier = Verifier::new(key, earlier);
    let cannot_read = || format!("cannot read {}", file.display());
    let mut reader = BufReader::new(File::open(file).with_context(cannot_read)?);
    let mut line = Vec::new();
    while read_line(&mut reader, &mut line).with_context(cannot_read)? {
        verifier.line(&line);
    }
    match verifier.end() {
        Ok(Verified { checkpoint, shown }) => {
            if json {
                output::json(&json!({
                    "verified": true, "origin": checkpoint.origin, "entries": checkpoint.size, "shown": shown
                }))?;
            } else {
                let (origin, size) = (checkpoint.origin, checkpoint.size);
                output::line(&format!("All {size} entries of {origin} are what was written; {shown} are shown."))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(finding) => {
            if json {
                output::json(&json!({ "verified": false, "finding": finding.to_string() }))?;
            } else {
                output::complain(&finding.to_string());
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Reads the next line into `line`, without its end. What is longer than any that was written is read in parts, none of
/// which fits.
pub(super) fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let read = reader.by_ref().take(LINE_LIMIT as u64).read_until(b'\n', line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok(read > 0)
}

/// The key in the file at `path`.
pub(super) fn public_key(path: &Path) -> anyhow::Result<PublicKey> {
    PublicKey::parse(&text(path)?).ok_or_else(|| anyhow!("{} has no key that idv audit key printed", path.display()))
}

/// The checkpoint in the file at `path`: the note, or a line of the log that has it.
fn note(path: &Path) -> anyhow::Result<UnverifiedNote> {
    let text = text(path)?;
    let logged =
        || serde_json::from_str::<serde_json::Value>(&text).ok()?.get("checkpoint")?.as_str().map(str::to_owned);
    let note = UnverifiedNote::parse(&text).ok();
    let note = note.or_else(|| UnverifiedNote::parse(&logged()?).ok());
    note.ok_or_else(|| anyhow!("{} is not a checkpoint", path.display()))
}

/// The text of a small file.
fn text(path: &Path) -> anyhow::Result<String> {
    let size = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    if size > LINE_LIMIT as u64 {
        bail!("{} is too long", path.display());
    }
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn checkpoint(config: &Config, json: bool) -> anyhow::Result<()> {
    let answer = operate(config, &Request::AuditHead)?;
    if json {
        return Ok(output::json(&answer)?);
    }
    let Head { checkpoint, .. } = output::read(answer)?;
    Ok(output::lines(&checkpoint)?)
}

fn key(config: &Config, renew: bool, json: bool) -> anyhow::Result<()> {
    let request = if renew { Request::AuditRenew } else { Request::AuditHead };
    let answer = operate(config, &request)?;
    if json {
        return Ok(output::json(&answer)?);
    }
    let Head { public_key, verifier_key, .. } = output::read(answer)?;
    output::lines(&public_key)?;
    Ok(output::line(&verifier_key)?)
}
