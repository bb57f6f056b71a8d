//! `idv backup`: the store and its key, copied while logins go on.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;

use super::operate::operate;
use super::output;
use crate::config::Config;
use crate::control::Request;
use crate::ops::file;
use crate::store::backup::{Contents, examine};
use crate::store::file::key_path;

/// The names in a backup.
pub(super) const STORE: &str = "idv.redb";

#[derive(Args)]
pub(super) struct Arguments {
    /// Where to: a new directory, or an empty one.
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
}

pub(super) fn run(config: &Config, Arguments { directory }: &Arguments, json: bool) -> anyhow::Result<ExitCode> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).context("cannot make the directory")?;
    if fs::read_dir(directory).context("cannot read the directory")?.next().is_some() {
        bail!("{} is not empty, and a backup never replaces another", directory.display());
    }
    operate(config, Request::Copy)?;
    let copy = config.store_path.with_extension("copy");
    let Contents { subjects, checks } = take_away(&copy, config, directory)?;
    if json {
        output::json(&json!({ "directory": directory, "subjects": subjects, "checks": checks }))?;
    } else {
        output::line(&format!("{subjects} people and {checks} checks are in {}.", directory.display()))?;
        eprintln!("It holds the key that reads it: keep it where nobody else looks.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes the copy, with the key, to `directory`, and looks at every record there.
fn take_away(copy: &Path, config: &Config, directory: &Path) -> anyhow::Result<Contents> {
    let (store, key) = (directory.join(STORE), key_path(&config.store_path));
    let taken = file::copy(copy, &store).with_context(|| format!("cannot copy {}", copy.display()));
    // Whoever may not read it may not remove it either; the next copy replaces it.
    let _ = fs::remove_file(copy);
    taken.context("run this as root")?;
    file::copy(&key, &key_path(&store)).with_context(|| format!("cannot copy {}; run this as root", key.display()))?;
    examine(&store).context("the copy is not whole")
}
