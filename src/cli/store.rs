//! `idv store`: the store as a whole.

use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::operate::{Done, ask_service, by_service_or, operate};
use super::output;
use crate::config::Config;
use crate::control::Request;
use crate::ops::size::mebibytes;
use crate::store::Store;
use crate::store::backup::Contents;
use crate::store::compact::{Compacted, compact};
use crate::store::file::OpenError;
use crate::verification::time::Timestamp;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Look at every record of it, while logins go on; and at every page, where the service is stopped. Changes nothing.
    Check,
    /// Copy it in key order into the least room that it needs. The service must be stopped, and there must be room for both.
    Compact,
    /// Tell how much is in it, and how much room it has.
    Stats,
}

pub(super) fn run(config: &Config, command: &Command, json: bool) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check => check(config, json),
        Command::Compact => compact_it(config, json),
        Command::Stats => stats(config, json),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn check(config: &Config, json: bool) -> anyhow::Result<()> {
    let value = match by_service_or(config, &Request::StoreCheck, || look_through(config))? {
        Done::ByService(answer) => answer,
        Done::Alone(Contents { subjects, checks, records }) => {
            json!({ "subjects": subjects, "checks": checks, "records": records })
        }
    };
    if json {
        return Ok(output::json(&value)?);
    }
    let Checked { subjects, checks, records } = output::read(value)?;
    Ok(output::line(&format!("Each of {records} records is whole: of {subjects} people, with {checks} checks."))?)
}

/// Nobody else writes to it meanwhile.
fn look_through(config: &Config) -> anyhow::Result<Contents> {
    let store = Store::open_to_read(&config.store_path)?;
    match store.look_through() {
        Err(_) if store.gave_way() => Err(OpenError::GaveWay(config.store_path.clone()).into()),
        looked => Ok(looked?),
    }
}

#[derive(Deserialize)]
struct Checked {
    subjects: u64,
    checks: u64,
    records: u64,
}

fn compact_it(config: &Config, json: bool) -> anyhow::Result<()> {
    if ask_service(config, &Request::Examine)?.is_some() {
        bail!("the service is running; stop it first: systemctl stop idv.service idv.socket");
    }
    let Compacted { contents, before, after } = compact(&config.store_path)?;
    if json {
        let records = contents.records;
        return Ok(output::json(&json!({ "records": records, "bytes_before": before, "bytes": after }))?);
    }
    let (after, before) = (mebibytes(after), mebibytes(before));
    Ok(output::line(&format!(
        "The store has {after}, and had {before}; each of {} records is whole.",
        contents.records
    ))?)
}

#[derive(Deserialize)]
struct Stats {
    schema: Option<u8>,
    idv: Option<String>,
    commits: u64,
    backed_up_at: Option<Timestamp>,
    records: Map<String, Value>,
    store_bytes: Option<u64>,
    free_bytes: Option<u64>,
}

fn stats(config: &Config, json: bool) -> anyhow::Result<()> {
    let value = operate(config, &Request::StoreStats)?;
    if json {
        return Ok(output::json(&value)?);
    }
    let stats: Stats = output::read(value)?;
    let unknown = || "unknown".to_owned();
    let number = |number: Option<u64>| number.map_or_else(unknown, |number| number.to_string());
    let [size, free] = [stats.store_bytes, stats.free_bytes].map(|bytes| bytes.map_or_else(unknown, mebibytes));
    output::line(&format!("size: {size}, free beside it: {free}"))?;
    let schema = number(stats.schema.map(u64::from));
    output::line(&format!("schema: {schema}, opened by idv: {}", stats.idv.unwrap_or_else(unknown)))?;
    output::line(&format!("commits: {}", stats.commits))?;
    let backed_up_at = stats.backed_up_at.map_or_else(|| "never, as far as it knows".into(), |at| at.to_string());
    output::line(&format!("last backup: {backed_up_at}"))?;
    let records = stats.records.iter();
    records.map(|(table, count)| format!("{table}: {count} records")).try_for_each(|line| output::line(&line))?;
    Ok(())
}
