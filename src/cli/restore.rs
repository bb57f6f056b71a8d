//! `idv restore`: a backup in the store's place.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;

use super::backup::STORE;
use super::operate::ask_service;
use super::output;
use crate::config::Config;
use crate::control::Request;
use crate::ops::clock::Clock;
use crate::ops::file;
use crate::store::backup::{Contents, examine};
use crate::store::file::{adopt, keep_closed, key_path, make_directory};

#[derive(Args)]
pub(super) struct Arguments {
    /// A directory that `idv backup` made.
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
}

pub(super) fn run(config: &Config, Arguments { directory }: &Arguments, json: bool) -> anyhow::Result<ExitCode> {
    if ask_service(config, &Request::Examine)?.is_some() {
        bail!("the service is running; stop it first: systemctl stop idv.service idv.socket");
    }
    let backup = directory.join(STORE);
    let Contents { subjects, checks } =
        examine(&backup).context("the backup is not to be relied on; nothing was changed")?;
    make_directory(&config.store_path)?;
    let _closed = keep_closed(&config.store_path)?;
    let suffix = format!("before-{}", Clock::system().now().as_unix());
    // The key goes first. Broken off in between, the old store is there with the backup's key: where that is another, or
    // the store is gone or damaged, the service refuses to start and names the way out.
    let pairs = [(key_path(&backup), key_path(&config.store_path)), (backup, config.store_path.clone())];
    for (from, to) in &pairs {
        let draft = beside(to, "restored");
        let _ = fs::remove_file(&draft);
        file::copy(from, &draft).and_then(|()| adopt(&draft)).with_context(|| cannot_write(&draft))?;
    }
    let mut kept = Vec::new();
    for (_, to) in &pairs {
        if to.exists() {
            let aside = beside(to, &suffix);
            fs::rename(to, &aside).with_context(|| cannot_write(&aside))?;
            kept.push(aside);
        }
        fs::rename(beside(to, "restored"), to)
            .and_then(|()| file::sync_directory(to))
            .with_context(|| cannot_write(to))?;
    }
    if json {
        output::json(&json!({ "subjects": subjects, "checks": checks, "kept": kept }))?;
    } else {
        output::line(&format!("{subjects} people and {checks} checks are restored."))?;
        for kept in kept {
            eprintln!("What was there is kept as {}; remove it when you do not need it.", kept.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `path` with `suffix` behind its name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}; run this as root", path.display())
}
