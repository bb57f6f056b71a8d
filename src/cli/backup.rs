//! `idv backup`: the store and its key, copied while logins go on.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;

use self::dated::Backups;
pub(super) use self::dated::STORE;
use super::operate::{Done, by_service_or};
use super::output;
use crate::config::Config;
use crate::control::Request;
use crate::ops::clock::Clock;
use crate::store::Store;
use crate::store::backup::{Contents, examine, take_copy, take_key};

mod dated;

#[derive(Args)]
pub(super) struct Arguments {
    /// Where to: a new directory, or an empty one.
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
    /// Make the backup in DIRECTORY under a name of its own, with the date, and keep so many of those there: when the new
    /// one is whole, the oldest go.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
}

pub(super) fn run(config: &Config, arguments: &Arguments, json: bool) -> anyhow::Result<ExitCode> {
    let Arguments { directory, keep } = arguments;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).context("cannot make the directory")?;
    let (made, contents, removed) = match keep {
        None => (directory.clone(), make_only(config, directory)?, Vec::new()),
        Some(keep) => make_dated(config, directory, usize::from(*keep))?,
    };
    let Contents { subjects, checks } = contents;
    if json {
        output::json(&json!({ "directory": made, "subjects": subjects, "checks": checks, "removed": removed }))?;
    } else {
        output::line(&format!("{subjects} people and {checks} checks are in {}.", made.display()))?;
        output::aside("It holds the key that reads it: keep it where nobody else looks.");
        for removed in removed {
            output::aside(&format!("{} is removed.", removed.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn make_only(config: &Config, directory: &Path) -> anyhow::Result<Contents> {
    if fs::read_dir(directory).context("cannot read the directory")?.next().is_some() {
        let directory = directory.display();
        bail!("{directory} is not empty, and a backup never replaces another; name a new one, or use --keep");
    }
    make(config, directory)
}

/// Makes a backup among others. Only when it is whole the oldest go.
fn make_dated(config: &Config, directory: &Path, keep: usize) -> anyhow::Result<(PathBuf, Contents, Vec<PathBuf>)> {
    let backups = Backups::open(directory).with_context(|| format!("cannot use {}", directory.display()))?;
    let draft = backups.begin(Clock::system().now()).context("cannot make the backup's directory")?;
    let contents = make(config, draft.path())?;
    let made = draft.finish().context("cannot give the backup its name")?;
    let removed = backups.keep(keep, &made).context("the backup is made, but the oldest cannot be removed")?;
    Ok((made, contents, removed))
}

/// Makes a backup in the empty `directory`, and looks at every record of it. One that is not whole is taken away again:
/// it is worth nothing, and the service may need its room.
fn make(config: &Config, directory: &Path) -> anyhow::Result<Contents> {
    fill(config, directory).inspect_err(|_| {
        // The cause is what there is to tell.
        let _ = dated::clear(directory);
    })
}

fn fill(config: &Config, directory: &Path) -> anyhow::Result<Contents> {
    let (from, to) = (&config.store_path, directory.join(STORE));
    if let Done::ByService(_) = by_service_or(config, &Request::Copy, || Ok(Store::open_to_read(from)?.copy_to(&to)?))?
    {
        take_copy(from, &to).context("cannot take the copy away; run this as root")?;
    }
    take_key(from, &to).context("cannot copy the store's key; run this as root")?;
    examine(&to).context("the copy is not whole")
}
