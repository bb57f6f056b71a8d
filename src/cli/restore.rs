//! `idv restore`: a backup in the store's place, or the drill.

use std::env;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;

use super::backup::STORE;
use super::operate::ask_service;
use super::output;
use crate::archive::Manifest;
use crate::config::Config;
use crate::control::Request;
use crate::ops::clock::Clock;
use crate::store::backup::{Contents, examine};
use crate::store::erased::{self, take_over};
use crate::store::restore::{Restored, check_stream, restore, restore_stream};

#[derive(Args)]
pub(super) struct Arguments {
    /// What `idv backup` made: a directory, a file, or - for what stdin brings. One that is encrypted is opened on the way:
    /// age -d -i KEY.txt FILE | idv restore -
    #[arg(value_name = "DIRECTORY|FILE|-")]
    backup: PathBuf,
    /// Only look at every page and record of it, and say what would be restored. Nothing is changed, and the service may run.
    #[arg(long)]
    check: bool,
    /// The erased.log of the machine that is lost, for a new one: whoever was erased after the backup stays so.
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    erased: Option<PathBuf>,
}

/// Where a backup comes from.
enum From<'a> {
    Directory(&'a Path),
    Stream(Box<dyn Read>),
}

pub(super) fn run(
    config: &Config,
    Arguments { backup, check: is_drill, erased }: &Arguments,
    json: bool,
) -> anyhow::Result<ExitCode> {
    if *is_drill {
        let (manifest, contents) = check(open(backup)?)?;
        tell_check(config, manifest.as_ref(), contents, json)?;
        return Ok(ExitCode::SUCCESS);
    }
    if ask_service(config, &Request::Examine)?.is_some() {
        bail!("the service is running; stop it first: systemctl stop idv.service idv.socket");
    }
    if let Some(erased) = erased {
        take_over(erased, &config.store_path)?;
    }
    let now = Clock::system().now();
    let restored = match open(backup)? {
        From::Directory(directory) => restore(&directory.join(STORE), &config.store_path, now)?,
        From::Stream(stream) => restore_stream(stream, &config.store_path, now)?,
    };
    tell(config, &restored, &now.to_string(), json)?;
    Ok(ExitCode::SUCCESS)
}

fn open(backup: &Path) -> anyhow::Result<From<'_>> {
    if backup == Path::new("-") {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            bail!("stdin brings nothing: age -d -i KEY.txt FILE | idv restore -");
        }
        return Ok(From::Stream(Box::new(stdin.lock())));
    }
    let context = || format!("cannot read {}", backup.display());
    if backup.is_file() {
        return Ok(From::Stream(Box::new(File::open(backup).with_context(context)?)));
    }
    Ok(From::Directory(backup))
}

/// The store of a stream lies where temporary files do meanwhile, without a name: the service may need its own room.
fn check(backup: From<'_>) -> anyhow::Result<(Option<Manifest>, Contents)> {
    match backup {
        From::Directory(directory) => Ok((None, examine(&directory.join(STORE)).context("the backup cannot be used")?)),
        From::Stream(stream) => {
            let place = env::temp_dir();
            let named = || format!("no room for the store in {}; name another place in TMPDIR", place.display());
            let system = rustix::fs::statvfs(&place).with_context(named)?;
            let free = system.f_bavail.saturating_mul(system.f_frsize);
            let (manifest, contents) = check_stream(stream, tempfile::tempfile().with_context(named)?, free)?;
            Ok((Some(manifest), contents))
        }
    }
}

fn tell_check(config: &Config, manifest: Option<&Manifest>, contents: Contents, json: bool) -> anyhow::Result<()> {
    let Contents { subjects, checks, records } = contents;
    if json {
        let value = json!({ "subjects": subjects, "checks": checks, "records": records, "manifest": manifest });
        return Ok(output::json(&value)?);
    }
    output::line(&format!(
        "{subjects} people and {checks} checks would be restored; each of {records} records is whole."
    ))?;
    tell_origin(config, manifest);
    Ok(())
}

fn tell_origin(config: &Config, manifest: Option<&Manifest>) {
    let Some(Manifest { idv, made_at, public_url, .. }) = manifest else { return };
    output::aside(&format!("The backup was made {made_at} by idv {idv}, of {public_url}."));
    if *public_url != config.public_url.to_string() {
        output::aside(&format!("{} is another: see that it is the one that was meant.", config.public_url));
    }
}

fn tell(config: &Config, restored: &Restored, now: &str, json: bool) -> anyhow::Result<()> {
    let Restored { contents: Contents { subjects, checks, .. }, manifest, kept, removed, erased, is_blind } = restored;
    if json {
        let value = json!({
            "subjects": subjects, "checks": checks, "manifest": manifest, "kept": kept, "removed": removed,
            "erased": erased, "knows_erased": !is_blind,
        });
        return Ok(output::json(&value)?);
    }
    output::line(&format!("{subjects} people and {checks} checks are restored."))?;
    tell_origin(config, manifest.as_ref());
    if *erased > 0 {
        output::aside(&format!("{erased} people in it were erased since, and stay so."));
    }
    if *is_blind {
        output::aside(&format!(
            "There was no store here that could be read, and no {}: whoever was erased after the backup is back. If the lost \
             machine's is at hand, restore once more with --erased FILE.",
            erased::FILE
        ));
    }
    output::aside(&format!("Whoever began to log in before {now} by this machine's clock begins anew."));
    for kept in kept {
        output::aside(&format!("What was there is kept as {}; remove it when you do not need it.", kept.display()));
    }
    for removed in removed {
        let removed = removed.display();
        output::aside(&format!("Of what was replaced the last three are kept; {removed} is removed."));
    }
    Ok(())
}
