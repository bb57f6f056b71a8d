//! `idv evidence`: the photos that people sent, as a whole.

use std::process::ExitCode;

use clap::Subcommand;
use serde::Deserialize;

use super::operate::operate;
use super::output;
use crate::config::Config;
use crate::control::Request;
use crate::ops::size::mebibytes;
use crate::verification::time::Timestamp;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Tell how many there are, how much room they have, and since when the first of them waits that is to be shredded.
    Stats,
    /// Shred at once what was deleted. It is done every night, and at once where somebody is to be forgotten.
    Rotate,
    /// Open every photo, and count: exit code 0 if each is whole, 1 if not.
    Check,
}

pub(super) fn run(config: &Config, command: &Command, json: bool) -> anyhow::Result<ExitCode> {
    match command {
        Command::Stats => stats(config, json),
        Command::Rotate => rotate(config, json),
        Command::Check => check(config, json),
    }
}

#[derive(Deserialize)]
struct Stats {
    off: Option<String>,
    photos: u64,
    deleted: u64,
    oldest_deleted_at: Option<Timestamp>,
    epochs: u64,
    bytes: Option<u64>,
    limit_bytes: Option<u64>,
    free_bytes: Option<u64>,
}

fn stats(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let value = operate(config, &Request::EvidenceStats)?;
    if json {
        output::json(&value)?;
        return Ok(ExitCode::SUCCESS);
    }
    let stats: Stats = output::read(value)?;
    if let Some(why) = &stats.off {
        output::line(&format!("no photos are taken in: {why}"))?;
    }
    output::line(&format!("photos: {}, in {} epochs", stats.photos, stats.epochs))?;
    let since = stats.oldest_deleted_at.map(|at| format!(", the first since {at}")).unwrap_or_default();
    output::line(&format!("deleted, and to be shredded: {}{since}", stats.deleted))?;
    let told = |bytes: Option<u64>| bytes.map_or_else(|| "unknown".into(), mebibytes);
    let [size, limit, free] = [stats.bytes, stats.limit_bytes, stats.free_bytes].map(told);
    output::line(&format!("size: {size} of {limit}, free on the disk: {free}"))?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Deserialize)]
struct Rotated {
    shredded: u64,
    left: u64,
}

fn rotate(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let value = operate(config, &Request::EvidenceRotate)?;
    if json {
        output::json(&value)?;
        return Ok(ExitCode::SUCCESS);
    }
    let Rotated { shredded, left } = output::read(value)?;
    let waits = if left == 0 { String::new() } else { format!(" {left} wait for others that are just being sent.") };
    output::line(&format!("{shredded} photos were shredded: nothing opens them any more.{waits}"))?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Deserialize)]
struct Checked {
    whole: u64,
    damaged: u64,
    deleted: u64,
}

fn check(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let value = operate(config, &Request::EvidenceCheck)?;
    if json {
        output::json(&value)?;
    }
    let Checked { whole, damaged, deleted } = output::read(value)?;
    if !json {
        output::line(&format!(
            "{whole} photos are whole, {damaged} damaged or missing; {deleted} wait to be shredded."
        ))?;
    }
    Ok(if damaged == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
